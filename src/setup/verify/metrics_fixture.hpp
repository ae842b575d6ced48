#pragma once

#include <filesystem>
#include <vector>

#include "patchead/core/fixture_result.hpp"

namespace patchead::inline setup_detail {

/// Published variants of metrics: `maps` and `masks` `[N, h, w]`, regions once more as `[K, h, w]`
/// in `defect_channels` with their images in `defect_owner`, and the parameters "limits",
/// "spro_limits", "pimo_thresholds" and "pimo_fpr_bounds"; in the outputs a value for each limit,
/// or curves. Otherwise as published_fixture.hpp says. Throws DataError as that does.
[[nodiscard]] std::vector<FixtureResult> verify_metrics(const std::filesystem::path& folder);

}  // namespace patchead::inline setup_detail
