#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/pipeline/worker.hpp"
#include "support/resident_memory.hpp"
#include "support/temporary_folder.hpp"

/// \file
/// \brief Peak memory of a rank on the largest category of the data sets (DAGM, classes 7 to 10):
/// 1,150 test images of 1024 patches and 768 channels, batch zero-shot in batches of 64. Features
/// are generated, so no network takes part.

namespace patchead {
namespace {

constexpr std::size_t kImages = 1150;
constexpr int kSide = 512;
constexpr std::size_t kPatches = 1024;
constexpr int kDim = 768;
// docs/performance.md: a batch of 201 MB, its similarities, a tile and candidates, the pixels of
// the metrics.
constexpr double kBoundMb = 512;

/// Test images that share two files: a clean one, and one with a square defect.
std::vector<Sample> make_samples(const std::filesystem::path& folder) {
    const auto pixels = static_cast<std::size_t>(kSide * kSide);
    Mask mask{kSide, kSide, std::vector<std::uint8_t>(pixels)};
    for (int y = 100; y < 130; ++y) {
        for (int x = 200; x < 230; ++x) {
            mask.anomalous[static_cast<std::size_t>(y * kSide + x)] = 1;
        }
    }
    write_png(folder / "image.png", Image{kSide, kSide, std::vector<std::uint8_t>(3 * pixels)});
    write_png(folder / "mask.png", mask);
    std::vector<Sample> samples(kImages);
    for (std::size_t i = 0; i < kImages; ++i) {
        auto& sample = samples[i];
        sample.anomalous = i % 8 == 0;
        sample.dataset = "generated";
        sample.category = "large";
        sample.split = "test";
        sample.defect_type = sample.anomalous ? "defect" : "good";
        sample.id = concat("large/test/", 10'000 + i);
        sample.image = folder / "image.png";
        if (sample.anomalous) { sample.mask = folder / "mask.png"; }
        sample.digest = sample.id;
    }
    return samples;
}

SweepSpec make_spec(const std::filesystem::path& folder) {
    SweepSpec spec;
    spec.samples = make_samples(folder);
    spec.backbones = {
        {"generated", {{"weights", "none"}}, {}, kSide / 32, kDim, 12, 86'000'000, true}};
    spec.grids = {{{}, {}, {kSide}, {0}, {0}, {{false, true}}}};
    return spec;
}

/// Noise; cheap, since there are 900 million values.
void write_noise(const Store& store, const SweepSpec& spec, const EmbedUnit& unit) {
    FeatureBlock block{{32, 32}, kDim, {}, {}, {}};
    for (const auto i : unit.samples) { block.ids.push_back(spec.samples[i].id); }
    std::uint64_t state = unit.samples.front() + 1;
    const auto next = [&] {
        state = state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<float>(state >> 40) / static_cast<float>(1 << 24) - 0.5F;
    };
    block.embeddings.resize(unit.samples.size() * kPatches * std::size_t{kDim});
    for (float& x : block.embeddings) { x = next(); }
    block.attention.resize(unit.samples.size() * kPatches);
    for (float& x : block.attention) { x = next() + 0.5F; }
    store.write(unit.key, block, spec.method.features.cache_type, {});
}

TEST(LargestCategory, StaysBelowTheStatedMemory) {
    const TemporaryFolder folder;
    const auto spec = make_spec(folder.path());
    const auto plan = make_plan(spec);
    ASSERT_EQ(plan.matches.size(), 18U);
    ASSERT_EQ(plan.evaluates.size(), 1U);
    const Store store(folder.path() / "store");
    for (const auto& unit : plan.embeds) { write_noise(store, spec, unit); }
    Worker worker(plan, store, {{"generated", {}, {}}}, {}, {});
    forget_peak();
    const double before = memory_mb("VmRSS");
    for (std::size_t unit = 0; unit < plan.matches.size(); ++unit) {
        worker.make({UnitKind::match, unit});
    }
    const double of_matching = memory_mb("VmHWM") - before;
    forget_peak();
    worker.make({UnitKind::evaluate, 0});
    const double of_metrics = memory_mb("VmHWM") - before;
    RecordProperty("matching_mb", std::to_string(of_matching));
    RecordProperty("metrics_mb", std::to_string(of_metrics));
    std::printf("beyond the process: %.0f MB to match, %.0f MB to evaluate\n", of_matching,
                of_metrics);
    EXPECT_LT(of_matching, kBoundMb);
    EXPECT_LT(of_metrics, kBoundMb);
    EXPECT_EQ(store.read_result(plan.evaluates[0].key).ids.size(), kImages);
}

}  // namespace
}  // namespace patchead
