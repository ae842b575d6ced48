#include "verify/metrics_fixture.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "patchead/core/error.hpp"
#include "patchead/core/key.hpp"
#include "patchead/metrics/metric_names.hpp"
#include "patchead/metrics/published_curves.hpp"
#include "verify/published_fixture.hpp"

namespace patchead::inline setup_detail {
namespace {

using Json = nlohmann::json;

const PlainTensor& input(const PublishedCase& fixture, const char* name, std::size_t axes) {
    const auto found = fixture.inputs.find(name);
    require<DataError>(found != fixture.inputs.end() && found->second.shape.size() == axes,
                       "there is no array '", name, "' of ", axes, " axes; make it again");
    return found->second;
}

template <class Values>
PlainTensor tensor_of(const Values& values) {
    PlainTensor tensor{{static_cast<std::int64_t>(values.size())}, {}};
    for (const auto value : values) { tensor.values.push_back(static_cast<float>(value)); }
    return tensor;
}

/// The maps of a fixture with their ground truth. Images are anomalous if their masks are.
class MeasuredCase {
  public:
    explicit MeasuredCase(const PublishedCase& fixture)
        : maps_(input(fixture, "maps", 3)),
          size_{static_cast<int>(maps_.shape[1]), static_cast<int>(maps_.shape[2])},
          source_([this](std::size_t image) { return map(image); }) {
        const auto& masks = input(fixture, "masks", 3);
        require<DataError>(masks.shape == maps_.shape,
                           "maps and masks of a fixture do not fit each other; make it again");
        options_.side_px = kNativeSide;
        for (std::size_t i = 0; i < std::size_t(maps_.shape[0]); ++i) { add(masks, i); }
        truth_ = find_regions([&](std::size_t image) { return masks_[image]; }, anomalous_,
                              options_.connectivity);
        add_saturation(fixture);
    }
    MeasuredCase(const MeasuredCase&) = delete;  // Its source of maps points to it.
    MeasuredCase& operator=(const MeasuredCase&) = delete;

    [[nodiscard]] CategoryMaps category() const { return {&source_, &truth_, &options_}; }
    /// Saturation areas in the order of the fixture.
    [[nodiscard]] const std::vector<std::uint32_t>& by_channel() const { return by_channel_; }

    [[nodiscard]] double value(const std::string& metric) const {
        return measure(scores_, source_, anomalous_, truth_, options_,
                       {.names = asked_metrics({metric})})
            .front()
            .value;
    }

    /// `metric` at each of `limits`.
    [[nodiscard]] PlainTensor values(const std::string& metric, const Json& limits) const {
        std::vector<double> found;
        for (const auto& limit : limits) {
            found.push_back(value(concat(metric, "@", exact_text(limit.get<double>()))));
        }
        return tensor_of(found);
    }

    /// From here on regions are found when their saturation areas are.
    void saturate() { truth_.saturation_px = saturation_; }

    [[nodiscard]] std::span<const float> map(std::size_t image) const {
        const auto area = size_.area();
        return std::span(maps_.values).subspan(image * area, area);
    }
    [[nodiscard]] const PlainTensor& maps() const { return maps_; }

  private:
    void add(const PlainTensor& masks, std::size_t image) {
        const auto area = static_cast<std::ptrdiff_t>(size_.area());
        const auto first = masks.values.begin() + static_cast<std::ptrdiff_t>(image) * area;
        masks_.push_back({size_.height, size_.width, {first, first + area}});
        const auto& pixels = masks_.back().anomalous;
        anomalous_.push_back(std::ranges::count(pixels, 0) < area ? 1 : 0);
        scores_.ids.push_back(concat("image/", image));
        scores_.images.push_back(std::ranges::max(map(image)));
    }

    /// By the rule that the parameter "spro_saturation" tells in words: 7 pixels, at most all, of
    /// even regions, half the area of others.
    void add_saturation(const PublishedCase& fixture) {
        const auto& channels = input(fixture, "defect_channels", 3);
        const auto& owners = input(fixture, "defect_owner", 1).values;
        require<DataError>(owners.size() == truth_.region_sizes.size() &&
                               channels.values.size() == owners.size() * size_.area(),
                           "the defects of a fixture are not the regions of its masks; make it "
                           "again");
        saturation_.resize(owners.size());
        for (std::size_t k = 0; k < owners.size(); ++k) {
            const auto& pixels = truth_.images[static_cast<std::size_t>(owners[k])];
            const auto* const channel = channels.values.data() + k * size_.area();
            const auto at = std::ranges::find_if(
                pixels.index, [&](std::uint32_t pixel) { return channel[pixel] != 0; });
            const auto region = pixels.region[static_cast<std::size_t>(at - pixels.index.begin())];
            const auto area = truth_.region_sizes[region];
            by_channel_.push_back(k % 2 == 0 ? std::min(7U, area) : area / 2);
            saturation_[region] = by_channel_.back();
        }
    }

