# make install: program, library, public header, man page, completion, scenarios, and what pkg-config and CMake need to
# find it.
include(CMakePackageConfigHelpers)

install(TARGETS libhbm EXPORT hbm-targets PUBLIC_HEADER DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT hbm-targets NAMESPACE hbm:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hbm)
if(TARGET hbm)
  install(TARGETS hbm ${HBM_MPI_PROGRAMS})
  install(FILES ${CMAKE_BINARY_DIR}/hbm.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${CMAKE_BINARY_DIR}/hbm.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
          RENAME hbm)
endif()
install(DIRECTORY scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/hbmsim)
install(DIRECTORY tools/cluster DESTINATION ${CMAKE_INSTALL_DATADIR}/hbmsim)

get_filename_component(HBM_HL_NAME ${HDF5_HL_LIBRARY} NAME_WE)
string(REGEX REPLACE "^lib" "" HBM_HL_NAME ${HBM_HL_NAME})
configure_file(tools/cmake/hbm.pc.in ${HBM_GENERATED}/hbm.pc @ONLY)
install(FILES ${HBM_GENERATED}/hbm.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

configure_package_config_file(tools/cmake/hbm-config.cmake.in ${HBM_GENERATED}/hbm-config.cmake
                              INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hbm)
write_basic_package_version_file(${HBM_GENERATED}/hbm-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${HBM_GENERATED}/hbm-config.cmake ${HBM_GENERATED}/hbm-config-version.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hbm)
