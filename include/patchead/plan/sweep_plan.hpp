#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "patchead/core/key.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/types.hpp"
#include "patchead/plan/sampling.hpp"
#include "patchead/plan/task_queue.hpp"

/// \file
/// \brief From what a user asks for to units of work. Pure: no files, no ranks, no networks.

namespace patchead {

/// A backbone as the plan needs it.
struct PlannedBackbone {
    std::string name;
    /// Everything that determines its features beside image and size: family, weights digest,
    /// named options, precision.
    std::map<std::string, std::string> identity;
    Preprocessing preprocessing;
    int patch_px = 0;
    int dim = 0;
    int depth = 0;
    std::int64_t parameters = 0;
    bool has_attention = true;
    int image_px = 224;       ///< Default side of its input.
    bool fixed_size = false;  ///< It takes no other.
};

/// Which parts of PatchEAD+ a point uses.
struct Modules {
    bool align = false;
    bool mask = false;
    bool by_dataset = false;  ///< "patchead+": what the paper uses on the data set at hand.

    bool operator==(const Modules&) const = default;
};

/// "none", "align", "mask", "align+mask" or "patchead+". Throws ConfigError for another word.
[[nodiscard]] Modules parse_modules(const std::string& word);
[[nodiscard]] std::string name_of(const Modules& modules);

/// Points of a sweep: every combination of what is listed.
struct PointGrid {
    std::vector<std::string> datasets{};   ///< Empty: all.
    std::vector<std::size_t> backbones{};  ///< Numbers in `SweepSpec::backbones`; empty: all.
    std::vector<int> sides_px{};           ///< 0 stands for each backbone's default.
    std::vector<int> shots{};              ///< 0 stands for batch zero-shot.
    std::vector<std::uint64_t> seeds{};
    std::vector<Modules> modules{};
};

/// Everything that a sweep computes.
struct SweepSpec {
    std::vector<Sample> samples;  ///< Sorted by data set and id; digests where images are used.
    std::vector<PlannedBackbone> backbones;
    std::vector<PointGrid> grids;         ///< A point that several have is computed once.
    std::vector<ExplicitPrompt> prompts;  ///< Empty: sampled.
    CacheType cache_type = CacheType::fp16;
    Reduce reduce = Reduce::nearest;
    BatchOptions batch;
    ScoringOptions few_shot;  ///< Masking is set by the modules of each point.
    ScoringOptions zero_shot;
    Masking masking;
    AlignOptions align;
    std::set<std::string> masking_only;  ///< Data sets on which "patchead+" does not align.
    MetricOptions metrics;               ///< side_px 0: the side of the network input.
    std::size_t block_images = 32;       ///< Images of one embed unit.
    int heatmaps = 0;                    ///< Pictures of each category and point of the first seed.
    /// Images of each category whose maps are recorded, at the points of the first seed that have
    /// one of `map_shots`; empty: batch zero-shot, and the most shots that all modules have.
    std::size_t maps = 0;
    std::vector<int> map_shots;
};

/// Place of an image's features: which embed unit, which row of its block.
struct ImageRef {
    std::size_t embed = 0;
    std::size_t row = 0;
};

/// A source image and the target into whose position it is brought; numbers of samples.
struct AlignPair {
    std::size_t source = 0;
    std::size_t target = 0;
};

/// Place of a pair's alignment.
struct PairRef {
    std::size_t align = 0;
    std::size_t pair = 0;
};

/// Estimates of where some images lie in others; no backbone has a part in them.
struct AlignUnit {
    std::vector<AlignPair> pairs;
    ArtifactKey key;
};

/// How the rows of an embed unit were made that are no originals. Vectors have an item a row.
struct Copies {
    std::vector<Version> versions;
    std::vector<PairRef> transforms{};  ///< Empty: the identity (rotated copies only).
    std::vector<ImageRef> originals{};  ///< The images' own features, to copy where an aligned one
                                        ///< is the original; empty with `transforms`.
};

/// Forward passes of some images through one backbone.
struct EmbedUnit {
    std::size_t backbone = 0;
    int side_px = 0;
    std::vector<std::size_t> samples;
    std::optional<Copies> copies{};
    ArtifactKey key{};
};

/// A prompt brought into the position of each query in turn: its copies are embedded, matched with
/// that one query and forgotten, since no other query has a use for them.
struct WarpedPrompt {
    std::size_t sample = 0;
    std::vector<PairRef> transforms;  ///< Of each query.
};

/// Matrix products of some queries with some references, or within one batch.
struct MatchUnit {
    bool within_batch = false;  ///< Then the queries are the first references.
    std::vector<ImageRef> queries;
    std::vector<ImageRef> references;
    /// Then the references are its aligned and its rotated copy, and `references` is itself and
    /// itself rotated, for queries into whose position it could not be brought.
    std::optional<WarpedPrompt> warped{};
    ArtifactKey key{};
};

/// Match units of the same queries, whose references are put side by side.
using MatchGroup = std::vector<std::size_t>;

/// One ablation point on one category: a row of the results.
struct EvaluateUnit {
    std::string dataset;
    std::string category;
    std::size_t backbone = 0;
    int side_px = 0;
    int shots = 0;
    std::uint64_t seed = 0;
    Modules modules;
    ScoringOptions scoring;
    MetricOptions metrics;
    std::vector<std::size_t> tests;    ///< Samples, sorted by id: the order of the result.
    std::vector<std::size_t> prompts;  ///< Samples; empty for batch zero-shot.
    std::vector<MatchGroup> matches;   ///< Together they cover the tests, in each version.
    AlignOptions align;                ///< Used if `modules.align`.
    /// Of each test, batch zero-shot with z2 or z4 only: where the transform of its copies lies.
    std::vector<PairRef> transforms;
    std::vector<std::size_t> pictures;  ///< Places in `tests` of which heat maps are wanted.
    std::vector<std::size_t> recorded;  ///< Ascending places in `tests` whose maps are recorded.
    bool thumbnails = false;            ///< Keeps small pictures of these images for all points.
    ArtifactKey key;

