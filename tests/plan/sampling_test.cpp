#include "patchead/plan/sampling.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

/// A category with `train` normal training images and as many defective ones between them.
std::vector<Sample> category(const std::string& name, int train) {
    std::vector<Sample> samples;
    for (int i = 0; i < train; ++i) {
        for (const bool anomalous : {false, true}) {
            Sample sample;
            sample.dataset = "toy";
            sample.category = name;
            sample.split = "train";
            sample.anomalous = anomalous;
            sample.id = concat(name, "/train/", anomalous ? "bad/" : "good/", i);
            sample.image =
                concat("/data/toy/", name, "/train/", anomalous ? "bad/" : "good/", i, ".png");
            samples.push_back(sample);
        }
    }
    return samples;
}

TEST(SamplePrompts, AreNested) {
    const auto samples = category("dots", 20);
    const auto four = sample_prompts(samples, "toy", "dots", 1, 4);
    const auto two = sample_prompts(samples, "toy", "dots", 1, 2);
    EXPECT_TRUE(std::equal(two.begin(), two.end(), four.begin()));
}

TEST(SamplePrompts, AreNormalAndDistinct) {
    const auto samples = category("dots", 20);
    const auto prompts = sample_prompts(samples, "toy", "dots", 1, 20);
    EXPECT_EQ(std::set(prompts.begin(), prompts.end()).size(), 20U);
    for (const auto i : prompts) { EXPECT_FALSE(samples[i].anomalous); }
}

/// Five objects of three views each, of which the first view of `tested` ones is a test image.
std::vector<Sample> views(int tested) {
    std::vector<Sample> samples;
    for (int object = 0; object < 5; ++object) {
        for (int view = 0; view < 3; ++view) {
            Sample sample;
            sample.dataset = "toy";
            sample.category = "dots";
            sample.split = object < tested && view == 0 ? "test" : "train";
            sample.group = concat("object", object);
            sample.id = concat("dots/", sample.split, "/good/", object, "_", view);
            samples.push_back(sample);
        }
    }
    return samples;
}

TEST(SamplePrompts, OfViewsRunThroughOneObjectAfterTheOther) {
    const auto samples = views(0);
    const auto all = sample_prompts(samples, "toy", "dots", 1, 15);
    for (std::size_t i = 0; i < all.size(); ++i) {
        EXPECT_EQ(all[i], all[i / 3 * 3] + i % 3) << "the views of an object, in their order";
    }
    const auto four = sample_prompts(samples, "toy", "dots", 1, 4);
    EXPECT_TRUE(std::equal(four.begin(), four.end(), all.begin()));
    std::set<std::size_t> first;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        first.insert(sample_prompts(samples, "toy", "dots", seed, 1).front());
    }
    EXPECT_EQ(first, (std::set<std::size_t>{0, 3, 6, 9, 12}));
}

TEST(SamplePrompts, ShowNoObjectOfWhichAViewIsTested) {
    const auto samples = views(2);
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        for (const auto i : sample_prompts(samples, "toy", "dots", seed, 9)) { EXPECT_GE(i, 6U); }
    }
    EXPECT_THROW((void)sample_prompts(samples, "toy", "dots", 0, 10), DataError);
    EXPECT_EQ(training_set(samples, "toy", "dots").size(), 9U);
}

TEST(SamplePrompts, AreTheSameWhateverIsDoneToTestImages) {
    auto perturbed = category("dots", 20);
    const auto plain = sample_prompts(perturbed, "toy", "dots", 1, 4);
    for (auto& sample : perturbed) { sample.dataset = "toy+noise-0.1"; }
    EXPECT_EQ(sample_prompts(perturbed, "toy+noise-0.1", "dots", 1, 4), plain);
    const std::vector<ExplicitPrompt> named{{"toy", "dots", perturbed[2].id}};
    EXPECT_EQ(named_prompts(perturbed, named, "toy+noise-0.1", "dots", 1),
              std::vector{std::size_t{2}});
    const BatchOptions batches{.size = 8};
    EXPECT_EQ(make_batches(20, batches, "toy+noise-0.1", "dots", 1).front().members,
              make_batches(20, batches, "toy", "dots", 1).front().members);
}

TEST(SamplePrompts, DifferBetweenSeedsAndCategories) {
    const auto dots = category("dots", 50);
    EXPECT_NE(sample_prompts(dots, "toy", "dots", 1, 8), sample_prompts(dots, "toy", "dots", 2, 8));
    const auto rods = category("rods", 50);
    EXPECT_NE(sample_prompts(dots, "toy", "dots", 1, 8), sample_prompts(rods, "toy", "rods", 1, 8));
}

