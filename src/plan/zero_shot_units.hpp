#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "few_shot_units.hpp"
#include "patchead/plan/company.hpp"

/// \file
/// \brief Units of batch zero-shot: tests against each other. Private to the plan layer.

namespace patchead::inline plan_detail {

/// Match units of one seed's batches, planned when first asked for.
class ZeroShotUnits {
  public:
    /// Arguments must outlive the object.
    ZeroShotUnits(const Scope& scope, std::uint64_t seed, UnitList& units)
        : scope_(scope), seed_(seed), units_(units) {}

    /// Batch by batch; with alignment as `spec.align.zero` says.
    [[nodiscard]] std::vector<MatchGroup> groups(bool align);

    /// What each test is scored against, or why there is nothing; with neither, all of its batch.
    [[nodiscard]] const CompanyDraw& companies();

    /// Of each test: where the transform of its copies lies. Empty where only references have
    /// copies (z1, z3). After `groups(true)`.
    [[nodiscard]] std::vector<PairRef> transforms() const;

  private:
    /// The features of a batch's members, by version.
    struct Versions {
        std::array<std::vector<ImageRef>, 3> of;
        std::size_t owned = 0;
    };

    void plan_batches();
    void plan_aligned();
    std::vector<MatchGroup> aligned_groups(std::size_t plain, const Versions& versions);
    Versions embed_copies(const Batch& batch, std::size_t align);
    std::size_t match_within(const Versions& versions, const std::vector<Version>& which);

    const Scope& scope_;
    std::uint64_t seed_;
    UnitList& units_;
    std::optional<CompanyDraw> drawn_;
    std::vector<Batch> batches_;
    std::vector<std::size_t> plain_;   ///< Match unit of each batch.
    std::vector<MatchGroup> aligned_;  ///< Of all batches.
    std::vector<PairRef> transforms_;
};

}  // namespace patchead::inline plan_detail
