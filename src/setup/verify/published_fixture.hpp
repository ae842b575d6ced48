#pragma once

#include <filesystem>
#include <vector>

#include "patchead/core/fixture_result.hpp"
#include "patchead/detectors/published.hpp"

namespace patchead::inline setup_detail {

/// A published method (detectors/published.hpp): `inputs.safetensors`, `outputs.safetensors` and a
/// `config.json` with "method", "parameters", "tolerance" and, for single outputs, "tolerances" by
/// name or its part before the first dot. Differences are relative to the largest magnitude of an
/// output where that exceeds 1. An output NAME.everyK holds every K-th entry along the first axis,
/// NAME.gridK every K-th along the last two. NaN marks an undefined value on both sides.
/// With `prompts.json` its sentences are compared, too (verify/prompts_fixture.hpp).
/// Throws DataError if the folder has not.
[[nodiscard]] std::vector<FixtureResult> verify_published(const std::filesystem::path& folder);

/// The same of a method that `run` runs.
[[nodiscard]] std::vector<FixtureResult> verify_method(const std::filesystem::path& folder,
                                                       NamedTensors (*run)(const PublishedCase&));

}  // namespace patchead::inline setup_detail
