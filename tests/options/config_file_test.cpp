#include <gtest/gtest.h>

#include <fstream>

#include "options/backbone_options.hpp"
#include "options/parse_options.hpp"
#include "options/sweep_options.hpp"
#include "patchead/core/error.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;
using Kind = OptionRow::Kind;

class ConfigFile : public testing::Test {
  protected:
    static CommandSyntax syntax() {
        CommandSyntax made{"patchead test", "[options]", "Tests.\n"};
        made.options.add(group_of("options", {{"text", "T", "a text", Kind::text},
                                              {"list", "W...", "words", Kind::words},
                                              {"flag", "", "a flag", Kind::flag}}));
        return made;
    }

    po::variables_map read(const std::string& text, Words more = {}) const {
        put_bytes(file_, text);
        more.insert(more.end(), {"--config", file_});
        return parse_options(more, syntax()).values;
    }

    std::string refusal(const std::string& text) const {
        try {
            static_cast<void>(read(text));
        } catch (const ConfigError& error) { return error.what(); }
        return "";
    }

    TemporaryFolder folder_;
    std::string file_ = (folder_.path() / "my options.cfg").string();
};

TEST_F(ConfigFile, OfNotepadIsRead) {
    const auto values = read(
        "\xEF\xBB\xBF"
        "text = D:\\line #2\r\nlist = a \"b c\"   # three\r\nflag = true\r\n");
    EXPECT_EQ(text_of(values, "text"), "D:\\line #2");
    EXPECT_EQ(words(values, "list"), (Words{"a", "b c"}));
    EXPECT_TRUE(values["flag"].as<bool>());
}

TEST_F(ConfigFile, HasQuotesForSignsAndBlanks) {
    EXPECT_EQ(text_of(read("text = \"/a # b/c\"\n"), "text"), "/a # b/c");
    EXPECT_EQ(text_of(read("text = /my files/x\n"), "text"), "/my files/x");
    EXPECT_EQ(text_of(read("# text = no\n  text=/a=b \n"), "text"), "/a=b");
    EXPECT_EQ(words(read("list = m=\"/my files/x\"\nlist = n\n"), "list"),
              (Words{"m=/my files/x", "n"}));
}

TEST_F(ConfigFile, TroubleIsNamedWithFileAndLine) {
    EXPECT_NE(refusal("\n# c\ntxt = 1\n")
                  .find(file_ + "' line 3: unknown option '--txt' (did you mean '--text'?)"),
              std::string::npos);
    EXPECT_NE(refusal("text: 1\n").find("line 1: 'text: 1' is not of the form name = value"),
              std::string::npos);
    EXPECT_NE(refusal("text = \"a\n").find("line 1: a quote is not closed"), std::string::npos);
    EXPECT_NE(refusal("text = a\x1B[1m\n").find("'a\\x1B[1m' cannot be used"), std::string::npos);
    EXPECT_NE(refusal("text = b\xF6se\n").find("not UTF-8"), std::string::npos);
}

TEST_F(ConfigFile, WordsOfTheShellStayWhole) {
    const auto values = read("", {"--list", "metal nut", "a,b", "metal nut", "--text", "x  y"});
    EXPECT_EQ(words(values, "list"), (Words{"metal nut", "a,b"})) << "and count once";
    EXPECT_EQ(text_of(values, "text"), "x  y");
}

TEST(Arguments, ThatAreNoTextAreRefused) {
    for (const auto* word : {"b\xF6lt", "a\nb"}) {
        try {
            static_cast<void>(parse_options({word}, {"patchead test", "", "", {}}));
            FAIL() << "no exception";
        } catch (const ConfigError& error) {
            EXPECT_NE(std::string(error.what()).find("cannot be used"), std::string::npos);
        }
    }
}

SweepRequest request_of(Words arguments) {
    arguments.insert(arguments.end(), {"--dataset", "mvtec-like", "--data-root", "d", "--store",
                                       "s", "--output", "o"});
    return parse_sweep_options(arguments)->request;
}

TEST(SweepRequest, CountsTwiceGivenValuesOnce) {
    const auto request =
        request_of({"--shots", "1", "01", "1", "--seeds", "0", "0", "--dataset", "mvtec-like",
                    "--category", "a b", "a b", "--backbone", "patchead_tiny", "patchead_tiny"});
    EXPECT_EQ(request.grids[0].shots, std::vector<int>{1});
    EXPECT_EQ(request.grids[0].seeds, std::vector<std::uint64_t>{0});
    EXPECT_EQ(request.data.datasets, Words{"mvtec-like"});
    EXPECT_EQ(request.data.categories, Words{"a b"});
    EXPECT_EQ(request.backbones.names, Words{"patchead_tiny"});
    EXPECT_NE(request.config.find("category = \"a b\"\n"), std::string::npos) << request.config;
}

TEST(SweepRequest, RefusesTwoValuesForOneName) {
    EXPECT_EQ(parse_weights({"a=x y", "a=x y"}).at("a"), "x y");
    EXPECT_THROW(static_cast<void>(parse_weights({"a=x", "a=y"})), ConfigError);
    EXPECT_THROW(static_cast<void>(parse_backbone_options({"a:t=x", "a:t=y"})), ConfigError);
}

}  // namespace
}  // namespace patchead
