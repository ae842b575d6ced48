#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
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
};

/// "none", "align", "mask" or "align+mask". Throws ConfigError for another word.
[[nodiscard]] Modules parse_modules(const std::string& word);
[[nodiscard]] std::string name_of(const Modules& modules);

/// Everything that a sweep computes.
struct SweepSpec {
    std::vector<Sample> samples;  ///< Sorted by data set and id; digests where images are used.
    std::vector<PlannedBackbone> backbones;
    std::vector<int> sides_px;  ///< 0 stands for each backbone's default.
    std::vector<int> shots;     ///< 0 stands for batch zero-shot.
    std::vector<std::uint64_t> seeds;
    std::vector<Modules> modules;
    std::vector<ExplicitPrompt> prompts;  ///< Empty: sampled.
    CacheType cache_type = CacheType::fp16;
    Reduce reduce = Reduce::nearest;
    BatchOptions batch;
    ScoringOptions few_shot;  ///< Masking is set by the modules of each point.
    ScoringOptions zero_shot;
    Masking masking;
    MetricOptions metrics;          ///< side_px 0: the side of the network input.
    std::size_t block_images = 32;  ///< Images of one embed unit.
    int heatmaps = 0;               ///< Pictures of each category and point of the first seed.
};

/// Place of an image's features: which embed unit, which row of its block.
struct ImageRef {
    std::size_t embed = 0;
    std::size_t row = 0;
};

/// Forward passes of some images through one backbone.
struct EmbedUnit {
    std::size_t backbone = 0;
    int side_px = 0;
    std::vector<std::size_t> samples;
    ArtifactKey key;
};

/// Matrix products of some queries with some references, or within one batch.
struct MatchUnit {
    bool within_batch = false;  ///< Then the queries are the first references.
    std::vector<ImageRef> queries;
    std::vector<ImageRef> references;
    ArtifactKey key;
};

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
    std::vector<std::size_t> tests;     ///< Samples, sorted by id: the order of the result.
    std::vector<std::size_t> prompts;   ///< Samples; empty for batch zero-shot.
    std::vector<std::size_t> matches;   ///< Match units that cover the tests.
    std::vector<ImageRef> features;     ///< Of each test: where its attention lies.
    std::vector<std::size_t> pictures;  ///< Places in `tests` of which heat maps are wanted.
    ArtifactKey key;
};

/// The units of a sweep, in an order that does not depend on ranks or on what is already done.
struct SweepPlan {
    std::vector<EmbedUnit> embeds;
    std::vector<MatchUnit> matches;
    std::vector<EvaluateUnit> evaluates;
};

/// Expands `spec`. Equal units that several points need appear once.
/// Throws ConfigError if a side is no multiple of a backbone's patch or a module cannot be had,
/// DataError if a category has too few prompts or no test images.
[[nodiscard]] SweepPlan make_plan(const SweepSpec& spec);

/// The samples whose image files `spec` needs (test images and prompts), ascending: those whose
/// digests must be known before `make_plan`.
[[nodiscard]] std::vector<std::size_t> needed_samples(const SweepSpec& spec);

/// Kinds of task, in the order in which a graph lists them.
enum class UnitKind { embed, match, evaluate, picture };

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
    std::vector<bool> embeds;
    std::vector<bool> matches;
    std::vector<bool> evaluates;
};

/// The tasks that make all missing results and pictures, and nothing that they do not need.
[[nodiscard]] WorkGraph make_graph(const SweepSpec& spec, const SweepPlan& plan,
                                   const StoreState& state);

/// Floating point operations of one forward pass.
[[nodiscard]] double forward_flops(const PlannedBackbone& backbone, int side_px);

}  // namespace patchead
