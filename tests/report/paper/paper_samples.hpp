#pragma once

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>

#include "paper_points.hpp"
#include "patchead/core/random.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/report/paper_reference.hpp"
#include "patchead/results/results.hpp"

/// \file
/// \brief Results of every point of the paper's tables, near the paper's numbers.

namespace patchead {

inline std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

/// Two normal images and an anomalous one of each category; of KSDD as many as the paper says.
inline void add_images(ResultRow& row, bool ksdd) {
    for (int i = 0; i < (ksdd ? 286 + 54 : 3); ++i) {
        row.ids.push_back(row.category + "/test/" + std::to_string(i));
        row.anomalous.push_back(i >= (ksdd ? 286 : 2) ? 1 : 0);
        row.scores.push_back(0.5F);
    }
}

inline ResultRow sample_row(const SamplePoint& point, const std::string& category,
                            std::int64_t seed, const SampleTargets& targets) {
    ResultRow row;
    row.dataset = lower(point.dataset);
    row.category = category;
    row.backbone = sample_backbones().at(point.backbone).first;
    row.image_size = point.side_px;
    row.setting = point.shots > 0 ? "few-shot" : "batch-zero-shot";
    row.shots = point.shots;
    row.seed = seed;
    row.modules = point.modules;
    Random random(point.dataset + category + point.backbone + point.modules +
                      std::to_string(point.shots) + "@" + std::to_string(point.side_px),
                  static_cast<std::uint64_t>(seed));
    for (const auto& [name, paper] : {std::pair{"I-AUROC", "I-AUROC"}, std::pair{"I-AP", "I-AP"},
                                      std::pair{"P-AUROC", "P-AUROC"}, std::pair{"AUPRO", "P-PRO"},
                                      std::pair{"PRO@200", "P-PRO"}}) {
        const double value = targets.near(point, category, paper) + 0.03 * (random.uniform() - 0.5);
        row.metrics.push_back({name, std::clamp(value, 0.0, 1.0), ""});
    }
    add_images(row, point.dataset == "KSDD");
    return row;
}

/// All of them, with three seeds.
inline Results sample_results() {
    Results results;
    results.metric_names = {"I-AUROC", "I-AP", "P-AUROC", "AUPRO", "PRO@200"};
    const SampleTargets targets;
    for (const auto& point : sample_points()) {
        for (const auto& category : paper_reference().categories(point.dataset)) {
            for (std::int64_t seed = 0; seed < 3; ++seed) {
                results.rows.push_back(sample_row(point, category, seed, targets));
            }
        }
    }
    return results;
}

/// The same with random image scores, of which the image metrics are those.
inline Results scored_sample_results() {
    auto results = sample_results();
    for (std::size_t i = 0; i < results.rows.size(); ++i) {
        auto& row = results.rows[i];
        Random random("scores", i);
        for (auto& score : row.scores) { score = static_cast<float>(random.uniform()); }
        for (const auto& metric : measure_images(row.scores, row.anomalous)) {
            const auto found = std::ranges::find(row.metrics, metric.name, &MetricValue::name);
            if (found != row.metrics.end()) { found->value = metric.value; }
        }
    }
    return results;
}

/// Why a value is undefined in `sample_results_with_gaps`.
inline constexpr auto kUndefined = "no normal image";

/// The same with what can go wrong: a whole point that was never asked for, a seed of one category
/// that failed, a category that failed with all its seeds, a value that is undefined.
inline Results sample_results_with_gaps() {
    auto results = sample_results();
    const auto is = [](const ResultRow& row, const std::string& dataset,
                       const std::string& backbone, int shots, const std::string& modules) {
        return row.dataset == dataset && row.backbone == sample_backbones().at(backbone).first &&
               row.shots == shots && row.modules == modules;
    };
    std::erase_if(results.rows,
                  [&](const ResultRow& row) { return is(row, "visa", "DINOv2", 2, "none"); });
    std::erase_if(results.rows, [&](const ResultRow& row) {
        const bool lost_seed =
            is(row, "mvtec", "CLIP", 1, "patchead+") && row.category == "screw" && row.seed == 1;
        const bool lost_category = is(row, "mpdd", "DINOv2", 0, "mask") && row.category == "tubes";
        if (lost_seed) { results.missing.push_back({row, "cannot read 'a_b.png' (cut short)"}); }
        if (lost_category) { results.missing.push_back({row, "the disk is full"}); }
        return lost_seed || lost_category;
    });
    for (auto& row : results.rows) {
        if (is(row, "btad", "CLIP", 0, "none") && row.category == "02") {
            row.metrics.front() = {"I-AUROC", std::nan(""), kUndefined};
        }
    }
    return results;
}

}  // namespace patchead
