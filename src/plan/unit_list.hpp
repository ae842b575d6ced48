#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief A plan that grows. Private to the plan layer.

namespace patchead::inline plan_detail {

/// Collects units; one that is there already (by its key) is not added again.
class UnitList {
  public:
    explicit UnitList(SweepSpec spec) : plan_{std::move(spec)} {}

    /// Each returns the unit's number in the list of its kind. Keys are made here.
    std::size_t add(AlignUnit unit);
    /// Its tokens are those that it comes with, and those that the options ask for. One that is
    /// there already gets what it lacks of them.
    std::size_t add(EmbedUnit unit);
    /// Images in blocks of fixed size, so that a block does not depend on other options. Where the
    /// features of each lie.
    [[nodiscard]] std::vector<ImageRef> add_blocks(std::size_t backbone, int side_px,
                                                   const std::vector<std::size_t>& samples);
    std::size_t add(MatchUnit unit);
    std::size_t add(FitUnit unit);
    std::size_t add(DetectUnit unit);
    /// A point of which only scores are wanted.
    std::size_t add_leave_out(EvaluateUnit unit);
    /// Points are not compared: each is a row of the results.
    std::size_t add(EvaluateUnit unit);

    /// The number of the embed unit whose passes are those of `embed` and give what is needed, too.
    [[nodiscard]] std::size_t with_needs(std::size_t embed, const PlannedNeeds& needs);

    [[nodiscard]] const SweepSpec& spec() const { return plan_.spec; }
    [[nodiscard]] const EvaluateUnit& point(std::size_t number) const {
        return plan_.evaluates[number];
    }
    [[nodiscard]] SweepPlan take() { return std::move(plan_); }

  private:
    [[nodiscard]] Grid frame_of(const EmbedUnit& unit);
    [[nodiscard]] const TokenRequest& asked_of(std::size_t backbone);

    SweepPlan plan_;
    /// By data set, category, backbone and image size.
    std::map<std::tuple<std::string, std::string, std::size_t, int>, Grid> frames_;
    std::map<std::size_t, TokenRequest> asked_;  ///< By the options, by backbone.
    std::map<std::string, std::size_t> places_;  ///< By digest, which no two kinds share.
};

}  // namespace patchead::inline plan_detail
