#!/usr/bin/env bash
# One hash of all result data, whatever runs it: threads 1, 2, 3, 4, 8; gcc and clang; -O0 and -O3; libm with and
# without FMA and AVX2.
# Usage: tests/validation/same_bits.sh [WORK_FOLDER]. Builds four programs; takes some minutes. Snapshots are covered by
# tests/model.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=${1:-$(mktemp -d)}
mkdir -p "$work"
scenarios=(scenarios/two-posts scenarios/poland-2022 scenarios/river-exercise
           "scenarios/river-exercise --plan scenarios/river-exercise/plans/triggers.yaml")
failed=0

build() { # name compiler flags
    if ! command -v "$2" > /dev/null; then
        echo "same bits: $2 is not installed, left out"
        return 1
    fi
    cmake -S . -B "$work/$1" -DCMAKE_BUILD_TYPE=None -DCMAKE_C_COMPILER="$2" -DCMAKE_C_FLAGS="$3" -DBUILD_TESTING=OFF \
        > "$work/$1.log" 2>&1 &&
        cmake --build "$work/$1" --target hbm -j 2 >> "$work/$1.log" 2>&1 || { tail -20 "$work/$1.log"; exit 1; }
}

hash_of() { # program scenario (with its plan) threads
    local words
    read -ra words <<< "$2"
    "$1" run "${words[@]}" --reps 2 --threads "$3" --quiet --out "$work/results.h5" > /dev/null
    "$1" info "$work/results.h5" --hash
}

expect() { # what scenario hash
    if [ "$3" = "${reference[$2]}" ]; then
        printf 'same   %-28s %s\n' "$1" "$2"
    else
        printf 'OTHER  %-28s %s: %s\n' "$1" "$2" "$3"
        failed=1
    fi
}

declare -A reference
build gcc-O3 gcc -O3
for s in "${scenarios[@]}"; do
    reference[$s]=$(hash_of "$work/gcc-O3/hbm" "$s" 1)
    echo "$s: ${reference[$s]}"
    for threads in 2 3 4 8; do
        expect "gcc -O3, $threads threads" "$s" "$(hash_of "$work/gcc-O3/hbm" "$s" $threads)"
    done
    for tunable in -AVX2,-FMA -AVX2_Usable,-FMA_Usable; do
        expect "no FMA ($tunable)" "$s" "$(GLIBC_TUNABLES=glibc.cpu.hwcaps=$tunable hash_of "$work/gcc-O3/hbm" "$s" 2)"
    done
done
for name in gcc-O0 clang-O3 clang-O0; do
    compiler=${name%-*}
    build "$name" "$compiler" "-${name#*-}" || continue
    for s in "${scenarios[@]}"; do
        expect "$compiler -${name#*-}" "$s" "$(hash_of "$work/$name/hbm" "$s" 2)"
    done
done
[ "$failed" = 0 ] && echo "all hashes are the same"
exit "$failed"
