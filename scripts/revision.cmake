# Writes OUTPUT with the version and the git revision of SOURCE, but only when they changed.
execute_process(COMMAND git describe --always --dirty --abbrev=12 --exclude=*
                WORKING_DIRECTORY ${SOURCE} OUTPUT_VARIABLE revision
                OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT revision)
  set(revision "unknown")
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[#pragma once

namespace patchead {
inline constexpr char kVersion[] = "@VERSION@";
inline constexpr char kGitRevision[] = "@revision@";
}  // namespace patchead
]] @ONLY)
