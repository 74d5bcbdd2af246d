#!/usr/bin/env bash
# What tools/new-model writes builds without a warning and passes its own tests and those that walk all models:
# conformance, effects, the board. In a copy of the tree. A bad name, an unknown room and a model that is there already
# are refused.
# shellcheck source=tests/support/claims.sh
. "$HBM_SOURCE_DIR/tests/support/claims.sh"
tests="model_test_frost model_test_registry model_test_effects model_test_board"
cp -r "$HBM_SOURCE_DIR"/{sim,models,scenarios,tools,tests,CMakeLists.txt,.clang-format} .

exits 2 tools/new-model Frost travel; claim a name with a capital is refused
exits 2 tools/new-model frost nowhere; claim an unknown room is refused
exits 2 tools/new-model health travel; claim a model that is there is refused
exits 0 tools/new-model frost travel && [[ $(grep -c frost out) -ge 5 ]]; claim it says what it wrote
cmake -S . -B build -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_FLAGS_DEBUG=-O1 -DHBM_MPI=OFF >out 2>err; claim CMake finds it
# shellcheck disable=SC2086  # a list of words
cmake --build build --parallel 2 --target hbm $tests >out 2>err; claim it builds, warnings are errors
for test in $tests; do
    timeout 600 "build/tests/$test" >out 2>err; claim "$test passes"
done
build/hbm params frost >out 2>err && grep -q frost_note_all out; claim hbm params tells of it
claims_end
