/// \file
/// \brief `patchead score`: photos of which nothing is known.

#include <algorithm>
#include <iostream>
#include <iterator>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "factory/fitting.hpp"
#include "factory/score_modes.hpp"
#include "factory/score_start.hpp"
#include "options/photo_options.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/photos.hpp"
#include "patchead/engine/run_sweep.hpp"
#include "patchead/engine/score_on_ranks.hpp"
#include "patchead/ranks/on_root.hpp"
#include "patchead/report/photo_files.hpp"

namespace patchead {
namespace {

using Paths = std::vector<std::filesystem::path>;

/// The photos to score, on every rank; the rest of what lies there goes into `run`, on rank 0.
std::optional<Paths> list_images(const ScoreOptions& options, const Communicator& world,
                                 PhotoRun& run) {
    return on_root(world, [&] {
        auto list = list_photos(options.images, true, options.output);
        for (const auto& [path, reason] : list.unread) {
            run.scores.failed.push_back({path, reason});
        }
        if (list.others > 0) {
            run.notes.push_back(concat(counted(list.others, "file"), " passed over that ",
                                       list.others == 1 ? "is no picture" : "are no pictures",
                                       ", e.g. ", list.example));
        }
        require<DataError>(!list.photos.empty() || !list.unread.empty(), "there is no photo in '",
                           options.images.front(), "' (no file there ends as a picture does); ",
                           "check --images");
        return list.photos;
    });
}

/// Without normal photos the photos are one batch, which rank 0 scores.
ScoredRun score_all(ScoreStart& start, const Paths& photos, const Communicator& world) {
    if (start.run.prompts > 0) {
        const auto block = start.scorer.inputs().spec.method.units.block_images;
        return score_on_ranks(start.scorer, start.outputs, photos, block, world);
    }
    ScoredRun run;
    if (world.is_root()) { run.scores = score_photos(start.scorer, start.outputs, photos, false); }
    return run;
}

void add_notes(PhotoRun& run) {
    const auto prompts = std::ranges::count_if(run.scores.images, &PhotoScore::is_prompt);
    if (prompts > 0) {
        const auto first = std::ranges::find_if(run.scores.images, &PhotoScore::is_prompt);
        run.notes.push_back(concat(counted(static_cast<std::size_t>(prompts), "photo"),
                                   " among the normal ones, too, e.g. ", first->path,
                                   ": such a score says nothing, as it is compared with itself"));
    }
    if (!run.scale.threshold) {
        run.notes.push_back(concat("no verdicts: threshold ", run.scale.rule));
    }
}

void print_scores(const PhotoRun& run, const std::filesystem::path& folder) {
    for (const auto& [path, reason] : run.scores.failed) {
        std::cerr << "failed: " << printable(path) << ": " << printable(reason) << "\n";
    }
    const auto defects = std::ranges::count_if(run.scores.images, [&](const PhotoScore& photo) {
        return run.scale.verdict(photo.score) == "defect";
    });
    std::cerr << counted(run.scores.images.size(), "photo") << " scored";
    if (run.scale.threshold) {
        std::cerr << ", " << counted(static_cast<std::size_t>(defects), "defect");
    }
    if (!run.scores.failed.empty()) { std::cerr << ", " << run.scores.failed.size() << " failed"; }
    std::cerr << "; scores in " << folder.string() << "\n";
}

/// Writes what rank 0 has found.
void write_scores(const ScoreOptions& options, ScoredRun scored, PhotoRun& run) {
    run.scores.images = std::move(scored.scores.images);
    std::ranges::move(scored.scores.failed, std::back_inserter(run.scores.failed));
    std::ranges::sort(run.scores.failed, {}, &FailedPhoto::path);
    add_notes(run);
    if (scored.left > 0) {
        run.notes.push_back(
            concat("stopped as it was told to: ", counted(scored.left, "photo"), " not scored"));
    }
    print_notes(run.notes);
    write_photo_files(options.output, run);
    if (options.page) { write_score_page(options.output, options.python); }
    print_scores(run, options.output);
}

int score_on_all(const ScoreOptions& options, const Communicator& world) {
    auto start = start_scoring(options, world);
    if (!start) { return kExitError; }
    const auto photos = list_images(options, world, start->run);
    if (!photos) { return kExitError; }
    if (options.benchmark) {
        return on_root(world, [&] { print_times(*start, *photos); }) ? kExitDone : kExitError;
    }
    auto scored = score_all(*start, *photos, world);
    const auto left = scored.left;
    const bool is_written =
        on_root(world, [&] { write_scores(options, std::move(scored), start->run); });
    if (!is_written) { return kExitError; }
    if (!world.is_root()) { return kExitDone; }
    return left > 0 ? kExitUnfinished : score_exit_code(options, start->run);
}

}  // namespace

int run_score(const Arguments& arguments) {
    const auto options = parse_score_options(arguments);
    if (!options) { return kExitDone; }  // Help was printed.
    const bool is_watching = !options->watch.empty();
    watch_stop_signals(is_watching);
    return run_job(0, nullptr, kFailureCodes, [&](const Communicator& world) {
        return is_watching ? watch_folder(*options, world) : score_on_all(*options, world);
    });
}

}  // namespace patchead
