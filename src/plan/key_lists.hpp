#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "patchead/core/key.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief Lists of images as fields of keys. Private to the plan layer.

namespace patchead::inline plan_detail {

/// What determines the pixels of an image and its mask.
void add_image(const Sample& sample, ListDigest& list);
[[nodiscard]] std::string image_list(const SweepSpec& spec,
                                     const std::vector<std::size_t>& samples);
[[nodiscard]] std::string transform_list(const std::vector<PairRef>& transforms,
                                         const SweepPlan& plan);
[[nodiscard]] std::string version_list(const std::vector<Version>& versions);
[[nodiscard]] std::string reference_list(const std::vector<ImageRef>& images,
                                         const SweepPlan& plan);
[[nodiscard]] std::string label_list(const SweepSpec& spec, const std::vector<std::size_t>& tests);

/// What each image is a view of, and its saturation areas; empty if none has any.
[[nodiscard]] std::string view_list(const SweepSpec& spec, const std::vector<std::size_t>& tests);

}  // namespace patchead::inline plan_detail
