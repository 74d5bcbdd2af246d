#!/usr/bin/python3
"""Rooms: which folder of sim, models and tools may use which, held by the list tests/rooms.txt.

A room is a folder of the first or second level (models, models/posts); folders in it belong to it. An arrow from room
to room is an #include, or a symbol that an object file takes from another one. None may be added unseen, none may stay
in the list when nothing makes it any more. The same list holds the circles of files that call each other, and which
file alone includes a library that should be replaceable. A folder holds at most 25 files.

Each rule is first tried on a small tree of its own that breaks it. HBM_SOURCE_DIR is the repository, HBM_BINARY_DIR its
build.

    tests/unit/rooms.py --summary [--source FOLDER] [--build FOLDER]    figures, of an older tree too
    tests/unit/rooms.py --renew                                         writes the list as things are
"""
import argparse
import fnmatch
import os
import re
import subprocess
import sys
import tempfile
import textwrap
from collections import Counter, defaultdict

LAYERS = ("sim", "models", "tools")  # each may use those before it
FOLDERS = LAYERS + ("tests",)
MOST_FILES = 25
LIST = "tests/rooms.txt"


def room_of(path):
    return "/".join(path.split("/")[:-1][:2])


# --- what there is: files, includes, calls ---


def read_files(source):
    """Lines of each C file, by its path from the source folder."""
    files = {}
    for layer in LAYERS:
        for folder, _, names in os.walk(os.path.join(source, layer)):
            for name in names:
                if name.endswith((".c", ".h", ".def")):
                    path = os.path.join(folder, name)
                    with open(path, encoding="utf-8") as file:
                        files[os.path.relpath(path, source)] = file.read().split("\n")
    return files


def read_includes(files):
    """(file, line, what is included, whether in quotation marks) of each #include."""
    found = []
    for path, lines in sorted(files.items()):
        for number, line in enumerate(lines, 1):
            match = re.match(r'\s*#\s*include\s*([<"])([^>"]+)[>"]', line)
            if match:
                found.append((path, number, match.group(2), match.group(1) == '"'))
    return found


def find_objects(build, files):
    """The newest object file of each source: a source may be compiled for several targets."""
    newest = {}
    for folder, _, names in os.walk(build):
        for name in names:
            match = re.search(r"/CMakeFiles/[^/]+\.dir/(?:__/)*(.*)\.o$", os.path.join(folder, name))
            if match and match.group(1) in files:
                path = os.path.join(folder, name)
                newest[match.group(1)] = max(newest.get(match.group(1), (0, "")), (os.path.getmtime(path), path))
    return {source: path for source, (_, path) in newest.items()}


def read_calls(objects):
    """(file, symbol, file that defines it) of each symbol that an object takes from another one."""
    sources = {path: source for source, path in objects.items()}
    said = subprocess.run(["nm", "-g", "-A", *sources], capture_output=True, text=True, check=True).stdout
    defined, wanted = defaultdict(list), []
    for line in said.splitlines():
        path, rest = line.split(":", 1)
        kind, symbol = rest.split()[-2:]
        if kind in "Uwv":
            wanted.append((sources[path], symbol))
        else:
            defined[symbol].append(sources[path])
    return sorted((file, symbol, to) for file, symbol in wanted for to in defined[symbol] if to != file)


class Tree:
    """A source folder and its build."""

    def __init__(self, source, build):
        self.source = source
        self.files = read_files(source)
        self.includes = read_includes(self.files)
        objects = find_objects(build, self.files)
        self.without_object = sorted(f for f in self.files if f.endswith(".c") and f not in objects)
        self.calls = read_calls(objects) if objects else []

    def place_of(self, path, symbol):
        """Where a file names a symbol: FILE:LINE, or the file where a macro makes the name."""
        for number, line in enumerate(self.files[path], 1):
            if re.search(rf"\b{symbol}\b", line) and not line.lstrip().startswith(("*", "/*")):
                return f"{path}:{number}"
        return path

    def folder_sizes(self):
        sizes = {}
        for top in FOLDERS:
            for folder, folders, names in os.walk(os.path.join(self.source, top)):
                folders[:] = [f for f in folders if f != "__pycache__"]
                sizes[os.path.relpath(folder, self.source)] = sum(not n.startswith(".") for n in names)
        return sizes


