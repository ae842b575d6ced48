#include "factory/score_modes.hpp"

#include <iostream>

#include <fmt/format.h>

#include "exit_codes.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/timing.hpp"
#include "patchead/engine/time_scoring.hpp"
#include "patchead/engine/watch_photos.hpp"
#include "patchead/ranks/on_root.hpp"

namespace patchead {

int watch_folder(const ScoreOptions& options, const Communicator& world) {
    const bool is_alone = on_root(world, [&] {
        require<ConfigError>(world.size() == 1, "--watch is for one process (there are ",
                             world.size(), " ranks, and photos come one by one); start it without ",
                             "mpirun");
    });
    if (!is_alone) { return kExitError; }
    auto start = start_scoring(options, world);
    if (!start) { return kExitError; }
    WatchTally tally;
    const bool is_done = on_root(world, [&] {
        std::cerr << "watching " << options.watch << "; SIGTERM or SIGINT ends it\n";
        tally = watch_photos(start->scorer, start->outputs, options.watch);
    });
    if (!is_done) { return kExitError; }
    std::cerr << counted(tally.scored, "photo") << " scored, " << tally.failed
              << " failed; scores in " << (options.output / "scores.jsonl").string() << "\n";
    if (options.fails_on_defect && tally.defects > 0) { return kExitDefect; }
    return kExitDone;
}

void print_times(ScoreStart& start, const std::vector<std::filesystem::path>& photos) {
    constexpr std::size_t kQueries = 100;
    const auto block = start.scorer.inputs().spec.method.units.block_images;
    auto outputs = start.outputs;
    outputs.pictures = PhotoPictures::none;
    const auto times = time_scoring(start.scorer, outputs, photos, kQueries, block);
    const double rest = times.median - times.median_forward;
    std::cout << fmt::format(
        "SingleStream, {} photos one by one: p50 {:.2f} ms, p90 {:.2f} ms\n"
        "  of p50: network {:.2f} ms, the rest {:.2f} ms ({:.1f} % of the network)\n"
        "Offline, {} photos in blocks of {}: {:.2f} photos/s (network alone {:.2f})\n",
        times.queries, 1e3 * times.median, 1e3 * times.ninth, 1e3 * times.median_forward,
        1e3 * rest, 100 * rest / times.median_forward, times.offline_photos, block,
        per_second(static_cast<double>(times.offline_photos), times.offline_seconds),
        per_second(static_cast<double>(times.offline_photos), times.offline_forward));
}

}  // namespace patchead
