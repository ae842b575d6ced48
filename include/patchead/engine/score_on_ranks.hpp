#pragma once

#include <cstddef>
#include <filesystem>
#include <span>

#include "patchead/outputs/photo_block.hpp"
#include "patchead/ranks/communicator.hpp"

/// \file
/// \brief Photos scored on all ranks.

namespace patchead {

/// What became of a run.
struct ScoredRun {
    PhotoScores scores{};  ///< By path.
    std::size_t left = 0;  ///< Photos that nobody came to: it was told to stop.
};

/// Scores `files`, which are in bytewise order, in blocks of `block` photos: a rank holds those of
/// one block only, and no number depends on the ranks. What became of each on rank 0, nothing
/// elsewhere. A signal to stop (`watch_stop_signals`) ends it after the blocks that are being
/// scored. Collective; `files` are the same on every rank.
[[nodiscard]] ScoredRun score_on_ranks(PhotoScorer& scorer, const PhotoOutputs& outputs,
                                       std::span<const std::filesystem::path> files,
                                       std::size_t block, const Communicator& world);

}  // namespace patchead
