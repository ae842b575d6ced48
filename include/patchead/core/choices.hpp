#pragma once

/// \file
/// \brief What options of the method choose among; core/option_names.hpp has their words.

namespace patchead {

/// Format of stored embeddings. fp16 changes cosines by at most 4.4e-5.
enum class CacheType { fp16, fp32 };

/// How an image gets the size of a network's input (docs/method.md).
///  * squash: both sides become the image size
///  * shorter, longer: that side does, and the aspect is kept
enum class Resize { squash, shorter, longer };

/// What becomes of a side that is no whole number of patches: what is left over on the right and
/// below is cut off, or filled up with the outermost pixels.
enum class PatchFit { crop, pad };

/// How far the tokens of a layer are taken; formulas in docs/backbones.md.
///  * raw: the residual stream after the layer's block, nothing applied
///  * norm: with the network's final norm, token by token; raw in a network without one
///  * projected: with norm and projection; norm in a network without one
enum class TokenForm { raw, norm, projected };

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
///  * nearest: the pixel under the centre, as PIL's NEAREST and torch's nearest-exact
///  * any, all: anomalous pixels lie in any part of the new pixel, or fill it
///  * musc_any, musc_all: the resize of area50, then > 0 (MuSc on VisA) or == 255 (MuSc on MVTec);
///    its triangle reaches one new pixel to each side, so more or fewer pixels count than above
enum class MaskResize { area50, nearest, any, all, musc_any, musc_all };

/// How a patch grid becomes a map of pixels. nearest: pixel i of N shows patch floor(i * n / N).
enum class Interpolation { bilinear, bilinear_align_corners, nearest };

/// Fixed versions of prompts that are references beside them.
///  * rot90, rot45: turned by multiples of so many degrees (rot45: AnomalyDINO)
///  * flips: across and down
///  * rot90_flips: both (VisionAD)
enum class ReferenceCopies { none, rot90, rot45, flips, rot90_flips };

/// In which order images fill the batches of batch zero-shot.
enum class BatchOrder { shuffle, sorted };

/// Which others a test image meets in batch zero-shot: any, or those that folders sorted by defect
/// put beside it (docs/evaluation.md).
enum class CompanyOrder { shuffle, defect };

/// How the scores of several points become those of one: their mean, or the highest of them.
enum class FuseRule { mean, highest };

/// How scores are brought to one scale before they are fused, from those of all test images, by no
/// label (docs/method.md).
///  * automatic: none over image sizes, robust_z over backbones
///  * robust_z: (s - median) / (1.4826 MAD)
///  * rank: the share of scores that are not above it
enum class FuseCalibration { automatic, none, robust_z, rank };

/// What becomes of a last batch that is too short.
enum class BatchRemainder { refill, short_last, balanced };

}  // namespace patchead
