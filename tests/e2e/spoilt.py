#!/usr/bin/env python3
"""Each top-level key of each effects scenario is spoilt in turn: its value is no value for it, or has a key that it
does not know. `hbm check` ends with 2, never with a signal, and says where. What other models make of what could not
be read must not be a crash: orders act on models that have read nothing."""
import glob
import os
import re
import subprocess
import sys
import tempfile

HBM = os.environ["HBM"]
EFFECTS = os.path.join(os.environ["HBM_SOURCE_DIR"], "tests/model/effects")


def spoilt(lines):
    """(key, text) for each way in which a top-level key can be spoilt on its own line or the next."""
    for i, line in enumerate(lines):
        key = re.match(r"([a-z_]+):(.*)$", line)
        if not key:
            continue
        value, below = key[2].strip(), lines[i + 1] if i + 1 < len(lines) else ""
        if value and not value.startswith("#"):
            yield key[1], lines[:i] + [f"{key[1]}: [[7 zz]]"] + lines[i + 1:]
        if value.startswith("{"):
            yield key[1], lines[:i] + [line.replace("{", "{bogus_key: 1, ", 1)] + lines[i + 1:]
        elif not value and below.strip().startswith("- {"):
            yield key[1], lines[:i + 1] + [below.replace("{", "{bogus_key: 1, ", 1)] + lines[i + 2:]
        elif not value and re.match(r" +[A-Za-z]", below):
            indent = below[:len(below) - len(below.lstrip())]
            yield key[1], lines[:i + 1] + [indent + "bogus_key: 1"] + lines[i + 1:]


def check(path):
    return subprocess.run([HBM, "check", path], capture_output=True, text=True, timeout=60)


def main():
    tried, wrong = 0, []
    for scenario in sorted(glob.glob(EFFECTS + "/*/*.yaml")):
        if scenario.endswith(".plan.yaml"):
            continue
        with open(scenario, encoding="utf-8") as file:
            lines = file.read().split("\n")
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "scenario.yaml")
            for key, text in spoilt(lines):
                with open(path, "w", encoding="utf-8") as file:
                    file.write("\n".join(text))
                done = check(path)
                tried += 1
                said = done.stdout + done.stderr
                if done.returncode != 2 or not re.search(r"scenario\.yaml:\d+:\d+: error: ", said):
                    wrong.append(f"{os.path.basename(scenario)}, {key}: {done.returncode}\n{said[:400]}")
    if tried < 300:
        wrong.append(f"only {tried} spoilt scenarios were found: the test is out of date")
    print("\n".join(wrong))
    print(f"{tried} spoilt scenarios checked")
    print(f"{tried - len(wrong)} passed, {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