# --- what is allowed: tests/rooms.txt ---


class Rules:
    """The list; what is wrong with it by itself is in `wrong`."""

    def __init__(self, lines):
        self.rooms = []  # in the order of their layers
        self.used = {}  # (room, room it may use): line of the list
        self.back = {}  # the same of those that run back up
        self.tables = {}  # (file, pattern of symbols): line
        self.circles = []  # (set of files, line, reason)
        self.reasons = {}  # of what runs back up
        self.alone = {}  # library: (file, line)
        self.wrong = []
        section = ""
        for number, text in self.joined(lines):
            if text.startswith("["):
                section = text.strip("[]")
            else:
                getattr(self, "read_" + section)(number, *[part.strip() for part in text.partition(":")[::2]])

    @staticmethod
    def joined(lines):
        """(number, text) without comments; an indented line continues the one before."""
        entries = []
        for number, line in enumerate(lines, 1):
            text = line.partition("#")[0].rstrip()
            if text.startswith(" ") and entries:
                entries[-1] = (entries[-1][0], f"{entries[-1][1]} {text.strip()}")
            elif text:
                entries.append((number, text))
        return entries

    def read_rooms(self, number, room, names):
        for name in names.split():
            self.used[room, name] = number
            if name not in self.rooms:
                self.wrong.append(
                    f"{LIST}:{number}: {room} -> {name} runs back up: it belongs to [back], with its reason")
        self.rooms.append(room)

    def read_back(self, number, arrow, reason):
        pair = tuple(arrow.split(" -> "))
        if not reason:
            self.wrong.append(f"{LIST}:{number}: {arrow} has no reason")
        if not set(pair) <= set(self.rooms):
            self.wrong.append(f"{LIST}:{number}: {arrow}: not both are rooms of the list")
        elif self.rooms.index(pair[0]) > self.rooms.index(pair[1]):
            self.wrong.append(f"{LIST}:{number}: {arrow} does not run back up: it belongs to [rooms]")
        elif LAYERS.index(pair[0].split("/")[0]) < LAYERS.index(pair[1].split("/")[0]):
            self.wrong.append(f"{LIST}:{number}: {arrow}: {' -> '.join(LAYERS[::-1])} is never turned round")
        self.back[pair] = number
        self.reasons[arrow] = reason

    def read_tables(self, number, words, _):
        self.tables[tuple(words.split())] = number

    def read_circles(self, number, names, reason):
        if not reason:
            self.wrong.append(f"{LIST}:{number}: the circle of {names.split()[0]} has no reason")
        self.circles.append((set(names.split()), number, reason))

    def read_alone(self, number, words, _):
        library, file = words.split()
        self.alone[library] = (file, number)

    def allows(self, arrow):
        return arrow in self.used or arrow in self.back

    def by_table(self, file, symbol):
        """The table by which a file knows a symbol (or the file of the table that it includes), or None."""
        for table_file, pattern in self.tables:
            if table_file == file and fnmatch.fnmatchcase(symbol, pattern):
                return table_file, pattern
        return None


# --- arrows and circles ---


def arrows(tree, rules):
    """(place, what makes it, room, room used) of each arrow between two rooms, tables left out."""
    for path, line, target, quoted in tree.includes:
        if quoted and "/" in target and room_of(path) != room_of(target) and not rules.by_table(path, target):
            yield f"{path}:{line}", f'#include "{target}"', room_of(path), room_of(target)
    for path, symbol, to in tree.calls:
        if room_of(path) != room_of(to) and not rules.by_table(path, symbol):
            yield tree.place_of(path, symbol), f"{symbol} of {to}", room_of(path), room_of(to)


