#include "patchead/core/token_request.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

const TokenRequest kFour{in_form(TokenForm::norm, {3, 6, 9, 12}), true};

/// Layers in two forms, one of them in both.
const TokenRequest kBoth{
    {{3, TokenForm::raw}, {6, TokenForm::raw}, {6, TokenForm::norm}, {12, TokenForm::norm}}, true};

TEST(TokenRequest, HasATextThatReadsBack) {
    const std::pair<TokenRequest, const char*> texts[]{
        {{}, ""},
        {kFour, "L3-6-9-12.norm.image"},
        {{in_form(TokenForm::raw, {12})}, "L12.raw"},
        {{in_form(TokenForm::projected, {1, 2})}, "L1-2.projected"},
        {{{}, true}, "image"},
        {{in_form(TokenForm::norm, {12}), true, {2, 3}}, "L12.norm.image.W2-3"},
        {{{}, false, {4}}, "W4"},
        {kBoth, "L6-12.norm.L3-6.raw.image"},
        {{{{2, TokenForm::raw}, {2, TokenForm::norm}, {2, TokenForm::projected}}, false, {3}},
         "L2.norm.L2.raw.L2.projected.W3"}};
    for (const auto& [request, text] : texts) {
        EXPECT_EQ(text_of(request), text);
        EXPECT_EQ(parse_token_request(text), request) << text;
    }
}

TEST(TokenRequest, IsReadFromNoOtherText) {
    for (const auto* text : {"L",
                             "L3",
                             "L3.",
                             "L0.raw",
                             "L-3.raw",
                             "L3-.raw",
                             "L03.raw",
                             "L6 .raw",
                             "L3.norm.",
                             "L3.norm.images",
                             "3.norm",
                             "l3.norm",
                             "image.L3.norm",
                             "L3.rms",
                             "L3-6x.raw",
                             ".image",
                             "L99999999999.raw",
                             "W",
                             "W0",
                             "W2.image",
                             "W2-",
                             "image.W3x",
                             "L6-3.raw",
                             "L3-3.raw",
                             "W3-2",
                             "L3.raw.L3.norm",
                             "L3.norm.L6.norm",
                             "L3.norm.L3.norm",
                             "L3.norm.L6",
                             "image.image"}) {
        EXPECT_EQ(parse_token_request(text), std::nullopt) << text;
    }
}

TEST(TokenRequest, HasTheTextOfEachFormWhichItHadBeforeThereWereSeveral) {
    const TokenRequest raw{{{3, TokenForm::raw}, {10, TokenForm::raw}}, true, {2}};
    EXPECT_EQ(text_of(raw), "L3-10.raw.image.W2");
    EXPECT_EQ(text_of(TokenRequest{in_form(TokenForm::norm, {3, 10})}), "L3-10.norm");
}

TEST(TokenRequest, IsCoveredByOneWithMoreOfTheSameForms) {
    EXPECT_TRUE(covers(kFour, {}));
    EXPECT_TRUE(covers(kFour, {in_form(TokenForm::norm, {6, 12})}));
    EXPECT_TRUE(covers(kFour, {{}, true}));
    EXPECT_TRUE(covers(kFour, kFour));
    EXPECT_FALSE(covers(kFour, {in_form(TokenForm::raw, {6})}));
    EXPECT_FALSE(covers(kFour, {in_form(TokenForm::norm, {6, 7})}));
    EXPECT_FALSE(covers({in_form(TokenForm::norm, {6})}, {in_form(TokenForm::norm, {6}), true}));
    EXPECT_FALSE(covers({}, {{}, true}));
    EXPECT_TRUE(covers(kBoth, {in_form(TokenForm::raw, {6})}));
    EXPECT_TRUE(covers(kBoth, {in_form(TokenForm::norm, {6}), true}));
    EXPECT_FALSE(covers(kBoth, {in_form(TokenForm::norm, {3})}));
    EXPECT_FALSE(covers({in_form(TokenForm::norm, {6, 12}), true}, kBoth));
    EXPECT_TRUE(covers({{}, true, {2, 3}}, {{}, false, {3}}));
    EXPECT_FALSE(covers({{}, true, {2}}, {{}, true, {2, 3}}));
}

TEST(TokenRequest, MergesWithAnyOther) {
    const TokenRequest odd{in_form(TokenForm::norm, {3, 7})};
    EXPECT_EQ(merged(kFour, odd), (TokenRequest{in_form(TokenForm::norm, {3, 6, 7, 9, 12}), true}));
    EXPECT_EQ(merged({{}, true}, {in_form(TokenForm::raw, {5})}),
              (TokenRequest{in_form(TokenForm::raw, {5}), true}));
    EXPECT_EQ(merged({}, {}), TokenRequest{});
    EXPECT_EQ(merged({{}, false, {3}}, {{}, false, {2}}), (TokenRequest{{}, false, {2, 3}}));
    EXPECT_EQ(merged({in_form(TokenForm::norm, {6, 12})}, {in_form(TokenForm::raw, {3, 6}), true}),
              kBoth);
    EXPECT_EQ(merged(kBoth, kFour).layers.size(), 6U);
}

}  // namespace
}  // namespace patchead
