#include "monitor.hpp"

#include <algorithm>
#include <utility>

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/numeric_stack.hpp"
#include "patchead/core/process.hpp"
#include "patchead/plan/units.hpp"

namespace patchead::inline engine_detail {
namespace {

/// Forward passes of the units that are left; copies by an identity transform need none.
std::uint64_t forwards_left(const SweepPlan& plan, const WorkGraph& graph) {
    std::uint64_t forwards = 0;
    for (const auto& unit : graph.units) { forwards += most_forwards(plan, unit); }
    return forwards;
}

/// Those of the whole plan.
std::uint64_t forwards_of(const SweepPlan& plan) {
    std::uint64_t forwards = 0;
    for (const auto& kind : kUnitKinds) {
        for (std::size_t i = 0; i < count_of(plan, kind.kind); ++i) {
            forwards += most_forwards(plan, {kind.kind, i});
        }
    }
    return forwards;
}

/// What the passes of a unit are of.
std::uint64_t& count_for(const SweepPlan& plan, const UnitRef& unit, ForwardState& counts) {
    if (unit.kind != UnitKind::embed) { return counts.aligned; }
    const auto& copies = plan.embeds[unit.index].copies;
    if (!copies) { return counts.images; }
    const bool are_fixed = std::ranges::all_of(copies->versions, is_fixed);
    return are_fixed ? counts.turned : counts.aligned;
}

std::string start_text(const SweepPlan& plan, const WorkGraph& graph, const RunState& state) {
    return concat(
        counted(plan.evaluates.size(), "point"), "; ", counted(graph.tasks.size(), "unit"),
        " to do on ", counted(static_cast<std::size_t>(state.ranks), "rank"), "; ",
        counted(forwards_left(plan, graph), "forward"), " to do",
        plan.aligns.empty() ? "" : " at most", ", ", state.forwards_saved, " saved by the store");
}

std::string text_of(const Trouble& trouble, const std::string& unit) {
    const auto who = concat("rank ", trouble.rank, " at '", unit, "'");
    switch (trouble.kind) {
        case Trouble::Kind::retried:
            return concat("tried once more: ", unit, ", which failed on rank ", trouble.rank, " (",
                          trouble.reason, ")");
        case Trouble::Kind::silent:
            return concat(who, " gave no sign of life for ", static_cast<int>(trouble.seconds),
                          " s (its node is lost or frozen); the job ends as unfinished");
        case Trouble::Kind::slow:
            return concat(who, " did not end it in ", static_cast<int>(trouble.seconds),
                          " s (a hung file system?); the job ends as unfinished");
        case Trouble::Kind::disk:
            break;
    }
    return trouble.reason;
}

}  // namespace

Monitor::Monitor(const SweepPlan& plan, int ranks, RunObservers observers)
    : plan_(plan), observers_(std::move(observers)) {
    state_.ranks = ranks;
    state_.process = process_token();
    state_.started = utc_text();
}

template <class Call>
void Monitor::tell(const Call& call) {
    for (const auto& observer : observers_) {
        try {
            call(*observer);
        } catch (const CacheError& error) {
            if (disk_trouble_.empty()) { disk_trouble_ = error.what(); }
        }
    }
}

void Monitor::tell_change(bool at_once) {
    tell([&](RunObserver& observer) { observer.changed(state_, forecast_.now(), at_once); });
}

void Monitor::begin(const WorkGraph& graph) {
    graph_ = &graph;
    state_.units_failed = 0;
    state_.units_skipped = 0;
    state_.failures.clear();
    state_.units_total = state_.units_done + graph.tasks.size();
    for (auto& kind : state_.kinds) { kind.total = kind.done; }
    for (const auto& unit : graph.units) { ++state_.kinds[place_of(unit.kind)].total; }
    forecast_.begin(graph, state_);
    state_.forwards_saved = forwards_of(plan_) - forwards_left(plan_, graph);
    before_ = state_;
    tell([&](RunObserver& observer) {
        observer.begun(graph, state_);
        observer.changed(state_, forecast_.now(), true);
        observer.said(start_text(plan_, graph, state_));
    });
}

void Monitor::operator()(const Progress& progress) {
    const bool first = state_.units_done == 0 && progress.done > 0;
    state_.seconds = before_.seconds + progress.seconds;
    state_.units_done = before_.units_done + progress.done;
    state_.units_failed = progress.failed;
    state_.units_skipped = progress.skipped;
    state_.units_running = progress.running;
    state_.units_elsewhere = progress.elsewhere;
    if (progress.draining) { state_.status = RunStatus::draining; }
    if (progress.latest != nullptr) { add(progress.latest_task, *progress.latest); }
    forecast_.update(state_, progress.cost_total);
    state_.eta_seconds = forecast_.eta_seconds();
    // The first unit at once: a run that is killed soon has still made progress.
    tell_change(first);
}

void Monitor::operator()(const Trouble& trouble) {
    if (trouble.kind == Trouble::Kind::disk) {
        disk_trouble_ = trouble.reason;
        return;
    }
    note(text_of(trouble, trouble.task ? label_of(plan_, graph_->units[*trouble.task])
                                       : std::string("no unit")));
    if (trouble.kind == Trouble::Kind::retried) { return; }
    state_.status = RunStatus::lost_rank;
    state_.failures.push_back(state_.troubles.back());
    tell_change(true);
}

void Monitor::note(const std::string& trouble) {
    state_.troubles.push_back(trouble);
    tell([&](RunObserver& observer) { observer.said(trouble); });
}

void Monitor::stacks(const std::set<std::string>& found) {
    state_.stacks.assign(found.begin(), found.end());
    if (found.size() < 2) { return; }
    note(concat("results mix ", counted(found.size(), "numeric stack"), " (", stacks_text(found),
                "), whose last digits may differ; with --same-stack and a --store of its own a "
                "sweep has one"));
}

void Monitor::fail(const std::string& reason) {
    if (std::ranges::count(state_.failures, reason) > 0) { return; }
    state_.failures.push_back(reason);
    tell([&](RunObserver& observer) { observer.said("failed: " + reason); });
}

RunState Monitor::finish(RunStatus status) {
    state_.status = status;
    state_.eta_seconds = 0;
    state_.units_running = 0;
    state_.units_elsewhere = 0;
    if (!disk_trouble_.empty()) { state_.failures.push_back(disk_trouble_); }
    const bool could_write = disk_trouble_.empty();
    tell_change(true);
    tell([&](RunObserver& observer) { observer.finished(state_, forecast_.now()); });
    if (could_write && !disk_trouble_.empty()) {
        state_.status = RunStatus::disk;
        state_.failures.push_back(disk_trouble_);
        tell_change(true);  // Who can write still says how it ended.
    }
    return state_;
}

void Monitor::add(std::size_t task, const TaskOutcome& outcome) {
    const auto& unit = graph_->units[task];
    const auto work =
        outcome.report.empty() ? WorkCount{} : Codec<WorkCount>::decode(outcome.report);
    state_.forwards += work.forwards;
    count_for(plan_, unit, state_.forwards_by) += work.forwards;
    state_.products += work.products;
    auto& kind = state_.kinds[place_of(unit.kind)];
    kind.rank_seconds += outcome.seconds;
    kind.done += outcome.state == TaskState::done ? 1 : 0;
    kind.model_seconds += graph_->tasks[task].cost;
    const EndedUnit ended{unit, outcome, work, before_.seconds + outcome.started};
    tell([&](RunObserver& observer) { observer.ended(ended); });
    if (outcome.state == TaskState::failed && disk_trouble_.empty()) { fail(outcome.reason); }
}

}  // namespace patchead::inline engine_detail
