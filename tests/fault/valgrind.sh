#!/usr/bin/env bash
# Valgrind finds nothing in check, run, info and refused scenarios: no invalid access, no use of what was never set,
# nothing lost. HBM_VALGRIND_TESTS=1 puts the unit and model tests under it too (half an hour).
set -u
: "${HBM:?the program to test}" "${HBM_SOURCE_DIR:?the repository}"
command -v valgrind >/dev/null || { echo "no valgrind"; exit 77; }
if nm "$HBM" 2>/dev/null | grep -q -e __asan_init -e __tsan_init; then
    echo "the program has a sanitizer of its own"
    exit 77
fi
HERE=$(mktemp -d) || exit 1
trap 'rm -rf "$HERE"' EXIT
cd "$HERE" || exit 1
SCENARIO=$HBM_SOURCE_DIR/scenarios/two-posts
SMALL=(--set 'duration=1 d' --set scale=0.01)
passed=0
failed=0

# clean CODE COMMAND...: the command's own exit code, and no error of valgrind's
clean() {
    local wanted=$1 got
    shift
    valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect \
        --errors-for-leak-kinds=definite,indirect \
        --track-origins=yes "$@" >out 2>err </dev/null
    got=$?
    if [[ $got -eq $wanted ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "not so: exit $got, not $wanted: $*"
        sed 's/^/  | /' err | head -40
    fi
}

clean 0 "$HBM" check "$SCENARIO"
clean 2 "$HBM" check --set 'duration=1' --set stations.entry_check.deks=3 --set links.0.to=Brigde "$SCENARIO"
clean 2 "$HBM" check --json --set 'target_wait=[1, 2' "$SCENARIO"
printf 'hbm: 1\nname: "never closed\n' >wrong.yaml
clean 2 "$HBM" check wrong.yaml
clean 0 "$HBM" run --quiet --threads=1 --reps=2 --journeys "${SMALL[@]}" --out=out.h5 "$SCENARIO"
clean 0 "$HBM" run --quiet --threads=1 --json "${SMALL[@]}" --out=out.h5 "$SCENARIO"
clean 0 "$HBM" info out.h5
clean 2 "$HBM" info wrong.yaml
clean 0 "$HBM" params --json
if [[ ${HBM_VALGRIND_TESTS:-0} = 1 ]]; then
    for test in "${HBM_TEST_PROGRAMS:?folder of the tests}"/unit_test_* "$HBM_TEST_PROGRAMS"/model_test_*; do
        clean 0 "$test"
    done
fi
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
