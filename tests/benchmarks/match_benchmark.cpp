#include <ATen/ATen.h>
#include <benchmark/benchmark.h>
#include <omp.h>

#include <algorithm>
#include <ctime>
#include <string>
#include <utility>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/scoring/match.hpp"
#include "patchead/scoring/score.hpp"

/// \file
/// \brief Matching against the matrix product of the same library and threads.
///
/// Counters: `GFLOP/s` of the products really done; `of_peak` its ratio to at::mm of the shape of
/// one pair, timed between the iterations (so that a machine whose clock drifts is compared with
/// itself); `vs_one_sided` the speed compared with every ordered pair at that peak.

namespace {

using namespace patchead;
/// Processor time of the process in seconds, divided by its threads: others use the machine, too.
double processor_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC / omp_get_max_threads();
}

FeatureBlock random_block(const std::string& name, std::size_t images, Grid grid, int dim) {
    FeatureBlock block{grid, dim, {}, {}, {}};
    for (std::size_t i = 0; i < images; ++i) { block.ids.push_back(concat(name, "/", 1000 + i)); }
    block.embeddings.resize(images * static_cast<std::size_t>(grid.size() * dim));
    Random random(name, 0);
    for (auto& x : block.embeddings) { x = static_cast<float>(random.uniform(-1, 1)); }
    return block;
}

Screening screening_of(std::int64_t bits) { return bits == 16 ? Screening::bf16 : Screening::fp32; }

/// Seconds that at::mm needs for one pair of images: the best of a few.
double seconds_of_mm(Grid grid, int dim) {
    const auto a = at::randn({grid.size(), dim});
    const auto b = at::randn({grid.size(), dim}).t();
    auto c = at::empty({grid.size(), grid.size()});
    double best = 1e9;
    for (int i = 0; i < 10; ++i) {
        const auto start = processor_seconds();
        at::mm_out(c, a, b);
        best = std::min(best, processor_seconds() - start);
    }
    return best;
}

void report(benchmark::State& state, double seconds, double mm_seconds, double products,
            double ordered_pairs, double flops) {
    state.counters["GFLOP/s"] = products * flops / seconds * 1e-9;
    state.counters["of_peak"] = products * mm_seconds / seconds;
    state.counters["vs_one_sided"] = ordered_pairs * mm_seconds / seconds;
}

/// Args: images, side of the grid, dim, bits of the screening.
void batch(benchmark::State& state) {
    const auto images = static_cast<std::size_t>(state.range(0));
    const Grid grid{static_cast<int>(state.range(1)), static_cast<int>(state.range(1))};
    const int dim = static_cast<int>(state.range(2));
    const auto screening = screening_of(state.range(3));
    const auto block = random_block("batch", images, grid, dim);
    double seconds = 0;
    double mm_seconds = 0;
    for (auto _ : state) {
        auto copy = block;
        mm_seconds += seconds_of_mm(grid, dim);
        const auto start = processor_seconds();
        benchmark::DoNotOptimize(
            match_batch(std::move(copy), images, Reduce::nearest, {screening, "cpu"}));
        const auto elapsed = processor_seconds() - start;
        state.SetIterationTime(elapsed);
        seconds += elapsed;
    }
    const double rounds = static_cast<double>(state.iterations());
    const double products = static_cast<double>(images * (images - 1) / 2) * rounds;
    report(state, seconds, mm_seconds / rounds, products, 2 * products,
           2.0 * grid.size() * grid.size() * dim);
}

/// Args: queries, references, side of the grid, dim, bits of the screening.
void few_shot(benchmark::State& state) {
    const auto queries = static_cast<std::size_t>(state.range(0));
    const auto references = static_cast<std::size_t>(state.range(1));
    const Grid grid{static_cast<int>(state.range(2)), static_cast<int>(state.range(2))};
    const int dim = static_cast<int>(state.range(3));
    const auto screening = screening_of(state.range(4));
    const auto query_block = random_block("query", queries, grid, dim);
    const auto reference_block = random_block("reference", references, grid, dim);
    double seconds = 0;
    double mm_seconds = 0;
    for (auto _ : state) {
        auto q = query_block;
        auto r = reference_block;
        mm_seconds += seconds_of_mm(grid, dim);
        const auto start = processor_seconds();
        benchmark::DoNotOptimize(
            match_references(std::move(q), std::move(r), Reduce::nearest, {screening, "cpu"}));
        const auto elapsed = processor_seconds() - start;
        state.SetIterationTime(elapsed);
        seconds += elapsed;
    }
    const double rounds = static_cast<double>(state.iterations());
    const double products = static_cast<double>(queries * references) * rounds;
    report(state, seconds, mm_seconds / rounds, products, products,
           2.0 * grid.size() * grid.size() * dim);
}

/// The reduction of a batch of 64 to scores: what an ablation point costs. Arg: side of the grid.
void reduce_batch(benchmark::State& state) {
    const Grid grid{static_cast<int>(state.range(0)), static_cast<int>(state.range(0))};
    auto matches = match_batch(random_block("batch", 64, grid, 8), 64, Reduce::nearest);
    ScoringOptions options;
    options.reference_fraction = 0.3;
    options.patch_fraction = 0.01;
    for (auto _ : state) { benchmark::DoNotOptimize(score(matches, 64, {}, options)); }
}

}  // namespace

BENCHMARK(batch)
    ->ArgsProduct({{64}, {32}, {768}, {32, 16}})
    ->ArgsProduct({{64}, {15}, {896}, {32, 16}})
    ->ArgsProduct({{16}, {37}, {768}, {32, 16}})
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(few_shot)
    ->ArgsProduct({{32}, {4}, {32}, {768}, {32, 16}})
    ->ArgsProduct({{64}, {4}, {15}, {896}, {32, 16}})
    ->UseManualTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(reduce_batch)->Arg(16)->Arg(32)->Unit(benchmark::kMillisecond);
