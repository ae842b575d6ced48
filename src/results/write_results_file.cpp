#include <algorithm>
#include <map>
#include <tuple>
#include <utility>
#include <variant>

#include "patchead/core/error.hpp"
#include "results_file.hpp"

namespace patchead::inline results_detail {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;
using Columns = std::map<std::string, Column>;

/// The columns that say what was asked for.
class PointTable {
  public:
    void add(const ResultRow& row) {
        dataset_.push_back(row.dataset);
        category_.push_back(row.category);
        backbone_.push_back(row.backbone);
        image_size_.push_back(row.image_size);
        setting_.push_back(row.setting);
        shots_.push_back(row.shots);
        seed_.push_back(row.seed);
        modules_.push_back(row.modules);
        sizes_.push_back(row.sizes);
        detector_.push_back(row.detector);
    }
    /// Without fused points and detectors, what it was before there were any.
    [[nodiscard]] Columns columns() const {
        Columns all{{"dataset", dataset_},   {"category", category_},
                    {"backbone", backbone_}, {"image_size", image_size_},
                    {"setting", setting_},   {"shots", shots_},
                    {"seed", seed_},         {"modules", modules_}};
        const auto is_empty = [](const std::string& text) { return text.empty(); };
        if (!std::ranges::all_of(sizes_, is_empty)) { all["sizes"] = sizes_; }
        const auto is_plain = [](const std::string& text) { return text == kPatchEadName; };
        if (!std::ranges::all_of(detector_, is_plain)) { all["detector"] = detector_; }
        return all;
    }

  private:
    Texts dataset_, category_, backbone_, setting_, modules_, sizes_, detector_;
    Numbers image_size_, shots_, seed_;
};

/// Only where any point says what it costs.
void add_costs(const std::vector<ResultRow>& rows, Columns& group) {
    if (std::ranges::none_of(rows, [](const ResultRow& row) { return row.cost.has_value(); })) {
        return;
    }
    std::vector<double> network, scoring, memory;
    for (const auto& row : rows) {
        const auto cost = row.cost.value_or(PointCost{});
        network.push_back(cost.network_flop);
        scoring.push_back(cost.scoring_flop);
        memory.push_back(cost.memory_bytes);
    }
    group["network_flop"] = network;
    group["scoring_flop"] = scoring;
    group["memory_bytes"] = memory;
}

Columns point_columns(const std::vector<ResultRow>& rows) {
    PointTable columns;
    Texts artifact;
    for (const auto& row : rows) {
        columns.add(row);
        artifact.push_back(row.artifact);
    }
    auto group = columns.columns();
    group["artifact"] = artifact;
    add_costs(rows, group);
    return group;
}

Columns missing_columns(const std::vector<MissingRow>& missing) {
    PointTable columns;
    Texts reason;
    for (const auto& gap : missing) {
        columns.add(gap.point);
        reason.push_back(gap.reason);
    }
    auto group = columns.columns();
    group["reason"] = reason;
    return group;
}

Columns metric_columns(const std::vector<ResultRow>& rows) {
    Numbers point;
    Texts metric, reason;
    std::vector<double> value;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const auto& entry : rows[i].metrics) {
            point.push_back(static_cast<std::int64_t>(i));
            metric.push_back(entry.name);
            value.push_back(entry.value);
            reason.push_back(entry.reason);
        }
    }
    return {{"point", point}, {"metric", metric}, {"value", value}, {"reason", reason}};
}

/// Values of single images, by point, metric and the place of the image among those of the point.
Columns image_metric_columns(const std::vector<ResultRow>& rows) {
    Numbers point, place;
    Texts metric;
    std::vector<double> value;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const auto& entry : rows[i].metrics) {
            for (std::size_t image = 0; image < entry.images.size(); ++image) {
                point.push_back(static_cast<std::int64_t>(i));
                metric.push_back(entry.name);
                place.push_back(static_cast<std::int64_t>(image));
                value.push_back(entry.images[image]);
            }
        }
    }
    return {{"point", point}, {"metric", metric}, {"image", place}, {"value", value}};
}

