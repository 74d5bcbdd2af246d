#!/usr/bin/env bash
# hbm staff: finds a roster that meets its targets under another seed too, writes it as a plan that runs, gives the same
# numbers on any number of threads and after a kill, and refuses what makes no sense in words.
# Needs HBM (the program); runs in an empty folder of its own.
# shellcheck source=tests/support/claims.sh
. "$HBM_SOURCE_DIR/tests/support/claims.sh"

cat >two.yaml <<'END'
hbm: 1
name: Two gates
start: 2030-01-01T00:00+00:00
duration: 2 d
target_wait: 20 min
people: {group_size: 1}
places: {North: {kind: post}, "South gate": {kind: post}}
displacement:
  - {from: North, rate: {mean: 30 /h, amplitude: 20 /h, period: 24 h, peak: 14 h}}
  - {from: South gate, rate: 15 /h}
stations: {desk: {role: officer, desks: 20, time: {exponential: {mean: 10 min}}}}
posts: {North: {entry: {stations: [desk]}}, "South gate": {entry: {stations: {desk: {desks: 10}}}}}
rosters:
  north: {post: North, side: entry, role: officer, wage: 10 USD/h, 
          shifts: [{start: "08:00", length: 12 h, head: 12}, {start: "20:00", length: 12 h, head: 12}]}
  "south gate": {post: South gate, side: entry, role: officer, wage: 12 USD/h, 
                 shifts: [{start: "06:00", length: 12 h, head: 3},
                 {start: "18:00", length: 12 h, head: 6, break_length: 30 min, until: 2030-01-01T20:00+00:00},
                 {start: "18:00", length: 12 h, head: 6, from: 24 h}]}
END
STAFF=("$HBM" staff two.yaml --target 'wait.p95@each<=15 min' --reps 8 --quiet)

# It finds one, and says what it costs.
exits 0 "${STAFF[@]}" --threads 1 --write roster.yaml --out one.h5
claim "a roster is found"
grep -q '^Cost: [0-9,]* USD, now [0-9,]*: [0-9,]* less' out; claim "its cost stands beside the scenario's"
[[ $(grep -c '^wait.p95@.* <= 15 min .* met$' out) -eq 2 ]]; claim "each post's target is met"
grep -q '^Shift .*1 less, USD .*1 more, USD' out && grep -q '^north 08:00-20:00 .*misses' out
claim "one person less misses a target"
grep -q 'nobody can be taken off a shift' out; claim "nothing more can be taken"
cp out first

# It is a plan, which keeps the targets under another seed.
exits 0 "$HBM" run two.yaml --plan roster.yaml --seed 77 --reps 30 --quiet --out check.h5 --json
claim "the roster runs as a plan"
exits 0 "$HBM" run two.yaml --plan roster.yaml --seed 77 --reps 30 --quiet --out check.h5
[[ $(sed -n 's/^wait that 95% of those who crossed did not exceed  *\([0-9]*\) min .*/\1/p' out) -lt 15 ]]
claim "19 of 20 wait less than 15 minutes under it, with another seed"
shift='start: "18:00", length: 12 h, head: [0-9]*, until: 20 h, break_length: 30 min, break_after: 4 h, break_waves: 2'
grep -q "$shift" roster.yaml &&
    grep -q '"south gate":' roster.yaml
claim "the plan's shifts are whole"

# The same numbers whatever the threads, and after a kill.
exits 0 "${STAFF[@]}" --threads 2 --out two.h5 &&
    diff <(grep -v '^Results\|^Plan' first) <(grep -v '^Results' out) >/dev/null
claim "two threads print the same"
[[ $("$HBM" info --hash one.h5) == "$("$HBM" info --hash two.h5)" ]]; claim "and give the same bits"
"${STAFF[@]}" --threads 1 --out killed.h5 >/dev/null 2>&1 &
job=$!
for _ in $(seq 200); do
    [[ $(stat -c %s killed.h5.journal 2>/dev/null || echo 0) -gt 20000 ]] && break
    sleep 0.05
done
kill -KILL $job 2>/dev/null
wait $job 2>/dev/null
if [[ -e killed.h5.journal ]]; then
    exits 0 "$HBM" resume killed.h5 --quiet && [[ $("$HBM" info --hash killed.h5) == "$("$HBM" info --hash one.h5)" ]]
    claim "a search that was killed goes on to the same roster"
fi

# A roster under which the last people of the run are still waiting when it ends is none.
grep -q '^people lost@North <= 2 % .* met$' first; claim "nobody is left waiting at the end"

