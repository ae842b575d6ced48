#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead {
namespace {

LayerTokens noise(std::size_t images, Grid grid, int dim, Random& random) {
    LayerTokens tokens{.grid = grid, .dim = dim, .patches = {}};
    for (std::size_t i = 0; i < images * static_cast<std::size_t>(grid.size() * dim); ++i) {
        tokens.patches.push_back(static_cast<float>(random.normal()));
    }
    return tokens;
}

void add_noise(std::size_t count, Random& random, std::vector<float>& values) {
    for (std::size_t i = 0; i < count; ++i) {
        values.push_back(static_cast<float>(random.normal()));
    }
}

/// Windows of the patches of `grid`, and texts, of as many channels as image tokens.
void add_windows_and_texts(Grid grid, Random& random, DetectorImages& images) {
    for (const int side : {2, 3}) {
        auto& windows = images.windows.emplace_back(WindowTokens{side, window_grid(grid, side), 6});
        add_noise(images.images() * static_cast<std::size_t>(windows.grid.size()) * 6, random,
                  windows.values);
    }
    for (auto* texts : {&images.texts.normal, &images.texts.anomalous}) {
        texts->shape = {3, 6};
        add_noise(18, random, texts->values);
    }
}

/// Four layers of noise.
DetectorImages some_images(std::size_t images, Random& random) {
    DetectorImages result;
    for (std::size_t i = 0; i < images; ++i) {
        result.ids.push_back("image" + std::to_string(i));
        for (int e = 0; e < 6; ++e) {
            result.image_tokens.push_back(static_cast<float>(random.normal()));
        }
    }
    for (int layer = 0; layer < 4; ++layer) {
        result.layers.push_back(noise(images, {6, 5}, 8, random));
    }
    result.input = {84, 70};
    add_windows_and_texts({6, 5}, random, result);
    return result;
}

DetectorImages row(const DetectorImages& images, std::size_t row) {
    DetectorImages one{{images.ids[row]}, {}, {}, {}, images.input};
    for (const auto& layer : images.layers) {
        const auto size = static_cast<std::ptrdiff_t>(layer.grid.size() * layer.dim);
        const auto begin = layer.patches.begin() + static_cast<std::ptrdiff_t>(row) * size;
        one.layers.push_back({layer.layer, layer.grid, layer.dim, {begin, begin + size}});
    }
    const auto width = static_cast<std::ptrdiff_t>(images.image_tokens.size() / images.images());
    const auto begin = images.image_tokens.begin() + static_cast<std::ptrdiff_t>(row) * width;
    one.image_tokens = {begin, begin + width};
    for (const auto& windows : images.windows) {
        const auto size = static_cast<std::ptrdiff_t>(windows.grid.size() * windows.dim);
        const auto first = windows.values.begin() + static_cast<std::ptrdiff_t>(row) * size;
        one.windows.push_back({windows.side, windows.grid, windows.dim, {first, first + size}});
    }
    return one;
}

class EveryDetector : public testing::TestWithParam<const DetectorInfo*> {};

TEST_P(EveryDetector, SaysWhatItIs) {
    const auto& info = *GetParam();
    EXPECT_FALSE(info.title.empty());
    EXPECT_FALSE(info.source.empty());
    for (const auto& option : info.options) { EXPECT_FALSE(option.help.empty()) << option.name; }
    const auto detector = make_detector(info.name);
    EXPECT_TRUE(detector->is_for(Setting::few_shot) || detector->is_for(Setting::zero_shot));
}

TEST_P(EveryDetector, RefusesAnOptionThatItDoesNotHave) {
    EXPECT_THROW(static_cast<void>(make_detector(GetParam()->name, {{"no_such", "1"}})),
                 ConfigError);
}

TEST_P(EveryDetector, ScoresEachQueryByItself) {
    const auto detector = make_detector(GetParam()->name);
    if (!detector->is_for(Setting::few_shot)) { GTEST_SKIP() << "batch zero-shot only"; }
    Random random("detector", 1);
    const auto model = detector->fit(some_images(3, random), 7);
    const auto queries = some_images(4, random);
    const auto together = detector->score(model, queries);
    ASSERT_EQ(together.ids, queries.ids);
    for (std::size_t i = 0; i < queries.images(); ++i) {
        const auto alone = detector->score(model, row(queries, i));
        EXPECT_EQ(alone.images[0], together.images[i]) << i;
        const auto of = together.of(i);
        EXPECT_EQ(alone.patches, std::vector<float>(of.begin(), of.end())) << i;
    }
}

TEST_P(EveryDetector, FitsTheSameModelTwice) {
    const auto detector = make_detector(GetParam()->name);
    if (!detector->is_for(Setting::few_shot)) { GTEST_SKIP() << "batch zero-shot only"; }
    Random random("detector", 2);
    const auto references = some_images(2, random);
    EXPECT_EQ(detector->fit(references, 3), detector->fit(references, 3));
}

TEST_P(EveryDetector, DependsOnTheSeedOnlyIfItSaysSo) {
    const auto detector = make_detector(GetParam()->name);
    if (detector->draws() || !detector->is_for(Setting::few_shot)) { GTEST_SKIP() << "it draws"; }
    Random random("detector", 5);
    const auto references = some_images(2, random);
    EXPECT_EQ(detector->fit(references, 3), detector->fit(references, 4));
}

TEST_P(EveryDetector, CanBePlanned) {
    const auto& info = *GetParam();
    for (const auto& line : info.published) {
        EXPECT_NO_THROW(static_cast<void>(
            make_detector(info.name, {{std::string(line.option), std::string(line.value)}})));
    }
    const auto detector = make_detector(info.name);
    for (const auto setting : {Setting::few_shot, Setting::zero_shot}) {
        if (!detector->is_for(setting)) { continue; }
        const auto layers = Layers().parse("layers", detector->needs(setting).layers);
        EXPECT_FALSE(layers_at(layers, 12).empty());
    }
}

TEST_P(EveryDetector, ScoresABatch) {
    const auto detector = make_detector(GetParam()->name);
    if (!detector->is_for(Setting::zero_shot)) { GTEST_SKIP() << "few-shot only"; }
    Random random("detector", 4);
    const auto batch = some_images(9, random);
    const auto scores = detector->score_batch(batch);
    EXPECT_EQ(scores.ids, batch.ids);
    EXPECT_EQ(scores.images.size(), batch.images());
    EXPECT_EQ(scores.patches.size(), batch.images() * static_cast<std::size_t>(scores.grid.size()));
}

/// What a query meets: the shapes of `images`, and of a model.
ScoringWork work_with(const DetectorImages& images, const DetectorModel& model) {
    ScoringWork work;
    for (const auto& layer : images.layers) { work.layers.push_back({layer.grid, layer.dim}); }
    for (const auto& [name, array] : model) { work.model[name] = array.shape; }
    return work;
}

// Arrays that a detector counts are those that it makes: with a wrong name they would be nothing.
TEST_P(EveryDetector, SaysWhatAQueryTakes) {
    const auto detector = make_detector(GetParam()->name);
    Random random("detector", 6);
    if (detector->is_for(Setting::few_shot)) {
        const auto few = some_images(1, random);
        const auto many = some_images(4, random);
        const double one = detector->scoring_flops(work_with(few, detector->fit(few, 7)));
        const double four = detector->scoring_flops(work_with(many, detector->fit(many, 7)));
        EXPECT_GT(one, static_cast<double>(few.layers.front().patches.size()));
        EXPECT_GE(four, one);
    }
    if (detector->is_for(Setting::zero_shot)) {
        auto work = work_with(some_images(1, random), {});
        work.batch = 4;
        const double of_four = detector->scoring_flops(work);
        EXPECT_GT(of_four, work.layers.back().dim);  // One embedding, of the image, at least.
        work.batch = 8;
        EXPECT_GE(detector->scoring_flops(work), of_four);
    }
}

std::vector<const DetectorInfo*> all_detectors() {
    std::vector<const DetectorInfo*> all;
    for (const auto& detector : detectors()) { all.push_back(&detector); }
    return all;
}

INSTANTIATE_TEST_SUITE_P(Registry, EveryDetector, testing::ValuesIn(all_detectors()),
                         [](const auto& test) { return std::string(test.param->name); });

TEST(Detectors, NameTheNearestOfAnUnknownOne) {
    EXPECT_THROW(static_cast<void>(make_detector("aprilgun")), ConfigError);
}

}  // namespace
}  // namespace patchead
