# Writes hbm_build.h: which commit and compiler made this build, for the provenance in results files. Run at every
# build; the file is touched only when something changed, so that nothing is recompiled without need.
# Arguments: OUT, SOURCE, COMPILER, FLAGS.

cmake_minimum_required(VERSION 3.22)
string(STRIP "${FLAGS}" FLAGS)
set(COMMIT "unknown")
find_program(GIT git)
if(GIT AND EXISTS "${SOURCE}/.git")
  execute_process(COMMAND "${GIT}" -C "${SOURCE}" describe --always --abbrev=12 --dirty --exclude=*
                  OUTPUT_VARIABLE FOUND OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE FAILED)
  if(NOT FAILED AND FOUND)
    set(COMMIT "${FOUND}")
  endif()
endif()

configure_file("${SOURCE}/tools/cmake/hbm_build.h.in" "${OUT}" @ONLY)
