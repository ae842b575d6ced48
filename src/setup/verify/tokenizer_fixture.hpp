#pragma once

#include <filesystem>
#include <vector>

#include "patchead/core/fixture_result.hpp"

namespace patchead::inline setup_detail {

/// The file that tells a folder of texts and their tokens.
inline constexpr const char* kTokenizerCases = "cases.tsv";

/// Texts and what published tokenizers make of them: `cases.tsv` with columns `id`, `flags`,
/// `text_json`, `ids_open_clip`, `ids_openai` ("=": the same) and maybe `cleaned_json`, texts being
/// JSON strings, and one or more files of the vocabulary. Each is read, and written in every other
/// published form that can hold it and read again; a difference is the number of cases that are not
/// the same. Cases flagged `ftfy_encoding` are left out: wrongly decoded text is not repaired here.
/// Throws DataError if the folder is none.
[[nodiscard]] std::vector<FixtureResult> verify_tokenizer(const std::filesystem::path& folder);

}  // namespace patchead::inline setup_detail
