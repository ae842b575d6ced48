#include "patchead/engine/time_scoring.hpp"

#include <algorithm>
#include <chrono>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/quantile.hpp"
#include "patchead/core/stages.hpp"

namespace patchead {
namespace {

using Files = std::span<const std::filesystem::path>;

/// Of one call.
struct ScoringTime {
    double all = 0;
    double forward = 0;
};

ScoringTime time_block(PhotoScorer& scorer, const PhotoOutputs& outputs, Files files) {
    const auto before = stage_tally();
    const auto start = std::chrono::steady_clock::now();
    const auto scores = score_photos(scorer, outputs, files);
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    require<DataError>(scores.failed.empty(), "a photo cannot be timed: ",
                       scores.failed.empty() ? std::string() : scores.failed.front().reason);
    const auto stages = difference(before, stage_tally());
    return {took.count(), stages[static_cast<std::size_t>(Stage::forward)].seconds};
}

}  // namespace

ScoringTimes time_scoring(PhotoScorer& scorer, const PhotoOutputs& outputs, Files files,
                          std::size_t queries, std::size_t block) {
    constexpr std::size_t kWarmUp = 2;
    std::vector<double> all;
    std::vector<double> forward;
    for (std::size_t i = 0; i < kWarmUp + queries; ++i) {
        const auto took = time_block(scorer, outputs, files.subspan(i % files.size(), 1));
        if (i < kWarmUp) { continue; }
        all.push_back(took.all);
        forward.push_back(took.forward);
    }
    std::ranges::sort(all);
    std::ranges::sort(forward);
    ScoringTimes times{queries,
                       quantile_of(all, 0.5),
                       quantile_of(all, 0.9),
                       quantile_of(forward, 0.5),
                       files.size(),
                       0,
                       0};
    for (std::size_t at = 0; at < files.size(); at += block) {
        const auto took =
            time_block(scorer, outputs, files.subspan(at, std::min(block, files.size() - at)));
        times.offline_seconds += took.all;
        times.offline_forward += took.forward;
    }
    return times;
}

}  // namespace patchead
