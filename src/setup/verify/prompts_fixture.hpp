#pragma once

#include <filesystem>
#include <string>

#include "patchead/core/fixture_result.hpp"

namespace patchead::inline setup_detail {

/// Sentences of a published method: `prompts.json` in `folder` with "class_name" and lists "normal"
/// and "anomalous" (or "abnormal"), against what the shipped prompt set of that name makes of the
/// class. A difference is the number of sentences that are not the same.
/// Throws DataError if a list is missing or no such set is shipped.
[[nodiscard]] FixtureResult verify_prompts(const std::filesystem::path& folder,
                                           const std::string& method);

}  // namespace patchead::inline setup_detail
