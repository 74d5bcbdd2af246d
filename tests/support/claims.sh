# Claims of shell tests about the program HBM, to be sourced: an empty folder to work in (HERE), claims that are
# counted, commands with the exit code they must have. The test ends with claims_end. Needs HBM and HBM_SOURCE_DIR.
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
        sed 's/^/  | /' out err 2>/dev/null | head -30
    fi
}
# exits CODE COMMAND...: standard output to out, standard error to err
exits() {
    local wanted=$1 got
    shift
    timeout 120 "$@" >out 2>err </dev/null
    got=$?
    [[ $got -eq $wanted ]] || { echo "exit $got, not $wanted" >>err; return 1; }
}
# json CODE: Python's assertions about d, what is in out
json() { /usr/bin/python3 -c "import json; d = json.load(open('out')); $1"; }
claims_end() { # the test's exit status
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [[ $failed -eq 0 && $passed -gt 0 ]]
}
