#include <map>
#include <utility>

#include "patchead/core/dataset_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/metrics/bootstrap.hpp"
#include "patchead/results/csv.hpp"
#include "patchead/results/point.hpp"
#include "patchead/results/results.hpp"

namespace patchead {
namespace {

/// A category as its first row has it; all other rows must have the same images.
struct ResampledCategory {
    const ResultRow* row = nullptr;
    Resamples images;
};

ResampledCategory make_category(const ResultRow& row, const BootstrapOptions& options) {
    const Random random(concat("bootstrap ", base_dataset(row.dataset), "/", row.category),
                        options.seed);
    return {&row, Resamples(row.anomalous, options.resamples, random)};
}

}  // namespace

Results resample(Results results, const BootstrapOptions& options) {
    std::map<std::pair<std::string, std::string>, ResampledCategory> categories;
    for (auto& row : results.rows) {
        const auto name = std::pair(row.dataset, row.category);
        auto known = categories.find(name);
        if (known == categories.end()) {
            known = categories.emplace(name, make_category(row, options)).first;
        }
        const auto& category = known->second;
        require<DataError>(
            row.ids == category.row->ids && row.anomalous == category.row->anomalous, "points of ",
            row.dataset, " ", row.category,
            " have different test images (which cannot be resampled together); make them again ",
            "from the same split");
        row.resamples =
            resample_metric(kResampledMetric, row.scores, row.anomalous, category.images);
    }
    results.bootstrap = options;
    return results;
}

std::string bootstrap_csv(const Results& results) {
    const PointColumns columns(results);
    auto text = concat(columns.head(), "metric,value,low,high\n");
    for (const auto& row : results.rows) {
        const auto* metric = find_metric(row.metrics, kResampledMetric);
        if (metric == nullptr || row.resamples.empty()) { continue; }
        const auto interval = percentile_interval(row.resamples);
        text += concat(columns.fields(row), kResampledMetric, ",", csv_number(metric->value), ",",
                       csv_number(interval.low), ",", csv_number(interval.high), "\n");
    }
    return text;
}

}  // namespace patchead
