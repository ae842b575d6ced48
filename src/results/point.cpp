#include "patchead/results/point.hpp"

#include <algorithm>
#include <cmath>

#include "patchead/core/error.hpp"
#include "patchead/results/csv.hpp"

namespace patchead {

std::string csv_point(const ResultRow& row) {
    return concat(csv_field(row.dataset), ",", csv_field(row.category), ",",
                  csv_field(row.backbone), ",", row.image_size, ",", csv_field(row.setting), ",",
                  row.shots, ",", row.seed, ",", csv_field(row.modules), ",");
}

const MetricValue* find_metric(const MetricSet& metrics, std::string_view name) {
    const auto found = std::ranges::find(metrics, name, &MetricValue::name);
    return found == metrics.end() ? nullptr : &*found;
}

bool are_same(double one, double other) {
    return one == other || (std::isnan(one) && std::isnan(other));
}

}  // namespace patchead
