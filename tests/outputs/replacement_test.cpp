#include "patchead/outputs/replacement.hpp"

#include <functional>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/outputs/sweep_outputs.hpp"
#include "plan/toy_sweep.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

SweepPlan plan_of(const std::vector<int>& shots, const std::vector<std::uint64_t>& seeds) {
    auto asked = spec(4);
    asked.grids = {{{}, {}, {224}, shots, seeds, {Modules{}}}};
    return make_plan(std::move(asked));
}

const Provenance kFacts{{"config",
                         "k = 3\nkp-fraction = 0.1\nblock-images = 16\nprecision = fp32\n"
                         "seeds = 0\ngrid = --shots 1\n"},
                        {"weights.net", "abc"},
                        {"backbone.net.layers", "3"},
                        {"id_digest.toy", "123"},
                        {"revision", "one"}};

Provenance with(const std::string& name, const std::string& text) {
    auto facts = kFacts;
    facts[name] = text;
    return facts;
}

Provenance with_config(const std::string& from, const std::string& to) {
    auto config = kFacts.at("config");
    const auto at = config.find(from);
    EXPECT_NE(at, std::string::npos);
    return with("config", config.replace(at, from.size(), to));
}

class ReplacementTest : public testing::Test {
  protected:
    /// The results of `plan`, with whatever scores.
    [[nodiscard]] Results results_of(const SweepPlan& plan) const {
        const Store store(folder_.path() / "store");
        for (const auto& unit : plan.evaluates) {
            store.write(unit.key, PointResult{{{"I-AUROC", 0.5, ""}}, {"a"}, {1}, {0.5F}, {}}, {});
        }
        return collect_results(plan, kFacts, store,
                               std::vector<std::string>(plan.evaluates.size()));
    }

    /// The same points, each from other artifacts.
    [[nodiscard]] SweepPlan repainted() const {
        auto other = spec(4);
        other.grids = plan_.spec.grids;
        for (auto& sample : other.samples) { sample.digest += " painted over"; }
        return make_plan(std::move(other));
    }

    TemporaryFolder folder_;
    SweepPlan plan_ = plan_of({0, 1}, {0, 1});
    Results before_ = results_of(plan_);
};

bool is_nothing(const Replacement& found) { return found.losses.empty() && found.changes.empty(); }

TEST_F(ReplacementTest, ByTheSameOrMorePointsDiffersInNothing) {
    EXPECT_TRUE(is_nothing(replacement_of(before_, kFacts, plan_)));
    EXPECT_TRUE(is_nothing(replacement_of(before_, kFacts, plan_of({0, 1, 2}, {0, 1, 2}))));
    EXPECT_TRUE(is_nothing(replacement_of(before_, with("revision", "two"), plan_)));
    EXPECT_TRUE(
        is_nothing(replacement_of(before_, with_config("seeds = 0", "seeds = 0 1"), plan_)));
    EXPECT_TRUE(is_nothing(replacement_of(before_, with("weights.other", "def"), plan_)));
}

TEST_F(ReplacementTest, ByOtherOptionsWeightsOrPromptsIsALoss) {
    const std::vector<std::pair<Provenance, std::string>> cases{
        {with_config("kp-fraction = 0.1", "kp-fraction = 0.3"), "--kp-fraction 0.1 there, 0.3 now"},
        {with_config("fp32", "bf16"), "--precision fp32 there, bf16 now"},
        {with("weights.net", "def"), "other weights of net"},
        {with("backbone.net.layers", "4"), "net.layers 3 there, 4 now"},
        {with("prompts", "456"), "--prompts"}};
    for (const auto& [facts, word] : cases) {
        const auto found = replacement_of(before_, facts, repainted());
        EXPECT_TRUE(is_nothing(replacement_of(before_, facts, plan_))) << "of no effect: " << word;
        ASSERT_EQ(found.losses.size(), 1U) << word;
        EXPECT_NE(found.losses[0].find(word), std::string::npos) << found.losses[0];
    }
}

TEST_F(ReplacementTest, ByFewerMetricsIsALossAndByMoreIsNone) {
    auto fewer = plan_;
    fewer.spec.metric_names = before_.metric_names;
    EXPECT_TRUE(is_nothing(replacement_of(before_, kFacts, fewer)));
    fewer.spec.metric_names.emplace_back("AUPIMO");
    EXPECT_TRUE(is_nothing(replacement_of(before_, kFacts, fewer)));
    fewer.spec.metric_names = {"I-AUROC"};
    const auto found = replacement_of(before_, kFacts, fewer);
    ASSERT_EQ(found.losses.size(), before_.metric_names.size() - 1);
    EXPECT_NE(found.losses.front().find("is not measured now"), std::string::npos);
}

