#!/usr/bin/env bash
# The library as somebody else uses it: installed into a prefix that is moved afterwards, static and shared, found by
# find_package and by pkg-config; each time a program of its own comes to the numbers of the program hbm. The shared
# library shows what hbm.h declares, and nothing else.
# Needs HBM_BINARY_DIR with all targets built.
# shellcheck source=tests/support/claims.sh
. "$HBM_SOURCE_DIR/tests/support/claims.sh"
: "${HBM_BINARY_DIR:?the build}"
CACHE=$HBM_BINARY_DIR/CMakeCache.txt
CONSUMER=$HBM_SOURCE_DIR/tests/support/consumer
SCENARIO=$HBM_SOURCE_DIR/scenarios/river-exercise
cached() { sed -n "s/^$1:[A-Z]*=//p" "$CACHE"; }
if [[ -n $(cached HBM_SANITIZE) || $(cached HBM_COVERAGE) == ON ]]; then
    echo "a build for other purposes than to be installed"
    exit 77
fi
CC=$(cached CMAKE_C_COMPILER)
LIBDIR=$(cached CMAKE_INSTALL_LIBDIR)

exits 0 "$HBM" run "$SCENARIO" --set scale=0.05 --reps 2 --quiet --out run.h5 &&
    exits 0 "$HBM" compare "$SCENARIO" --set scale=0.05 --reps 2 --quiet --out compare.h5
claim "the program runs the scenario and compares its plans"
printf 'run %s\ncompare %s\n' "$("$HBM" info --hash run.h5)" "$("$HBM" info --hash compare.h5)" >wanted

# same PROGRAM WORDS...: it runs and comes to the program's numbers
same() {
    exits 0 "$1" "$SCENARIO" && diff wanted <(head -2 out) >>err &&
        [[ $(tail -1 out) =~ ^wait.mean\ [0-9]+\ s,.*:\ [-+][0-9]+\ s$ ]]
    claim "${@:2}: the same results as those of hbm"
}

# consume KIND: as both kinds of projects do
consume() {
    local prefix=$HERE/$1
    exits 0 env CC="$CC" cmake -S "$CONSUMER" -B "build-$1" -DCMAKE_PREFIX_PATH="$prefix" &&
        exits 0 cmake --build "build-$1"
    claim "$1: a project that says find_package(hbm) builds"
    same "build-$1/consumer" "$1, find_package"
    local flags
    flags=$(PKG_CONFIG_PATH=$prefix/$LIBDIR/pkgconfig pkg-config --cflags --libs hbm 2>err)
    claim "$1: pkg-config knows hbm"
    # shellcheck disable=SC2086  # a list of words
    exits 0 "$CC" -std=c17 -Wall -Wextra -Werror "$CONSUMER/consumer.c" $flags -Wl,-rpath,"$prefix/$LIBDIR" \
        -o "consumer-$1"
    claim "$1: a program with the flags of pkg-config builds"
    same "./consumer-$1" "$1, pkg-config"
}

for kind in static shared; do
    exits 0 cmake --install "$HBM_BINARY_DIR" --component "$kind" --prefix "$HERE/first" && mv first "$kind"
    claim "$kind: the library can be installed, and its folder moved"
    ! grep -rq "$HBM_BINARY_DIR\|$HERE/first" "$kind/$LIBDIR"/*/
    claim "$kind: nothing names the folder of the build or of the installation"
    consume "$kind"
done
exits 0 cmake --install "$HBM_BINARY_DIR" --prefix "$HERE/whole" && [[ -x whole/bin/hbm && -f whole/include/hbm.h ]]
claim "all is installed"
exits 0 whole/bin/hbm --version; claim "the installed program runs"

ldd consumer-shared >out 2>&1 && grep -q 'libhbm\.so\.[0-9]' out; claim "the program asks for libhbm by its soname"
nm -D --defined-only "shared/$LIBDIR/libhbm.so" | awk '{ print $3 }' | sort >shown
sed -n 's/^[a-z].*[ *]\(hbm_[a-z0-9_]*\)(.*/\1/p' "$HBM_SOURCE_DIR/models/hbm.h" | sort -u >declared
diff declared shown >out; claim "libhbm.so shows all that hbm.h declares, and nothing else"
[[ $(wc -l <declared) -ge 40 ]]; claim "hbm.h declares functions"
claims_end