# JSON.
exits 0 "${STAFF[@]}" --json --out three.h5 &&
    /usr/bin/python3 -c 'import json
d = json.load(open("out"))
assert d["met"] and d["confirmed"] and len(d["roster"]) == 5
assert d["cost"]["unit"] == "USD" and d["roster"][0]["one_less"]'
claim "JSON has the roster, the cost and what one less does"
exits 0 "$HBM" plot one.h5 --out plots --format png --only roster && [[ -s plots/roster.png ]]
claim "the roster is drawn"
exits 0 "$HBM" plot one.h5 --out plots --format png --only search && [[ -s plots/search.png ]]
claim "the search is drawn"

# Only some rosters; bounds; lanes.
exits 0 "$HBM" staff two.yaml --roster 'nor*' --target 'wait.mean@North<=3 min' --reps 4 --quiet --out four.h5 &&
    [[ $(grep -c '^north ' out) -eq 2 && $(grep -c 'south gate ' out) -eq 0 ]]
claim "only the rosters named are changed"
exits 0 "$HBM" staff two.yaml --target 'wait.p95@North<=15 min' --roster north --least 9 --reps 4 --quiet &&
    ! awk '/^North/ && $9 < 9 { bad = 1 } END { exit !bad }' out
claim "no shift has fewer than --least"
exits 1 "$HBM" staff two.yaml --target 'wait.p95@South gate<=1 min' --set 'displacement.1.rate=90 /h' --reps 3 --quiet \
    --write none.yaml &&
    grep -q 'even with the most people that could be of use' out && [[ ! -e none.yaml ]]
claim "targets out of reach are told, and no roster is written"
exits 0 "$HBM" staff two.yaml --target 'wait.p95@South gate<=15 min' --roster 'south gate' --set \
    'displacement.1.rate=90 /h' --lanes 3 --reps 3 --quiet --write lanes.yaml &&
    grep -q 'Lanes: South gate, entry, role officer: up to [0-9]* people at a time, lanes for 10 now' out &&
        grep -q 'desk: {desks: 30}' lanes.yaml &&
    "$HBM" check two.yaml --plan lanes.yaml >/dev/null
claim "with more lanes they are met, and the plan opens them"
exits 0 "$HBM" staff two.yaml --plan lanes.yaml --roster north --target 'wait.within_target@North>=90% each 6 h' \
    --reps 4 --quiet && grep -q 'met in 8 of 8' out
claim "a target for each six hours, under a plan"

# What makes no sense is refused.
refused() { # refused WORDS OPTIONS...
    local words=$1
    shift
    exits 2 "$HBM" staff two.yaml --quiet --out no.h5 "$@" && grep -qF -- "$words" err &&
        [[ ! -e no.h5 && ! -e no.h5.journal ]]
    claim "refused: $*"
}
refused 'did you mean "wait.p95"' --target 'wait.p9<=2 h'
refused 'did you mean "North"' --target 'wait.p95@Noth<=2 h'
refused '"2" is not a time, such as 90 s' --target 'wait.p95<=2'
refused '"95 km" is not a plain number, such as 95 %' --target 'wait.within_target>=95 km'
refused '"5 USD" is not a number of the figure'"'"'s unit, such as 20 people' --target 'people.gave_up<=5 USD'
refused 'a target is FIGURE<=AMOUNT' --target 'wait.p95=2 h'
refused 'a target is needed' --roster north
refused 'known of the whole run only' --target 'wait.p95<=2 h each 1 h'
refused 'no multiple of the scenario'"'"'s time bin' --target 'wait.within_target>=90% each 90 min'
refused 'did you mean "north"' --target 'wait.p95<=2 h' --roster norht
refused '--most 3 is less than --least 5' --target 'wait.p95<=2 h' --least 5 --most 3
refused 'cannot be run in parts' --target 'wait.p95<=2 h' --shard 1/2
refused '--confidence wants a share' --target 'wait.p95<=2 h' --confidence 20%
refused '--write cannot join its rosters to roster.yaml' --target 'wait.p95<=2 h' --plan roster.yaml --write new.yaml
refused '100 times the 2000 desks of North/entry/desk are too many' --target 'wait.p95<=2 h' --lanes 100 --set \
    'stations.desk.desks=2000'
sed '/^rosters:/,$d; s/role: officer, //' two.yaml >none.yaml
exits 2 "$HBM" staff none.yaml --quiet --target 'wait.p95<=2 h' && grep -q 'has no rosters' err
claim "a scenario without rosters is refused"

claims_end
