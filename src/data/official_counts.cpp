#include "official_counts.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

using Counts = std::tuple<int, int, int>;  // train, good test, anomalous test

std::map<std::string, Counts> count(std::span<const Sample> samples) {
    std::map<std::string, Counts> counts;
    for (const auto& sample : samples) {
        auto& [train, good, anomalous] = counts[sample.category];
        ++(sample.split == "train" ? train : sample.anomalous ? anomalous : good);
    }
    return counts;
}

std::string describe(const Counts& counts) {
    const auto& [train, good, anomalous] = counts;
    return concat(train, " train, ", good, " good test and ", anomalous, " anomalous test images");
}

}  // namespace

std::vector<std::string> count_notes(std::span<const OfficialCount> official,
                                     std::span<const Sample> samples) {
    std::vector<std::string> notes;
    if (official.empty()) { return notes; }
    for (const auto& [category, found] : count(samples)) {
        const auto entry = std::ranges::find(official, category, &OfficialCount::category);
        if (entry == official.end()) {
            notes.push_back(concat(category, ": no category of the published data set"));
            continue;
        }
        const Counts expected{entry->train, entry->test_good, entry->test_anomalous};
        if (found != expected) {
            notes.push_back(
                concat(category, ": ", describe(found), "; published: ", describe(expected)));
        }
    }
    return notes;
}

std::vector<std::string> missing_categories(std::span<const OfficialCount> official,
                                            std::span<const std::string> present) {
    std::string missing;
    for (const auto& entry : official) {
        if (std::ranges::find(present, entry.category) == present.end()) {
            missing += concat(missing.empty() ? "" : ", ", entry.category);
        }
    }
    if (missing.empty()) { return {}; }
    return {concat("categories of the published data set that are not here: ", missing)};
}

}  // namespace patchead
