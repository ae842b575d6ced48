#include "patchead/core/user_text.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;

TEST(Names, AreTextWithoutControlCharacters) {
    for (const auto* name :
         {"000.png", "a b", "bölt", "正常", "a,b\"c<b>&_%#$\\", "\xF0\x9F\x94\xA9"}) {
        EXPECT_EQ(fault_of_name(name), "") << name;
        EXPECT_EQ(escaped_name(name), name);
    }
    // GBK, Latin-1, an overlong NUL, a surrogate, a character that is cut.
    for (const auto* name :
         {"\xD5\xFD\xB3\xA3", "b\xF6lt", "\xC0\x80", "\xED\xA0\x80", "\xE6\xAD"}) {
        EXPECT_EQ(fault_of_name(name), "it is not UTF-8") << escaped_name(name);
    }
    for (const auto* name : {"a\nb", "a\tb", "\x1B[31m", "\x7F", "\xC2\x9B"}) {
        EXPECT_EQ(fault_of_name(name), "it holds a control character") << escaped_name(name);
    }
}

TEST(Names, AreEscapedVisibly) {
    EXPECT_EQ(escaped_name("\xD5\xFD.png"), "\\xD5\\xFD.png");
    EXPECT_EQ(escaped_name("a\nb\tc\x1B"), "a\\nb\\tc\\x1B");
    EXPECT_EQ(printable("one\ntwo \x1B[1m\xE4"), "one\ntwo \\x1B[1m\\xE4");
}

TEST(LinesOf, KnowNotepadAndExcel) {
    const auto lines = lines_of(
        "\xEF\xBB\xBF"
        "a = 1\r\n\r\nb\n\xEF\xBB\xBF",
        "f.cfg");
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0].text, "a = 1");
    EXPECT_EQ(lines[1].text, "");
    EXPECT_EQ(lines[2].number, 3U);
    EXPECT_EQ(lines[3].text, "\xEF\xBB\xBF") << "a mark is one in front only";
    EXPECT_EQ(plain_text("a\r\nb", "f"), "a\nb");
}

std::string refusal(std::string_view text) {
    try {
        static_cast<void>(lines_of(text, "f.cfg"));
    } catch (const ConfigError& error) { return error.what(); }
    return "";
}

TEST(LinesOf, OtherEncodingsAreRefusedByName) {
    EXPECT_NE(refusal(std::string_view("\xFF\xFE"
                                       "a\0",
                                       4))
                  .find("'f.cfg' is UTF-16"),
              std::string::npos);
    EXPECT_NE(refusal("good\nb\xF6se\n").find("'f.cfg' line 2 'b\\xF6se'"), std::string::npos);
    EXPECT_NE(refusal(std::string_view("a\0b", 3)).find("line 1"), std::string::npos);
}

TEST(WrittenValue, KeepsSignsThatStandInsideAWord) {
    EXPECT_EQ(WrittenValue(" /data/line #2 ").text(), "/data/line #2");
    EXPECT_EQ(WrittenValue("/data/C#/x#y").text(), "/data/C#/x#y");
    EXPECT_EQ(WrittenValue("5\" disks").text(), "5\" disks");
    EXPECT_EQ(WrittenValue("a  b").text(), "a  b");
}

TEST(WrittenValue, EndsAtAComment) {
    const WrittenValue value("1 2\t4   # of 8");
    EXPECT_EQ(value.words(), (Words{"1", "2", "4"}));
    EXPECT_EQ(value.text(), "1 2\t4");
    EXPECT_TRUE(value.has_comment());
    EXPECT_TRUE(WrittenValue("# all of it").words().empty());
    EXPECT_EQ(WrittenValue("\"line # 2\" # quoted").text(), "line # 2");
}

TEST(WrittenValue, TakesQuotedWords) {
    EXPECT_EQ(WrittenValue("\"metal nut\" screw").words(), (Words{"metal nut", "screw"}));
    EXPECT_EQ(WrittenValue("mae=\"/my files/a.pth\" b=c").words(),
              (Words{"mae=/my files/a.pth", "b=c"}));
    EXPECT_EQ(WrittenValue("\"a \\\"b\\\" \\\\\"").words(), (Words{"a \"b\" \\"}));
    EXPECT_THROW(WrittenValue("\"open"), ConfigError);
}

TEST(QuotedWord, IsReadAsThatWord) {
    for (const std::string word :
         {"plain", "", "a b", "#", "#2", "say \"x\"", "k=\"v w\"", "\\", "a\\ b"}) {
        EXPECT_EQ(WrittenValue(quoted_word(word)).words(), Words{word}) << quoted_word(word);
    }
    EXPECT_EQ(quoted_word("mvtec/screw"), "mvtec/screw");
}

TEST(ShellWord, IsQuotedWhereItMustBe) {
    EXPECT_EQ(shell_word("torchscript:own.pt"), "torchscript:own.pt");
    EXPECT_EQ(shell_word("metal nut"), "'metal nut'");
    EXPECT_EQ(shell_word("it's $HOME"), "'it'\\''s $HOME'");
    EXPECT_EQ(shell_word(""), "''");
}

}  // namespace
}  // namespace patchead
