#include "embed.hpp"

#include <algorithm>
#include <cmath>

#include "patchead/core/error.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/preprocess.hpp"

namespace patchead {
namespace {

/// Shape: `[samples, 3, side, side]`.
std::vector<float> load_inputs(std::span<const Sample> samples, int side_px,
                               const Preprocessing& preprocessing) {
    std::vector<float> pixels;
    pixels.reserve(samples.size() * 3 * static_cast<std::size_t>(side_px) *
                   static_cast<std::size_t>(side_px));
    for (const auto& sample : samples) {
        const auto input = preprocess(read_image(sample), side_px, preprocessing);
        pixels.insert(pixels.end(), input.values.begin(), input.values.end());
    }
    return pixels;
}

/// Appends the mean over heads of `encoding.attention` [B, heads, L] to `means` [n, L].
void append_head_means(const Encoding& encoding, std::size_t batch, std::vector<float>& means) {
    const auto patches = static_cast<std::size_t>(encoding.grid.size());
    const auto heads = static_cast<std::size_t>(encoding.heads);
    for (std::size_t image = 0; image < batch; ++image) {
        const auto* rows = encoding.attention.data() + image * heads * patches;
        for (std::size_t patch = 0; patch < patches; ++patch) {
            double sum = 0;
            for (std::size_t head = 0; head < heads; ++head) {
                sum += double{rows[head * patches + patch]};
            }
            means.push_back(static_cast<float>(sum / static_cast<double>(heads)));
        }
    }
}

void require_finite(std::span<const float> values, std::span<const Sample> samples) {
    const auto finite = [](float value) { return std::isfinite(value); };
    require<DataError>(std::ranges::all_of(values, finite), "the features of '",
                       samples.front().image.string(), "' or one of the ", samples.size() - 1,
                       " images after it are not finite (the network overflowed); check the "
                       "weights and the precision");
}

}  // namespace

FeatureBlock embed_images(const Backbone& backbone, std::span<const Sample> samples, int side_px,
                          const Preprocessing& preprocessing, std::size_t forward_batch,
                          const std::function<void()>& safe_point) {
    FeatureBlock block;
    for (std::size_t at = 0; at < samples.size(); at += forward_batch) {
        safe_point();
        const auto part = samples.subspan(at, std::min(forward_batch, samples.size() - at));
        const auto encoding = backbone.encode(load_inputs(part, side_px, preprocessing),
                                              static_cast<int>(part.size()), side_px, side_px);
        require_finite(encoding.tokens, part);
        block.grid = encoding.grid;
        block.dim = encoding.dim;
        block.embeddings.insert(block.embeddings.end(), encoding.tokens.begin(),
                                encoding.tokens.end());
        if (!encoding.attention.empty()) {
            append_head_means(encoding, part.size(), block.attention);
        }
        for (const auto& sample : part) { block.ids.push_back(sample.id); }
    }
    return block;
}

}  // namespace patchead
