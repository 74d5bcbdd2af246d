#!/usr/bin/python3
"""Mistakes that people make in scenarios, tables and command lines: each is refused with its place and a helpful word.

Every case is a small edit of scenarios/two-posts. Where the edit puts an "@", the program must see the error: the sign
is taken out before the text is written, so that the place is known without asking the program. For each case:

  - `hbm check` and `hbm run --json --out` both exit with 2, and report exactly the expected errors, no more and no
    fewer;
  - each error has the right file, line and column, the right words and, where there is one, the right suggestion;
  - the JSON is valid and says the same as the text;
  - under 1 s of processor time and 64 MB of memory; no file is left, an earlier results file is untouched.

HBM is the program, HBM_SOURCE_DIR the repository."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import types

HBM = os.path.abspath(os.environ["HBM"])
SOURCE = os.environ["HBM_SOURCE_DIR"]
SECONDS = 1.0  # of processor time: the machine may be busy
KILOBYTES = 64 * 1024
# Sanitizers take their own share of both.
SLOWER = 30 if subprocess.call(["grep", "-q", "-e", "__asan_init", "-e", "__tsan_init", HBM]) == 0 else 1
EARLIER = b"an earlier results file"

with open(os.path.join(SOURCE, "scenarios/two-posts/scenario.yaml"), encoding="utf-8") as file:
    PLAIN = {"scenario.yaml": file.read()}

# The same crisis with its data in tables.
TABLES = {
    "scenario.yaml": PLAIN["scenario.yaml"]
    .replace("{empirical: {values: [1, 2, 3, 4, 5, 6, 7, 8], weights: [14, 22, 20, 18, 12, 8, 4, 2]}}",
             "{empirical: sizes.csv}")
    .replace("people: 60000, at: 12 h, shape: {gamma: {mean: 2 d, cv: 0.6}}", "counts: counts.csv")
    .replace("target_wait:", "observed: observed.csv\ntarget_wait:"),
    "sizes.csv": "value,weight\n1,14\n2,22\n3,20\n4,18\n",
    "counts.csv": "time,people,note\n2031-03-01,12000,first\n2031-03-02,18000,\n2031-03-03,9000,\n",
    "observed.csv": "time,hours,post,people,wait_h\n2031-03-02,24,Bridge,9000,3\n2031-03-03,24,Mill,4000,\n"
                    "2031-03-03,24,,13000,\n",
}

# The same crisis under a plan.
PLANNED = {
    "scenario.yaml": PLAIN["scenario.yaml"],
    "plan.yaml": "hbm_plan: 1\nname: a plan\nbudget: 20 kUSD\n"
    "rules:\n  crowd: {metric: people/present, of: waiting, where: Bridge, for: 1 h, watch: {above: 800, below: 400}, "
    "full: {above: 3000}}\n"
    "  told: {metric: wait/post, seen: reported, watch: {above: 6 h, below: 3 h}}\n"
    "timeline:\n  - {rule: crowd, level: watch, order: open_lanes, target: Bridge/entry/entry_check, lanes: 4, cost: 8 "
    "kUSD}\n"
    "  - {at: 2 d, order: set_procedure, target: \"*/entry/registration\", procedure: household}\n"
    "stations: {entry_check: {desks: 9}}\n",
}

CASES = []


def case(name, edits, *errors, base=None, sets=(), path="", make=None, command=None, user=None, also=None, plan=False):
    """`edits`: of each file its new text (or a function that makes it, if it is large), or (old, new) pairs. `errors`:
    one for each "@", in the order in which they stand: words, or (words, suggestion), in large texts (words,
    suggestion, place). `also`: words of further errors that may follow from the mistake."""
    CASES.append(
        dict(name=name, edits=edits, errors=errors, base=base or PLAIN, sets=sets, path=path, make=make,
             command=command, user=user, also=also, plan=plan))


def yaml(name, old, new, *errors, **more):
    case(name, {"scenario.yaml": [(old, new)]}, *errors, **more)


def table(name, file, old, new, *errors):
    case(name, {file: [(old, new)]}, *errors, base=TABLES)


def plan(name, old, new, *errors, **more):
    case("plan: " + name, {"plan.yaml": [(old, new)]}, *errors, base=PLANNED, plan=True, **more)


def whole(name, text, *errors, **more):
    """The scenario is this text."""
    case(name, {"scenario.yaml": text}, *errors, **more)


def setting(name, override, *error):
    """A wrong --set."""
    case(name, {}, error, sets=[override])


def special(name, words, make, path="", user=None):
    """The scenario's file is something odd: an error of the file as a whole."""
    case(name, {}, words, make=make, path=path, user=user)


# ---- keys ------------------------------------------------------------------------------------------------------------
yaml("typo in a key of the root", "target_wait: 3 h", "@target_wiat: 3 h",
     ("unknown key \"target_wiat\"", "target_wait"))
yaml("typo in a section", "\nclasses: ", "\n@clases: ", ("unknown key \"clases\"", "classes"))
yaml("typo in a key of a fixed map", "  informed: 60 %", "  @imformed: 60 %", ("unknown key \"imformed\"", "informed"))
yaml("typo in a nested fixed map", "modes: {foot: 35,", "modes: {@foto: 35,", ("unknown key \"foto\"", "foot"))
yaml("typo in an element", "    discipline: priority", "    @disciplin: priority",
     ("unknown key \"disciplin\"", "discipline"))
