# Everything the program is built with, found before anything is compiled. What is missing is collected and told in one
# message that names the Debian packages, so that one apt-get is enough.

set(HBM_MISSING "")

macro(hbm_missing what package)
  list(APPEND HBM_MISSING "  ${what}: apt-get install ${package}")
endmacro()

macro(hbm_module prefix module package)
  if(PKG_CONFIG_FOUND)
    pkg_check_modules(${prefix} QUIET IMPORTED_TARGET ${module})
  endif()
  if(NOT ${prefix}_FOUND)
    hbm_missing(${module} ${package})
  endif()
endmacro()

macro(hbm_header variable header package)
  find_path(${variable} ${header})
  if(NOT ${variable})
    hbm_missing("<${header}>" ${package})
  endif()
endmacro()

macro(hbm_library variable name package)
  find_library(${variable} NAMES ${name} ${ARGN})
  if(NOT ${variable})
    hbm_missing("lib${name}" ${package})
  endif()
endmacro()

find_package(PkgConfig QUIET)
if(NOT PKG_CONFIG_FOUND)
  hbm_missing("pkg-config" pkg-config)
endif()

find_package(OpenMP QUIET COMPONENTS C)
if(NOT OpenMP_C_FOUND)
  if(CMAKE_C_COMPILER_ID MATCHES "Clang")
    hbm_missing("OpenMP for clang" libomp-dev)
  else()
    hbm_missing("OpenMP" gcc)
  endif()
endif()

hbm_module(GSL gsl libgsl-dev)
hbm_module(FYAML libfyaml libfyaml-dev)
hbm_module(JANSSON jansson libjansson-dev)
hbm_module(ZLIB zlib zlib1g-dev)
# The serial build of HDF5 by its own name: plain "hdf5" may stand for the MPI one where both are installed.
hbm_module(HDF5 hdf5-serial libhdf5-dev)
hbm_library(HDF5_HL_LIBRARY hdf5_serial_hl libhdf5-dev hdf5_hl HINTS ${HDF5_LIBRARY_DIRS})
hbm_header(CSV_INCLUDE csv.h libcsv-dev)
hbm_library(CSV_LIBRARY csv libcsv-dev)
# libmd by find_library, not pkg-config: its flags would put a BSD <md5.h> folder first.
hbm_header(MD_INCLUDE sha2.h libmd-dev)
hbm_library(MD_LIBRARY md libmd-dev)
hbm_header(RANDOM123_INCLUDE Random123/threefry.h librandom123-dev)
hbm_header(UTHASH_INCLUDE uthash.h uthash-dev)

if(BUILD_TESTING)
  hbm_module(CMOCKA cmocka "libcmocka-dev (or configure with -DBUILD_TESTING=OFF)")
endif()

if(HBM_MISSING)
  list(REMOVE_DUPLICATES HBM_MISSING)
  list(JOIN HBM_MISSING "\n" HBM_MISSING)
  message(FATAL_ERROR "Missing to build hbm (names of Debian packages):\n${HBM_MISSING}")
endif()

# Libraries without a pkg-config file, as targets: the names stand in the package for CMake too (hbm-config.cmake.in).
foreach(NAME hdf5_hl csv md)
  string(TOUPPER ${NAME} VARIABLE)
  add_library(hbm::${NAME} UNKNOWN IMPORTED)
  set_target_properties(hbm::${NAME} PROPERTIES IMPORTED_LOCATION ${${VARIABLE}_LIBRARY})
endforeach()
