#include <algorithm>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/plan/prompts.hpp"

namespace patchead {
namespace {

Sample sample(const std::string& id, const std::string& image, const std::string& category) {
    Sample made;
    made.dataset = "toy";
    made.category = category;
    made.split = id.find("/train/") != id.npos ? "train" : "test";
    made.anomalous = id.find("/good/") == id.npos;
    made.id = id;
    made.image = image;
    return made;
}

/// A user's own folders, in which names come twice, and a category in MVTec layout.
std::vector<Sample> samples() {
    return {sample("folder/train/good/000", "mine/normal/000.png", "folder"),
            sample("folder/train/good/001", "mine/normal/001.png", "folder"),
            sample("folder/test/good/002", "mine/normal/002.png", "folder"),
            sample("folder/test/abnormal/000", "mine/abnormal/000.png", "folder"),
            sample("folder/test/abnormal/002", "mine/abnormal/002.png", "folder"),
            sample("nut/train/good/part_0#1", "/data/nut/train/good/part_0.png", "nut"),
            sample("nut/train/good/part_0#2", "/data/nut/train/good/part_0.png", "nut")};
}

std::string found(const std::string& line) {
    const auto all = samples();
    return all[find_prompt(all, parse_prompts("toy\t" + line + "\n", "p.tsv").at(0))].id;
}

std::string refusal(const std::string& text) {
    try {
        static_cast<void>(read_prompts(text, "p.tsv", samples()));
    } catch (const ConfigError& error) { return error.what(); }
    return "";
}

TEST(Prompts, AreFoundInEverySpelling) {
    for (const std::string spelling :
         {"folder/train/good/000", "normal/000.png", "./normal/000.png", "mine/normal/000.png",
          "normal/../normal/000.png", "train/good/000"}) {
        EXPECT_EQ(found("folder\t" + spelling), "folder/train/good/000") << spelling;
    }
    const auto whole = std::filesystem::absolute("mine/normal/001.png").string();
    EXPECT_EQ(found("folder\t" + whole), "folder/train/good/001");
    EXPECT_EQ(found("nut\tnut/train/good/part_0#2"), "nut/train/good/part_0#2");
}

// 000.png is an abnormal image as well, but that cannot be drawn as a prompt.
TEST(Prompts, ByABareNameAreThoseThatCouldBeDrawn) {
    EXPECT_EQ(found("folder\t000.png"), "folder/train/good/000");
    EXPECT_EQ(found("folder\t001.png"), "folder/train/good/001");
}

TEST(Prompts, ThatCouldBeSeveralAreNamedByLine) {
    const auto test_images = refusal("# by hand\ntoy\tfolder\t002.png\n");
    for (const auto* part :
         {"'p.tsv' line 2", "'002.png'", "folder/test/good/002", "folder/test/abnormal/002"}) {
        EXPECT_NE(test_images.find(part), std::string::npos) << test_images;
    }
    const auto parts = refusal("toy\tnut\ttrain/good/part_0.png\n");
    EXPECT_NE(parts.find("any of 2 images"), std::string::npos) << parts;
}

TEST(Prompts, ThatAreNoImageOrTheSameOneAreNamedByLine) {
    EXPECT_NE(refusal("\xEF\xBB\xBF"
                      "toy\tfolder\tnormal/009.png\r\n")
                  .find("'p.tsv' line 1: 'normal/009.png' is no image"),
              std::string::npos);
    EXPECT_NE(refusal("toy\tfolder\tormal/000.png\n").find("line 1"), std::string::npos)
        << "whole components only";
    const auto twice = refusal("toy\tfolder\t001.png\n\ntoy\tfolder\tnormal/001.png\n");
    EXPECT_NE(twice.find("line 3 means the image of 'p.tsv' line 1"), std::string::npos) << twice;
}

TEST(Prompts, OfOtherCategoriesAreToldOf) {
    const auto list =
        read_prompts("toy\tfolder\t001.png\ntoy\tmine\tnormal/000.png\n", "p.tsv", samples());
    ASSERT_EQ(list.prompts.size(), 1U);
    EXPECT_EQ(list.prompts[0].image, "folder/train/good/001");
    ASSERT_EQ(list.notes.size(), 1U);
    EXPECT_NE(list.notes[0].find("'p.tsv' line 2 is about toy/mine"), std::string::npos);
    EXPECT_NE(refusal("toy\tmine\tnormal/000.png\n").find("line 1 is about toy/mine"),
              std::string::npos);
}

}  // namespace
}  // namespace patchead
