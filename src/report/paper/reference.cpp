#include "patchead/report/paper_reference.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "paper/numbers.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"

namespace patchead {
namespace {

/// A line of a file, by column name.
using Line = std::map<std::string, std::string>;

std::vector<std::string> split(std::string_view text, char separator) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(separator, at), text.size());
        parts.emplace_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

/// No field of these files is quoted.
std::vector<Line> lines_of(std::string_view csv) {
    std::vector<Line> lines;
    std::vector<std::string> names;
    for (const auto& text : split(csv, '\n')) {
        if (text.empty()) { continue; }
        const auto fields = split(text, ',');
        if (names.empty()) {
            names = fields;
            continue;
        }
        if (fields.size() != names.size()) {
            throw std::logic_error("analysis/reference: a line of another length: " + text);
        }
        Line line;
        for (std::size_t i = 0; i < names.size(); ++i) { line[names[i]] = fields[i]; }
        lines.push_back(std::move(line));
    }
    return lines;
}

/// "92.8" as the double nearest to 0.928; divided by 100 it could be another.
double fraction(const std::string& percent) { return std::stod(percent + "e-2"); }

int number_or_0(const std::string& text) { return text.empty() ? 0 : std::stoi(text); }

/// The columns that recovered.csv has, too.
PaperPoint point_of(const Line& line) {
    PaperPoint point;
    point.method = line.at("method");
    point.backbone = line.at("backbone");
    point.modules = point.method == "PatchEAD+" ? "patchead+" : line.at("modules");
    point.shots = number_or_0(line.at("shots"));
    point.setting = name_of(setting_of(point.shots));
    point.dataset = line.at("dataset");
    point.category = line.at("category") == "Average" ? "" : line.at("category");
    point.metric = line.at("metric");
    return point;
}

PaperNumber number_of(const Line& line) {
    PaperNumber number{line.at("table"),          point_of(line), line.at("modules"),
                       fraction(line.at("mean")), std::nullopt,   std::nullopt};
    number.point.image_size = number_or_0(line.at("image_size"));
    if (!line.at("std").empty()) { number.std = fraction(line.at("std")); }
    return number;
}

void add_counts(PaperReference& reference) {
    for (const auto& line : lines_of(kDatasets)) {
        reference.dataset_types.emplace_back(line.at("dataset"), line.at("type"));
        for (const auto* what : {"categories", "test_normal", "test_abnormal"}) {
            PaperPoint point;
            point.dataset = line.at("dataset");
            point.metric = what;
            reference.numbers.push_back(
                {"table6", point, "", std::stod(line.at(what)), std::nullopt, std::nullopt});
        }
    }
}

/// One shot has nothing to be recovered: its cells are what they say.
void add_recovered(PaperReference& reference) {
    std::map<std::pair<std::string, PaperPoint>, double> recovered;
    for (const auto& line : lines_of(kRecovered)) {
        if (line.at("shots") == "1") { continue; }
        recovered[{line.at("table"), point_of(line)}] = fraction(line.at("recovered"));
    }
    for (auto& number : reference.numbers) {
        const auto found = recovered.find({number.table, number.point});
        if (found != recovered.end()) { number.recovered = found->second; }
    }
}

PaperReference read_reference() {
    PaperReference reference;
    for (const auto& line : lines_of(kReference)) { reference.numbers.push_back(number_of(line)); }
    add_counts(reference);
    add_recovered(reference);
    return reference;
}

}  // namespace

const PaperNumber* PaperReference::find(const std::string& table, const PaperPoint& point) const {
    const auto found = std::ranges::find_if(numbers, [&](const PaperNumber& number) {
        return number.table == table && number.point == point;
    });
    return found == numbers.end() ? nullptr : &*found;
}

std::vector<std::string> PaperReference::categories(const std::string& dataset) const {
    std::vector<std::string> names;
    for (const auto& number : numbers) {
        const auto& point = number.point;
        if (point.dataset != dataset || point.category.empty()) { continue; }
        if (std::ranges::find(names, point.category) == names.end()) {
            names.push_back(point.category);
        }
    }
    return names;
}

const PaperReference& paper_reference() {
    static const PaperReference reference = read_reference();
    return reference;
}

}  // namespace patchead
