# make install: program, library, public header, man page, completion, scenarios, and what pkg-config and CMake need to
# find it.
include(CMakePackageConfigHelpers)

if(TARGET hbm)
  install(TARGETS hbm ${HBM_MPI_PROGRAMS})
  install(FILES ${CMAKE_BINARY_DIR}/hbm.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${CMAKE_BINARY_DIR}/hbm.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
          RENAME hbm)
endif()
install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/hbmsim)
install(DIRECTORY tools/cluster DESTINATION ${CMAKE_INSTALL_DATADIR}/hbmsim)

# --- the library, and what finds it ---

# From the folder of hbm.pc to the prefix, so that a tree may be installed anywhere and moved.
set(HBM_PC_PREFIX ${CMAKE_INSTALL_PREFIX})
if(NOT IS_ABSOLUTE ${CMAKE_INSTALL_LIBDIR})
  file(RELATIVE_PATH HBM_PC_PREFIX /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
  string(REGEX REPLACE "/$" "" HBM_PC_PREFIX "\${pcfiledir}/${HBM_PC_PREFIX}")
endif()
foreach(FOLDER LIBDIR INCLUDEDIR)
  set(HBM_PC_${FOLDER} ${CMAKE_INSTALL_${FOLDER}})
  if(NOT IS_ABSOLUTE ${CMAKE_INSTALL_${FOLDER}})
    set(HBM_PC_${FOLDER} "\${prefix}/${CMAKE_INSTALL_${FOLDER}}")
  endif()
endforeach()
get_filename_component(HBM_HL_NAME ${HDF5_HL_LIBRARY} NAME_WE)
string(REGEX REPLACE "^lib" "" HBM_HL_NAME ${HBM_HL_NAME})
set(HBM_BESIDE "-l${HBM_HL_NAME} -lcsv -lmd ${OpenMP_C_FLAGS} -lm")
write_basic_package_version_file(${HBM_GENERATED}/hbm-config-version.cmake COMPATIBILITY SameMinorVersion)

# A static library is of use only with what it is built on; a shared one brings that along. The kind that is not
# installed by default is a component: cmake --install build --component shared.
foreach(KIND IN LISTS HBM_KINDS)
  set(HERE ${HBM_GENERATED}/${KIND})
  set(COMPONENT COMPONENT ${KIND})
  if((BUILD_SHARED_LIBS AND KIND STREQUAL "static") OR (NOT BUILD_SHARED_LIBS AND KIND STREQUAL "shared"))
    list(APPEND COMPONENT EXCLUDE_FROM_ALL)
  endif()
  set(HBM_PC_PRIVATE "")
  set(HBM_PC_LIBS ${HBM_BESIDE})
  set(HBM_PC_LIBS_PRIVATE "")
  set(HBM_FIND_DEPENDENCIES "include(\"\${CMAKE_CURRENT_LIST_DIR}/hbm-dependencies.cmake\")\n")
  if(KIND STREQUAL "shared")
    set(HBM_PC_PRIVATE ".private")
    set(HBM_PC_LIBS "")
    set(HBM_PC_LIBS_PRIVATE ${HBM_BESIDE})
    set(HBM_FIND_DEPENDENCIES "")
  endif()
  configure_file(tools/cmake/hbm.pc.in ${HERE}/hbm.pc @ONLY)
  configure_package_config_file(tools/cmake/hbm-config.cmake.in ${HERE}/hbm-config.cmake
                                INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hbm)
  install(TARGETS hbm_${KIND} EXPORT hbm-${KIND}
          LIBRARY ${COMPONENT} ARCHIVE ${COMPONENT} PUBLIC_HEADER DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} ${COMPONENT})
  install(EXPORT hbm-${KIND} FILE hbm-${KIND}-targets.cmake NAMESPACE hbm::
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hbm ${COMPONENT})
  install(FILES ${HERE}/hbm.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig ${COMPONENT})
  install(FILES ${HERE}/hbm-config.cmake ${HBM_GENERATED}/hbm-config-version.cmake tools/cmake/hbm-dependencies.cmake
          DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hbm ${COMPONENT})
endforeach()
