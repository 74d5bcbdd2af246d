#!/usr/bin/env bash
# Studies by libhbm come to the same bits as the program's: compare, with --best too, sweep, staff with the plan that it
# writes, calibrate; on one thread and on two.
# shellcheck source=tests/support/claims.sh
. "$HBM_SOURCE_DIR/tests/support/claims.sh"
: "${HBM_TEST_PROGRAMS:?where programs of tests lie}"
SCENARIOS=$HBM_SOURCE_DIR/scenarios

cat >gates.yaml <<'END'
hbm: 1
name: Two gates
start: 2030-01-01T00:00+00:00
duration: 1 d
target_wait: 20 min
people: {group_size: 1}
places: {North: {kind: post}, South: {kind: post}}
displacement:
  - {from: North, rate: {mean: 30 /h, amplitude: 20 /h, period: 24 h, peak: 14 h}}
  - {from: South, rate: 15 /h}
stations: {desk: {role: officer, desks: 20, time: {exponential: {mean: 10 min}}}}
posts: {North: {entry: {stations: [desk]}}, South: {entry: {stations: [desk]}}}
rosters:
  north: {post: North, side: entry, role: officer, wage: 10 USD/h,
          shifts: [{start: "08:00", length: 12 h, head: 12}, {start: "20:00", length: 12 h, head: 12}]}
  south: {post: South, side: entry, role: officer, wage: 12 USD/h, shifts: [{start: "00:00", length: 24 h, head: 6}]}
END

# same STUDY SCENARIO SET COMMAND OPTIONS...: the library's results are those of the command
same() {
    local study=$1 scenario=$2 set=$3 hash
    exits 0 "$HBM" "$4" "$scenario" --set "$set" "${@:5}" --quiet --out "$study.h5"
    claim "hbm $4 runs ($study)"
    hash=$("$HBM" info --hash "$study.h5")
    for threads in 1 2; do
        exits 0 "$HBM_TEST_PROGRAMS/e2e_library_studies" "$study" "$scenario" "$set" "$threads" &&
            [[ $(cat out) == "$hash" ]]
        claim "$study: the library on $threads threads comes to the same bits as hbm $4"
    done
}

same compare "$SCENARIOS/river-exercise" scale=0.05 compare --reps 3
same best "$SCENARIOS/river-exercise" scale=0.05 compare --reps 20 --figure wait.mean --figure cost.total \
    --best wait.mean --indifference '5 h' --seed 7
same sweep "$SCENARIOS/two-posts" scale=0.1 sweep --factor choice.informed=0..1 \
    --factor stations.registration.desks=1..4 --design morris --points 3 --reps 2 --seed 5
same staff gates.yaml scale=1 staff --target 'wait.p95@each<=15 min' --reps 4 --write program.yaml
[[ -s program.yaml ]] && diff program.yaml library.yaml >out; claim "both write the same plan"
same calibrate "$SCENARIOS/torkham-2023" scale=0.02 calibrate --reps 2 \
    --factor 'stations.registration.time.lognormal.mean=3 min..12 min:log' \
    --evaluations 8 --bootstrap 20 --hold-out 30% --columns people
claims_end
