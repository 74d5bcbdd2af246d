#!/usr/bin/env bash
# The scenarios that come with the program: each is right, runs (with one in a hundred of its people) and lets people cross; and a plan
# beside a scenario (contingency.yaml) is the same crisis but for its name, timeline and rosters.
# Needs HBM (the program) and HBM_SOURCE_DIR; runs in an empty folder of its own.
set -u
: "${HBM:?the program to test}" "${HBM_SOURCE_DIR:?the repository}"
[[ -x $HBM ]] || { echo "no program $HBM"; exit 1; }
HERE=$(mktemp -d) || exit 1
trap 'rm -rf "$HERE"' EXIT
cd "$HERE" || exit 1

passed=0
failed=0
claim() { # claim WORDS...: the last test's status decides
    if [[ $? -eq 0 ]]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'not so: %s\n' "$*"
        sed 's/^/  | /' out err 2>/dev/null | head -20
    fi
}

# common FILE: its text without comments, without name, timeline and rosters
common() {
    sed -E 's/(^|[[:space:]]+)#.*$//; /^[[:space:]]*$/d' "$1" |
        awk '/^[^[:space:]]/ { key = $0; sub(/:.*/, "", key) } key != "name" && key != "timeline" && key != "rosters"'
}

for file in "$HBM_SOURCE_DIR"/scenarios/*/*.yaml; do
    name=${file#"$HBM_SOURCE_DIR"/scenarios/}
    timeout 60 "$HBM" check "$file" >out 2>err && grep -q ': no errors$' out
    claim "check finds no error in $name"
    timeout 120 "$HBM" run "$file" --set scale=0.01 --quiet --out results.h5 >out 2>err &&
        [[ $(sed -n 's/^people who crossed  *\([0-9,]*\)$/\1/p' out | tr -d ,) -gt 0 ]]
    claim "a hundredth of $name runs, and people cross"
    rm -f results.h5
done

for plan in "$HBM_SOURCE_DIR"/scenarios/*/contingency.yaml; do
    common "${plan%/*}/scenario.yaml" >one
    common "$plan" >two
    [[ $(wc -l <one) -gt 20 ]] && diff one two >out 2>err
    claim "${plan#"$HBM_SOURCE_DIR"/scenarios/} differs from the scenario in name, timeline and rosters alone"
done

printf '%d passed, %d failed\n' "$passed" "$failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
