/// \file
/// \brief `patchead sweep`: embed, match, evaluate, reduce, print.

#include <algorithm>
#include <iostream>
#include <optional>

#include "facts.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/data/image_library.hpp"
#include "patchead/dist/run_tasks.hpp"
#include "patchead/report/progress.hpp"
#include "run_state.hpp"
#include "sweep_outputs.hpp"

namespace patchead {
namespace {

/// Result of work that only rank 0 does. Every rank learns whether it succeeded; if not, rank 0 has
/// said why and all leave together, which ends the job without the noise of an abort.
template <class Work>
std::optional<std::string> on_root(const Communicator& world, const Work& work) {
    std::string message;
    if (world.is_root()) {
        try {
            message = "+" + work();
        } catch (const Error& error) {
            std::cerr << "patchead: " << error.what() << std::endl;
            message = "-";
        }
    }
    message = world.broadcast(message);
    if (message.starts_with('-')) { return std::nullopt; }
    return message.substr(1);
}

std::string prepare(const SweepOptions& options) {
    require_writable(options.output);
    require_writable(options.store);
    const auto inputs = find_inputs(options);
    static_cast<void>(make_plan(inputs.spec));  // What is wrong with the grid is said here, once.
    for (const auto& note : inputs.notes) { std::cerr << "note: " << note << "\n"; }
    return to_text(inputs);
}

/// One character a unit of the plan: '1' if its artifact is in the store.
std::string look_up(const SweepPlan& plan, const Store& store) {
    std::string flags;
    const auto add = [&](const auto& units) {
        for (const auto& unit : units) { flags += store.contains(unit.key) ? '1' : '0'; }
    };
    add(plan.embeds);
    add(plan.matches);
    add(plan.evaluates);
    return flags;
}

StoreState state_from(const std::string& flags, const SweepPlan& plan) {
    StoreState state;
    std::size_t at = 0;
    const auto take = [&](std::size_t count, std::vector<bool>& to) {
        for (std::size_t i = 0; i < count; ++i) { to.push_back(flags.at(at++) == '1'); }
    };
    take(plan.embeds.size(), state.embeds);
    take(plan.matches.size(), state.matches);
    take(plan.evaluates.size(), state.evaluates);
    return state;
}

/// Images of the plan whose features need no forward pass now.
std::uint64_t forwards_saved(const SweepPlan& plan, const WorkGraph& graph) {
    std::uint64_t saved = 0;
    for (const auto& unit : plan.embeds) { saved += unit.samples.size(); }
    for (const auto& unit : graph.units) {
        if (unit.kind == UnitKind::embed) { saved -= plan.embeds[unit.index].samples.size(); }
    }
    return saved;
}

void print_start(const SweepPlan& plan, const WorkGraph& graph, int ranks) {
    std::uint64_t images = 0;
    for (const auto& unit : plan.embeds) { images += unit.samples.size(); }
    const auto saved = forwards_saved(plan, graph);
    std::cerr << plan.evaluates.size() << " points; " << graph.tasks.size() << " units to do on "
              << ranks << (ranks == 1 ? " rank; " : " ranks; ") << images - saved
              << " forwards to do, " << saved << " saved by the store\n";
}

/// Follows a run on rank 0: progress line, run.json, messages about failed units.
class Monitor {
  public:
    Monitor(const SweepOptions& options, const SweepPlan& plan, const WorkGraph& graph, int ranks)
        : file_(options.output / "run.json"), graph_(graph), display_(stderr, 10) {
        state_.ranks = ranks;
        state_.units_total = graph.tasks.size();
        state_.forwards_saved = forwards_saved(plan, graph);
        write_run_state(file_, state_);
    }

    void operator()(const Progress& progress) {
        state_.seconds = progress.seconds;
        state_.units_done = progress.done;
        state_.units_failed = progress.failed;
        state_.units_skipped = progress.skipped;
        if (progress.latest != nullptr) { add(progress.latest_task, *progress.latest); }
        shown_ = {progress.done,      progress.failed,     progress.total,  state_.work.forwards,
                  progress.cost_done, progress.cost_total, progress.seconds};
        display_.update(shown_);
        if (progress.seconds - written_ > 5) { write(progress.seconds); }
    }

    RunState finish(bool whole) {
        if (state_.units_total > 0) { display_.finish(shown_); }
        state_.state = whole ? "finished" : "finished with failures";
        write_run_state(file_, state_);
        return state_;
    }

