#include "tensor_backbone.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include "float32_products.hpp"
#include "in_flight.hpp"
#include "in_groups.hpp"
#include "patchead/backbone/gpu.hpp"
#include "patchead/core/error.hpp"
#include "run_in_parts.hpp"

namespace patchead {
namespace {

/// With fewer images a GPU has too little to do.
constexpr std::int64_t kLeastPart = 8;

/// Of a GPU's free memory: what is allocated piece by piece does not fill it.
constexpr double kShareOfFree = 0.8;

/// Puts results of images from `first` on where they belong in those of a batch, which get their
/// size from the first part that comes.
class Gatherer {
  public:
    Gatherer(std::int64_t batch, Encoding& result) : batch_(batch), result_(result) {}

    void take(std::int64_t first, const TensorEncoding& part) {
        copy(first, part.tokens, result_.tokens);
        copy(first, part.attention, result_.attention);
        for (std::size_t i = 0; i < part.layers.size(); ++i) {
            copy(first, part.layers[i].patches, result_.layers[i].patches);
            copy(first, part.layers[i].prefix, result_.layers[i].prefix);
        }
        copy(first, part.image_token, result_.image.token);
        copy(first, part.image_feature, result_.image.feature);
        copy(first, part.image_attention, result_.image.attention);
        for (std::size_t i = 0; i < part.windows.size(); ++i) {
            copy(first, part.windows[i], result_.windows[i].values);
        }
    }

  private:
    void copy(std::int64_t first, const at::Tensor& part, std::vector<float>& values) {
        if (!part.defined()) { return; }
        const auto row = part.numel() / part.size(0);
        {
            const std::lock_guard lock(mutex_);
            values.resize(static_cast<std::size_t>(batch_ * row));
        }
        at::from_blob(values.data() + first * row, part.sizes(), at::kFloat).copy_(part);
    }

