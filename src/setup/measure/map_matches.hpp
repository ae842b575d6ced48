#pragma once

#include <string>
#include <vector>

#include "patchead/setup/measure_inputs.hpp"

/// \file
/// \brief The map of each test image. Private to the setup layer.

namespace patchead::inline setup_detail {

/// The points of a folder of maps, each image's map found by its name or by the list: one for each
/// category, as `samples` has them. Sets `inputs.points` and adds notes.
void match_maps(const MeasureRequest& request, MeasureInputs& inputs);

/// The points that `sweep --maps` recorded in `files`, as `request` wants them.
void take_recorded(const MeasureRequest& request, const std::vector<std::filesystem::path>& files,
                   MeasureInputs& inputs);

/// A category's test images.
struct MeasuredCategory {
    std::string dataset;
    std::string name;
    std::vector<std::size_t> tests;
};

/// Of `samples`, which are sorted by data set and id. Throws DataError about one without tests.
[[nodiscard]] std::vector<MeasuredCategory> measured_categories(const std::vector<Sample>& samples);

}  // namespace patchead::inline setup_detail
