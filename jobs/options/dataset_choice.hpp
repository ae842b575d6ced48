#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "options/parse_options.hpp"

/// \file
/// \brief Which data sets and categories a sub-command of `patchead datasets` is about.

namespace patchead {

/// `--data-root`, `--dataset`, `--category` and `--threads`, as far as a sub-command takes them.
struct DatasetChoice {
    std::filesystem::path data_root;
    std::vector<std::string> datasets;    ///< In the order of the registry; all if none is named.
    bool is_named = false;                ///< Whether the user named them.
    std::vector<std::string> categories;  ///< Empty: all.
    int threads = 1;
};

/// The options that `read_choice` reads.
void add_choice(po::options_description& options);

/// Throws ConfigError for an unknown data set or a bad number, DataError for a data root that
/// cannot be read or that holds no published data set if none is named.
[[nodiscard]] DatasetChoice read_choice(const po::variables_map& values);

}  // namespace patchead
