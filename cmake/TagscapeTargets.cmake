# The two ways to declare code in this project. A declaration says what a target is made of and what it may see.

# tagscape_module(name SOURCES … [USES …] [HIDES …])
#   One folder, one static library, reachable as tagscape::name.
#   USES:  targets whose headers appear in our headers.   HIDES: targets that only our .cpp files see.
function(tagscape_module name)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "SOURCES;USES;HIDES")
  add_library(tagscape_${name} STATIC ${ARG_SOURCES})
  add_library(tagscape::${name} ALIAS tagscape_${name})
  target_include_directories(tagscape_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(tagscape_${name} PUBLIC ${ARG_USES} PRIVATE ${ARG_HIDES} tagscape_warnings)
  set_target_properties(tagscape_${name} PROPERTIES POSITION_INDEPENDENT_CODE ON)
endfunction()

# tagscape_test(path USES … [LABELS …] [COMMAND …])
#   tests/<path>.cpp becomes one program and one CTest entry of the same name.
#   LABELS gl: needs a display, run under Xvfb. Every program writes its gtest report into <build>/test-reports.
function(tagscape_test path)
  cmake_parse_arguments(PARSE_ARGV 1 ARG "" "TIMEOUT" "USES;LABELS;SOURCES")
  string(REPLACE "/" "_" target test_${path})
  add_executable(${target} ${PROJECT_SOURCE_DIR}/tests/${path}.cpp ${ARG_SOURCES})
  target_link_libraries(${target} PRIVATE ${ARG_USES} tagscape_test_support tagscape_warnings)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/tests)
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)
  endif()
  add_test(NAME ${path} COMMAND ${target} --gtest_output=xml:${PROJECT_BINARY_DIR}/test-reports/${target}.xml)
  set_tests_properties(${path} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
  if(TAGSCAPE_SANITIZE MATCHES "thread")
    set_tests_properties(${path} PROPERTIES ENVIRONMENT
      "TSAN_OPTIONS=halt_on_error=1:suppressions=${PROJECT_SOURCE_DIR}/tests/support/tsan.supp")
  endif()
endfunction()
