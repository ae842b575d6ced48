#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "patchead/results/results.hpp"

/// \file
/// \brief How much the choice of prompts matters: distributions over many draws of them.

namespace patchead {

/// A table is made of settings with at least as many draws, and of each prompt by itself.
inline constexpr std::size_t kFewestDraws = 10;

/// One metric over all draws of prompts of a category. Numbers are fractions.
struct PromptSpread {
    std::size_t draws = 0;  ///< With a defined value; the others are left out, and counted.
    std::size_t undefined = 0;
    double mean = 0;
    double std = 0;  ///< Divided by n: with each prompt by itself they are all that there are.
    double low = 0;  ///< The 5 % quantile, between neighbours linearly, as NumPy has it.
    double median = 0;
    double high = 0;  ///< The 95 % quantile.

    struct Draw {
        std::vector<std::string> prompts;  ///< Their ids.
        double value = 0;
    };
    Draw worst;
    Draw middle;  ///< The lower one of two in the middle.
    Draw best;
};

/// The same draws, row against the first row of the same category, shots and metric.
struct PromptPairs {
    std::size_t draws = 0;  ///< That both have.
    std::size_t wins = 0;   ///< Where this row's value is the higher one.
    double difference = 0;  ///< Mean.
};

/// Of one data set.
struct PromptTable {
    struct Row {
        std::vector<std::string> labels;  ///< One for each of `row_columns`.
        std::string metric;
        PromptSpread spread;
        std::optional<PromptPairs> pairs{};  ///< Nothing in a first row.
    };
    std::string name;  ///< "prompts_<dataset>": file stem.
    std::string dataset;
    std::string caption;
    std::vector<std::string> row_columns;  ///< "category", and what summaries have.
    std::vector<Row> rows;                 ///< By category, metric, and as summaries have them.
    std::vector<std::string> footnotes;
};

/// A table for each data set that has enough draws; none if none has.
/// Throws DataError if a point is there twice.
[[nodiscard]] std::vector<PromptTable> make_prompt_tables(const Results& results);

/// I-AUROC alone; the other renderers have every metric.
[[nodiscard]] std::string to_markdown(const PromptTable& table);
[[nodiscard]] std::string to_csv(const PromptTable& table);
[[nodiscard]] std::string to_json(const PromptTable& table);

/// Each table as .md, .csv and .json into `folder`.
void write_prompt_tables(const std::filesystem::path& folder,
                         const std::vector<PromptTable>& tables);

}  // namespace patchead
