#include <numeric>

#include "patchead/data/image_io.hpp"
#include "patchead/pipeline/worker.hpp"
#include "patchead/plan/fusion.hpp"
#include "patchead/plan/input_shapes.hpp"
#include "pictures.hpp"
#include "point_scores.hpp"

namespace patchead {

PointPictures Worker::pictures(std::size_t unit) {
    const auto& task = plan_.evaluates[unit];
    const auto foreground = foreground_of(task);
    const auto point = score_point(store_, plan_, task, foreground);
    const auto scale = colour_scale(point.patches(task.metrics));
    PointPictures result;
    result.heatmaps = draw_pictures(plan_.spec, task, point, scale);
    result.maps = record_maps(task, point, scale);
    if (task.scoring.masking) {
        const auto& finest = *parts_of(plan_, task)[point.finest()];
        const auto originals = originals_of(plan_, finest, task.recorded);
        result.maps.attention = over_images(foreground(originals), result.maps.grid,
                                            shapes_of(plan_, originals), task.metrics);
    }
    if (task.thumbnails) {
        for (const auto sample : result.maps.samples) {
            result.thumbnails.push_back(
                make_thumbnail(plan_.spec.samples, sample, task.metrics.truth_threshold));
        }
    }
    if (!task.recorded.empty()) {
        for (const auto i : task.unmeasured) { result.unmeasured.push_back(unmeasured_maps(i)); }
    }
    return result;
}

/// Of all its images, with colours of their own.
UnmeasuredMaps Worker::unmeasured_maps(std::size_t unit) {
    auto task = plan_.leave_outs[unit];
    task.recorded.resize(task.tests.size());
    std::iota(task.recorded.begin(), task.recorded.end(), std::size_t{0});
    const auto point = score_point(store_, plan_, task, foreground_of(task));
    UnmeasuredMaps result{plan_.spec.samples[task.tests.front()].split,
                          record_maps(task, point, colour_scale(point.patches(task.metrics))),
                          {}};
    for (const auto sample : task.tests) {
        const auto [height, width] = image_size(plan_.spec.samples[sample]);
        result.sizes.push_back({height, width});
    }
    return result;
}

ScoredImages Worker::scores(std::size_t unit) {
    auto task = plan_.evaluates[unit];
    task.recorded.resize(task.tests.size());
    std::iota(task.recorded.begin(), task.recorded.end(), std::size_t{0});
    const auto point = score_point(store_, plan_, task, foreground_of(task));
    FusedMaps maps(point, task.metrics);
    ScoredImages scored{
        record_maps(task, point, colour_scale(point.patches(task.metrics))), {}, {}};
    for (std::size_t i = 0; i < task.tests.size(); ++i) {
        scored.sizes.push_back(picture_size(plan_.spec, task, task.tests[i]));
        const auto map = maps.map(i, scored.sizes.back());
        scored.maps.emplace_back(map.begin(), map.end());
    }
    return scored;
}

}  // namespace patchead
