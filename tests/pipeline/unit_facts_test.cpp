#include "pipeline/unit_facts.hpp"

#include <gtest/gtest.h>

#include "engine/fake_worker.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/numeric_stack.hpp"
#include "patchead/pipeline/facts_here.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

using Stacks = std::set<std::string>;

class UnitFactsTest : public testing::Test {
  protected:
    UnitFactsTest() : plan_(toy_plan()), store_(folder_.path() / "store"), worker_(plan_, store_) {}

    /// Units of a kind, made by a system with this LibTorch.
    void make(UnitKind kind, const std::string& libtorch) {
        worker_.provenance = {{"libtorch", libtorch}};
        for (std::size_t i = 0; i < count_of(plan_, kind); ++i) { worker_.execute({kind, i}); }
    }

    UnitFacts facts() { return {plan_, store_, {{"version", "1"}, {"libtorch", "of rank 0"}}, {}}; }

    TemporaryFolder folder_;
    SweepPlan plan_;
    Store store_;
    FakeWorker worker_;
    const std::string own_ = numeric_stack(facts_here("cpu"));
};

TEST_F(UnitFactsTest, AreThoseOfThisProcess) {
    const auto made = facts().of({UnitKind::embed, 0});
    EXPECT_EQ(made.at("version"), "1");
    EXPECT_EQ(made.at("libtorch"), facts_here("cpu").at("libtorch"));
    EXPECT_EQ(stacks_of(made), Stacks{own_});
    EXPECT_NE(own_, "unknown");
}

TEST_F(UnitFactsTest, KeepTheGpuOfOthersWhereThisProcessHasNone) {
    UnitFacts made{plan_, store_, {{"gpu", "NVIDIA H200"}}, {}};
    EXPECT_EQ(stacks_of(made.of({UnitKind::embed, 0})), Stacks{own_ + ", NVIDIA H200"});
}

TEST_F(UnitFactsTest, HaveTheStacksOfTheInputs) {
    make(UnitKind::embed, "0.9");
    EXPECT_EQ(stacks_of(facts().of({UnitKind::match, 0})), (Stacks{own_, "LibTorch 0.9"}));
    make(UnitKind::match, "0.8");
    EXPECT_EQ(stacks_of(facts().of({UnitKind::evaluate, 0})), (Stacks{own_, "LibTorch 0.8"}));
}

TEST_F(UnitFactsTest, HaveThoseOfWhatTheInputsWereMadeFrom) {
    make(UnitKind::embed, "0.9");
    worker_.provenance = facts().of({UnitKind::match, 0});
    for (std::size_t i = 0; i < plan_.matches.size(); ++i) {
        worker_.execute({UnitKind::match, i});
    }
    std::filesystem::remove_all(store_.root() / "features");
    EXPECT_EQ(stacks_of(facts().of({UnitKind::evaluate, 0})), (Stacks{own_, "LibTorch 0.9"}));
}

TEST_F(UnitFactsTest, ThrowWhereAnInputIsGone) {
    auto made = facts();
    EXPECT_THROW(static_cast<void>(made.of({UnitKind::match, 0})), CacheError);
    make(UnitKind::embed, "0.9");
    EXPECT_EQ(stacks_of(made.of({UnitKind::match, 0})), (Stacks{own_, "LibTorch 0.9"}));
}

}  // namespace
}  // namespace patchead
