#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "few_shot_units.hpp"

/// \file
/// \brief Units of detectors that are not PatchEAD. Private to the plan layer.

namespace patchead::inline plan_detail {

/// Fit and detect units of one detector and seed, planned when first asked for.
class DetectorUnits {
  public:
    /// Arguments must outlive the object.
    DetectorUnits(const Scope& scope, std::size_t detector, std::uint64_t seed, UnitList& units);

    /// With a model of `prompts`: block of tests by block, as matches have them.
    [[nodiscard]] std::vector<std::size_t> few_shot(const std::vector<std::size_t>& prompts);
    /// The prompt at place `left_out` with a model of the others.
    [[nodiscard]] std::size_t leave_out(const std::vector<std::size_t>& prompts,
                                        std::size_t left_out);
    /// Batch by batch, as matches have them.
    [[nodiscard]] std::vector<std::size_t> zero_shot();

  private:
    [[nodiscard]] std::size_t model_of(const std::vector<std::size_t>& prompts);
    /// The same images with what the detector needs of a pass.
    [[nodiscard]] std::vector<ImageRef> tests(const PlannedNeeds& needs);
    [[nodiscard]] std::vector<ImageRef> references(const PlannedNeeds& needs, std::size_t prompt);

    const Scope& scope_;
    std::size_t detector_;
    std::uint64_t seed_;
    UnitList& units_;
    const DetectorSettings& settings_;
};

}  // namespace patchead::inline plan_detail