    const PlainTensor& maps_;  ///< Of the fixture, which outlives this.
    MapSize size_;
    MapSource source_;
    MetricOptions options_{};
    PatchScores scores_{};
    std::vector<Mask> masks_;
    std::vector<std::uint8_t> anomalous_;
    GroundTruth truth_;
    std::vector<std::uint32_t> saturation_;  ///< By region.
    std::vector<std::uint32_t> by_channel_;
};

void add_curve(const std::string& name, const char* value, const RateCurve& curve,
               NamedTensors& outputs) {
    outputs[name + ".fpr"] = tensor_of(curve.rate);
    outputs[concat(name, ".", value)] = tensor_of(curve.value);
}

/// Values at the limits of the fixture, and curves up to one of them.
void add_pro(const MeasuredCase& measured, const Json& limits, NamedTensors& outputs) {
    for (const auto& [output, metric] : std::initializer_list<std::pair<const char*, const char*>>{
             {"aupro_exact", "AUPRO"},
             {"aupro_anomalib_new", "AUPRO"},
             {"aupro_anomalib_old", "pro:anomalib-1"},
             {"subspacead_before.anomalib_old", "pro:subspacead-1"},
             {"subspacead_before.anomalib_new", "pro:anomalous-only"},
             {"subspacead_after", "pro:subspacead-2"}}) {
        outputs[output] = measured.values(metric, limits);
    }
    add_curve("anomalib_old_curve_0.3", "tpr", anomalib_1_curve(measured.category(), 0.3), outputs);
    auto exact = exact_pro_curve(measured.category());
    exact.rate.push_back(1);  // As the fixture ends it.
    exact.value.push_back(1);
    add_curve("exact_curve", "pro", exact, outputs);
}

/// Single numbers, and what MuSc's function gives.
void add_values(const MeasuredCase& measured, NamedTensors& outputs) {
    const auto add = [&](const char* output, std::initializer_list<const char*> metrics) {
        std::vector<double> values;
        for (const auto* metric : metrics) { values.push_back(measured.value(metric)); }
        outputs[output] = tensor_of(values);
    };
    add("pixel_auroc", {"P-AUROC"});
    add("pixel_ap", {"P-AP"});
    add("pixel_auroc_max_fpr_0.05", {"auroc:max-fpr@0.05"});
    add("pro200_musc.float64", {"pro:musc200"});
    add("pro200_musc.float32", {"pro:musc200-float32"});
    add("pro200_rad.float64", {"pro:rad200"});
    add("pro200_rad.float32", {"pro:rad200-float32"});
    add("musc_compute_metrics.image", {"I-AUROC", "I-F1max", "I-AP"});
    add("musc_compute_metrics.pixel", {"P-AUROC", "P-F1max", "P-AP", "pro:musc200"});
    add("segf1.mean_anomalous", {"segf1:superadd"});
    outputs["segf1.per_image"] = tensor_of(best_f1_of_images(measured.category()));
}

void add_pimo(const MeasuredCase& measured, const Json& parameters, NamedTensors& outputs) {
    const auto& bounds = parameters.at("pimo_fpr_bounds");
    const auto pimo =
        anomalib_pimo(measured.category(), parameters.at("pimo_thresholds").get<std::size_t>(),
                      bounds.at(0).get<double>(), bounds.at(1).get<double>());
    outputs["aupimo.thresholds"] = tensor_of(pimo.thresholds);
    outputs["aupimo.shared_fpr"] = tensor_of(pimo.rates);
    outputs["aupimo.scores"] = tensor_of(pimo.images);
    outputs["aupimo.points"] = tensor_of(std::vector{pimo.points});
}

void add_maps(const MeasuredCase& measured, NamedTensors& outputs) {
    PlainTensor stretched{measured.maps().shape, {}};
    for (std::size_t i = 0; i < std::size_t(stretched.shape[0]); ++i) {
        const auto map = min_max_map(measured.map(i));
        stretched.values.insert(stretched.values.end(), map.begin(), map.end());
    }
    outputs["minmax_maps"] = std::move(stretched);
}

/// Last: regions have saturation areas from then on.
void add_saturated(MeasuredCase& measured, const Json& limits, NamedTensors& outputs) {
    measured.saturate();
    auto curve = exact_pro_curve(measured.category());
    curve.rate.insert(curve.rate.begin(), 0);  // As the fixture begins it.
    curve.value.insert(curve.value.begin(), 0);
    add_curve("spro", "mean", curve, outputs);
    outputs["spro.saturation_area"] = tensor_of(measured.by_channel());
    outputs["auspro_all_thresholds"] = measured.values("sPRO", limits);
    outputs["auspro_adaptive"] = outputs["auspro_all_thresholds"];
}

NamedTensors run_metrics(const PublishedCase& fixture) {
    const auto parameters = Json::parse(fixture.parameters);
    MeasuredCase measured(fixture);
    NamedTensors outputs;
    add_pro(measured, parameters.at("limits"), outputs);
    add_values(measured, outputs);
    add_pimo(measured, parameters, outputs);
    add_maps(measured, outputs);
    add_saturated(measured, parameters.at("spro_limits"), outputs);
    return outputs;
}

}  // namespace

std::vector<FixtureResult> verify_metrics(const std::filesystem::path& folder) {
    return verify_method(folder, run_metrics);
}

}  // namespace patchead::inline setup_detail
