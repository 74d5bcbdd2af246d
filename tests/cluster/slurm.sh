#!/usr/bin/env bash
# A real Slurm on this machine alone: munged, slurmctld and two slurmd (node1, node2) on the loopback, with all that
# they write in one folder.
#
#   slurm.sh up FOLDER          starts it; afterwards sbatch, srun and scontrol need SLURM_CONF=FOLDER/slurm.conf alone
#   slurm.sh crash FOLDER NODE  the node loses power, and is back at once: slurmd and all of its jobs are killed,
#                               slurmd is started again
#   slurm.sh down FOLDER        cancels what runs, stops it and leaves FOLDER with its logs
#   slurm.sh run COMMAND...     does up and down around a command, in a temporary folder
#
# Needs root and the packages slurm-wlm and munge; exit code 77 where they are missing. Nothing of a Slurm that is
# installed is touched: ports, key and socket are its own. No cgroups, no accounting, no limits on memory: it is for how
# jobs are begun, signalled, requeued and killed. CPUS (default 2) is the number of processors that each node claims to
# have. The waiting of killed jobs (KillWait 5 s) and of requeued ones is as short as Slurm allows.
set -u
CPUS=${CPUS:-2}
NODES=(node1 node2)

complain() {
    echo "slurm.sh: $1" >&2
    exit "$2"
}

