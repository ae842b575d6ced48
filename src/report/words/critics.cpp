#include "words/critics.hpp"

#include <set>
#include <utility>

#include "patchead/core/dataset_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/text.hpp"
#include "patchead/results/point.hpp"

namespace patchead::inline report_detail {
namespace {

constexpr std::string_view kParaphrase = "paraphrase=";

/// "clip:side=normal" and 2 of "clip:side=normal,paraphrase=2".
std::pair<std::string, int> without_paraphrase(const std::string& detector) {
    int paraphrase = 0;
    std::string rest;
    for (const auto& part : split_at_commas(options_in_name(detector))) {
        if (part.starts_with(kParaphrase)) {
            const auto number = part.substr(kParaphrase.size());
            const bool is_negative = number.starts_with('-');
            const int size = whole_number("paraphrase", number.substr(is_negative ? 1 : 0), 0);
            paraphrase = is_negative ? -size : size;
        } else if (!part.empty()) {
            rest += (rest.empty() ? ":" : ",") + part;
        }
    }
    const bool has_options = !options_in_name(detector).empty();
    return {has_options ? detector_in_name(detector) + rest : detector, paraphrase};
}

}  // namespace

const ResultRow* CriticPoints::find(std::int64_t seed, const Augmentation& augmentation) const {
    const auto of_seed = rows_.find(seed);
    if (of_seed == rows_.end()) { return nullptr; }
    const auto found = of_seed->second.find(augmentation);
    return found == of_seed->second.end() ? nullptr : found->second;
}

std::vector<std::int64_t> CriticPoints::seeds() const {
    std::vector<std::int64_t> all;
    for (const auto& [seed, rows] : rows_) { all.push_back(seed); }
    return all;
}

std::vector<Augmentation> CriticPoints::augmentations() const {
    std::set<Augmentation> all;
    for (const auto& [seed, rows] : rows_) {
        for (const auto& [augmentation, row] : rows) { all.insert(augmentation); }
    }
    return {all.begin(), all.end()};
}

CriticsByDataset group_critics(const Results& results) {
    CriticsByDataset datasets;
    std::map<std::pair<std::string, std::string>, const ResultRow*> firsts;
    for (const auto& row : results.rows) {
        const auto dataset = base_dataset(row.dataset);
        const auto* first = firsts.try_emplace({dataset, row.category}, &row).first->second;
        require<DataError>(row.ids == first->ids && row.anomalous == first->anomalous, "points of ",
                           row.dataset, " ", row.category,
                           " have different test images (scores of which cannot be set side by "
                           "side); make them again from the same split");
        const auto [detector, paraphrase] = without_paraphrase(row.detector);
        const Critic critic{row.backbone,     size_label(row), row.setting,
                            shots_label(row), detector,        row.modules};
        datasets[dataset][critic][row.category].add(
            row, {perturbation_in_name(row.dataset), paraphrase});
    }
    return datasets;
}

}  // namespace patchead::inline report_detail
