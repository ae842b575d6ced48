#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "patchead/core/choices.hpp"
#include "patchead/core/layer_list.hpp"

/// \file
/// \brief The knobs of the method. Their members, defaults and keys stand in core/options.def;
/// docs/method.md has the reasons for the defaults.

namespace patchead {

/// Filter of the image resize, as PIL computes it.
enum class Filter { bicubic, bilinear };

/// How a backbone wants its input.
struct Preprocessing {
    Filter filter = Filter::bicubic;
    std::array<float, 3> mean{0.485F, 0.456F, 0.406F};
    std::array<float, 3> std{0.229F, 0.224F, 0.225F};
};

/// How a category is tested: against prompts, or its images against each other in batches.
enum class Setting { few_shot, zero_shot };

/// No prompts: batch zero-shot.
[[nodiscard]] constexpr Setting setting_of(int shots) {
    return shots > 0 ? Setting::few_shot : Setting::zero_shot;
}

/// As an evaluation size: that of the network input, which differs between points.
inline constexpr int kInputSide = 0;
/// As an evaluation size: that of each image.
inline constexpr int kNativeSide = -1;

/// Square parts of an image that go through the network by themselves.
struct Tiling {
    int side_px = 0;     ///< 0: the image goes through as a whole.
    int overlap_px = 0;  ///< Of neighbours, at least.

    bool operator==(const Tiling&) const = default;
};

// The structs below: one member a line of core/options.def.
#define PATCHEAD_MEMBER(type, member, initial, ...) type member = initial;

/// What features are made of, and what is stored of them.
struct FeatureOptions {
#define PATCHEAD_FEATURE_OPTION PATCHEAD_MEMBER
#include "patchead/core/options.def"
};

/// Which patch of a reference stands for it in a match tensor.
struct MatchOptions {
#define PATCHEAD_MATCH_MEMBER PATCHEAD_MEMBER
#include "patchead/core/options.def"
};

/// Foreground masking of the query's patches: scores of patches at or below `threshold` (on what
/// the source gives, min-max normalised per image) are multiplied by `weight`.
struct Masking {
#define PATCHEAD_MASKING_OPTION PATCHEAD_MEMBER
#include "patchead/core/options.def"

    [[nodiscard]] bool needs_attention() const { return source == MaskSource::attention; }
};

/// Everything that turns a match tensor into scores, in one setting.
///  * reference_fraction: K_P = max(1, fraction * N), so that 0 gives K_P = 1
///  * patch_fraction (rho): K_I = max(1, floor(rho * L)), so that 0 gives K_I = 1
struct ScoringOptions {
#define PATCHEAD_SCORING_OPTION PATCHEAD_MEMBER
#define PATCHEAD_SCORING_MEMBER PATCHEAD_MEMBER
#include "patchead/core/options.def"
    std::optional<Masking> masking{};  ///< Set by the modules of a point.
};

/// Everything about aligned copies.
struct AlignOptions {
#define PATCHEAD_ALIGN_ESTIMATE_OPTION PATCHEAD_MEMBER
#define PATCHEAD_ALIGN_COPY_OPTION PATCHEAD_MEMBER
#define PATCHEAD_ALIGN_USE_OPTION(settings, ...) PATCHEAD_MEMBER(__VA_ARGS__)
#include "patchead/core/options.def"
};

/// Everything that turns scores into metrics.
///  * side_px: maps and masks have this side, or kNativeSide
///  * pro_limit: AUPRO integrates over false positive rates up to this
///  * connectivity: of the regions of a mask
struct MetricOptions {
#define PATCHEAD_METRIC_OPTION PATCHEAD_MEMBER
#include "patchead/core/options.def"
};

/// How the scores of several points become those of one.
struct FuseOptions {
#define PATCHEAD_FUSE_OPTION PATCHEAD_MEMBER
#include "patchead/core/options.def"
};

/// How a category is cut into batches.
struct BatchOptions {
#define PATCHEAD_BATCH_OPTION PATCHEAD_MEMBER
#include "patchead/core/options.def"
};

/// What stands beside the prompts of few-shot.
struct PromptOptions {
#define PATCHEAD_PROMPT_OPTION PATCHEAD_MEMBER
#include "patchead/core/options.def"
};

/// What is stored of a forward pass beside patch embeddings and attention. These do not depend on
/// it, and the keys of what is made of them neither.
struct TokenOptions {
#define PATCHEAD_TOKEN_OPTION PATCHEAD_MEMBER
#include "patchead/core/options.def"
};

/// How work is cut into units, and what they leave for the eye. No number depends on it.
struct UnitOptions {
#define PATCHEAD_UNIT_OPTION PATCHEAD_MEMBER
#define PATCHEAD_PICTURE_OPTION PATCHEAD_MEMBER
#include "patchead/core/options.def"
    /// Maps are recorded at the points of the first seed that have one of these shots; empty:
    /// batch zero-shot, and the most shots that all modules have.
    std::vector<int> map_shots{};
    /// Rules of thresholds from normal images that tables are to have; empty: prompts are not
    /// scored against each other.
    std::vector<std::string> thresholds{};
};

#undef PATCHEAD_MEMBER

}  // namespace patchead
