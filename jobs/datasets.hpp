#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "command.hpp"

/// \file
/// \brief What the sub-commands of `patchead datasets` share.

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
/// cannot be read or that holds no data set of the paper if none is named.
[[nodiscard]] DatasetChoice read_choice(const po::variables_map& values);

/// Writes `text` to `file`, whole or not at all, or to the standard output if `file` is "-".
void write_output(const std::string& file, const std::string& text);

[[nodiscard]] int run_datasets_check(const std::vector<std::string>& arguments);

}  // namespace patchead
