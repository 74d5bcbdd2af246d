#!/usr/bin/python3
"""Lines of code and comments are at most 120 characters wide: C, CMake, Python and shell.

C is held by clang-format too, but it leaves long words and strings. HBM_SOURCE_DIR is the repository."""
import os
import sys
import tempfile

MOST = 120
FOLDERS = ("sim", "models", "tools", "tests")
ENDINGS = (".c", ".h", ".cmake", ".py", ".sh", "CMakeLists.txt")


def too_wide(source):
    """(FILE:LINE, width) of each line that is too wide; characters count, not bytes."""
    for top in FOLDERS:
        for folder, _, names in sorted(os.walk(os.path.join(source, top))):
            for name in sorted(names):
                path = os.path.join(folder, name)
                if name.endswith(ENDINGS):
                    with open(path, encoding="utf-8") as file:
                        for number, line in enumerate(file, 1):
                            if len(line.rstrip("\n")) > MOST:
                                yield f"{os.path.relpath(path, source)}:{number}", len(line.rstrip("\n"))


def finds_them():
    """A line of 121 is named, one of 120 that has more bytes is not."""
    with tempfile.TemporaryDirectory(prefix="width-") as source:
        os.makedirs(os.path.join(source, "tools/plot"))
        with open(os.path.join(source, "tools/plot/map.c"), "w", encoding="utf-8") as file:
            file.write("ß" * MOST + "\n" + "x" * (MOST + 1) + "\n")
        return list(too_wide(source)) == [("tools/plot/map.c:2", MOST + 1)]


def main():
    wide = list(too_wide(os.environ["HBM_SOURCE_DIR"]))
    for place, width in wide:
        print(f"{place}: {width} characters, more than {MOST}")
    works = finds_them()
    print(f"{'ok    ' if works else 'FAILED'} a line of {MOST + 1} characters is named, one of {MOST} is not")
    print(f"{'FAILED' if wide else 'ok    '} no line is wider than {MOST} characters")
    return bool(wide) or not works


if __name__ == "__main__":
    sys.exit(main())
