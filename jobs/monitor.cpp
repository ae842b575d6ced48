#include "monitor.hpp"

#include <algorithm>
#include <iostream>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/process.hpp"
#include "prometheus.hpp"
#include "run_files.hpp"

namespace patchead {
namespace {

constexpr double kSecondsBetweenLines = 10;  ///< Where the progress is no terminal.
constexpr double kSecondsBetweenStates = 2;

/// Forward passes of the units that are left; copies by an identity transform need none.
std::uint64_t forwards_left(const SweepPlan& plan, const WorkGraph& graph) {
    std::uint64_t forwards = 0;
    for (const auto& unit : graph.units) { forwards += most_forwards(plan, unit); }
    return forwards;
}

/// Those of the plan that need not be done now.
std::uint64_t forwards_saved(const SweepPlan& plan, const WorkGraph& graph) {
    std::uint64_t all = 0;
    for (const auto& unit : plan.embeds) { all += most_forwards(unit); }
    for (const auto& unit : plan.matches) { all += most_forwards(unit); }
    return all - forwards_left(plan, graph);
}

void print_start(const SweepPlan& plan, const WorkGraph& graph, int ranks) {
    std::cerr << plan.evaluates.size() << " points; " << graph.tasks.size() << " units to do on "
              << ranks << (ranks == 1 ? " rank; " : " ranks; ") << forwards_left(plan, graph)
              << " forwards to do" << (plan.aligns.empty() ? "" : " at most") << ", "
              << forwards_saved(plan, graph) << " saved by the store\n";
}

std::string describe(const Trouble& trouble, const std::string& unit) {
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

Monitor::Monitor(const SweepOptions& options, const SweepSpec& spec, const SweepPlan& plan,
                 const Store& store, int ranks)
    : options_(options),
      spec_(spec),
      plan_(plan),
      store_(store),
      file_(state_file(options)),
      display_(stderr, kSecondsBetweenLines) {
    state_.ranks = ranks;
    state_.process = process_token();
    state_.started = utc_text();
}

void Monitor::begin(const WorkGraph& graph) {
    graph_ = &graph;
    state_.units_failed = 0;
    state_.units_skipped = 0;
    state_.failures.clear();
    state_.units_total = state_.units_done + graph.tasks.size();
    round_cost_ = 0;
    for (std::size_t task = 0; task < graph.tasks.size(); ++task) {
        const auto kind = place_of(graph.units[task].kind);
        ++state_.kinds[kind].total;
        cost_total_[kind] += graph.tasks[task].cost;
        round_cost_ += graph.tasks[task].cost;
    }
    state_.forwards_saved = forwards_saved(plan_, graph);
    before_ = state_;
    if (options_.engine.store_limit) {
        limit_.emplace(store_, plan_, graph, *options_.engine.store_limit);
    }
    write();
    print_start(plan_, graph, state_.ranks);
}

void Monitor::operator()(const Progress& progress) {
    const bool first = state_.units_done == 0 && progress.done > 0;
    state_.seconds = before_.seconds + progress.seconds;
    state_.units_done = before_.units_done + progress.done;
    state_.units_failed = progress.failed;
    state_.units_skipped = progress.skipped;
    state_.units_running = progress.running;
    state_.units_elsewhere = progress.elsewhere;
    if (progress.draining) { state_.state = "draining"; }
    if (progress.latest != nullptr) { add(progress.latest_task, *progress.latest); }
    estimate(progress);
    display_.update(shown_);
    // The first unit at once: a run that is killed soon has still made progress.
    if (first || state_.seconds - written_ > kSecondsBetweenStates) { write(); }
}

void Monitor::operator()(const Trouble& trouble) {
    const auto unit =
        trouble.task ? label_of(spec_, plan_, graph_->units[*trouble.task]) : "no unit";
    if (trouble.kind == Trouble::Kind::disk) {
        disk_trouble_ = trouble.reason;
        return;
    }
    note(describe(trouble, unit));
    if (trouble.kind == Trouble::Kind::retried) { return; }
    state_.state = "lost a rank";
    state_.failures.push_back(state_.troubles.back());
    write();
}

void Monitor::note(const std::string& trouble) {
    display_.message(trouble);
    state_.troubles.push_back(trouble);
}

void Monitor::fail(const std::string& reason) {
    if (std::ranges::count(state_.failures, reason) > 0) { return; }
    display_.message("failed: " + reason);
    state_.failures.push_back(reason);
}

RunState Monitor::finish(RunEnd end) {
    if (state_.units_total > 0) { display_.finish(shown_); }
    state_.state = name_of(end);
    state_.eta_seconds = 0;
    state_.units_running = 0;
    state_.units_elsewhere = 0;
    if (!disk_trouble_.empty()) { state_.failures.push_back(disk_trouble_); }
    write();
    if (options_.engine.trace) { trace_.write(trace_file(options_)); }
    if (options_.engine.roofline) { tell_profile(); }
    return state_;
}

void Monitor::add(std::size_t task, const TaskOutcome& outcome) {
    const auto& unit = graph_->units[task];
    const auto work = parse_report(outcome.report);
    state_.work.forwards += work.forwards;
    state_.work.products += work.products;
    const auto kind = place_of(unit.kind);
    profile_.add(outcome.rank, kind, outcome.seconds, work.stages);
    state_.kinds[kind].rank_seconds += outcome.seconds;
    state_.kinds[kind].done += outcome.state == TaskState::done ? 1 : 0;
    state_.kinds[kind].model_seconds += graph_->tasks[task].cost;
    if (options_.engine.trace) {
        trace_.add({outcome.rank, kUnitKinds[kind].name, label_of(spec_, plan_, unit),
                    before_.seconds + outcome.started, outcome.seconds});
    }
    if (limit_) { limit_->ended(unit); }
    if (outcome.state == TaskState::failed && disk_trouble_.empty()) { fail(outcome.reason); }
}

void Monitor::tell_profile() const {
    const RunTime time{state_.seconds, state_.ranks, measure_sgemm_gflops()};
    profile_.write(profile_file(options_), time);
    std::cerr << profile_.text(time);
}

/// Costs are guesses; as soon as units of a kind have ended, their measured speed replaces them.
void Monitor::estimate(const Progress& progress) {
    double guessed = 0;
    double measured = 0;
    for (std::size_t kind = 0; kind < kUnitKinds.size(); ++kind) {
        guessed += state_.kinds[kind].model_seconds;
        measured += state_.kinds[kind].rank_seconds;
    }
    const double usual = guessed > 0 ? measured / guessed : 1;
    double total = 0;
    double left = 0;
    for (std::size_t kind = 0; kind < kUnitKinds.size(); ++kind) {
        const double speed =
            state_.kinds[kind].model_seconds > 0
                ? state_.kinds[kind].rank_seconds / state_.kinds[kind].model_seconds
                : usual;
        total += speed * cost_total_[kind];
        left += speed * (cost_total_[kind] - state_.kinds[kind].model_seconds);
    }
    // What is skipped will never be done, whatever it would have cost.
    const double skipped = round_cost_ - progress.cost_total;
    left = std::max(0.0, left - skipped * usual);
    shown_ = {
        state_.units_done,           progress.failed, state_.units_total, state_.work.forwards,
        std::max(total - left, 0.0), total,           state_.seconds};
    state_.eta_seconds = guessed > 0 ? left / state_.ranks : 0;
}

void Monitor::write() {
    written_ = state_.seconds;
    try {
        write_run_state(file_, state_);
        const auto& prometheus = options_.engine.prometheus;
        if (!prometheus.empty()) { write_prometheus(prometheus, options_.output.string(), state_); }
    } catch (const CacheError& error) {
        if (disk_trouble_.empty()) { disk_trouble_ = error.what(); }
    }
}

}  // namespace patchead
