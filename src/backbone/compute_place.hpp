#pragma once

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include "patchead/backbone/backbone.hpp"

namespace patchead::inline backbone_detail {

/// How much of a batch is worked on at a time. The numbers are the same but for rounding.
///  * by_head: one head of one image after the other, so that its scores stay in a CPU's cache
///  * at_once: all heads of all images, since a GPU is idle with less
enum class Work { by_head, at_once };

/// Where a network computes, how, and with numbers of which type.
struct ComputePlace {
    c10::Device device = c10::kCPU;
    c10::ScalarType type = c10::ScalarType::Float;
    bool tf32 = false;          ///< Products of float32 may round their factors to TF32.
    Work work = Work::by_head;  ///< On a GPU `at_once`; a CPU can do both, which tests use.
};

/// Of device and precision, which are checked; a GPU is set up. Throws as `load_backbone`.
[[nodiscard]] ComputePlace parse_place(const LoadOptions& options);

}  // namespace patchead::inline backbone_detail
