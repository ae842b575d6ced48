#include "evaluation/swing_lines.hpp"

#include <algorithm>
#include <cmath>

#include "text/tolerance.hpp"

namespace patchead::inline report_detail {
namespace {

/// What is compared with each other: as many prompts.
bool are_comparable(const Configuration& one, const Configuration& other) {
    return one.setting == other.setting && one.shots == other.shots;
}

double lead_of(const MethodCells& one, const MethodCells& other, std::size_t reading) {
    return *one.cells[reading].mean - *other.cells[reading].mean;
}

bool is_beyond(const MethodCells& one, const MethodCells& other, std::size_t reading) {
    return std::abs(lead_of(one, other, reading)) >
           tolerance(one.cells[reading].std, other.cells[reading].std);
}

/// Calls `visit(i, j)` for the places of methods that are compared, i below j.
template <class Visit>
void for_each_pair(const std::vector<MethodCells>& methods, Visit visit) {
    for (std::size_t i = 0; i < methods.size(); ++i) {
        for (std::size_t j = i + 1; j < methods.size(); ++j) {
            if (are_comparable(methods[i].method, methods[j].method)) { visit(i, j); }
        }
    }
}

}  // namespace

double range_of(const MethodCells& method) {
    const auto mean = [](const Cell& cell) { return *cell.mean; };
    const auto [low, high] = std::ranges::minmax(method.cells, {}, mean);
    return *high.mean - *low.mean;
}

bool SwingLine::moves() const {
    return std::ranges::any_of(methods,
                               [](const MethodCells& method) { return range_of(method) > 0; });
}

std::vector<double> SwingLine::means() const {
    std::vector<double> means(methods.empty() ? 0 : methods.front().cells.size());
    for (std::size_t reading = 0; reading < means.size(); ++reading) {
        for (const auto& method : methods) { means[reading] += *method.cells[reading].mean; }
        means[reading] /= static_cast<double>(methods.size());
    }
    return means;
}

double SwingLine::base_spread() const {
    double sum = 0;
    for (const auto& method : methods) { sum += method.cells.front().std; }
    return sum / static_cast<double>(methods.size());
}

bool SwingLine::has_spread() const {
    return std::ranges::any_of(
        methods, [](const MethodCells& method) { return method.cells.front().seeds > 1; });
}

std::size_t SwingLine::pairs() const {
    std::size_t count = 0;
    for_each_pair(methods, [&](std::size_t, std::size_t) { ++count; });
    return count;
}

std::vector<ChangedPair> SwingLine::changed() const {
    std::vector<ChangedPair> found;
    const auto readings = methods.empty() ? 0 : methods.front().cells.size();
    for (std::size_t reading = 1; reading < readings; ++reading) {
        for_each_pair(methods, [&](std::size_t i, std::size_t j) {
            const double before = lead_of(methods[i], methods[j], 0);
            const double now = lead_of(methods[i], methods[j], reading);
            if (!(before > 0 && now < 0) && !(before < 0 && now > 0)) { return; }
            const bool is_first = before > 0;
            found.push_back({is_first ? i : j, is_first ? j : i, reading, std::abs(before),
                             -std::abs(now),
                             is_beyond(methods[i], methods[j], 0) &&
                                 is_beyond(methods[i], methods[j], reading)});
        });
    }
    return found;
}

SwingLine swing_line(const Convention& convention, const std::vector<std::string>& datasets,
                     const std::string& metric, Spread spread) {
    SwingLine line;
    const auto& base = *convention.readings.front().runs;
    for (const auto& [method, seeds] : base.at(datasets.front()).configurations) {
        MethodCells cells{method, {}};
        for (const auto& reading : convention.readings) {
            const auto& read = reading.metric.empty() ? metric : reading.metric;
            cells.cells.push_back(
                mean_over_datasets(*reading.runs, datasets, method, read, spread));
        }
        const bool is_whole = std::ranges::all_of(
            cells.cells, [](const Cell& cell) { return cell.mean.has_value(); });
        if (is_whole) {
            line.methods.push_back(std::move(cells));
        } else {
            ++line.left_out;
        }
    }
    return line;
}

}  // namespace patchead::inline report_detail
