#include <benchmark/benchmark.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/metrics/metrics.hpp"

/// \file
/// \brief All metrics of one category, from patch scores and regions.

namespace {

using namespace patchead;

struct Category {
    PatchScores scores;
    std::vector<std::uint8_t> anomalous;
    std::vector<Mask> masks;
};

/// Noise, and in every other image a square defect of 1 % of the image that scores higher.
Category random_category(std::size_t images, int grid, int side) {
    Category category{{{grid, grid}, {}, {}, {}}, {}, {}};
    Random random("metrics benchmark", 0);
    const int defect = side / 10;
    for (std::size_t i = 0; i < images; ++i) {
        const bool anomalous = i % 2 == 1;
        Mask mask{side, side, std::vector<std::uint8_t>(static_cast<std::size_t>(side * side))};
        const auto place = [&] { return random.below(static_cast<std::uint64_t>(side - defect)); };
        const auto [top, left] = std::pair(static_cast<int>(place()), static_cast<int>(place()));
        const auto hit = [&](int y, int x) {
            return anomalous && y >= top && y < top + defect && x >= left && x < left + defect;
        };
        for (int p = 0; p < side * side; ++p) {
            mask.anomalous[static_cast<std::size_t>(p)] = hit(p / side, p % side) ? 1 : 0;
        }
        for (int p = 0; p < grid * grid; ++p) {
            const double lift = hit(p / grid * side / grid, p % grid * side / grid) ? 0.4 : 0;
            category.scores.patches.push_back(static_cast<float>(random.uniform() + lift));
        }
        category.scores.ids.push_back(concat("image/", 1000 + i));
        category.scores.images.push_back(static_cast<float>(random.uniform()));
        category.anomalous.push_back(anomalous ? 1 : 0);
        category.masks.push_back(std::move(mask));
    }
    return category;
}

void report(benchmark::State& state, std::size_t images, int side) {
    const auto pixels = static_cast<double>(images) * side * side;
    state.counters["per_pixel"] = benchmark::Counter(
        pixels, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// Args: images, side in pixels, sigma of the smoothing.
void measure_all(benchmark::State& state) {
    const auto images = static_cast<std::size_t>(state.range(0));
    const auto side = static_cast<int>(state.range(1));
    const auto category = random_category(images, side / 14, side);
    const auto truth = find_regions(category.masks, category.anomalous, 8);
    MetricOptions options;
    options.side_px = side;
    options.smooth_sigma_px = static_cast<double>(state.range(2));
    for (auto _ : state) {
        benchmark::DoNotOptimize(measure(category.scores, category.anomalous, truth, options));
    }
    report(state, images, side);
}

void find_all_regions(benchmark::State& state) {
    const auto category = random_category(160, 32, 448);
    for (auto _ : state) {
        benchmark::DoNotOptimize(find_regions(category.masks, category.anomalous, 8));
    }
    report(state, 160, 448);
}

}  // namespace

BENCHMARK(measure_all)
    ->Args({160, 448, 0})
    ->Args({83, 448, 0})
    ->Args({83, 1024, 0})
    ->Args({83, 448, 4})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(find_all_regions)->Unit(benchmark::kMillisecond);
