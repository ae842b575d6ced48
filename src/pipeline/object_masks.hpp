#pragma once

#include <array>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief Masking by the object in the picture in place of attention. Private to the pipeline
/// layer.

namespace patchead::inline pipeline_detail {

/// Finds the objects of images and of their copies, and remembers them: the points of a category
/// ask for the same again and again.
class ObjectMasks {
  public:
    /// All must outlive the object.
    ObjectMasks(const SweepPlan& plan, const Store& store) : plan_(plan), store_(store) {}

    /// The share of each patch of `images` that shows the object: takes the place of attention.
    /// Beyond an image's own patches the first one's is repeated. Shape: `[n, L]`. Throws DataError
    /// that names an image file that cannot be read.
    [[nodiscard]] std::vector<float> of(std::span<const ImageRef> images);

  private:
    /// Sample, version, where it was warped to, its patches: rows, columns, side, and its height
    /// and width as they are resized.
    using Name = std::tuple<std::size_t, Version, std::array<double, 6>, std::array<int, 5>>;

    [[nodiscard]] const std::vector<float>& shares(const ImageRef& image,
                                                   const Transform& transform);
    [[nodiscard]] std::vector<float> find(const Sample& sample, Version version,
                                          const Transform& transform,
                                          const InputShape& shape) const;

    const SweepPlan& plan_;
    const Store& store_;
    std::map<Name, std::vector<float>> known_;
};

}  // namespace patchead::inline pipeline_detail
