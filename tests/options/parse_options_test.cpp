#include "options/parse_options.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "patchead/core/error.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;
using Kind = OptionRow::Kind;

CommandSyntax syntax() {
    CommandSyntax made{"patchead test", "[options]", "Tests.\n"};
    made.options.add(group_of("options", {{"text", "T", "a text", Kind::text, "as it was"},
                                          {"list", "W...", "words", Kind::words},
                                          {"flag", "", "a flag", Kind::flag}}));
    return made;
}

std::string refusal(const Words& arguments, CommandSyntax with = syntax()) {
    try {
        static_cast<void>(parse_options(arguments, std::move(with)));
    } catch (const ConfigError& error) { return error.what(); }
    return "";
}

TEST(ParseOptions, TakesTextsWordsAndFlags) {
    const auto values =
        parse_options({"--list", "a b", "c", "--flag", "--list=d"}, syntax()).values;
    EXPECT_EQ(text_of(values, "text"), "as it was");
    EXPECT_EQ(words(values, "list"), (Words{"a b", "c", "d"}));
    EXPECT_TRUE(values["flag"].as<bool>());
    EXPECT_TRUE(words(values, "none").empty());
}

TEST(ParseOptions, AFileLosesAgainstTheCommandLineAndAnEarlierFileAgainstALaterOne) {
    const TemporaryFolder folder;
    const auto one = (folder.path() / "one.cfg").string();
    const auto two = (folder.path() / "two.cfg").string();
    std::ofstream(one) << "text = first\nlist = a\n";
    std::ofstream(two) << "text = second\n";
    const auto both = parse_options({"--config", one, "--config", two}, syntax()).values;
    EXPECT_EQ(text_of(both, "text"), "second");
    EXPECT_EQ(words(both, "list"), Words{"a"});
    EXPECT_EQ(text_of(parse_options({"--config", one, "--text", "mine"}, syntax()).values, "text"),
              "mine");
}

TEST(ParseOptions, OverridesWinAndHiddenOptionsAreTaken) {
    auto made = syntax();
    made.hidden.add(group_of("", {{"secret", "S", "not shown"}}));
    made.overrides = {"--text=ours"};
    const auto values = parse_options({"--text", "theirs", "--secret", "s"}, made).values;
    EXPECT_EQ(text_of(values, "text"), "ours");
    EXPECT_EQ(text_of(values, "secret"), "s");
}

TEST(ParseOptions, NamesWhatItDoesNotKnow) {
    EXPECT_NE(refusal({"--txt", "a"}).find("unknown option '--txt' (did you mean '--text'?)"),
              std::string::npos);
    EXPECT_NE(refusal({"stray"}).find("unexpected word 'stray'"), std::string::npos);
    EXPECT_NE(refusal({"--config", "/no/such.cfg"}).find("/no/such.cfg"), std::string::npos);
    auto made = syntax();
    add_row(made.options, {"needed", "N", "must be there", Kind::text, "", true});
    EXPECT_NE(refusal({}, made).find("needed"), std::string::npos);
}

TEST(ParseOptions, ShowsHelpInsteadOfAnythingElse) {
    testing::internal::CaptureStdout();
    EXPECT_TRUE(parse_options({"--nonsense", "--help"}, syntax()).help);
    const auto text = testing::internal::GetCapturedStdout();
    EXPECT_NE(text.find("usage: patchead test [options]"), std::string::npos);
    EXPECT_NE(text.find("--config"), std::string::npos);
}

}  // namespace
}  // namespace patchead
