#include "evaluation/method_name.hpp"

#include <set>
#include <utility>

#include <fmt/format.h>

#include "text/shots_text.hpp"

namespace patchead::inline report_detail {
namespace {

std::string size_text(const Configuration& method) {
    const auto& [side_px, several] = method.image_size;
    return several.empty() ? std::to_string(side_px) : several;
}

}  // namespace

std::string method_name(const Configuration& method, bool with_network) {
    auto name = method.detector.second;
    if (method.modules.second != "none") { name += " " + method.modules.second; }
    name += ", " + shots_text(method.setting, method.shots);
    if (with_network) { name += fmt::format(", {} {} px", method.backbone, size_text(method)); }
    return name;
}

bool has_networks(const RunsByDataset& runs) {
    std::set<std::pair<std::string, std::string>> networks;
    for (const auto& [dataset, of_dataset] : runs) {
        for (const auto& [method, seeds] : of_dataset.configurations) {
            networks.emplace(method.backbone, size_text(method));
        }
    }
    return networks.size() > 1;
}

Cell mean_over_datasets(const RunsByDataset& runs, const std::vector<std::string>& datasets,
                        const Configuration& method, const std::string& metric, Spread spread) {
    std::vector<SeedMeans> parts;
    for (const auto& name : datasets) {
        const auto dataset = runs.find(name);
        if (dataset == runs.end()) { return {}; }
        const auto found = dataset->second.configurations.find(method);
        if (found == dataset->second.configurations.end()) { return {}; }
        parts.push_back(seed_means(found->second, dataset->second.categories, metric));
        if (parts.back().values.empty()) { return {}; }
    }
    return make_cell(parts.size() == 1 ? parts.front() : mean_over(parts), spread);
}

}  // namespace patchead::inline report_detail