# A port that nobody listens on, of those that programs do not get by chance.
free_port() { # free_port FROM
    local port=$1
    while (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
        port=$((port + 1))
    done
    echo "$port"
}

# From 23.02 on Slurm does without cgroups. Before, slurmd wants to see some, though nothing here is held by them.
write_cgroups() {
    local version
    version=$(slurmctld -V)
    version=${version##* }
    if [[ ${version%%.*} -ge 23 ]]; then
        echo "CgroupPlugin=disabled"
    elif [[ -e /sys/fs/cgroup/cgroup.controllers ]]; then
        printf 'CgroupPlugin=cgroup/v2\nIgnoreSystemd=yes\n'
    else
        echo "CgroupPlugin=cgroup/v1"
    fi
}

write_configuration() { # write_configuration FOLDER
    local first second third
    first=$(free_port 26817)
    second=$(free_port $((first + 1)))
    third=$(free_port $((second + 1)))
    cat >"$1/slurm.conf" <<CONF
ClusterName=hbm
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$first
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$1/munge/socket,cred_expire=5
CryptoType=crypto/munge
StateSaveLocation=$1/state
SlurmdSpoolDir=$1/spool.%n
SlurmctldPidFile=$1/slurmctld.pid
SlurmdPidFile=$1/slurmd.%n.pid
SlurmctldLogFile=$1/slurmctld.log
SlurmdLogFile=$1/slurmd.%n.log
SlurmctldDebug=info
SlurmdDebug=info
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SlurmdParameters=config_overrides
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,batch_sched_delay=0,sched_min_interval=100000,bf_interval=2
JobRequeue=1
KillWait=5
MinJobAge=3600
MaxArraySize=1001
NodeName=${NODES[0]} NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$second CPUs=$CPUS State=UNKNOWN
NodeName=${NODES[1]} NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 Port=$third CPUs=$CPUS State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
CONF
    write_cgroups >"$1/cgroup.conf"
}

start_munge() { # start_munge FOLDER
    mkdir -m 0700 "$1/munge" || return 1
    (umask 077 && head -c 1024 /dev/urandom >"$1/munge/key") || return 1
    chmod 0711 "$1/munge"
    munged --key-file="$1/munge/key" --socket="$1/munge/socket" --pid-file="$1/munge/pid" --log-file="$1/munge/log" \
        --seed-file="$1/munge/seed" --force 2>"$1/munge/said"
}

# until_true SECONDS COMMAND...: false when it has not come true by then.
until_true() {
    local end=$((SECONDS + $1))
    shift
    until "$@"; do
        [[ $SECONDS -lt $end ]] || return 1
        sleep 0.2
    done
}

nodes_are_idle() {
    [[ $(sinfo --noheader --format=%T 2>/dev/null | sort -u) == idle ]]
}

start_node() { # start_node FOLDER NODE
    mkdir -p "$1/spool.$2"
    slurmd -f "$SLURM_CONF" -N "$2" >"$1/slurmd.$2.said" 2>&1 ||
        complain "slurmd: $(tail -n 5 "$1/slurmd.$2.said" "$1/slurmd.$2.log")" 1
}

up() { # up FOLDER
    [[ $(id -u) -eq 0 ]] || complain "needs root" 77
    local program node
    for program in munged slurmctld slurmd sbatch; do
        command -v $program >/dev/null || complain "no $program: apt-get install slurm-wlm munge" 77
    done
    if ! mkdir -p "$1/state" || ! write_configuration "$1" || ! start_munge "$1"; then
        complain "cannot begin: $(cat "$1/munge/said" 2>/dev/null)" 1
    fi
    export SLURM_CONF=$1/slurm.conf
    slurmctld -f "$SLURM_CONF" >"$1/slurmctld.said" 2>&1 ||
        complain "slurmctld: $(tail -n 5 "$1/slurmctld.said" "$1/slurmctld.log")" 1
    for node in "${NODES[@]}"; do
        start_node "$1" "$node"
    done
    if ! until_true 60 nodes_are_idle; then
        sinfo
        complain "the nodes do not become idle, see the logs in $1" 1
    fi
}

descendants() { # descendants PID...: these and all that they started
    local pid
    for pid in "$@"; do
        echo "$pid"
        # shellcheck disable=SC2046  # a list of numbers
        descendants $(cat "/proc/$pid/task/$pid/children" 2>/dev/null)
    done
}

# The supervisors of a node's jobs: those that write into its log.
supervisors() { # supervisors FOLDER NODE
    local pid
    for pid in $(pgrep -f '^slurmstepd: '); do
        readlink "/proc/$pid/fd/"* 2>/dev/null | grep -qFx "$1/slurmd.$2.log" && echo "$pid"
    done
}

crash() { # crash FOLDER NODE
    export SLURM_CONF=$1/slurm.conf
    # shellcheck disable=SC2046  # lists of numbers
    kill -9 "$(cat "$1/slurmd.$2.pid")" $(descendants $(supervisors "$1" "$2")) 2>/dev/null
    rm -f "$1/slurmd.$2.pid"
    start_node "$1" "$2"
}

gone() { # gone PID
    ! kill -0 "$1" 2>/dev/null
}

stop_by_file() { # stop_by_file PIDFILE
    local pid
    pid=$(cat "$1" 2>/dev/null) || return 0
    kill "$pid" 2>/dev/null
    until_true 20 gone "$pid" || kill -9 "$pid" 2>/dev/null
}

queue_is_empty() {
    [[ -z $(squeue --noheader 2>/dev/null) ]]
}

down() { # down FOLDER
    export SLURM_CONF=$1/slurm.conf
    scancel --user=root 2>/dev/null
    until_true 20 queue_is_empty
    local node
    for node in "${NODES[@]}"; do
        stop_by_file "$1/slurmd.$node.pid"
    done
    stop_by_file "$1/slurmctld.pid"
    stop_by_file "$1/munge/pid"
}

case ${1:-} in
up | down)
    [[ $# -eq 2 ]] || complain "$1 FOLDER" 2
    mkdir -p "$2" || exit 1
    "$1" "$(cd "$2" && pwd)"
    ;;
crash)
    [[ $# -eq 3 ]] || complain "crash FOLDER NODE" 2
    crash "$(cd "$2" && pwd)" "$3"
    ;;
run)
    shift
    folder=$(mktemp -d) && chmod 0755 "$folder" || exit 1
    trap 'down "$folder" >/dev/null; rm -rf "$folder"' EXIT
    trap 'exit 143' TERM INT
    up "$folder"
    "$@"
    ;;
*)
    complain "up FOLDER, crash FOLDER NODE, down FOLDER, or run COMMAND..." 2
    ;;
esac
