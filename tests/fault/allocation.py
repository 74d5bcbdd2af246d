#!/usr/bin/python3
"""Memory runs out: every allocation that `hbm check` and `hbm run` make on scenarios/two-posts fails in turn.

Each time the program says that memory ran out and exits with 1; it does not crash or hang, frees all that it got,
leaves the earlier results file or a whole new one, and no temporary file. Allocations are counted by
preload/allocation.c: those of the program's own code; of libraries with --in=NAME, to see what they make of it. Each
chain of callers is tried at its first and last occurrence; with HBM_EVERY=1 every allocation, also with all behind it
failing too, and with two threads (where the numbers are only about the same from run to run).

HBM is the program, HBM_SOURCE_DIR the repository, HBM_TEST_PROGRAMS the folder of fault_allocation.so."""
import os
import signal
import subprocess
import sys
import tempfile

HBM = os.path.abspath(os.environ["HBM"])
SCENARIO = os.path.join(os.environ["HBM_SOURCE_DIR"], "scenarios/two-posts")
EFFECTS = os.path.join(os.environ["HBM_SOURCE_DIR"], "tests/model/effects")
SHIM = os.path.join(os.environ["HBM_TEST_PROGRAMS"], "fault_allocation.so")
EVERY = os.environ.get("HBM_EVERY") == "1"
EARLIER = b"an earlier results file"
SMALL = ["--set=duration=1 d", "--set=scale=0.01"]
WRONG = ["--set=duration=1", "--set=stations.entry_check.deks=3", "--set=links.0.to=Brigde"]
CASES = {  # command, exit codes when memory runs out
    "check": (["check", SCENARIO], {1}),
    "check --json": (["check", "--json", SCENARIO], {1}),
    "check, wrong scenario": (["check", *WRONG, SCENARIO], {1, 2}),
    "check --json, wrong scenario": (["check", "--json", *WRONG, SCENARIO], {1, 2}),
    "check --plan": (["check", f"--plan={EFFECTS}/plans/plan.plan.yaml", f"{EFFECTS}/plans/plan.yaml"], {1}),
    "run, trigger rules": (["run", "--quiet", "--threads=1", "--out=out.h5", f"{EFFECTS}/plans/rules.yaml"], {1}),
    "run": (["run", "--quiet", "--threads=1", "--reps=2", *SMALL, "--out=out.h5", SCENARIO], {1}),
}
if EVERY:
    CASES["run --json --journeys"] = ([
        "run", "--quiet", "--json", "--journeys", "--threads=1", *SMALL, "--out=out.h5", SCENARIO
    ], {1})
    CASES["run --threads=2"] = (["run", "--quiet", "--threads=2", "--reps=2", *SMALL, "--out=out.h5", SCENARIO], {1})


