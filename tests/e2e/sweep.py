"""hbm sweep on a small two-posts: what stands in the file, mistakes told before anything runs, failed runs kept and
told, points to and from others, parts, and the plots. Each claim is one line; all are tried, and the failures
counted."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy

HBM = os.path.abspath(os.environ["HBM"])
SCENARIO = os.path.join(os.environ["HBM_SOURCE_DIR"], "scenarios", "two-posts")
MEAN, HEAD = "stations.entry_check.time.lognormal.mean", "rosters.lowland_bridge_officers.shifts.0.head"
here = tempfile.mkdtemp()
os.chdir(here)
failures = 0


def claim(truth, words):
    global failures
    if not truth:
        failures += 1
        print("not so:", words)


def hbm(*arguments):
    return subprocess.run([HBM, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
                          timeout=120)


def sweep(*arguments):
    return hbm("sweep", SCENARIO, "--set", "scale=0.05", "--quiet", *arguments)


def words(done):
    return f"exit {done.returncode}: {done.stderr[-300:]}"


def factorial():
    done = sweep("--factor", f"{MEAN}=40..90 s", "--factor", f"{HEAD}=4..12", "--reps", "2", "--out", "f.h5")
    claim(done.returncode == 0 and "40 s" in done.stdout and "wait.mean" in done.stdout,
          "a factorial is a table of points; " + words(done))
    with h5py.File("f.h5") as file:
        value, run, mean, status = (file[f"sweep/{name}"][:] for name in ("value", "run", "mean", "status"))
        claim(list(file["sweep/factor"].asstr()) == [MEAN, HEAD], "factors are labelled by their paths")
        claim(value.tolist() == [[m, h] for m in (40, 65, 90) for h in (4, 8, 12)],
              "values are in SI, the last factor fastest")
        claim(run.shape == (9, 2, 4) and numpy.allclose(mean, run.mean(axis=1), rtol=1e-14),
              "means are those of the replications")
        claim((status == 0).all() and numpy.isfinite(run).all(), "all runs came to their end")
        text = [
            file.attrs["design"].decode(), file.attrs["levels"].decode(), file["provenance/factor_units"].asstr()[()]
        ]
        claim(text == ["factorial", "3", "s\n1"], f"the file tells the design: {text}")
        return run


def one_point_is_a_run(run):
    hbm("run", SCENARIO, "--quiet", "--set", "scale=0.05", "--set", f"{MEAN}=65 s", "--set", f"{HEAD}=4", "--reps", "2",
        "--out", "r.h5")
    with h5py.File("r.h5") as file:
        names = list(file["key/figure"].asstr())
        claim(file["key/value"][:, names.index("wait.mean")].tolist() == run[3, :, 0].tolist(),
              "a point has the numbers of hbm run at its settings")


def luck_is_the_same_at_all_points():
    sweep("--factor", "target_wait=1 h,2 h,3 h", "--reps", "2", "--figure", "wait.mean", "--figure",
          "wait.within_target", "--out", "l.h5")
    with h5py.File("l.h5") as file:
        run = file["sweep/run"][:]
        claim((run[:, :, 0] == run[0, :, 0]).all() and run[0, 0, 0] != run[0, 1, 0],
              "what a factor does not touch is the same at all points")
        claim((numpy.diff(run[:, :, 1], axis=0) >= 0).all(), "and what it does changes")


def mistakes():
    rows = [
        (["--factor", "stations.entry_check.desk=1..3"], ["no parameter has the path", 'did you mean "desks"']),
        (["--factor", "stations.entry_chek.desks=1..3"], ["its low end", 'did you mean "entry_check"']),
        (["--factor", f"{MEAN}=40..90"], ["has no unit"]),
        (["--factor", f"{MEAN}=40 s..9 km"], ['"9 km" is a length']),
        (["--factor", f"{HEAD}=0..100000000"], ["its high end", "out of range"]),
        (["--factor", "people.traits.child.share=0.2..1.2"], ["its high end"]),
        (["--factor",
          "stations.registration.procedure=full,houshold"], ["a value of its list", 'did you mean "household"']),
        (["--factor", f"{HEAD}=4..12", "--factor", f"{HEAD}=5..6"], ["given twice"]),
        (["--factor", f"{HEAD}=4..12", "--figure", "wait.men"], ["wait.mean"]),
        (["--factor", f"{HEAD}=4..12", "--design", "sobool"], ["--design wants"]),
        (["--factor", f"{HEAD}=4..12", "--design", "morris", "--levels", "3"], ["even number"]),
        (["--factor", f"{HEAD}=4..12", "--design", "points"], ["--from"]),
        (["--factor", f"{HEAD}=4..12", "--points", "20"], ["--levels"]),
        (["--factor", f"{HEAD}=4..12", "--design", "lhs", "--levels", "3"], ["--levels says nothing"]),
        (["--factor", f"{HEAD}=4..12", "--design", "lhs", "--points", "10000000", "--reps", "2"], ["more than"]),
        (["--from", "missing.csv"], ["missing.csv", "does not exist"]),
        (["--problem", "missing.txt"], ["missing.txt", "does not exist"]),
        ([], ["what is varied?"]),
    ]
    for arguments, said in rows:
        done = sweep(*arguments, "--out", "x.h5")
        claim(done.returncode == 2 and all(word in done.stderr for word in said),
              f"{arguments} is refused: {words(done)}")
        claim(not os.path.exists("x.h5") and not os.path.exists("x.h5.journal"), f"{arguments} leaves nothing")
    many = [word for i in range(21) for word in ("--factor", f"people.group_size.empirical.weights.{i}=1..2")]
    done = sweep(*many[:40], "--factor", f"{HEAD}=4..12", "--design", "sobol", "--out", "x.h5")
    claim(done.returncode == 2, "more factors than Sobol's sequence has room for are refused: " + words(done))
    done = sweep("--factor", f"{MEAN}=40 s..9 km", "--json", "--out", "x.h5")
    claim(done.returncode == 2 and json.loads(done.stdout)[0]["file"] == "--factor", "as JSON, too")


def failing_points():
    """Each end is fine beside the other's present value; low above high is not."""
    bay = "stations.bus_bay.time.uniform"
    common = ["--factor", f"{bay}.low=0.5..2.5 min", "--factor", f"{bay}.high=1.5..3 min", "--figure", "wait.mean"]
    done = sweep(*common, "--design", "factorial", "--levels", "2", "--reps", "2", "--out", "b.h5")
    claim(
        done.returncode == 1 and "2 of 8 runs failed" in done.stderr and "bounds are in the wrong order" in done.stderr,
        "failed runs are counted, told, and make the exit code 1: " + words(done))
    with h5py.File("b.h5") as file:
        claim(file["sweep/status"][:].tolist() == [[0, 0], [0, 0], [-2, -2], [0, 0]], "their status stands in the file")
        claim(
            numpy.isnan(file["sweep/run"][2]).all() and numpy.isnan(file["sweep/mean"][2]).all() and
            numpy.isfinite(file["sweep/mean"][3]).all(), "they have no figures, the others have")
    done = sweep(*common, "--factor", f"{MEAN}=40..90 s", "--design", "sobol", "--points", "16", "--out", "b.h5")
    with h5py.File("b.h5") as file:
        bad = (file["sweep/status"][:, 0].reshape(16, 5) != 0).any(axis=1)
        claim(done.returncode == 1 and 0 < bad.sum() < 16 and file["sobol/rows"][0] == 16 - bad.sum(),
              "a row with a failed run is left out whole, others count")
        claim(f"({16 - bad.sum()} of 16 rows)" in done.stdout and numpy.isfinite(file["sobol/total"][:]).all(),
              "and the table tells how many")


