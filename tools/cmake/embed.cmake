# Turns the files of a folder into a C source with their bytes, so that `hbm new` writes exactly the scenario that is in
# the repository. Arguments: OUT, FOLDER, FILES (relative names separated by commas).

string(REPLACE "," ";" FILES "${FILES}")
set(TEXT "/* Generated from ${FOLDER}: the files that hbm new writes. */\n#include \"tools/command/starter.h\"\n")
set(ROWS "")
set(COUNT 0)
foreach(FILE IN LISTS FILES)
  file(READ "${FOLDER}/${FILE}" BYTES HEX)
  file(SIZE "${FOLDER}/${FILE}" SIZE)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," BYTES "${BYTES}")
  # A zero behind each text: an empty file is an array too.
  string(APPEND TEXT "\nstatic const unsigned char file_${COUNT}[] = {${BYTES}0};\n")
  string(APPEND ROWS "    {\"${FILE}\", file_${COUNT}, ${SIZE}},\n")
  math(EXPR COUNT "${COUNT} + 1")
endforeach()
string(APPEND TEXT "\nconst starter_file starter_files[] = {\n${ROWS}    {0, 0, 0},\n};\n"
                   "\nconst unsigned long starter_file_count = ${COUNT};\n")
file(WRITE "${OUT}" "${TEXT}")
