#!/usr/bin/env bash
# The reference of all models, models/PARAMETERS.md: it is what the program prints today, its tables are well formed,
# every row of the catalogue stands in it, and every default says where it comes from.
# Needs HBM (the program) and HBM_SOURCE_DIR. To renew the file: build/hbm params --markdown > models/PARAMETERS.md
set -u
: "${HBM:?the program to test}" "${HBM_SOURCE_DIR:?the repository}"
HERE=$(mktemp -d) || exit 1
trap 'rm -rf "$HERE"' EXIT
KEPT=$HBM_SOURCE_DIR/models/PARAMETERS.md

failed=0
claim() { # claim WORDS...: the last test's status decides
    if [[ $? -ne 0 ]]; then
        failed=$((failed + 1))
        printf 'not so: %s\n' "$*"
        sed 's/^/  | /' "$HERE/out" | head -30
    fi
}

"$HBM" params --markdown >"$HERE/now.md" 2>"$HERE/out"; claim "hbm params --markdown works"
"$HBM" params --markdown >"$HERE/again.md" 2>"$HERE/out"; cmp "$HERE/now.md" "$HERE/again.md" >"$HERE/out" 2>&1
claim "it always writes the same"
"$HBM" params --json >"$HERE/now.json" 2>"$HERE/out"; claim "hbm params --json works"

if ! diff -u "$KEPT" "$HERE/now.md" >"$HERE/out" 2>&1; then
    false; claim "models/PARAMETERS.md is what the models' tables say today"
    printf 'Parameters, orders or metrics have changed. To renew the reference, from the top of the repository:\n'
    printf '    cmake --build %s --target hbm && %s params --markdown > models/PARAMETERS.md\n' \
        "${HBM_BINARY_DIR-build}" "$HBM"
fi

# A table: a heading, a rule, rows, all of the same number of cells (bars that are not escaped).
awk '
    /^\|/ { line = $0; gsub(/\\\|/, "", line); cells = gsub(/\|/, "", line)
            if (!inside) { inside = 1; wanted = cells; rule = NR + 1 }
            if (NR == rule && $0 !~ /^(\|---)+\|$/) print FILENAME ":" NR ": no rule under the heading of a table"
            if (cells != wanted) print FILENAME ":" NR ": " cells - 1 " cells, not " wanted - 1 ": " $0
            next }
    inside { inside = 0; if ($0 != "") print FILENAME ":" NR ": no empty line behind a table" }
' "$HERE/now.md" >"$HERE/out"
[[ ! -s $HERE/out ]]; claim "tables are well formed"

"$HBM" params --markdown onset >"$HERE/out" 2>&1 &&
    [[ $(grep -c '^| `' "$HERE/out") -eq 1 && $(grep -c '^## ' "$HERE/out") -eq 1 ]]
claim "a pattern leaves the models out that have nothing of it"

/usr/bin/python3 - "$HERE/now.json" "$HERE/now.md" >"$HERE/out" 2>&1 <<'PYTHON'
import json, re, sys
rows = json.load(open(sys.argv[1]))
text = open(sys.argv[2]).read()
problems = []

# Every row of the catalogue is a row of a table; a parameter under its section.
section, listed = None, set()
for line in text.splitlines():
    if line.startswith("## "):
        section = None
    elif line.startswith("### "):
        section = line[4:].strip("`")
    elif line.startswith("| `"):
        name = line[3:line.index("`", 3)]
        alone = section is None or re.match(r"at the top|Orders of|Metrics of", section)
        listed.add(name if alone else section + "." + name)
others = [r["name"] for k in ("orders", "metrics", "key_figures") for r in rows[k]]
for name in [p["path"] for p in rows["parameters"]] + others:
    if name not in listed:
        problems.append(f"{name} is not in the reference")

# Where defaults come from: a known word, or something that can be looked up.
known = re.compile(r"(assumption|definition|none|not given|general knowledge)\b")
vague = re.compile(r"^\W*(to ?do|tbd|fixme|xxx|unknown|default|guess|usual|\?+)\W*$", re.I)
for row in rows["parameters"] + rows["orders"]:
    name, source = row.get("path", row["name"] if "name" in row else ""), (row.get("source") or "").strip()
    if not known.match(source) and (vague.match(source) or len(source.split()) < 2):
        problems.append(f'{name}: "{source}" is no source: name one, or say "assumption: why"')
    if re.match(r"(none|not given)\b", source) and row.get("default"):
        problems.append(f'{name} has the default {row["default"]}, and its source says "{source}"')
    if row.get("required") and re.match(r"(assumption|not given|general knowledge)\b", source):
        problems.append(f'{name} must be given, and its source says "{source}"')
print("\n".join(problems))
sys.exit(1 if problems else 0)
PYTHON
claim "every row is in the reference, and every default says where it comes from"

[[ $failed -eq 0 ]] && echo "the reference is complete"
[[ $failed -eq 0 ]]
