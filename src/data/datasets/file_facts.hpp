#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "patchead/core/types.hpp"

/// \file
/// \brief What the files of one sample hold, beyond whether they can be read.

namespace patchead::inline data_detail {

/// Counts of pixels of a mask; levels on the scale 0 to 255 (`read_mask`).
struct MaskFacts {
    bool is_lossy = false;  ///< The file is a JPEG.
    std::size_t pixels = 0;
    std::size_t anomalous = 0;  ///< Above the threshold.
    std::size_t above_zero = 0;
    std::size_t above_half = 0;   ///< Above half of 255.
    std::size_t between = 0;      ///< Above 0 and below the largest level.
    std::size_t blended = 0;      ///< Of `between`, those beside another level above 0.
    double anomalous_border = 0;  ///< Share of the outermost pixels above the threshold.
    float smallest = 0;
    float largest = 0;

    /// Levels between 0 and the largest are edges, not regions of their own. Regions of class ids
    /// (VisA) touch 0 or themselves nearly everywhere; a few stray pixels are no soft edge.
    [[nodiscard]] bool is_soft() const {
        return 2 * blended > between && 100 * between > above_zero;
    }
    [[nodiscard]] double share() const {
        return static_cast<double>(anomalous) / static_cast<double>(pixels);
    }
    /// More than any defect of the published sets: 80 % of the image, or half of it and of its
    /// border (an object that fills half of the image leaves the border free).
    [[nodiscard]] bool is_implausible() const {
        return share() > 0.8 || (share() > 0.5 && anomalous_border > 0.5);
    }
};

struct FileFacts {
    int height = 0;  ///< 0 if the image cannot be read.
    int width = 0;
    int bits = 8;                     ///< Of a sample of the image file.
    int darkest = 0;                  ///< Of all colour channels; known for 16 bits only.
    int brightest = 0;                ///< The same.
    int orientation = 1;              ///< As its Exif says, which is not applied; 1: as stored.
    bool is_heat_map = false;         ///< By its colours; known if the image was decoded.
    std::string digest{};             ///< Of the image file's bytes; if asked for.
    std::string error{};              ///< Why image or mask cannot be used; empty if they can.
    std::optional<MaskFacts> mask{};  ///< If there is a mask file.
};

/// Reads the mask, and of the image the header, or all of it (`decode_image`) with its digest; what
/// goes wrong is in `error`. Images of 16 bits are decoded in any case.
[[nodiscard]] FileFacts read_facts(const Sample& sample, double truth_threshold, bool decode_image);

}  // namespace patchead::inline data_detail
