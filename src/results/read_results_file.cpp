#include <algorithm>
#include <utility>

#include "patchead/core/error.hpp"
#include "results_file.hpp"

namespace patchead::inline results_detail {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;

/// The columns of one group.
class Group {
  public:
    Group(const std::string& file, const TableFile& table, const std::string& name)
        : file_(file), name_(name) {
        const auto found = table.groups.find(name);
        require<CacheError>(found != table.groups.end(), "'", file, "' has no group '", name,
                            "' (it is no results file); give the results.h5 of a sweep");
        columns_ = &found->second;
    }

    [[nodiscard]] const Texts& texts(const std::string& name) const { return column<Texts>(name); }
    [[nodiscard]] const Numbers& numbers(const std::string& name) const {
        return column<Numbers>(name);
    }

    /// Of a column that not every file has: null there.
    [[nodiscard]] const Texts* optional_texts(const std::string& name) const {
        return columns_->contains(name) ? &texts(name) : nullptr;
    }

    /// A number of a column as an `Int`.
    template <class Int>
    [[nodiscard]] Int fitting(std::int64_t number) const {
        require<CacheError>(
            std::in_range<Int>(number), "'", file_, "' group '", name_, "' has the number ", number,
            " where none can be so large (the file is damaged); run the sweep ", "again");
        return static_cast<Int>(number);
    }

    /// Throws about values that do not belong to each other, unless `ok`.
    void require_fit(bool ok, const char* what) const {
        require<CacheError>(ok, "'", file_, "' group '", name_, "' has ", what,
                            " (the file is damaged); run the sweep again");
    }

    [[nodiscard]] bool has(const std::string& name) const { return columns_->contains(name); }

    template <class T>
    [[nodiscard]] const T& column(const std::string& name) const {
        const auto found = columns_->find(name);
        const auto* values = found == columns_->end() ? nullptr : std::get_if<T>(&found->second);
        require<CacheError>(values != nullptr, "'", file_, "' has no usable column '", name_, "/",
                            name, "' (written by another version?); run the sweep again");
        return *values;
    }

    /// The entry of `targets` that a number of a column stands for.
    template <class T>
    [[nodiscard]] T& entry(std::vector<T>& targets, std::int64_t place) const {
        require<CacheError>(
            std::cmp_greater_equal(place, 0) && std::cmp_less(place, targets.size()), "'", file_,
            "' group '", name_, "' speaks of entry ", place, " of ", targets.size(),
            " (the file is damaged); run the sweep again");
        return targets[static_cast<std::size_t>(place)];
    }

  private:
    const std::string& file_;
    std::string name_;
    const std::map<std::string, Column>* columns_ = nullptr;
};

/// A test image as the file holds it.
struct LabelledImage {
    std::string id;
    std::uint8_t anomalous = 0;
};

std::vector<ResultRow> read_points(const Group& from) {
    const auto& dataset = from.texts("dataset");
    const auto& category = from.texts("category");
    const auto& backbone = from.texts("backbone");
    const auto& setting = from.texts("setting");
    const auto& modules = from.texts("modules");
    const auto& image_size = from.numbers("image_size");
    const auto& shots = from.numbers("shots");
    const auto& seed = from.numbers("seed");
    const auto* artifact = from.optional_texts("artifact");
    const auto* sizes = from.optional_texts("sizes");
    const auto* detector = from.optional_texts("detector");
    std::vector<ResultRow> rows(dataset.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].dataset = dataset[i];
        rows[i].category = category[i];
        rows[i].backbone = backbone[i];
        rows[i].image_size = from.fitting<int>(image_size[i]);
        rows[i].setting = setting[i];
        rows[i].shots = from.fitting<int>(shots[i]);
        rows[i].seed = seed[i];
        rows[i].modules = modules[i];
        if (artifact != nullptr) { rows[i].artifact = (*artifact)[i]; }
        if (detector != nullptr) { rows[i].detector = (*detector)[i]; }
        if (sizes != nullptr) { rows[i].sizes = (*sizes)[i]; }
    }
    return rows;
}

/// Where several detectors were measured; elsewhere they are not there.
void read_costs(const Group& from, std::vector<ResultRow>& rows) {
    if (!from.has("network_flop")) { return; }
    const auto& network = from.column<std::vector<double>>("network_flop");
    const auto& scoring = from.column<std::vector<double>>("scoring_flop");
    const auto& memory = from.column<std::vector<double>>("memory_bytes");
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].cost = PointCost{network[i], scoring[i], memory[i]};
    }
}

