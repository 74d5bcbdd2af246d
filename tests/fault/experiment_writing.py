#!/usr/bin/python3
"""Full and broken disks under `hbm sweep`, `merge` and `resume`: every call that changes a file fails in turn
(preload/io.c).

Each time the program says so and does not exit with 0; the results file that stood there before is what it was, or a
whole new one with the right results; what is in a journal is not harmed; no other file is left; and the same or `hbm
resume`, when the disk is well again, comes to the results of an undisturbed run. A write that takes only half is no
error. The full disk is also tried for real, on a tiny tmpfs (as root). Some calls are tried, with HBM_LONG=1 every one.
1 thread, so that calls have the same numbers each time."""
import os
import shutil
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["HBM_SOURCE_DIR"], "tests/support"))
import experiments as x  # noqa: E402

SHIM = os.path.join(os.environ["HBM_TEST_PROGRAMS"], "fault_io.so")
LONG = os.environ.get("HBM_LONG") == "1"
OUT, JOURNAL = "out.h5", "out.h5.journal"
SHARDS = 3
ERRORS = ("ENOSPC", "EIO", "ENOSPC on", "EIO on", "SHORT")  # on: that call and all after it
EARLIER = b"an earlier results file"
failures = 0
claims = 0


def claim(holds, words):
    global failures, claims
    claims += 1
    if not holds:
        failures += 1
        print(f"not so: {words}", flush=True)


def write(path, content):
    with open(path, "wb") as to:
        to.write(content)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def faulty(arguments, number=0, error="ENOSPC"):
    """The program in a folder whose files count; its end, and the names and files of the calls."""
    if os.path.exists("../report"):
        os.unlink("../report")
    more = {
        "HBM_IO_IN": os.getcwd(), "HBM_IO_REPORT": os.path.abspath("../report"), "HBM_IO_FAIL": str(number),
        "LD_PRELOAD": SHIM
    }
    if error.endswith(" on"):
        more["HBM_IO_ONWARD"] = "1"
    more["HBM_IO_ERROR"] = error.split()[0]
    done = x.run(arguments, **more)
    calls = []
    if os.path.exists("../report"):
        with open("../report", encoding="utf-8") as file:
            calls = [line.split()[1:] for line in file]
    return done, calls


def begin(*more):
    return [*x.small(24), f"--out={OUT}", "--threads=1", *more]


def resume():
    return ["resume", JOURNAL, "--quiet", "--threads=1"]


def merge():
    return ["merge", *sorted(name for name in os.listdir(".") if name.endswith(".journal"))]


class Case:
    """A command, what lies in the folder before it, and what comes to the right end afterwards."""

    def __init__(self, name, arguments, prepared):
        self.name, self.arguments, self.prepared = name, arguments, prepared

    def prepare(self):
        for name in os.listdir("."):
            os.unlink(name)
        for name in os.listdir(self.prepared):
            shutil.copy(f"{self.prepared}/{name}", name)
        write(OUT, EARLIER)

    def is_tidy(self, stuck=()):
        """Nothing but the results, and the journals of parts, which stay."""
        return set(os.listdir(".")) - set(stuck) == {OUT, *(n for n in os.listdir(self.prepared) if "-of-" in n)}

    def journals(self):
        return {name: read(name) for name in os.listdir(".") if name.endswith(".journal")}