def others():
    common = [
        "--factor", f"{MEAN}=40..90 s", "--factor", f"{HEAD}=4..12", "--factor",
        "stations.registration.procedure=full,household"
    ]
    done = sweep(*common, "--design", "sobol", "--points", "8", "--export", "out", "--figure", "wait.mean", "--out",
                 "s.h5")
    claim(
        done.returncode == 0 and
        sorted(os.listdir("out")) == ["points.csv", "points.txt", "problem.txt", "wait.mean.txt"],
        "an export is four files: " + words(done))
    points, outputs = numpy.loadtxt("out/points.txt"), numpy.loadtxt("out/wait.mean.txt")
    with h5py.File("s.h5") as file:
        mean, total = file["sweep/mean"][:, 0], file["sobol/total"][:]
        claim(points.shape == (40, 3) and (points == file["sweep/value"][:]).all() and (outputs == mean).all(),
              "with the file's numbers, as numpy reads them")
    done = sweep("--from", "out/points.csv", "--figure", "wait.mean", "--out", "c.h5")
    with h5py.File("c.h5") as file:
        claim(done.returncode == 0 and (file["sweep/mean"][:, 0] == mean).all(),
              "the points come back as CSV: " + words(done))
    done = sweep(*common, "--from", "out/points.txt", "--design", "sobol", "--figure", "wait.mean", "--out", "t.h5")
    with h5py.File("t.h5") as file:
        claim(done.returncode == 0 and (file["sobol/total"][:] == total).all(),
              "and as numbers, with the same indices: " + words(done))
    done = sweep(*common, "--from", "out/points.txt", "--design", "morris", "--out", "x.h5")
    claim(done.returncode == 2 and "not trajectories" in done.stderr,
          "points are held to the design that they are said to be of: " + words(done))
    with open("problem.txt", "w", encoding="utf-8") as file: # as by hand, and as "salib sample latin" writes points
        file.write(f"# seconds\n{MEAN} 40 90\n{HEAD} 4 12\n")
    numpy.savetxt("model_input.txt", numpy.array([[40, 4.2], [77.5, 11.9], [90, 8]]), delimiter=" ", fmt="%.8e")
    done = sweep("--problem", "problem.txt", "--from", "model_input.txt", "--figure", "wait.mean", "--out", "p.h5")
    with h5py.File("p.h5") as file:
        claim(done.returncode == 0 and file["sweep/value"][:].tolist() == [[40, 4], [77.5, 12], [90, 8]],
              "SALib's files are read: " + words(done))


