#include <algorithm>
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead {
namespace {

constexpr Grid kSmallGrid{3, 4};
constexpr int kJoint = 5;

std::vector<float> draws(const std::string& what, std::size_t count) {
    Random random(what, 3);
    std::vector<float> values(count);
    for (auto& value : values) { value = static_cast<float>(random.normal()); }
    return values;
}

/// Two images with patches in the space of sentences, windows of 2 patches, and texts.
DetectorImages two_images() {
    DetectorImages images;
    images.ids = {"a", "b"};
    images.layers = {{12, kSmallGrid, kJoint, draws("patches", 2 * 12 * kJoint), {}}};
    images.image_tokens = draws("wholes", 2 * kJoint);
    images.windows = {{2, window_grid(kSmallGrid, 2), kJoint, draws("windows", 2 * 6 * kJoint)}};
    images.texts = {{{3, kJoint}, draws("normal", 3 * kJoint)},
                    {{2, kJoint}, draws("anomalous", 2 * kJoint)}};
    images.input = {48, 64};
    return images;
}

std::vector<double> mean_sentence(const PlainTensor& sentences) {
    std::vector<double> mean(kJoint, 0.0);
    for (std::size_t i = 0; i < sentences.values.size(); ++i) {
        mean[i % kJoint] += double{sentences.values[i]} / static_cast<double>(sentences.shape[0]);
    }
    return mean;
}

template <class One, class Other>
double cosine(const One& one, const Other& other) {
    double dot = 0, a = 0, b = 0;
    for (std::size_t i = 0; i < kJoint; ++i) {
        dot += double{one[i]} * double{other[i]};
        a += double{one[i]} * double{one[i]};
        b += double{other[i]} * double{other[i]};
    }
    return dot / std::sqrt(a * b);
}

std::vector<float> row_of(const std::vector<float>& values, std::size_t row) {
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(row * kJoint);
    return {first, first + kJoint};
}

PatchScores scored(const DetectorOptions& options) {
    return make_detector("clip", options)->score_batch(two_images());
}

TEST(Clip, ScoresAnImageByItsSimilarityToSentences) {
    const auto images = two_images();
    const auto normal = mean_sentence(images.texts.normal);
    const auto anomalous = mean_sentence(images.texts.anomalous);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto whole = row_of(images.image_tokens, i);
        const double to_normal = cosine(whole, normal);
        const double to_anomalous = cosine(whole, anomalous);
        EXPECT_NEAR(scored({}).images[i], to_anomalous - to_normal, 1e-6);
        EXPECT_NEAR(scored({{"side", "normal"}}).images[i], 1 - to_normal, 1e-6);
        EXPECT_NEAR(scored({{"side", "anomalous"}}).images[i], to_anomalous, 1e-6);
        EXPECT_EQ(scored({}).of(i)[7], scored({}).images[i]) << "a map of the image is even";
    }
}

TEST(Clip, ScoresPatchesAndWindowsOneByOne) {
    const auto images = two_images();
    const auto anomalous = mean_sentence(images.texts.anomalous);
    const auto patches = scored({{"of", "patches"}, {"side", "anomalous"}});
    double highest = -1;
    for (std::size_t i = 0; i < 12; ++i) {
        const double own = cosine(row_of(images.layers[0].patches, 12 + i), anomalous);
        EXPECT_NEAR(patches.of(1)[i], own, 1e-6) << i;
        highest = std::max(highest, own);
    }
    EXPECT_NEAR(patches.images[1], highest, 1e-6);
    const auto windows = scored({{"of", "windows"}, {"side", "anomalous"}});
    const auto window = [&](std::size_t i) {
        return cosine(row_of(images.windows[0].values, i), anomalous);
    };
    EXPECT_NEAR(windows.of(0)[0], window(0), 1e-6) << "a corner has one window";
    EXPECT_NEAR(windows.of(0)[1], (window(0) + window(1)) / 2, 1e-6);
    EXPECT_NEAR(windows.of(0)[5], (window(0) + window(1) + window(3) + window(4)) / 4, 1e-6);
}

TEST(Clip, NeedsWhatItCompares) {
    const auto needs = [](const char* of) {
        return make_detector("clip", {{"of", of}})->needs(Setting::zero_shot);
    };
    EXPECT_TRUE(needs("image").image_token);
    EXPECT_FALSE(needs("image").projected);
    EXPECT_TRUE(needs("patches").projected);
    EXPECT_EQ(needs("windows").windows, std::vector{2});
    EXPECT_FALSE(make_detector("clip")->is_for(Setting::few_shot));
}

TEST(Clip, ParaphrasesAreOneSentenceOfEachKindAndTheirNegativesTheSameExchanged) {
    const auto images = two_images();
    const auto whole = row_of(images.image_tokens, 0);
    std::vector<double> known;
    for (std::size_t normal = 0; normal < 3; ++normal) {
        for (std::size_t anomalous = 0; anomalous < 2; ++anomalous) {
            known.push_back(cosine(whole, row_of(images.texts.anomalous.values, anomalous)) -
                            cosine(whole, row_of(images.texts.normal.values, normal)));
        }
    }
    std::set<std::size_t> drawn;
    for (int k = 1; k <= 20; ++k) {
        const double score = scored({{"paraphrase", std::to_string(k)}}).images[0];
        const auto near =
            std::ranges::find_if(known, [&](double each) { return std::abs(each - score) < 1e-6; });
        ASSERT_NE(near, known.end()) << k;
        drawn.insert(static_cast<std::size_t>(near - known.begin()));
        EXPECT_EQ(scored({{"paraphrase", std::to_string(-k)}}).images[0],
                  static_cast<float>(-score));
    }
    EXPECT_GT(drawn.size(), 3U);
}

TEST(Clip, RefusesWhatItCannotCompare) {
    for (const auto& [name, value] : {std::pair{"of", "layers"},
                                      {"side", "left"},
                                      {"window", "0"},
                                      {"prompts", ""},
                                      {"paraphrase", "some"},
                                      {"paraphrase", "1000001"}}) {
        EXPECT_THROW(static_cast<void>(make_detector("clip", {{name, value}})), ConfigError);
    }
    auto images = two_images();
    images.image_tokens.clear();
    EXPECT_THROW(static_cast<void>(make_detector("clip")->score_batch(images)), DataError);
    images = two_images();
    images.texts.normal = {};
    EXPECT_THROW(static_cast<void>(make_detector("clip")->score_batch(images)), DataError);
    images = two_images();
    images.texts = {{{1, 4}, draws("four", 4)}, {{1, 4}, draws("more", 4)}};
    EXPECT_THROW(static_cast<void>(make_detector("clip")->score_batch(images)), DataError);
    images = two_images();
    EXPECT_THROW(
        static_cast<void>(
            make_detector("clip", {{"of", "windows"}, {"window", "3"}})->score_batch(images)),
        DataError);
}

}  // namespace
}  // namespace patchead
