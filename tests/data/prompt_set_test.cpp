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

TEST(PromptSet, RefusesAnEmptySection) {
    EXPECT_TRUE(has(refusal_of("[normal]\n{}\n[templates]\n{}\n"), "[anomalous]"));
}

}  // namespace
}  // namespace patchead
