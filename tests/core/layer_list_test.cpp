#include "patchead/core/layer_list.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

std::vector<int> layers(const std::string& text, int depth) {
    return layers_at(Layers().parse("layers", text), depth);
}

std::string refusal(const std::string& text, int depth = 12) {
    try {
        static_cast<void>(layers_at(Layers().parse("layers", text), depth, "backbone 'net'"));
    } catch (const ConfigError& error) { return error.what(); }
    return "";
}

TEST(LayerList, AreNumbersOfBlocksSharesOfTheDepthAndWords) {
    EXPECT_EQ(layers("3,6,9,12", 12), (std::vector<int>{3, 6, 9, 12}));
    EXPECT_EQ(layers("9,3,9", 12), (std::vector<int>{3, 9})) << "ascending, each once";
    EXPECT_EQ(layers("0.25,0.5,0.75,1", 24), (std::vector<int>{6, 12, 18, 24}));
    EXPECT_EQ(layers("1", 24), std::vector<int>{1}) << "without fractions a block";
    EXPECT_EQ(layers("1.0", 24), std::vector<int>{24});
    EXPECT_EQ(layers("last", 12), std::vector<int>{12});
    EXPECT_EQ(layers("middle,last,6", 12), (std::vector<int>{6, 12}));
    EXPECT_EQ(layers("none", 12), std::vector<int>{});
}

TEST(LayerList, RoundsHalvesUpAndStaysWithinTheDepth) {
    EXPECT_EQ(layers("0.5", 7), std::vector<int>{4});
    EXPECT_EQ(layers("0.49", 7), std::vector<int>{3});
    EXPECT_EQ(layers("middle", 7), std::vector<int>{3});
    EXPECT_EQ(layers("0.01,middle", 1), std::vector<int>{1});
    EXPECT_EQ(layers("0.99", 12), std::vector<int>{12});
}

TEST(LayerList, RefusesWhatIsNoLayer) {
    EXPECT_NE(refusal("0").find("counted from 1"), std::string::npos);
    EXPECT_NE(refusal("1.5").find("above 0 and up to 1"), std::string::npos);
    for (const auto* text : {"", "0.0", "-1", "3,", ",3", "3 6", "3;6", "nan.", "first", "0x3",
                             "1e0", "99999999999", "None", "inf", "."}) {
        EXPECT_NE(refusal(text), "") << "'" << text << "'";
    }
}

TEST(LayerList, NamesTheNetworkAndItsDepthWhereItHasNotSoMany) {
    const auto text = refusal("3,13");
    EXPECT_NE(text.find("layer 13 of backbone 'net' (it has 12 blocks)"), std::string::npos)
        << text;
    EXPECT_NE(refusal("last", 0).find("gives its last tokens only"), std::string::npos);
}

TEST(LayerList, MayNameFormsWhereItIsAllowed) {
    const Layers with_forms("needed", Layers::Forms::yes);
    const auto list = with_forms.parse("cache-layers", "3,6.raw,0.5.norm,last.projected,1.raw");
    ASSERT_EQ(list.places.size(), 5U);
    EXPECT_EQ(list.places[0].form, std::nullopt);
    EXPECT_EQ(list.places[1].form, TokenForm::raw);
    EXPECT_EQ(list.places[2].form, TokenForm::norm);
    EXPECT_EQ(list.places[3].form, TokenForm::projected);
    EXPECT_EQ(layers_at(list, 12), (std::vector<int>{3, 6, 12})) << "beside a share 1 is the last";
    EXPECT_EQ(with_forms.text(list), "3,6.raw,0.5.norm,last.projected,last.raw");
    EXPECT_EQ(with_forms.parse("cache-layers", with_forms.text(list)), list);
    for (const auto* text : {"6.rms", ".raw", "6.raw.norm", "raw", "6.", "1.5.raw"}) {
        EXPECT_THROW(static_cast<void>(with_forms.parse("cache-layers", text)), ConfigError)
            << text;
    }
    EXPECT_THROW(static_cast<void>(Layers().parse("layers", "6.raw")), ConfigError);
}

TEST(LayerList, HasATextThatReadsBack) {
    for (const auto* text : {"none", "3,6,9,12", "0.25,0.5,middle,last", "9,3"}) {
        EXPECT_EQ(Layers().text(Layers().parse("layers", text)), text);
    }
    EXPECT_EQ(Layers().text(Layers().parse("layers", "0.5,1")), "0.5,last");
    EXPECT_EQ(Layers("needed").text({}), "needed");
    EXPECT_TRUE(Layers("needed").parse("cache-layers", "needed").empty());
    EXPECT_THROW(static_cast<void>(Layers("needed").parse("cache-layers", "none")), ConfigError);
}

}  // namespace
}  // namespace patchead
