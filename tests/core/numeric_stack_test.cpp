#include "patchead/core/numeric_stack.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

const Facts kFacts{
    {"libtorch", "1.13.0"},
    {"blas", "/usr/lib/libopenblas.so.0"},
    {"blas config", "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH Haswell MAX_THREADS=64"},
    {"blas core", "Haswell"},
    {"cpu instructions", "AVX2"},
    {"mkl", "no"},
    {"version", "0.1"}};

/// The facts with one of them changed.
Facts with(const std::string& name, const std::string& text) {
    auto facts = kFacts;
    facts[name] = text;
    return facts;
}

TEST(NumericStack, NamesLibrariesKernelAndProcessor) {
    EXPECT_EQ(numeric_stack(kFacts), "LibTorch 1.13.0, OpenBLAS 0.3.21 Haswell, AVX2");
    EXPECT_EQ(numeric_stack(with("gpu", "NVIDIA H200")),
              "LibTorch 1.13.0, OpenBLAS 0.3.21 Haswell, AVX2, NVIDIA H200");
}

TEST(NumericStack, IsAnotherWhereverBitsMayBe) {
    for (const auto& [name, text] : Facts{{"libtorch", "2.6.0"},
                                          {"blas core", "SkylakeX"},
                                          {"blas config", "OpenBLAS 0.3.29 DYNAMIC_ARCH"},
                                          {"cpu instructions", "AVX512"},
                                          {"mkl", "yes"},
                                          {"gpu", "NVIDIA A100"}}) {
        EXPECT_NE(numeric_stack(with(name, text)), numeric_stack(kFacts)) << name;
    }
    EXPECT_EQ(numeric_stack(with("version", "0.2")), numeric_stack(kFacts));
}

TEST(NumericStack, KnowsOtherLibrariesThanOpenBlas) {
    auto facts = with("blas", "/opt/lib/libblis.so.4");
    facts.erase("blas core");
    EXPECT_EQ(numeric_stack(facts), "LibTorch 1.13.0, libblis.so.4, AVX2");
    EXPECT_EQ(numeric_stack(with("mkl", "yes")), "LibTorch 1.13.0, MKL, AVX2");
}

TEST(NumericStack, OfNoFactsIsUnknown) { EXPECT_EQ(numeric_stack({{"version", "1"}}), "unknown"); }

TEST(Stacks, AreReadAsTheyWereRecorded) {
    Facts facts = kFacts;
    record_stacks({"b, c", "a"}, facts);
    EXPECT_EQ(facts.at("stacks"), "a; b, c");
    EXPECT_EQ(stacks_of(facts), (std::set<std::string>{"a", "b, c"}));
}

TEST(Stacks, OfMergedRunsAreThoseOfEach) {
    EXPECT_EQ(stacks_of({{"stacks", "a"}, {"stacks of run 2", "b; c"}, {"stacked", "d"}}),
              (std::set<std::string>{"a", "b", "c"}));
}

TEST(Stacks, OfArtifactsThatDoNotRecordThemFollowFromTheirFacts) {
    EXPECT_EQ(stacks_of(kFacts), std::set<std::string>{numeric_stack(kFacts)});
    EXPECT_EQ(stacks_of({}), std::set<std::string>{"unknown"});
}

}  // namespace
}  // namespace patchead
