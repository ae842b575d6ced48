#include <gtest/gtest.h>

#include "backbone/checkpoint_files.hpp"
#include "backbone/fixture_folders.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/backbone/verify.hpp"
#include "patchead/core/random.hpp"

namespace patchead {
namespace {

constexpr int kWindowSide = 96;
constexpr int kWindowImages = 3;

std::filesystem::path window_fixture() { return test::golden_folder() / "open_clip/windows_64x64"; }

std::unique_ptr<const Backbone> small_clip() {
    LoadOptions options;
    options.overrides["heads"] = "4";
    return load_backbone("open_clip", window_fixture() / "weights.safetensors", options);
}

std::vector<float> window_pixels() {
    Random random("windows", 3);
    std::vector<float> pixels(3U * kWindowImages * kWindowSide * kWindowSide);
    for (auto& value : pixels) { value = static_cast<float>(random.normal()); }
    return pixels;
}

Encoding encode_windows(const Backbone& backbone, std::span<const float> pixels, int images,
                        std::vector<int> sides) {
    return backbone.encode(pixels, images, kWindowSide, kWindowSide, {{}, true, std::move(sides)});
}

TEST(Windows, AreThoseOfMaskedAttention) {
    const auto cases = verify_fixture(window_fixture());
    ASSERT_EQ(cases.size(), 1U);
    EXPECT_TRUE(cases[0].error.empty()) << cases[0].error;
    EXPECT_TRUE(cases[0].left_out.empty());
    EXPECT_LT(cases[0].token_difference, 1e-5);
}

TEST(Windows, HaveTheBitsThatTheyHaveAloneForAnyNumberOfThreads) {
    const auto backbone = small_clip();
    ASSERT_TRUE(backbone->info().windows);
    const auto pixels = window_pixels();
    const auto all = encode_windows(*backbone, pixels, kWindowImages, {2, 3});
    ASSERT_EQ(all.windows.size(), 2U);
    EXPECT_EQ(all.windows[0].grid, (Grid{5, 5}));
    EXPECT_EQ(all.windows[1].side, 3);
    for (const int threads : {1, 3}) {
        set_compute_threads(threads);
        for (std::size_t i = 0; i < kWindowImages; ++i) {
            const auto size = pixels.size() / kWindowImages;
            const auto alone =
                encode_windows(*backbone, std::span(pixels).subspan(i * size, size), 1, {2, 3});
            for (std::size_t side = 0; side < 2; ++side) {
                const auto& own = alone.windows[side].values;
                const auto begin =
                    all.windows[side].values.begin() + static_cast<std::ptrdiff_t>(i * own.size());
                EXPECT_TRUE(std::equal(own.begin(), own.end(), begin)) << i << " " << side;
            }
        }
    }
}

TEST(Windows, ChangeNoBitOfWhatComesWithoutThem) {
    const auto backbone = small_clip();
    const auto pixels = window_pixels();
    const auto with = encode_windows(*backbone, pixels, kWindowImages, {2});
    const auto without = encode_windows(*backbone, pixels, kWindowImages, {});
    EXPECT_EQ(with.tokens, without.tokens);
    EXPECT_EQ(with.image.feature, without.image.feature);
    EXPECT_TRUE(without.windows.empty());
}

TEST(Windows, OfAllPatchesAreTheImage) {
    const auto backbone = small_clip();
    const auto whole = encode_windows(*backbone, window_pixels(), kWindowImages, {6});
    ASSERT_EQ(whole.windows[0].values.size(), whole.image.feature.size());
    for (std::size_t i = 0; i < whole.image.feature.size(); ++i) {
        EXPECT_NEAR(whole.windows[0].values[i], whole.image.feature[i], 1e-5) << i;
    }
}

TEST(Windows, ThatDoNotFitAreRefused) {
    const auto backbone = small_clip();
    for (const auto& sides : {std::vector{7}, {0}, {3, 2}, {2, 2}}) {
        test::expect_words(
            test::message_of<ConfigError>(
                [&] { return encode_windows(*backbone, window_pixels(), kWindowImages, sides); }),
            {"windows of", "6 x 6", "choose sides of 1 to 6"});
    }
}

}  // namespace
}  // namespace patchead