yaml("typo in a nested element", "{exit_check: {desks: 6}}", "{exit_check: {@deskz: 6}}",
     ("unknown key \"deskz\"", "desks"))
yaml("typo in an entry of a list", "length: 26 km, capacity:", "length: 26 km, @capacty:",
     ("unknown key \"capacty\"", "capacity"))
yaml("typo in an entry of a nested list", "{start: \"22:00\", length: 8 h, head: 6}",
     "{start: \"22:00\", length: 8 h, head: 6, @brake_length: 0 min}", ("unknown key \"brake_length\"", "break_length"))
yaml(
    "typo in a distribution's argument",
    "exit_check:                           # Upland's officers look at papers, person by person\n    time: {lognormal: "
    "{mean: 40 s, cv: 0.6}}",
    "exit_check:\n    time: {lognormal: @{@maen: 40 s, cv: 0.6}}", "\"mean\" is missing",
    ("unknown key \"maen\"", "mean"))
yaml("typo in a distribution's family", "{lognormal: {mean: 60 s", "{@lognornal: {mean: 60 s",
     ("no family of distributions", "lognormal"))
yaml("typo in a procedure's key", "household: {time:", "@household: {@tme:", "\"time\" is missing",
     ("unknown key \"tme\"", "time"))
yaml("typo with swapped letters", "    when: [unaccompanied, disability]", "    @wehn: [unaccompanied, disability]",
     ("unknown key \"wehn\"", "when"))
yaml("a key in capitals", "duration: 10 d", "@Duration: 10 d", ("unknown key \"Duration\"", "duration"),
     also="\"duration\" is missing")
yaml("a key that resembles nothing", "target_wait: 3 h", "@zzz: 3 h", "unknown key \"zzz\"")
yaml("a key given twice in the root", "target_wait: 3 h", "target_wait: 3 h\n@target_wait: 4 h", "given twice")
yaml("a key given twice in braces", "{desks: 10}", "{desks: 10, @desks: 11}", "given twice")
yaml("an element given twice", "  Mill:   {kind: post,", "  @Bridge: {kind: post,", "given twice", also="to: ")
yaml("a key without a name", "target_wait: 3 h", ": @3 h", "no name")
case(
    "a required key left out, at the root", {
        "scenario.yaml": [("start: 2031-03-01T00:00+01:00           #", "#"),
                          ("# Two posts on the river:", "@# Two posts on the river:")]
    }, "\"start\" is missing")
yaml("a required key left out, in an element", "child: {share: 42 %}", "@child: {}",
     "\"share\" is missing in \"child\"")
yaml("a required key left out, in a list", "  - {from: Forks, to: Mill, length: 33 km}", "  - @{from: Forks, to: Mill}",
     "\"length\" is missing")
yaml("a required key without a value", "name: Two posts on the river", "@name:", "value is missing")

# ---- values ----------------------------------------------------------------------------------------------------------
yaml("wrong unit", "target_wait: 3 h", "target_wait: @3 km", "\"3 km\" is a length")
yaml("unknown unit", "target_wait: 3 h", "target_wait: @3 hours", ("\"3 hours\" has a unit that is not known", "h"))
yaml("misspelt unit", "length: 18 km", "length: @18 kn", ("a unit that is not known", "km"))
yaml("unit in capitals", "duration: 10 d ", "duration: @10 D ", ("a unit that is not known", "d"))
yaml("missing unit", "duration: 10 d ", "duration: @10 ", "\"10\" has no unit")
yaml("missing unit in a distribution", "{uniform: {low: 1 min,", "{uniform: {low: @1,", "\"1\" has no unit")
yaml("a unit where none may be", "{desks: 14}", "{desks: @14 h}", "not a whole number")
yaml("below the range", "duration: 10 d ", "duration: @5 s ", "5 s is out of range")
yaml("above the range", "share: 42 %", "share: @142 %", "142 % is out of range")
yaml("a distribution out of range", "{uniform: {low: 1 min,", "@{uniform: {low: -1 min,", "out of range")
yaml("a priority out of range", "priority: 1}", "priority: @99}", "99 is out of range")
yaml("negative number of people", "people: 60000", "people: @-60000", "-60000 is out of range")
yaml("negative time", "target_wait: 3 h", "target_wait: @-3 h", "-3 h is out of range")
yaml("NaN", "target_wait: 3 h", "target_wait: @.nan", "not a number")
yaml("NaN with a unit", "target_wait: 3 h", "target_wait: @nan h", "not a number")
yaml("infinity", "duration: 10 d ", "duration: @inf d ", "not a number")
yaml("1e308", "duration: 10 d ", "duration: @1e308 d ", "too large")
yaml("1e308 of a plain number", "target_wait: 3 h", "scale: @1e308", "out of range")
yaml("1e999", "duration: 10 d ", "duration: @1e999 d ", "too large")
yaml("a count beyond 64 bits", "people: 60000", "people: @99999999999999999999", "too large")
yaml("hexadecimal", "{desks: 10}", "{desks: @0x10}", "not a whole number")
yaml("half a desk", "{desks: 10}", "{desks: @2.5}", "not a whole number")
yaml("a number in quotes", "{desks: 10}", "{desks: @\"10\"}", "in quotes is text")
yaml("a truth value that is none", "{from: Forks, to: Bridge, length: 18 km}",
     "{from: Forks, to: Bridge, length: 18 km, one_way: @yes}", "neither true nor false")
