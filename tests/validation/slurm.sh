#!/usr/bin/env bash
# Experiments under a real Slurm with the templates of tools/cluster: the results are those of one undisturbed process,
# bit for bit, after
#   an array of 7 shards whose walltime is too short: told in time, queued again, resumed, merged by a job that
#   depends on it;
#   a program of that array that is killed; a job that its user puts back into the queue;
#   an MPI job over two nodes, one of which crashes.
# Slurm is started for this alone (tests/cluster/slurm.sh: root, packages slurm-wlm and munge; without them this ends
# with 77). Five minutes.
set -u
: "${HBM:?the program}" "${HBM_SOURCE_DIR:?the repository}"
HBM=$(realpath "$HBM")
export HBM
slurm=$HBM_SOURCE_DIR/tests/cluster/slurm.sh
templates=$HBM_SOURCE_DIR/tools/cluster
work=$(mktemp -d) && chmod 0755 "$work" || exit 1
passed=0
failed=0
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1

claim() { # claim WORDS COMMAND...
    local words=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "so:     $words"
    else
        failed=$((failed + 1))
        echo "NOT SO: $words"
    fi
}

end() {
    bash "$slurm" down "$work/slurm" >/dev/null 2>&1
    if [[ $failed -gt 0 && -n ${HBM_KEEP:-} ]]; then
        echo "kept: $work"
    else
        rm -rf "$work"
    fi
}
trap end EXIT
bash "$slurm" up "$work/slurm" || exit
export SLURM_CONF=$work/slurm/slurm.conf
mkdir "$work/jobs" && cd "$work/jobs" || exit 1

# until_true SECONDS COMMAND...
until_true() {
    local until=$((SECONDS + $1))
    shift
    until "$@"; do
        [[ $SECONDS -lt $until ]] || return 1
        sleep 0.2
    done
}

has_tasks() { # has_tasks JOURNAL BYTES: it has grown so far
    [[ $(stat -c %s "$1" 2>/dev/null || echo 0) -gt $2 ]]
}

state_of() { # state_of JOB
    scontrol --oneliner show job "$1" 2>/dev/null | sed -n 's/.* JobState=\([A-Z]*\).*/\1/p' | sort -u
}

is_over() { # is_over JOB: all of it, however
    ! squeue --noheader --job="$1" 2>/dev/null | grep -q .
}

# Kills the program of one shard, and nothing else.
kill_shard() { # kill_shard ARRAY SHARD
    local place pid killed=1
    for place in /proc/[0-9]*; do
        pid=${place#/proc/}
        if [[ $(readlink "$place/exe") == "$HBM" ]] && grep -qsz "^SLURM_ARRAY_JOB_ID=$1$" "$place/environ" &&
            grep -qsz "^SLURM_ARRAY_TASK_ID=$2$" "$place/environ"; then
            kill -9 "$pid" && killed=0
        fi
    done 2>/dev/null
    return $killed
}

log_of() { # log_of WORDS LOG...: one of them says so
    grep -q -e "$@"
}

scenario=$HBM_SOURCE_DIR/scenarios/two-posts
printf 'hbm_plan: 1\nname: more desks\nstations:\n  entry_check: {desks: 12}\n' >more.yaml
experiment=(compare "$scenario" more.yaml --reps 1200)
began=$SECONDS
"$HBM" "${experiment[@]}" --quiet --threads 2 --out alone.h5 >/dev/null || exit 1
echo "one process: $((SECONDS - began)) s"
expected=$("$HBM" info --hash alone.h5)

same() { # same FILE
    [[ -e $1 && $("$HBM" info --hash "$1") == "$expected" && ! -e $1.journal ]]
}

# --- an array ---
shards=$(sbatch --parsable --array=1-7 --time=1 --signal=B:USR1@58 "$templates/hbm.sbatch" array.h5 "${experiment[@]}")
merge=$(sbatch --parsable --dependency="afterok:$shards" --kill-on-invalid-dep=yes "$templates/merge.sbatch" array.h5)
claim "the first shard begins" until_true 60 has_tasks array.h5.1-of-7.journal 4000
claim "its program is killed" kill_shard "$shards" 1
claim "the second shard begins" until_true 60 has_tasks array.h5.2-of-7.journal 4000
claim "its user puts it back into the queue" scontrol requeue "${shards}_2"
claim "all shards end" until_true 400 is_over "$shards"
claim "the merging job ends" until_true 60 is_over "$merge"
claim "the walltime's signal came, and the job went back into the queue" log_of \
    "the time is up: queued again" hbm."${shards}"_*.log
claim "so did the one whose program was killed" log_of "killed by signal 9: queued again" "hbm.${shards}_1.log"
claim "the one that was put back began again" log_of "start 2" "hbm.${shards}_2.log"
claim "the array's results are those of one process" same array.h5

# --- MPI on two nodes ---
for mpi in openmpi mpich; do
    export HBM_MPI=${HBM%/*}/hbm-$mpi HBM_LAUNCH=mpirun.$mpi
    if [[ ! -x $HBM_MPI ]] || ! command -v "$HBM_LAUNCH" >/dev/null; then
        echo "MISSING $mpi"
        continue
    fi
    job=$(sbatch --parsable --nodes=2 --ntasks=2 --time=10 "$templates/hbm.sbatch" $mpi.h5 "${experiment[@]}")
    claim "$mpi: the job begins" until_true 60 has_tasks $mpi.h5.journal 20000
    claim "$mpi: its second node crashes" bash "$slurm" crash "$work/slurm" node2
    claim "$mpi: the job ends" until_true 300 is_over "$job"
    claim "$mpi: it was begun again" log_of "start 2" "hbm.${job}"_*.log
    claim "$mpi: the results are those of one process" same $mpi.h5
done

[[ $failed -gt 0 ]] && tail -n 30 ./*.log
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
