#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/results/photo_scores.hpp"

/// \file
/// \brief Scores of photos as files for people and programs (docs/score.md).

namespace patchead {

/// A line for each photo, after one of names: path, score, threshold, verdict, distance, x, y.
[[nodiscard]] std::string photo_csv(const PhotoRun& run);

/// Everything, as pages read it.
[[nodiscard]] std::string photo_json(const PhotoRun& run);

/// One photo as a line of JSON, without its end: as `photo_json` lists them, with `stamp`; of one
/// that could not be scored path, stamp and "error".
[[nodiscard]] std::string photo_line(const PhotoScore& photo, const PhotoScale& scale,
                                     const PhotoStamp& stamp);
[[nodiscard]] std::string photo_line(const FailedPhoto& photo, const PhotoStamp& stamp);

/// The stamps of lines of `photo_line`. Throws DataError that names `file` and the line if one is
/// none.
[[nodiscard]] std::vector<PhotoStamp> stamps_in(std::string_view text, const std::string& file);

/// Writes scores.csv and scores.json into `folder`, each whole or not at all.
void write_photo_files(const std::filesystem::path& folder, const PhotoRun& run);

}  // namespace patchead