yaml("low above high", "{uniform: {low: 1 min, high: 3 min}}", "{uniform: @{low: 5 min, high: 3 min}}", "wrong order")
yaml("weights of another number than values", "weights: [14, 22, 20, 18, 12, 8, 4, 2]", "weights: @[14, 22]",
     "8 numbers")
yaml("a latitude beyond the pole", "at: [48.20, 22.10]", "at: [@148.20, 22.10]", "latitude is between -90 and 90")
yaml("a point with one coordinate", "at: [48.20, 22.10]", "at: @[48.20]", "no point")
yaml("30 February", "2031-03-01T00:00+01:00", "@2031-02-30T00:00+01:00", "2031-02-30")
yaml("an instant without its offset", "2031-03-01T00:00+01:00", "@2031-03-01T00:00", "offset")
yaml("25 o'clock", "opens: \"06:00\", closes: \"22:00\", stations: {exit_check",
     "opens: @\"25:00\", closes: \"22:00\", stations: {exit_check", "25:00")
yaml("another version of the format", "hbm: 1 ", "hbm: @2 ", "2 is out of range")
yaml("a word that is not known", "discipline: priority", "discipline: @priorty",
     ("\"priorty\" is not known here", "priority"))
yaml("a mode that is not known", "    modes: [foot]", "    modes: [@fot]", ("\"fot\" is not known here", "foot"))

# ---- names -----------------------------------------------------------------------------------------------------------
yaml("unknown place", "{from: Forks, to: Mill,", "{from: Forks, to: @Mil,", ("there is no \"Mil\"", "Mill"))
yaml("unknown post in a roster", "upland_mill:\n    {post: Mill,", "upland_mill:\n    {post: @Mlil,",
     ("there is no \"Mlil\"", "Mill"))
yaml("unknown origin", "- {from: Kesh, people", "- {from: @Kesch, people", ("there is no \"Kesch\"", "Kesh"))
yaml("unknown trait", "among: child", "among: @chlid", ("there is no \"chlid\"", "child"))
yaml("unknown trait in a list", "traits: [unaccompanied, disability]", "traits: [unaccompanied, @disabilty]",
     ("there is no \"disabilty\"", "disability"))
yaml("unknown station at a post", "protection: {desks: 2}", "@protecton: {desks: 2}",
     ("there is no station \"protecton\"", "protection"))
case(
    "a post that is no place of that kind", {
        "scenario.yaml": [("  Mill:   {kind: post,", "  Mill:   {kind: junction,"),
                          ("\n  Mill:\n    exit:", "\n  @Mill:\n    exit:")]
    }, "no place of kind post called \"Mill\"")
yaml("unknown procedure at the start", "procedure: full\n", "procedure: @ful\n", ("no procedure \"ful\"", "full"))
yaml("unknown procedure in an order", "procedure: household}", "procedure: @househould}",
     ("has a procedure \"househould\"", "household"))
yaml("unknown order", "order: outage", "order: @outrage", ("\"outrage\" is not known here", "outage"))
yaml("unknown target", "target: Mill/entry/entry_check", "target: @Mill/entry/enty_check",
     ("no station is meant", "Mill/entry/entry_check"))
yaml("unknown link", "order: outage, target: Bridge/entry, duration",
     "order: close_link, target: @Forks-Brigde, duration", ("no link \"Forks-Brigde\"", "Forks-Bridge"))
yaml("an order without its argument", "{at: 5 d, order: open_lanes, target: Mill/entry/entry_check, lanes: 2}",
     "@{at: 5 d, order: open_lanes, target: Mill/entry/entry_check}", "needs `lanes`")
yaml("an order with an argument it has no use for", "target: Bridge/entry, duration: 3 h}",
     "target: Bridge/entry, lanes: @3, duration: 3 h}", "no use for `lanes`")
yaml("a role that nobody plays", "    role: registrar\n    procedure", "    role: @registrator\n    procedure",
     "nobody of role \"registrator\"", also="needs \"registrar\"")
yaml("a misspelt role in a roster", "{post: Mill, side: entry, role: registrar,",
     "{post: Mill, side: entry, role: @registar,", ("needs \"registar\"", "registrar"),
     also="nobody of role \"registrar\"")
yaml(
    "a roster without shifts",
    "  upland_mill:\n    {post: Mill, side: exit, role: officer, shifts: [{start: \"06:00\", length: 16 h, head: 3}]}",
    "  @upland_mill:\n    {post: Mill, side: exit, role: officer}", "no shifts")
yaml("a name that cannot be one", "  Forks:  {kind", "  @\"Fo/rks\":  {kind", "cannot be a name",
     also="there is no \"Forks\"")

