#!/usr/bin/env bash
# hbm compare on a small scenario: what it prints, what it writes, what it refuses; the same numbers on any number of
# threads and in parts.
# Needs HBM (the program) and HBM_SOURCE_DIR; runs in an empty folder of its own.
# shellcheck source=tests/support/claims.sh
. "$HBM_SOURCE_DIR/tests/support/claims.sh"

mkdir -p s/plans
grep -v '^plans:' "$HBM_SOURCE_DIR/scenarios/two-posts/scenario.yaml" >s/scenario.yaml
cat >s/plans/registrars.yaml <<'END'
hbm_plan: 1
name: Registrars from the interior
rosters:
  lowland_bridge_registrars:
    {post: Bridge, side: entry, role: registrar, shifts: [{start: "06:00", length: 12 h, head: 17},
                                                                  {start: "18:00", length: 12 h, head: 13}]}
posts: {Bridge: {entry: {stations: {registration: {desks: 17}}}}}
END
cat >s/plans/household.yaml <<'END'
hbm_plan: 1
name: Households are registered from the first day
timeline:
  - {at: 1 d, order: set_procedure, target: "*/entry/registration", procedure: household}
END
cat >s/plans/nothing.yaml <<'END'
hbm_plan: 1
name: Nothing is done
END
PLANS=(s/plans/registrars.yaml s/plans/household.yaml)
SMALL=(--set scale=0.1 --set capacity=0.1 --quiet)

# What it tells.
exits 0 "$HBM" compare s "${PLANS[@]}" "${SMALL[@]}"
claim "two plans are compared with the scenario as it is"
grep -q '^2 plans compared with baseline; 10 replications each' out &&
    grep -q 'registrars: Registrars from the interior' out
claim "plans stand there with their titles"
grep -q '^What it saves and gains$' out &&
    grep -Eq 'mean wait at the post .* saves [0-9.]+ (h|min) \([0-9.]+ to [0-9.]+\), sure' out
claim "a saving is told with its interval"
grep -Eq 'time of staff at desks .* costs [0-9.]+ person-hours more, in each replication' out; claim "and what it costs"
grep -q 'Results: compare.h5' out && [[ -s compare.h5 && $(find . -name '*compare.h5*' | wc -l) -eq 1 ]]
claim "results stand in one file, and no journal is left"
cp compare.h5 first.h5
exits 0 "$HBM" info first.h5 && grep -q 'compare/difference_low' out; claim "with the differences in it"
exits 0 "$HBM" compare s "${PLANS[@]}" "${SMALL[@]}" --markdown && grep -q '^| \*\*What it saves and gains\*\* |' out
claim "as Markdown"
exits 0 "$HBM" compare s "${PLANS[@]}" "${SMALL[@]}" --figure wait.mean --figure wait.mean@Mill --json && json '
assert [p["name"] for p in d["plans"]] == ["baseline", "registrars", "household"]
assert len(d["differences"]) == 4 and all(x["low"] <= x["difference"] <= x["high"] for x in d["differences"])
assert {x["figure"] for x in d["differences"]} == {"wait.mean", "wait.mean@Mill"}
assert all(x["p"] <= x["p_holm"] <= 1 for x in d["differences"]) and d["best"] is None'
claim "as JSON; figures of one site"

# The plans of the scenario; another baseline; nothing done.
exits 2 "$HBM" compare s "${SMALL[@]}" && grep -q 'names no plans' err
claim "a scenario without plans needs one on the command line"
cp -r s named && echo 'plans: [{file: plans/registrars.yaml}, {file: plans/household.yaml}]' >>named/scenario.yaml
exits 0 "$HBM" compare named "${SMALL[@]}" && grep -q '^2 plans compared with baseline' out
claim "the plans that a scenario names are compared"
exits 0 "$HBM" compare s s/plans/household.yaml --baseline s/plans/registrars.yaml "${SMALL[@]}" &&
    grep -q '^1 plan compared with registrars' out
claim "a plan can be the baseline"
exits 0 "$HBM" compare s s/plans/nothing.yaml "${SMALL[@]}" &&
    [[ $(grep -c 'the same in each replication' out) -ge 5 ]] && ! grep -q sure out
claim "a plan that does nothing changes nothing"

# The same numbers, however they are made.
compare() { "$HBM" compare s "${PLANS[@]}" "${SMALL[@]}" --reps 4 "$@" >out 2>err; }
compare --threads 1 --out one.h5 && compare --threads 3 --out three.h5 &&
    [[ $("$HBM" info --hash one.h5) == $("$HBM" info --hash three.h5) ]]
claim "results do not depend on threads"
compare --shard 1/2 --out part.h5
compare --shard 2/2 --out part.h5
exits 0 "$HBM" merge part.h5.*journal* && [[ $("$HBM" info --hash part.h5) == $("$HBM" info --hash one.h5) ]]
claim "nor on parts"

# Until it is known.
exits 0 "$HBM" compare s "${PLANS[@]}" "${SMALL[@]}" --figure wait.mean --until wait.mean='30 min' --json && json '
assert d["replications"] == 10 and d["look"] == 1 and d["looks"] == 8
assert all(x["status"] in ("less", "more", "same") for x in d["differences"])'
claim "what is clear at once needs no more replications"
exits 0 "$HBM" compare s s/plans/nothing.yaml "${SMALL[@]}" --figure wait.mean --until wait.mean='30 min' --json &&
    json 'assert d["differences"][0]["status"] == "same"'