TEST(SamplePrompts, DoNotDependOnTheOrderOfTheIndex) {
    auto samples = category("dots", 20);
    const auto ids = [&](const std::vector<std::size_t>& places) {
        std::vector<std::string> result;
        for (const auto i : places) { result.push_back(samples[i].id); }
        return result;
    };
    const auto before = ids(sample_prompts(samples, "toy", "dots", 1, 5));
    std::ranges::reverse(samples);
    EXPECT_EQ(ids(sample_prompts(samples, "toy", "dots", 1, 5)), before);
}

TEST(SamplePrompts, TooFewSayHowManyThereAre) {
    try {
        static_cast<void>(sample_prompts(category("dots", 3), "toy", "dots", 0, 4));
        FAIL() << "no exception";
    } catch (const DataError& error) {
        EXPECT_NE(std::string(error.what()).find("has 3 normal"), std::string::npos);
    }
}

TEST(ExplicitPrompts, AreParsedAndFoundInOrder) {
    const auto samples = category("dots", 5);
    const auto prompts = parse_prompts(
        "# chosen by hand\r\ntoy\tdots\ttrain/good/3.png\r\n\ntoy\tdots\tdots/train/good/1.png\n",
        "p.tsv");
    const auto found = named_prompts(samples, prompts, "toy", "dots", 2);
    EXPECT_EQ(samples[found[0]].id, "dots/train/good/3");
    EXPECT_EQ(samples[found[1]].id, "dots/train/good/1");
}

TEST(ExplicitPrompts, BadLinesAreNamed) {
    try {
        static_cast<void>(parse_prompts("toy\tdots\ta.png\ntoy dots b.png\n", "p.tsv"));
        FAIL() << "no exception";
    } catch (const ConfigError& error) {
        EXPECT_NE(std::string(error.what()).find("'p.tsv' line 2"), std::string::npos);
    }
}

TEST(ExplicitPrompts, UnknownImagesAndTooFewAreErrors) {
    const auto samples = category("dots", 5);
    const auto wrong = parse_prompts("toy\tdots\ttrain/good/9.png\n", "p.tsv");
    EXPECT_THROW(static_cast<void>(named_prompts(samples, wrong, "toy", "dots", 1)), ConfigError);
    const auto one = parse_prompts("toy\tdots\ttrain/good/1.png\n", "p.tsv");
    EXPECT_THROW(static_cast<void>(named_prompts(samples, one, "toy", "dots", 2)), ConfigError);
}

class Batches : public testing::TestWithParam<BatchRemainder> {};

TEST_P(Batches, ScoreEveryImageOnce) {
    for (const std::size_t count : {1U, 5U, 63U, 64U, 65U, 160U}) {
        for (const std::size_t size : {0U, 7U, 64U}) {
            const auto batches =
                make_batches(count, {size, BatchOrder::shuffle, GetParam()}, "toy", "dots", 0);
            std::multiset<std::size_t> scored;
            for (const auto& batch : batches) {
                const std::set<std::size_t> members(batch.members.begin(), batch.members.end());
                EXPECT_EQ(members.size(), batch.members.size()) << "an image twice in a batch";
                scored.insert(batch.members.begin(),
                              batch.members.begin() + static_cast<std::ptrdiff_t>(batch.owned));
            }
            EXPECT_EQ(scored.size(), count);
            EXPECT_EQ(std::set(scored.begin(), scored.end()).size(), count);
        }
    }
}

INSTANTIATE_TEST_SUITE_P(All, Batches,
                         testing::Values(BatchRemainder::refill, BatchRemainder::short_last,
                                         BatchRemainder::balanced));

std::vector<std::size_t> sizes(std::size_t count, BatchRemainder remainder) {
    std::vector<std::size_t> result;
    for (const auto& batch :
         make_batches(count, {64, BatchOrder::shuffle, remainder}, "toy", "dots", 0)) {
        result.push_back(batch.members.size());
    }
    return result;
}

TEST(MakeBatches, RefillKeepsEveryBatchFull) {
    EXPECT_EQ(sizes(160, BatchRemainder::refill), (std::vector<std::size_t>{64, 64, 64}));
    EXPECT_EQ(sizes(42, BatchRemainder::refill), (std::vector<std::size_t>{42}));
}

TEST(MakeBatches, ShortAndBalancedShareTheRest) {
    EXPECT_EQ(sizes(160, BatchRemainder::short_last), (std::vector<std::size_t>{64, 64, 32}));
    EXPECT_EQ(sizes(160, BatchRemainder::balanced), (std::vector<std::size_t>{54, 53, 53}));
}

TEST(MakeBatches, SortedOrderIsTheOrderOfTheIndex) {
    const auto batches =
        make_batches(5, {3, BatchOrder::sorted, BatchRemainder::short_last}, "toy", "dots", 0);
    EXPECT_EQ(batches[0].members, (std::vector<std::size_t>{0, 1, 2}));
    EXPECT_EQ(batches[1].members, (std::vector<std::size_t>{3, 4}));
}

}  // namespace
}  // namespace patchead
