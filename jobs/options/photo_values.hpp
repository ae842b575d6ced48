#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "patchead/results/photo_scores.hpp"
#include "patchead/setup/photo_inputs.hpp"

/// \file
/// \brief What users ask of `patchead fit` and `patchead score`, parsed and checked.

namespace patchead {

/// Of `fit`.
struct FitOptions {
    PhotoRequest request{};
    Resources resources{};
    std::vector<std::string> normal{};  ///< Folders and files.
    std::vector<std::string> images{};  ///< The same, to try the model on.
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
    std::string python{};  ///< Empty: one that is found.
    bool fails_on_defect = false;
    bool allows_failed = false;
    bool benchmark = false;
};

}  // namespace patchead
