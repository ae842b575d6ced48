#pragma once

#include <filesystem>
#include <string>

#include "options/parse_options.hpp"
#include "patchead/report/comparison.hpp"
#include "patchead/report/paper_tables.hpp"
#include "patchead/report/tables.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief What the commands that read results share: finding them, and options of tables.

namespace patchead {

/// `input` itself or, of an output folder, its results.h5.
[[nodiscard]] std::filesystem::path results_in(const std::filesystem::path& input);
/// The results in there, called by their path.
[[nodiscard]] ResultsFile read_run(const std::filesystem::path& input);

/// `--std`.
void add_spread_option(po::options_description& options);
[[nodiscard]] Spread parse_spread(const po::variables_map& values);

/// `--std`, and what else changes numbers of the paper's tables: `--partial`, `--pro`,
/// `--stand-in`.
void add_paper_options(po::options_description& options);
/// Throws ConfigError.
[[nodiscard]] PaperOptions parse_paper_options(const po::variables_map& values);

/// Those of `patchead report`.
[[nodiscard]] po::options_description report_options();
/// The paper's tables as they are asked for there. Throws ConfigError.
[[nodiscard]] PaperOptions parse_options_of_paper(const po::variables_map& values);
/// `--metrics`, `--worst` and `--pooled`.
[[nodiscard]] TableColumns parse_columns(const po::variables_map& values);
/// `--against`. Throws ConfigError.
[[nodiscard]] Baseline parse_against(const po::variables_map& values);

}  // namespace patchead
