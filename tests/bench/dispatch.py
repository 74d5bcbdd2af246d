#!/usr/bin/python3
"""What handing out tasks over MPI costs: tasks of some 10 ms on 2 ranks, beside the same tasks in two plain loops that
run side by side.

    HBM=build/hbm tests/bench/dispatch.py [TASKS [PAIRS]]        10000 and 3 when not given

It needs bench_dispatch and hbm-openmpi or hbm-mpich.

Runs alternate, so that both meet the same machine. Told are: wall time; processor time, which other programs disturb
less; and how long ranks neither worked nor waited for a processor (from /proc/PID/schedstat): idle, because they had no
task. An experiment of 2 tasks is taken off: starting MPI, reading the scenario and writing the results do not depend on
the number of tasks."""
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time

os.environ.setdefault("HBM_SOURCE_DIR", os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["HBM_SOURCE_DIR"], "tests/support"))
import experiments as x  # noqa: E402

PLAIN = os.path.join(os.path.dirname(x.HBM), "tests/bench_dispatch")


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def two_loops(tasks):
    """Wall and processor seconds of the loops themselves."""
    loops = [subprocess.Popen([PLAIN, "plain", str(tasks // 2)], stdout=subprocess.PIPE) for _ in range(2)]
    said = [loop.communicate()[0].split() for loop in loops]
    return max(float(words[1]) for words in said), sum(float(words[2]) for words in said)


class Idle(threading.Thread):
    """Watches how long the ranks have lived, run and waited for a processor."""

    def __init__(self, program):
        super().__init__(daemon=True)
        self.program, self.seen, self.ended = program, {}, False

    def look(self):
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                if os.readlink(f"/proc/{pid}/exe") != self.program:
                    continue
                with open(f"/proc/{pid}/schedstat", encoding="ascii") as file:
                    now = [time.monotonic(), *(int(n) * 1e-9 for n in file.read().split()[:2])]
                self.seen[pid] = (self.seen.get(pid, (now, now))[0], now)
            except (OSError, ValueError):
                pass

    def run(self):
        while not self.ended:
            self.look()
            time.sleep(0.1)

    def share(self):
        lived = sum(last[0] - first[0] for first, last in self.seen.values())
        used = sum(last[1] - first[1] + last[2] - first[2] for first, last in self.seen.values())
        return 1 - used / lived if lived > 0 else float("nan")


def on_ranks(launcher, program, tasks):
    arguments = [
        "sweep", x.SCENARIO, "--quiet", "--factor=scale=0.4,0.4001", f"--reps={tasks // 2}", "--threads=1",
        "--out=out.h5"
    ]
    before, began = processor_time(), time.monotonic()
    environment = x.environment()
    del environment["OMPI_MCA_mpi_yield_when_idle"]  # as on a cluster: each rank has its core
    child = subprocess.Popen([*launcher, "2", program, *arguments], stdout=subprocess.DEVNULL, env=environment)
    idle = Idle(os.path.realpath(program))
    idle.start()
    if child.wait() != 0:
        sys.exit(f"{program}: exit code {child.returncode}")
    idle.ended = True
    return time.monotonic() - began, processor_time() - before, idle.share()


def main():
    tasks = int(sys.argv[1]) if len(sys.argv) > 1 else 10000
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    programs = x.mpi_programs()
    if not programs:
        sys.exit("no MPI program beside HBM")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for name, launcher, program in programs:
            wall, processor, share = [], [], []
            for _ in range(pairs):
                plain = two_loops(tasks)
                ranks = on_ranks(launcher, program, tasks)
                fixed = on_ranks(launcher, program, 2)
                wall.append((ranks[0] - fixed[0]) / plain[0] - 1)
                processor.append((ranks[1] - fixed[1]) / plain[1] - 1)
                share.append(ranks[2])
                print(
                    f"{name}: {tasks} tasks of {1e3 * plain[1] / tasks:.2f} ms: plain loops {plain[0]:.2f} s, 2 ranks "
                    f"{ranks[0]:.2f} s, of them {fixed[0]:.2f} s "
                    f"fixed: {100 * wall[-1]:+.2f} % of wall time, {100 * processor[-1]:+.2f} % of processor time, "
                    f"ranks idle {100 * share[-1]:.2f} %",
                    flush=True)
            print(
                f"{name}: medians of {pairs} pairs: wall {100 * statistics.median(wall):+.2f} %, processor "
                f"{100 * statistics.median(processor):+.2f} %, "
                f"idle {100 * statistics.median(share):.2f} %", flush=True)
        os.chdir("/")


if __name__ == "__main__":
    main()