    /// Side of the maps in pictures: the evaluation size, or the network input if that is native.
    [[nodiscard]] int picture_px() const {
        return metrics.side_px == kNativeSide ? side_px : metrics.side_px;
    }
};

/// The units of a sweep, in an order that does not depend on ranks or on what is already done.
struct SweepPlan {
    std::vector<AlignUnit> aligns;
    std::vector<EmbedUnit> embeds;
    std::vector<MatchUnit> matches;
    std::vector<EvaluateUnit> evaluates;
    std::size_t merged_points = 0;  ///< How often a grid asked for a point that another one has.
};

/// Expands `spec`. Equal units that several points need appear once.
/// Throws ConfigError if a side is no multiple of a backbone's patch or a module cannot be had,
/// DataError if a category has too few prompts or no test images.
[[nodiscard]] SweepPlan make_plan(const SweepSpec& spec);

/// The samples whose image files `spec` needs (test images and prompts), ascending: those whose
/// digests must be known before `make_plan`.
[[nodiscard]] std::vector<std::size_t> needed_samples(const SweepSpec& spec);

/// Kinds of task, in the order in which a graph lists them.
enum class UnitKind { align, embed, match, evaluate, picture };

/// A task of the graph: which unit it is.
struct UnitRef {
    UnitKind kind = UnitKind::embed;
    std::size_t index = 0;  ///< In the plan's list of its kind (pictures: in `evaluates`).
};

/// What is left to do.
struct WorkGraph {
    std::vector<UnitRef> units;
    std::vector<Task> tasks;  ///< Same length; costs in estimated seconds.
};

/// Which artifacts exist already, one flag for each unit of the plan.
struct StoreState {
    std::vector<bool> aligns;
    std::vector<bool> embeds;
    std::vector<bool> matches;
    std::vector<bool> evaluates;
};

/// How fast one rank is, as far as that depends on the machine.
struct CoreSpeed {
    double forward_gflops = 40;       ///< Of networks that were not timed.
    double match_gflops = 40;         ///< Of the matrix products that matching asks for.
    double image_seconds = 0.01;      ///< To read and resize one.
    double estimate_seconds = 0.05;   ///< Of where one image lies in another.
    double pixels_per_second = 15e6;  ///< Of maps, through all metrics.
    /// Of one image in a backbone (its number) at a size, where that was timed.
    std::map<std::pair<std::size_t, int>, double> forward_seconds;
};

/// The tasks that make all missing results and pictures, and nothing that they do not need. The
/// default speed orders tasks well enough; times in hours need a measured one.
[[nodiscard]] WorkGraph make_graph(const SweepSpec& spec, const SweepPlan& plan,
                                   const StoreState& state, const CoreSpeed& speed = {});

/// Forward passes of `unit`, at most: a copy whose transform is the identity needs none.
[[nodiscard]] std::size_t most_forwards(const EmbedUnit& unit);
[[nodiscard]] std::size_t most_forwards(const MatchUnit& unit);

/// Floating point operations of one forward pass.
[[nodiscard]] double forward_flops(const PlannedBackbone& backbone, int side_px);

}  // namespace patchead
