#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "patchead/core/fixture_result.hpp"

/// \file
/// \brief Golden fixtures of every kind, wherever they lie.

namespace patchead {

/// The fixture folders at or below each of `folders`, in order, each once: those with a
/// `config.json` that says a "family" or a "method", or a `cases.tsv`. Throws DataError for a
/// folder that has none.
[[nodiscard]] std::vector<std::filesystem::path> find_fixtures(
    const std::vector<std::filesystem::path>& folders);

/// Runs one fixture folder with what its kind wants (src/setup/verify/fixture_kinds.cpp): resizes,
/// pickles, a network of a known family, a published method, variants of metrics, or a tokenizer.
/// Throws DataError that names the folder if it is damaged or of no known kind.
[[nodiscard]] std::vector<FixtureResult> verify_folder(const std::filesystem::path& folder);

}  // namespace patchead