    std::int64_t batch_;
    Encoding& result_;
    std::mutex mutex_;
};

int nearest_multiple(int side, int patch_px) {
    return std::max(1, (side + patch_px / 2) / patch_px) * patch_px;
}

}  // namespace

TensorBackbone::TensorBackbone(BackboneInfo info, ComputePlace place)
    : info_(std::move(info)), place_(place) {}

Encoding TensorBackbone::encode(std::span<const float> pixels, int batch, int height, int width,
                                const TokenRequest& request) const {
    check(pixels.size(), batch, height, width);
    const Grid grid{height / info_.patch_px, width / info_.patch_px};
    check(request);
    check_windows(request, grid);
    const c10::InferenceMode inference;
    Encoding result{grid, info_.dim, info_.attention_heads, {}, {}};
    for (const auto& [layer, form] : request.layers) {
        result.layers.push_back({layer, info_.grid_of(layer, grid), {}, {}, form});
    }
    for (const int side : request.windows) {
        result.windows.push_back({side, window_grid(grid, side), {}});
    }

    // LibTorch has no view of constant memory; nothing below writes to it.
    const auto images = at::from_blob(const_cast<float*>(pixels.data()),  // NOLINT
                                      {batch, 3, height, width}, at::kFloat);
    Gatherer gatherer(batch, result);
    const auto take = [&](std::int64_t first, const TensorEncoding& output) {
        gatherer.take(first, output);
    };
    const Float32Products products(place_.tf32);
    if (place_.work == Work::by_head) {
        const auto run = [&](std::int64_t first, std::int64_t count) {
            const auto part = images.narrow(0, first, count).to(place_.device, place_.type);
            take(first, forward(part, grid, request));
        };
        in_groups(batch, together(images, grid, request), run);
    } else {
        InFlight parts(
            place_, [&](const at::Tensor& part) { return forward(part, grid, request); }, take);
        as_memory_allows(batch, [&](std::int64_t first, std::int64_t count) {
            parts.start(first, images.narrow(0, first, count));
        });
        parts.finish();
    }
    return result;
}

/// Measured: 33 kB a token of ViT-B in float32, and the scores. A GPU is the faster the more images
/// it has; a CPU gains nothing from more than one group for each thread, and would have to wait
/// until they are read.
int TensorBackbone::images_within(std::int64_t bytes, int height, int width,
                                  const TokenRequest& request) const {
    constexpr double copies = 10;  // Of the tokens, inside a block at its widest.
    constexpr double most = 4096;
    const Grid grid{height / info_.patch_px, width / info_.patch_px};
    const double patches = grid.size();
    const double outside =
        4 * (3.0 * height * width + patches * info_.dim + values_of(request.layers, grid) +
             window_values(request, grid, false));
    const double inside =
        static_cast<double>(c10::elementSize(place_.type)) *
        (copies * std::max(widest_layer(grid), window_values(request, grid, true)) +
         std::max(info_.heads, 1) * patches * patches);
    const auto free = free_gpu_memory(place_.device.str());
    const double memory = std::min(static_cast<double>(bytes),
                                   free ? kShareOfFree * static_cast<double>(*free) : HUGE_VAL);
    double fit = memory / (inside + outside);
    if (place_.work == Work::by_head) {
        const double threads = at::get_num_threads();
        fit = std::max(threads, std::min(fit, threads * static_cast<double>(worth_together(grid))));
    }
    return static_cast<int>(std::clamp(fit, 1.0, most));
}

double TensorBackbone::values_of(const std::vector<TokenLayer>& layers, Grid grid) const {
    double values = 0;
    for (const auto& layer : layers) {
        const auto channels =
            info_.layer_shapes.empty()
                ? info_.width
                : info_.layer_shapes[static_cast<std::size_t>(layer.number - 1)].channels;
        values += static_cast<double>(info_.grid_of(layer.number, grid).size()) * channels;
    }
    return values;
}

/// Those of windows of all sides, or of one side inside the network, where each has a token for
/// each of its patches and one more.
double TensorBackbone::window_values(const TokenRequest& request, Grid grid, bool inside) const {
    double all = 0;
    double most = 0;
    for (const int side : request.windows) {
        const double windows = window_grid(grid, side).size();
        all += windows * info_.width;
        most = std::max(most, windows * (side * side + 1) * info_.width);
    }
    return inside ? most : all;
}

double TensorBackbone::widest_layer(Grid grid) const {
    double most = static_cast<double>(grid.size()) * info_.width;
    for (int layer = 1; layer <= std::ssize(info_.layer_shapes); ++layer) {
        most = std::max(most, values_of({{layer}}, grid));
    }
    return most;
}

/// An image's numbers must not depend on the others of its batch. That products of many rows have
/// the bits of products of few is a property of the BLAS, its processor and the shapes, not of the
/// numbers, so it is found out once, by computing both ways.
std::int64_t TensorBackbone::together(const at::Tensor& images, Grid grid,
                                      const TokenRequest& request) const {
    const std::int64_t threads = at::get_num_threads();
    const auto of_thread = (images.size(0) + threads - 1) / threads;
    const auto count = std::min(worth_together(grid), of_thread);
    if (count <= 1) { return 1; }
    const std::lock_guard lock(mutex_);
    const auto [known, is_new] = same_bits_.try_emplace({grid, count, request}, false);
    if (is_new) {
        const OneThread alone;
        const auto group = images.narrow(0, 0, count).to(place_.device, place_.type);
        known->second = computes_alike(group, grid, request);
    }
    return known->second ? count : 1;
}

/// Whether images have the same bits in company as alone.
bool TensorBackbone::computes_alike(const at::Tensor& images, Grid grid,
                                    const TokenRequest& request) const {
    auto joint = forward(images, grid, request);
    bool alike = true;
    for (std::int64_t i = 0; i < images.size(0) && alike; ++i) {
        auto alone = forward(images.narrow(0, i, 1), grid, request);
        for_each_part(
            [&](const at::Tensor& one, const at::Tensor& all) {
                alike = alike && (!one.defined() || at::equal(one[0], all[i]));
            },
            alone, joint);
    }
    return alike;
}

/// In two parts at least, so that the host copies one while the device is at the other. What did
/// not fit once is not tried again with later batches.
template <class Run>
void TensorBackbone::as_memory_allows(std::int64_t batch, const Run& run) const {
    const std::lock_guard lock(mutex_);
    try {
        auto limit = std::min(limit_, std::max(kLeastPart, (batch + 1) / 2));
        const auto wanted = limit;
        run_in_parts<c10::OutOfMemoryError>(batch, limit, run);
        if (limit < wanted) { limit_ = limit; }
    } catch (const c10::OutOfMemoryError&) {
        throw ConfigError(concat("not enough memory on ", place_.device.str(), " for one image of ",
                                 info_.family,
                                 " (other programs may use it too); choose a smaller image "
                                 "size, precision bf16, or the CPU"));
    }
}

void TensorBackbone::check(std::size_t values, int batch, int height, int width) const {
    const int p = info_.patch_px;
    require<ConfigError>(height > 0 && width > 0 && height % p == 0 && width % p == 0,
                         "image size ", height, "x", width, " (the ", info_.family,
                         " network takes multiples of its ", p, " px patches); choose ",
                         nearest_multiple(height, p), "x", nearest_multiple(width, p));
    const auto expected = 3 * static_cast<std::size_t>(batch) * static_cast<std::size_t>(height) *
                          static_cast<std::size_t>(width);
    require<DataError>(batch >= 0 && values == expected, "a batch of ", values, " values (", batch,
                       " images of 3x", height, "x", width, " have ", expected,
                       "); give all of them");
}

void TensorBackbone::check(const TokenRequest& request) const {
    TokenLayer before;
    for (const auto& wanted : request.layers) {
        const int layer = wanted.number;
        require<ConfigError>(info_.layers > 0, "layer ", layer, " of the ", info_.family,
                             " network (it gives its last tokens only); leave layers out");
        require<ConfigError>(layer > 0 && wanted > before && layer <= info_.layers, "layer ", layer,
                             " of the ", info_.family, " network (it has ", info_.layers,
                             " blocks; layers are numbers of blocks, ascending, each once in a ",
                             "form); choose 1 to ", info_.layers);
        before = wanted;
    }
}

void TensorBackbone::check_windows(const TokenRequest& request, Grid grid) const {
    require<ConfigError>(request.windows.empty() || info_.windows, "windows of the ", info_.family,
                         " network (it has no class token, or its patches know their places ",
                         "otherwise than by what is added to them); choose a network of CLIP's ",
                         "kind");
    int before = 0;
    for (const int side : request.windows) {
        require<ConfigError>(side > before && window_grid(grid, side).size() > 0, "windows of ",
                             side, " x ", side, " patches of images of ", grid.rows, " x ",
                             grid.cols, "; choose sides of 1 to ", std::min(grid.rows, grid.cols),
                             ", ascending, each once, or larger images");
        before = side;
    }
}

}  // namespace patchead