# ---- cycles ----------------------------------------------------------------------------------------------------------
yaml("a trait among itself", "among: child", "among: @unaccompanied", "not drawn yet")
yaml("traits among each other", "child: {share: 42 %}", "child: {share: 42 %, among: @unaccompanied}", "not drawn yet")
yaml("a link from a place to itself", "{from: Forks, to: Bridge,", "{from: Forks, to: @Forks,",
     "from a place to itself")
yaml("opening hours with one end", "opens: \"06:00\", closes: \"22:00\", stations: {exit_check",
     "opens: @\"06:00\", stations: {exit_check", "two ends")
yaml("breaks longer than the shift", "{start: \"06:00\", length: 8 h, head: 9, break_length: 30 min}",
     "{start: \"06:00\", length: 8 h, head: 9, break_length: @5 h}", "after the shift")

# ---- kinds -----------------------------------------------------------------------------------------------------------
yaml(
    "a list where a map is expected",
    "choice:                                 # how groups choose a post\n  informed: 60 %                        # "
    "share that knows the published waits (assumption)\n  delay: 2 h ",
    "choice:\n  @- informed: 60 %\n  - delay: 2 h ", "here stands a list")
yaml("a map where a list is expected", "displacement:\n  - {from: Kesh,", "displacement:\n  @{from: Kesh,",
     "here stands a map")
yaml(
    "a value where a map is expected",
    "classes:                                # a group belongs to the first class that fits; the rest is \"everyone\"\n"
    "  vulnerable: {traits: [unaccompanied, disability], priority: 1}",
    "classes: @vulnerable", "here stands a single value")
yaml("a map where a value is expected", "target_wait: 3 h", "target_wait: @{hours: 3}", "here stands a map")
yaml("a list where a value is expected", "name: Two posts on the river", "name: @[Two posts]", "here stands a list")

# ---- YAML ------------------------------------------------------------------------------------------------------------
yaml("unclosed quote", "name: Two posts on the river", "name: @\"Two posts on the river", "the quote that opens here")
yaml("unclosed single quote", "name: Two posts on the river", "name: @'Two posts on the river",
     "the quote that opens here")
yaml("unclosed bracket", "at: [48.20, 22.10]}", "at: [48.20, 22.10@}", "mismatched")
yaml("unclosed brace", "vulnerable: {traits: [unaccompanied, disability], priority: 1}",
     "vulnerable: @{traits: [unaccompanied, disability], priority: 1", "never closed")
yaml("tab as indentation", "  delay: 2 h ", "@\tdelay: 2 h ", "tab")
yaml("tab behind blanks", "  delay: 2 h ", " @\tdelay: 2 h ", "tab")
yaml("wrong indentation", "  delay: 2 h ", "   @delay: 2 h ", "indentation")
yaml("no blank behind the colon", "duration: 10 d ", "@duration:10 d ", "':'")
yaml("an anchor", "duration: 10 d ", "duration: @&ten 10 d ", "anchors")
yaml("an alias", "duration: 10 d ", "duration: @*ten ", "aliases")
yaml("a merge key", "  informed: 60 % ", "  @<<: {informed: 60 %} ", "merge keys")
yaml("a tag", "duration: 10 d ", "duration: @!!str 10 d ", "tags")
yaml("a second document", "\nclasses:", "\n@---\nclasses:", "second document")
yaml("a directive", "hbm: 1 ", "@%YAML 1.2\n---\nhbm: 1 ", "directives")
whole(
    "an alias bomb", "a: @&a [x, x, x, x, x, x, x, x, x]\n" +
    "".join(f"{chr(97 + i)}: &{chr(97 + i)} [" + ", ".join([f"*{chr(96 + i)}"] * 9) + "]\n" for i in range(1, 9)),
    "anchors", also="")
whole("an empty file", "@", "nothing in this text")
whole("only comments", "@# nothing\n# at all\n", "nothing in this text")
whole("only a document's start", "@---\n", "nothing in this text")
whole("a single word", "@scenario\n", "here stands a single value")
whole("a list", "@- hbm: 1\n- name: x\n", "here stands a list")
whole("a binary file", b"@\x7fELF\x02\x01\x01" + b"\x00\xff\xfe" * 100, "U+007F")
whole("a NUL byte", b"hbm: 1\nname: a@\x00b\n", "NUL")
whole("a control character", b"hbm: 1\nname: a@\x1bb\n", "U+001B")
whole("not UTF-8", b"hbm: 1\nname: Stra@\xdfe\n", "UTF-8")
whole("UTF-16", b"@" + "hbm: 1\nname: x\n".encode("utf-16"), "UTF-16")
whole("10 MB of [", lambda: b"[" * (10 << 20), ("64 KiB", None, (1, 1)))
whole("10 MB of {", lambda: b"{" * (10 << 20), ("64 KiB", None, (1, 2)), also="no name")
whole("10 MB of quotes", lambda: b"\"" * (10 << 20), ("double-quoted", None, (1, 3)))
whole("10 MB of %", lambda: b"%" * (10 << 20), ("directives", None, (1, 1)))
whole("10 MB in one line", lambda: b"name: " + b"x" * (10 << 20), ("64 KiB", None, (1, 7)))
whole("20 MB", lambda: b"# comment\n" * (2 << 20), ("too large", None, (0, 0)))
whole("too deep, in brackets", "name: " + "[" * 31 + "@" + "[" * 9 + "]" * 40 + "\n", "32 deep")
whole("too deep, by indentation", "".join(" " * i + ("@a:\n" if i == 32 else "a:\n") for i in range(40)), "32 deep")
whole("200,000 unknown keys", lambda: "hbm: 1\n" + "".join(f"k{i}: 1\n" for i in range(200000)),
      ("unknown key \"k0\"", None, (2, 1)), also="")