  private:
    void add(std::size_t task, const TaskOutcome& outcome) {
        const auto work = parse_report(outcome.report);
        state_.work.forwards += work.forwards;
        state_.work.products += work.products;
        state_.seconds_of_kind.at(static_cast<std::size_t>(graph_.units[task].kind)) +=
            outcome.seconds;
        if (outcome.state == TaskState::failed &&
            std::ranges::count(state_.failures, outcome.reason) == 0) {
            display_.message("failed: " + outcome.reason);
            state_.failures.push_back(outcome.reason);
        }
    }

    void write(double seconds) {
        written_ = seconds;
        write_run_state(file_, state_);
    }

    std::filesystem::path file_;
    const WorkGraph& graph_;
    ProgressDisplay display_;
    ProgressState shown_;
    RunState state_;
    double written_ = 0;
};

/// Runs one task of the graph; its report counts forwards and matrix products.
std::string execute(Worker& worker, const SweepOptions& options, const SweepSpec& spec,
                    const SweepPlan& plan, const UnitRef& unit) {
    const auto before = worker.count();
    switch (unit.kind) {
        case UnitKind::embed:
            worker.embed(unit.index);
            break;
        case UnitKind::match:
            worker.match(unit.index);
            break;
        case UnitKind::evaluate:
            worker.evaluate(unit.index);
            break;
        case UnitKind::picture:
            write_pictures(options.output, spec, plan.evaluates[unit.index],
                           worker.pictures(unit.index));
            break;
    }
    return to_report(before, worker.count());
}

void print_end(const RunState& state, const SweepOptions& options) {
    std::cerr << state.work.forwards << " forwards, " << state.work.products
              << " matrix products done; " << state.forwards_saved << " forwards saved; results in "
              << options.output.string() << "\n";
    for (const auto& reason : state.failures) { std::cerr << "failed: " << reason << "\n"; }
    if (!state.failures.empty()) {
        std::cerr << "patchead: " << state.units_failed << " units failed, " << state.units_skipped
                  << " were skipped for it; the tables mark the gaps. Mend the cause and run the "
                     "same command again: only what is missing is computed\n";
    }
}

int reduce(const SweepOptions& options, const SweepInputs& inputs, const SweepPlan& plan,
           const WorkGraph& graph, const Store& store, const std::vector<TaskOutcome>& outcomes,
           Monitor& monitor) {
    const auto results = collect_results(inputs, plan, store, graph, outcomes);
    write_outputs(options.output, results);
    bool whole = results.missing.empty();
    for (const auto& outcome : outcomes) { whole = whole && outcome.state == TaskState::done; }
    print_end(monitor.finish(whole), options);
    return whole ? kExitDone : kExitFailures;
}

std::string device_of_rank(const std::string& device, const Communicator& world) {
    return device == "cuda" ? concat("cuda:", world.local_rank()) : device;
}

int sweep(const SweepOptions& options, const Communicator& world) {
    set_compute_threads(options.threads);
    set_image_threads(options.threads);
    const auto found = on_root(world, [&] { return prepare(options); });
    if (!found) { return kExitError; }
    auto inputs = inputs_from_text(*found, options);
    for (auto& source : inputs.sources) {
        source.options.device = device_of_rank(source.options.device, world);
    }
    const auto plan = make_plan(inputs.spec);
    const Store store(options.store);
    const auto flags = on_root(world, [&] { return look_up(plan, store); });
    const auto graph = make_graph(inputs.spec, plan, state_from(*flags, plan));

    Worker worker(inputs.spec, plan, store, inputs.sources, inputs.provenance,
                  options.forward_batch);
    std::optional<Monitor> monitor;
    if (world.is_root()) {
        print_start(plan, graph, world.size());
        monitor.emplace(options, plan, graph, world.size());
    }
    const auto outcomes =
        run_tasks(world, graph.tasks,
                  {[&](std::size_t task) {
                       return execute(worker, options, inputs.spec, plan, graph.units[task]);
                   },
                   [&](const Progress& progress) { (*monitor)(progress); }});
    if (!world.is_root()) { return kExitDone; }
    return reduce(options, inputs, plan, graph, store, outcomes, *monitor);
}

}  // namespace

int run_sweep(const std::vector<std::string>& arguments) {
    if (asks_for_help(arguments)) {
        static_cast<void>(parse_sweep_options(arguments));
        return kExitDone;
    }
    return run_job(0, nullptr, [&](const Communicator& world) {
        const auto valid = on_root(world, [&] {
            static_cast<void>(parse_sweep_options(arguments));
            return std::string();
        });
        return valid ? sweep(*parse_sweep_options(arguments), world) : kExitError;
    });
}

}  // namespace patchead
