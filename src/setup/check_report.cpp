#include "patchead/setup/check_report.hpp"

#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/core/user_text.hpp"

namespace patchead {
namespace {

/// Findings of one kind that people are shown; a disk that fails makes thousands. JSON has all.
constexpr std::size_t kShownFindings = 20;

std::string range(int least, int most) {
    return least == most ? std::to_string(least) : fmt::format("{}-{}", least, most);
}

std::string sizes_text(const std::optional<SizeRange>& sizes) {
    if (!sizes) { return ""; }
    return range(sizes->least_width, sizes->most_width) + " x " +
           range(sizes->least_height, sizes->most_height);
}

std::string count_text(int found, const std::optional<ImageCounts>& published,
                       int ImageCounts::*member) {
    if (!published || (*published).*member == found) { return std::to_string(found); }
    return fmt::format("{} of {}", found, (*published).*member);
}

/// What few data sets have.
std::string more_text(const ImageCounts& counts) {
    std::string text;
    if (counts.validation > 0) { text += fmt::format("   {} validation", counts.validation); }
    if (counts.unlabelled > 0) { text += fmt::format("   {} without labels", counts.unlabelled); }
    return text;
}

std::string categories_text(const DatasetCheck& check) {
    constexpr auto row = "  {:<24} {:>12} {:>14} {:>14}   {}\n";
    auto table = fmt::format(row, "category", "train", "test normal", "test anomalous",
                             "width x height, px");
    for (const auto& category : check.categories) {
        const auto text = [&](int ImageCounts::*member) {
            return count_text(category.found.*member, category.published, member);
        };
        table += fmt::format(row, category.name, text(&ImageCounts::train),
                             text(&ImageCounts::test_normal), text(&ImageCounts::test_anomalous),
                             sizes_text(category.sizes) + more_text(category.found));
    }
    return table;
}

std::string findings_text(const DatasetCheck& check, bool errors) {
    std::string text;
    std::size_t count = 0;
    for (const auto& finding : check.findings) {
        if (finding.is_error != errors || ++count > kShownFindings) { continue; }
        text += fmt::format("  {}: {}\n", errors ? "error" : "warning", printable(finding.text));
    }
    if (count > kShownFindings) {
        text += fmt::format("  ... and {} more; --json lists all\n", count - kShownFindings);
    }
    return text;
}

nlohmann::json to_json(const ImageCounts& counts) {
    nlohmann::json to{{"train", counts.train},
                      {"test_normal", counts.test_normal},
                      {"test_anomalous", counts.test_anomalous}};
    if (counts.validation > 0) { to["validation"] = counts.validation; }
    if (counts.unlabelled > 0) { to["unlabelled"] = counts.unlabelled; }
    return to;
}

nlohmann::json to_json(const CategoryCheck& category) {
    nlohmann::json to{{"name", category.name}, {"found", to_json(category.found)}};
    to["published"] = category.published ? to_json(*category.published) : nlohmann::json();
    if (const auto& sizes = category.sizes) {
        to["width_px"] = {sizes->least_width, sizes->most_width};
        to["height_px"] = {sizes->least_height, sizes->most_height};
    }
    return to;
}

nlohmann::json to_json(const DatasetCheck& check) {
    nlohmann::json to{{"dataset", check.dataset},
                      {"root", check.root.string()},
                      {"layout", check.layout},
                      {"id_digest", check.id_digest},
                      {"categories", nlohmann::json::array()},
                      {"errors", nlohmann::json::array()},
                      {"warnings", nlohmann::json::array()}};
    for (const auto& category : check.categories) { to["categories"].push_back(to_json(category)); }
    for (const auto& finding : check.findings) {
        to[finding.is_error ? "errors" : "warnings"].push_back(printable(finding.text));
    }
    return to;
}

}  // namespace

std::string to_text(const DatasetCheck& check) {
    auto text = check.dataset;
    if (!check.root.empty()) {
        text += fmt::format(": layout '{}' in '{}'\n{}  id digest {}", check.layout,
                            check.root.string(), categories_text(check), check.id_digest);
    }
    text.append("\n").append(findings_text(check, true)).append(findings_text(check, false));
    return text + (check.findings.empty() ? "  no findings\n\n" : "\n");
}

std::string to_json(std::span<const DatasetCheck> checks) {
    nlohmann::json all = nlohmann::json::array();
    for (const auto& check : checks) { all.push_back(to_json(check)); }
    // Folders above the data may be called by any bytes; JSON holds UTF-8.
    return all.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace patchead
