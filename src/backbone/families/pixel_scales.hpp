#pragma once

#include <array>

/// \file
/// \brief Means and standard deviations by which pixels in 0 to 1 are normalised.

namespace patchead::inline backbone_detail {

inline constexpr std::array<float, 3> kImageNetMean{0.485F, 0.456F, 0.406F};
inline constexpr std::array<float, 3> kImageNetStd{0.229F, 0.224F, 0.225F};
inline constexpr std::array<float, 3> kClipMean{0.48145466F, 0.4578275F, 0.40821073F};
inline constexpr std::array<float, 3> kClipStd{0.26862954F, 0.26130258F, 0.27577711F};
inline constexpr std::array<float, 3> kHalf{0.5F, 0.5F, 0.5F};
/// DINOv3 of satellite images.
inline constexpr std::array<float, 3> kSatelliteMean{0.430F, 0.411F, 0.296F};
inline constexpr std::array<float, 3> kSatelliteStd{0.213F, 0.156F, 0.143F};
/// None: the network wants them as they are.
inline constexpr std::array<float, 3> kZero{0.0F, 0.0F, 0.0F};
inline constexpr std::array<float, 3> kOne{1.0F, 1.0F, 1.0F};

}  // namespace patchead::inline backbone_detail
