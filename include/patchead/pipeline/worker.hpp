#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "patchead/backbone/backbone.hpp"
#include "patchead/cache/store.hpp"
#include "patchead/core/stages.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/pipeline/networks.hpp"
#include "patchead/pipeline/point_pictures.hpp"
#include "patchead/pipeline/sweep_inputs.hpp"
#include "patchead/plan/estimate.hpp"
#include "patchead/plan/units.hpp"
#include "patchead/scoring/match.hpp"

/// \file
/// \brief Runs units of a plan: reads what a unit needs, computes, writes its artifact. Knows no
/// rank and no command line.

namespace patchead {

/// Images, or tiles, of this size that may go through `network` at a time, at least 1, if it gives
/// `tokens`, too.
[[nodiscard]] int images_at_once(const WorkerOptions& options, const Backbone& network,
                                 MapSize size, const TokenRequest& tokens = {});

/// Work done so far, for logs and tests.
struct WorkCount {
    std::uint64_t forwards = 0;  ///< Images, or tiles, that went through a backbone.
    std::uint64_t products = 0;  ///< Matrix products of the match stage.
    StageTally stages{};         ///< Of the whole process.
};

inline namespace pipeline_detail {
struct ForwardOptions;
class ImagesAtHand;
class KeptLandmarks;
class ObjectMasks;
class UnitFacts;
}  // namespace pipeline_detail

/// What tells the foreground of images: attention, or what takes its place. Shape: `[n, L]`.
using ForegroundSource = std::function<std::vector<float>(std::span<const ImageRef> images)>;

/// Runs units one after the other. Keeps the last backbone and the last ground truth, since
/// neighbouring units mostly share them.
class Worker {
  public:
    /// `plan` and `store` must outlive the worker. `sources` has one entry for each backbone of the
    /// plan; `provenance` goes into every artifact, with what this process computes with.
    Worker(const SweepPlan& plan, const Store& store, std::vector<BackboneSource> sources,
           Provenance provenance, WorkerOptions options);
    /// The same with networks that others have, too.
    Worker(const SweepPlan& plan, const Store& store, std::shared_ptr<Networks> networks,
           Provenance provenance, WorkerOptions options);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Makes the artifact of a unit that is no picture, or finds it there. Throws an Error that
    /// names the file at fault; a damaged input artifact is quarantined, so that the next run makes
    /// it again.
    void make(const UnitRef& unit);

    [[nodiscard]] PointPictures pictures(std::size_t unit);

    /// Scores and maps of all test images of a point, whose inputs must be there.
    [[nodiscard]] ScoredImages scores(std::size_t unit);

    [[nodiscard]] WorkCount count() const;

    /// What is called wherever a unit could be given up without harm; it may throw to do so.
    void at_safe_points(std::function<void()> call) { safe_point_ = std::move(call); }

    /// What is told what the worker chose by itself, for logs.
    void at_remarks(std::function<void(const std::string&)> call) { remark_ = std::move(call); }

  private:
    struct LoadedTruth;

    // Each makes the artifact of the unit with this number, which is not there or lacks something.
    void align(std::size_t unit);
    void embed(std::size_t unit);
    void match(std::size_t unit);
    void fit(std::size_t unit);
    void detect(std::size_t unit);
    void leave_out(std::size_t unit);
    void evaluate(std::size_t unit);

    /// Of a unit of `SweepPlan::leave_outs`.
    [[nodiscard]] UnmeasuredMaps unmeasured_maps(std::size_t unit);

    void add_stored_metrics(const ArtifactKey& key, MetricSet& metrics) const;

    [[nodiscard]] const GroundTruth& ground_truth(const EvaluateUnit& unit);
    [[nodiscard]] ForegroundSource foreground_of(const EvaluateUnit& unit);
    /// How images of `unit` go through `network`, which is to give `tokens`, too.
    [[nodiscard]] ForwardOptions forward_options(const Backbone& network, const EmbedUnit& unit,
                                                 TokenRequest tokens) const;
    void count_forwards(const ForwardWork& work);
    /// Those of copies of an image as `unit` has it.
    void count_copies(std::size_t copies, const EmbedUnit& unit, std::size_t sample);
    [[nodiscard]] MatchEngine match_engine(const MatchUnit& unit) const;
    [[nodiscard]] MatchTensor match_stored(const MatchUnit& unit);
    void embed_originals(const EmbedUnit& unit, const Provenance& facts);
    [[nodiscard]] FeatureBlock embed_copies_of(const EmbedUnit& unit);
    [[nodiscard]] MatchTensor match_warped_prompt(const MatchUnit& unit);
    [[nodiscard]] FeatureBlock gather(const std::vector<ImageRef>& images) const;

    const SweepPlan& plan_;
    const Store& store_;
    std::shared_ptr<Networks> networks_;
    std::unique_ptr<UnitFacts> facts_;
    WorkerOptions options_;
    std::unique_ptr<LoadedTruth> truth_;
    std::unique_ptr<ObjectMasks> objects_;
    std::unique_ptr<KeptLandmarks> landmarks_;
    std::unique_ptr<ImagesAtHand> images_;
    std::uint64_t forwards_ = 0;
    bool has_said_screening_ = false;
    std::function<void()> safe_point_ = [] {};
    std::function<void(const std::string&)> remark_ = [](const std::string&) {};
};

}  // namespace patchead