def circles(edges):
    """Sets of nodes that reach each other (Tarjan's strongly connected components), the largest first."""
    index, low, stack, found = {}, {}, [], []

    def visit(node):
        index[node] = low[node] = len(index)
        stack.append(node)
        for other in edges.get(node, ()):
            if other not in index:
                visit(other)
            if other in stack:
                low[node] = min(low[node], low[other])
        if low[node] == index[node]:
            at = stack.index(node)
            found.append(set(stack[at:]))
            del stack[at:]

    sys.setrecursionlimit(10000)
    for node in sorted(edges):
        if node not in index:
            visit(node)
    return sorted((c for c in found if len(c) > 1), key=len, reverse=True)


def file_circles(tree, rules):
    """Files that use each other's symbols, and headers that include each other; tables left out."""
    calls, includes = defaultdict(set), defaultdict(set)
    for path, symbol, to in tree.calls:
        if not rules.by_table(path, symbol):
            calls[path].add(to)
    for path, _, target, _ in tree.includes:
        if target != path and target in tree.files:
            includes[path].add(target)
    return circles(calls) + circles(includes)


# --- the rules ---


def wrong_rooms(tree, rules):
    there = {room_of(f) for f in tree.files}
    wrong = [f"{room} is a folder with code and no room of {LIST}" for room in sorted(there - set(rules.rooms))]
    return wrong + [f"{LIST}: the room {room} has no code" for room in rules.rooms if room not in there]


def wrong_arrows(tree, rules):
    """Arrows that are not in the list, and those in the list that nothing makes."""
    wrong, used, never = [], set(), []
    for place, what, room, other in arrows(tree, rules):
        used.add((room, other))
        if not rules.allows((room, other)):
            never = LAYERS.index(room.split("/")[0]) < (LAYERS + ("tests",)).index(other.split("/")[0])
            why = "must never be" if never else f"is not in {LIST}"
            wrong.append(f"{place}: {what}: {room} -> {other} {why}")
    for (room, other), line in list(rules.used.items()) + list(rules.back.items()):
        if (room, other) not in used:
            wrong.append(f"{LIST}:{line}: {room} -> {other} is not used any more: strike it out")
    return wrong


def wrong_tables(tree, rules):
    known = {rules.by_table(path, symbol) for path, symbol, _ in tree.calls}
    known |= {rules.by_table(path, target) for path, _, target, _ in tree.includes}
    return [
        f"{LIST}:{n}: {' '.join(t)} is not used any more: strike it out" for t, n in rules.tables.items()
        if t not in known
    ]


def wrong_circles(tree, rules):
    wrong, found = [], file_circles(tree, rules)
    for circle in found:
        if not any(circle <= allowed for allowed, _, _ in rules.circles):
            wrong.append(f"a circle that is not in {LIST}: {' '.join(sorted(circle))}{how_round(tree, rules, circle)}")
    for allowed, line, _ in rules.circles:
        left = allowed - set().union(*found)
        if left:
            wrong.append(f"{LIST}:{line}: on no circle any more, strike out: {' '.join(sorted(left))}")
    return wrong


def how_round(tree, rules, circle):
    """Calls among its files, so that one can be chosen to be turned round."""
    among = [(p, s, t) for p, s, t in tree.calls if p in circle and t in circle and not rules.by_table(p, s)]
    return "".join(f"\n      {tree.place_of(p, s)} uses {s} of {t}" for p, s, t in among[:12])


def wrong_libraries(tree, rules):
    """A library in more files than the one that may include it."""
    wrong, seen = [], set()
    for path, line, target, _ in tree.includes:
        library = next((name for name in rules.alone if target.startswith(name)), None)
        if library is not None and path == rules.alone[library][0]:
            seen.add(library)
        elif library is not None:
            wrong.append(f"{path}:{line}: includes <{target}>; of {library} only {rules.alone[library][0]} may know")
    missing = [(name, file, line) for name, (file, line) in rules.alone.items() if name not in seen]
    return wrong + [f"{LIST}:{line}: {file} does not include {name}" for name, file, line in missing]


