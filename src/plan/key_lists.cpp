#include "key_lists.hpp"

#include <algorithm>

#include "patchead/core/error.hpp"

namespace patchead::inline plan_detail {
namespace {

std::string crop_text(const Sample& sample) {
    const auto rows = sample.crop ? concat(sample.crop->first, ":", sample.crop->last) : "";
    return sample.upright ? rows + "upright" : rows;
}

}  // namespace

void add_image(const Sample& sample, ListDigest& list) {
    list.add(sample.id);
    list.add(sample.digest);
    list.add(crop_text(sample));
    if (!sample.perturbation.empty()) { list.add(sample.perturbation); }
}

std::string image_list(const SweepSpec& spec, const std::vector<std::size_t>& samples) {
    ListDigest list;
    for (const auto i : samples) { add_image(spec.samples[i], list); }
    return list.text();
}

std::string transform_list(const std::vector<PairRef>& transforms, const SweepPlan& plan) {
    ListDigest list;
    for (const auto& transform : transforms) {
        list.add(plan.aligns[transform.align].key.digest());
        list.add(std::to_string(transform.pair));
    }
    return list.text();
}

std::string version_list(const std::vector<Version>& versions) {
    ListDigest list;
    for (const auto version : versions) { list.add(std::to_string(static_cast<int>(version))); }
    return list.text();
}

std::string reference_list(const std::vector<ImageRef>& images, const SweepPlan& plan) {
    ListDigest list;
    for (const auto& image : images) {
        list.add(plan.embeds[image.embed].key.digest());
        list.add(std::to_string(image.row));
    }
    return list.text();
}

std::string label_list(const SweepSpec& spec, const std::vector<std::size_t>& tests) {
    ListDigest labels;
    for (const auto i : tests) {
        const auto& sample = spec.samples[i];
        labels.add(!sample.anomalous ? "normal" : sample.unseen ? "unseen" : "anomalous");
    }
    return labels.text();
}

std::string view_list(const SweepSpec& spec, const std::vector<std::size_t>& tests) {
    const bool has_any = std::ranges::any_of(tests, [&](std::size_t i) {
        return !spec.samples[i].group.empty() || !spec.samples[i].saturation.empty();
    });
    if (!has_any) { return {}; }
    ListDigest views;
    for (const auto i : tests) {
        views.add(spec.samples[i].group);
        views.add(text_of(spec.samples[i].saturation));
    }
    return views.text();
}

}  // namespace patchead::inline plan_detail
