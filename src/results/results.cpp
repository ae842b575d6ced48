#include "patchead/results/results.hpp"

#include "patchead/metrics/metrics.hpp"

#include <filesystem>
#include <limits>
#include <system_error>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/results/csv.hpp"
#include "patchead/results/point.hpp"
#include "results_file.hpp"

namespace patchead {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

std::string csv_value(const std::string& metric, double value, const std::string& reason) {
    return csv_field(metric) + "," + csv_number(value) + "," + csv_field(reason) + "\n";
}

void write_if_any(const std::filesystem::path& file, const std::string& text) {
    if (!text.empty()) { return write_whole(file, text); }
    std::error_code ignored;
    std::filesystem::remove(file, ignored);  // Of results that were there before.
}

}  // namespace

Results no_results(std::map<std::string, std::string> provenance) {
    Results results{std::move(provenance), {}, {}, {}};
    for (const auto name : metric_names()) { results.metric_names.emplace_back(name); }
    return results;
}

Results without_images(Results results) {
    for (auto& row : results.rows) {
        row.ids = {};
        row.anomalous = {};
        row.scores = {};
        row.prompts = {};
        row.unmeasured = {};
    }
    return results;
}

std::string results_csv(const Results& results) {
    const PointColumns columns(results);
    auto text = concat(columns.head(), "metric,value,reason\n");
    for (const auto& row : results.rows) {
        const auto point = columns.fields(row);
        for (const auto& metric : row.metrics) {
            text += point + csv_value(metric.name, metric.value, metric.reason);
        }
    }
    for (const auto& gap : results.missing) {
        const auto point = columns.fields(gap.point);
        for (const auto& name : results.metric_names) {
            text += point + csv_value(name, kNan, gap.reason);
        }
    }
    return text;
}

std::string image_metrics_csv(const Results& results) {
    const PointColumns columns(results);
    std::string text;
    for (const auto& row : results.rows) {
        const auto point = columns.fields(row);
        for (const auto& metric : row.metrics) {
            for (std::size_t i = 0; i < metric.images.size(); ++i) {
                text += concat(point, csv_field(metric.name), ",", csv_field(row.ids.at(i)), ",",
                               csv_number(metric.images[i]), "\n");
            }
        }
    }
    return text.empty() ? text : concat(columns.head(), "metric,image,value\n", text);
}

std::string unmeasured_csv(const Results& results) {
    const PointColumns columns(results);
    std::string text;
    for (const auto& row : results.rows) {
        const auto point = columns.fields(row);
        for (const auto& [split, ids, scores] : row.unmeasured) {
            for (std::size_t i = 0; i < ids.size(); ++i) {
                text += concat(point, csv_field(split), ",", csv_field(ids[i]), ",",
                               csv_number(scores.at(i)), "\n");
            }
        }
    }
    return text.empty() ? text : concat(columns.head(), "split,image,score\n", text);
}

void write_csv(const std::filesystem::path& folder, const Results& results) {
    write_whole(folder / "results.csv", results_csv(results));
    write_if_any(folder / "image_metrics.csv", image_metrics_csv(results));
    write_if_any(folder / "unmeasured.csv", unmeasured_csv(results));
}

std::string costs_csv(const Results& results) {
    const PointColumns columns(results);
    std::string text;
    for (const auto& row : results.rows) {
        if (!row.cost) { continue; }
        text += concat(columns.fields(row), csv_number(row.cost->network_flop), ",",
                       csv_number(row.cost->scoring_flop), ",", csv_number(row.cost->memory_bytes),
                       "\n");
    }
    if (text.empty()) { return text; }
    return concat(columns.head(), "network_flop,scoring_flop,memory_bytes\n", text);
}

void write_results(const std::filesystem::path& path, const Results& results) {
    write_table_file(path, to_table_file(results));
}

Results read_results(const std::filesystem::path& path) {
    return from_table_file(path.string(), read_table_file(path));
}

}  // namespace patchead
