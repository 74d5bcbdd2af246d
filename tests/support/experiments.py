"""What tests of experiments share: a small sweep, the ways to run them (threads, MPI ranks), their journals and
results.

HBM is the program; the MPI programs are looked for beside it."""
import hashlib
import os
import shutil
import struct
import subprocess

HBM = os.path.abspath(os.environ["HBM"])
SCENARIO = os.path.join(os.environ["HBM_SOURCE_DIR"], "scenarios/two-posts")
MPI_ENVIRONMENT = {
    "OMPI_ALLOW_RUN_AS_ROOT": "1",
    "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1",  # more ranks than cores
    "OMPI_MCA_hwloc_base_binding_policy": "none",
    "OMPI_MCA_btl": "self,vader,tcp",
    "OMPI_MCA_mpi_yield_when_idle": "1",
}


def small(replications):
    """Words of a sweep over two points, of 2.5 ms a task or so."""
    return ["sweep", SCENARIO, "--quiet", "--factor=scale=0.05,0.06", f"--reps={replications}"]


def mpi_programs():
    """[(name, [launcher, option for the number of ranks], program)] of what is installed here."""
    found = []
    for name in ("openmpi", "mpich"):
        launcher, program = shutil.which(f"mpirun.{name}"), os.path.join(os.path.dirname(HBM), f"hbm-{name}")
        if launcher and os.path.exists(program):
            found.append((name, [launcher, "-n"], program))
    return found


def environment(**more):
    return dict(os.environ, **MPI_ENVIRONMENT, **more)


def run(arguments, program=(HBM,), **more):
    return subprocess.run([*program, *arguments], stdin=subprocess.DEVNULL, capture_output=True, check=False,
                          timeout=600, env=environment(**more))


def words_of(done):
    return done.stderr.decode(errors="replace").strip()[-400:]


def results_hash(path):
    """The hash of the results in a file, as the program reads it; None when it is no whole results file."""
    done = run(["info", "--hash", path])
    return done.stdout.decode().strip() if done.returncode == 0 else None


def bytes_hash(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def read_journal(path):
    """Keys of the tasks in a journal, in the order of the file, and the bytes up to the end of the last whole record.
    (sim/task/journal_record.h)"""
    with open(path, "rb") as file:
        content = file.read()
    keys, at = [], 8
    while at + 56 <= len(content):
        size, kind = struct.unpack_from("<II", content, at)
        if at + 72 + size > len(content) or content[at:at + 56] == bytes(56):
            break
        if kind == 1:
            keys.append(content[at + 16:at + 48])
        at += 72 + size
    return keys, content[:at]