/// Image scores. Every point scores the same images, so each image stands in the file once.
class ScoreColumns {
  public:
    void add(std::int64_t point, const ResultRow& row) {
        require<DataError>(
            row.ids.size() == row.scores.size() && row.ids.size() == row.anomalous.size(),
            "the result of ", row.dataset, " ", row.category, " has ", row.ids.size(), " images, ",
            row.anomalous.size(), " labels and ", row.scores.size(),
            " scores (they must agree); compute it again");
        for (std::size_t i = 0; i < row.ids.size(); ++i) {
            point_.push_back(point);
            image_.push_back(place_of({row.dataset, row.ids[i], row.anomalous[i]}));
            score_.push_back(row.scores[i]);
        }
    }
    [[nodiscard]] Columns images() const {
        return {{"dataset", dataset_}, {"id", id_}, {"anomalous", anomalous_}};
    }
    [[nodiscard]] Columns scores() const {
        return {{"point", point_}, {"image", image_}, {"score", score_}};
    }

  private:
    using LabelledImage = std::tuple<std::string, std::string, std::int64_t>;

    std::int64_t place_of(const LabelledImage& image) {
        const auto next = static_cast<std::int64_t>(places_.size());
        const auto [found, is_new] = places_.emplace(image, next);
        if (is_new) {
            dataset_.push_back(std::get<0>(image));
            id_.push_back(std::get<1>(image));
            anomalous_.push_back(std::get<2>(image));
        }
        return found->second;
    }

    std::map<LabelledImage, std::int64_t> places_;
    Texts dataset_, id_;
    Numbers anomalous_, point_, image_;
    std::vector<float> score_;
};

Columns prompt_columns(const std::vector<ResultRow>& rows) {
    Numbers point;
    Texts id;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const auto& prompt : rows[i].prompts) {
            point.push_back(static_cast<std::int64_t>(i));
            id.push_back(prompt);
        }
    }
    return {{"point", point}, {"id", id}};
}

/// Prompts scored against each other, in the order of a point's prompts.
Columns left_out_columns(const std::vector<ResultRow>& rows) {
    Numbers point;
    Texts id;
    std::vector<float> score;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        require<DataError>(row.left_out.empty() || row.left_out.size() == row.prompts.size(),
                           "the result of ", row.dataset, " ", row.category, " has ",
                           row.prompts.size(), " prompts and scores of ", row.left_out.size(),
                           " left out (they must agree); compute it again");
        for (std::size_t prompt = 0; prompt < row.left_out.size(); ++prompt) {
            point.push_back(static_cast<std::int64_t>(i));
            id.push_back(row.prompts[prompt]);
            score.push_back(row.left_out[prompt]);
        }
    }
    return {{"point", point}, {"id", id}, {"score", score}};
}

/// Images that no metric is about, in the order of a point's splits.
Columns unmeasured_columns(const std::vector<ResultRow>& rows) {
    Numbers point;
    Texts split, id;
    std::vector<float> score;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (const auto& scored : rows[i].unmeasured) {
            point.insert(point.end(), scored.ids.size(), static_cast<std::int64_t>(i));
            split.insert(split.end(), scored.ids.size(), scored.split);
            id.insert(id.end(), scored.ids.begin(), scored.ids.end());
            score.insert(score.end(), scored.scores.begin(), scored.scores.end());
        }
    }
    return {{"point", point}, {"split", split}, {"id", id}, {"score", score}};
}

}  // namespace

TableFile to_table_file(const Results& results) {
    ScoreColumns scores;
    for (std::size_t i = 0; i < results.rows.size(); ++i) {
        scores.add(static_cast<std::int64_t>(i), results.rows[i]);
    }
    TableFile file{.attributes = results.provenance,
                   .groups = {{"metric_names", {{"name", results.metric_names}}},
                              {"points", point_columns(results.rows)},
                              {"metrics", metric_columns(results.rows)},
                              {"images", scores.images()},
                              {"scores", scores.scores()},
                              {"prompts", prompt_columns(results.rows)},
                              {"missing", missing_columns(results.missing)}}};
    // Without any, what it was before there were any.
    auto of_images = image_metric_columns(results.rows);
    if (!std::get<Numbers>(of_images.at("point")).empty()) {
        file.groups["image_metrics"] = std::move(of_images);
    }
    if (std::ranges::any_of(results.rows, [](const auto& row) { return !row.left_out.empty(); })) {
        file.groups["left_out"] = left_out_columns(results.rows);
    }
    if (std::ranges::any_of(results.rows,
                            [](const auto& row) { return !row.unmeasured.empty(); })) {
        file.groups["unmeasured"] = unmeasured_columns(results.rows);
    }
    return file;
}

}  // namespace patchead::inline results_detail
