#include "patchead/core/stages.hpp"

#include <cstddef>
#include <mutex>

namespace patchead {
namespace {

constexpr bool are_in_place() {
    for (std::size_t i = 0; i < kStages.size(); ++i) {
        if (static_cast<std::size_t>(kStages[i].stage) != i) { return false; }
    }
    return true;
}
static_assert(are_in_place());

std::mutex mutex;
StageTally tally;  // Of all threads.
thread_local StageTimer* innermost = nullptr;

}  // namespace

void StageWork::add(const StageWork& other) {
    seconds += other.seconds;
    flops += other.flops;
    bytes += other.bytes;
}

StageTally stage_tally() {
    const std::scoped_lock lock(mutex);
    return tally;
}

StageTally difference(const StageTally& before, const StageTally& after) {
    auto result = after;
    for (std::size_t i = 0; i < result.size(); ++i) {
        result[i].add({-before[i].seconds, -before[i].flops, -before[i].bytes});
    }
    return result;
}

void count_work(Stage stage, const StageWork& work) {
    const std::scoped_lock lock(mutex);
    tally[static_cast<std::size_t>(stage)].add(work);
}

StageTimer::StageTimer(Stage stage)
    : stage_(stage), outer_(innermost), start_(std::chrono::steady_clock::now()) {
    innermost = this;
}

StageTimer::~StageTimer() {
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
    innermost = outer_;
    if (outer_ != nullptr) { outer_->inside_ += seconds; }
    count_work(stage_, {seconds - inside_, 0, 0});
}

}  // namespace patchead
