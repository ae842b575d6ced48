#include "patchead/outputs/score_lines.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

TEST(ScoreLinesOfAFolder, SayWhatIsDoneAfterAnyEnd) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "out" / "scores.jsonl";
    const PhotoStamp a{"a.png", 1, 2};
    const PhotoStamp b{"b.png", 3, 4};
    {
        ScoreLines lines(path);
        EXPECT_FALSE(lines.has(a));
        lines.add(PhotoScore{.path = "a.png"}, {}, a);
        lines.add(FailedPhoto{"b.png", "broken"}, b);
        EXPECT_TRUE(lines.has(a));
    }
    const auto whole = bytes_of(path);
    for (const auto* torn :
         {"{", "{\"path\": \"c", "{\"path\":\"c.png\",\"bytes\":1,\"modified\":2}"}) {
        put_bytes(path, whole + torn);
        const ScoreLines again(path);
        EXPECT_TRUE(again.has(a) && again.has(b));
        EXPECT_FALSE(again.has({"c.png", 1, 2}));
        EXPECT_EQ(bytes_of(path), whole);
    }
    EXPECT_FALSE(ScoreLines(path).has({"a.png", 1, 3})) << "it has changed since";
    put_bytes(path, "something else\n");
    EXPECT_THROW(ScoreLines{path}, DataError);
    EXPECT_EQ(bytes_of(path), "something else\n");
}

}  // namespace
}  // namespace patchead
