#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/picture_part.hpp"

/// \file
/// \brief Scores of photos of which nobody has said what they are: what `patchead score` finds.

namespace patchead {

/// Scores of normal photos, to set others beside.
struct PhotoScale {
    std::optional<double> threshold{};  ///< A photo that scores above it is a defect.
    std::string rule{};                 ///< What made it, or why there is none.
    /// Of each normal photo, the others its references; empty: unknown.
    std::vector<float> normal_scores{};

    /// How many standard deviations (divided by n) of the normal scores `score` lies above their
    /// mean; NaN where there are fewer than two or all are equal.
    [[nodiscard]] double distance(double score) const;
    /// "ok", "defect", or "unknown" without a threshold.
    [[nodiscard]] std::string_view verdict(double score) const;
};

/// Of which photos pictures are written.
enum class PhotoPictures { all, defects, none };

/// A scored photo.
struct PhotoScore {
    std::string path;
    float score = 0;
    int x = 0;  ///< Of the highest value of its map, in px of the photo as it is seen.
    int y = 0;
    int width = 0;  ///< As it is seen.
    int height = 0;
    std::string heatmap{};    ///< Path within the output folder; empty: none was drawn.
    std::string thumbnail{};  ///< The same.
    std::string map{};        ///< The same, of its recorded patch scores.
    bool turned = false;      ///< Its Exif orientation was applied.
    bool is_prompt = false;   ///< It is one of the normal photos themselves.
    PicturePart map_panel{};  ///< The part of `heatmap` that lies over the photo.
};

/// A photo that could not be scored.
struct FailedPhoto {
    std::string path;
    std::string reason;
};

/// A file as it was when it was looked at: one that changes is another one.
struct PhotoStamp {
    std::string path;
    std::int64_t bytes = 0;
    std::int64_t modified = 0;  ///< Nanoseconds since 1970, by the file system.

    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 misreads the comparison it makes.
    auto operator<=>(const PhotoStamp&) const = default;
};

/// What became of some photos.
struct PhotoScores {
    std::vector<PhotoScore> images;
    std::vector<FailedPhoto> failed;
};

/// All that pages and programs want to know of a run.
struct PhotoRun {
    std::map<std::string, std::string> program;  ///< version, revision.
    std::map<std::string, std::string> model;    ///< path, digest, backbone, detector: texts.
    int image_size = 0;
    std::size_t prompts = 0;
    PhotoScale scale{};
    std::map<std::string, std::string> options;
    bool exif = true;
    PhotoScores scores{};
    std::vector<std::string> notes{};
};

}  // namespace patchead
