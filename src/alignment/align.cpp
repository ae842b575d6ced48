#include "patchead/alignment/align.hpp"

#include <stdexcept>

#include "estimator.hpp"
#include "judge.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

constexpr int kLeastSide = 32;
/// By how much the correlation must rise; less happens by chance.
constexpr double kLeastGain = 0.02;

/// What one estimator knows of an image.
struct Clue {
    const Estimator* estimator;
    std::any what;
};

struct Seen final : Landmarks {
    AlignEstimator asked{};
    View view;
    std::vector<Clue> clues;
};

const Seen& seen(const Landmarks& landmarks, const AlignOptions& options) {
    const auto& result = dynamic_cast<const Seen&>(landmarks);
    if (result.asked != options.estimator || result.view.gray.cols != options.side_px) {
        throw std::logic_error("landmarks that were found with other options");
    }
    return result;
}

/// The best proposal so far; at first the identity, which nobody made.
struct Best {
    Alignment alignment;
    double foreground = 0;
};

/// Notes what a rejected proposal was made from, so that tables can say why so few are accepted.
void note_support(const Proposal& proposal, Alignment& alignment) {
    if (alignment.accepted || !proposal.support) { return; }
    alignment.matches = proposal.support->matches;
    alignment.inliers = proposal.support->inliers;
}

void consider(const Proposal& proposal, std::string_view method, const View& source,
              const View& target, Best& best) {
    note_support(proposal, best.alignment);
    if (!is_plausible(proposal)) { return; }
    const auto now = correlate(source.small, target.small, proposal.transform);
    const double before = best.alignment.ncc_before;
    if (now.overlap < before + kLeastGain || now.foreground <= best.foreground) { return; }
    const auto support = proposal.support.value_or(Support{});
    best.foreground = now.foreground;
    best.alignment = {
        proposal.transform, true,   std::string(method), support.matches, support.inliers,
        proposal.scale,     before, now.overlap};
}

}  // namespace

std::shared_ptr<const Landmarks> find_landmarks(const Image& image, const AlignOptions& options) {
    require<ConfigError>(options.side_px >= kLeastSide, "an alignment side of ", options.side_px,
                         " px (nothing is seen in so small an image); use at least ", kLeastSide);
    auto result = std::make_shared<Seen>();
    result->asked = options.estimator;
    result->view = view_of(image, options.side_px);
    for (const auto* estimator : estimators_of(options.estimator)) {
        result->clues.push_back({estimator, estimator->look(result->view)});
    }
    return result;
}

Alignment align(const Landmarks& source, const Landmarks& target, const AlignOptions& options) {
    const auto& from = seen(source, options);
    const auto& to = seen(target, options);
    const auto before = correlate(from.view.small, to.view.small, {});
    Best best;
    best.alignment.ncc_before = best.alignment.ncc_after = before.overlap;
    best.foreground = before.foreground;
    for (std::size_t i = 0; i < from.clues.size(); ++i) {
        const auto& estimator = *from.clues[i].estimator;
        for (const auto& proposal :
             estimator.propose(from.clues[i].what, to.clues[i].what, options.model)) {
            consider(proposal, estimator.name, from.view, to.view, best);
        }
    }
    return best.alignment;
}

}  // namespace patchead