def wrong_folders(tree, _):
    sizes = tree.folder_sizes().items()
    return [f"{folder} has {n} files, more than {MOST_FILES}" for folder, n in sorted(sizes) if n > MOST_FILES]


def wrong_objects(tree, _):
    """A source without an object would hide its calls. Of the ways to talk between ranks, not all are built
    everywhere."""
    return [f"{file} has no object in the build" for file in tree.without_object if room_of(file) != "tools/ranks"]


CHECKS = {
    "every folder with code is a room of the list": wrong_rooms,
    "arrows between rooms are those of the list": wrong_arrows,
    "what is known by a table is used": wrong_tables,
    "files that call each other in a circle are those of the list": wrong_circles,
    "one file includes HDF5, one MPI, one libfyaml": wrong_libraries,
    f"no folder has more than {MOST_FILES} files": wrong_folders,
    "every source has an object": wrong_objects,
}


def check(tree, rules):
    """(claim, what is wrong) of all rules."""
    return [("the list is in order", rules.wrong)] + [(claim, wrong(tree, rules)) for claim, wrong in CHECKS.items()]


# --- the rules can fail ---

SMALL = {
    "sim/base/text.c": '#include "sim/base/text.h"\nint text_length(void)\n{\n    return 1;\n}\n',
    "sim/base/text.h": "int text_length(void);\n",
    "sim/result/store.c": '#include <hdf5.h>\n#include "sim/base/text.h"\nint store(void)\n{\n    return '
                          'text_length();\n}\n',
    "models/core/world.c": '#include "sim/base/text.h"\nint world(void)\n{\n    return text_length();\n}\n',
    "models/posts/post.c": "int world(void);\nint post(void)\n{\n    return world();\n}\n",
    "tools/plot/map.c": "int post(void);\nint map(void)\n{\n    return post();\n}\n",
}
SMALL_LIST = """[rooms]
sim/base:
sim/result: sim/base
models/core: sim/base
models/posts: models/core
tools/plot: models/posts
[back]
[tables]
[circles]
[alone]
hdf5 sim/result/store.c: the results file
"""
HDF5 = {"stubs/hdf5.h": ""}

