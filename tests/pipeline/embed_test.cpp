#include "embedded.hpp"

#include <limits>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/data/image_io.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// One patch, one channel: the mean of the image's first plane. Two heads of attention 1 and 3.
class MeanOfRed final : public Backbone {
  public:
    explicit MeanOfRed(bool overflows = false) : overflows_(overflows) {}

    using Backbone::encode;
    [[nodiscard]] Encoding encode(std::span<const float> pixels, int batch, int height, int width,
                                  const TokenRequest& /*request*/) const override {
        batches.push_back(batch);
        const auto plane = static_cast<std::size_t>(height) * static_cast<std::size_t>(width);
        Encoding encoding{{1, 1}, 1, 2, {}, {}};
        for (std::size_t image = 0; image < static_cast<std::size_t>(batch); ++image) {
            double sum = 0;
            for (const float x : pixels.subspan(image * 3 * plane, plane)) { sum += double{x}; }
            encoding.tokens.push_back(overflows_ ? std::numeric_limits<float>::infinity()
                                                 : static_cast<float>(sum / double(plane)));
            encoding.attention.insert(encoding.attention.end(), {1.0F, 3.0F});
        }
        return encoding;
    }
    [[nodiscard]] int images_within(std::int64_t, int, int, const TokenRequest&) const override {
        return 1;
    }
    [[nodiscard]] const BackboneInfo& info() const override { return info_; }

    mutable std::vector<int> batches;

  private:
    bool overflows_;
    BackboneInfo info_;
};

class EmbedTest : public testing::Test {
  protected:
    EmbedTest() {
        for (int i = 0; i < 5; ++i) {
            Sample sample;
            sample.id = std::to_string(i);
            sample.image = folder_.path() / (sample.id + ".png");
            write_png(sample.image,
                      Image{2, 2, std::vector<std::uint8_t>(12, std::uint8_t(51 * i))});
            samples_.push_back(sample);
        }
    }

    TemporaryFolder folder_;
    std::vector<Sample> samples_;
    const Preprocessing plain_{Filter::bilinear, {0, 0, 0}, {1, 1, 1}};
};

TEST_F(EmbedTest, KeepsTheOrderOfTheImagesWhateverTheBatch) {
    for (const std::size_t batch : {1U, 2U, 8U}) {
        const MeanOfRed backbone;
        const auto block = embedded(backbone, samples_, 2, {1, 1}, plain_, batch);
        EXPECT_EQ(block.ids, (std::vector<std::string>{"0", "1", "2", "3", "4"}));
        for (std::size_t i = 0; i < 5; ++i) {
            EXPECT_FLOAT_EQ(block.embeddings[i], 0.2F * static_cast<float>(i));
        }
    }
}

TEST_F(EmbedTest, HoldsNoMoreThanABatchInMemory) {
    const MeanOfRed backbone;
    static_cast<void>(embedded(backbone, samples_, 2, {1, 1}, plain_, 2));
    EXPECT_EQ(backbone.batches, (std::vector<int>{1, 2, 2}));
}

TEST_F(EmbedTest, AttentionIsTheMeanOverHeads) {
    const auto block = embedded(MeanOfRed(), samples_, 2, {1, 1}, plain_, 2);
    EXPECT_EQ(block.attention, std::vector<float>(5, 2.0F));
}

TEST_F(EmbedTest, FeaturesThatAreNotFiniteAreRefused) {
    EXPECT_THROW(static_cast<void>(embedded(MeanOfRed(true), samples_, 2, {1, 1}, plain_, 2)),
                 DataError);
}

TEST_F(EmbedTest, ReadsAnImageOnceForAllNetworksAndSizes) {
    ImagesAtHand images(1'000'000);
    for (const int side : {2, 4, 6}) {
        const MeanOfRed another;
        const InputShape shape{{side, side}, {1, 1}, side};
        FeatureBlock block;
        embed_images(another, samples_, images, {std::vector(samples_.size(), shape), plain_, 2},
                     {{1, 1}, 2, {}}, [&](FeatureBlock part) { append(std::move(part), block); });
        EXPECT_EQ(block.images(), samples_.size());
        for (const auto& sample : samples_) { std::filesystem::remove(sample.image); }
    }
}

TEST_F(EmbedTest, AMissingImageIsNamed) {
    std::filesystem::remove(samples_[3].image);
    try {
        static_cast<void>(embedded(MeanOfRed(), samples_, 2, {1, 1}, plain_, 2));
        FAIL() << "no exception";
    } catch (const DataError& error) {
        EXPECT_NE(std::string(error.what()).find("3.png"), std::string::npos);
    }
}

}  // namespace
}  // namespace patchead
