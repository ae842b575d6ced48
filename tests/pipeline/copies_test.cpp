#include "pipeline/copies.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "embedded.hpp"
#include "patchead/alignment/warp.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/scoring/match.hpp"
#include "pipeline/warped_match.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

constexpr int kSide = 4;
constexpr InputShape kShape{{kSide, kSide}, {2, 2}, kSide / 2};

/// Patches are quarters of the image; an embedding is the quarter's own first channel.
class Quarters final : public Backbone {
  public:
    using Backbone::encode;
    [[nodiscard]] Encoding encode(std::span<const float> pixels, int batch, int height, int width,
                                  const TokenRequest& /*request*/) const override {
        Encoding encoding{{2, 2}, kSide, 1, {}, {}};
        const auto plane = static_cast<std::size_t>(height * width);
        for (std::size_t image = 0; image < static_cast<std::size_t>(batch); ++image) {
            const auto red = pixels.subspan(image * 3 * plane, plane);
            for (const std::size_t corner : {0U, 2U, 8U, 10U}) {
                for (const std::size_t step : {0U, 1U, 4U, 5U}) {
                    encoding.tokens.push_back(red[corner + step] + 0.01F);
                }
                encoding.attention.push_back(red[corner]);
            }
            ++forwards;
        }
        return encoding;
    }
    [[nodiscard]] int images_within(std::int64_t, int, int, const TokenRequest&) const override {
        return 1;
    }
    [[nodiscard]] const BackboneInfo& info() const override { return info_; }

    mutable std::size_t forwards = 0;

  private:
    BackboneInfo info_;
};

class CopiesTest : public testing::Test {
  protected:
    CopiesTest() {
        for (int i = 0; i < 3; ++i) {
            Sample sample;
            sample.id = std::to_string(i);
            sample.image = folder_.path() / (sample.id + ".png");
            Image image{kSide, kSide, std::vector<std::uint8_t>(3 * kSide * kSide)};
            for (std::size_t p = 0; p < image.rgb.size(); ++p) {
                image.rgb[p] = static_cast<std::uint8_t>((7 + 5 * i) * p % 251);
            }
            write_png(sample.image, image);
            samples_.push_back(sample);
        }
    }

    FeatureBlock originals(const std::vector<std::size_t>& which) {
        std::vector<Sample> chosen;
        for (const auto i : which) { chosen.push_back(samples_[i]); }
        return embedded(backbone_, chosen, kSide, {2, 2}, plain_, 2);
    }

    EmbeddedCopies embed(const std::vector<Copy>& copies, const FeatureBlock& known,
                         const AlignOptions& options = {}) {
        CopyMaker maker(kShape, plain_, options, images_);
        return embed_copies(backbone_, copies, known, maker, {{2, 2}, 2, {}});
    }

    TemporaryFolder folder_;
    std::vector<Sample> samples_;
    const Preprocessing plain_{Filter::bilinear, {0, 0, 0}, {1, 1, 1}};
    Quarters backbone_;
    ImagesAtHand images_{0};  // None is kept.
};

const Transform kHalfRight{{1, 0, 0.5, 0, 1, 0}};

TEST_F(CopiesTest, ARotatedCopyHasTheQuartersInReverse) {
    const auto copy = embed({{&samples_[0], Version::rotated, {}, {}}}, {}).features;
    auto reversed = originals({0}).embeddings;
    std::ranges::reverse(reversed);
    EXPECT_EQ(copy.embeddings, reversed);
    EXPECT_EQ(copy.versions, std::vector{Version::rotated});
    EXPECT_EQ(copy.ids, std::vector<std::string>{"0"});
}

TEST_F(CopiesTest, WhatIsKnownIsNotEmbeddedAgain) {
    const auto known = originals({0, 1});
    backbone_.forwards = 0;
    const auto copies = embed({{&samples_[1], Version::aligned, {}, 1}}, known);
    EXPECT_EQ(backbone_.forwards, 0U);
    EXPECT_EQ(copies.forwards, 0U);
    EXPECT_TRUE(std::ranges::equal(copies.features.embeddings, known.embedding(1)));
    EXPECT_TRUE(std::ranges::equal(copies.features.attention, known.attention_of(1)));
}

TEST_F(CopiesTest, EachDistinctCopyIsEmbeddedOnce) {
    const Copy shifted{&samples_[0], Version::aligned, kHalfRight, {}};
    const Copy turned{&samples_[0], Version::rotated, kHalfRight, {}};
    const auto copies = embed({shifted, turned, shifted, turned, shifted}, {});
    EXPECT_EQ(copies.forwards, 2U);
    EXPECT_TRUE(std::ranges::equal(copies.features.embedding(0), copies.features.embedding(4)));
    EXPECT_FALSE(std::ranges::equal(copies.features.embedding(0), copies.features.embedding(1)));
}

