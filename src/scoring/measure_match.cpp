#include <string>

#include <omp.h>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/core/timing.hpp"
#include "patchead/scoring/match.hpp"

namespace patchead {
namespace {

// A ViT-B at 512 px.
constexpr Grid kGrid{32, 32};
constexpr int kDim = 768;

FeatureBlock random_images(const std::string& name, std::size_t count) {
    FeatureBlock block{kGrid, kDim, {}, {}, {}};
    for (std::size_t i = 0; i < count; ++i) { block.ids.push_back(concat(name, i)); }
    block.embeddings.resize(count * static_cast<std::size_t>(kGrid.size() * kDim));
    Random random(name, 0);
    for (auto& value : block.embeddings) { value = static_cast<float>(random.uniform(-1, 1)); }
    return block;
}

}  // namespace

double measure_match_gflops(const MatchEngine& engine) {
    constexpr int kTimes = 7;
    constexpr std::size_t kReferences = 8;
    const auto query = random_images("query", 1);
    const auto references = random_images("reference", kReferences);
    const bool alone = omp_get_max_threads() == 1 && engine.device == "cpu";
    const auto timed = alone ? Timed::this_thread : Timed::other_threads;
    const double best = best_seconds(timed, kTimes, 1, [&] {
        (void)match_references(query, references, Reduce::nearest, engine);
    });
    const double patches = kGrid.size();
    return kReferences * 2 * patches * patches * kDim / best * 1e-9;
}

}  // namespace patchead
