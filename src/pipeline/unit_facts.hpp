#pragma once

#include <map>
#include <set>
#include <span>
#include <string>

#include "patchead/cache/store.hpp"
#include "patchead/pipeline/sweep_inputs.hpp"
#include "patchead/plan/units.hpp"

/// \file
/// \brief What an artifact says of how it was made. Private to the pipeline layer.

namespace patchead::inline pipeline_detail {

class UnitFacts {
  public:
    /// `common`: of every artifact of the run; what it says of libraries and processor is replaced
    /// by what is true of this process, whose networks are where `sources` say; a GPU that it names
    /// stays, where this process has none. `plan` and `store` must outlive it.
    UnitFacts(const SweepPlan& plan, const Store& store, Provenance common,
              std::span<const BackboneSource> sources);

    /// With the numeric stacks of the unit's inputs beside its own, however far back. Its inputs
    /// must be in the store; one that is damaged is quarantined. Throws as Store does.
    [[nodiscard]] Provenance of(const UnitRef& unit);

  private:
    [[nodiscard]] const std::set<std::string>& stacks_behind(const ArtifactKey& key);

    const SweepPlan& plan_;
    const Store& store_;
    Provenance common_;
    std::string own_;                                     ///< Numeric stack.
    std::map<std::string, std::set<std::string>> known_;  ///< By digest: units share inputs.
};

}  // namespace patchead::inline pipeline_detail
