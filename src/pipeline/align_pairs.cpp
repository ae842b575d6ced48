#include "align_pairs.hpp"

#include <limits>
#include <memory>

#include "patchead/alignment/align.hpp"
#include "patchead/data/image_io.hpp"

namespace patchead::inline pipeline_detail {
namespace {

/// The landmarks of the sample that was asked for last.
class LastLandmarks {
  public:
    LastLandmarks(std::span<const Sample> samples, const AlignOptions& options)
        : samples_(samples), options_(options) {}

    const Landmarks& of(std::size_t sample) {
        if (sample_ != sample) {
            landmarks_ = find_landmarks(read_image(samples_[sample]), options_);
            sample_ = sample;
        }
        return *landmarks_;
    }

  private:
    std::span<const Sample> samples_;
    const AlignOptions& options_;
    std::size_t sample_ = std::numeric_limits<std::size_t>::max();
    std::shared_ptr<const Landmarks> landmarks_;
};

}  // namespace

std::vector<Alignment> align_pairs(std::span<const Sample> samples,
                                   std::span<const AlignPair> pairs, const AlignOptions& options) {
    std::vector<Alignment> alignments;
    LastLandmarks sources(samples, options);
    LastLandmarks targets(samples, options);
    for (const auto& [source, target] : pairs) {
        const bool differ = source != target && options.estimator != AlignEstimator::identity;
        alignments.push_back(differ ? align(sources.of(source), targets.of(target), options)
                                    : Alignment{});
    }
    return alignments;
}

}  // namespace patchead::inline pipeline_detail
