#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <vector>

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

/// Format of stored embeddings. fp16 changes cosines by at most 4.4e-5.
enum class CacheType { fp16, fp32 };

/// Which patch of a reference image stands for it.
///  * nearest: the most similar one (readings A and B; what every peer takes)
///  * farthest: the least similar one (readings C and D; the paper's Eq. (2) as printed)
enum class Reduce { nearest, farthest };

/// Which reference images a patch score averages over: those that match it best or worst.
enum class Select { closest, farthest };

/// Of K_P, which is a fraction of a number of references.
enum class Rounding { floor, round, ceil };

/// Readings of the paper's Eqs. (2)-(3), as a choice of `Reduce` and `Select` (docs/method.md).
enum class Reading { a, b, c, d };

/// Between two patches: the cosine distance D, or sqrt(2 D) as in MuSc.
enum class Distance { cosine, euclidean };

/// What tells the foreground of an image.
///  * attention: that of its class token in the last block (paper, section 3.3)
///  * object: what differs from the ground in the picture, as alignment finds it
enum class MaskSource { attention, object };

/// Who proposes how one image lies in another.
///  * orb, sift, akaze: keypoint matches and RANSAC, "feature matching from traditional image
///    processing" as the paper says
///  * log_polar: phase correlation of spectra, then of images
///  * moments: centroid and principal axis of the foreground
///  * automatic: several of them; the proposal with the best correlation on the foreground wins
///  * identity: nobody; every copy equals its original (for tests and controls)
enum class AlignEstimator { automatic, orb, sift, akaze, log_polar, moments, identity };

/// rigid: rotation and translation (the paper's words); similarity: the estimated scale, too.
enum class AlignModel { rigid, similarity };

/// What fills the corners of a warped image. `drop` fills as `reflect` does, but patches of which
/// less than half lies in the source are not used.
enum class AlignBorder { reflect, replicate, constant, drop };

/// At which size pixels are warped: at that of the network input, or of the file.
enum class AlignWarp { input, native };

/// What batch zero-shot makes of the three versions of each image (docs/method.md).
///  * z1: references have three versions, a distance is the mean over them
///  * z2: queries and references have three; a distance is the nearest over the reference's, a
///    score the mean over the query's
///  * z3: references have three, a distance is the nearest over them
///  * z4: versions are batches of their own, a score is the mean of the three
enum class ZeroAlign { z1, z2, z3, z4 };

/// How a mask is brought to another size.
///  * area50: bilinear-antialias resize of 0/255 bytes, then > 0.5 (AnomalyCLIP's rule; default)
///  * nearest: the pixel at the centre
///  * any: any part of the pixel was anomalous (MuSc on VisA)
///  * all: the whole pixel was anomalous (MuSc on MVTec)
enum class MaskResize { area50, nearest, any, all };

/// How a patch grid becomes a map of pixels.
enum class Interpolation { bilinear, bilinear_align_corners, nearest };

/// In which order images fill the batches of batch zero-shot.
enum class BatchOrder { shuffle, sorted };

/// What becomes of a last batch that is too short.
enum class BatchRemainder { refill, short_last, balanced };

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

// The structs below: one member a line of core/options.def.
#define PATCHEAD_MEMBER(type, member, initial, ...) type member = initial;

/// What is stored of features.
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

/// How a category is cut into batches.
struct BatchOptions {
#define PATCHEAD_BATCH_OPTION PATCHEAD_MEMBER
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
};

#undef PATCHEAD_MEMBER

}  // namespace patchead
