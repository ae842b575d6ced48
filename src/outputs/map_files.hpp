#pragma once

#include <filesystem>

#include "patchead/pipeline/point_pictures.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief `OUTPUT/maps`: what figures and reports need beside the results (docs/results.md).
/// Private to the outputs layer.

namespace patchead::inline outputs_detail {

/// The maps that `unit` records, into `folder/maps/<dataset>/<category>/<point>.h5`, and the
/// thumbnails that it keeps, into `images.h5` beside it; those of images beside the test images
/// into `folder/unmeasured/<dataset>/<category>/<point>/<split>.h5`. Each file whole or not at all.
void write_maps(const std::filesystem::path& folder, const SweepPlan& plan,
                const EvaluateUnit& unit, const PointPictures& pictures);

}  // namespace patchead::inline outputs_detail