TEST_F(ReplacementTest, ByFewerPointsIsALoss) {
    const auto found = replacement_of(before_, kFacts, plan_of({1}, {0, 1}));
    ASSERT_EQ(found.losses.size(), 1U);
    EXPECT_NE(found.losses[0].find("2 of its 4 points"), std::string::npos) << found.losses[0];
    EXPECT_NE(found.losses[0].find("toy,dots,net,224,batch-zero-shot,0,0"), std::string::npos);
}

TEST_F(ReplacementTest, ByThatOfOtherImagesIsAChange) {
    const auto named = replacement_of(before_, with("id_digest.toy", "456"), repainted());
    EXPECT_TRUE(named.losses.empty());
    ASSERT_EQ(named.changes.size(), 1U);
    EXPECT_NE(named.changes[0].find("toy"), std::string::npos);
    const auto found = replacement_of(before_, kFacts, repainted());
    EXPECT_TRUE(found.losses.empty());
    ASSERT_EQ(found.changes.size(), 1U);
    EXPECT_NE(found.changes[0].find("4 of 4"), std::string::npos) << found.changes[0];
}

TEST_F(ReplacementTest, OfUnitsThatAreCutOtherwiseDiffersInNothing) {
    auto other = spec(4);
    other.grids = plan_.spec.grids;
    other.method.units.block_images = 2;
    EXPECT_TRUE(is_nothing(replacement_of(before_, with_config("images = 16", "images = 2"),
                                          make_plan(std::move(other)))));
}

TEST_F(ReplacementTest, OfGapsIsNoLoss) {
    before_.rows.clear();
    EXPECT_TRUE(is_nothing(replacement_of(before_, with("weights.net", "def"), repainted())));
}

TEST_F(ReplacementTest, KeepsWhatWouldBeLostOnceAndSaysWhatDiffers) {
    const auto file = folder_.path() / "results.h5";
    EXPECT_TRUE(keep_results(folder_.path(), kFacts, plan_).empty()) << "there is nothing";
    write_results(file, before_);
    EXPECT_TRUE(keep_results(folder_.path(), kFacts, plan_).empty());
    EXPECT_EQ(keep_results(folder_.path(), with("id_digest.toy", "4"), repainted()).size(), 1U);
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "results.before-1.h5"));
    for (int time = 0; time < 2; ++time) {
        const auto notes = keep_results(folder_.path(), with("weights.net", "def"), repainted());
        ASSERT_EQ(notes.size(), 1U);
        for (const auto* word : {"results.h5", "other weights of net", "results.before-1.h5"}) {
            EXPECT_NE(notes[0].find(word), std::string::npos) << notes[0];
        }
    }
    EXPECT_EQ(bytes_of(folder_.path() / "results.before-1.h5"), bytes_of(file));
    EXPECT_FALSE(std::filesystem::exists(folder_.path() / "results.before-2.h5"));
    put_bytes(folder_.path() / "results.before-1.h5", "an earlier one");
    (void)keep_results(folder_.path(), with("weights.net", "def"), repainted());
    EXPECT_EQ(bytes_of(folder_.path() / "results.before-1.h5"), "an earlier one");
    EXPECT_EQ(bytes_of(folder_.path() / "results.before-2.h5"), bytes_of(file));
}

TEST_F(ReplacementTest, OfADamagedFileIsSaidAndOneThatCannotBeReadStays) {
    put_bytes(folder_.path() / "results.h5", "no HDF5");
    EXPECT_EQ(keep_results(folder_.path(), kFacts, plan_).size(), 1U);
    std::filesystem::remove(folder_.path() / "results.h5");
    std::filesystem::create_directory(folder_.path() / "results.h5");
    EXPECT_THROW((void)keep_results(folder_.path(), kFacts, plan_), UnreadableError);
}

TEST_F(ReplacementTest, KeepsOtherResultsOfMapsOnce) {
    const auto folder = folder_.path() / "measured";
    const auto before = results_of(plan_);
    EXPECT_TRUE(keep_other_results(folder, before).empty()) << "there are none yet";
    write_results(folder / "results.h5", before);
    EXPECT_TRUE(keep_other_results(folder, before).empty()) << "they are the same";
    auto now = before;
    now.rows.pop_back();
    const auto notes = keep_other_results(folder, now);
    ASSERT_EQ(notes.size(), 1U);
    EXPECT_NE(notes.front().find("results.before-1.h5"), std::string::npos);
    EXPECT_TRUE(std::filesystem::exists(folder / "results.before-1.h5"));
    now = before;
    now.rows.front().metrics.front().value = 0.25;
    EXPECT_EQ(keep_other_results(folder, now), notes) << "kept already";
}

}  // namespace
}  // namespace patchead
