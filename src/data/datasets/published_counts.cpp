#include "datasets/published_counts.hpp"

#include <algorithm>

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/splits.hpp"

namespace patchead {
namespace {

constexpr std::string_view kMend = "; if it should be whole, unpack it again";

/// Where splits without labels have other numbers than the published ones.
std::vector<std::string> unlabelled_notes(const DatasetInfo& info,
                                          std::span<const Sample> samples) {
    std::map<std::pair<std::string, std::string>, int> counts;
    for (const auto& sample : samples) { ++counts[{sample.category, sample.split}]; }
    std::vector<std::string> notes;
    for (const auto& [category, found] : count_images(samples)) {
        const auto entry = std::ranges::find(info.categories, category, &PublishedCategory::name);
        if (entry == info.categories.end() || entry->unlabelled == 0) { continue; }
        for (const auto split : info.unlabelled) {
            const int count = counts[{category, std::string(split)}];
            if (count == entry->unlabelled) { continue; }
            notes.push_back(concat(category, ": ",
                                   counted(static_cast<std::size_t>(count), "image"), " in ", split,
                                   "; published: ", entry->unlabelled, kMend));
        }
    }
    return notes;
}

std::vector<std::string> category_notes(const DatasetInfo& info,
                                        const std::map<std::string, ImageCounts>& counts) {
    std::vector<std::string> notes;
    for (const auto& [category, found] : counts) {
        const auto entry = std::ranges::find(info.categories, category, &PublishedCategory::name);
        if (entry == info.categories.end()) {
            notes.push_back(concat(category, ": no category of the published data set"));
        } else if (entry->images && *entry->images != found) {
            notes.push_back(concat(category, ": ", counts_text(found),
                                   "; published: ", counts_text(*entry->images), kMend));
        }
    }
    return notes;
}

std::vector<std::string> missing_note(const DatasetInfo& info,
                                      const std::map<std::string, ImageCounts>& counts) {
    std::string missing;
    for (const auto& entry : info.categories) {
        if (!counts.contains(std::string(entry.name))) {
            missing += concat(missing.empty() ? "" : ", ", entry.name);
        }
    }
    if (missing.empty()) { return {}; }
    return {concat("categories of the published data set that are not here: ", missing, kMend)};
}

std::vector<std::string> total_note(const DatasetInfo& info, const ImageCounts& found) {
    if (info.totals && *info.totals != found) {
        return {concat(counts_text(found), "; published: ", counts_text(*info.totals), kMend)};
    }
    const auto has_counts = [](const PublishedCategory& entry) { return entry.images.has_value(); };
    if (!info.paper || std::ranges::any_of(info.categories, has_counts)) { return {}; }
    if (found.test_normal == info.paper->test_normal &&
        found.test_anomalous == info.paper->test_anomalous) {
        return {};
    }
    return {concat(found.test_normal, " normal and ", found.test_anomalous,
                   " anomalous test images; the paper: ", info.paper->test_normal, " and ",
                   info.paper->test_anomalous, kMend)};
}

}  // namespace

std::map<std::string, ImageCounts> count_images(std::span<const Sample> samples) {
    std::map<std::string, ImageCounts> counts;
    for (const auto& sample : samples) {
        auto& of_category = counts[sample.category];
        ++(!has_label(sample)            ? of_category.unlabelled
           : sample.split == "train"     ? of_category.train
           : sample.split == kValidation ? of_category.validation
           : sample.anomalous            ? of_category.test_anomalous
                                         : of_category.test_normal);
    }
    return counts;
}

ImageCounts count_all(std::span<const Sample> samples) {
    ImageCounts sum;
    for (const auto& [category, counts] : count_images(samples)) {
        sum.train += counts.train;
        sum.test_normal += counts.test_normal;
        sum.test_anomalous += counts.test_anomalous;
        sum.validation += counts.validation;
        sum.unlabelled += counts.unlabelled;
    }
    return sum;
}

}  // namespace patchead

namespace patchead::inline data_detail {

std::string counts_text(const ImageCounts& counts) {
    auto text = concat(counts.train, " train, ", counts.test_normal, " normal and ",
                       counts.test_anomalous, " anomalous test images");
    if (counts.validation > 0) { text += concat(", ", counts.validation, " of validation"); }
    if (counts.unlabelled > 0) { text += concat(", ", counts.unlabelled, " without labels"); }
    return text;
}

std::vector<std::string> count_notes(const DatasetInfo& info, std::span<const Sample> samples,
                                     bool is_whole) {
    if (info.categories.empty()) { return {}; }
    const auto counts = count_images(samples);
    auto notes = category_notes(info, counts);
    std::ranges::move(unlabelled_notes(info, samples), std::back_inserter(notes));
    if (!is_whole) { return notes; }
    std::ranges::copy(missing_note(info, counts), std::back_inserter(notes));
    std::ranges::copy(total_note(info, count_all(samples)), std::back_inserter(notes));
    return notes;
}

}  // namespace patchead::inline data_detail