def run(arguments, library, fail=0, onward=False):
    """The program with one allocation failing: its exit code, its words, and the report on its allocations."""
    environment = dict(os.environ, HBM_ALLOCATION_REPORT=os.path.abspath("report"), HBM_ALLOCATION_FAIL=str(fail))
    if library:
        environment["HBM_ALLOCATION_IN"] = library
    if onward:
        environment["HBM_ALLOCATION_ONWARD"] = "1"
    environment["LD_PRELOAD"] = SHIM
    for left in ("report", "out.h5"):
        if os.path.exists(left):
            os.unlink(left)
    if fail > 0:
        with open("out.h5", "wb") as to:
            to.write(EARLIER)
    try:
        done = subprocess.run([HBM, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=120)
        code = done.returncode
    except subprocess.TimeoutExpired:
        return 999, b"", b"it hangs", {}, []
    counts, stacks, kept = {}, [], []
    if os.path.exists("report"):
        with open("report", encoding="ascii") as file:
            for line in file:
                words = line.split()
                if words[0] == "stack":
                    stacks.append(words[2])
                elif words[0] == "site":
                    kept.append(words[1])
                else:
                    counts[words[0]] = int(words[1])
        os.unlink("report")
    return code, done.stdout, done.stderr, counts, [stacks, kept]


def whole_results():
    """The results file is the earlier one, or a whole new one: what was written before memory ran out for the table is
    kept."""
    with open("out.h5", "rb") as file:
        if file.read() == EARLIER:
            return True
    return subprocess.run([HBM, "info", "out.h5"], capture_output=True, check=False).returncode == 0


def what_is_wrong(outcome, codes, normal):
    """None when all is well, "tolerated" when the program managed without that memory and says what it says else."""
    code, out, err, counts, lists = outcome
    wrong = []
    words = err.decode(errors="replace").strip()[-300:]
    if code < 0:
        return f"killed by {signal.Signals(-code).name}: {words}"
    managed = b"memory" not in out + err and code == normal[0]
    if counts.get("failed") == 0 and managed:
        return "tolerated"  # with two threads there are a few calls more or fewer
    if managed and code == 0 and out != normal[1]:
        wrong.append("goes on, but tells something else")
    if not managed and code not in codes:
        wrong.append(f"exit code {code}: {words}")
    if not managed and b"memory" not in out + err:
        wrong.append(f"the message does not speak of memory: {words!r}")
    if os.path.exists("out.h5.journal"):  # of several replications what was finished is kept
        if code == 0:
            wrong.append("a journal is left behind")
        os.unlink("out.h5.journal")
    if os.listdir(".") != ["out.h5"]:
        wrong.append(f"files: {os.listdir('.')}")
    elif not whole_results():
        wrong.append("the earlier results file was damaged")
    if counts.get("kept", -1) != 0:
        wrong.append(f"{counts.get('kept')} blocks are not freed, taken at {lists[1][:5]}")
    return "; ".join(wrong) or ("tolerated" if managed else None)


def chosen(stacks):
    """The first and the last call of each chain of callers; all calls with HBM_EVERY."""
    first, last = {}, {}
    for number, stack in enumerate(stacks, 1):
        first.setdefault(stack, number)
        last[stack] = number
    return range(1, len(stacks) + 1) if EVERY else sorted(set(first.values()) | set(last.values())), len(first)


def try_case(name, arguments, codes, library):
    normal = run(arguments, library)
    counts, lists = normal[3:]
    assert normal[0] in (0, 2) and counts["kept"] == 0, f"{name}: exit code {normal[0]}, {counts}: {normal[2].decode()}"
    numbers, chains = chosen(lists[0])
    found = {"stopped": 0, "tolerated": 0, "failed": 0}
    for number in numbers:
        for onward in (False, True) if EVERY else (False,):
            wrong = what_is_wrong(run(arguments, library, number, onward), codes, normal)
            found["stopped" if wrong is None else wrong if wrong == "tolerated" else "failed"] += 1
            if wrong not in (None, "tolerated"):
                print(f"  {name}: allocation {number}{' and all after it' if onward else ''}: {wrong}")
    print(
        f"{name}: {counts['calls']} allocations, {chains} chains of callers, {len(numbers)} tried, {found['stopped']} "
        f"stopped with a message, "
        f"{found['tolerated']} managed without, {found['failed']} failed", flush=True)
    return found


def main():
    library = next((a[5:] for a in sys.argv[1:] if a.startswith("--in=")), None)
    if not os.path.exists(SHIM):
        print(f"no {SHIM}: not built under sanitizers")
        return 77
    total = {"stopped": 0, "tolerated": 0, "failed": 0}
    with tempfile.TemporaryDirectory(prefix="hbm-allocation-") as folder:
        os.chdir(folder)
        for name, (arguments, codes) in CASES.items():
            for key, n in try_case(name, arguments, codes, library).items():
                total[key] += n
        os.chdir("/")
    print(f"{total['stopped'] + total['tolerated']} passed, {total['failed']} failed")
    return total["failed"] != 0


if __name__ == "__main__":
    sys.exit(main())
