# The program hbm, with the starter scenario inside, its man page and its shell completion, both made by the program
# itself.

set(STARTER ${CMAKE_SOURCE_DIR}/scenarios/two-posts)
file(GLOB_RECURSE STARTER_FILES RELATIVE ${STARTER} CONFIGURE_DEPENDS ${STARTER}/*)
list(TRANSFORM STARTER_FILES PREPEND ${STARTER}/ OUTPUT_VARIABLE STARTER_PATHS)
list(JOIN STARTER_FILES "," STARTER_LIST)
add_custom_command(OUTPUT ${HBM_GENERATED}/starter_files.c
                   COMMAND ${CMAKE_COMMAND} -DOUT=${HBM_GENERATED}/starter_files.c -DFOLDER=${STARTER}
                           -DFILES=${STARTER_LIST}
                           -P ${CMAKE_SOURCE_DIR}/tools/cmake/embed.cmake
                   DEPENDS ${STARTER_PATHS} ${CMAKE_SOURCE_DIR}/tools/cmake/embed.cmake VERBATIM)

# All but main() is a library, so that tests reach it.
list(FILTER HBM_TOOLS EXCLUDE REGEX "/main\\.c$")
add_library(hbm_tools STATIC ${HBM_TOOLS} ${HBM_GENERATED}/starter_files.c)
target_link_libraries(hbm_tools PUBLIC hbm_inside)
add_executable(hbm tools/command/main.c tools/ranks/none.c)
target_link_libraries(hbm PRIVATE hbm_tools)

# The same program for MPI launchers: hbm-mpi by the MPI that CMake finds; hbm-openmpi and hbm-mpich where Debian has
# both, for the tests. Their headers are not warned about.
function(hbm_mpi_program name)
  add_executable(${name} tools/command/main.c tools/ranks/mpi.c)
  target_link_libraries(${name} PRIVATE hbm_tools ${ARGN})
  list(APPEND HBM_MPI_PROGRAMS ${name})
  set(HBM_MPI_PROGRAMS ${HBM_MPI_PROGRAMS} PARENT_SCOPE)
endfunction()
set(HBM_MPI_PROGRAMS "")
if(HBM_MPI)
  find_package(MPI QUIET COMPONENTS C)
  if(MPI_C_FOUND)
    hbm_mpi_program(hbm-mpi MPI::MPI_C)
  endif()
  foreach(VARIANT openmpi:ompi-c mpich:mpich)
    string(REGEX MATCH "^[^:]*" NAME ${VARIANT})
    string(REGEX MATCH "[^:]*$" MODULE ${VARIANT})
    pkg_check_modules(MPI_${NAME} QUIET IMPORTED_TARGET ${MODULE})
    if(MPI_${NAME}_FOUND)
      hbm_mpi_program(hbm-${NAME} PkgConfig::MPI_${NAME})
    endif()
  endforeach()
endif()

add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/hbm.1 COMMAND hbm man > ${CMAKE_BINARY_DIR}/hbm.1 DEPENDS hbm VERBATIM)
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/hbm.bash COMMAND hbm completion bash > ${CMAKE_BINARY_DIR}/hbm.bash
                   DEPENDS hbm VERBATIM)
add_custom_target(hbm_documents ALL DEPENDS ${CMAKE_BINARY_DIR}/hbm.1 ${CMAKE_BINARY_DIR}/hbm.bash)