# ---- files -----------------------------------------------------------------------------------------------------------
def paths(name, path, words, make=None):
    case(name, {"scenario.yaml": [("counts: counts.csv", f"counts: @{path}")]}, words, base=TABLES, make=make)


paths("a missing table", "count.csv", "no such file")
paths("a path out of the folder", "../outside.csv", "\"..\" is not accepted",
      lambda folder: shutil.copy(f"{folder}/counts.csv", f"{folder}/../outside.csv"))
paths("a path out and in again", "x/../counts.csv", "\"..\" is not accepted")
paths("an absolute path", "/etc/passwd", "absolute")
paths("a device", "/dev/zero", "absolute")
paths("a symbolic link out of the folder", "link.csv", "outside",
      lambda folder: os.symlink("/etc/passwd", f"{folder}/link.csv"))
paths("a symbolic link to a device", "link.csv", "", lambda folder: os.symlink("/dev/zero", f"{folder}/link.csv"))
paths("a symbolic link to itself", "link.csv", "", lambda folder: os.symlink("link.csv", f"{folder}/link.csv"))
paths("a FIFO", "pipe.csv", "not an ordinary file", lambda folder: os.mkfifo(f"{folder}/pipe.csv"))
paths("a folder", "data", "folder", lambda folder: os.mkdir(f"{folder}/data"))
paths("an empty path", "\"\"", "the path is empty")


def replace_scenario(how):
    def make(folder):
        os.unlink(f"{folder}/scenario.yaml")
        how(f"{folder}/scenario.yaml")
    return make


special("a missing scenario", "does not exist", None, path="nowhere.yaml")
special("a folder without a scenario", "does not exist", replace_scenario(lambda path: None))
special("a scenario that is a folder", "is a folder", replace_scenario(os.mkdir))
special("a scenario that is a FIFO", "not an ordinary file", replace_scenario(os.mkfifo))
special("a scenario that is a device", "not an ordinary file",
        replace_scenario(lambda path: os.symlink("/dev/zero", path)))
special("a scenario that is a loop of links", "loop", replace_scenario(lambda path: os.symlink("scenario.yaml", path)))
special("a scenario that may not be read", "permission", lambda folder: os.chmod(f"{folder}/scenario.yaml", 0),
        user=65534)

# ---- tables ----------------------------------------------------------------------------------------------------------
table("table: missing column", "counts.csv", "time,people,note", "@time,persons,note", ("no column \"people\"", None))
table("table: misspelt column", "counts.csv", "time,people,note", "@time,poeple,note",
      ("no column \"people\"", "poeple"))
table("table: column given twice", "counts.csv", "time,people,note", "time,people,@people", "given twice")
table("table: a cell too few", "counts.csv", "2031-03-02,18000,\n", "@2031-03-02,18000\n", "2 cells")
table("table: a cell too many", "counts.csv", "2031-03-02,18000,\n", "@2031-03-02,18000,,\n", "4 cells")
table("table: not a number", "counts.csv", "18000", "@18O00", "not a number")
table("table: thousands separated", "counts.csv", "18000", "@\"18,000\"", "not a number")
table("table: negative number", "counts.csv", "18000", "@-18000", "out of range")
table("table: NaN", "counts.csv", "18000", "@nan", "not a number")
table("table: 1e308", "counts.csv", "18000", "@1e308", "out of range")
table("table: empty cell", "counts.csv", "2031-03-02,18000", "2031-03-02,@", "empty")
table("table: no such day", "counts.csv", "2031-03-02,18000", "@2031-02-29,18000", "2031-02-29")
table("table: a date in another order", "counts.csv", "2031-03-02,18000", "@02.03.2031,18000", "02.03.2031")
table("table: rows out of order", "counts.csv", "2031-03-02,18000", "@2031-02-27,18000", "out of order")
table("table: unclosed quote", "counts.csv", "2031-03-02,18000,", "@2031-03-02,18000,\"", "never closed")
table("table: quote inside a cell", "counts.csv", "18000,", "18000,a @\"note\"", "quote")
table("table: NUL byte", "counts.csv", "18000", "18@\0" + "000", "NUL")
table("table: not UTF-8", "counts.csv", "first", "f@\udcffrst", "UTF-8")
table("table: semicolons", "counts.csv", "time,people,note", "@time;people;note", "semicolons")
case("table: empty", {"counts.csv": "@"}, "the table is empty", base=TABLES)
case("table: no rows", {"counts.csv": "@time,people,note\n"}, "no rows", base=TABLES)
case("table: binary", {"counts.csv": b"@\x89HDF\r\n\x1a\n\x00\x00"}, "UTF-8", base=TABLES)
table("table: unknown post", "observed.csv", ",Bridge,", ",@Brigde,", ("no post \"Brigde\"", "Bridge"))
table("table: negative weight", "sizes.csv", "2,22", "2,@-22", "out of range")
case("table: weights all 0", {
    "scenario.yaml": [("sizes.csv", "@sizes.csv")], "sizes.csv": [("14", "0"), ("22", "0"), ("20", "0"), ("18", "0")]
}, "the weights sum to 0", base=TABLES)

