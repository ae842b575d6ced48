#include <algorithm>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include "backbone/tensor_backbone.hpp"
#include "checkpoint_files.hpp"
#include "fixture_folders.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/random.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;

class Encode : public testing::Test {
  protected:
    ~Encode() override { set_compute_threads(1); }

    static std::vector<float> noise(int images, int height, int width) {
        Random random("pixels", 5);
        std::vector<float> pixels(3U * static_cast<unsigned>(images * height * width));
        for (auto& value : pixels) { value = static_cast<float>(random.normal()); }
        return pixels;
    }

    std::unique_ptr<const Backbone> tiny_ = [] {
        const auto& entry = find(backbones(), "backbone", "patchead_tiny");
        return load_backbone(entry, test::source_folder() / "configs/backbones" / entry.file, {});
    }();
};

TEST_F(Encode, GivesShapesOfTheGrid) {
    const auto result = tiny_->encode(noise(2, 64, 96), 2, 64, 96);
    EXPECT_EQ(result.grid, (Grid{4, 6}));
    EXPECT_EQ(result.dim, 192);
    EXPECT_EQ(result.heads, 3);
    EXPECT_EQ(result.tokens.size(), 2U * 24 * 192);
    EXPECT_EQ(result.attention.size(), 2U * 3 * 24);
}

// A row of the softmax over all keys: what is missing to 1 is the class token's own share.
TEST_F(Encode, GivesAttentionThatIsPartOfASoftmax) {
    const auto result = tiny_->encode(noise(1, 224, 224), 1, 224, 224);
    for (std::size_t head = 0; head < 3; ++head) {
        double sum = 0;
        for (std::size_t patch = 0; patch < 196; ++patch) {
            const float value = result.attention[head * 196 + patch];
            EXPECT_GE(value, 0.0F);
            sum += value;
        }
        EXPECT_GT(sum, 0.01);
        EXPECT_LT(sum, 1.0);
    }
}

TEST_F(Encode, GivesAnImageTheSameBitsInEveryBatch) {
    constexpr int images = 70;  // Groups of 33, and four left over.
    const auto pixels = noise(images, 96, 64);
    const auto together = tiny_->encode(pixels, images, 96, 64);
    const std::size_t size = pixels.size() / images;
    for (std::size_t image = 0; image < images; image += 23) {
        const auto alone = tiny_->encode(std::span(pixels).subspan(image * size, size), 1, 96, 64);
        EXPECT_TRUE(std::ranges::equal(
            alone.tokens,
            std::span(together.tokens).subspan(image * alone.tokens.size(), alone.tokens.size())));
        EXPECT_TRUE(std::ranges::equal(
            alone.attention, std::span(together.attention)
                                 .subspan(image * alone.attention.size(), alone.attention.size())));
    }
}

/// A network whose numbers depend on the batch, as products of a BLAS may.
class Sociable final : public TensorBackbone {
  public:
    Sociable() : TensorBackbone(described(), ComputePlace{}) {}

  private:
    static BackboneInfo described() {
        BackboneInfo info;
        info.family = "sociable";
        info.patch_px = info.width = info.dim = 1;
        return info;
    }

    [[nodiscard]] TensorEncoding forward(const at::Tensor& images, Grid grid,
                                         const TokenRequest& /*request*/) const override {
        return {at::full({images.size(0), grid.size(), 1}, static_cast<double>(images.size(0))),
                {}};
    }

    [[nodiscard]] std::int64_t worth_together(Grid /*grid*/) const override { return 4; }
};

TEST(Company, IsLeftWhereItChangesBits) {
    const auto result = Sociable().encode(std::vector<float>(8UL * 3), 8, 1, 1);
    EXPECT_EQ(result.tokens, std::vector<float>(8, 1.0F));
}

/// A network on a device that has memory for three images; its only token is the first pixel.
class Hungry final : public TensorBackbone {
  public:
    Hungry() : TensorBackbone(described(), at_once()) {}

    mutable std::vector<std::int64_t> tried;  ///< Numbers of images.

  private:
    static BackboneInfo described() {
        BackboneInfo info;
        info.family = "hungry";
        info.patch_px = info.width = info.dim = 1;
        return info;
    }
    static ComputePlace at_once() {
        ComputePlace place;
        place.work = Work::at_once;
        return place;
    }

    [[nodiscard]] TensorEncoding forward(const at::Tensor& images, Grid /*grid*/,
                                         const TokenRequest& /*request*/) const override {
        tried.push_back(images.size(0));
        if (images.size(0) > 3) { throw c10::OutOfMemoryError("no memory", {}); }
        return {images.select(1, 0).reshape({images.size(0), 1, 1}), {}};
    }
};

TEST(Memory, ThatDoesNotDoHalvesTheImagesOfAPassNowAndLater) {
    const Hungry network;
    std::vector<float> pixels;
    for (int i = 0; i < 20; ++i) { pixels.insert(pixels.end(), 3, static_cast<float>(i)); }
    const auto result = network.encode(pixels, 20, 1, 1);
    ASSERT_EQ(result.tokens.size(), 20U);
    for (std::size_t i = 0; i < 20; ++i) { EXPECT_EQ(result.tokens[i], static_cast<float>(i)); }
    EXPECT_EQ(std::vector(network.tried.begin(), network.tried.begin() + 3),
              (std::vector<std::int64_t>{10, 5, 2}));
    network.tried.clear();
    EXPECT_EQ(network.encode(pixels, 20, 1, 1).tokens, result.tokens);
    EXPECT_EQ(network.tried, std::vector<std::int64_t>(10, 2));
}

