#include "backbone/text/characters.hpp"

#include <gtest/gtest.h>

#include "backbone/text/clean_text.hpp"
#include "backbone/text/entities.hpp"
#include "backbone/text/split_text.hpp"
#include "backbone/text/utf8.hpp"

namespace patchead {
namespace {

std::string lower(const std::string& text) { return to_utf8(lower_case(characters_of(text))); }
std::string composed(const std::string& text) {
    return to_utf8(composed_form(characters_of(text)));
}
std::string decoded(const std::string& text) {
    return to_utf8(without_entities(characters_of(text)));
}
std::string cleaned(const std::string& text) { return to_utf8(cleaned_text(characters_of(text))); }

TEST(Characters, AreReadAndWrittenAsUtf8) {
    const std::string text = "a\u00e9\u20ac\U0001f600";
    EXPECT_EQ(characters_of(text), U"a\u00e9\u20ac\U0001f600");
    EXPECT_EQ(to_utf8(characters_of(text)), text);
}

TEST(Characters, HaveLowerCaseByTheRulesOfUnicode) {
    EXPECT_EQ(lower("ABC \u00c9 \u0416 \u212a"), "abc \u00e9 \u0436 k");
    EXPECT_EQ(lower("\u039f\u0394\u039f\u03a3, \u03a3\u03a3 \u03a3"),
              "\u03bf\u03b4\u03bf\u03c2, \u03c3\u03c2 \u03c3");
    EXPECT_EQ(lower("\u0391\u03a3\u0391 \u0391\u03a3'\u0391"),
              "\u03b1\u03c3\u03b1 \u03b1\u03c3'\u03b1");
    EXPECT_EQ(lower("\u0130"), "i\u0307");
}

TEST(Characters, AreComposed) {
    EXPECT_EQ(composed("e\u0301"), "\u00e9");
    EXPECT_EQ(composed("q\u0307\u0323"), "q\u0323\u0307");  // Marks by their classes.
    EXPECT_EQ(composed("\u1100\u1161\u11a8"), "\uac01");
    EXPECT_EQ(composed("\u212b \u0958"), "\u00c5 \u0915\u093c");  // Never composed again.
    EXPECT_EQ(composed("a\u0323\u0302"), "\u1ead");
}

TEST(Entities, AreDecodedAsInHtml) {
    EXPECT_EQ(decoded("&lt;b&gt; &ampere &#38;&#x26; &notin; &notit;"),
              "<b> &ere && \u2209 \u00acit;");
    EXPECT_EQ(decoded("&#128;&#0;&#xd800;&#99999999999999999999;&#11;"),
              "\u20ac\ufffd\ufffd\ufffd");
    EXPECT_EQ(decoded("& &; &# &#x; &unknown;"), "& &; &# &#x; &unknown;");
}

TEST(CleanText, MakesOddCharactersPlain) {
    EXPECT_EQ(cleaned("  It\u2019s\u00a0a \u201cTEST\u201d\r\n"), "it's a \"test\"");
    EXPECT_EQ(cleaned("\uff26\uff35\uff2c\uff2c \ufb01ne"), "full fine");
    EXPECT_EQ(cleaned("\x1b[31mred\x1b[0m \x07"), "red");
    EXPECT_EQ(cleaned("sch\u00c3\u00b6n"), "sch\u00e3\u00b6n");  // Not repaired.
}

/// Once there is a tag, a text is taken for HTML, which decodes its entities itself, later.
TEST(CleanText, LeavesEntitiesOfHtmlToHtml) {
    EXPECT_EQ(cleaned("&rsquo;"), "'");
    EXPECT_EQ(cleaned("<b>&rsquo;"), "<b>\u2019");
}

TEST(Pieces, AreLettersOrSingleNumbersOrNeither) {
    const SpecialNames special{U"<s>", U"<e>"};
    const auto pieces = pieces_of(U"it's pcb12!? <s>x<e>", special);
    const std::vector<std::u32string_view> expected{U"it", U"'s",  U"pcb", U"1",  U"2",
                                                    U"!?", U"<s>", U"x",   U"<e>"};
    EXPECT_EQ(pieces, expected);
}

}  // namespace
}  // namespace patchead
