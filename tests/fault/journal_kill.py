#!/usr/bin/python3
"""Kills at random instants: `hbm sweep` and then `hbm resume` are killed until one of them comes to its end, each on
another number of threads or MPI ranks.

After every kill the journal has all tasks that it had before, each once; under the results' name stands the earlier
file or the whole new one; in the end the results are those of one undisturbed process, bit for bit. HBM_LONG=1: at
least 200 kills, MPI ranks too; HBM_KILLS=N: so many. Instants are uniform over the time that an undisturbed run takes
in the same way, seed 20310301."""
import os
import random
import signal
import subprocess
import sys
import tempfile
import time

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["HBM_SOURCE_DIR"], "tests/support"))
import experiments as x  # noqa: E402

LONG = os.environ.get("HBM_LONG") == "1"
KILLS = int(os.environ.get("HBM_KILLS", "200" if LONG else "16"))
EXPERIMENT = x.small(300 if LONG else 100)
OUT, JOURNAL = "out.h5", "out.h5.journal"
EARLIER = b"an earlier results file"
failures = 0


def claim(holds, words):
    global failures
    if not holds:
        failures += 1
        print(f"not so: {words}", flush=True)


def ways():
    """(name, words before the program's own, threads) of all ways to run it."""
    found = [(f"{n} threads", [x.HBM], n) for n in (1, 2, 3)]
    if LONG:
        for name, launcher, program in x.mpi_programs():
            found += [(f"{name}, {n} ranks of {t} threads", [*launcher, str(n), program], t)
                      for n, t in ((1, 1), (2, 1), (4, 1), (2, 2))]
    return found


def arguments(threads, resume):
    begin = ["resume", JOURNAL, "--quiet"] if resume else [*EXPERIMENT, f"--out={OUT}"]
    return [*begin, f"--threads={threads}"]


def start(way, resume):
    """A process, and the mark that its ranks bear."""
    mark = f"{os.getpid()}-{time.monotonic_ns()}"
    return subprocess.Popen([*way[1], *arguments(way[2], resume)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE, start_new_session=True, env=x.environment(HBM_KILL_MARK=mark)), mark


def members(mark):
    """The processes of hbm with this mark in their environment that are not dead. (Launchers give ranks sessions of
    their own.)"""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            if not os.readlink(f"/proc/{pid}/exe").startswith(x.HBM):
                continue
            with open(f"/proc/{pid}/environ", "rb") as file:
                if f"HBM_KILL_MARK={mark}".encode() in file.read().split(b"\0"):
                    found.append(int(pid))
        except OSError:
            pass
    return found


def end(kill_it, pid):
    try:
        kill_it(pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def kill(child, mark, way, chance):
    """All processes at once, as when a node is lost; or one rank alone, as when it gets no memory: MPI ends the others
    then."""
    ranks = members(mark) if len(way[1]) > 1 and chance.random() < 0.5 else []
    if ranks:
        end(os.kill, chance.choice(ranks))
    else:
        end(os.killpg, child.pid)
        for pid in members(mark):
            end(os.kill, pid)
    try:
        words = child.communicate(timeout=30)[1]
    except subprocess.TimeoutExpired:
        # Open MPI 4.1's mpirun may wait for itself for ever (PMIx_server_finalize) when all ranks are gone.
        claim(members(mark) == [], f"{way[0]}: ranks live on when one was killed")
        end(os.killpg, child.pid)
        words = child.communicate()[1]
    while members(mark):
        time.sleep(0.01)
    return words


def content(path):
    with open(path, "rb") as file:
        return file.read()


def check_journal(before, name):
    if not os.path.exists(JOURNAL):
        return [], b""
    keys, whole = x.read_journal(JOURNAL)
    claim(whole[:len(before[1])] == before[1],
          f"{name}: the journal has lost something that it had ({len(before[0])} tasks, now {len(keys)})")
    claim(len(set(keys)) == len(keys), f"{name}: a task is in the journal twice")
    return keys, whole


def one_experiment(chance, all_ways, usual, expected, budget):
    """Until it is finished; the number of kills that came before that, and of those that came while tasks were being
    finished."""
    kills, inside, before = 0, 0, ([], b"")
    with open(OUT, "wb") as to:
        to.write(EARLIER)
    for _ in range(1000):
        way = chance.choice(all_ways)
        resume = os.path.exists(JOURNAL)
        child, mark = start(way, resume)
        name = f"{'resume' if resume else 'sweep'}, {way[0]}"
        if kills < budget:
            try:
                child.wait(chance.uniform(0, usual[way[0]]))
            except subprocess.TimeoutExpired:
                pass
        else:
            child.wait(300)
        ended = child.poll() is not None
        words = kill(child, mark, way, chance)
        claim(not ended or child.returncode == 0,
              f"{name}: exit code {child.returncode} without a kill: {words.decode(errors='replace')[-300:]}")
        kills += not ended
        done = content(OUT) != EARLIER
        claim(not done or x.results_hash(OUT) == expected, f"{name}: other results, or a damaged file")
        if done and not os.path.exists(JOURNAL):
            break
        claim(not (ended and child.returncode == 0),
              f"{name}: exit code 0, and the journal is still there or the results are not")
        had, before = len(before[0]), check_journal(before, name)
        inside += not ended and len(before[0]) > had
        if failures > 5:
            break
    return kills, inside


def main():
    global failures
    chance = random.Random(20310301)
    with tempfile.TemporaryDirectory(prefix="hbm-kill-") as folder:
        os.chdir(folder)
        all_ways, usual, expected = ways(), {}, None
        for way in all_ways:
            began = time.monotonic()
            done = x.run(arguments(way[2], False), way[1])
            usual[way[0]] = time.monotonic() - began
            claim(done.returncode == 0, f"{way[0]}: exit code {done.returncode}: {x.words_of(done)}")
            expected = expected or x.results_hash(OUT)
            claim(expected is not None and x.results_hash(OUT) == expected, f"{way[0]}: other results than on 1 thread")
            claim(os.listdir(".") == [OUT], f"{way[0]}: left are {os.listdir('.')}")
        total, inside, experiments = 0, 0, 0
        while total < KILLS and failures == 0:
            kills, within = one_experiment(chance, all_ways, usual, expected, KILLS - total)
            total, inside = total + kills, inside + within
            experiments += 1
            print(f"{total} kills, {inside} of them while tasks were being finished, in {experiments} experiments",
                  flush=True)
        done = x.run(arguments(1, False))
        claim(done.returncode == 0 and os.listdir(".") == [OUT],
              f"after killed runs the next one tidies up; left are {os.listdir('.')}")
        os.chdir("/")
    print(f"{len(all_ways)} ways to run: {', '.join(way[0] for way in all_ways)}")
    print(f"{1 if failures == 0 else 0} passed, {failures} failed")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