# What is changed in the small tree or its list, and what must be said of it.
BREAKS = [
    ("nothing", {}, SMALL_LIST, []),
    (
        "a forbidden include",
        {"models/core/ward.c": '\n#include "models/posts/post.h"\n', "models/posts/post.h": ""},
        SMALL_LIST,
        ['models/core/ward.c:2: #include "models/posts/post.h": models/core -> models/posts is not in'],
    ),
    (
        "a forbidden call, declared by hand",
        {"models/core/ward.c": "int post(void);\nint ward(void);\nint ward(void)\n{\n    return post();\n}\n"},
        SMALL_LIST,
        ["models/core/ward.c:1: post of models/posts/post.c: models/core -> models/posts is not in"],
    ),
    (
        "sim uses models",
        {"sim/base/up.c": "int post(void);\nint up(void);\nint up(void)\n{\n    return post();\n}\n"},
        SMALL_LIST,
        ["sim/base/up.c:1: post of models/posts/post.c: sim/base -> models/posts must never be"],
    ),
    (
        "code uses tests",
        {"models/core/ward.c": '#include "tests/support/folder.h"\n', "tests/support/folder.h": ""},
        SMALL_LIST,
        ["models/core -> tests/support must never be"],
    ),
    (
        "an arrow that is not used any more",
        {},
        SMALL_LIST.replace("tools/plot: models/posts", "tools/plot: models/posts sim/base"),
        ["tests/rooms.txt:6: tools/plot -> sim/base is not used any more"],
    ),
    (
        "an arrow back up among the others",
        {},
        SMALL_LIST.replace("sim/base:\n", "sim/base: sim/result\n"),
        ["tests/rooms.txt:2: sim/base -> sim/result runs back up", "sim/base -> sim/result is not used any more"],
    ),
    (
        "sim may use models, says the list",
        {},
        SMALL_LIST.replace("[back]", "[back]\nsim/base -> models/core: because"),
        [
            "tests/rooms.txt:8: sim/base -> models/core: tools -> models -> sim is never turned round",
            "not used any more"
        ],
    ),
    ("a folder without a room", {"sim/new/a.h": ""}, SMALL_LIST, ["sim/new is a folder with code and no room"]),
    (
        "a circle of files",
        {
            "sim/base/a.c": "int b(void);\nint a(void);\nint a(void)\n{\n    return b();\n}\n",
            "sim/base/b.c": "int a(void);\nint b(void);\nint b(void)\n{\n    return a();\n}\n",
        },
        SMALL_LIST,
        ["a circle that is not in tests/rooms.txt: sim/base/a.c sim/base/b.c"],
    ),
    (
        "a circle of headers",
        {"sim/base/a.h": '#include "sim/base/b.h"\n', "sim/base/b.h": '#include "sim/base/a.h"\n'},
        SMALL_LIST,
        ["a circle that is not in tests/rooms.txt: sim/base/a.h sim/base/b.h"],
    ),
    (
        "a circle that was opened",
        {},
        SMALL_LIST.replace("[alone]", "sim/base/text.c sim/result/store.c: because\n[alone]"),
        ["tests/rooms.txt:10: on no circle any more, strike out: sim/base/text.c sim/result/store.c"],
    ),
    (
        "HDF5 in a second file",
        {"sim/result/other.c": "#include <hdf5_hl.h>\n", "stubs/hdf5_hl.h": ""},
        SMALL_LIST,
        ["sim/result/other.c:1: includes <hdf5_hl.h>; of hdf5 only sim/result/store.c may know"],
    ),
    ("a full folder", {f"tests/model/{i}.yaml": ""
                       for i in range(26)}, SMALL_LIST, ["tests/model has 26 files"]),
    ("a table that nobody uses", {}, SMALL_LIST.replace("[tables]", "[tables]\nsim/base/text.c x_*: no"),
     ["sim/base/text.c x_* is not"]),
]


def grow(folder, files):
    """Writes a small tree and compiles it as CMake would name the objects."""
    for path, text in files.items():
        os.makedirs(os.path.join(folder, os.path.dirname(path)), exist_ok=True)
        with open(os.path.join(folder, path), "w", encoding="utf-8") as file:
            file.write(text)
    for path in files:
        if path.endswith(".c"):
            to = os.path.join(folder, "build/CMakeFiles/all.dir", path + ".o")
            os.makedirs(os.path.dirname(to), exist_ok=True)
            subprocess.run(["cc", "-c", f"-I{folder}", f"-I{folder}/stubs",
                            os.path.join(folder, path), "-o", to], check=True)


def self_test():
    """What is wrong with the rules: a break that they do not name, or something else that they do."""
    wrong = []
    for name, changes, text, expected in BREAKS:
        with tempfile.TemporaryDirectory(prefix="rooms-") as folder:
            grow(folder, {**SMALL, **HDF5, **changes})
            said = sum((w for _, w in check(Tree(folder, os.path.join(folder, "build")), Rules(text.split("\n")))), [])
        if len(said) != len(expected) or not all(any(e in s for s in said) for e in expected):
            wrong.append(f"{name}: expected {expected}, said {said}")
    return wrong


# --- figures ---


