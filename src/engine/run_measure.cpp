#include "patchead/engine/run_measure.hpp"

#include <algorithm>
#include <iostream>

#include "patchead/core/counted.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/engine/progress_line.hpp"
#include "patchead/ranks/on_root.hpp"
#include "patchead/ranks/run_tasks.hpp"

namespace patchead {
namespace {

constexpr double kSecondsBetweenLines = 30;

/// Says what was wrong, each reason once; whether anything was.
bool tell_failures(const std::vector<TaskOutcome>& outcomes) {
    constexpr std::size_t most = 3;
    std::vector<std::string> reasons;
    for (const auto& outcome : outcomes) {
        const bool is_new = std::ranges::count(reasons, outcome.reason) == 0;
        if (outcome.state != TaskState::done && is_new) { reasons.push_back(outcome.reason); }
    }
    for (std::size_t i = 0; i < std::min(most, reasons.size()); ++i) {
        std::cerr << "patchead: " << printable(reasons[i]) << "\n";
    }
    if (reasons.size() > most) {
        std::cerr << "patchead: and so in "
                  << counted(reasons.size() - most, "more category", "more categories") << "\n";
    }
    return !reasons.empty();
}

}  // namespace

std::optional<std::vector<MeasuredPoint>> measure_points(std::span<const Sample> samples,
                                                         std::span<const MapPoint> points,
                                                         const MapMeasure& how,
                                                         const Communicator& world) {
    std::vector<Task> tasks;
    for (const auto& point : points) {
        tasks.push_back({static_cast<double>(point.tests.size()), {}});
    }
    ProgressDisplay display(stderr, kSecondsBetweenLines);
    TaskCalls calls;
    calls.execute = [&](std::size_t task) {
        return Codec<MeasuredPoint>::encode(measure_maps(samples, points[task], how));
    };
    const auto state_of = [](const Progress& progress) {
        return ProgressState{progress.done,      progress.failed,     progress.total,  0,
                             progress.cost_done, progress.cost_total, progress.seconds};
    };
    ProgressState last;
    calls.progress = [&](const Progress& progress) {
        last = state_of(progress);
        display.update(last);
    };
    const auto outcomes = run_tasks(world, tasks, calls);
    const bool has_failed = on_root(world, [&] {
                                display.finish(last);
                                return tell_failures(outcomes);
                            }).value_or(true);
    if (has_failed) { return std::nullopt; }
    std::vector<MeasuredPoint> measured;
    for (const auto& outcome : outcomes) {
        measured.push_back(Codec<MeasuredPoint>::decode(outcome.report));
    }
    return measured;
}

}  // namespace patchead
