#include <algorithm>
#include <cmath>
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "paper/backbones.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/report/paper_reference.hpp"

namespace patchead {
namespace {

/// Rounding to one decimal moves a mean of rounded values and the printed mean by 0.05 points each.
constexpr double kRounding = 0.001;
constexpr double kNoise = 1e-9;  ///< Of sums of doubles.

using Inconsistencies = std::vector<PaperInconsistency>;

/// "Table 7".
std::string title(const std::string& table) { return "Table " + table.substr(5); }

/// "PatchEAD+ (DINOv2), 2-shot, VisA, I-AUROC".
std::string words_of(const PaperPoint& point) {
    const auto shots =
        point.shots > 0 ? fmt::format("{}-shot", point.shots) : std::string("batch zero-shot");
    return fmt::format("{}{}, {}, {}{}{}, {}", point.method,
                       point.backbone.empty() ? "" : " (" + point.backbone + ")", shots,
                       point.dataset, point.category.empty() ? "" : " ", point.category,
                       point.metric);
}

/// An average and what it is said to be the mean of.
struct Average {
    const PaperNumber* printed = nullptr;
    double mean = 0;       ///< Of the parts as printed.
    double recovered = 0;  ///< Of the parts as recovered; the same where nothing was.
    bool cumulative = false;

    [[nodiscard]] double error() const { return std::abs(printed->mean - mean); }
    [[nodiscard]] bool fits() const { return error() <= kRounding + kNoise; }
    [[nodiscard]] bool is_explained() const {
        return cumulative && std::abs(printed->mean - recovered) <= kRounding + kNoise;
    }
};

/// `parts` belong to the average `printed`: categories of a data set, or data sets of Table 2.
Average average_of(const PaperNumber& printed, const PaperReference& reference) {
    Average average{&printed, 0, 0, false};
    double parts = 0;
    const bool of_datasets = printed.point.dataset == "Average";
    for (const auto& part : reference.numbers) {
        auto point = part.point;
        if (part.table != printed.table ||
            (of_datasets ? point.dataset == "Average" : point.category.empty())) {
            continue;
        }
        (of_datasets ? point.dataset : point.category) = of_datasets ? "Average" : "";
        if (point != printed.point) { continue; }
        average.mean += part.mean;
        average.recovered += part.recovered.value_or(part.mean);
        average.cumulative = average.cumulative || part.recovered.has_value();
        ++parts;
    }
    if (parts > 0) {
        average.mean /= parts;
        average.recovered /= parts;
    }
    return average;
}

bool is_average(const PaperNumber& number) {
    const bool of_categories = number.table == "table7" || number.table == "table8" ||
                               number.table == "table9" || number.table == "table10";
    return number.point.dataset == "Average" || (of_categories && number.point.category.empty());
}

PaperInconsistency wrong_average(const Average& average) {
    const auto& printed = *average.printed;
    return {"average",
            fmt::format("{} ({}): the average is printed as {:.1f}, but the mean of its rows is "
                        "{:.2f}.",
                        title(printed.table), words_of(printed.point), 100 * printed.mean,
                        100 * average.mean),
            {{printed.table, printed.point}}};
}

/// All averages of one table and number of shots, told once.
PaperInconsistency cumulative(const std::vector<Average>& averages) {
    double most = 0;
    PaperInconsistency found{"cumulative", "", {}};
    for (const auto& average : averages) {
        most = std::max(most, average.error());
        found.cells.emplace_back(average.printed->table, average.printed->point);
    }
    const auto& first = *averages.front().printed;
    found.text = fmt::format(
        "{}, {}-shot: {} averages differ from the mean of their category rows by up to {:.1f} "
        "points, because those rows are cumulative means over the shots; the recovered values "
        "average to them.",
        title(first.table), first.point.shots, averages.size(), 100 * most);
    return found;
}

void check_averages(const PaperReference& reference, Inconsistencies& found) {
    std::map<std::pair<std::string, int>, std::vector<Average>> explained;
    for (const auto& number : reference.numbers) {
        if (!is_average(number)) { continue; }
        const auto average = average_of(number, reference);
        if (average.fits()) { continue; }
        if (average.is_explained()) {
            explained[{number.table, number.point.shots}].push_back(average);
        } else {
            found.push_back(wrong_average(average));
        }
    }
    for (const auto& [where, averages] : explained) { found.push_back(cumulative(averages)); }
}

/// A recovered value is off by as much as the rounding of what it was computed from: 2 c2 - c1 by
/// 0.15 points, 3 c4 - 2 c2 by 0.25.
void check_bounds(const PaperReference& reference, Inconsistencies& found) {
    constexpr double kMostRounding = 0.0025;
    for (const auto& number : reference.numbers) {
        if (!number.recovered || *number.recovered <= 1 + kMostRounding + kNoise) { continue; }
        found.push_back(
            {"impossible",
             fmt::format("{} ({}): {:.1f} as a cumulative mean would take {:.1f} at this number of "
                         "shots; probably a misprint.",
                         title(number.table), words_of(number.point), 100 * number.mean,
                         100 * *number.recovered),
             {{number.table, number.point}}});
    }
}

/// `number` as a key that two tables share if they print the same thing.
PaperPoint shared_key(const PaperNumber& number) {
    auto key = number.point;
    key.method = "PatchEAD";
    key.modules = number.modules;
    if (key.image_size == 0) {
        key.image_size = find(paper_backbones(), "backbone of the paper", key.backbone).side_px;
    }
    return key;
}

std::string printed(const PaperNumber& number) {
    return fmt::format("{} {:.1f}{}", title(number.table), 100 * number.mean,
                       number.std ? fmt::format(" ± {:.1f}", 100 * *number.std) : "");
}

void compare(const std::vector<const PaperNumber*>& same, Inconsistencies& found) {
    const auto& first = *same.front();
    const bool means = std::ranges::all_of(
        same, [&](const PaperNumber* other) { return other->mean == first.mean; });
    const bool deviations = std::ranges::all_of(
        same, [&](const PaperNumber* other) { return other->std == first.std; });
    if (means && deviations) { return; }
    std::vector<std::string> texts;
    PaperInconsistency difference{means ? "deviation" : "mean", "", {}};
    for (const auto* number : same) {
        texts.push_back(printed(*number));
        difference.cells.emplace_back(number->table, number->point);
    }
    difference.text =
        fmt::format("{}: printed differently: {}.", words_of(first.point), fmt::join(texts, ", "));
    found.push_back(std::move(difference));
}

void check_tables(const PaperReference& reference, Inconsistencies& found) {
    std::map<PaperPoint, std::size_t> places;
    std::vector<std::vector<const PaperNumber*>> groups;  // In the order of the tables.
    for (const auto& number : reference.numbers) {
        if (number.point.backbone.empty() || !number.point.category.empty() ||
            number.point.dataset == "Average") {
            continue;
        }
        const auto [place, is_new] = places.emplace(shared_key(number), groups.size());
        if (is_new) { groups.emplace_back(); }
        groups[place->second].push_back(&number);
    }
    for (const auto& group : groups) { compare(group, found); }
}

}  // namespace

Inconsistencies audit(const PaperReference& reference) {
    Inconsistencies found;
    check_averages(reference, found);
    check_bounds(reference, found);
    check_tables(reference, found);
    return found;
}

}  // namespace patchead
