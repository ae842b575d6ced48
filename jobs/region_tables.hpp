#pragma once

#include <map>
#include <string>
#include <vector>

#include "patchead/pipeline/region_loss.hpp"
#include "patchead/report/plain_table.hpp"

/// \file
/// \brief How many defects each convention of evaluation leaves, as tables.

namespace patchead {

/// Tables "regions_<dataset>": a row for each category of the base, and for each convention that
/// leaves other regions than the base.
class RegionTables {
  public:
    explicit RegionTables(std::vector<RegionLoss> base);

    void add(const std::string& convention, const std::string& value,
             const std::vector<RegionLoss>& losses);

    /// By data set.
    [[nodiscard]] std::vector<PlainTable> take() const;

  private:
    void add_row(const std::string& convention, const std::string& value, const RegionLoss& loss);

    std::vector<RegionLoss> base_;
    std::map<std::string, PlainTable> tables_;
};

}  // namespace patchead
