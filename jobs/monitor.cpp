#include "monitor.hpp"

#include <algorithm>
#include <iostream>

namespace patchead {
namespace {

constexpr double kSecondsBetweenLines = 10;  ///< Where the progress is no terminal.
constexpr double kSecondsBetweenStates = 5;

/// Forward passes of the units that are left; copies by an identity transform need none.
std::uint64_t most_forwards(const SweepPlan& plan, const WorkGraph& graph) {
    std::uint64_t forwards = 0;
    for (const auto& unit : graph.units) {
        if (unit.kind == UnitKind::embed) { forwards += most_forwards(plan.embeds[unit.index]); }
        if (unit.kind == UnitKind::match) { forwards += most_forwards(plan.matches[unit.index]); }
    }
    return forwards;
}

/// Images of the plan whose features need no forward pass now.
std::uint64_t forwards_saved(const SweepPlan& plan, const WorkGraph& graph) {
    std::uint64_t saved = 0;
    for (const auto& unit : plan.embeds) { saved += most_forwards(unit); }
    for (const auto& unit : plan.matches) { saved += most_forwards(unit); }
    return saved - most_forwards(plan, graph);
}

void print_start(const SweepPlan& plan, const WorkGraph& graph, int ranks) {
    std::cerr << plan.evaluates.size() << " points; " << graph.tasks.size() << " units to do on "
              << ranks << (ranks == 1 ? " rank; " : " ranks; ") << most_forwards(plan, graph)
              << " forwards to do" << (plan.aligns.empty() ? "" : " at most") << ", "
              << forwards_saved(plan, graph) << " saved by the store\n";
}

}  // namespace

Monitor::Monitor(const std::filesystem::path& folder, const SweepPlan& plan, const WorkGraph& graph,
                 int ranks)
    : file_(folder / "run.json"), graph_(graph), display_(stderr, kSecondsBetweenLines) {
    state_.ranks = ranks;
    state_.units_total = graph.tasks.size();
    state_.forwards_saved = forwards_saved(plan, graph);
    write_run_state(file_, state_);
    print_start(plan, graph, ranks);
}

void Monitor::operator()(const Progress& progress) {
    state_.seconds = progress.seconds;
    state_.units_done = progress.done;
    state_.units_failed = progress.failed;
    state_.units_skipped = progress.skipped;
    if (progress.latest != nullptr) { add(progress.latest_task, *progress.latest); }
    shown_ = {progress.done,      progress.failed,     progress.total,  state_.work.forwards,
              progress.cost_done, progress.cost_total, progress.seconds};
    display_.update(shown_);
    if (progress.seconds - written_ > kSecondsBetweenStates) {
        written_ = progress.seconds;
        write_run_state(file_, state_);
    }
}

RunState Monitor::finish(bool whole) {
    if (state_.units_total > 0) { display_.finish(shown_); }
    state_.state = whole ? "finished" : "finished with failures";
    write_run_state(file_, state_);
    return state_;
}

void Monitor::add(std::size_t task, const TaskOutcome& outcome) {
    const auto work = parse_report(outcome.report);
    state_.work.forwards += work.forwards;
    state_.work.products += work.products;
    state_.seconds_of_kind.at(static_cast<std::size_t>(graph_.units[task].kind)) += outcome.seconds;
    if (outcome.state == TaskState::failed &&
        std::ranges::count(state_.failures, outcome.reason) == 0) {
        display_.message("failed: " + outcome.reason);
        state_.failures.push_back(outcome.reason);
    }
}

}  // namespace patchead
