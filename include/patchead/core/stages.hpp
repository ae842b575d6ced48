#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

/// \file
/// \brief Where the time of a process goes: a tally of its stages.

namespace patchead {

/// What a unit does inside. `decode` runs ahead of the network on a thread of its own; `wait` is
/// the time for which the network had to wait for it all the same.
enum class Stage { read, decode, wait, forward, align, match, score, metrics, write };

struct StageInfo {
    Stage stage;
    std::string_view name;
};
/// Every stage at its own place.
inline constexpr auto kStages = std::to_array<StageInfo>({{Stage::read, "read"},
                                                          {Stage::decode, "decode"},
                                                          {Stage::wait, "wait"},
                                                          {Stage::forward, "forward"},
                                                          {Stage::align, "align"},
                                                          {Stage::match, "match"},
                                                          {Stage::score, "score"},
                                                          {Stage::metrics, "metrics"},
                                                          {Stage::write, "write"}});

/// Work of one stage.
struct StageWork {
    double seconds = 0;  ///< Of the thread that did it, without what it called of other stages.
    double flops = 0;    ///< Of networks and matrix products, as the method needs them.
    double bytes = 0;    ///< Of files read and written, of pixels decoded and measured.

    void add(const StageWork& other);
};

using StageTally = std::array<StageWork, kStages.size()>;

/// What this process did so far.
[[nodiscard]] StageTally stage_tally();
/// `after` minus `before`.
[[nodiscard]] StageTally difference(const StageTally& before, const StageTally& after);

/// Adds to the tally. Threads may call it at the same time.
void count_work(Stage stage, const StageWork& work);

/// Adds the time of its life to a stage, without that of timers that live inside it on the same
/// thread. Costs two looks at the clock.
class StageTimer {
  public:
    explicit StageTimer(Stage stage);
    ~StageTimer();
    StageTimer(const StageTimer&) = delete;
    StageTimer& operator=(const StageTimer&) = delete;

  private:
    Stage stage_;
    StageTimer* outer_;
    double inside_ = 0;  ///< Seconds of the timers inside.
    std::chrono::steady_clock::time_point start_;
};

}  // namespace patchead
