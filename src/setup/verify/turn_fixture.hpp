#pragma once

#include <filesystem>
#include <vector>

#include "patchead/core/fixture_result.hpp"

namespace patchead::inline setup_detail {

/// Turned copies of images: `image.i` `[h, w, 3]` in the inputs, `rotated.i` `[angles, h, w, 3]`
/// and `matrix.i` `[angles, 2, 3]` in the outputs, the parameter "angles" in degrees; otherwise as
/// published_fixture.hpp says. Throws DataError as that does.
[[nodiscard]] std::vector<FixtureResult> verify_turns(const std::filesystem::path& folder);

}  // namespace patchead::inline setup_detail
