# Targets for the one who works on the program: oracle, sanitize, coverage, format, format-check. (bench is in tests/.)

if(BUILD_TESTING)
  add_custom_target(oracle COMMAND ${CMAKE_CTEST_COMMAND} -L oracle --output-on-failure USES_TERMINAL)
endif()

set(SANITIZE "")
foreach(PRESET asan tsan)
  list(APPEND SANITIZE COMMAND ${CMAKE_COMMAND} --preset ${PRESET}
                       COMMAND ${CMAKE_COMMAND} --build --preset ${PRESET}
                       COMMAND ${CMAKE_CTEST_COMMAND} --preset ${PRESET})
endforeach()
add_custom_target(sanitize ${SANITIZE} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} USES_TERMINAL)

if(HBM_COVERAGE)
  find_program(GCOVR gcovr)
  if(GCOVR)
    add_custom_target(coverage
      COMMAND ${GCOVR} --root ${CMAKE_SOURCE_DIR} --filter sim/ --filter models/ --filter tools/ --print-summary
              --html-details ${CMAKE_BINARY_DIR}/coverage.html ${CMAKE_BINARY_DIR}
      WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} USES_TERMINAL)
  endif()
endif()

find_program(CLANG_FORMAT NAMES clang-format clang-format-14)
if(CLANG_FORMAT)
  file(GLOB_RECURSE HBM_FORMATTED CONFIGURE_DEPENDS sim/*.[ch] models/*.[ch] tools/*.[ch] tests/*.[ch])
  add_custom_target(format COMMAND ${CLANG_FORMAT} -i ${HBM_FORMATTED} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  add_custom_target(format-check COMMAND ${CLANG_FORMAT} --dry-run --Werror ${HBM_FORMATTED}
                    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
endif()

find_program(CLANG_TIDY NAMES clang-tidy clang-tidy-14)
if(CLANG_TIDY)
  add_custom_target(tidy COMMAND ${CLANG_TIDY} --quiet -p ${CMAKE_BINARY_DIR} ${HBM_SIM} ${HBM_MODELS} ${HBM_TOOLS}
                    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} USES_TERMINAL)
endif()
