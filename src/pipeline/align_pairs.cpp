#include "align_pairs.hpp"

#include <limits>
#include <set>

#include "patchead/data/image_io.hpp"

namespace patchead::inline pipeline_detail {
namespace {

/// The landmarks of the sample that was asked for last.
class LastLandmarks {
  public:
    explicit LastLandmarks(KeptLandmarks& all) : all_(all) {}

    const Landmarks& of(std::size_t sample) {
        if (sample_ != sample) {
            landmarks_ = all_.of(sample);
            sample_ = sample;
        }
        return *landmarks_;
    }

  private:
    KeptLandmarks& all_;
    std::size_t sample_ = std::numeric_limits<std::size_t>::max();
    std::shared_ptr<const Landmarks> landmarks_;
};

}  // namespace

void KeptLandmarks::keep_for(std::span<const AlignPair> pairs) {
    std::set<std::size_t> needed;
    for (const auto& [source, target] : pairs) { needed.insert({source, target}); }
    std::erase_if(kept_, [&](const auto& entry) { return !needed.contains(entry.first); });
}

std::shared_ptr<const Landmarks> KeptLandmarks::of(std::size_t sample) {
    if (const auto found = kept_.find(sample); found != kept_.end()) { return found->second; }
    auto landmarks = find_landmarks(read_image(samples_[sample]), options_);
    if (kept_.size() < most_) { kept_.emplace(sample, landmarks); }
    return landmarks;
}

std::vector<Alignment> align_pairs(std::span<const AlignPair> pairs, KeptLandmarks& landmarks) {
    landmarks.keep_for(pairs);
    std::vector<Alignment> alignments;
    LastLandmarks sources(landmarks);
    LastLandmarks targets(landmarks);
    const auto& options = landmarks.options();
    for (const auto& [source, target] : pairs) {
        const bool differ = source != target && options.estimator != AlignEstimator::identity;
        alignments.push_back(differ ? align(sources.of(source), targets.of(target), options)
                                    : Alignment{});
    }
    return alignments;
}

}  // namespace patchead::inline pipeline_detail