void read_metrics(const Group& from, std::vector<ResultRow>& rows) {
    const auto& point = from.numbers("point");
    const auto& metric = from.texts("metric");
    const auto& value = from.column<std::vector<double>>("value");
    const auto& reason = from.texts("reason");
    for (std::size_t i = 0; i < point.size(); ++i) {
        from.entry(rows, point[i]).metrics.push_back({metric[i], value[i], reason[i]});
    }
}

/// Of metrics that have a value for each image, in the order of the images of the point.
void read_image_metrics(const Group& from, std::vector<ResultRow>& rows) {
    const auto& point = from.numbers("point");
    const auto& metric = from.texts("metric");
    const auto& value = from.column<std::vector<double>>("value");
    for (std::size_t i = 0; i < point.size(); ++i) {
        auto& metrics = from.entry(rows, point[i]).metrics;
        const auto found = std::ranges::find(metrics, metric[i], &MetricValue::name);
        if (found != metrics.end()) { found->images.push_back(value[i]); }
    }
}

std::vector<LabelledImage> read_images(const Group& from) {
    const auto& id = from.texts("id");
    const auto& anomalous = from.numbers("anomalous");
    std::vector<LabelledImage> images;
    for (std::size_t i = 0; i < id.size(); ++i) {
        images.push_back({id[i], from.fitting<std::uint8_t>(anomalous[i])});
    }
    return images;
}

void read_scores(const Group& from, std::vector<LabelledImage> images,
                 std::vector<ResultRow>& rows) {
    const auto& point = from.numbers("point");
    const auto& image = from.numbers("image");
    const auto& score = from.column<std::vector<float>>("score");
    for (std::size_t i = 0; i < point.size(); ++i) {
        auto& row = from.entry(rows, point[i]);
        const auto& scored = from.entry(images, image[i]);
        row.ids.push_back(scored.id);
        row.anomalous.push_back(scored.anomalous);
        row.scores.push_back(score[i]);
    }
}

void read_prompts(const Group& from, std::vector<ResultRow>& rows) {
    const auto& point = from.numbers("point");
    const auto& id = from.texts("id");
    for (std::size_t i = 0; i < point.size(); ++i) {
        from.entry(rows, point[i]).prompts.push_back(id[i]);
    }
}

void read_left_out(const Group& from, std::vector<ResultRow>& rows) {
    const auto& point = from.numbers("point");
    const auto& score = from.column<std::vector<float>>("score");
    for (std::size_t i = 0; i < point.size(); ++i) {
        from.entry(rows, point[i]).left_out.push_back(score[i]);
    }
    const auto fits = [](const ResultRow& row) {
        return row.left_out.empty() || row.left_out.size() == row.prompts.size();
    };
    from.require_fit(std::ranges::all_of(rows, fits),
                     "more or fewer scores than there are prompts");
}

void read_unmeasured(const Group& from, std::vector<ResultRow>& rows) {
    const auto& point = from.numbers("point");
    const auto& split = from.texts("split");
    const auto& id = from.texts("id");
    const auto& score = from.column<std::vector<float>>("score");
    for (std::size_t i = 0; i < point.size(); ++i) {
        auto& splits = from.entry(rows, point[i]).unmeasured;
        if (splits.empty() || splits.back().split != split[i]) {
            splits.push_back({split[i], {}, {}});
        }
        splits.back().ids.push_back(id[i]);
        splits.back().scores.push_back(score[i]);
    }
}

std::vector<MissingRow> read_missing(const Group& from) {
    const auto& reason = from.texts("reason");
    std::vector<MissingRow> missing;
    for (auto& point : read_points(from)) {
        const auto place = missing.size();
        missing.push_back({std::move(point), reason[place]});
    }
    return missing;
}

}  // namespace

Results from_table_file(const std::string& file, const TableFile& table) {
    const auto group = [&](const std::string& name) { return Group(file, table, name); };
    auto rows = read_points(group("points"));
    read_costs(group("points"), rows);
    read_metrics(group("metrics"), rows);
    if (table.groups.contains("image_metrics")) {
        read_image_metrics(group("image_metrics"), rows);
    }
    read_scores(group("scores"), read_images(group("images")), rows);
    read_prompts(group("prompts"), rows);
    if (table.groups.contains("left_out")) { read_left_out(group("left_out"), rows); }
    if (table.groups.contains("unmeasured")) { read_unmeasured(group("unmeasured"), rows); }
    return {.provenance = table.attributes,
            .rows = std::move(rows),
            .missing = read_missing(group("missing")),
            .metric_names = group("metric_names").texts("name")};
}

}  // namespace patchead::inline results_detail
