# Run at build time: writes version.cpp with `git describe`, only when it changed.
execute_process(
  COMMAND git describe --always --dirty --abbrev=10
  WORKING_DIRECTORY ${SOURCE_DIR}
  OUTPUT_VARIABLE commit
  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit "no-git")
endif()
set(content
    "#include \"harness/cli/version.hpp\"\n\nnamespace squall::harness::cli {\n\nconst char* version() { return \"${VERSION}+${commit}\"; }\n\n}  // namespace squall::harness::cli\n"
)
if(EXISTS ${OUTPUT})
  file(READ ${OUTPUT} before)
endif()
if(NOT "${before}" STREQUAL "${content}")
  file(WRITE ${OUTPUT} "${content}")
endif()
