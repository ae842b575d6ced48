#include "patchead/core/key.hpp"

#include <gtest/gtest.h>

#include "patchead/core/digest.hpp"

namespace patchead {
namespace {

TEST(ArtifactKey, IsTheDigestOfSortedJson) {
    const ArtifactKey key("features", {{"b", "2"}, {"a", "say \"hi\""}});
    EXPECT_EQ(key.json(), R"({"a":"say \"hi\"","b":"2","kind":"features"})");
    EXPECT_EQ(key.digest(), sha256(key.json()));
}

TEST(ArtifactKey, DiffersWithKindAndFields) {
    const ArtifactKey key("features", {{"a", "1"}});
    EXPECT_NE(key, ArtifactKey("match", {{"a", "1"}}));
    EXPECT_NE(key, ArtifactKey("features", {{"a", "2"}}));
    EXPECT_EQ(key, ArtifactKey("features", {{"a", "1"}}));
}

TEST(DigestOf, DoesNotConfuseItems) {
    EXPECT_NE(digest_of({"ab", "c"}), digest_of({"a", "bc"}));
    EXPECT_NE(digest_of({""}), digest_of({}));
}

TEST(ExactText, IsShortAndReadsBack) {
    EXPECT_EQ(exact_text(0.1), "0.1");
    EXPECT_EQ(std::stod(exact_text(1.0 / 3)), 1.0 / 3);
}

}  // namespace
}  // namespace patchead
