#pragma once

#include <span>
#include <string>

#include "patchead/data/check.hpp"

/// \file
/// \brief What was found wrong with data sets, for people and programs.

namespace patchead {

/// Counts and findings; of many findings of one kind the first 20.
[[nodiscard]] std::string to_text(const DatasetCheck& check);

/// All findings of all data sets. Names that are not UTF-8 are made so.
[[nodiscard]] std::string to_json(std::span<const DatasetCheck> checks);

}  // namespace patchead
