#include "patchead/pipeline/duplicates.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

constexpr int kPatches = 6;
constexpr int kChannels = 16;
using Picture = std::vector<float>;  // [kPatches, kChannels]

/// A category whose images have made-up features, an artifact for every three of them.
class DuplicatesTest : public testing::Test {
  protected:
    Picture random_picture() {
        Picture picture(kPatches * kChannels);
        for (float& value : picture) { value = static_cast<float>(random_.uniform()) - 0.3F; }
        return picture;
    }

    static Picture near(Picture picture, float by) {
        for (std::size_t i = 0; i < picture.size(); i += 3) { picture[i] += by; }
        return picture;
    }

    void add(const std::string& split, const Picture& picture) {
        Sample sample;
        sample.dataset = "toy";
        sample.category = "dots";
        sample.split = split;
        sample.defect_type = "good";
        sample.id = concat("dots/", split, "/good/", 100 + pictures_.size());
        sample.digest = sample.id;
        plan_.spec.samples.push_back(sample);
        pictures_.push_back(picture);
    }

    void write() {
        plan_.spec.backbones.resize(1);
        for (std::size_t at = 0; at < pictures_.size(); at += 3) {
            FeatureBlock block{{2, 3}, kChannels, {}, {}, {}};
            EmbedUnit embed;
            embed.side_px = 32;
            for (auto i = at; i < std::min(at + 3, pictures_.size()); ++i) {
                block.ids.push_back(plan_.spec.samples[i].id);
                std::ranges::copy(pictures_[i], std::back_inserter(block.embeddings));
                embed.samples.push_back(i);
            }
            embed.key = ArtifactKey("features", {{"unit", std::to_string(at)}});
            store_.write(embed.key, block, CacheType::fp32, {});
            plan_.embeds.push_back(embed);
        }
    }

    /// As the header says it, in plain loops.
    static double plain_distance(const Picture& one, const Picture& other) {
        return 1 - std::min(plain_similarity(one, other), plain_similarity(other, one));
    }

    static double plain_similarity(const Picture& one, const Picture& other) {
        double sum = 0;
        for (int p = 0; p < kPatches; ++p) {
            double best = -1;
            for (int q = 0; q < kPatches; ++q) {
                best = std::max(best, plain_cosine(one, p, other, q));
            }
            sum += best;
        }
        return sum / kPatches;
    }

    static double plain_cosine(const Picture& one, int p, const Picture& other, int q) {
        double ab = 0, aa = 0, bb = 0;
        for (int c = 0; c < kChannels; ++c) {
            const double a = one[static_cast<std::size_t>(p * kChannels + c)];
            const double b = other[static_cast<std::size_t>(q * kChannels + c)];
            ab += a * b;
            aa += a * a;
            bb += b * b;
        }
        return ab / std::sqrt(aa * bb);
    }

    Random random_{"duplicates", 7};
    TemporaryFolder folder_;
    Store store_{folder_.path()};
    SweepPlan plan_;
    std::vector<Picture> pictures_;
};

TEST_F(DuplicatesTest, AreThosePlantedWithTheDistanceOfPlainLoops) {
    for (int i = 0; i < 10; ++i) { add(i < 5 ? "train" : "test", random_picture()); }
    add("test", near(pictures_[2], 0.02F));
    add("test", pictures_[7]);
    write();
    const auto found = find_duplicates(store_, plan_, {});
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].images, 12U);
    ASSERT_EQ(found[0].pairs.size(), 2U);
    const auto& [same, other] = std::pair(found[0].pairs[0], found[0].pairs[1]);
    EXPECT_EQ(std::pair(same.one, same.other), std::pair(std::size_t{7}, std::size_t{11}));
    EXPECT_NEAR(same.distance, 0, 1e-6);
    EXPECT_EQ(std::pair(other.one, other.other), std::pair(std::size_t{2}, std::size_t{10}));
    EXPECT_NEAR(other.distance, plain_distance(pictures_[2], pictures_[10]), 1e-6);
    EXPECT_NEAR(other.ratio, other.distance / found[0].usual, 1e-12);
}

TEST_F(DuplicatesTest, OfFewImagesOnlyTheSameFeaturesAreTold) {
    for (int i = 0; i < 4; ++i) { add("train", random_picture()); }
    add("train", near(pictures_[0], 0.01F));
    add("test", pictures_[1]);
    write();
    const auto found = find_duplicates(store_, plan_, {.ratio = 1});
    ASSERT_EQ(found[0].pairs.size(), 1U);
    EXPECT_EQ(found[0].pairs[0].one, 1U);
    EXPECT_EQ(found[0].usual, 0);
}

TEST_F(DuplicatesTest, TwoSizesAreRefused) {
    for (int i = 0; i < 6; ++i) { add("train", random_picture()); }
    write();
    plan_.embeds[0].side_px = 64;
    EXPECT_THROW(static_cast<void>(find_duplicates(store_, plan_, {})), ConfigError);
}

}  // namespace
}  // namespace patchead
