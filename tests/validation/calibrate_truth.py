#!/usr/bin/python3
"""`hbm calibrate` recovers the parameters of a synthetic truth: its 95% intervals cover them, and what cannot be told
is not told.

100 repeats (HBM_REPEATS: another number), each with a nature and a calibration of seeds of their own. With a coverage
of exactly 95% fewer than 88 of 100 intervals cover with a probability of 0.15%, so that two parameters fail by chance
0.3% of the time (over the choice of seeds, which are fixed). The estimates' mean is within 3.5 standard errors of the
truth (0.05% each)."""
import math
import functools
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.environ["HBM_SOURCE_DIR"], "tests", "support"))
import synthetic_truth as truth  # noqa: E402

print = functools.partial(print, flush=True)
REPEATS = int(os.environ.get("HBM_REPEATS", "100"))
PRODUCT_REPEATS = max(REPEATS // 5, 1)


def binomial_below(n, p, k):
    return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k))


def least_hits(n):
    """The largest number that a coverage of 95% falls short of in at most 0.2% of cases."""
    k = 0
    while binomial_below(n, 0.95, k + 1) <= 0.002:
        k += 1
    return k


def recovers(folder):
    hits, estimates, widths = {}, {}, {}
    for repeat in range(REPEATS):
        truth.observe(folder, 1000 + repeat)
        outcome = truth.calibrate(folder, *truth.FACTORS, "--seed", str(2000 + repeat))
        for p in outcome["parameters"]:
            path, true = p["path"], truth.TRUTH[p["path"]]
            estimates.setdefault(path, []).append(p["estimate"])
            if p["determined"]:
                hits[path] = hits.get(path, 0) + (p["low"] <= true <= p["high"])
                widths.setdefault(path, []).append(p["high"] - p["low"])
    good = True
    for path, values in estimates.items():
        mean = sum(values) / len(values)
        sd = math.sqrt(sum((v - mean) ** 2 for v in values) / (len(values) - 1))
        away = (mean - truth.TRUTH[path]) / (sd / math.sqrt(len(values)))
        told = len(widths.get(path, []))
        fine = hits.get(path, 0) >= least_hits(REPEATS) and told == REPEATS and abs(away) < 3.5
        good = good and fine
        print(
            f"{path}: true {truth.TRUTH[path]:g}, mean of estimates {mean:.5g} (sd {sd:.3g}, {away:+.1f} standard "
            f"errors), determined in {told}, "
            f"covered by 95% intervals in {hits.get(path, 0)} of {REPEATS} (at least {least_hits(REPEATS)}), mean "
            f"width "
            f"{sum(widths.get(path, [0])) / max(told, 1):.3g}: {'fine' if fine else 'NOT FINE'}")
    return good


def tells_product(folder):
    told = 0
    for repeat in range(PRODUCT_REPEATS):
        truth.observe(folder, 3000 + repeat, talkers=1)
        outcome = truth.calibrate(folder, *truth.PRODUCT, "--seed", str(4000 + repeat))
        words = outcome["loose"][0]["words"] if outcome["loose"] else ""
        told += not any(p["determined"] for p in outcome["parameters"]) and "can be made up for by a fall in" in words
        product = outcome["parameters"][0]["estimate"] * outcome["parameters"][1]["estimate"]
        print(f"  product {product:.4f} (true 0.08): {words}")
    print(f"two shares of which the product alone matters: told in {told} of {PRODUCT_REPEATS}")
    return told >= 0.9 * PRODUCT_REPEATS


def main():
    with tempfile.TemporaryDirectory() as folder:
        good = [recovers(folder), tells_product(folder)]
    if not all(good):
        sys.exit("calibrate_truth.py: the truth is not recovered as promised")


main()