# ---- several at once -------------------------------------------------------------------------------------------------
case(
    "ten mistakes in one scenario", {
        "scenario.yaml": [("duration: 10 d ", "duration: @10 "), ("target_wait: 3 h", "@target_wiat: 3 h"),
                          ("share: 42 %", "share: @142 %"), ("among: child", "among: @chlid"),
                          ("length: 26 km", "length: @26 h"), ("  informed: 60 %", "  @imformed: 60 %"),
                          ("order: outage", "order: @outrage"), ("mean: 40 s", "mean: @40"),
                          ("{desks: 14}", "{desks: @many}"), ("{post: Mill, side: exit", "{post: Mill, side: @exot")]
    }, "has no unit", ("unknown key", "target_wait"), "out of range", ("there is no \"chlid\"", "child"), "is a time",
    ("unknown key", "informed"), ("not known", "outage"), "has no unit", "not a whole number", ("not known", "exit"))
case("several mistakes that only the models see", {"scenario.yaml": [
    ("{from: Forks, to: Bridge,", "{from: Forks, to: @Forks,"), ("procedure: household}", "procedure: @househould}"),
    ("target: Mill/entry/entry_check", "target: @Mill/entry/enty_check")]},
    "to itself", ("househould", "household"), ("no station is meant", "Mill/entry/entry_check"))
case("several mistakes in one table",
     {"counts.csv": [("12000", "@many"), ("18000", "@-18000"),
                     ("2031-03-03,9000", "@3 March,9000")]}, "not a number", "out of range", "3 March", base=TABLES)
case("mistakes in several tables", {"counts.csv": [("12000", "@many")], "observed.csv": [(",Mill,", ",@Mil,")]},
     "not a number", ("no post", "Mill"), base=TABLES)

# ---- plans -----------------------------------------------------------------------------------------------------------
plan("it changes the crisis", "stations:", "@displacement: []\nstations:",
     "a plan must not change the crisis: \"displacement\"")
plan("it changes a station's time", "{desks: 9}", "{@time: 1 s}", "a plan must not change the crisis: \"time\"")
plan("unknown key", "budget: ", "@bugdet: ", ("unknown key \"bugdet\"", "budget"))
plan("another version", "hbm_plan: 1", "hbm_plan: @2", "another version of the format")
case("plan: a scenario is none", {"plan.yaml": "@hbm: 1\nname: x\n"}, "this is no plan", base=PLANNED, plan=True)
case("plan: empty", {"plan.yaml": "@"}, "this is no plan", base=PLANNED, plan=True)
case("plan: a list", {"plan.yaml": "@- 1\n"}, "this is no plan", base=PLANNED, plan=True)
plan("unknown station", "{entry_check: {", "{@enrty_check: {", ("the scenario has no \"enrty_check\"", "entry_check"))
plan("unknown target", "target: Bridge/entry/entry_check", "target: @Bridge/entry/enty_check",
     ("no station is meant", "Bridge/entry/entry_check"))
plan("unknown procedure", "procedure: household}", "procedure: @househould}",
     ("has a procedure \"househould\"", "household"))
plan("unknown rule", "rule: crowd,", "rule: @corwd,", ("there is no \"corwd\"", "crowd"))
plan("unknown level", "level: watch,", "level: @wacth,", ("\"wacth\" is not known here", "watch"))
plan("a level that the rule does not have", "level: watch,", "level: @partial,", "no such level")
plan("neither at nor rule", "- {at: 2 d, order: set_procedure", "- @{order: set_procedure",
     "needs `at`, or `rule` and `level`")
plan("both at and rule", "{rule: crowd, level", "{at: 1 d, rule: @crowd, level", "at a set time or by a rule")
plan("unknown metric", "metric: people/present", "metric: @people/presnet",
     ("no metric \"people/presnet\"", "people/present"))
plan("a threshold of another kind", "watch: {above: 6 h, below: 3 h}", "watch: {above: @6}", "wait/post is a time")
plan("thresholds in the wrong order", "below: 400", "below: @900", "left before it is reached")
plan("levels in the wrong order", "full: {above: 3000}", "full: {above: @300}", "one behind the other")
plan("a budget without a unit", "budget: 20 kUSD", "budget: @20", "has no unit")
plan("unclosed quote", "name: a plan", "name: @\"a plan", "the quote that opens here")
case("plan: mistakes in the scenario too",
     {"scenario.yaml": [("share: 42 %", "share: @142 %")], "plan.yaml": [("rule: crowd,", "rule: @corwd,")]},
     "out of range", ("there is no \"corwd\"", "crowd"), base=PLANNED, plan=True)
for words, arguments in {
    "a plan: an ordinary file of at most 16 MiB": ["check", "--plan=nowhere.yaml", "FOLDER"],
    "is a folder": ["run", "--plan=FOLDER", "FOLDER"],
}.items():
    case("plan: " + " ".join(arguments).replace(" FOLDER", ""), {}, words, command=arguments)