def trajectories():
    done = sweep("--factor", f"{MEAN}=40..90 s", "--factor", f"{HEAD}=4..12", "--factor", "target_wait=1..3 h",
                 "--design", "morris", "--points", "6", "--figure", "wait.mean", "--json", "--out", "m.h5")
    told = json.loads(done.stdout) if done.returncode == 0 else {}
    claim(
        told.get("points") == 24 and told["figures"][0]["factors"][0]["mu"] > 0 and
        told["figures"][0]["factors"][2]["mu_star"]["value"] == 0,
        "longer checks mean longer waits, a target none: " + words(done))


def plans():
    for name, desks in (("few", 4), ("many", 14)):
        with open(f"{name}.yaml", "w", encoding="utf-8") as file:
            file.write(
                f"hbm_plan: 1\nname: {name}\nposts: {{Bridge: {{entry: {{stations: {{entry_check: {{desks: "
                f"{desks}}}}}}}}}}}\n"
            )
    done = sweep("--plan", "few.yaml", "--plan", "many.yaml", "--factor", f"{MEAN}=40..90 s", "--levels", "2",
                 "--figure", "wait.mean", "--out", "q.h5")
    claim(done.returncode == 0, "plans are a factor: " + words(done))
    if done.returncode == 0:
        with h5py.File("q.h5") as file:
            claim(
                list(file["sweep/factor"].asstr()) == [MEAN, "plan"] and
                file["sweep/mean"][2, 0] > file["sweep/mean"][3, 0], "and more desks help")


def parts():
    common = [
        "--factor", f"{MEAN}=40..90 s", "--design", "lhs", "--points", "9", "--figure", "wait.mean", "--out", "w.h5"
    ]
    sweep(*common)
    whole = hbm("info", "--hash", "w.h5").stdout
    os.unlink("w.h5")
    for i in (2, 1):
        claim(sweep(*common, "--shard", f"{i}/2").returncode == 0, "a part is run")
    done = hbm("merge", "w.h5.1-of-2.journal", "w.h5.2-of-2.journal")
    claim(done.returncode == 0 and whole != "" and hbm("info", "--hash", "w.h5").stdout == whole,
          "parts come to the same results: " + words(done))

    shutil.copy("out/points.csv", "points.csv")
    sweep("--from", "points.csv", "--figure", "wait.mean", "--shard", "1/2", "--out", "v.h5")
    with open("points.csv", "a", encoding="utf-8") as file:
        file.write('"50 s","5","full"\n')
    done = hbm("merge", "v.h5.1-of-2.journal")
    claim(done.returncode == 2 and "points.csv" in done.stderr and "changed" in done.stderr,
          "points that changed meanwhile are refused: " + words(done))


def plots():
    for name, drawn in (("s", ["response.svg", "sobol.svg"]), ("m", ["morris.svg"]), ("f", ["response.svg"])):
        done = hbm("plot", f"{name}.h5", "--out", f"plots-{name}")
        claim(done.returncode == 0 and sorted(os.listdir(f"plots-{name}")) == drawn and "left out" not in done.stdout,
              f"plots of {name}: {words(done)} {done.stdout}")


one_point_is_a_run(factorial())
luck_is_the_same_at_all_points()
mistakes()
failing_points()
others()
trajectories()
plans()
parts()
plots()
shutil.rmtree(here)
print("all claims hold" if failures == 0 else f"{failures} claims do not hold")
sys.exit(failures > 0)
