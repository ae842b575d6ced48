#include "patchead/data/prompt_set.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "support/error_of.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

const std::string kSet =
    "# words\n[normal]\n{}\nflawless {}\n\n[anomalous]\n{} with a flaw\r\n"
    "[templates]\na photo of the {}.\na photo of the {}.\n";

PromptSet set_of(const std::string& text) {
    const TemporaryFolder folder;
    put_bytes(folder.path() / "words.txt", text);
    return read_prompt_set(folder.path() / "words.txt");
}

std::string refusal_of(const std::string& text) {
    return error_of([&] { static_cast<void>(set_of(text)); });
}

TEST(PromptSet, PutsTheClassIntoEachStateAndThatIntoEachTemplate) {
    const auto set = set_of(kSet);
    const std::vector<std::string> normal{"a photo of the metal nut.", "a photo of the metal nut.",
                                          "a photo of the flawless metal nut.",
                                          "a photo of the flawless metal nut."};
    EXPECT_EQ(sentences(set.normal, set.templates, "metal nut"), normal);
    EXPECT_EQ(sentences(set.anomalous, set.templates, "{}").front(),
              "a photo of the {} with a flaw.");
}

TEST(PromptSet, NamesFileAndLineOfWhatItDoesNotKnow) {
    for (const auto* text : {"flawless {}\n", "[normal]\nflawless\n", "[normal]\n{} and {}\n"}) {
        const auto message = refusal_of(text);
        EXPECT_TRUE(has(message, "words.txt")) << text;
        EXPECT_TRUE(has(message, "line ")) << text;
    }
}

TEST(PromptSet, CallsAClassAsItSaysOrAsTheCategoryWithBlanks) {
    const auto set = set_of(kSet + "[classes]\nvisa/pcb1 = circuit board\npcb1 = board\n");
    EXPECT_EQ(class_name(set, "mvtec", "metal_nut"), "metal nut");
    EXPECT_EQ(class_name(set, "visa", "pcb1"), "circuit board");
    EXPECT_EQ(class_name(set, "mvtec", "pcb1"), "board");
    EXPECT_NE(set.digest, set_of(kSet).digest);
    EXPECT_EQ(set_of(kSet).digest.size(), 64U);
    for (const auto* line : {"pcb1", " = x", "a = ", "pcb1 = a\npcb1 = b"}) {
        EXPECT_TRUE(has(refusal_of(kSet + "[classes]\n" + line + "\n"), "each class once")) << line;
    }
}

TEST(PromptSet, IsFoundByItsNameOrItsFile) {
    const auto shipped = read_prompt_set(find_prompt_set("winclip"));
    EXPECT_EQ(shipped.normal.size() * shipped.templates.size(), 147U);
    EXPECT_EQ(class_name(shipped, "mvtec", "metal_nut"), "metal nut");
    const TemporaryFolder folder;
    put_bytes(folder.path() / "words.txt", kSet);
    EXPECT_EQ(find_prompt_set((folder.path() / "words.txt").string()), folder.path() / "words.txt");
    EXPECT_TRUE(has(error_of([] { static_cast<void>(find_prompt_set("winclop")); }), "winclop"));
}

TEST(PromptSet, RefusesAnEmptySection) {
    EXPECT_TRUE(has(refusal_of("[normal]\n{}\n[templates]\n{}\n"), "[anomalous]"));
}

}  // namespace
}  // namespace patchead
