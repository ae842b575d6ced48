#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/types.hpp"

/// \file
/// \brief Test images changed on purpose, in ways that leave it as it is whether they are normal:
/// the positive augmentations of Eq. (8) of the paper (docs/method.md).

namespace patchead {

/// A kind of change, and how much of it.
struct Perturbation {
    std::string kind;  ///< rotation, crop or noise.
    double level = 0;
    std::uint64_t seed = 0;

    bool operator==(const Perturbation&) const = default;
};

/// "noise", "noise-0.05" or "noise-0.05-3": kind, level (each kind has a default) and seed (0).
/// Throws ConfigError for an unknown kind or a level out of its range.
[[nodiscard]] Perturbation parse_perturbation(std::string_view text);
/// "noise-0.05-3", complete: equal perturbations, and no others, have equal texts.
[[nodiscard]] std::string text_of(const Perturbation& perturbation);

/// The image `name` with the pixels of `image`, perturbed; the same size. A function of the name,
/// the seed and the pixels. `rotation`: about the centre by an angle drawn from [-level, level]
/// degrees; `crop`: a rectangle of `level` times both sides, drawn, enlarged to the whole. Both are
/// bilinear, corners reflected. `noise`: Gaussian of `level` times 255 on each byte.
[[nodiscard]] Image perturbed(const Image& image, const Perturbation& perturbation,
                              std::string_view name);
/// Its ground truth, moved alike (nearest pixel).
[[nodiscard]] Mask perturbed(const Mask& mask, const Perturbation& perturbation,
                             std::string_view name);

/// `samples` as those of data set `dataset` ("mvtec+noise-0.05"): test images are to be perturbed,
/// training images stay as they are. Throws as parse_perturbation.
[[nodiscard]] std::vector<Sample> perturbed_samples(std::vector<Sample> samples,
                                                    const std::string& dataset);

}  // namespace patchead
