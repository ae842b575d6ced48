#pragma once

#include <map>
#include <string>

/// \file
/// \brief What the binary was built from and which libraries it runs on.

namespace patchead {

/// Version, git revision and library versions: goes into every artifact and result. Nothing here
/// depends on host, time or rank. `mpi`: the version text of the MPI library.
[[nodiscard]] std::map<std::string, std::string> build_facts(const std::string& mpi);

}  // namespace patchead
