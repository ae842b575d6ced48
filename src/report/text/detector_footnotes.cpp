#include "text/detector_footnotes.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "patchead/core/error.hpp"
#include "patchead/results/point.hpp"

namespace patchead::inline report_detail {
namespace {

std::string fact_of(const Results& results, const std::string& detector, const char* fact) {
    const auto found = results.provenance.find(concat("detector.", detector, ".", fact));
    return found == results.provenance.end() ? std::string() : found->second;
}

/// Empty where all rows have the network of the publication.
std::string network_text(const Results& results, const std::string& detector,
                         const std::set<std::string>& backbones) {
    const auto network = fact_of(results, detector, "network");
    if (network.empty() || backbones == std::set{fact_of(results, detector, "backbone")}) {
        return {};
    }
    return fmt::format("published with {}, here with {}", network, fmt::join(backbones, ", "));
}

}  // namespace

void add_shown(const DatasetRuns& runs, ShownDetectors& shown) {
    for (const auto& [configuration, seeds] : runs.configurations) {
        if (!configuration.detector.first) { continue; }
        shown[configuration.detector.second].insert(configuration.backbone);
    }
}

std::vector<std::string> detector_footnotes(const ShownDetectors& shown, const Results& results) {
    std::vector<std::string> notes;
    for (const auto& [name, backbones] : shown) {
        std::vector<std::string> parts{network_text(results, name, backbones),
                                       fact_of(results, name, "port")};
        std::erase(parts, "");
        // "musc:published" stands mostly below "musc", with the same networks.
        const auto plain = shown.find(name.substr(0, name.find(':')));
        const bool is_told =
            plain != shown.end() && plain->first != name && plain->second == backbones;
        if (!parts.empty() && !is_told) {
            notes.push_back(fmt::format("{}: {}.", name, fmt::join(parts, "; ")));
        }
        ResultRow row;
        row.detector = name;
        if (is_tuned(row)) {
            notes.push_back(
                fmt::format("{}: tuned on the test data (its options are those that "
                            "the publication gives for each data set).",
                            name));
        }
    }
    return notes;
}

}  // namespace patchead::inline report_detail
