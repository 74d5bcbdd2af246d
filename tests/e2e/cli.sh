#!/usr/bin/env bash
# The command line: help, exit codes, messages, completion, manual page, starter scenario, full disks and signals.
# Needs HBM (the program); runs in an empty folder of its own. Each claim is one line; all are tried, and the failures
# counted.
# shellcheck source=tests/support/claims.sh
. "$HBM_SOURCE_DIR/tests/support/claims.sh"

COMMANDS=(new check run compare sweep staff calibrate resume merge info plot params completion man)

# Help and version.
exits 0 "$HBM" --help && [[ ! -s err ]]; claim "help exits with 0 and goes to standard output"
for command in "${COMMANDS[@]}"; do
    "$HBM" --help | grep -q "^  $command "; claim "help lists $command"
    exits 0 "$HBM" "$command" --help && grep -q "^Usage: hbm $command" out; claim "$command has help of its own"
    exits 2 "$HBM" "$command" --no-such-option && grep -q "hbm $command: unrecognized option '--no-such-option'" err
    claim "$command refuses an unknown option by name"
done
exits 0 "$HBM" --version && grep -q '^hbm [0-9]' out; claim "version"

# Names with blanks can be copied from what the program says, and a path is told once.
exits 0 "$HBM" new 'a river' && grep -q "hbm check 'a river' && hbm run 'a river'" out
claim "new quotes names as a shell needs them"
: >empty.h5
exits 2 "$HBM" info empty.h5 && grep -q '^hbm info: empty.h5: not an HDF5' err; claim "a path is told once"
(ulimit -f 1; exits 1 "$HBM" run 'a river' --out limited.h5) && [[ ! -e limited.h5 ]] && grep -q 'too large' err
claim "a limit of file sizes is an error like a full disk"
exits 0 "$HBM" run 'a river' --until people.waiting_at_end=0.1% --reps 5 &&
    grep -q 'after 5 replications .* still wider' err
claim "an interval that does not get as narrow as asked for is told"
exits 2 "$HBM" run 'a river' --until wait.men=5% && grep -q 'did you mean "wait.mean"' err
claim "a misspelt key figure gets a suggestion"
rm -rf 'a river' empty.h5 results.h5

# Usage errors are wrong input.
exits 2 "$HBM"; claim "a command is needed"
exits 2 "$HBM" rnu && grep -q "did you mean 'run'" err; claim "a misspelt command gets a suggestion"
exits 2 "$HBM" zzzzzzzz && ! grep -q 'did you mean' err; claim "nonsense gets none"
for command in new check run compare sweep staff calibrate resume merge info plot; do
    exits 2 "$HBM" "$command"; claim "$command needs an argument"
done
for bad in '--reps=0' '--reps=1000001' '--reps=-1' '--reps=' '--reps= 1' '--reps=1x' '--reps=1.5' \
    '--reps=99999999999999999999' \
    '--threads=0' '--threads=1025' '--threads=two' '--seed=-1' '--seed=18446744073709551616' '--seed=0x10' \
    '--until=' '--until=wait' '--until==5%' '--until=wait=0' '--until=wait=nan' '--until=wait=200%' '--until=wait=-5%' \
    '--set=desks' '--set==5'; do
    exits 2 "$HBM" run "$bad" nothing && grep -q -e "${bad%%=*} wants" err; claim "run refuses $bad"
done
exits 2 "$HBM" run one two && grep -q "'two'" err; claim "run takes one scenario"
exits 2 "$HBM" plot --format=gif x && grep -q -e '--format wants' err; claim "plot refuses an unknown format"
exits 2 "$HBM" plot --format=svg, x; claim "plot refuses an empty format"
exits 2 "$HBM" plot --metric=flow/crossed, x && grep -q -e '--metric wants' err; claim "plot refuses an empty metric"
exits 2 "$HBM" completion tcsh; claim "completion refuses an unknown shell"

# Input that is not there, or is not what it should be.
exits 2 "$HBM" check nothing.yaml && grep -q 'nothing.yaml' err; claim "check names a missing scenario"
exits 2 "$HBM" check --json nothing.yaml &&
    python3 -c 'import json; assert json.load(open("out"))[0]["severity"] == "error"'
claim "check tells it in JSON"
exits 2 "$HBM" run nothing.yaml && [[ ! -e results.h5 ]]; claim "run of a missing scenario leaves no results"
exits 2 "$HBM" info nothing.h5 && grep -q 'nothing.h5: No such file' err; claim "info names a missing file"
exits 2 "$HBM" info . && grep -q 'is a folder' err; claim "info refuses a folder"
echo 'not HDF5' >text.h5
exits 2 "$HBM" info text.h5; claim "info refuses what is no results file"
exits 2 "$HBM" plot text.h5; claim "plot too"

# The catalogue.
exits 0 "$HBM" params && grep -q '^Parameters$' out && grep -q '^Metrics$' out
claim "params lists parameters and metrics"
exits 0 "$HBM" params --json && python3 -c '
import json; d = json.load(open("out"))
assert d["parameters"] and d["metrics"]
assert all(p["doc"] and p["type"] for p in d["parameters"])'; claim "params as JSON"
exits 0 "$HBM" params --markdown && grep -q '^## people' out; claim "params as Markdown"
exits 2 "$HBM" params no.such.name; claim "params of an unknown name is wrong input"

# The starter scenario.
exits 0 "$HBM" new a/b && [[ -s a/b/scenario.yaml ]]; claim "new writes a scenario, with the folders above it"
if [[ -n ${HBM_SOURCE_DIR-} ]]; then
    diff -r "$HBM_SOURCE_DIR/scenarios/two-posts" a/b >out 2>err; claim "it is scenarios/two-posts byte for byte"
