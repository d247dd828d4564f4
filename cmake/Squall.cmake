# What every target of the project shares: language level, warnings, sanitizers, third-party packages,
# and the two functions that the folders use to declare libraries and test programs.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()

find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(SQLite3 REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(Boost REQUIRED COMPONENTS filesystem system)

# With the compilers that CI has, warnings are errors. What others warn about must not keep anybody from building.
set(squall_warning_flags ${SQUALL_WARNING_FLAGS})
if(NOT "${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}" MATCHES "^(GNU 12|Clang 16)[.]")
  list(REMOVE_ITEM squall_warning_flags -Werror)
endif()

add_library(squall_options INTERFACE)
target_include_directories(squall_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(
  squall_options
  INTERFACE -Wall
            -Wextra
            -Wno-missing-field-initializers
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            -Wcast-align
            -Wformat=2
            -Wimplicit-fallthrough
            -Wswitch-enum
            $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond>
            $<$<CXX_COMPILER_ID:GNU>:-Wlogical-op>
            $<$<CXX_COMPILER_ID:GNU>:-Wuseless-cast>
            $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
            ${squall_warning_flags})
if(CMAKE_UNITY_BUILD)
  # The file that a pimpl belongs to is not the one that the compiler was given.
  target_compile_options(squall_options INTERFACE -Wno-subobject-linkage)
endif()
if(SQUALL_ZOO)
  target_compile_definitions(squall_options INTERFACE SQUALL_ZOO=1)
endif()
if(SQUALL_SANITIZE)
  add_compile_options(-fsanitize=${SQUALL_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SQUALL_SANITIZE})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What sanitizers add to the code makes g++ guess wrong; the other builds have this warning.
    target_compile_options(squall_options INTERFACE -Wno-maybe-uninitialized)
  endif()
endif()

# What scripts/test builds and runs under sanitizers, and what it builds and runs as users do.
add_custom_target(unit_tests)
add_custom_target(system_tests)

# Never part of a unity build (presets release, asan and tsan): for folders whose files repeat each other's
# names by design, such as one file per kind.
function(squall_one_by_one name)
  if(ARGN STREQUAL "TRUE")
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  endif()
endfunction()

# squall_library(NAME SOURCES a.cpp... DEPS other... THIRD_PARTY pkg::target... [ONE_BY_ONE])
function(squall_library name)
  cmake_parse_arguments(arg "ONE_BY_ONE" "" "SOURCES;DEPS;THIRD_PARTY" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC squall_options ${arg_DEPS} PRIVATE ${arg_THIRD_PARTY})
  squall_one_by_one(${name} ${arg_ONE_BY_ONE})
endfunction()

# squall_test(NAME LABEL unit SOURCES a.cpp... DEPS lib... [TIMEOUT seconds] [LANE name] [ONE_BY_ONE])
# One program per folder of tests; every TEST in it becomes one ctest entry with the given label. Of
# the tests of a lane one runs at a time, of the lane `alone` beside no other test at all.
function(squall_test name)
  cmake_parse_arguments(arg "ONE_BY_ONE" "LABEL;TIMEOUT;LANE" "SOURCES;DEPS" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 120)
  endif()
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE squall_options ${arg_DEPS} rapidcheck rapidcheck_gtest
                                        GTest::gtest GTest::gmock GTest::gtest_main)
  squall_one_by_one(${name} ${arg_ONE_BY_ONE})
  set(properties LABELS "${arg_LABEL}" TIMEOUT ${arg_TIMEOUT})
  if(arg_LANE STREQUAL "alone")
    list(APPEND properties RUN_SERIAL TRUE)
  elseif(arg_LANE)
    list(APPEND properties RESOURCE_LOCK ${arg_LANE})
  endif()
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES ${properties})
  if(arg_LABEL MATCHES "unit|property")
    add_dependencies(unit_tests ${name})
  else()
    add_dependencies(system_tests ${name})
  endif()
endfunction()
