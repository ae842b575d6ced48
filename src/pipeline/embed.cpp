#include "embed.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/core/stages.hpp"
#include "patchead/data/preprocess.hpp"

namespace patchead::inline pipeline_detail {
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

/// Appends the mean over heads of `attention[heads, L]` to `means`.
void append_head_means(std::span<const float> attention, std::size_t heads,
                       std::vector<float>& means) {
    const auto patches = attention.size() / heads;
    for (std::size_t patch = 0; patch < patches; ++patch) {
        double sum = 0;
        for (std::size_t head = 0; head < heads; ++head) {
            sum += double{attention[head * patches + patch]};
        }
        means.push_back(static_cast<float>(sum / static_cast<double>(heads)));
    }
}

/// The mean over heads of the attention of `images` images. Shape: `[images, L]`.
std::vector<float> head_means(const Encoding& encoding, std::size_t images) {
    std::vector<float> means;
    const std::span attention(encoding.attention);
    const auto size = attention.size() / images;
    for (std::size_t image = 0; image < images && size > 0; ++image) {
        append_head_means(attention.subspan(image * size, size),
                          static_cast<std::size_t>(encoding.heads), means);
    }
    return means;
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

void embed_inputs(const Backbone& backbone, std::vector<std::string> ids, InputSource inputs,
                  int side_px, std::size_t forward_batch, const TakeFeatures& take) {
    constexpr std::size_t kLeastAhead = 8;  // Some images take longer than others.
    InputsAhead ahead(std::move(inputs), ids.size(), std::max(kLeastAhead, 2 * forward_batch));
    std::size_t batch = 1;  // Then more: the network soon has something to do.
    std::size_t end = 0;
    for (std::size_t at = 0; at < ids.size(); at = end) {
        end = std::min(at + batch, ids.size());
        batch = std::min(2 * batch, forward_batch);
        auto encoding = encode(backbone, take_inputs(ahead, end - at, side_px), end - at, side_px);
        FeatureBlock part{encoding.grid, encoding.dim, {}, {}, {}};
        std::move(ids.begin() + static_cast<std::ptrdiff_t>(at),
                  ids.begin() + static_cast<std::ptrdiff_t>(end), std::back_inserter(part.ids));
        require_finite(encoding.tokens, part.ids);
        part.attention = head_means(encoding, end - at);
        part.embeddings = std::move(encoding.tokens);
        take(std::move(part));
    }
}

void embed_images(const Backbone& backbone, std::span<const Sample> samples, ImagesAtHand& images,
                  const InputOptions& how, std::size_t forward_batch, const TakeFeatures& take) {
    std::vector<std::string> ids;
    for (const auto& sample : samples) { ids.push_back(sample.id); }
    const auto make = [&](std::size_t row) {
        return preprocess(*images.of(samples[row]), how.side_px, how.preprocessing);
    };
    embed_inputs(backbone, std::move(ids), {make, how.threads}, how.side_px, forward_batch, take);
}

void append(FeatureBlock part, FeatureBlock& whole) {
    whole.grid = part.grid;
    whole.dim = part.dim;
    const auto add = [](auto& from, auto& to) {
        to.insert(to.end(), std::make_move_iterator(from.begin()),
                  std::make_move_iterator(from.end()));
    };
    add(part.ids, whole.ids);
    add(part.embeddings, whole.embeddings);
    add(part.attention, whole.attention);
}

}  // namespace patchead::inline pipeline_detail
