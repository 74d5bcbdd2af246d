#!/usr/bin/env bash
# One hash of the results of an experiment, however it is split: 1 process; 2 threads; 1, 2 and 4 MPI ranks, of Open MPI
# and of MPICH; 7 shards, merged; shards of ranks, merged. A sweep; in some ways, a comparison and a run. They are
# small: what is tested is the splitting.
# HBM is the program, the MPI programs hbm-openmpi and hbm-mpich stand beside it; where one of the MPIs is missing this
# says so, and ends with 77.
set -u
: "${HBM:?the program}" "${HBM_SOURCE_DIR:?the repository}"
HBM=$(realpath "$HBM")
scenario=$HBM_SOURCE_DIR/scenarios/two-posts
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_mpi_yield_when_idle=1 OMPI_MCA_hwloc_base_binding_policy=none
passed=0
failed=0
missing=0

sweep=(sweep "$scenario" --quiet --factor stations.entry_check.desks=4..12 --factor scale=0.03..0.07
    --design lhs --points 7 --reps 5)
printf 'hbm_plan: 1\nname: more desks\nstations:\n  entry_check: {desks: 12}\n' >more.yaml
compare=(compare "$scenario" more.yaml --quiet --reps 24 --set scale=0.05)

# same WHAT EXPECTED COMMAND...: the command writes out.h5 with that hash and leaves nothing else.
same() {
    local what=$1 expected=$2 hash
    shift 2
    if ! "$@" >said 2>&1; then
        echo "FAILED $what: $(tail -n 3 said)"
        failed=$((failed + 1))
        return
    fi
    hash=$("$HBM" info --hash out.h5)
    if [[ $hash == "$expected" && ! -e out.h5.journal ]]; then
        echo "same   $what"
        passed=$((passed + 1))
    else
        echo "OTHER  $what: $hash; left are: $(compgen -G 'out.h5*')"
        failed=$((failed + 1))
    fi
    rm -f out.h5 out.h5.*
}

shards() { # shards N LAUNCHER... -- ARGUMENTS...
    local n=$1 i launch=()
    shift
    while [[ $1 != -- ]]; do
        launch+=("$1")
        shift
    done
    shift
    for ((i = n; i >= 1; i--)); do
        "${launch[@]}" "$@" --out out.h5 --threads 1 --shard "$i/$n" || return 1
        [[ ! -e out.h5 ]] || return 1
    done
    "$HBM" merge out.h5.*-of-"$n".journal
}

# split HOW NAME ARGUMENTS...: HOW is "all ways" or "some"
split() {
    local how=$1 name=$2 expected mpi n program
    shift 2
    "$HBM" "$@" --threads 1 --out out.h5 >said 2>&1 || { echo "FAILED $name: $(tail -n 3 said)"; exit 1; }
    expected=$("$HBM" info --hash out.h5)
    echo "$name: $expected"
    [[ $how == some ]] || same "1 process, 1 thread, again" "$expected" "$HBM" "$@" --threads 1 --out out.h5
    same "2 threads" "$expected" "$HBM" "$@" --threads 2 --out out.h5
    [[ $how == some ]] || same "5 threads" "$expected" "$HBM" "$@" --threads 5 --out out.h5
    same "7 shards" "$expected" shards 7 "$HBM" -- "$@"
    for mpi in openmpi mpich; do
        program=${HBM%/*}/hbm-$mpi
        if [[ ! -x $program ]] || ! command -v mpirun.$mpi >/dev/null; then
            echo "MISSING $mpi"
            missing=1
            continue
        fi
        same "mpirun.$mpi -n 2, 2 threads each" "$expected" mpirun.$mpi -n 2 "$program" "$@" --threads 2 --out out.h5
        [[ $how == some ]] && continue
        same "hbm-$mpi without mpirun" "$expected" "$program" "$@" --threads 1 --out out.h5
        for n in 1 2 4; do
            same "mpirun.$mpi -n $n" "$expected" mpirun.$mpi -n $n "$program" "$@" --threads 1 --out out.h5
        done
        same "3 shards of mpirun.$mpi -n 2" "$expected" shards 3 mpirun.$mpi -n 2 "$program" -- "$@"
    done
}

split "all ways" sweep "${sweep[@]}"
split some compare "${compare[@]}"
split some run run "$scenario" --quiet --reps 9 --set scale=0.05
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]] || exit 1
[[ $missing -eq 0 ]] || exit 77
