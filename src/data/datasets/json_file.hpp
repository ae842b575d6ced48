#pragma once

#include <filesystem>
#include <string>

#include <nlohmann/json.hpp>

/// \file
/// \brief JSON files of data sets, which anybody may have written.

namespace patchead::inline data_detail {

using Json = nlohmann::json;

/// Throws DataError that names `file` and the place if it is no JSON, is no text, or is nested
/// deeper than any split.
[[nodiscard]] Json read_json(const std::filesystem::path& file);

/// The text, finite number or truth value that the object `json` has under `name`. `where` begins
/// the message. Throws DataError if `json` is no object, or what it has is nothing of the kind.
[[nodiscard]] std::string text_in(const Json& json, const char* name, const std::string& where);
[[nodiscard]] double number_in(const Json& json, const char* name, const std::string& where);
[[nodiscard]] bool flag_in(const Json& json, const char* name, const std::string& where);

/// The text, or an empty one if there is nothing under `name`, or null.
[[nodiscard]] std::string text_if_any(const Json& json, const char* name, const std::string& where);

}  // namespace patchead::inline data_detail
