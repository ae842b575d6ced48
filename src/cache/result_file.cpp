#include "result_file.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "h5/checked_data.hpp"
#include "patchead/core/error.hpp"

#include <nlohmann/json.hpp>

namespace patchead::inline cache_detail {
namespace {

constexpr const char* kImageMetrics = "image_metrics";

void require_fit(bool ok, const char* what) {
    if (!ok) { throw h5::Failure(concat("its ", what, " do not fit each other")); }
}

/// Only where a metric has values of images: files without are what they were before there were
/// any.
void write_image_metrics(hid_t root, const MetricSet& metrics) {
    std::vector<std::string> names;
    std::vector<double> values;
    for (const auto& metric : metrics) {
        if (metric.images.empty()) { continue; }
        names.push_back(metric.name);
        values.insert(values.end(), metric.images.begin(), metric.images.end());
    }
    if (names.empty()) { return; }
    const auto group = h5::create_group(root, kImageMetrics);
    h5::write_texts(group.id(), "name", names);
    h5::write_array<double>(group.id(), "value", {names.size(), values.size() / names.size()},
                            values);
}

void read_image_metrics(hid_t root, PointResult& result) {
    if (!h5::has_link(root, kImageMetrics)) { return; }
    const auto names = h5::read_texts(root, concat(kImageMetrics, "/name"));
    const auto values = h5::read_array<double>(root, concat(kImageMetrics, "/value"), 2).values;
    const auto images = result.ids.size();
    require_fit(values.size() == names.size() * images, "metrics of images");
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto found = std::ranges::find(result.metrics, names[i], &MetricValue::name);
        require_fit(found != result.metrics.end(), "metrics of images");
        const auto first = values.begin() + static_cast<std::ptrdiff_t>(i * images);
        found->images = {first, first + static_cast<std::ptrdiff_t>(images)};
    }
}

}  // namespace

Provenance provenance_in(hid_t root) {
    const auto texts = h5::read_texts(root);
    const auto found = texts.find("provenance");
    if (found == texts.end()) { return {}; }
    Provenance provenance;
    const auto json = nlohmann::json::parse(found->second, nullptr, false);
    if (!json.is_object()) { return {}; }
    for (const auto& [name, fact] : json.items()) {
        if (fact.is_string()) { provenance[name] = fact.get<std::string>(); }
    }
    return provenance;
}

void write_result(hid_t root, const PointResult& result) {
    std::vector<std::string> names;
    std::vector<double> values;
    std::vector<std::string> reasons;
    for (const auto& metric : result.metrics) {
        names.push_back(metric.name);
        values.push_back(metric.value);
        reasons.push_back(metric.reason);
    }
    const auto metrics = h5::create_group(root, "metrics");
    h5::write_texts(metrics.id(), "name", names);
    h5::write_array<double>(metrics.id(), "value", {values.size()}, values);
    h5::write_texts(metrics.id(), "reason", reasons);

    write_image_metrics(root, result.metrics);

    const auto images = h5::create_group(root, "images");
    h5::write_texts(images.id(), "id", result.ids);
    h5::write_array<std::uint8_t>(images.id(), "anomalous", {result.anomalous.size()},
                                  result.anomalous);
    h5::write_array<float>(images.id(), "score", {result.scores.size()}, result.scores);
    h5::write_texts(root, "references", result.references);
}

PointResult parse_result(hid_t root) {
    const auto names = h5::read_texts(root, "metrics/name");
    const auto values = h5::read_array<double>(root, "metrics/value", 1).values;
    const auto reasons = h5::read_texts(root, "metrics/reason");
    require_fit(values.size() == names.size() && reasons.size() == names.size(), "metrics");
    PointResult result;
    for (std::size_t i = 0; i < names.size(); ++i) {
        result.metrics.push_back({names[i], values[i], reasons[i]});
    }
    result.ids = h5::read_texts(root, "images/id");
    result.anomalous = h5::read_array<std::uint8_t>(root, "images/anomalous", 1).values;
    result.scores = h5::read_array<float>(root, "images/score", 1).values;
    result.references = h5::read_texts(root, "references");
    require_fit(
        result.anomalous.size() == result.ids.size() && result.scores.size() == result.ids.size(),
        "images");
    read_image_metrics(root, result);
    result.made_with = provenance_in(root);
    return result;
}

}  // namespace patchead::inline cache_detail
