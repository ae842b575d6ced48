#pragma once

#include <string>
#include <vector>

#include "patchead/report/tables.hpp"

/// \file
/// \brief Tables of an ablation: the summaries of several runs under one another.

namespace patchead {

/// Tables "ablation_<dataset>" and "ablation_categories_<dataset>", their rows led by what the runs
/// chose.
class EffectTables {
  public:
    /// `variables`: what is varied, as heads of columns.
    explicit EffectTables(std::vector<std::string> variables) : variables_(std::move(variables)) {}

    /// Adds the rows of one run's tables. `choice`: a value of each variable.
    void add(const std::vector<std::string>& choice, const Results& results);

    /// Means over categories.
    [[nodiscard]] const std::vector<Table>& tables() const { return tables_; }
    /// The same with a row for each category.
    [[nodiscard]] const std::vector<Table>& by_category() const { return by_category_; }

  private:
    void add(const std::vector<std::string>& choice, const Table& table, const std::string& name,
             std::vector<Table>& tables) const;

    std::vector<std::string> variables_;
    std::vector<Table> tables_;
    std::vector<Table> by_category_;
};

}  // namespace patchead
