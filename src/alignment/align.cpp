#include "patchead/alignment/align.hpp"

#include <stdexcept>
#include <utility>

#include "estimator.hpp"
#include "judge.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"
#include "refine.hpp"

namespace patchead {
namespace {

constexpr int kLeastSide = 32;

/// What one estimator knows of an image.
struct Clue {
    const Estimator* estimator;
    std::any what;
};

struct Seen final : Landmarks {
    AlignEstimator asked{};
    int side_px = 0;
    SmallCopy small;
    std::vector<Clue> clues;
};

const Seen& seen(const Landmarks& landmarks, const AlignOptions& options) {
    const auto& result = dynamic_cast<const Seen&>(landmarks);
    if (result.asked != options.estimator || result.side_px != options.side_px) {
        throw std::logic_error("landmarks that were found with other options");
    }
    return result;
}

/// The best proposal so far; at first the identity, which nobody made.
class Choice {
  public:
    /// With `needs_support`, only proposals made from keypoints are considered.
    Choice(const SmallCopy& source, const SmallCopy& target, bool needs_support)
        : source_(source),
          target_(target),
          needs_support_(needs_support),
          agreement_(agreement(source, target, {})) {
        best_.ncc_before = best_.ncc_after = correlation(source, target, {});
    }

    void consider(const Proposal& proposal, const std::string& method) {
        // Of what is rejected too, tables say how well it was supported.
        const auto [matches, inliers] = proposal.support.value_or(Support{});
        if (!best_.accepted && proposal.support) {
            best_.matches = matches;
            best_.inliers = inliers;
        }
        if (needs_support_ && !proposal.support) { return; }
        if (!is_plausible(proposal)) { return; }
        const auto& transform = proposal.transform;
        const double before = best_.ncc_before;
        const double now = correlation(source_, target_, transform);
        const double agreed = agreement(source_, target_, transform);
        if (!is_gain(before, now) || agreed <= agreement_) { return; }
        best_ = {transform, true, method, matches, inliers, proposal.scale, before, now};
        agreement_ = agreed;
        proposal_ = proposal;
    }

    void refine_best() {
        if (!best_.accepted) { return; }
        auto refined = proposal_;
        refined.transform = refine(source_, target_, proposal_.transform);
        consider(refined, best_.method);
    }

    [[nodiscard]] const Alignment& best() const { return best_; }

  private:
    const SmallCopy& source_;
    const SmallCopy& target_;
    bool needs_support_;
    Alignment best_;
    double agreement_;
    Proposal proposal_;
};

}  // namespace

std::shared_ptr<const Landmarks> find_landmarks(const Image& image, const AlignOptions& options) {
    require<ConfigError>(options.side_px >= kLeastSide, "an alignment side of ", options.side_px,
                         " px (nothing is seen in so small an image); use at least ", kLeastSide);
    auto result = std::make_shared<Seen>();
    result->asked = options.estimator;
    result->side_px = options.side_px;
    auto view = view_of(image, options.side_px);
    for (const auto* estimator : estimators_of(options.estimator)) {
        result->clues.push_back({estimator, estimator->look(view)});
    }
    result->small = std::move(view.small);
    return result;
}

Alignment align(const Landmarks& source, const Landmarks& target, const AlignOptions& options) {
    const auto& from = seen(source, options);
    const auto& to = seen(target, options);
    const bool is_automatic = options.estimator == AlignEstimator::automatic;
    // Without objects, a texture may agree with itself in many positions, and none of them means
    // anything: then only keypoints, which show what they rely on, are trusted unasked.
    const bool needs_support = is_automatic && !(from.small.has_object && to.small.has_object);
    Choice choice(from.small, to.small, needs_support);
    for (std::size_t i = 0; i < from.clues.size(); ++i) {
        const auto& [estimator, what] = from.clues[i];
        const std::string method(name_of(estimator->option));
        for (const auto& proposal : estimator->propose(what, to.clues[i].what, options.model)) {
            choice.consider(proposal, method);
        }
    }
    if (is_automatic) { choice.refine_best(); }
    return choice.best();
}

}  // namespace patchead
