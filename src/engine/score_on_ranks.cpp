#include "patchead/engine/score_on_ranks.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <vector>

#include "patchead/core/codec.hpp"
#include "patchead/engine/progress_line.hpp"
#include "patchead/ranks/run_tasks.hpp"
#include "signals.hpp"

namespace patchead {

template <>
struct Codec<PicturePart> : RecordCodec<PicturePart, &PicturePart::x, &PicturePart::y,
                                        &PicturePart::width, &PicturePart::height> {};
template <>
struct Codec<PhotoScore>
    : RecordCodec<PhotoScore, &PhotoScore::path, &PhotoScore::score, &PhotoScore::x, &PhotoScore::y,
                  &PhotoScore::width, &PhotoScore::height, &PhotoScore::heatmap,
                  &PhotoScore::thumbnail, &PhotoScore::map, &PhotoScore::turned,
                  &PhotoScore::is_prompt, &PhotoScore::map_panel> {};
template <>
struct Codec<FailedPhoto> : RecordCodec<FailedPhoto, &FailedPhoto::path, &FailedPhoto::reason> {};
template <>
struct Codec<PhotoScores> : RecordCodec<PhotoScores, &PhotoScores::images, &PhotoScores::failed> {};

namespace {

constexpr double kSecondsBetweenScores = 30;  ///< Between lines of progress, in a file.

using Files = std::span<const std::filesystem::path>;

/// Adds what became of a block whose photos are `files`.
void add_block(const TaskOutcome& outcome, Files files, ScoredRun& run) {
    if (outcome.state == TaskState::done) {
        auto scores = Codec<PhotoScores>::decode(outcome.report);
        std::ranges::move(scores.images, std::back_inserter(run.scores.images));
        std::ranges::move(scores.failed, std::back_inserter(run.scores.failed));
    } else if (outcome.state == TaskState::failed) {
        for (const auto& file : files) {
            run.scores.failed.push_back({file.string(), outcome.reason});
        }
    } else {
        run.left += files.size();
    }
}

}  // namespace

ScoredRun score_on_ranks(PhotoScorer& scorer, const PhotoOutputs& outputs, Files files,
                         std::size_t block, const Communicator& world) {
    const auto blocks = (files.size() + block - 1) / block;
    const auto files_of = [&](std::size_t task) {
        return files.subspan(task * block, std::min(block, files.size() - task * block));
    };
    std::vector<Task> tasks;
    tasks.reserve(blocks);
    for (std::size_t task = 0; task < blocks; ++task) {
        tasks.push_back({static_cast<double>(files_of(task).size()), {}});
    }
    ProgressDisplay display(stderr, kSecondsBetweenScores);
    ProgressState last;
    TaskCalls calls;
    calls.execute = [&](std::size_t task) {
        return Codec<PhotoScores>::encode(score_photos(scorer, outputs, files_of(task)));
    };
    calls.stop = [] { return stop_signal() != 0; };
    calls.progress = [&](const Progress& now) {
        last = {now.done, now.failed, now.total, 0, now.cost_done, now.cost_total, now.seconds};
        display.update(last);
    };
    const auto outcomes = run_tasks(world, tasks, calls);
    ScoredRun run;
    if (!world.is_root()) { return run; }
    display.finish(last);
    for (std::size_t task = 0; task < outcomes.size(); ++task) {
        add_block(outcomes[task], files_of(task), run);
    }
    std::ranges::sort(run.scores.images, {}, &PhotoScore::path);
    std::ranges::sort(run.scores.failed, {}, &FailedPhoto::path);
    return run;
}

}  // namespace patchead
