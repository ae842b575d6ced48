#include "patchead/setup/build_facts.hpp"

#include "patchead/backbone/backbone.hpp"
#include "patchead/cache/describe.hpp"
#include "patchead/data/image_library.hpp"
#include "revision.hpp"

namespace patchead {

std::map<std::string, std::string> build_facts(const std::string& mpi) {
    auto facts = compute_facts();
    facts["version"] = kVersion;
    facts["git_revision"] = kGitRevision;
    facts["compiler"] = __VERSION__;
    facts["hdf5"] = hdf5_version();
    facts["opencv"] = image_library_version();
    facts["mpi"] = mpi;
    return facts;
}

}  // namespace patchead
