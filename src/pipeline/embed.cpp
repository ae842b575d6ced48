#include "embed.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/core/stages.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/preprocess.hpp"

namespace patchead {
namespace {

/// The next `count` inputs. Shape: `[count, 3, side, side]`.
std::vector<float> take_inputs(InputsAhead& inputs, std::size_t count, int side_px) {
    std::vector<float> pixels;
    pixels.reserve(count * 3 * static_cast<std::size_t>(side_px) *
                   static_cast<std::size_t>(side_px));
    for (std::size_t i = 0; i < count; ++i) {
        const auto input = inputs.next();
        PATCHEAD_ASSERT(input.side_px == side_px);
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

Encoding encode(const Backbone& backbone, const std::vector<float>& pixels, std::size_t images,
                int side_px) {
    const StageTimer timer(Stage::forward);
    return backbone.encode(pixels, static_cast<int>(images), side_px, side_px);
}

void require_finite(std::span<const float> values, std::span<const std::string> ids) {
    const auto finite = [](float value) { return std::isfinite(value); };
    require<DataError>(std::ranges::all_of(values, finite), "the features of '", ids.front(),
                       "' or one of the ", ids.size() - 1,
                       " images after it are not finite (the network overflowed); check the "
                       "weights and the precision");
}

}  // namespace

FeatureBlock embed_inputs(const Backbone& backbone, std::vector<std::string> ids,
                          InputSource inputs, int side_px, std::size_t forward_batch,
                          const std::function<void()>& safe_point) {
    FeatureBlock block;
    block.ids = std::move(ids);
    InputsAhead ahead(std::move(inputs), block.images(), 2 * forward_batch);
    std::size_t batch = 1;  // Then more: the network soon has something to do.
    std::size_t end = 0;
    for (std::size_t at = 0; at < block.images(); at = end) {
        safe_point();
        end = std::min(at + batch, block.images());
        batch = std::min(2 * batch, forward_batch);
        const auto encoding =
            encode(backbone, take_inputs(ahead, end - at, side_px), end - at, side_px);
        require_finite(encoding.tokens, std::span(block.ids).subspan(at, end - at));
        block.grid = encoding.grid;
        block.dim = encoding.dim;
        block.embeddings.insert(block.embeddings.end(), encoding.tokens.begin(),
                                encoding.tokens.end());
        if (!encoding.attention.empty()) { append_head_means(encoding, end - at, block.attention); }
    }
    return block;
}

FeatureBlock embed_images(const Backbone& backbone, std::span<const Sample> samples, int side_px,
                          const Preprocessing& preprocessing, std::size_t forward_batch,
                          int decode_threads, const std::function<void()>& safe_point) {
    std::vector<std::string> ids;
    for (const auto& sample : samples) { ids.push_back(sample.id); }
    const auto make = [&](std::size_t row) {
        return preprocess(read_image(samples[row]), side_px, preprocessing);
    };
    return embed_inputs(backbone, std::move(ids), {make, decode_threads}, side_px, forward_batch,
                        safe_point);
}

}  // namespace patchead