# ---- --set -----------------------------------------------------------------------------------------------------------
setting("--set of an unknown key", "@target_wiat=3 h", "unknown key", "target_wait")
setting("--set of an unknown element", "stations.@entry_chek.desks=3", "there is no \"entry_chek\"", "entry_check")
setting("--set of an unknown key of an element", "stations.entry_check.@deks=3", "unknown key", "desks")
setting("--set of an entry beyond the list", "displacement.@7.people=3", "no entry \"7\"")
setting("--set of a wrong value", "stations.protection.desks=@few", "not a whole number")
setting("--set without a unit", "duration=@3", "has no unit")
setting("--set of nothing", "duration=@", "value is missing")
setting("--set of an unclosed list", "people.modes=@[1, 2", "never closed")
setting("--set of an unknown place", "links.0.to=@Brigde", "there is no \"Brigde\"", "Bridge")
setting("--set of an alias", "duration=@*x", "aliases")

# ---- command lines ---------------------------------------------------------------------------------------------------
for words, arguments in {
    "there is no command 'chekc'": ["chekc", "FOLDER"],
    "a scenario is needed": ["check"],
    "unrecognized option": ["run", "--rep5=2", "FOLDER"],
    "--reps wants": ["run", "--reps=0", "FOLDER"],
    "--threads wants": ["run", "--threads=many", "FOLDER"],
    "--seed wants": ["run", "--seed=-1", "FOLDER"],
    "--until wants": ["run", "--until=wait.mean", "FOLDER"],
    "there is no key figure \"wiat.mean\"": ["run", "--until=wiat.mean=5%", "FOLDER"],
    "--set wants": ["run", "--set=duration", "FOLDER"],
    "one scenario at a time": ["run", "FOLDER", "FOLDER"],
    "is a folder": ["run", "--out=FOLDER", "FOLDER"],
    "No such file or directory": ["run", "--out=nowhere/out.h5", "FOLDER"],
    "is not an ordinary file": ["run", "--out=/dev/null", "FOLDER"],
    "is no file name": ["run", "--out=", "FOLDER"],
}.items():
    case("command line: " + " ".join(arguments).replace(" FOLDER", ""), {}, words, command=arguments)