def summary(tree, rules):
    pairs = Counter((room, other) for _, _, room, other in set(arrows(tree, rules)))
    back = [pair for pair in pairs if pair in rules.back]
    both = sorted({tuple(sorted(pair)) for pair in pairs if pair[::-1] in pairs})
    found = file_circles(tree, rules)
    folder, most = max(tree.folder_sizes().items(), key=lambda item: item[1])
    rooms = {room_of(f) for f in tree.files}
    print(f"rooms: {len(rooms)}, of {len(tree.files)} files; {len(tree.without_object)} sources without an object")
    print(f"arrows between rooms: {len(pairs)}; back up: {len(back)}; pairs of rooms that use each other: {len(both)}")
    for room, other in sorted(back):
        print(f"    back up: {room} -> {other} ({pairs[room, other]} places)")
    rooms_round = defaultdict(set)
    for room, other in pairs:
        rooms_round[room].add(other)
    print(f"rooms on a circle: {sum(len(c) for c in circles(rooms_round))}")
    print(
        f"circles of files: {len(found)}, with {sum(len(c) for c in found)} files; the largest: "
        f"{len(found[0]) if found else 0}"
    )
    for circle in found:
        print(f"    {len(circle)}: {' '.join(sorted(circle))}")
    print(
        f"largest folder: {folder}, {most} files; folders of more than {MOST_FILES}: {len(wrong_folders(tree, rules))}")


def wrapped(head, names):
    """A row of the list, at most 120 wide; an indented line continues it."""
    return "\n".join(textwrap.wrap(f"{head}: {' '.join(names)}", 120, subsequent_indent="    ", break_on_hyphens=False))


def renewed(tree, rules, lines):
    """The list as things are: the order of the rooms, reasons, tables and libraries are kept, new exceptions lack a
    reason."""
    order = rules.rooms + sorted({room_of(f) for f in tree.files} - set(rules.rooms))
    order = [room for room in order if room in {room_of(f) for f in tree.files}]
    uses = {(room, other) for _, _, room, other in arrows(tree, rules)}
    yield from lines[: lines.index("[rooms]") + 1]
    for i, room in enumerate(order):
        yield wrapped(room, [other for other in order[:i] if (room, other) in uses]).rstrip()
    yield "\n[back]"
    for i, room in enumerate(order):
        for other in order[i + 1 :]:
            if (room, other) in uses:
                yield f"{room} -> {other}: {rules.reasons.get(f'{room} -> {other}', '')}".rstrip()
    yield from [""] + lines[lines.index("[tables]") : lines.index("[circles]") + 1]
    for circle in file_circles(tree, rules):
        common, reason = max(((len(circle & c), r) for c, _, r in rules.circles), default=(0, ""))
        yield wrapped(" ".join(sorted(circle)), reason.split() if common else [])
    yield from [""] + lines[lines.index("[alone]") :]


def main():
    parser = argparse.ArgumentParser(description="Rooms, their arrows and circles of files.")
    parser.add_argument("--source", default=os.environ.get("HBM_SOURCE_DIR"))
    parser.add_argument("--build", default=os.environ.get("HBM_BINARY_DIR"))
    parser.add_argument("--summary", action="store_true", help="figures in place of a verdict")
    parser.add_argument("--renew", action="store_true", help="write the list anew, as things are")
    options = parser.parse_args()
    source = options.source or os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
    tree = Tree(source, options.build or os.path.join(source, "build"))
    lines = ["[tables]", "models/registry.c model_of_*: ", "tools/command.c cmd_*: "]  # of a tree without a list
    if os.path.exists(os.path.join(source, LIST)):
        with open(os.path.join(source, LIST), encoding="utf-8") as file:
            lines = file.read().rstrip("\n").split("\n")
    rules = Rules(lines)
    if options.renew:
        text = "\n".join(renewed(tree, rules, lines)) + "\n"
        with open(os.path.join(source, LIST), "w", encoding="utf-8") as file:
            file.write(text)
        return 0
    if options.summary:
        summary(tree, rules)
        return 0
    failed = 0
    for claim, wrong in [("each rule names what breaks it", self_test())] + check(tree, rules):
        failed += len(wrong) > 0
        print(f"{'FAILED' if wrong else 'ok    '} {claim}", *wrong, sep="\n    ")
    print(f"{len(CHECKS) + 2 - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