/// The left half of an image shifted to the right by half shows nothing of the source.
TEST_F(CopiesTest, DropReplacesPatchesBeyondTheSource) {
    AlignOptions drop;
    drop.border = AlignBorder::drop;
    const auto patch = [](const FeatureBlock& block, std::size_t at) {
        return std::vector(block.embeddings.begin() + std::ptrdiff_t(4 * at),
                           block.embeddings.begin() + std::ptrdiff_t(4 * (at + 1)));
    };
    const auto shifted = embed({{&samples_[0], Version::aligned, kHalfRight, {}}}, {}, drop);
    EXPECT_EQ(patch(shifted.features, 0), patch(shifted.features, 1));
    EXPECT_EQ(patch(shifted.features, 2), patch(shifted.features, 1));
    EXPECT_NE(patch(shifted.features, 3), patch(shifted.features, 1));
    const auto turned = embed({{&samples_[0], Version::rotated, kHalfRight, {}}}, {}, drop);
    EXPECT_EQ(patch(turned.features, 1), patch(turned.features, 0)) << "now the right half";
    EXPECT_EQ(patch(turned.features, 0), [&] {
        auto reversed = patch(shifted.features, 3);
        std::ranges::reverse(reversed);
        return reversed;
    }());
}

TEST_F(CopiesTest, WarpingTheFileAndWarpingTheInputAgreeAtOneSize) {
    AlignOptions native;
    native.warp = AlignWarp::native;
    AlignOptions input;
    input.warp = AlignWarp::input;
    const Copy copy{&samples_[2], Version::aligned, kHalfRight, {}};
    EXPECT_EQ(embed({copy}, {}, input).features.embeddings,
              embed({copy}, {}, native).features.embeddings);
}

// As another network or size of a rank finds it.
TEST_F(CopiesTest, AreMadeOfAnImageAtHandWithoutReadingItAgain) {
    ImagesAtHand images(1'000'000);
    for (const auto version : {Version::aligned, Version::rotated, Version::turned_90}) {
        for (const int tries : {1, 2}) {
            CopyMaker maker(kShape, plain_, {}, images);
            EXPECT_NO_THROW(static_cast<void>(maker.make({&samples_[0], version, {}, {}})))
                << "time " << tries;
            std::filesystem::remove(samples_[0].image);
        }
    }
}

class WarpedMatchTest : public CopiesTest {
  protected:
    /// Queries 1 and 2 against the copies of prompt 0.
    WarpedMatches match(const std::vector<Transform>& transforms) {
        auto itself = originals({0, 0});
        itself.embeddings = originals({0}).embeddings;
        const auto turned = embed({{&samples_[0], Version::rotated, {}, {}}}, {}).features;
        itself.embeddings.insert(itself.embeddings.end(), turned.embeddings.begin(),
                                 turned.embeddings.end());
        CopyMaker maker(kShape, plain_, {}, images_);
        backbone_.forwards = 0;
        return match_warped(backbone_, originals({1, 2}), {&samples_[0], transforms, itself}, maker,
                            {{2, 2}, 1, {}}, [](FeatureBlock query, FeatureBlock copies) {
                                return match_references(std::move(query), std::move(copies),
                                                        Reduce::nearest);
                            });
    }
};

TEST_F(WarpedMatchTest, WithTheIdentityTheAlignedCopyMatchesAsThePromptToTheLastBit) {
    const auto warped = match({Transform{}, Transform{}});
    EXPECT_EQ(warped.forwards, 0U);
    const auto plain = match_references(originals({1, 2}), originals({0}), Reduce::nearest);
    for (std::size_t q = 0; q < 2; ++q) {
        EXPECT_TRUE(std::ranges::equal(warped.matches.row(q, 0), plain.row(q, 0)));
    }
    EXPECT_EQ(warped.matches.reference_versions, (std::vector{Version::aligned, Version::rotated}));
    EXPECT_EQ(warped.matches.reference_ids, (std::vector<std::string>{"0", "0"}));
}

TEST_F(WarpedMatchTest, EachQueryMeetsTheCopiesMadeForIt) {
    const auto warped = match({Transform{}, kHalfRight});
    EXPECT_EQ(warped.forwards, 2U);
    auto copies = embed({{&samples_[0], Version::aligned, kHalfRight, {}},
                         {&samples_[0], Version::rotated, kHalfRight, {}}},
                        {});
    const auto expected =
        match_references(originals({2}), std::move(copies.features), Reduce::nearest);
    for (std::size_t r = 0; r < 2; ++r) {
        EXPECT_TRUE(std::ranges::equal(warped.matches.row(1, r), expected.row(0, r)));
    }
}

}  // namespace
}  // namespace patchead
