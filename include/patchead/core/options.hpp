#pragma once

#include <array>
#include <cstddef>
#include <optional>

/// \file
/// \brief The knobs of the method. Every one of them is part of a key; docs/method.md has the
/// reasons for the defaults.

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

enum class Rounding { floor, round, ceil };

/// What tells the foreground of an image.
///  * attention: that of its class token in the last block (paper, section 3.3)
///  * object: what differs from the ground in the picture, as alignment finds it
enum class MaskSource { attention, object };

/// Foreground masking of the query's patches.
struct Masking {
    double threshold = 0.05;  ///< On what the source gives, min-max normalised per image.
    double weight = 0.5;      ///< Factor of patches at or below the threshold; 1 above it.
    MaskSource source = MaskSource::attention;

    [[nodiscard]] bool needs_attention() const { return source == MaskSource::attention; }
};

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

/// Everything about aligned copies.
struct AlignOptions {
    // What determines the transform of a pair.
    AlignEstimator estimator = AlignEstimator::automatic;
    AlignModel model = AlignModel::rigid;
    int side_px = 448;  ///< Images are compared at this size.
    // What determines the pixels of a copy.
    AlignBorder border = AlignBorder::reflect;
    AlignWarp warp = AlignWarp::native;
    // What is made of copies.
    bool rotations = true;  ///< Each aligned copy turned by 180 degrees, too.
    bool originals = true;  ///< Few-shot: the prompts themselves stay in the list.
    ZeroAlign zero = ZeroAlign::z2;
};

/// Everything that turns a match tensor into scores.
struct ScoringOptions {
    Select select = Select::closest;
    double reference_fraction = 0;  ///< K_P = max(1, fraction * N); 0 gives K_P = 1.
    Rounding reference_rounding = Rounding::floor;
    double patch_fraction = 0;  ///< rho: K_I = max(1, floor(rho * L)); 0 gives K_I = 1.
    std::optional<Masking> masking;
    bool euclidean = false;  ///< sqrt(2 D) instead of the cosine distance D (MuSc).
};

/// How a mask is brought to another size.
///  * area50: bilinear-antialias resize of 0/255 bytes, then > 0.5 (AnomalyCLIP's rule; default)
///  * nearest: the pixel at the centre
///  * any: any part of the pixel was anomalous (MuSc on VisA)
///  * all: the whole pixel was anomalous (MuSc on MVTec)
enum class MaskResize { area50, nearest, any, all };

/// How a patch grid becomes a map of pixels.
enum class Interpolation { bilinear, bilinear_align_corners, nearest };

/// Everything that turns scores into metrics.
/// As an evaluation size: that of each image.
inline constexpr int kNativeSide = -1;

struct MetricOptions {
    int side_px = 0;  ///< Evaluation size: the maps and masks have this side, or kNativeSide.
    Interpolation interpolation = Interpolation::bilinear;
    double smooth_sigma_px = 0;  ///< Gaussian after upsampling; 0: none.
    MaskResize mask_resize = MaskResize::area50;
    double pro_limit = 0.3;     ///< AUPRO integrates over false positive rates up to this.
    int connectivity = 8;       ///< Of the regions of a mask: 4 or 8.
    bool normal_images = true;  ///< Whether pixels of images without anomaly count as normal.
};

/// In which order images fill the batches of batch zero-shot.
enum class BatchOrder { shuffle, sorted };

/// What becomes of a last batch that is too short.
enum class BatchRemainder { refill, short_last, balanced };

/// How a category is cut into batches.
struct BatchOptions {
    std::size_t size = 64;  ///< 0: the whole category (MuSc).
    BatchOrder order = BatchOrder::shuffle;
    BatchRemainder remainder = BatchRemainder::refill;
};

}  // namespace patchead
