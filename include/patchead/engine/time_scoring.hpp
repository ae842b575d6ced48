#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "patchead/outputs/photo_block.hpp"

/// \file
/// \brief How long it takes to score photos, and how much of it is the network.

namespace patchead {

/// Seconds of single photos, one after the other (SingleStream of MLPerf), and of all in a row
/// (Offline).
struct ScoringTimes {
    std::size_t queries = 0;
    double median = 0;          ///< Of a photo: file in, score out; without pictures.
    double ninth = 0;           ///< Nine of ten take no longer.
    double median_forward = 0;  ///< Of the network's passes in them.
    std::size_t offline_photos = 0;
    double offline_seconds = 0;
    double offline_forward = 0;
};

/// Times photos of `files`, in turn, `queries` of them after two that warm up; then all files in
/// blocks of `block`, once at least. Throws DataError if one cannot be read.
[[nodiscard]] ScoringTimes time_scoring(PhotoScorer& scorer, const PhotoOutputs& outputs,
                                        std::span<const std::filesystem::path> files,
                                        std::size_t queries, std::size_t block);

}  // namespace patchead
