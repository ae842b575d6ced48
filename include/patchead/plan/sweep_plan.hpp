#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "patchead/core/key.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/token_request.hpp"
#include "patchead/core/types.hpp"
#include "patchead/plan/align_units.hpp"
#include "patchead/plan/company.hpp"
#include "patchead/plan/detect_units.hpp"
#include "patchead/plan/sweep_spec.hpp"

/// \file
/// \brief From what a user asks for to units of work. Pure: no files, no ranks, no networks.

namespace patchead {

/// How the rows of an embed unit were made that are no originals. Vectors have an item a row.
struct Copies {
    std::vector<Version> versions;
    std::vector<PairRef> transforms{};  ///< Empty: the identity (rotated and fixed ones only).
    std::vector<ImageRef> originals{};  ///< The images' own features, to copy where an aligned one
                                        ///< is the original; empty with `transforms`.
};

/// Forward passes of some images through one backbone.
struct EmbedUnit {
    std::size_t backbone = 0;
    int side_px = 0;
    std::vector<std::size_t> samples;
    std::optional<Copies> copies{};
    /// Holds the patches of every image of the category: the grid of the features.
    Grid frame{};
    /// What is wanted of the passes beside embeddings and attention.
    TokenRequest tokens{};
    /// Holds `tokens`: any artifact with them, and the same digest, serves.
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

/// What a fused point is made of: points that differ in one thing.
enum class FuseOver { sizes, backbones };

/// How a point is made of others, from the matches that they are made from.
struct Fusion {
    FuseOver over = FuseOver::sizes;
    FuseRule rule = FuseRule::mean;
    FuseOptions options;             ///< The calibration that is meant, never `automatic`.
    std::vector<std::size_t> parts;  ///< Points of the plan, two or more, none of them fused.
};

/// One ablation point on one category: a row of the results.
struct EvaluateUnit {
    std::string dataset;
    std::string category;
    std::size_t backbone = 0;  ///< Of a fused point that of its first part.
    int side_px = 0;           ///< Of a fused point the largest.
    int shots = 0;
    int asked_shots = 0;  ///< The same, but kAllShots and kEachShot where the grid has these.
    std::uint64_t seed = 0;
    Modules modules;
    std::size_t detector = kPatchEad;
    ScoringOptions scoring;
    MetricOptions metrics;
    std::vector<std::size_t> tests;    ///< Samples, sorted by id: the order of the result.
    std::vector<std::size_t> prompts;  ///< Samples; empty for batch zero-shot.
    std::vector<MatchGroup> matches;   ///< Together they cover the tests, in each version; none of
                                       ///< a fused point.
    std::vector<std::size_t> detects;  ///< The same of another detector than PatchEAD.
    /// Batch zero-shot with `Method::company`: the references of each test. Null: all of its batch.
    std::shared_ptr<const Companies> companies{};
    AlignOptions align;  ///< Used if `modules.align`.
    /// Of each test, batch zero-shot with z2 or z4 only: where the transform of its copies lies.
    std::vector<PairRef> transforms;
    std::vector<std::size_t> pictures;  ///< Places in `tests` of which heat maps are wanted.
    std::vector<std::size_t> recorded;  ///< Ascending places in `tests` whose maps are recorded.
    bool thumbnails = false;            ///< Keeps small pictures of these images for all points.
    std::optional<Fusion> fusion;
    std::optional<std::size_t> leave_out{};  ///< The unit that scores its prompts, if there is one.
    /// Units that score images beside its tests, one for each split of them.
    std::vector<std::size_t> unmeasured{};
    ArtifactKey key;
};

/// A point that a category is too small for: it has no result, and tables say why.
struct ImpossiblePoint {
    EvaluateUnit unit;  ///< Without inputs and key.
    std::string reason;
};

/// A sweep: what is asked, and its units in an order that does not depend on ranks or on what is
/// already done.
struct SweepPlan {
    SweepSpec spec;
    std::vector<AlignUnit> aligns{};
    std::vector<EmbedUnit> embeds{};
    std::vector<MatchUnit> matches{};
    std::vector<FitUnit> fits{};
    std::vector<DetectUnit> detects{};
    /// Points of which only scores are wanted, nothing is measured. Their tests are their prompts,
    /// each scored against the others, or images of one split beside the test images.
    std::vector<EvaluateUnit> leave_outs{};
    std::vector<EvaluateUnit> evaluates{};
    std::vector<ImpossiblePoint> impossible{};
    std::size_t merged_points = 0;     ///< How often a grid asked for a point that another one has.
    std::vector<std::string> notes{};  ///< Which points that grids ask for cannot be, and why.
};

/// Expands `spec`. Equal units that several points need appear once.
/// Unless images are squashed, the sizes of `needed_samples` must be there.
/// Throws ConfigError if images do not fit a backbone at a size, a module cannot be had or there is
/// nothing to fuse,
/// DataError if a category has too few prompts or no test images.
[[nodiscard]] SweepPlan make_plan(SweepSpec spec);

/// The same without points: the features of its images are all that is wanted.
[[nodiscard]] SweepPlan features_alone(SweepPlan plan);

}  // namespace patchead