def chosen(calls, error):
    """All calls with HBM_LONG; otherwise the first and last of each kind on each file, and the one in the middle."""
    if error == "SHORT":
        numbers = [i for i, call in enumerate(calls, 1) if call[0] in ("write", "pwrite")]
    else:
        numbers = list(range(1, len(calls) + 1))
    if LONG:
        return numbers
    kinds = {}
    for i in numbers:
        kinds.setdefault(tuple(calls[i - 1][:1]) + (calls[i - 1][1].endswith(".journal"),), []).append(i)
    return sorted({
        i
        for same in kinds.values()
        for i in ((same[0], same[-1]) if error in ("ENOSPC", "EIO on") else (same[len(same) // 2], ))
    })


def check(case, done, before, expected, stuck, words):
    """What is in the folder after a failure."""
    code, now = done.returncode, read(OUT) if os.path.exists(OUT) else b""
    is_new = now != EARLIER
    claim(code == 1, f"{words}: exit code {code}: {x.words_of(done)}")
    claim(x.words_of(done) != "", f"{words}: nothing is said")
    claim(not is_new or x.results_hash(OUT) == expected,
          f"{words}: the earlier results are gone and no right ones there")
    left = [n for n in os.listdir(".") if n != OUT and not n.endswith(".journal") and n not in stuck]
    claim(left == [], f"{words}: left are {left}")
    after = case.journals()
    for name, content in before.items():
        claim(is_new or (name in after and after[name][:len(content)] == content),
              f"{words}: {name} has lost something")
    return is_new


def go_on(case, is_new, expected, stuck, words):
    """The disk is well again. stuck: files that could not be removed."""
    journals = {name: content for name, content in case.journals().items() if content}
    if case.name == "merge":
        arguments = merge() if journals else None
    else:
        arguments = resume() if journals else None if is_new else begin()
    if arguments is not None:
        done = x.run(arguments)
        claim(done.returncode == 0, f"{words}, then {arguments[0]}: exit code {done.returncode}: {x.words_of(done)}")
    claim(x.results_hash(OUT) == expected, f"{words}, then {arguments and arguments[0]}: other results")
    claim(case.is_tidy(stuck if arguments is None else ()),
          f"{words}, then {arguments and arguments[0]}: left are {os.listdir('.')}")


def try_case(case, expected):
    case.prepare()
    done, calls = faulty(case.arguments())
    claim(done.returncode == 0 and x.results_hash(OUT) == expected,
          f"{case.name}: undisturbed, exit code {done.returncode}: {x.words_of(done)}")
    tried = 0
    for error in ERRORS:
        for number in chosen(calls, error):
            case.prepare()
            before = case.journals()
            done, seen = faulty(case.arguments(), number, error)
            failed = [call for call in seen if call[-1] == "failed"]
            words = f"{case.name}, {error} at call {number} ({' '.join(failed[0][:2]) if failed else 'none'})"
            tried += failed != []
            if done.returncode == 0 and (failed == [] or error == "SHORT"
                                         ):  # the calls may be one fewer: a busy machine synchronises more often
                claim(
                    x.results_hash(OUT) == expected and case.is_tidy(),
                    f"{words}: exit code 0 and not the right results")
                continue
            stuck = {os.path.basename(call[1]) for call in failed if call[0] == "unlink"}
            go_on(case, check(case, done, before, expected, stuck, words), expected, stuck, words)
            if failures > 20:
                return
    print(f"{case.name}: {len(calls)} calls that change files, {tried} failures tried", flush=True)


def full_disk(case, expected, most):
    """So many KiB, on which the program finds no room sooner or later."""
    for size in range(4, most, 4 if LONG else 40):
        os.chdir("..")
        os.mkdir("disk")
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size + 4}k", "none", "disk"], check=True)
        try:
            os.chdir("disk")
            try:
                case.prepare()
            except OSError:
                continue  # no room for what is there before
            before = case.journals()
            done = x.run(case.arguments())
            words = f"{case.name}, a disk of {size} KiB"
            if done.returncode == 0:
                claim(x.results_hash(OUT) == expected, f"{words}: exit code 0 and not the right results")
                continue
            is_new = check(case, done, before, expected, (), words)
            subprocess.run(["mount", "-o", "remount,size=100m", os.getcwd()], check=True)
            go_on(case, is_new, expected, (), words)
        finally:
            os.chdir("..")
            subprocess.run(["umount", "disk"], check=True)
            os.rmdir("disk")
            os.chdir("work")


def prepare_folders():
    """What resume and merge find: a journal of some tasks; the journals of all shards."""
    expected = None
    for name in ("nothing", "some", "shards", "work"):
        os.mkdir(name)
    os.chdir("work")
    done, calls = faulty(begin())
    claim(done.returncode == 0, f"sweep: exit code {done.returncode}: {x.words_of(done)}")
    expected = x.results_hash(OUT)
    appended = [i for i, call in enumerate(calls, 1) if call[0] == "write" and call[1].endswith(".journal")]
    done, _ = faulty(begin(), appended[len(appended) // 2], "ENOSPC on")
    shutil.move(JOURNAL, "../some/" + JOURNAL)
    for i in range(1, SHARDS + 1):
        done = x.run(begin(f"--shard={i}/{SHARDS}"))
        claim(done.returncode == 0, f"sweep, shard {i}: exit code {done.returncode}: {x.words_of(done)}")
    for name in os.listdir("."):
        if name.endswith(".journal"):
            shutil.move(name, "../shards/" + name)
    return expected


def main():
    if not os.path.exists(SHIM):
        print(f"no {SHIM}: not built under sanitizers")
        return 77
    with tempfile.TemporaryDirectory(prefix="hbm-writing-") as folder:
        os.chdir(os.path.realpath(folder))
        expected = prepare_folders()
        cases = [
            Case("sweep", begin, "../nothing"),
            Case("resume", resume, "../some"),
            Case("merge", merge, "../shards")
        ]
        for case in cases:
            try_case(case, expected)
        if os.geteuid() == 0 and subprocess.run(["unshare", "-m", "true"], check=False).returncode == 0:
            for case in cases:
                full_disk(case, expected, 160)
        else:
            print("no tmpfs can be mounted: the full disk is left out")
        os.chdir("/")
    print(f"{claims - failures} passed, {failures} failed")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
