#!/usr/bin/python3
"""What the code measures: files in a folder, lengths of functions, state laid out by hand, objects that a change
rebuilds.

    tests/measures.py [--source FOLDER] [--build FOLDER] [--touch FILE ...]

No test: figures to be compared before and after. A build folder (of ninja, up to date) tells what touching a file would
rebuild; nothing is built, and the file gets its time back. For who uses whom: tests/unit/rooms.py --summary."""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter

FOLDERS = ("sim", "models", "tools", "tests")
CODE = ("sim", "models", "tools")
STATE = {  # calls by which a model lays out, saves, restores, frees and records its state by hand
    "allocations": r"\b(?:malloc|calloc|realloc|reallocarray)\s*\(",
    "frees": r"\bfree\s*\(",
    "visits": r"\bmodel_image_visit\w*\s*\(",
    "metrics looked up": r"\bsim_recorder_find\w*\s*\(",
}


def files_of(source, folders, endings=("",)):
    """Paths from the source folder, hidden files and Python's caches left out."""
    for top in folders:
        for folder, below, names in os.walk(os.path.join(source, top)):
            below[:] = sorted(f for f in below if f != "__pycache__")
            for name in sorted(names):
                if not name.startswith(".") and name.endswith(endings):
                    yield os.path.relpath(os.path.join(folder, name), source)


def read(source, path):
    with open(os.path.join(source, path), encoding="utf-8") as file:
        return file.read()


def without_comments(text):
    """C with comments and the insides of strings taken out, its lines kept."""
    pattern = r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\''
    return re.sub(pattern, lambda m: '""'
                  if m.group()[0] in "\"'" else "\n" * m.group().count("\n"), text, flags=re.DOTALL)


def functions(source):
    """(lines, file, line of the opening brace): both braces stand in column 0; they count, and a line for the name."""
    found = []
    for path in files_of(source, CODE, (".c", ".h")):
        opened = None
        for number, line in enumerate(without_comments(read(source, path)).split("\n"), 1):
            if line.startswith("{"):
                opened = number
            elif line.startswith("}") and opened is not None:
                found.append((number - opened + 2, path, opened))
                opened = None
    return sorted(found)


def print_folders(source):
    sizes = Counter(os.path.dirname(path) for path in files_of(source, FOLDERS))
    print(f"folders: {len(sizes)}; files a folder: {max(sizes.values())} at most; the largest:")
    for folder, count in sizes.most_common(6):
        print(f"    {count:4d} {folder}")


def print_lines(source):
    for top in FOLDERS:
        paths = list(files_of(source, [top], (".c", ".h", ".def")))
        print(f"lines of C in {top}: {sum(read(source, p).count(chr(10)) for p in paths)} in {len(paths)} files")


def print_functions(source):
    found = functions(source)
    lengths = [f[0] for f in found]

    def at(share):
        return lengths[min(len(lengths) - 1, int(share * len(lengths)))]

    print(
        f"functions of {', '.join(CODE)}: {len(found)}; lines: median {at(0.5)}, P95 {at(0.95)}, longest "
        f"{lengths[-1]}; the longest:"
    )
    for length, path, line in found[:-6:-1]:
        print(f"    {length:4d} {path}:{line}")


def print_state(source):
    total = Counter()
    for path in files_of(source, ["models"], (".c", ".h")):
        text = without_comments(read(source, path))
        total.update({what: len(re.findall(pattern, text)) for what, pattern in STATE.items()})
    print(
        f"state by hand in models: {', '.join(f'{total[what]} {what}' for what in STATE)}; together "
        f"{sum(total.values())}"
    )


def rebuilt(build):
    """Objects that ninja would compile now. By a copy of its rules under another name: those of build.ninja itself
    would have CMake look for new files first, and tell no more."""
    with tempfile.TemporaryDirectory(prefix="measures-") as folder:
        rules = shutil.copy(os.path.join(build, "build.ninja"), os.path.join(folder, "copy.ninja"))
        said = subprocess.run(["ninja", "-C", build, "-f", rules, "-n"], capture_output=True, text=True,
                              check=True).stdout
    return set(re.findall(r"Building C object (\S+)", said))


def print_rebuilds(source, build, touched):
    before = rebuilt(build)
    if before:
        print(f"not up to date: {len(before)} objects of {build} are to be built anyway and not counted")
    for path in touched:
        full = os.path.join(source, path)
        times = os.stat(full)
        os.utime(full)
        try:
            objects = rebuilt(build) - before
        finally:
            os.utime(full, ns=(times.st_atime_ns, times.st_mtime_ns))
        tests = sum(o.startswith("tests/") for o in objects)
        print(
            f"touching {path} rebuilds {len(objects)} objects: {len(objects) - tests} of the program, {tests} of tests")


def main():
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..")
    parser = argparse.ArgumentParser(description="What the code measures.")
    parser.add_argument("--source", default=here)
    parser.add_argument("--build", help="a build folder of ninja, up to date")
    parser.add_argument("--touch", nargs="+", default=[], metavar="FILE", help="what touching these would rebuild")
    options = parser.parse_args()
    print_folders(options.source)
    print_lines(options.source)
    print_functions(options.source)
    print_state(options.source)
    if options.build:
        print_rebuilds(options.source, options.build, options.touch)
    return 0


if __name__ == "__main__":
    sys.exit(main())