claim "the same is an answer too"
exits 0 "$HBM" compare s "${PLANS[@]}" "${SMALL[@]}" --figure queue.peak --until queue.peak='1 people' --reps 2 \
    --json &&
    { grep -q 'after 2 replications not all is answered' err ||
        json 'assert all(x["status"] != "open" for x in d["differences"])'; }
claim "what is not answered is told"

# The best.
exits 0 "$HBM" compare s "${PLANS[@]}" "${SMALL[@]}" --figure wait.mean --best wait.mean \
    --indifference '30 min' --json && json '
best = d["best"]
assert best["decided"] and best["plan"] == "household" and best["is"] == "smallest" and best["probability"] == 0.95
assert all(p["replications"] >= 10 for p in best["plans"])'
claim "the best plan is selected"
exits 0 "$HBM" compare s "${PLANS[@]}" "${SMALL[@]}" --figure wait.within_target --best wait.within_target \
    --indifference '2 %' --probability '90%' &&
    grep -q 'by the largest share .* with a probability of at least 90 %' out
claim "of a figure of which more is better the largest is the best"

# Plots.
if command -v gnuplot >/dev/null; then
    exits 0 "$HBM" plot first.h5 --out drawn && [[ $(ls drawn) == $'differences.svg\ndominance.svg' ]] &&
        ! grep -q 'left out' out
    claim "both plots are drawn"
fi

# What is refused, before anything runs.
exits 2 "$HBM" compare; claim "a scenario is needed"
exits 2 "$HBM" compare s "${PLANS[@]}" --figure wait.men && grep -q 'did you mean "wait.mean"' err
claim "a misspelt figure gets a suggestion"
exits 2 "$HBM" compare s "${PLANS[@]}" --figure wait.mean@Bridg && grep -q 'Bridge' err; claim "so does a misspelt site"
exits 2 "$HBM" compare s "${PLANS[@]}" --until wait.mean=5 && grep -q 'wait.mean wants a time above 0' err
claim "an amount without its unit is refused"
exits 2 "$HBM" compare s "${PLANS[@]}" --until wait.mean='5 USD' && grep -q "not '5 USD'" err
claim "so is one of another unit"
exits 2 "$HBM" compare s "${PLANS[@]}" --best wait.mean --indifference '5 %' && grep -q 'wait.mean wants a time' err
claim "and for --best"
exits 2 "$HBM" compare s "${PLANS[@]}" --until wait.mean && grep -q -e '--until wants' err
claim "--until wants an amount"
exits 2 "$HBM" compare s "${PLANS[@]}" --best wait.mean && grep -q 'belong together' err
claim "--best wants an indifference amount"
exits 2 "$HBM" compare s "${PLANS[@]}" --best wait.mean --indifference '5 min' --until wait.mean='5 min' &&
    grep -q 'not both' err
claim "--best and --until exclude one another"
exits 2 "$HBM" compare s "${PLANS[@]}" --largest && grep -q 'belong to --best' err; claim "--largest belongs to --best"
exits 2 "$HBM" compare s "${PLANS[@]}" --reps 1 && grep -q -e '--reps wants' err
claim "one replication is no comparison"
exits 2 "$HBM" compare s "${PLANS[@]}" --confidence 0.2 && grep -q -e '--confidence wants' err
claim "a confidence below a half is none"
exits 2 "$HBM" compare s s/plans/none.yaml "${SMALL[@]}" && grep -q 'none.yaml' err; claim "a missing plan is named"
echo 'displacement: []' >>s/plans/nothing.yaml
exits 2 "$HBM" compare s s/plans/nothing.yaml "${SMALL[@]}" && grep -q 'nothing.yaml:3' err
claim "a plan that changes the crisis is refused with its place"
cat >s/plans/paid.yaml <<'END'
hbm_plan: 1
name: Two lanes for money
budget: 10 kUSD
timeline:
  - {at: 1 d, order: open_lanes, target: Bridge/entry/entry_check, lanes: 2, cost: 8 kUSD}
  - {at: 2 d, order: open_lanes, target: Bridge/entry/entry_check, lanes: 2, cost: 8 kUSD}
END
exits 0 "$HBM" compare s s/plans/paid.yaml "${SMALL[@]}" &&
    grep -q 'money spent by all agencies  *0 USD  *8,000 USD  *costs 8,000 USD more' out
claim "money that only the plan spends is told"
exits 0 "$HBM" run s --plan s/plans/paid.yaml "${SMALL[@]}" &&
    grep -q 'Two posts on the river: Two lanes for money' out &&
    grep -q '^open_lanes Bridge/entry/entry_check  *-  *-  *-  *1 ' out
claim "a run under a plan names it, and tells which orders were not paid"
exits 2 "$HBM" check s/plans/paid.yaml && grep -q 'this is a plan' err && [[ $(grep -c error err) -eq 1 ]]
claim "a plan in a scenario's place is told in one line"
exits 2 "$HBM" compare nowhere "${PLANS[@]}" && grep -q nowhere err; claim "a missing scenario is named"
exits 2 "$HBM" compare nowhere && grep -q nowhere err; claim "also where its plans were to be compared"
exits 2 "$HBM" compare s "${PLANS[@]}" --shard 1/2 --until wait.mean='5 min'; claim "a search has no parts"
exits 2 "$HBM" compare s "${PLANS[@]}" --out no/such/folder/c.h5 && grep -q 'no/such/folder' err
claim "a wrong place for the results is told first"

claims_end
