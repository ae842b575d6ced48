#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "options/parse_options.hpp"
#include "patchead/results/photo_scores.hpp"
#include "patchead/setup/photo_inputs.hpp"

/// \file
/// \brief The options of `patchead fit` and `patchead score`, parsed and checked.

namespace patchead {

/// Of `fit`.
struct FitOptions {
    PhotoRequest request{};
    Resources resources{};
    std::vector<std::string> normal{};  ///< Folders and files.
    std::filesystem::path output{};     ///< The model.
};

/// Of `score`.
struct ScoreOptions {
    PhotoRequest request{};  ///< Of the model, where there is one.
    Resources resources{};
    std::vector<std::string> normal{};
    std::filesystem::path model{};      ///< Empty: there is none.
    std::vector<std::string> images{};  ///< Folders and files.
    std::string watch{};                ///< Folder; empty: none is watched.
    std::filesystem::path output{};
    PhotoPictures pictures = PhotoPictures::all;
    bool maps = false;
    bool page = true;
    std::string python{};         ///< Empty: one that is found.
    bool fails_on_defect = false;
    bool allows_failed = false;
    bool benchmark = false;
};

/// Nothing if help was asked for, which is printed then. Throw ConfigError.
[[nodiscard]] std::optional<FitOptions> parse_fit_options(
    const std::vector<std::string>& arguments);
/// Reads the options that --model holds, too.
[[nodiscard]] std::optional<ScoreOptions> parse_score_options(
    const std::vector<std::string>& arguments);

}  // namespace patchead
