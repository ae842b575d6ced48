#pragma once

#include <cstddef>
#include <limits>
#include <vector>

#include "categories.hpp"
#include "unit_list.hpp"

/// \file
/// \brief Units of few-shot: tests against prompts. Private to the plan layer.

namespace patchead::inline plan_detail {

/// A category at one size through one backbone.
struct Scope {
    const SweepSpec& spec;
    const Category& category;
    std::size_t backbone;
    int side_px;
    std::vector<ImageRef> tests;  ///< Features of `category.tests`.
};

/// The prompts of a match unit of full-shot, at most: their features are in memory together.
inline constexpr std::size_t kPromptsOfFullShot = 64;

/// Match units of one list of prompts, planned when first asked for.
class FewShotUnits {
  public:
    /// Arguments must outlive the object. `of_unit`: how many prompts are matched together.
    FewShotUnits(const Scope& scope, const std::vector<std::size_t>& prompts, UnitList& units,
                 std::size_t of_unit = std::numeric_limits<std::size_t>::max())
        : scope_(scope), prompts_(prompts), units_(units), of_unit_(of_unit) {}

    /// What the first `shots` prompts need, block of tests by block.
    [[nodiscard]] std::vector<MatchGroup> groups(int shots, bool align);

    /// What it takes to score the first `shots` prompts against each other.
    [[nodiscard]] std::vector<MatchGroup> among_prompts(int shots);

  private:
    struct Block {
        std::vector<ImageRef> queries;
        std::size_t first = 0;            ///< Place of the first query in the tests.
        std::vector<std::size_t> plain;   ///< Match units that together have all prompts.
        std::vector<std::size_t> warped;  ///< Match unit of each prompt's copies, as far as needed.
    };

    void plan_plain();
    /// With the first `references`.
    [[nodiscard]] std::vector<std::size_t> match_all(const std::vector<ImageRef>& queries,
                                                     std::size_t references);
    void plan_warped(std::size_t prompts);
    std::size_t plan_warped(const Block& block, std::size_t prompt, std::size_t align,
                            const std::vector<ImageRef>& references);

    const Scope& scope_;
    const std::vector<std::size_t>& prompts_;
    UnitList& units_;
    std::size_t of_unit_;
    std::vector<ImageRef> references_;  ///< Features of each prompt, and of its fixed versions.
    std::vector<Block> blocks_;
};

}  // namespace patchead::inline plan_detail
