#pragma once

#include <ATen/ATen.h>

#include "patchead/detectors/detector.hpp"

/// \file
/// \brief From sentences about a class to what images are compared with. Private to the detectors
/// layer.

namespace patchead::inline detectors_detail {

/// Which sentences, and how they become one vector.
struct TextChoice {
    bool of_unit_texts = false;  ///< Each divided by its length before the mean.
    /// 0: all of them. K > 0: one normal and one anomalous sentence, the K-th draw. -K: the same
    /// two, each in the place of the other.
    int paraphrase = 0;
};

/// Options `text_mean` and `paraphrase`. Throws ConfigError.
[[nodiscard]] TextChoice text_choice(const DetectorOptions& options);
/// The options, for the table of a detector.
[[nodiscard]] DetectorOption text_mean_option();
[[nodiscard]] DetectorOption paraphrase_option();

/// Vectors of the normal and the anomalous class: the means of their sentences. Shape: `[2, E]`,
/// double. Throws DataError if a class has no sentence.
[[nodiscard]] at::Tensor class_vectors(const ClassTexts& texts, const TextChoice& choice);

}  // namespace patchead::inline detectors_detail