TEST_F(Encode, GivesTheSameBitsForEveryNumberOfThreads) {
    const auto pixels = noise(3, 224, 224);
    set_compute_threads(1);
    const auto one = tiny_->encode(pixels, 3, 224, 224);
    for (const int threads : {2, 3, 5}) {
        set_compute_threads(threads);
        const auto several = tiny_->encode(pixels, 3, 224, 224);
        EXPECT_EQ(several.tokens, one.tokens);
        EXPECT_EQ(several.attention, one.attention);
        EXPECT_EQ(at::get_num_threads(), threads) << "the caller's setting must survive";
    }
}

TEST_F(Encode, GivesTheSameBitsAgainAfterAnotherSize) {
    const auto pixels = noise(1, 224, 224);
    const auto first = tiny_->encode(pixels, 1, 224, 224);
    static_cast<void>(tiny_->encode(noise(1, 64, 64), 1, 64, 64));
    EXPECT_EQ(tiny_->encode(pixels, 1, 224, 224).tokens, first.tokens);
}

// The network sees (x - mean) / std; a constant picture differs from another in every patch.
TEST_F(Encode, DependsOnThePixels) {
    const std::vector<float> dark(3 * 64 * 64, -1.0F);
    const std::vector<float> light(3 * 64 * 64, 1.0F);
    const auto a = tiny_->encode(dark, 1, 64, 64);
    const auto b = tiny_->encode(light, 1, 64, 64);
    for (std::size_t patch = 0; patch < 16; ++patch) {
        EXPECT_NE(a.tokens[patch * 192], b.tokens[patch * 192]);
    }
}

// An image of 112 px has 49 patches, so that 16 of them fill the network; each takes 0.7 MB.
TEST_F(Encode, TakesAsManyImagesAsAreWorthItAndFitTheMemory) {
    set_compute_threads(1);
    const auto fit = [&](std::int64_t bytes, int side, const TokenRequest& request = {}) {
        return tiny_->images_within(bytes, side, side, request);
    };
    EXPECT_EQ(fit(1, 112), 1);
    EXPECT_GE(fit(5'000'000, 112), 5);
    EXPECT_LE(fit(5'000'000, 112), 9);
    EXPECT_LT(fit(10'000'000, 112, {in_form(TokenForm::raw, {1, 2, 3, 4, 5, 6})}),
              fit(10'000'000, 112));
    EXPECT_EQ(fit(100'000'000, 112), 16) << "a CPU gains nothing from more";
    EXPECT_EQ(fit(100'000'000, 448), 1);
    set_compute_threads(3);
    EXPECT_EQ(fit(1, 112), 3) << "no thread should wait for images";
    EXPECT_EQ(fit(100'000'000, 112), 48);
}

TEST_F(Encode, OfNoImagesIsEmpty) {
    const auto result = tiny_->encode({}, 0, 224, 224);
    EXPECT_EQ(result.grid, (Grid{14, 14}));
    EXPECT_TRUE(result.tokens.empty());
}

TEST_F(Encode, RefusesSizesThatArePartOfAPatch) {
    expect_words(
        message_of<ConfigError>([&] { return tiny_->encode(noise(1, 230, 224), 1, 230, 224); }),
        {"230x224", "16 px", "224x224"});
    expect_words(message_of<ConfigError>([&] { return tiny_->encode({}, 1, 0, 16); }), {"0x16"});
}

TEST_F(Encode, RefusesAnotherNumberOfValues) {
    expect_words(message_of<DataError>([&] { return tiny_->encode(noise(1, 64, 64), 2, 64, 64); }),
                 {"12288", "24576"});
    expect_words(message_of<DataError>([&] { return tiny_->encode({}, -1, 64, 64); }), {"-1"});
}

TEST(Compute, NamesItsLibraries) {
    const auto facts = compute_facts();
    for (const auto* name : {"libtorch", "blas", "cuda", "cpu instructions"}) {
        ASSERT_TRUE(facts.contains(name)) << name;
        EXPECT_FALSE(facts.at(name).empty()) << name;
    }
    EXPECT_TRUE(std::filesystem::exists(facts.at("blas"))) << facts.at("blas");
    EXPECT_EQ(facts.at("libtorch").find('.'), 1U);
}

TEST(Compute, SetsThreads) {
    for (const int threads : {2, 1}) {
        set_compute_threads(threads);
        EXPECT_EQ(at::get_num_threads(), threads);
    }
    expect_words(message_of<ConfigError>([] { set_compute_threads(0); }), {"threads = 0"});
}

TEST(Compute, PicksADeviceThatIsThere) {
    EXPECT_EQ(pick_device("cpu"), "cpu");
    EXPECT_EQ(pick_device("auto"), at::hasCUDA() ? "cuda" : "cpu");
    expect_words(message_of<ConfigError>([] { return pick_device("gpu"); }),
                 {"'gpu'", "auto, cpu, cuda"});
    if (at::hasCUDA()) { GTEST_SKIP() << "SKIPPED: this LibTorch has CUDA"; }
    expect_words(message_of<ConfigError>([] { return pick_device("cuda"); }),
                 {"no CUDA device", "built for CPUs only", "--device cpu"});
}

// The slowest reference BLAS on a slow machine gives about 1, no core more than 1000.
TEST(Compute, MeasuresAPlausibleSpeed) {
    set_compute_threads(1);
    const double gflops = measure_sgemm_gflops();
    EXPECT_GT(gflops, 0.1);
    EXPECT_LT(gflops, 1000.0);
}

}  // namespace
}  // namespace patchead
