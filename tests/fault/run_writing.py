#!/usr/bin/python3
"""`hbm run` while it writes: a full disk, a limit on file sizes, and a signal at any moment.

Under the final name stands the earlier file, or a whole new one, never a damaged one; a run that did not finish does
not exit with 0. A signal that comes while results are being written lets that end first. What a killed run leaves
beside them is gone after the next run. HBM is the program, HBM_SOURCE_DIR the repository. The full disk needs root, for
a tiny tmpfs."""
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time

HBM = os.path.abspath(os.environ["HBM"])
SCENARIO = os.path.join(os.environ["HBM_SOURCE_DIR"], "scenarios/two-posts")
SHORT = ["--quiet", "--threads=1", "--set=scale=0.05"]
KILLS = 60
SEED = 20310301
failures = 0
claims = 0


def claim(holds, words):
    global failures, claims
    claims += 1
    if not holds:
        failures += 1
        print(f"not so: {words}")


def arguments(out="out.h5", seed=1):
    return [HBM, "run", *SHORT, f"--seed={seed}", f"--out={out}", SCENARIO]


def run(out="out.h5", seed=1, limit=None):
    def become():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing beyond the limit fails, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return subprocess.run(arguments(out, seed), capture_output=True, preexec_fn=become if limit else None, check=False)


def is_whole(path):
    return subprocess.run([HBM, "info", path], capture_output=True, check=False).returncode == 0


def content(path):
    with open(path, "rb") as file:
        return file.read()


def stays_earlier(done, earlier, folder, words):
    claim(done.returncode == 1, f"{words}: exit code {done.returncode}")
    claim(done.stderr.strip() != b"", f"{words}: nothing is said")
    claim(content(f"{folder}/out.h5") == earlier, f"{words}: the earlier file is not what it was")
    claim(os.listdir(folder) == ["out.h5"], f"{words}: left are {os.listdir(folder)}")


def try_limits():
    """The file may not grow beyond a part of what it needs."""
    claim(run(seed=2).returncode == 0, "without a limit a run works")
    needed = len(content("out.h5"))  # another seed's file has another size
    claim(run().returncode == 0, "a run replaces an earlier file")
    earlier = content("out.h5")
    for part in [1, 4096, *(needed * k // 10 for k in range(1, 10)), needed - 1]:
        stays_earlier(run(seed=2, limit=part), earlier, ".", f"at most {part} bytes a file")
    os.unlink("out.h5")
    done = run(limit=len(earlier) // 2)
    claim(done.returncode == 1 and os.listdir(".") == [],
          f"with a limit and no earlier file: exit code {done.returncode}, left are {os.listdir('.')}")


def try_full_disk():
    os.mkdir("disk")
    if os.geteuid() != 0 or subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1200k", "none", "disk"],
                                           capture_output=True, check=False).returncode != 0:
        print("no tmpfs can be mounted: the full disk is left out")
        os.rmdir("disk")
        return
    try:
        claim(run("disk/out.h5").returncode == 0, "on an empty disk a run works")
        earlier = content("disk/out.h5")
        with open("disk/filler", "wb", buffering=0) as to:
            try:
                while to.write(b"x" * 4096) == 4096:
                    pass
            except OSError:
                pass
        for free in (0, 4096, 65536, 200000):
            os.truncate("disk/filler", os.path.getsize("disk/filler") - free)
            done = run("disk/out.h5", seed=2)
            claim(done.returncode == 1 and done.stderr.strip() != b"",
                  f"{free} more bytes free: exit code {done.returncode}")
            claim(content("disk/out.h5") == earlier, f"{free} more bytes free: the earlier file is not what it was")
            claim(
                sorted(os.listdir("disk")) == ["filler", "out.h5"],
                f"{free} more bytes free: left are {os.listdir('disk')}")
    finally:
        subprocess.run(["umount", "disk"], check=True)
    os.rmdir("disk")


def try_signal(number, delay, seed, earlier):
    before = set(os.listdir("."))  # a killed run may have left something
    child = subprocess.Popen(arguments(seed=seed), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    time.sleep(delay)
    child.send_signal(number)
    words = child.communicate()[1]
    name = signal.Signals(number).name
    now = content("out.h5")
    claim(now == earlier or is_whole("out.h5"), f"{name} after {delay:.3f} s: a damaged file")
    if number != signal.SIGKILL:
        claim(set(os.listdir(".")) <= before, f"{name} after {delay:.3f} s: left are {os.listdir('.')}")
        claim(child.returncode in (0, 1, -number),
              f"{name} after {delay:.3f} s: exit code {child.returncode}: {words!r}")
    if b"no results written" in words:
        claim(now == earlier, f"{name} after {delay:.3f} s: results are there although the program says no")
    if child.returncode == 0:
        claim(now != earlier, f"{name} after {delay:.3f} s: exit code 0 without new results")
    return now, child.returncode


def try_signals():
    claim(run().returncode == 0, "a run works")
    begin = time.monotonic()
    claim(run().returncode == 0, "a run works")
    usual = time.monotonic() - begin
    earlier = content("out.h5")
    chance = random.Random(SEED)
    stopped = 0
    for i in range(KILLS):
        number = (signal.SIGTERM, signal.SIGINT, signal.SIGKILL)[i % 3]
        earlier, code = try_signal(number, chance.uniform(0, 1.2 * usual), i + 2, earlier)
        stopped += code != 0
    claim(0 < stopped < KILLS, f"signals came before the end {stopped} times of {KILLS}: the instants are ill chosen")
    claim(run().returncode == 0 and os.listdir(".") == ["out.h5"],
          f"after killed runs the next one tidies up; left are {os.listdir('.')}")
    print(f"{KILLS} signals, {stopped} before the end")


def main():
    with tempfile.TemporaryDirectory(prefix="hbm-writing-") as folder:
        for test in (try_limits, try_full_disk, try_signals):
            os.chdir(tempfile.mkdtemp(dir=folder))
            test()
        os.chdir("/")
    print(f"{claims - failures} passed, {failures} failed")
    return failures != 0


if __name__ == "__main__":
    sys.exit(main())
