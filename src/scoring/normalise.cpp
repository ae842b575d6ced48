#include "normalise.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>

#include "patchead/core/error.hpp"

namespace patchead::inline scoring_detail {
namespace {

/// Sum of squares in double; in lanes, because a compiler may not reorder floats by itself.
double sum_of_squares(std::span<const float> values) {
    std::array<double, 8> lanes{};
    const auto whole = values.size() - values.size() % lanes.size();
    for (std::size_t i = 0; i < whole; i += lanes.size()) {
        for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
            const double x = values[i + lane];
            lanes[lane] += x * x;
        }
    }
    double sum = 0;
    for (const double lane : lanes) { sum += lane; }
    for (const float x : values.subspan(whole)) { sum += static_cast<double>(x) * x; }
    return sum;
}

/// False if a value is not finite.
bool normalise_patch(std::span<float> patch) {
    const double squares = sum_of_squares(patch);
    if (!std::isfinite(squares)) { return false; }
    if (squares == 0) { return true; }
    const double scale = 1 / std::sqrt(squares);
    for (float& x : patch) { x = static_cast<float>(x * scale); }
    return true;
}

/// The patches of an image, each of `dim` channels. False if a value is not finite.
bool normalise_patches(std::span<float> image, std::size_t dim) {
    bool is_finite = true;
    for (; !image.empty(); image = image.subspan(dim)) {
        is_finite = normalise_patch(image.first(dim)) && is_finite;
    }
    return is_finite;
}

}  // namespace

void normalise(FeatureBlock& block) {
    const auto dim = static_cast<std::size_t>(block.dim);
    const auto patches = static_cast<std::size_t>(block.grid.size());
    const auto images = static_cast<std::int64_t>(block.images());
    auto bad = images;  // The first image with a bad value, whichever thread meets it first.
#pragma omp parallel for reduction(min : bad)
    for (std::int64_t i = 0; i < images; ++i) {
        const auto first = static_cast<std::size_t>(i) * patches * dim;
        const auto image = std::span(block.embeddings).subspan(first, patches * dim);
        if (!normalise_patches(image, dim)) { bad = std::min(bad, i); }
    }
    require<DataError>(bad == images, "the embedding of '",
                       bad < images ? block.ids[static_cast<std::size_t>(bad)] : "",
                       "' is not finite (an overflow of fp16, or a damaged checkpoint); store "
                       "embeddings as fp32 or check the weights");
}

}  // namespace patchead::inline scoring_detail
