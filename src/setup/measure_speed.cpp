#include "patchead/setup/measure_speed.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "patchead/alignment/align.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/backbone/trial_network.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/core/timing.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/image_library.hpp"
#include "patchead/data/preprocess.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/pipeline/worker.hpp"
#include "patchead/plan/input_shapes.hpp"
#include "patchead/scoring/match.hpp"
#include "patchead/scoring/screening.hpp"

namespace patchead {
namespace {

/// Seconds of `work` on a rank of `threads`.
double seconds_of(int threads, const std::function<void()>& work) {
    constexpr int kTimes = 7;  // The first also makes tables and fills caches.
    constexpr double kLong = 1;
    return best_seconds(threads == 1 ? Timed::this_thread : Timed::other_threads, kTimes, kLong,
                        work);
}

/// Pixels of one rank in a second, on maps as a ViT gives them at 448 px, half of them anomalous.
double measure_pixels(int threads) {
    constexpr std::size_t kImages = 8;
    constexpr int kSide = 448;
    constexpr int kPatches = 28;
    PatchScores scores{{kPatches, kPatches}, {}, {}, {}};
    std::vector<std::uint8_t> anomalous;
    Random random("maps", 0);
    for (std::size_t i = 0; i < kImages; ++i) {
        scores.ids.push_back(std::to_string(i));
        scores.images.push_back(static_cast<float>(random.uniform()));
        anomalous.push_back(i % 2);
    }
    scores.patches.resize(kImages * kPatches * kPatches);
    for (float& score : scores.patches) { score = static_cast<float>(random.uniform()); }
    const auto mask = [](std::size_t image) {
        Mask made{kSide, kSide, std::vector<std::uint8_t>(std::size_t{kSide} * kSide)};
        if (image % 2 == 1) { std::fill_n(made.anomalous.begin() + 1000, 2000, 1); }
        return made;
    };
    MetricOptions options;
    options.side_px = kSide;
    const auto truth = find_regions(mask, anomalous, options.connectivity);
    const double seconds =
        seconds_of(threads, [&] { (void)measure(scores, anomalous, truth, options); });
    return kImages * kSide * kSide / seconds;
}

/// Seconds of one image in a full batch.
double measure_forward(const Backbone& network, int side_px, const Resources& resources,
                       bool on_cpu) {
    const int batch = images_at_once(resources.worker, network, {side_px, side_px});
    const auto pixels = random_pixels(batch, side_px);
    constexpr int kClock = 0;  // A GPU works beside this thread.
    return seconds_of(on_cpu ? resources.threads : kClock,
                      [&] { (void)network.encode(pixels, batch, side_px, side_px); }) /
           batch;
}

void measure_networks(const std::vector<BackboneSource>& sources, const SweepPlan& plan,
                      const Resources& resources, CoreSpeed& speed) {
    std::set<std::pair<std::size_t, int>> wanted;
    for (const auto& unit : plan.embeds) {
        wanted.emplace(unit.backbone, pass_side(plan.spec.method.features, unit.side_px));
    }
    for (std::size_t backbone = 0; backbone < sources.size(); ++backbone) {
        const auto& source = sources[backbone];
        const auto network = load_backbone(source.family, source.weights, source.options);
        const bool on_cpu = source.options.device == "cpu";
        for (const auto& [of, side_px] : wanted) {
            if (of != backbone) { continue; }
            speed.forward_seconds[{of, side_px}] =
                measure_forward(*network, side_px, resources, on_cpu);
        }
    }
}

double measure_reading(const SweepPlan& plan, int threads) {
    constexpr std::size_t kImages = 4;
    const auto& unit = plan.embeds.front();
    const auto& preprocessing = plan.spec.backbones[unit.backbone].preprocessing;
    const auto needed = needed_samples(plan.spec);
    const auto step = std::max<std::size_t>(1, needed.size() / kImages);
    double seconds = 0;
    double images = 0;
    for (std::size_t i = 0; i < needed.size(); i += step) {
        const auto& sample = plan.spec.samples[needed[i]];
        const auto shape = shape_of(plan.spec, needed[i], unit.backbone, unit.side_px);
        seconds += seconds_of(threads,
                              [&] { (void)preprocess(read_image(sample), shape, preprocessing); });
        images += 1;
    }
    return seconds / images;
}

/// One pair, and what knowing its target costs: an image mostly has several partners.
double measure_estimate(const SweepSpec& spec, const AlignPair& pair, int threads) {
    constexpr double kPartners = 4;
    const auto& options = spec.method.align;
    const auto source = read_image(spec.samples[pair.source]);
    const auto target = read_image(spec.samples[pair.target]);
    const auto of_source = find_landmarks(source, options);
    const auto of_target = find_landmarks(target, options);
    const double looking = seconds_of(threads, [&] { (void)find_landmarks(target, options); });
    return looking / kPartners +
           seconds_of(threads, [&] { (void)align(*of_source, *of_target, options); });
}

}  // namespace

std::string speed_text(const CoreSpeed& speed, const SweepSpec& spec) {
    auto text = concat("matching ", speed.match_gflops, " GFLOP/s (screening: ", screening_text(),
                       "), metrics ", speed.pixels_per_second * 1e-6, " megapixels/s, reading ",
                       1e3 * speed.image_seconds, " ms an image");
    for (const auto& [of, seconds] : speed.forward_seconds) {
        text += concat(", ", spec.backbones[of.first].name, " at ", of.second, " px ",
                       1e3 * seconds, " ms an image");
    }
    return text;
}

CoreSpeed measure_speed_without_files(const Resources& resources) {
    set_compute_threads(resources.threads);
    set_image_threads(resources.threads);
    CoreSpeed speed;
    speed.forward_gflops = measure_sgemm_gflops();
    speed.match_gflops = measure_match_gflops();
    speed.pixels_per_second = measure_pixels(resources.threads);
    return speed;
}

CoreSpeed measure_speed(const std::vector<BackboneSource>& sources, const SweepPlan& plan,
                        const Resources& resources) {
    auto speed = measure_speed_without_files(resources);
    if (plan.embeds.empty()) { return speed; }
    speed.image_seconds = measure_reading(plan, resources.threads);
    measure_networks(sources, plan, resources, speed);
    if (!plan.aligns.empty()) {
        speed.estimate_seconds =
            measure_estimate(plan.spec, plan.aligns.front().pairs.front(), resources.threads);
    }
    return speed;
}

}  // namespace patchead
