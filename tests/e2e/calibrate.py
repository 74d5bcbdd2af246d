#!/usr/bin/python3
"""`hbm calibrate` as a user starts it: a synthetic truth comes back (three repeats; validation/calibrate_truth has the
hundred), what cannot be told is told so, a fit is never called more than a fit, held-out numbers are scored beside
naive rules, a killed calibration goes on to the same numbers, and wrong input is refused with its place. HBM is the
program, HBM_SOURCE_DIR the repository."""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.environ["HBM_SOURCE_DIR"], "tests", "support"))
import h5py  # noqa: E402
import numpy as np  # noqa: E402
import synthetic_truth as truth  # noqa: E402

FEW = ["--reps", "5", "--evaluations", "30", "--bootstrap", "40"]
FAILED = []


def claim(holds, what):
    print(("ok    " if holds else "WRONG ") + what, flush=True)
    if not holds:
        FAILED.append(what)


def run(*arguments):
    done = subprocess.run([truth.HBM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done.returncode, done.stdout, done.stderr


def fingerprint(path):
    return run("info", "--hash", path)[1].strip()


def the_truth_comes_back(folder):
    covered = 0
    for repeat in range(3):
        truth.observe(folder, 1000 + repeat)
        outcome = truth.calibrate(folder, *truth.FACTORS, "--seed", str(2000 + repeat))
        for p in outcome["parameters"]:
            true = truth.TRUTH[p["path"]]
            claim(p["determined"] and abs(p["estimate"] / true - 1) < 0.1,
                  f"{p['path']} comes back as {p['estimate']:.4g}, true {true:g}")
            covered += p["determined"] and p["low"] <= true <= p["high"]
    claim(covered >= 4, f"{covered} of 6 intervals cover the truth (fewer than 4: 0.2%)")


def a_product_is_told(folder):
    truth.observe(folder, 3000, talkers=1)
    outcome = truth.calibrate(folder, *truth.PRODUCT, "--seed", "4000")
    claim(not any(p["determined"] or p["low"] is not None for p in outcome["parameters"]),
          "two shares of one product get no intervals")
    claim(
        len(outcome["loose"]) == 1 and "can be made up for by a fall in" in outcome["loose"][0]["words"],
        "it is said which makes up for which")


def a_fit_is_a_fit(folder, out):
    truth.observe(folder, 1001)
    code, text, errors = run("calibrate", folder, *truth.FACTORS, *FEW, "--out", out, "--quiet")
    claim(code == 0 and errors == "", "a calibration without hold-out is done")
    claim("This is a fit and nothing more" in text and "validat" not in text.lower() and "RMSE" not in text,
          "it is called a fit, and nothing more")
    with h5py.File(out) as file:
        words = " ".join(str(v)
                         for v in file.attrs.values()) + " ".join(file["provenance"]) if "provenance" in file else ""
        claim("held_out" not in file, "its results have no score")
        claim("validat" not in words.replace("/validation/", "").lower(), "its results call it nothing else")
        claim(set(file["observations/role"][:]) == {0}, "all its observations are fitted")


def held_out_numbers_are_scored(folder, out):
    code, text, _ = run("calibrate", folder, *truth.FACTORS, *FEW, "--hold-out", "30%", "--out", out, "--quiet")
    claim(code == 0 and "As last time" in text and "errs less than both naive rules" in text,
          "the held-out score stands beside naive rules")
    with h5py.File(out) as file:
        o = {name: data[:] for name, data in file["observations"].items() if data.ndim == 1}
        for kind, column in enumerate(("people", "wait_h")):
            fitted = (o["of_column"] == kind) & (o["role"] == 0)
            held = (o["of_column"] == kind) & (o["role"] == 1)
            claim(o["end"][held].min() > o["end"][o["role"] == 0].max(),
                  f"{column}: what is held out is later than all that is fitted")
            last = o["observed"][fitted][np.argmax(o["end"][fitted])]
            rules = {"model": o["simulated"][held], "last": last, "mean": o["observed"][fitted].mean()}
            for rule, forecast in rules.items():
                rmse = np.sqrt(np.mean((forecast - o["observed"][held]) ** 2))
                claim(
                    abs(file[f"held_out/{rule}_rmse"][kind] - rmse) < 1e-6 * (1 + rmse),
                    f"{column}: RMSE of {rule} is {rmse:.6g}, as reckoned anew")
        axes = {"parameter", "observation", "replication", "evaluation"}
        claim(axes <= {scale
                       for group in file.values() if isinstance(group, h5py.Group)
                       for scale in group}, "the results have the axes promised")


def observed_stands_beside_fitted_in_a_plot(out, work):
    if shutil.which("gnuplot") is None:
        print("SKIPPED: no gnuplot")
        return
    code, _, errors = run("plot", out, "--out", os.path.join(work, "plots"), "--format", "svg,png")
    claim(code == 0 and "left out" not in errors, "a calibration is drawn, and nothing else is missed")
    with open(os.path.join(work, "plots", "fit.svg"), encoding="utf-8") as file:
        drawing = file.read()
    claim("Gate: people who crossed in 6 h" in drawing and "held out" in drawing,
          "the plot has its panels and what was held out")


def the_numbers_do_not_depend_on_threads_or_kills(folder, work):
    common = ["calibrate", folder, *truth.FACTORS, "--reps", "10", "--bootstrap", "60", "--quiet"]
    one, two, killed = (os.path.join(work, name) for name in ("one.h5", "two.h5", "killed.h5"))
    codes = [run(*common, "--threads", "1", "--out", one)[0], run(*common, "--threads", "2", "--out", two)[0]]
    claim(codes == [0, 0] and fingerprint(one) == fingerprint(two) != "", "one thread and two give the same bits")
    journal = os.path.join(work, "killed.h5.journal")
    process = subprocess.Popen([truth.HBM, *common, "--threads", "1", "--out", killed], stdout=subprocess.DEVNULL)
    while process.poll() is None and not (os.path.exists(journal) and os.path.getsize(journal) > 100000):
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    was_killed = process.wait() == -signal.SIGKILL
    claim(was_killed and os.path.exists(journal) and not os.path.exists(killed),
          "a killed calibration leaves its journal, no results")
    code, text, errors = run("resume", journal)
    claim(code == 0 and fingerprint(killed) == fingerprint(one), f"'hbm resume' comes to the same bits {errors}")


def wrong_input_is_refused(folder, work):
    out = os.path.join(work, "refused.h5")
    bare = os.path.join(work, "bare.yaml")
    with open(os.path.join(folder, "scenario.yaml"), encoding="utf-8") as file:
        text = file.read()
    with open(bare, "w", encoding="utf-8") as file:
        file.write(text.replace("observed: observed.csv\n", ""))
    factor = ["--factor", "scale=0.5..2"]
    for name, scenario, options, words in (
        ("no observations", bare, factor, "has no observations"), ("no factor", folder, [], "at least one --factor"),
        ("an unknown path", folder, ["--factor", "stations.check.tme=40 s..90 s"], "stations.check.tme"),
        ("an unknown element", folder, ["--factor", "stations.chek.time.lognormal.mean=40 s..90 s"],
         "did you mean \"check\""), ("no range", folder, ["--factor", "scale"],
                                     "--factor:1:1"), ("a range upside down", folder, ["--factor", "scale=2..1"],
                                                       "the low end must be below"),
        ("a wrong unit", folder, ["--factor", truth.MEAN + "=40 km..90 km"],
         "is a length"), ("whole numbers", folder, ["--factor", "posts.Gate.entry.stations.check.desks=1..4"],
                          "whole numbers are not fitted"), ("a list", folder, ["--factor", "scale=1,2"],
                                                            "lists are not fitted"),
        ("a factor twice", folder, factor + factor,
         "given twice"), ("more factors than numbers", folder,
                          truth.FACTORS + ["--fit-until", "6 h", "--columns", "wait_h"],
                          "cannot determine 2 factors"), ("a wrong share", folder, factor + ["--hold-out", "130%"],
                                                          "--hold-out wants a share"),
        ("nothing to fit", folder, factor + ["--fit-until", "1 h"],
         "nothing is left to be fitted"), ("nothing held out", folder, factor + ["--fit-until", "2031-04-01"],
                                           "nothing is held out"), ("a wrong column", folder,
                                                                    factor + ["--columns", "waits"],
                                                                    "there is no column 'waits'"),
        ("parts", folder, factor + ["--shard", "1/2"],
         "cannot be run in parts"), ("too few points", folder, factor + ["--evaluations", "3"], "at least 8 points")):
        code, stdout, errors = run("calibrate", scenario, *options, "--out", out, "--quiet")
        claim(code == 2 and words in errors and stdout == "",
              f"{name}: refused with \"{words}\"" + ("" if words in errors else f"\n{errors}"))
    claim(not [name for name in os.listdir(work) if name.startswith("refused")], "nothing is left of what was refused")


def main():
    with tempfile.TemporaryDirectory() as work:
        folder = os.path.join(work, "gate")
        the_truth_comes_back(folder)
        a_product_is_told(folder)
        a_fit_is_a_fit(folder, os.path.join(work, "fit.h5"))
        held_out_numbers_are_scored(folder, os.path.join(work, "held.h5"))
        observed_stands_beside_fitted_in_a_plot(os.path.join(work, "held.h5"), work)
        the_numbers_do_not_depend_on_threads_or_kills(folder, work)
        wrong_input_is_refused(folder, work)
    if FAILED:
        sys.exit(f"calibrate.py: {len(FAILED)} claims do not hold")


main()
