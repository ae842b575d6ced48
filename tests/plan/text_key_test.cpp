#include "patchead/plan/text_key.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

const PlannedTexts kWords{{{"weights", "abc"}}, "def", {"a nut", "a good nut"}, {"a bad nut"}};

TEST(TextKey, ChangesWithWhateverDeterminesEmbeddings) {
    const auto key = text_key(kWords);
    EXPECT_EQ(key.kind(), "texts");
    EXPECT_EQ(key, text_key(kWords));
    auto other = kWords;
    other.tower["weights"] = "abd";
    EXPECT_NE(text_key(other).digest(), key.digest());
    other = kWords;
    other.tower["option.activation"] = "quickgelu";
    EXPECT_NE(text_key(other).digest(), key.digest());
    other = kWords;
    other.vocabulary = "deg";
    EXPECT_NE(text_key(other).digest(), key.digest());
    other = kWords;
    other.anomalous.front() = "a broken nut";
    EXPECT_NE(text_key(other).digest(), key.digest());
    other = kWords;
    other.normal = {"a nuta good nut"};
    EXPECT_NE(text_key(other).digest(), key.digest());
    other = kWords;
    std::swap(other.normal, other.anomalous);
    EXPECT_NE(text_key(other).digest(), key.digest());
}

}  // namespace
}  // namespace patchead
