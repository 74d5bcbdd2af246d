#!/usr/bin/env bash
# The scenarios that come with the program: each is right, runs (with one in a hundred of its people) and lets people
# cross, also under each of its plans, whose logs of orders replay.
# Needs HBM (the program) and HBM_SOURCE_DIR; runs in an empty folder of its own.
# shellcheck source=tests/support/claims.sh
. "$HBM_SOURCE_DIR/tests/support/claims.sh"

# runs NAME ARGUMENTS...: one in a hundred of its people, and some cross
runs() {
    local name=$1
    shift
    timeout 120 "$HBM" run "$@" --set scale=0.01 --quiet --out results.h5 >out 2>err &&
        [[ $(sed -n 's/^people who crossed  *\([0-9,]*\)$/\1/p' out | tr -d ,) -gt 0 ]]
    claim "a hundredth of $name runs, and people cross"
}

for file in "$HBM_SOURCE_DIR"/scenarios/*/*.yaml; do
    name=${file#"$HBM_SOURCE_DIR"/scenarios/}
    timeout 60 "$HBM" check "$file" >out 2>err && grep -q ': no errors$' out
    claim "check finds no error in $name"
    runs "$name" "$file"
    rm -f results.h5
done

plans=0
for plan in "$HBM_SOURCE_DIR"/scenarios/*/plans/*.yaml; do
    folder=${plan%/plans/*}
    name=${plan#"$HBM_SOURCE_DIR"/scenarios/}
    plans=$((plans + 1))
    timeout 60 "$HBM" check "$folder" --plan "$plan" >out 2>err && grep -q ': no errors$' out
    claim "check finds no error in $name"
    grep -q "file: plans/${plan##*/}" "$folder/scenario.yaml"
    claim "the scenario names $name"
    "$HBM" check "$folder" >out 2>err && grep -q "under .*${plan##*/}: .*: no errors\$" out
    claim "check of the scenario checks $name too"
    runs "$name" "$folder" --plan "$plan"
    hash=$("$HBM" info results.h5 --hash)
    mv results.h5 log.h5
    runs "$name, replayed," "$folder" --plan "$plan" --replay log.h5
    [[ -n $hash && $("$HBM" info results.h5 --hash) == "$hash" ]]
    claim "the log of $name replays to the same bits"
    rm -f results.h5 log.h5
done
[[ $plans -ge 9 ]]
claim "scenarios have plans"

claims_end
