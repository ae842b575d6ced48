#include "sweep_run.hpp"

#include <algorithm>

#include "map_files.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/process.hpp"
#include "patchead/data/image_library.hpp"
#include "plan_run.hpp"
#include "signals.hpp"
#include "sweep_outputs.hpp"
#include "unit_runner.hpp"

namespace patchead {
namespace {

std::string prepare(const SweepOptions& options) {
    require_writable(options.output);
    require_writable(options.store);
    const auto inputs = find_inputs(options);
    static_cast<void>(make_plan(inputs.spec));  // What is wrong with the grid is said here, once.
    for (const auto& note : inputs.notes) { std::cerr << "note: " << note << "\n"; }
    return to_text(inputs);
}

/// One character an artifact of the plan, kind by kind: '1' if it is in the store, which may be
/// null.
std::string look_up(const SweepPlan& plan, const Store* store) {
    std::string flags;
    for (const auto& kind : kUnitKinds) {
        for (std::size_t i = 0; i < count_of(plan, kind.kind); ++i) {
            const auto* key = key_of(plan, {kind.kind, i});
            if (key == nullptr) { break; }
            flags += store != nullptr && store->contains(*key) ? '1' : '0';
        }
    }
    return flags;
}

StoreState state_from(const std::string& flags, const SweepPlan& plan) {
    StoreState state;
    std::size_t at = 0;
    for (const auto& kind : kUnitKinds) {
        auto* to = flags_of(state, kind.kind);
        if (to == nullptr) { continue; }
        for (std::size_t i = 0; i < count_of(plan, kind.kind); ++i) {
            to->push_back(flags.at(at++) == '1');
        }
    }
    return state;
}

void write_pictures(const std::filesystem::path& folder, const SweepSpec& spec,
                    const EvaluateUnit& unit, const PointPictures& pictures) {
    write_heatmaps(folder, spec, unit, pictures.heatmaps);
    write_maps(folder, spec, unit, pictures);
}

/// Runs one task of the graph; its report counts forwards and matrix products.
std::string execute(Worker& worker, const SweepOptions& options, const SweepSpec& spec,
                    const SweepPlan& plan, const UnitRef& unit) {
    const auto before = worker.count();
    switch (unit.kind) {
        case UnitKind::align:
            worker.align(unit.index);
            break;
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

void require_reductions_only(const WorkGraph& graph) {
    const auto is_expensive = [](const UnitRef& unit) {
        return unit.kind == UnitKind::align || unit.kind == UnitKind::embed ||
               unit.kind == UnitKind::match;
    };
    const auto missing = std::ranges::count_if(graph.units, is_expensive);
    require<ConfigError>(
        missing == 0, missing, " alignments, feature blocks and match tensors are ",
        "not in the store (an ablation computes none); run patchead sweep with the same ",
        "options first");
}

/// What is missing of `plan`; nothing if that is more than is allowed, which rank 0 has said.
std::optional<WorkGraph> find_work(const SweepSpec& spec, const SweepPlan& plan, const Store& store,
                                   const Communicator& world, Allowed allowed) {
    const auto flags = on_root(world, [&] {
        const auto state = look_up(plan, &store);
        if (allowed == Allowed::reductions_only) {
            require_reductions_only(make_graph(spec, plan, state_from(state, plan)));
        }
        return state;
    });
    if (!flags) { return std::nullopt; }
    return make_graph(spec, plan, state_from(*flags, plan));
}

/// As many threads read images as a rank has cores left.
ForwardOptions forward_options(const SweepOptions& options, const Communicator& world) {
    auto forward = options.forward;
    if (forward.decode_threads == 0) {
        forward.decode_threads =
            std::max(1, cores_of_process(world.local_size()) - options.threads);
    }
    return forward;
}

/// Such a process starts no MPI. Wrong options are told later, by one rank.
bool names_array_task(const SweepCommandLine& line) {
    try {
        return !parse_sweep_options(line)->engine.array_task.empty();
    } catch (const Error&) { return false; }
}

}  // namespace

StoreState state_of(const SweepPlan& plan, const Store* store) {
    return state_from(look_up(plan, store), plan);
}

std::optional<SweepInputs> prepare_sweep(const SweepOptions& options, const Communicator& world) {
    set_compute_threads(options.threads);
    set_image_threads(options.threads);
    const auto found = on_root(world, [&] { return prepare(options); });
    if (!found) { return std::nullopt; }
    auto inputs = inputs_from_text(*found, options);
    for (auto& source : inputs.sources) {
        source.options.device = device_of_rank(source.options.device, world.local_rank());
    }
    return inputs;
}

std::optional<FinishedRun> run_plan(const SweepOptions& options, const SweepInputs& inputs,
                                    const SweepPlan& plan, const Communicator& world,
                                    Allowed allowed) {
    const Store store(options.store);
    Worker worker(inputs.spec, plan, store, inputs.sources, inputs.provenance,
                  forward_options(options, world));
    const auto run_unit = [&](const UnitRef& unit) {
        return execute(worker, options, inputs.spec, plan, unit);
    };
    UnitRunner runner(options, inputs.spec, plan, store, world.rank(), run_unit);
    worker.at_safe_points([&] { runner.check(); });
    PlanRun run(options, inputs, plan, store, world, runner);
    if (!run.prepare()) { return std::nullopt; }
    for (;;) {
        const auto graph = find_work(inputs.spec, plan, store, world, allowed);
        if (!graph) { return std::nullopt; }
        if (!run.round(*graph)) { return run.finish(); }
    }
}

int run_sweep_job(const SweepCommandLine& line,
                  const std::function<int(const SweepOptions&, const Communicator&)>& body) {
    if (asks_for_help(line.arguments)) {
        static_cast<void>(parse_sweep_options(line));
        return kExitDone;
    }
    watch_stop_signals();
    if (names_array_task(line)) { return body(*parse_sweep_options(line), Communicator()); }
    return run_job(0, nullptr, [&](const Communicator& world) {
        const auto valid = on_root(world, [&] {
            static_cast<void>(parse_sweep_options(line));
            return std::string();
        });
        return valid ? body(*parse_sweep_options(line), world) : kExitError;
    });
}

}  // namespace patchead
