#include <benchmark/benchmark.h>

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/metrics/metric_names.hpp"
#include "patchead/metrics/metrics.hpp"

/// \file
/// \brief The metrics of one category, from patch scores and regions.

namespace {

using namespace patchead;

struct Category {
    PatchScores scores;
    std::vector<std::uint8_t> anomalous;
    std::vector<Mask> masks;
};

/// The i-th of 2^10 steps in [0, 1): few enough bits that maps of a grid enlarged 16-fold are exact
/// in float32 whatever the order of the sums, so that the maps of measure_performance.py, which
/// computes these scores again, are these maps.
float noise(std::uint32_t i) {
    i = (i ^ i >> 15) * 2246822519U;
    i = (i ^ i >> 13) * 3266489917U;
    return static_cast<float>(i >> 22) / 1024;
}

/// Noise, and in every other image a square defect of 1 % of the image that scores higher.
Category noisy_category(std::size_t images, int grid, int side) {
    Category category{{{grid, grid}, {}, {}, {}}, {}, {}};
    const int defect = side / 10;
    const auto patches = static_cast<std::uint32_t>(grid * grid);
    for (std::uint32_t i = 0; i < images; ++i) {
        const bool anomalous = i % 2 == 1;
        Mask mask{side, side, std::vector<std::uint8_t>(static_cast<std::size_t>(side * side))};
        const auto place = [&](std::uint32_t n) {
            return static_cast<int>(noise(n) * static_cast<float>(side - defect));
        };
        const auto [top, left] = std::pair(place(2 * i), place(2 * i + 1));
        const auto hit = [&](int y, int x) {
            return anomalous && y >= top && y < top + defect && x >= left && x < left + defect;
        };
        for (int p = 0; p < side * side; ++p) {
            mask.anomalous[static_cast<std::size_t>(p)] = hit(p / side, p % side) ? 1 : 0;
        }
        for (std::uint32_t p = 0; p < patches; ++p) {
            const int row = static_cast<int>(p) / grid * side / grid;
            const int col = static_cast<int>(p) % grid * side / grid;
            category.scores.patches.push_back(noise(i * patches + p) +
                                              (hit(row, col) ? 0.375F : 0.0F));
        }
        category.scores.ids.push_back(concat("image/", 1000 + i));
        category.scores.images.push_back(noise(i) + (anomalous ? 0.25F : 0.0F));
        category.anomalous.push_back(anomalous ? 1 : 0);
        category.masks.push_back(std::move(mask));
    }
    return category;
}

GroundTruth regions_of(const Category& category) {
    return find_regions([&](std::size_t image) { return category.masks[image]; },
                        category.anomalous, 8);
}

void report(benchmark::State& state, std::size_t images, int side) {
    const auto pixels = static_cast<double>(images) * side * side;
    state.counters["per_pixel"] = benchmark::Counter(
        pixels, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
}

/// Counters: the metrics, for comparison. Args: images, side in pixels, sigma of the smoothing.
void measure_all(benchmark::State& state) {
    const auto images = static_cast<std::size_t>(state.range(0));
    const auto side = static_cast<int>(state.range(1));
    const auto category = noisy_category(images, side / 16, side);
    const auto truth = regions_of(category);
    MetricOptions options;
    options.side_px = side;
    options.smooth_sigma_px = static_cast<double>(state.range(2));
    MetricSet metrics;
    for (auto _ : state) { metrics = measure(category.scores, category.anomalous, truth, options); }
    const auto names = metric_names();
    for (std::size_t i = 0; i < names.size(); ++i) {
        state.counters[std::string(names[i])] = metrics[i].value;
    }
    report(state, images, side);
}

/// Every exact metric of docs/evaluation.md, with the data that some need beside maps: to be
/// compared with `measure_all` of as many images.
void measure_all_that_can_be_asked(benchmark::State& state) {
    const auto images = static_cast<std::size_t>(state.range(0));
    const auto side = static_cast<int>(state.range(1));
    const auto category = noisy_category(images, side / 16, side);
    auto truth = regions_of(category);
    for (const auto size : truth.region_sizes) { truth.saturation_px.push_back(size / 2 + 1); }
    MetricRequest request{.names = asked_metrics({"all", "SegF1", "ClassF1", "sPRO@0.01",
                                                  "sPRO@0.05", "sPRO@0.1", "sPRO@0.3", "S-AUROC"})};
    request.image_threshold = request.pixel_threshold = 0.9;
    for (std::size_t i = 0; i < images; ++i) {
        request.samples.push_back(static_cast<std::int32_t>(i / 4));
    }
    MetricOptions options;
    options.side_px = side;
    MetricSet metrics;
    for (auto _ : state) {
        metrics = measure(category.scores, category.anomalous, truth, options, request);
    }
    for (const auto& metric : metrics) { state.counters[metric.name] = metric.value; }
    report(state, images, side);
}

/// The three of ADEval, from maps and masks: regions are found, too. Args: images, side in pixels.
void measure_three(benchmark::State& state) {
    const auto images = static_cast<std::size_t>(state.range(0));
    const auto side = static_cast<int>(state.range(1));
    const auto category = noisy_category(images, side / 16, side);
    std::vector<std::vector<float>> maps;
    for (std::size_t i = 0; i < images; ++i) {
        maps.push_back(upsample(category.scores.of(i), category.scores.grid, {side, side}, {}));
    }
    MetricOptions options;
    options.side_px = side;
    const MetricRequest request{.names = {"P-AUROC", "P-AP", "AUPRO"}};
    MetricSet metrics;
    for (auto _ : state) {
        metrics = measure(
            category.scores, [&](std::size_t image) { return std::span<const float>(maps[image]); },
            category.anomalous, regions_of(category), options, request);
    }
    for (const auto& metric : metrics) { state.counters[metric.name] = metric.value; }
    report(state, images, side);
}

void find_all_regions(benchmark::State& state) {
    const auto category = noisy_category(160, 28, 448);
    for (auto _ : state) { benchmark::DoNotOptimize(regions_of(category)); }
    report(state, 160, 448);
}

}  // namespace

BENCHMARK(measure_all)
    ->Args({160, 448, 0})
    ->Args({83, 448, 0})
    ->Args({83, 1024, 0})
    ->Args({83, 448, 4})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(measure_all_that_can_be_asked)->Args({83, 448})->Unit(benchmark::kMillisecond);
BENCHMARK(measure_three)
    ->Args({83, 224})
    ->Args({83, 448})
    ->Args({83, 900})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(find_all_regions)->Unit(benchmark::kMillisecond);
