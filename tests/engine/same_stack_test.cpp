#include "engine/same_stack.hpp"

#include "patchead/core/error.hpp"
#include "patchead/core/numeric_stack.hpp"
#include "toy_run.hpp"

namespace patchead {
namespace {

const Provenance kHere{{"libtorch", "1.13.0"}, {"cpu instructions", "AVX2"}};
const Provenance kThere{{"libtorch", "2.6.0"}, {"cpu instructions", "AVX512"}};

class SameStack : public ToyRun {
  protected:
    /// Makes all that is missing with these libraries.
    void make_with(const Provenance& facts) {
        worker_.provenance = facts;
        ASSERT_EQ(status_of_run(), RunStatus::finished);
    }

    /// What is said to a run of ranks with these stacks; empty if it may begin.
    [[nodiscard]] std::string refusal(const std::vector<std::string>& of_ranks) const {
        try {
            require_same_stack(plan_, store_, of_ranks);
            return {};
        } catch (const ConfigError& error) { return error.what(); }
    }

    static void expect_words(const std::string& text, std::initializer_list<std::string> words) {
        for (const auto& word : words) { EXPECT_NE(text.find(word), text.npos) << text; }
    }

    const std::string here_ = numeric_stack(kHere);
    const std::string there_ = numeric_stack(kThere);
};

TEST_F(SameStack, OfAnEmptyStoreOrOneOfItsOwnBegins) {
    EXPECT_EQ(refusal({here_}), "");
    make_with(kHere);
    EXPECT_EQ(refusal({here_, here_}), "");
}

TEST_F(SameStack, RefusesArtifactsOfAnotherAndSaysHowManyAndWhatToDo) {
    make_with(kHere);
    remove(point(0));
    remove(point(1));
    make_with(kThere);
    expect_words(refusal({here_}), {"--same-stack", here_, "2 with " + there_, "--store"});
    expect_words(refusal({there_}), {std::to_string(units() - 2) + " with " + here_});
}

TEST_F(SameStack, CountsArtifactsThatDoNotSayAsAnother) {
    make_with({});
    expect_words(refusal({here_}), {std::to_string(units()) + " with unknown"});
}

TEST_F(SameStack, LooksBehindWhatIsThere) {
    make_with({{"libtorch", "1.13.0"}, {"stacks", here_ + "; " + there_}});
    expect_words(refusal({here_}), {std::to_string(units()) + " with " + there_});
}

TEST_F(SameStack, LeavesArtifactsThatCannotBeReadToWhoNeedsThem) {
    make_with(kHere);
    damage(tests());
    EXPECT_EQ(refusal({here_}), "");
    EXPECT_FALSE(is_quarantined(tests()));
}

TEST_F(SameStack, RefusesRanksThatDiffer) {
    expect_words(refusal({here_, there_, here_}), {"the ranks", "2 numeric stacks", here_, there_});
}

TEST_F(SameStack, IsAskedForByAnOption) {
    make_with(kThere);
    const Communicator alone;
    EXPECT_TRUE(is_same_stack(settings_, plan_, store_, alone, "cpu"));
    settings_.same_stack = true;
    testing::internal::CaptureStderr();
    EXPECT_FALSE(is_same_stack(settings_, plan_, store_, alone, "cpu"));
    expect_words(testing::internal::GetCapturedStderr(), {"--same-stack", there_});
}

TEST_F(SameStack, WithoutItAMixIsTold) {
    make_with(kHere);
    EXPECT_EQ(state().stacks, std::vector<std::string>{here_});
    EXPECT_EQ(state().troubles.size(), 0U);
    remove(point(1));
    worker_.provenance = kThere;
    const auto finished = run();
    ASSERT_TRUE(finished);
    EXPECT_EQ(state().stacks, (std::vector<std::string>{here_, there_}));
    ASSERT_EQ(state().troubles.size(), 1U);
    expect_words(state().troubles[0], {"2 numeric stacks", here_, there_, "--same-stack"});
    expect_words(said_, {"2 numeric stacks"});
    EXPECT_EQ(finished->results.provenance.at("stacks"), here_ + "; " + there_);
}

}  // namespace
}  // namespace patchead