def place(text, index):
    """Line and column of an index, both from 1."""
    before = text[:index].replace("\r\n", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def taken_out(text):
    """The text without its "@" signs, and their places."""
    places = []
    binary = isinstance(text, bytes)
    text = text.decode("latin-1") if binary else text
    while "@" in text:
        index = text.index("@")
        text = text[:index] + text[index + 1:]
        places.append(place(text, index))
    return text.encode("latin-1" if binary else "utf-8", "surrogateescape"), places


def write_large(path, make):
    """In a process of its own: the memory of this one is the least that a child seems to take."""
    if os.fork() == 0:
        text = make()
        with open(path, "wb") as to:
            to.write(text if isinstance(text, bytes) else text.encode())
        os._exit(0)
    assert os.wait()[1] == 0


def edited(case, name, text):
    edit = case["edits"].get(name, ())
    if not isinstance(edit, (list, tuple)):
        return edit
    for old, new in edit:
        assert text.count(old) == 1, f"{case['name']}: {old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    return text


def prepare(case, folder):
    """Writes the case's files; returns the expected errors: (file, line, column, words, suggestion)."""
    places = []
    for name, text in case["base"].items():
        text = edited(case, name, text)
        if callable(text):
            write_large(f"{folder}/{name}", text)
            places += [(name,) + error[2] for error in case["errors"]]
            continue
        data, found = taken_out(text)
        places += [(name, line, column) for line, column in found]
        with open(f"{folder}/{name}", "wb") as to:
            to.write(data)
    for i, override in enumerate(case["sets"]):
        data, found = taken_out(override)
        case["sets"][i] = data.decode()
        places += [("--set", line, column) for line, column in found]
    if case["make"] is not None:
        case["make"](folder)
    if not places and not case["command"]:  # the file as a whole
        places = [(case["path"] or "scenario.yaml", 0, 0)]
    errors = [error if isinstance(error, tuple) else (error, None) for error in case["errors"]]
    assert case["command"] or len(errors) == len(places), f"{case['name']}: {len(places)} places, {len(errors)} errors"
    return [where + (error + (None,))[:2] for where, error in zip(places, errors)]


def run(arguments, user):
    """Exit code, both outputs, processor seconds and peak kilobytes of one run of the program."""
    def become():
        if user is not None:
            os.setgid(user)
            os.setuid(user)

    outcome = types.SimpleNamespace()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen([HBM_COPY] + arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                                 preexec_fn=become if user else None)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = outcome.code = os.waitstatus_to_exitcode(status)
        outcome.seconds = usage.ru_utime + usage.ru_stime
        outcome.kilobytes = usage.ru_maxrss
        out.seek(0)
        err.seek(0)
        outcome.out, outcome.err = out.read().decode("utf-8", "replace"), err.read().decode("utf-8", "replace")
    return outcome


def check_errors(reported, expected, also):
    """Reported and expected errors must be the same."""
    wrong = []
    left = list(reported)
    for file, line, column, words, suggestion in expected:
        match = [
            e for e in left if (os.path.basename(e["file"] or ""), e["line"],
                                e["column"]) == (file, line, column) and words in e["message"]
        ]
        if not match:
            wrong.append(f"no error at {file}:{line}:{column} with {words!r}")
            continue
        left.remove(match[0])
        if match[0]["suggestion"] != suggestion:
            wrong.append(f"suggests {match[0]['suggestion']!r}, not {suggestion!r}")
    for e in left:
        if also is None or also not in e["message"]:
            wrong.append(f"unexpected: {e['file']}:{e['line']}:{e['column']}: {e['message']}")
    return wrong


def in_text(text, reported):
    """The text for people must have all that the JSON has."""
    for e in reported:
        where = f"{e['file']}:{e['line']}:{e['column']}: error: " if e["line"] > 0 else f"{e['file']}: error: " if e[
            "file"] else ""
        if where + e["message"] not in text:
            return [f"the text lacks {where}{e['message']}"]
        if e["suggestion"] is not None and f"did you mean \"{e['suggestion']}\"?" not in text:
            return [f"the text lacks the suggestion {e['suggestion']}"]
    return []


def tree(folder):
    return sorted(os.path.join(at, name) for at, folders, files in os.walk(folder) for name in folders + files)


def check_cost(case, outcome):
    case["seconds"] = max(case.get("seconds", 0), outcome.seconds)
    case["kilobytes"] = max(case.get("kilobytes", 0), outcome.kilobytes)
    wrong = [] if outcome.code == 2 else [f"exit code {outcome.code}, not 2"]
    if outcome.seconds >= SECONDS * SLOWER:
        wrong.append(f"{outcome.seconds:.2f} s of processor time")
    if outcome.kilobytes >= KILOBYTES * SLOWER:
        wrong.append(f"{outcome.kilobytes / 1024:.0f} MB")
    return wrong


def try_command(case, folder):
    before = tree(os.path.dirname(folder))
    outcome = run([folder if a == "FOLDER" else a.replace("=FOLDER", f"={folder}") for a in case["command"]], None)
    wrong = check_cost(case, outcome)
    if case["errors"][0] not in outcome.err:
        wrong.append("standard error lacks the words: " + outcome.err.strip())
    if tree(os.path.dirname(folder)) != before:
        wrong.append("files were left")
    return wrong


def try_case(case, folder):
    expected = prepare(case, folder)
    if case["command"] is not None:
        return try_command(case, folder)
    scenario = os.path.join(folder, case["path"]) if case["path"] else folder
    output = os.path.join(os.path.dirname(folder), "out.h5")
    sets = [f"--set={s}" for s in case["sets"]] + ([f"--plan={folder}/plan.yaml"] if case["plan"] else [])
    with open(output, "wb") as to:
        to.write(EARLIER)
    if case["user"]:
        os.chown(os.path.dirname(folder), case["user"], case["user"])
    before = tree(os.path.dirname(folder))
    text = run(["check"] + sets + [scenario], case["user"])
    wrong = check_cost(case, text)
    machine = run(["run", "--json", "--quiet", f"--out={output}"] + sets + [scenario], case["user"])
    wrong += check_cost(case, machine)
    try:
        reported = json.loads(machine.out)
        if not isinstance(reported, list):
            raise ValueError("no list of errors")
    except ValueError as error:
        return wrong + [f"the JSON is not valid: {error}: {machine.out[:200]!r} {machine.err[:300]!r}"]
    wrong += check_errors(reported, expected, case["also"]) + in_text(text.err, reported)
    if tree(os.path.dirname(folder)) != before:
        wrong.append("files were left")
    with open(output, "rb") as earlier:
        if earlier.read() != EARLIER:
            wrong.append("the earlier results file was touched")
    return wrong


def main():
    global HBM_COPY
    passed = failed = 0
    base = tempfile.mkdtemp(prefix="hbm-mistakes-")
    try:
        os.chmod(base, 0o755)
        HBM_COPY = shutil.copy(HBM, f"{base}/hbm")  # where another user can start it too
        for number, case in enumerate(CASES):
            if case["user"] and os.geteuid() != 0:
                continue
            folder = f"{base}/{number}/scenario"
            shutil.copytree(os.path.join(SOURCE, "scenarios/two-posts/plans"), f"{folder}/plans")
            os.chdir(f"{base}/{number}")
            wrong = try_case(case, folder)
            os.chdir(base)
            shutil.rmtree(f"{base}/{number}")
            passed, failed = passed + (not wrong), failed + bool(wrong)
            print(
                f"{'FAIL' if wrong else 'ok':4}  {case['seconds'] * 1000:6.0f} ms  {case['kilobytes'] / 1024:5.1f} MB  "
                f"{case['name']}"
            )
            for line in wrong:
                print("      " + line.replace("\n", "\n      "))
    finally:
        shutil.rmtree(base)
    print(f"{passed} passed, {failed} failed; most time {max(c.get('seconds', 0) for c in CASES):.2f} s, "
          f"most memory {max(c.get('kilobytes', 0) for c in CASES) / 1024:.0f} MB")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
