#pragma once

#include <filesystem>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "patchead/core/types.hpp"
#include "patchead/pipeline/photo_scorer.hpp"
#include "patchead/results/photo_scores.hpp"

/// \file
/// \brief Some photos scored, and their pictures written.

namespace patchead {

/// How photos are read, judged and shown.
struct PhotoOutputs {
    std::filesystem::path folder;
    std::string category;  ///< As the prompts have it.
    bool upright = true;   ///< Whether Exif orientations are applied.
    PhotoScale scale{};
    float low = 0;  ///< Of the colours of heat maps; of each photo its own where high is not above.
    float high = 0;
    PhotoPictures pictures = PhotoPictures::all;
    bool maps = false;                ///< Whether patch scores are written, too.
    std::set<std::string> prompts{};  ///< Digests of the normal photos.
};

/// Scores `files`, which are in bytewise order, and writes heatmaps/, thumbnails/ and maps/ of them
/// into the folder. A photo that cannot be read or decoded is among the failed, and changes
/// nothing for the others. `keep_bytes`: whether the files stay in memory until all are done, which
/// reads each once; without, they may be many.
/// Throws an Error about anything else.
[[nodiscard]] PhotoScores score_photos(PhotoScorer& scorer, const PhotoOutputs& outputs,
                                       std::span<const std::filesystem::path> files,
                                       bool keep_bytes = true);

}  // namespace patchead
