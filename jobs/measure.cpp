/// \file
/// \brief `patchead measure`: anomaly maps of any program, measured as a sweep's.

#include <filesystem>
#include <iostream>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/measure_options.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/engine/run_measure.hpp"
#include "patchead/outputs/measured_outputs.hpp"
#include "patchead/ranks/on_root.hpp"
#include "patchead/setup/build_facts.hpp"

namespace patchead {
namespace {

void print_notes(const std::vector<std::string>& notes) {
    for (const auto& note : notes) { std::cerr << "note: " << printable(note) << "\n"; }
}

/// What rank 0 finds out for all.
MeasureInputs find_and_tell(const MeasureOptions& options) {
    const auto& maps = options.request.maps;
    std::error_code error;
    require<ConfigError>(!std::filesystem::equivalent(options.output, maps, error),
                         "--output is the folder of --maps, '", maps.string(),
                         "' (results would lie among the maps); name another folder");
    auto inputs = find_maps(options.request, build_facts(mpi_version()));
    require_writable(options.output);
    print_notes(inputs.notes);
    return inputs;
}

void write_all(const MeasureOptions& options, const MeasureInputs& inputs,
               const std::vector<MeasuredPoint>& measured) {
    const MeasuredRun run{inputs.samples, inputs.points, measured};
    const auto results = measured_results(run, inputs.provenance);
    print_notes(write_measured(options.output, run, results));
    print_notes(measured_notes(run, options.interpolation));
    std::cerr << counted(inputs.points.size(), "point") << " measured, "
              << results.provenance.at("interpolated") << " interpolated; results in "
              << options.output.string() << "\n";
}

int measure_on_all(const MeasureOptions& options, const Communicator& world) {
    const auto inputs = on_root(world, [&] { return find_and_tell(options); });
    if (!inputs) { return kExitError; }
    auto how = options.request.how;
    how.scoring = inputs->scoring;
    how.names = inputs->metrics;
    const auto measured = measure_points(inputs->samples, inputs->points, how, world);
    if (!measured) { return kExitError; }
    const bool is_done = on_root(world, [&] { write_all(options, *inputs, *measured); });
    return is_done ? kExitDone : kExitError;
}

int write_example(const std::filesystem::path& folder) {
    std::cout << "wrote " << folder.string()
              << " (README.txt says what is what); to measure it:\n\n  "
              << write_measure_example(folder) << "\n";
    return kExitDone;
}

}  // namespace

int run_measure(const Arguments& arguments) {
    const auto options = parse_measure_options(arguments);
    if (!options) { return kExitDone; }  // Help was printed.
    if (!options->example.empty()) { return write_example(options->example); }
    return run_job(0, nullptr, kFailureCodes,
                   [&](const Communicator& world) { return measure_on_all(*options, world); });
}

}  // namespace patchead
