#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "options/photo_values.hpp"
#include "patchead/outputs/photo_block.hpp"
#include "patchead/ranks/communicator.hpp"

/// \file
/// \brief What every kind of `score` begins with: a scorer on each rank.

namespace patchead {

/// Ready to score.
struct ScoreStart {
    PhotoScorer scorer;
    PhotoOutputs outputs;
    PhotoRun run;  ///< Without scores.
};

/// Fits --normal, reads the model, finds the network. Nothing on every rank if something is wrong,
/// which rank 0 has said. Collective.
[[nodiscard]] std::optional<ScoreStart> start_scoring(const ScoreOptions& options,
                                                      const Communicator& world);

/// Makes the page of what was scored into `folder`, or says why there is none.
void write_score_page(const std::filesystem::path& folder, const std::string& python);

/// What a script is told: of defects, of photos that could not be read, or neither.
[[nodiscard]] int score_exit_code(const ScoreOptions& options, const PhotoRun& run);

}  // namespace patchead
