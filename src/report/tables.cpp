#include "patchead/report/tables.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

/// What a table row is about, in the order of the rows: batch zero-shot stands first (shots 0).
struct Point {
    std::size_t backbone = 0;  ///< In order of appearance.
    int image_size = 0;
    int shots = 0;
    std::size_t modules = 0;  ///< In order of appearance.

    auto operator<=>(const Point&) const = default;
};

/// What is known of one point, category and seed.
struct Entry {
    const MetricSet* metrics = nullptr;
    std::string missing;  ///< Why there are no metrics.
};

/// All results of one data set, by point, category and seed.
struct DatasetResults {
    std::string name;
    std::vector<std::string> backbones;
    std::vector<std::string> modules;
    std::vector<std::string> categories;  ///< Sorted.
    std::set<std::int64_t> seeds;
    std::map<Point, std::map<std::pair<std::string, std::int64_t>, Entry>> entries;
};

std::size_t place_of(const std::string& name, std::vector<std::string>& names) {
    const auto found = std::ranges::find(names, name);
    if (found != names.end()) { return static_cast<std::size_t>(found - names.begin()); }
    names.push_back(name);
    return names.size() - 1;
}

std::vector<DatasetResults> by_dataset(const Results& results) {
    std::vector<DatasetResults> all;
    const auto add = [&](const ResultRow& row, Entry entry) {
        auto found = std::ranges::find(all, row.dataset, &DatasetResults::name);
        if (found == all.end()) {
            all.push_back({row.dataset, {}, {}, {}, {}, {}});
            found = all.end() - 1;
        }
        const Point point{place_of(row.backbone, found->backbones), row.image_size, row.shots,
                          place_of(row.modules, found->modules)};
        place_of(row.category, found->categories);
        found->seeds.insert(row.seed);
        found->entries[point][{row.category, row.seed}] = std::move(entry);
    };
    for (const auto& row : results.rows) { add(row, {&row.metrics, {}}); }
    for (const auto& gap : results.missing) { add(gap.point, {nullptr, gap.reason}); }
    for (auto& dataset : all) { std::ranges::sort(dataset.categories); }
    return all;
}

/// Collects the values of one cell: first over categories within a seed, then over seeds.
class CellMaker {
  public:
    void begin_seed() { values_.clear(); }

    void add(const Entry* entry, const std::string& category, const std::string& metric) {
        if (entry == nullptr || entry->metrics == nullptr) {
            note(category, entry == nullptr ? "not computed" : entry->missing);
            seed_is_whole_ = false;
            return;
        }
        const auto found = std::ranges::find(*entry->metrics, metric, &MetricValue::name);
        if (found == entry->metrics->end() || std::isnan(found->value)) {
            note(category, found == entry->metrics->end() ? "not measured" : found->reason);
            return;
        }
        values_.push_back(found->value);
    }

    void end_seed() {
        if (seed_is_whole_ && !values_.empty()) {
            seed_means_.push_back(mean(values_));
            categories_ = std::max(categories_, values_.size());
        }
        seed_is_whole_ = true;
    }

    [[nodiscard]] Cell cell() const {
        Cell cell;
        cell.note = note_;
        cell.seeds = static_cast<int>(seed_means_.size());
        cell.categories = static_cast<int>(categories_);
        if (seed_means_.empty()) { return cell; }
        cell.mean = mean(seed_means_);
        double squares = 0;
        for (const double value : seed_means_) {
            squares += (value - *cell.mean) * (value - *cell.mean);
        }
        cell.std = std::sqrt(squares / static_cast<double>(seed_means_.size()));
        return cell;
    }

  private:
    static double mean(const std::vector<double>& values) {
        double sum = 0;
        for (const double value : values) { sum += value; }
        return sum / static_cast<double>(values.size());
    }

    /// Keeps the first reason: one is enough to find the others in results.csv.
    void note(const std::string& category, const std::string& reason) {
        if (note_.empty()) { note_ = concat("without ", category, ": ", reason); }
    }

    std::vector<double> values_;
    std::vector<double> seed_means_;
    std::size_t categories_ = 0;
    bool seed_is_whole_ = true;
    std::string note_;
};

std::vector<Cell> make_cells(const DatasetResults& dataset, const Point& point,
                             const std::vector<std::string>& categories,
                             const std::vector<std::string>& metrics) {
    const auto& entries = dataset.entries.at(point);
    std::vector<Cell> cells;
    for (const auto& metric : metrics) {
        CellMaker maker;
        for (const auto seed : dataset.seeds) {
            maker.begin_seed();
            for (const auto& category : categories) {
                const auto found = entries.find({category, seed});
                maker.add(found == entries.end() ? nullptr : &found->second, category, metric);
            }
            maker.end_seed();
        }
        cells.push_back(maker.cell());
    }
    return cells;
}

std::vector<std::string> labels_of(const DatasetResults& dataset, const Point& point) {
    return {dataset.backbones[point.backbone], std::to_string(point.image_size),
            point.shots == 0 ? "batch zero-shot" : concat(point.shots, "-shot"),
            dataset.modules[point.modules]};
}

std::vector<std::string> footnotes_of(const DatasetResults& dataset) {
    std::vector<std::string> notes;
    if (std::ranges::count(dataset.backbones, "patchead_tiny") > 0) {
        notes.push_back(
            "patchead_tiny is the built-in backbone: it shows that the chain works and is no "
            "benchmark result. It was trained at 224 px only and is far below DINOv2; on small "
            "test sets differences below 2 points mean nothing; free rotation (MVTec screw) "
            "leaves it at chance without alignment.");
    }
    return notes;
}

std::string spread_text(const DatasetResults& dataset) {
    return concat("percent; mean ± population standard deviation over ", dataset.seeds.size(),
                  dataset.seeds.size() == 1 ? " seed" : " seeds");
}

Table summary(const DatasetResults& dataset, const std::vector<std::string>& metrics) {
    Table table{"summary_" + dataset.name,
                concat(dataset.name, ": unweighted means over ", dataset.categories.size(),
                       dataset.categories.size() == 1 ? " category, " : " categories, ",
                       spread_text(dataset)),
                {"Backbone", "Size", "Setting", "Modules"},
                metrics,
                {},
                footnotes_of(dataset)};
    for (const auto& [point, entries] : dataset.entries) {
        table.rows.push_back(
            {labels_of(dataset, point), make_cells(dataset, point, dataset.categories, metrics)});
    }
    return table;
}

Table per_category(const DatasetResults& dataset, const std::vector<std::string>& metrics) {
    Table table{"categories_" + dataset.name,
                concat(dataset.name, ": every category, ", spread_text(dataset)),
                {"Backbone", "Size", "Setting", "Modules", "Category"},
                metrics,
                {},
                footnotes_of(dataset)};
    for (const auto& [point, entries] : dataset.entries) {
        const auto add = [&](const std::string& name, const std::vector<std::string>& categories) {
            auto labels = labels_of(dataset, point);
            labels.push_back(name);
            table.rows.push_back({labels, make_cells(dataset, point, categories, metrics)});
        };
        for (const auto& category : dataset.categories) { add(category, {category}); }
        add("Average", dataset.categories);
    }
    return table;
}

}  // namespace

std::vector<Table> make_tables(const Results& results) {
    std::vector<Table> tables;
    for (const auto& dataset : by_dataset(results)) {
        tables.push_back(summary(dataset, results.metric_names));
        tables.push_back(per_category(dataset, results.metric_names));
    }
    return tables;
}

}  // namespace patchead