fi
exits 2 "$HBM" new a/b && grep -q 'not empty' err; claim "new overwrites nothing"
mkdir empty
exits 0 "$HBM" new empty; claim "new takes an empty folder"
exits 2 "$HBM" new text.h5; claim "new does not take a file"
exits 0 "$HBM" check a/b; claim "check finds no error in it"

# A run, and what is made from its results.
exits 0 "$HBM" run a/b --reps=2 --out=r.h5
[[ -s r.h5 ]] && grep -q 'Results: r.h5' out; claim "run writes its results"
[[ $(find . -maxdepth 1 -name '*r.h5*' | wc -l) -eq 1 ]]; claim "and nothing beside them"
exits 0 "$HBM" info r.h5 && grep -q 'SHA-256' out; claim "info prints a summary"
if command -v gnuplot >/dev/null; then
    exits 0 "$HBM" plot r.h5 --metric=flow/crossed,wait/post --metric=people/present --out=drawn &&
        [[ $(ls drawn) == $'metric-flow-crossed.svg\nmetric-people-present.svg\nmetric-wait-post_mean.svg' ]]
    claim "plot draws metrics by name"
fi
exits 2 "$HBM" plot r.h5 --metric=flow/crosed --out=drawn && grep -q 'did you mean "flow/crossed"' err
claim "a misspelt metric gets a suggestion"
rm -rf drawn
exits 0 "$HBM" info --hash r.h5 && grep -Eqx '[0-9a-f]{64}' out; claim "info prints the hash"
cp out hash
exits 0 "$HBM" info --json r.h5 && python3 -c '
import json; d = json.load(open("out"))
assert d["sha256"] == open("hash").read().strip() and d["file"] == "r.h5"
assert "hbm run" in d["provenance"]["command_line"] and "--reps=2" in d["provenance"]["command_line"]
assert d["datasets"] and d["axes"]'; claim "info as JSON has hash and command line"
exits 0 "$HBM" run a/b -r 2 -t 2 -o s.h5 --json && python3 -c '
import json; d = json.load(open("out")); assert d["sha256"] == open("hash").read().strip()'
claim "run as JSON; results do not depend on threads"
exits 0 "$HBM" run a/b -r 2 -s 2 -o s.h5 -q && ! "$HBM" info --hash s.h5 | cmp -s - hash
claim "another seed gives other results"

# Where results cannot go is told before the run.
exits 2 "$HBM" run a/b --out=no/such/folder/r.h5 && grep -q 'no/such/folder' err
claim "run refuses a missing output folder"
exits 2 "$HBM" run a/b --out=empty && grep -q 'is a folder' err; claim "run refuses a folder as output file"
exits 2 "$HBM" run a/b --out=; claim "run refuses an empty output name"

# A full disk.
for words in "params" "man" "completion bash" "--help" "run --help" "info r.h5" "info --json r.h5" "check a/b" \
    "params --json"; do
    # shellcheck disable=SC2086  # words are words
    "$HBM" $words >/dev/full 2>err
    [[ $? -eq 1 ]]; claim "hbm $words on a full disk exits with 1"
done
"$HBM" man >&- 2>err
[[ $? -eq 1 ]]; claim "a closed standard output is an error too"

# Signals: no results, no half-written file, exit 1; what was finished is kept for going on.
for signal in INT TERM; do
    # A shell without job control starts background programs with SIGINT ignored.
    env --default-signal=INT,TERM "$HBM" run a/b --reps=2000 --threads=1 --out=stopped.h5 --quiet >out 2>err &
    pid=$!
    sleep 1
    kill -"$signal" $pid
    wait $pid
    [[ $? -eq 1 && $(find . -name '*stopped.h5*') == ./stopped.h5.journal ]] &&
        grep -q "hbm resume stopped.h5.journal" err
    claim "SIG$signal stops a run, which leaves its journal alone"
    exits 2 "$HBM" run a/b --reps=2000 --out=stopped.h5; grep -q 'unfinished experiment' err
    claim "and another run does not write over it"
    rm stopped.h5.journal
done

# The manual page and the completion scripts are made from the same tables as help.
"$HBM" man >hbm.1
if command -v man >/dev/null; then
    LC_ALL=C.UTF-8 MANWIDTH=100 man -l --warnings hbm.1 >page 2>err && [[ ! -s err ]]
    claim "the manual page has no warnings"
    for words in '--until' '--journeys' '--only' '--metric' '--markdown' 'EXIT STATUS'; do
        grep -q -e "$words" page; claim "the manual page tells $words"
    done
fi
"$HBM" completion bash >hbm.bash
[[ -s hbm.bash ]] && bash -n hbm.bash 2>err; claim "the completion for bash is valid"
# complete WORD...: what bash offers for the last word
complete_words() {
    bash -c 'source ./hbm.bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _hbm; printf "%s\n" "${COMPREPLY[@]}"' - \
        "$@" 2>/dev/null
}
complete_words hbm r | grep -qx run; claim "completes commands"
complete_words hbm run --un | grep -qx -e '--until='; claim "completes options of a command"
! complete_words hbm info --un | grep -q until; claim "but not those of another"
complete_words hbm info r. | grep -qx r.h5; claim "completes files"
complete_words hbm plot --out = em | grep -qx empty; claim "completes the folder of an option"
complete_words hbm completion b | grep -qx bash; claim "completes shells"
complete_words hbm plot --met | grep -qx -e '--metric='; claim "completes a repeatable option"
"$HBM" completion fish >hbm.fish && grep -q -- "-l until" hbm.fish; claim "completion for fish has the options"
if command -v fish >/dev/null; then
    fish -n hbm.fish 2>err; claim "the completion for fish is valid"
fi

claims_end
