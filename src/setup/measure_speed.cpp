#include "patchead/setup/measure_speed.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <limits>
#include <set>

#include "patchead/alignment/align.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/random.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/image_library.hpp"
#include "patchead/data/preprocess.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/pipeline/worker.hpp"
#include "patchead/scoring/match.hpp"

namespace patchead {
namespace {

/// Seconds of `work`: the best of a few times, or of one that takes long.
double seconds_of(const std::function<void()>& work) {
    using Clock = std::chrono::steady_clock;
    constexpr int kTimes = 4;  // The first also makes tables and fills caches.
    constexpr double kLong = 1;
    double best = std::numeric_limits<double>::infinity();
    double all = 0;
    for (int i = 0; i < kTimes && all < kLong; ++i) {
        const auto start = Clock::now();
        work();
        const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
        best = std::min(best, seconds);
        all += seconds;
    }
    return best;
}

/// Pixels of one rank in a second, on maps as a ViT gives them at 448 px, half of them anomalous.
double measure_pixels() {
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
    const double seconds = seconds_of([&] { (void)measure(scores, anomalous, truth, options); });
    return kImages * kSide * kSide / seconds;
}

/// Seconds of one image in a full batch.
double measure_forward(const Backbone& network, int side_px, const ForwardOptions& options) {
    const int batch = images_at_once(options, network, side_px);
    const auto plane = static_cast<std::size_t>(side_px) * static_cast<std::size_t>(side_px);
    std::vector<float> pixels(static_cast<std::size_t>(batch) * 3 * plane);
    Random random("pixels", 0);
    for (float& pixel : pixels) { pixel = static_cast<float>(random.uniform(-2, 2)); }
    return seconds_of([&] { (void)network.encode(pixels, batch, side_px, side_px); }) / batch;
}

void measure_networks(const std::vector<BackboneSource>& sources, const SweepPlan& plan,
                      const ForwardOptions& options, CoreSpeed& speed) {
    std::set<std::pair<std::size_t, int>> wanted;
    for (const auto& unit : plan.embeds) { wanted.emplace(unit.backbone, unit.side_px); }
    for (std::size_t backbone = 0; backbone < sources.size(); ++backbone) {
        const auto& source = sources[backbone];
        const auto network = load_backbone(source.family, source.weights, source.options);
        for (const auto& [of, side_px] : wanted) {
            if (of != backbone) { continue; }
            speed.forward_seconds[{of, side_px}] = measure_forward(*network, side_px, options);
        }
    }
}

double measure_reading(const SweepPlan& plan) {
    constexpr std::size_t kImages = 4;
    const auto& unit = plan.embeds.front();
    const auto& preprocessing = plan.spec.backbones[unit.backbone].preprocessing;
    const auto needed = needed_samples(plan.spec);
    const auto step = std::max<std::size_t>(1, needed.size() / kImages);
    double seconds = 0;
    double images = 0;
    for (std::size_t i = 0; i < needed.size(); i += step) {
        const auto& sample = plan.spec.samples[needed[i]];
        seconds +=
            seconds_of([&] { (void)preprocess(read_image(sample), unit.side_px, preprocessing); });
        images += 1;
    }
    return seconds / images;
}

/// One pair, and what knowing its target costs: an image mostly has several partners.
double measure_estimate(const SweepSpec& spec, const AlignPair& pair) {
    constexpr double kPartners = 4;
    const auto& options = spec.method.align;
    const auto source = read_image(spec.samples[pair.source]);
    const auto target = read_image(spec.samples[pair.target]);
    const auto of_source = find_landmarks(source, options);
    const auto of_target = find_landmarks(target, options);
    const double looking = seconds_of([&] { (void)find_landmarks(target, options); });
    return looking / kPartners + seconds_of([&] { (void)align(*of_source, *of_target, options); });
}

}  // namespace

CoreSpeed measure_speed_without_files(const Resources& resources) {
    set_compute_threads(resources.threads);
    set_image_threads(resources.threads);
    CoreSpeed speed;
    speed.forward_gflops = measure_sgemm_gflops();
    speed.match_gflops = measure_match_gflops();
    speed.pixels_per_second = measure_pixels();
    return speed;
}

CoreSpeed measure_speed(const std::vector<BackboneSource>& sources, const SweepPlan& plan,
                        const Resources& resources) {
    auto speed = measure_speed_without_files(resources);
    if (plan.embeds.empty()) { return speed; }
    speed.image_seconds = measure_reading(plan);
    measure_networks(sources, plan, resources.forward, speed);
    if (!plan.aligns.empty()) {
        speed.estimate_seconds = measure_estimate(plan.spec, plan.aligns.front().pairs.front());
    }
    return speed;
}

}  // namespace patchead
