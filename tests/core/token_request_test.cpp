#include "patchead/core/token_request.hpp"

#include <gtest/gtest.h>

namespace patchead {
namespace {

const TokenRequest kFour{{3, 6, 9, 12}, TokenForm::norm, true};

TEST(TokenRequest, HasATextThatReadsBack) {
    const std::pair<TokenRequest, const char*> texts[]{
        {{}, ""},
        {kFour, "L3-6-9-12.norm.image"},
        {{{12}, TokenForm::raw, false}, "L12.raw"},
        {{{1, 2}, TokenForm::projected, false}, "L1-2.projected"},
        {{{}, TokenForm::norm, true}, "image"},
        {{{12}, TokenForm::norm, true, {2, 3}}, "L12.norm.image.W2-3"},
        {{{}, TokenForm::norm, false, {4}}, "W4"}};
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
                             "image.image"}) {
        EXPECT_EQ(parse_token_request(text), std::nullopt) << text;
    }
}

TEST(TokenRequest, IsCoveredByOneWithMoreOfTheSameForm) {
    EXPECT_TRUE(covers(kFour, {}));
    EXPECT_TRUE(covers(kFour, {{6, 12}, TokenForm::norm, false}));
    EXPECT_TRUE(covers(kFour, {{}, TokenForm::raw, true})) << "no layers: the form says nothing";
    EXPECT_TRUE(covers(kFour, kFour));
    EXPECT_FALSE(covers(kFour, {{6}, TokenForm::raw, false}));
    EXPECT_FALSE(covers(kFour, {{6, 7}, TokenForm::norm, false}));
    EXPECT_FALSE(covers({{6}, TokenForm::norm, false}, {{6}, TokenForm::norm, true}));
    EXPECT_FALSE(covers({}, {{}, TokenForm::norm, true}));
    EXPECT_TRUE(covers({{}, TokenForm::norm, true, {2, 3}}, {{}, TokenForm::norm, false, {3}}));
    EXPECT_FALSE(covers({{}, TokenForm::norm, true, {2}}, {{}, TokenForm::norm, true, {2, 3}}));
}

TEST(TokenRequest, MergesWithOneOfTheSameForm) {
    const TokenRequest odd{{3, 7}, TokenForm::norm, false};
    EXPECT_EQ(merged(kFour, odd), (TokenRequest{{3, 6, 7, 9, 12}, TokenForm::norm, true}));
    EXPECT_EQ(merged({{}, TokenForm::norm, true}, {{5}, TokenForm::raw, false}),
              (TokenRequest{{5}, TokenForm::raw, true}));
    EXPECT_EQ(merged({{}, TokenForm::raw, false}, {}), TokenRequest{});
    EXPECT_EQ(merged({{}, TokenForm::norm, false, {3}}, {{}, TokenForm::norm, false, {2}}),
              (TokenRequest{{}, TokenForm::norm, false, {2, 3}}));
    EXPECT_FALSE(can_merge(kFour, {{1}, TokenForm::raw, false}));
    EXPECT_TRUE(can_merge(kFour, {{}, TokenForm::raw, true}));
}

}  // namespace
}  // namespace patchead
