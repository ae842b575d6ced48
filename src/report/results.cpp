#include "patchead/report/results.hpp"

#include <limits>

#include "csv.hpp"
#include "patchead/cache/table_file.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;
using Group = std::map<std::string, Column>;

std::string csv_point(const ResultRow& row) {
    std::string text;
    for (const auto& field : {row.dataset, row.category, row.backbone}) {
        text += csv_field(field) + ",";
    }
    return text + concat(row.image_size, ",", row.setting, ",", row.shots, ",", row.seed, ",",
                         row.modules, ",");
}

/// The columns that say what was asked for.
Group point_columns(const std::vector<const ResultRow*>& rows) {
    Texts dataset, category, backbone, setting, modules;
    Numbers image_size, shots, seed;
    for (const auto* row : rows) {
        dataset.push_back(row->dataset);
        category.push_back(row->category);
        backbone.push_back(row->backbone);
        image_size.push_back(row->image_size);
        setting.push_back(row->setting);
        shots.push_back(row->shots);
        seed.push_back(row->seed);
        modules.push_back(row->modules);
    }
    return {{"dataset", dataset},   {"category", category},
            {"backbone", backbone}, {"image_size", image_size},
            {"setting", setting},   {"shots", shots},
            {"seed", seed},         {"modules", modules}};
}

Group metric_columns(const std::vector<ResultRow>& rows) {
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

Group image_columns(const std::vector<ResultRow>& rows) {
    Numbers point, anomalous;
    Texts id;
    std::vector<float> score;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        for (std::size_t image = 0; image < rows[i].ids.size(); ++image) {
            point.push_back(static_cast<std::int64_t>(i));
            id.push_back(rows[i].ids[image]);
            anomalous.push_back(rows[i].anomalous[image]);
            score.push_back(rows[i].scores[image]);
        }
    }
    return {{"point", point}, {"id", id}, {"anomalous", anomalous}, {"score", score}};
}

Group prompt_columns(const std::vector<ResultRow>& rows) {
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

/// Columns of one group, with their types.
class Reader {
  public:
    Reader(const std::filesystem::path& file, const TableFile& table, const std::string& group)
        : file_(file), group_(group) {
        const auto found = table.groups.find(group);
        require<CacheError>(found != table.groups.end(), "'", file.string(), "' has no group '",
                            group, "' (it is no results file); give the results.h5 of a sweep");
        columns_ = &found->second;
    }

    template <class T>
    [[nodiscard]] const std::vector<T>& column(const std::string& name) const {
        const auto found = columns_->find(name);
        const auto* values =
            found == columns_->end() ? nullptr : std::get_if<std::vector<T>>(&found->second);
        require<CacheError>(values != nullptr, "'", file_.string(), "' has no usable column '",
                            group_, "/", name,
                            "' (written by another version?); run the sweep again");
        return *values;
    }

    /// The row that line `line` of this group belongs to.
    [[nodiscard]] ResultRow& row_of(std::size_t line, std::vector<ResultRow>& rows) const {
        const auto point = static_cast<std::size_t>(column<std::int64_t>("point")[line]);
        require<CacheError>(point < rows.size(), "'", file_.string(), "' group '", group_,
                            "' speaks of point ", point, " of ", rows.size(),
                            " (the file is damaged); run the sweep again");
        return rows[point];
    }

  private:
    const std::filesystem::path& file_;
    std::string group_;
    const Group* columns_ = nullptr;
};

std::vector<ResultRow> read_points(const Reader& from) {
    std::vector<ResultRow> rows(from.column<std::string>("dataset").size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].dataset = from.column<std::string>("dataset")[i];
        rows[i].category = from.column<std::string>("category")[i];
        rows[i].backbone = from.column<std::string>("backbone")[i];
        rows[i].image_size = static_cast<int>(from.column<std::int64_t>("image_size")[i]);
        rows[i].setting = from.column<std::string>("setting")[i];
        rows[i].shots = static_cast<int>(from.column<std::int64_t>("shots")[i]);
        rows[i].seed = from.column<std::int64_t>("seed")[i];
        rows[i].modules = from.column<std::string>("modules")[i];
    }
    return rows;
}

void read_values(const std::filesystem::path& path, const TableFile& table,
                 std::vector<ResultRow>& rows) {
    const Reader metrics(path, table, "metrics");
    const auto& names = metrics.column<std::string>("metric");
    for (std::size_t i = 0; i < names.size(); ++i) {
        metrics.row_of(i, rows).metrics.push_back({names[i], metrics.column<double>("value")[i],
                                                   metrics.column<std::string>("reason")[i]});
    }
    const Reader images(path, table, "images");
    const auto& ids = images.column<std::string>("id");
    for (std::size_t i = 0; i < ids.size(); ++i) {
        auto& row = images.row_of(i, rows);
        row.ids.push_back(ids[i]);
        row.anomalous.push_back(
            static_cast<std::uint8_t>(images.column<std::int64_t>("anomalous")[i]));
        row.scores.push_back(images.column<float>("score")[i]);
    }
    const Reader prompts(path, table, "prompts");
    const auto& prompt_ids = prompts.column<std::string>("id");
    for (std::size_t i = 0; i < prompt_ids.size(); ++i) {
        prompts.row_of(i, rows).prompts.push_back(prompt_ids[i]);
    }
}

}  // namespace

std::string results_csv(const Results& results) {
    std::string text =
        "dataset,category,backbone,image_size,setting,shots,seed,modules,metric,value,reason\n";
    for (const auto& row : results.rows) {
        for (const auto& metric : row.metrics) {
            text += csv_point(row) + csv_field(metric.name) + "," + csv_number(metric.value) + "," +
                    csv_field(metric.reason) + "\n";
        }
    }
    for (const auto& gap : results.missing) {
        for (const auto& name : results.metric_names) {
            text += csv_point(gap.point) + csv_field(name) + ",nan," + csv_field(gap.reason) + "\n";
        }
    }
    return text;
}

void write_results(const std::filesystem::path& path, const Results& results) {
    std::vector<const ResultRow*> rows;
    for (const auto& row : results.rows) { rows.push_back(&row); }
    std::vector<const ResultRow*> gaps;
    Texts reasons;
    for (const auto& gap : results.missing) {
        gaps.push_back(&gap.point);
        reasons.push_back(gap.reason);
    }
    TableFile table;
    table.attributes = results.provenance;
    table.groups["points"] = point_columns(rows);
    table.groups["metrics"] = metric_columns(results.rows);
    table.groups["images"] = image_columns(results.rows);
    table.groups["prompts"] = prompt_columns(results.rows);
    table.groups["missing"] = point_columns(gaps);
    table.groups["missing"]["reason"] = reasons;
    table.groups["metric_names"]["name"] = results.metric_names;
    write_table_file(path, table);
}

Results read_results(const std::filesystem::path& path) {
    const auto table = read_table_file(path);
    Results results;
    results.provenance = table.attributes;
    results.metric_names = Reader(path, table, "metric_names").column<std::string>("name");
    results.rows = read_points(Reader(path, table, "points"));
    read_values(path, table, results.rows);
    const Reader missing(path, table, "missing");
    for (auto& point : read_points(missing)) {
        const auto place = results.missing.size();
        results.missing.push_back({std::move(point), missing.column<std::string>("reason")[place]});
    }
    return results;
}

}  // namespace patchead
