# libhbm, compiled once and linked twice: libhbm.a has all functions, so that the program and the tests reach inner ones
# too; libhbm.so shows those of hbm.h alone. BUILD_SHARED_LIBS says which of them is installed.

set(HBM_INCLUDES ${CSV_INCLUDE} ${MD_INCLUDE} ${RANDOM123_INCLUDE} ${UTHASH_INCLUDE})
set(HBM_LIBRARIES PkgConfig::GSL PkgConfig::FYAML PkgConfig::JANSSON hbm::hdf5_hl PkgConfig::HDF5 PkgConfig::ZLIB
    hbm::csv hbm::md OpenMP::OpenMP_C m)

add_library(hbm_objects OBJECT ${HBM_SIM} ${HBM_MODELS})
add_dependencies(hbm_objects hbm_build_info)
# The commit goes into every results file; by this header, not by a definition, a new commit recompiles one file.
set_source_files_properties(models/outcome/provenance.c PROPERTIES COMPILE_OPTIONS "-include;hbm_build.h")
set_target_properties(hbm_objects PROPERTIES POSITION_INDEPENDENT_CODE ON C_VISIBILITY_PRESET hidden)
target_include_directories(hbm_objects PRIVATE ${CMAKE_SOURCE_DIR} ${HBM_GENERATED})
target_include_directories(hbm_objects SYSTEM PRIVATE ${HBM_INCLUDES})
target_link_libraries(hbm_objects PRIVATE hbm_options ${HBM_LIBRARIES})

set(HBM_KINDS static shared)
add_library(hbm_static STATIC $<TARGET_OBJECTS:hbm_objects>)
add_library(hbm_shared SHARED $<TARGET_OBJECTS:hbm_objects>)
foreach(KIND IN LISTS HBM_KINDS)
  set_target_properties(hbm_${KIND} PROPERTIES OUTPUT_NAME hbm EXPORT_NAME libhbm PUBLIC_HEADER models/hbm.h
                        LINKER_LANGUAGE C)
  target_include_directories(hbm_${KIND} PUBLIC $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(hbm_${KIND} PRIVATE $<BUILD_INTERFACE:hbm_options> ${HBM_LIBRARIES})
endforeach()
set_target_properties(hbm_shared PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION 0)

# What the program and the tests see of the library: its inner headers too.
add_library(hbm_inside INTERFACE)
target_include_directories(hbm_inside INTERFACE ${CMAKE_SOURCE_DIR} ${HBM_GENERATED})
target_include_directories(hbm_inside SYSTEM INTERFACE ${HBM_INCLUDES})
target_link_libraries(hbm_inside INTERFACE hbm_options hbm_static ${HBM_LIBRARIES})
