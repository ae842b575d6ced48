#pragma once

#include <string>
#include <vector>

#include "patchead/report/tables.hpp"

/// \file
/// \brief Tables of an ablation: the summaries of several runs under one another.

namespace patchead {

/// Tables "ablation_<dataset>", their rows led by what the runs chose.
class EffectTables {
  public:
    /// `variables`: what is varied, as heads of columns.
    explicit EffectTables(std::vector<std::string> variables) : variables_(std::move(variables)) {}

    /// Adds the rows of one run's summary tables. `choice`: a value of each variable.
    void add(const std::vector<std::string>& choice, const Results& results);

    [[nodiscard]] const std::vector<Table>& tables() const { return tables_; }

  private:
    std::vector<std::string> variables_;
    std::vector<Table> tables_;
};

}  // namespace patchead
