#include "patchead/setup/published_inputs.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/dataset_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/splits.hpp"
#include "patchead/data/dataset.hpp"
#include "planned_detectors.hpp"
#include "sweep_data.hpp"
#include "sweep_texts.hpp"

namespace patchead {
namespace {

/// Where only totals of the test split are known.
constexpr int kGuessedTrain = 100;
/// Where nothing but images without labels is known.
constexpr ImageCounts kGuessed{kGuessedTrain, 30, 70, 40};

void add(std::vector<Sample>& samples, const std::string& dataset,
         const PublishedCategory& category, std::string_view split, const char* type, int count) {
    for (int i = 0; i < count; ++i) {
        Sample sample;
        sample.dataset = dataset;
        sample.category = category.name;
        sample.size = {category.height_px, category.width_px};
        sample.split = split;
        sample.defect_type = type;
        sample.anomalous = std::string_view(type) == "defect";
        sample.id = fmt::format("{}/{}/{}/{:05}", category.name, split, type, i);
        sample.digest = sample.id;
        samples.push_back(std::move(sample));
    }
}

bool has_counts(const DatasetInfo& info) {
    const bool of_categories = std::ranges::all_of(
        info.categories,
        [](const PublishedCategory& category) { return category.images.has_value(); });
    return !info.categories.empty() &&
           (of_categories || info.paper || info.totals || !info.unlabelled.empty());
}

/// Counts of a category, or its share of the data set's total.
ImageCounts counts_of(const DatasetInfo& info, const PublishedCategory& category) {
    if (category.images) { return *category.images; }
    if (info.totals) {
        const auto categories = static_cast<int>(info.categories.size());
        return {info.totals->train / categories, info.totals->test_normal / categories,
                info.totals->test_anomalous / categories};
    }
    if (!info.paper) { return kGuessed; }
    const auto& paper = *info.paper;
    return {kGuessedTrain, paper.test_normal / paper.categories,
            paper.test_anomalous / paper.categories};
}

/// Those of the published ones that are asked for. Throws ConfigError about one that is unknown.
std::vector<PublishedCategory> wanted_categories(const DataRequest& request,
                                                 const std::string& dataset,
                                                 const DatasetInfo& info) {
    const auto asked = categories_of(request, dataset);
    if (asked.empty()) { return {info.categories.begin(), info.categories.end()}; }
    std::vector<PublishedCategory> wanted;
    for (const auto& name : asked) {
        wanted.push_back(
            find(std::span<const PublishedCategory>(info.categories), "category", name));
    }
    return wanted;
}

void add_dataset(const DataRequest& request, const std::string& name, Resize resize,
                 std::vector<Sample>& samples) {
    const auto& info = find(datasets(), "data set", base_dataset(name)).get().info();
    require<ConfigError>(has_counts(info), "data set '", name,
                         "' has no published counts; leave --published out, so that its files are ",
                         "counted");
    for (const auto& category : wanted_categories(request, name, info)) {
        const auto counts = counts_of(info, category);
        require<ConfigError>(resize == Resize::squash || category.width_px > 0, "the sizes of the ",
                             "images of ", name, "/", category.name,
                             " are not published (--resize ", name_of(resize),
                             " goes by them); leave --published or --resize out");
        add(samples, name, category, "test", "defect", counts.test_anomalous);
        add(samples, name, category, "test", "good", counts.test_normal);
        for (const auto split : info.unlabelled) {
            add(samples, name, category, split, "unlabelled", category.unlabelled);
        }
        add(samples, name, category, "train", "good", counts.train);
        add(samples, name, category, kValidation, "good", counts.validation);
    }
}

PlannedBackbone planned(const BackboneEntry& entry) {
    PlannedBackbone backbone;
    backbone.name = entry.name;
    backbone.identity = {{"name", std::string(entry.name)}};
    backbone.patch_px = entry.patch_px;
    backbone.dim = entry.dim;
    backbone.depth = entry.depth;
    backbone.width = entry.dim;
    backbone.layers = entry.depth;
    backbone.parameters = std::int64_t{12} * entry.depth * entry.dim * entry.dim;
    backbone.image_px = entry.image_px;
    // Only a checkpoint says whether it brings them; here it is taken to have what is asked for.
    backbone.windows = true;
    backbone.text = PlannedTower{backbone.identity, ""};
    return backbone;
}

}  // namespace

SweepInputs published_inputs(const SweepRequest& request) {
    SweepSpec spec{.grids = request.grids,
                   .method = request.method,
                   .detectors = plan_detectors(request.detectors)};
    for (const auto& name : request.data.datasets) {
        add_dataset(request.data, name, request.method.features.resize, spec.samples);
    }
    for (const auto& name : request.backbones.names) {
        spec.backbones.push_back(planned(find(backbones(), "backbone", name)));
    }
    Provenance facts;
    spec.sentences = sentences_about(spec.samples, spec.detectors, facts);
    return {std::move(spec)};
}

}  // namespace patchead
