#pragma once

#include <filesystem>
#include <vector>

#include "factory/score_start.hpp"

/// \file
/// \brief What `score` does in place of scoring some photos once.

namespace patchead {

/// `score --watch`: until it is told to stop.
[[nodiscard]] int watch_folder(const ScoreOptions& options, const Communicator& world);

/// `score --benchmark`: prints times.
void print_times(ScoreStart& start, const std::vector<std::filesystem::path>& photos);

}  // namespace patchead
