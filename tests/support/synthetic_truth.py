"""A small crisis whose true parameters are known, for tests of `hbm calibrate`: one gate with one desk, 4,000 people in
four days.

One run with a seed of its own plays nature: what it counted becomes the observations. Calibrations use other seeds."""
import datetime
import json
import os
import subprocess

import h5py

HBM = os.path.abspath(os.environ["HBM"])
START = datetime.datetime(2031, 3, 1)
MEAN = "stations.check.time.lognormal.mean"
TRUTH = {MEAN: 60.0, "scale": 1.0}
FACTORS = ["--factor", MEAN + "=40 s..90 s", "--factor", "scale=0.5..2:log"]
# Children alone are talked to. How many there are is the product of two shares.
SHARES = {"people.traits.child.share": 0.4, "people.traits.alone.share": 0.2}
PRODUCT = [
    "--factor", "people.traits.child.share=20 %..80 %:log", "--factor", "people.traits.alone.share=10 %..40 %:log"
]

SCENARIO = """hbm: 1
name: One gate
start: 2031-03-01T00:00+01:00
duration: 4 d
people:
  group_size: {empirical: {values: [1, 2, 3, 4, 5], weights: [3, 3, 2, 2, 1]}}
  traits: {child: {share: 40 %}, alone: {share: 20 %, among: child}}
places:
  Town: {kind: origin}
  Gate: {kind: post}
links:
  - {from: Town, to: Gate, length: 5 km}
displacement:
  - {from: Town, people: 4000, at: 4 h, shape: {gamma: {mean: 36 h, cv: 0.6}}}
stations:
  check: {time: {lognormal: {mean: 60 s, cv: 0.7}}}
  talk: {when: [alone], time: {lognormal: {mean: 18 min, cv: 0.7}}}
posts:
  Gate:
    entry: {stations: {check: {desks: 1}, talk: {desks: TALKERS}}}
observed: observed.csv
"""


def write(folder, rows, talkers=20):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "scenario.yaml"), "w", encoding="utf-8") as file:
        file.write(SCENARIO.replace("TALKERS", str(talkers)))
    with open(os.path.join(folder, "observed.csv"), "w", encoding="utf-8") as file:
        file.write("time,hours,post,people,wait_h\n")
        for end, people, wait in rows:
            time = (START + datetime.timedelta(seconds=end)).isoformat()
            hours = "" if wait != wait else f"{wait / 3600:.3f}"
            file.write(f"{time},6,Gate,{people:.0f},{hours}\n")


def observe(folder, seed, talkers=20):
    """Writes the scenario with what a run of this seed counted: every six hours those who crossed, and the wait
    then."""
    write(folder, [(21600 * (i + 1), 0, 0) for i in range(16)], talkers)
    out = os.path.join(folder, "nature.h5")
    subprocess.run([HBM, "run", folder, "--seed",
                    str(seed), "--out", out, "--quiet", "--threads", "1"], check=True, stdout=subprocess.DEVNULL)
    with h5py.File(out) as file:
        o = file["observed"]
        rows = list(zip(o["end"][:], o["people_simulated"][:], o["wait_simulated"][:]))
    write(folder, rows, talkers)


def calibrate(folder, *options):
    """The outcome as JSON."""
    done = subprocess.run([
        HBM, "calibrate", folder, "--json", "--quiet", "--out",
        os.path.join(folder, "calibrate.h5"), *options
    ], check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)
