#include "embed.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/data/preprocess.hpp"

namespace patchead::inline pipeline_detail {
namespace {

/// Inputs as they come, in batches of one size.
class InputBatches {
  public:
    InputBatches(InputSource source, std::size_t rows, std::size_t ahead)
        : ahead_(std::move(source), rows, ahead), left_(rows) {}

    [[nodiscard]] bool is_done() const { return left_ == 0; }

    /// The next ones of one size: as many as `most_of` says for the first of them, unless the
    /// next has another size.
    template <class MostOf>
    InputBatch next(MostOf most_of) {
        auto input = take();
        const auto most = std::min(most_of(input), left_);
        InputBatch batch{input.height, input.width, 0, {}};
        batch.values.reserve(most * input.values.size());
        while (true) {
            batch.values.insert(batch.values.end(), input.values.begin(), input.values.end());
            --left_;
            if (++batch.count == most) { return batch; }
            input = take();
            if (input.height != batch.height || input.width != batch.width) { break; }
        }
        waiting_ = std::move(input);
        return batch;
    }

  private:
    NetworkInput take() {
        return waiting_ ? *std::exchange(waiting_, std::nullopt) : ahead_.next();
    }

    InputsAhead ahead_;
    std::size_t left_;  ///< Not given yet.
    std::optional<NetworkInput> waiting_;
};

void require_finite(std::span<const float> values, std::span<const std::string> ids) {
    const auto finite = [](float value) { return std::isfinite(value); };
    require<DataError>(std::ranges::all_of(values, finite), "the features of '", ids.front(),
                       "' or one of the ", ids.size() - 1,
                       " images after it are not finite (the network overflowed); check the "
                       "weights and the precision");
}

}  // namespace

void embed_inputs(const Backbone& backbone, std::vector<std::string> ids, InputSource inputs,
                  const ForwardOptions& how, const TakeFeatures& take) {
    constexpr std::size_t kLeastAhead = 8;  // Some images take longer than others.
    InputBatches batches(std::move(inputs), ids.size(), std::max(kLeastAhead, 2 * how.at_once));
    std::size_t passes = 1;  // Then more: the network soon has something to do.
    auto next_id = ids.begin();
    while (!batches.is_done()) {
        auto batch = batches.next([&](const NetworkInput& first) {
            const auto of_image = passes_of(backbone, first.height, first.width, how.tiling);
            return std::max<std::size_t>(1, passes / of_image);
        });
        passes = std::min(2 * passes, how.at_once);
        const auto end = next_id + static_cast<std::ptrdiff_t>(batch.count);
        auto part = forward(backbone, std::move(batch), how);
        std::move(next_id, end, std::back_inserter(part.ids));
        next_id = end;
        for_each_values([&](const std::vector<float>& values) { require_finite(values, part.ids); },
                        part);
        take(in_frame(std::move(part), how.frame, backbone.info()));
    }
}

void embed_images(const Backbone& backbone, std::span<const Sample> samples, ImagesAtHand& images,
                  const InputOptions& inputs, const ForwardOptions& how, const TakeFeatures& take) {
    PATCHEAD_ASSERT(inputs.shapes.size() == samples.size());
    std::vector<std::string> ids;
    for (const auto& sample : samples) { ids.push_back(sample.id); }
    const auto make = [&](std::size_t row) {
        return preprocess(*images.of(samples[row]), inputs.shapes[row], inputs.preprocessing);
    };
    embed_inputs(backbone, std::move(ids), {make, inputs.threads}, how, take);
}

void append(FeatureBlock part, FeatureBlock& whole) {
    if (whole.ids.empty()) { whole = without_images(part); }
    const auto add = [](auto& from, auto& to) {
        to.insert(to.end(), std::make_move_iterator(from.begin()),
                  std::make_move_iterator(from.end()));
    };
    add(part.ids, whole.ids);
    for_each_values(add, part, whole);
}

}  // namespace patchead::inline pipeline_detail
