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
#include "patchead/plan/sweep_plan.hpp"
#include "patchead/scoring/match.hpp"

/// \file
/// \brief Runs units of a plan: reads what a unit needs, computes, writes its artifact. Knows no
/// rank and no command line.

namespace patchead {

/// Where the weights of a planned backbone lie.
struct BackboneSource {
    std::string family;
    std::filesystem::path weights;
    LoadOptions options;
};

/// How a network is kept busy.
struct ForwardOptions {
    int images = 0;                       ///< At a time; 0: as many as fit in the memory.
    std::int64_t memory = 2'000'000'000;  ///< Bytes, by estimate.
    int decode_threads = 1;               ///< That read and resize images ahead.
};

/// Images that may go through `network` at a time, at least 1.
[[nodiscard]] int images_at_once(const ForwardOptions& options, const Backbone& network,
                                 int side_px);

/// Work done so far, for logs and tests.
struct WorkCount {
    std::uint64_t forwards = 0;  ///< Images that went through a backbone.
    std::uint64_t products = 0;  ///< Matrix products of the match stage.
    StageTally stages{};         ///< Of the whole process.
};

/// One anomaly map with what is needed to draw it.
struct AnomalyPicture {
    std::size_t sample = 0;  ///< In the spec's samples.
    float score = 0;         ///< Image score.
    Image image;
    Mask truth;
    std::vector<float> map;  ///< Shape: `[side, side]`, side as in the unit's metric options.
    float low = 0;           ///< Median of the category's patch scores.
    float high = 0;          ///< Their 99.8th percentile: one colour scale for the category.
};

/// What figures and reports need of a point: scores at the resolution of the patches.
struct PointMaps {
    Grid grid;
    std::vector<std::size_t> samples;  ///< In the spec's samples.
    std::vector<float> scores;         ///< Of the images.
    /// Shape: `[n, L]`. With copies as queries, means over the versions that show a patch.
    std::vector<float> patches;
    /// Shape: `[n, L]`, or the shares of the object; empty unless the point is masked.
    std::vector<float> attention;
    float low = 0;  ///< As of AnomalyPicture.
    float high = 0;
};

/// An image small enough to be shipped with a report.
struct Thumbnail {
    std::size_t sample = 0;  ///< In the spec's samples.
    int height = 0;          ///< Of the image itself.
    int width = 0;
    std::string jpeg;
    std::string truth_png;  ///< Ground truth at the size of the thumbnail; empty if all is normal.
};

/// What an evaluate unit leaves for the eye.
struct PointPictures {
    std::vector<AnomalyPicture> heatmaps;  ///< Of `EvaluateUnit::pictures`, in its order.
    PointMaps maps;                        ///< Of `EvaluateUnit::recorded`, in its order.
    std::vector<Thumbnail> thumbnails;     ///< Of the same, if the unit keeps them.
};

class ObjectMasks;

/// What tells the foreground of images: attention, or what takes its place. Shape: `[n, L]`.
using ForegroundSource = std::function<std::vector<float>(std::span<const ImageRef> images)>;

/// Runs units one after the other. Keeps the last backbone and the last ground truth, since
/// neighbouring units mostly share them.
class Worker {
  public:
    /// `spec`, `plan` and `store` must outlive the worker. `sources` has one entry for each
    /// backbone of the spec; `provenance` goes into every artifact.
    Worker(const SweepSpec& spec, const SweepPlan& plan, const Store& store,
           std::vector<BackboneSource> sources, Provenance provenance, ForwardOptions forward);
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Each makes the artifact of a unit, or finds it there. Throws an Error that names the file at
    /// fault; a damaged input artifact is set aside, so that the next run makes it again.
    void align(std::size_t unit);
    void embed(std::size_t unit);
    void match(std::size_t unit);
    void evaluate(std::size_t unit);

    [[nodiscard]] PointPictures pictures(std::size_t unit);

    [[nodiscard]] WorkCount count() const;

    /// What is called wherever a unit could be given up without harm; it may throw to do so.
    void at_safe_points(std::function<void()> call) { safe_point_ = std::move(call); }

  private:
    struct LoadedBackbone;
    struct LoadedTruth;

    [[nodiscard]] const Backbone& backbone(std::size_t index);
    [[nodiscard]] const GroundTruth& ground_truth(const EvaluateUnit& unit);
    [[nodiscard]] ForegroundSource foreground_of(const EvaluateUnit& unit);
    /// Images that may go through `network` at a time.
    [[nodiscard]] std::size_t forward_batch(const Backbone& network, int side_px) const;
    void count_forwards(std::size_t images, std::size_t backbone, int side_px);
    [[nodiscard]] MatchEngine match_engine(const MatchUnit& unit) const;
    [[nodiscard]] MatchTensor match_stored(const MatchUnit& unit);
    void embed_originals(const EmbedUnit& unit);
    [[nodiscard]] FeatureBlock embed_copies_of(const EmbedUnit& unit);
    [[nodiscard]] MatchTensor match_warped_prompt(const MatchUnit& unit);
    [[nodiscard]] FeatureBlock gather(const std::vector<ImageRef>& images) const;

    const SweepSpec& spec_;
    const SweepPlan& plan_;
    const Store& store_;
    std::vector<BackboneSource> sources_;
    Provenance provenance_;
    ForwardOptions forward_;
    std::unique_ptr<LoadedBackbone> loaded_;
    std::unique_ptr<LoadedTruth> truth_;
    std::unique_ptr<ObjectMasks> objects_;
    std::uint64_t forwards_ = 0;
    std::function<void()> safe_point_ = [] {};
};

}  // namespace patchead
