#include "pictures.hpp"

#include <algorithm>
#include <unordered_map>

#include "patchead/data/image_io.hpp"
#include "patchead/data/thumbnail.hpp"
#include "patchead/plan/input_shapes.hpp"

namespace patchead::inline pipeline_detail {
namespace {

constexpr int kThumbnail = 224;  ///< Longer side, in px.

/// The value below which `fraction` of `values` lie. Requires values.
float quantile(std::vector<float> values, double fraction) {
    const auto rank = static_cast<std::size_t>(fraction * static_cast<double>(values.size() - 1));
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::ranges::nth_element(values, at);
    return *at;
}

/// As `options`, but patches as they are.
MetricOptions unsmoothed(MetricOptions options) {
    options.smooth_sigma_px = 0;
    return options;
}

}  // namespace

ColourScale colour_scale(const PatchScores& scores) {
    const auto own = own_scores(scores);
    return {quantile(own, 0.5), quantile(own, 0.998)};
}

std::vector<AnomalyPicture> draw_pictures(const SweepSpec& spec, const EvaluateUnit& unit,
                                          const PointScores& scores, const ColourScale& scale) {
    FusedMaps maps(scores, unit.metrics);
    const auto of_images = scores.images();
    std::vector<AnomalyPicture> pictures;
    for (const auto place : unit.pictures) {
        const auto& sample = spec.samples[unit.tests[place]];
        auto image = read_image(sample);
        auto truth = read_mask(sample, image.height, image.width, unit.metrics.truth_threshold);
        const auto size = picture_size(spec, unit, unit.tests[place]);
        const auto map = maps.map(place, size);
        pictures.push_back({unit.tests[place],
                            of_images[place],
                            std::move(image),
                            std::move(truth),
                            size,
                            {map.begin(), map.end()},
                            scale.low,
                            scale.high});
    }
    return pictures;
}

std::vector<float> over_images(std::vector<float> values, Grid grid,
                               std::span<const InputShape> shapes, const MetricOptions& options) {
    const auto size = static_cast<std::size_t>(grid.size());
    for (std::size_t image = 0; image < shapes.size(); ++image) {
        const auto of_image = std::span(values).subspan(image * size, size);
        const auto map =
            upsample(of_image, grid, shapes[image], {grid.rows, grid.cols}, unsmoothed(options));
        std::ranges::copy(map, of_image.begin());
    }
    return values;
}

PointMaps record_maps(const EvaluateUnit& unit, const PointScores& scores,
                      const ColourScale& scale) {
    const auto& grid = scores.parts[scores.finest()].tests.scores.grid;
    FusedMaps maps(scores, unsmoothed(unit.metrics));
    const auto of_images = scores.images();
    PointMaps recorded{grid, {}, {}, {}, {}, scale.low, scale.high};
    for (const auto place : unit.recorded) {
        recorded.samples.push_back(unit.tests[place]);
        recorded.scores.push_back(of_images[place]);
        // Where patches cover the image, and nothing else, that leaves them as they are.
        const auto map = maps.map(place, {grid.rows, grid.cols});
        recorded.patches.insert(recorded.patches.end(), map.begin(), map.end());
    }
    return recorded;
}

std::vector<ImageRef> originals_of(const SweepPlan& plan, const EvaluateUnit& unit,
                                   std::span<const std::size_t> places) {
    std::unordered_map<std::size_t, ImageRef> of_sample;
    const auto add_original = [&](const ImageRef& image) {
        const auto& embed = plan.embeds[image.embed];
        if (!embed.copies) { of_sample.emplace(embed.samples[image.row], image); }
    };
    for (const auto& group : unit.matches) {
        std::ranges::for_each(plan.matches[group.front()].queries, add_original);
    }
    std::vector<ImageRef> originals;
    for (const auto place : places) { originals.push_back(of_sample.at(unit.tests[place])); }
    return originals;
}

Thumbnail make_thumbnail(std::span<const Sample> samples, std::size_t sample,
                         double truth_threshold) {
    const auto image = read_image(samples[sample]);
    Thumbnail thumbnail{sample, image.height, image.width, jpeg_thumbnail(image, kThumbnail), {}};
    const auto truth = read_mask(samples[sample], image.height, image.width, truth_threshold);
    if (std::ranges::count(truth.anomalous, 0) <
        static_cast<std::ptrdiff_t>(truth.anomalous.size())) {
        thumbnail.truth_png = png_thumbnail(truth, kThumbnail);
    }
    return thumbnail;
}

}  // namespace patchead::inline pipeline_detail
