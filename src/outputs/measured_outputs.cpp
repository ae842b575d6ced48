#include "patchead/outputs/measured_outputs.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "patchead/core/counted.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/files.hpp"
#include "patchead/outputs/replacement.hpp"
#include "patchead/outputs/sweep_outputs.hpp"
#include "patchead/results/csv.hpp"
#include "patchead/results/point.hpp"

namespace patchead {
namespace {

ResultRow labels_of_point(const MapPoint& point) {
    ResultRow row;
    row.dataset = point.dataset;
    row.category = point.category;
    row.backbone = point.backbone;
    row.image_size = point.image_size;
    row.sizes = point.sizes;
    row.setting = point.setting;
    row.shots = point.shots;
    row.seed = point.seed;
    row.modules = point.modules;
    row.detector = point.detector;
    return row;
}

/// Maps of which something holds, and the first of them.
struct OddMaps {
    std::size_t count = 0;
    std::size_t all = 0;
    const MeasuredMap* first = nullptr;
};

template <class Holds>
OddMaps odd_maps(const MeasuredRun& run, const Holds& holds) {
    OddMaps odd;
    for (const auto& point : run.measured) {
        for (const auto& map : point.maps) {
            ++odd.all;
            if (!holds(map)) { continue; }
            if (odd.count++ == 0) { odd.first = &map; }
        }
    }
    return odd;
}

OddMaps interpolated_maps(const MeasuredRun& run) {
    return odd_maps(run, [](const MeasuredMap& map) { return map.is_interpolated(); });
}

bool is_below_chance(const MetricSet& metrics, std::string_view name) {
    const auto* metric = find_metric(metrics, name);
    return metric != nullptr && metric->value < 0.5;
}

/// Whether normal images and pixels score higher than anomalous ones at every point.
bool is_upside_down(const MeasuredRun& run) {
    return std::ranges::all_of(run.measured, [](const MeasuredPoint& point) {
        return is_below_chance(point.metrics, "I-AUROC") &&
               is_below_chance(point.metrics, "P-AUROC");
    });
}

}  // namespace

Results measured_results(const MeasuredRun& run, Provenance provenance) {
    std::map<std::string, std::string> lines;
    auto results = no_results({});
    if (!run.measured.empty()) {
        results.metric_names.clear();
        for (const auto& metric : run.measured.front().metrics) {
            results.metric_names.push_back(metric.name);
        }
    }
    for (std::size_t i = 0; i < run.points.size(); ++i) {
        auto row = labels_of_point(run.points[i]);
        row.metrics = run.measured[i].metrics;
        for (std::size_t image = 0; image < run.points[i].tests.size(); ++image) {
            const auto& sample = run.samples[run.points[i].tests[image]];
            const auto& map = run.measured[i].maps[image];
            row.ids.push_back(sample.id);
            row.anomalous.push_back(sample.anomalous ? 1 : 0);
            row.scores.push_back(map.score);
            lines[row.dataset] += fmt::format("{} {}\n", sample.id, map.digest);
        }
        results.rows.push_back(std::move(row));
    }
    for (const auto& [dataset, text] : lines) { provenance["maps." + dataset] = sha256(text); }
    const auto odd = interpolated_maps(run);
    provenance["interpolated"] = fmt::format("{} of {}", odd.count, counted(odd.all, "map"));
    results.provenance = std::move(provenance);
    return results;
}

std::string measured_maps_csv(const MeasuredRun& run) {
    Results labels;
    for (const auto& point : run.points) { labels.rows.push_back(labels_of_point(point)); }
    const PointColumns columns(labels);
    auto text = columns.head() +
                "image,map,height,width,measured_height,measured_width,interpolated,score\n";
    for (std::size_t i = 0; i < run.points.size(); ++i) {
        const auto fields = columns.fields(labels.rows[i]);
        for (std::size_t image = 0; image < run.points[i].tests.size(); ++image) {
            const auto& map = run.measured[i].maps[image];
            text += fmt::format("{}{},{},{},{},{},{},{},{}\n", fields,
                                csv_field(run.samples[run.points[i].tests[image]].id),
                                csv_field(map.from.name), map.height, map.width,
                                map.measured_height, map.measured_width,
                                map.is_interpolated() ? "yes" : "no", csv_number(map.score));
        }
    }
    return text;
}

std::vector<std::string> measured_notes(const MeasuredRun& run, const std::string& interpolation) {
    std::vector<std::string> notes;
    if (const auto odd = interpolated_maps(run); odd.count > 0) {
        notes.push_back(fmt::format(
            "{} of {} are interpolated ({}) to the size at which they are measured, e.g. '{}' from "
            "{} x {} to {} x {}",
            odd.count, counted(odd.all, "map"), interpolation, odd.first->from.name,
            odd.first->height, odd.first->width, odd.first->measured_height,
            odd.first->measured_width));
    }
    const auto constant = odd_maps(run, [](const MeasuredMap& map) { return map.is_constant; });
    if (constant.count > 0) {
        notes.push_back(
            fmt::format("{} of {} are constant, e.g. '{}': they say nothing of where a "
                        "defect is",
                        constant.count, counted(constant.all, "map"), constant.first->from.name));
    }
    const auto& first = run.measured.front().maps.front().digest;
    const auto same = odd_maps(run, [&](const MeasuredMap& map) { return map.digest == first; });
    if (same.count == same.all && same.all > 1) {
        notes.push_back(fmt::format("all {} maps are the same numbers", same.all));
    }
    if (is_upside_down(run)) {
        notes.emplace_back(
            "normal images and pixels score higher than anomalous ones in every "
            "category: a map's values have to grow with the anomaly");
    }
    return notes;
}

std::vector<std::string> write_measured(const std::filesystem::path& folder, const MeasuredRun& run,
                                        const Results& results) {
    auto notes = keep_other_results(folder, results);
    write_whole(folder / "maps.csv", measured_maps_csv(run));
    write_outputs(folder, results);
    return notes;
}

}  // namespace patchead
