#include "patchead/plan/pass_tokens.hpp"

#include <gtest/gtest.h>

#include <set>

#include "patchead/plan/estimate.hpp"
#include "patchead/plan/sweep_plan.hpp"
#include "toy_sweep.hpp"

namespace patchead {
namespace {

/// A sweep with copies of every kind, and what the options say of tokens.
SweepSpec asking(const std::string& layers, const std::string& cached = "needed",
                 bool image = false) {
    auto task = spec();
    task.grids[0].modules = {{false, false}, {true, false}};
    task.method.tokens.layers = Layers().parse("layers", layers);
    task.method.tokens.cached = Layers("needed", Layers::Forms::yes).parse("cache-layers", cached);
    task.method.tokens.image = image;
    return task;
}

std::string token_refusal(const SweepSpec& task) {
    try {
        static_cast<void>(make_plan(task));
    } catch (const ConfigError& error) { return error.what(); }
    return "";
}

std::set<std::string> digests_of(const auto& units) {
    std::set<std::string> found;
    for (const auto& unit : units) { found.insert(unit.key.digest()); }
    return found;
}

TEST(PassTokens, AreOfEveryUnitAndInItsNameAlone) {
    const auto plain = make_plan(asking("none"));
    const auto plan = make_plan(asking("2,0.5,last", "needed", true));
    ASSERT_EQ(plan.embeds.size(), plain.embeds.size());
    for (std::size_t i = 0; i < plan.embeds.size(); ++i) {
        const auto& unit = plan.embeds[i];
        EXPECT_EQ(unit.key.digest(), plain.embeds[i].key.digest());
        EXPECT_EQ(plain.embeds[i].key.name(), unit.key.digest());
        EXPECT_EQ(unit.key.name(), unit.key.digest() + ".L2-3-6.norm.image");
        EXPECT_EQ(unit.key.tokens(), unit.tokens);
    }
    EXPECT_EQ(digests_of(plan.matches), digests_of(plain.matches));
    EXPECT_EQ(digests_of(plan.evaluates), digests_of(plain.evaluates));
}

TEST(PassTokens, OfACacheAreStoredAndNotAskedFor) {
    const auto plan = make_plan(asking("6", "middle"));
    std::size_t copied = 0;
    for (const auto& unit : plan.embeds) {
        EXPECT_EQ(text_of(unit.tokens), "L6.norm");
        const bool copies_originals = unit.copies && !unit.copies->originals.empty();
        copied += copies_originals ? 1 : 0;
        EXPECT_EQ(text_of(stored_tokens(plan.spec, unit)),
                  copies_originals ? "L6.norm" : "L3-6.norm");
    }
    EXPECT_GT(copied, 0U);
}

TEST(PassTokens, OfACacheHaveTheirOwnFormOrThoseOfThePass) {
    const auto stored_of = [](const std::string& layers, const std::string& cached,
                              TokenForm form) {
        auto task = asking(layers, cached);
        task.method.tokens.form = form;
        const auto plan = make_plan(task);
        return text_of(stored_tokens(plan.spec, plan.embeds.front()));
    };
    EXPECT_EQ(stored_of("6", "3", TokenForm::raw), "L3-6.raw");
    EXPECT_EQ(stored_of("none", "3", TokenForm::raw), "L3.raw");
    EXPECT_EQ(stored_of("none", "2.raw,last,0.5.raw", TokenForm::norm), "L6.norm.L2-3.raw");
    EXPECT_EQ(stored_of("6", "6.raw", TokenForm::norm), "L6.norm.L6.raw");
    auto plan = make_plan(asking("6", "2,6.raw"));
    auto unit = plan.embeds.front();
    unit.tokens = merged(unit.tokens, {in_form(TokenForm::raw, {4})});
    EXPECT_EQ(text_of(stored_tokens(plan.spec, unit)), "L2-6.norm.L2-4-6.raw");
}

TEST(PassTokens, ThatANetworkHasNotAreRefusedByItsName) {
    EXPECT_NE(token_refusal(asking("3,7")).find("layer 7 of backbone 'net' (it has 6 blocks)"),
              std::string::npos)
        << token_refusal(asking("3,7"));
    EXPECT_NE(token_refusal(asking("none", "7")).find("layer 7 of backbone 'net'"),
              std::string::npos);
    auto cnn = asking("last");
    cnn.backbones[0].layers = 0;
    EXPECT_NE(token_refusal(cnn).find("gives its last tokens only"), std::string::npos);
    auto tiled = asking("3", "needed", true);
    tiled.method.features.tiling = {112, 0};
    EXPECT_NE(token_refusal(tiled).find("--image-token with --tile"), std::string::npos);
    tiled.method.tokens.image = false;
    EXPECT_EQ(token_refusal(tiled), "") << "patches of layers are put together like others";
}

TEST(PassTokens, AreMadeEvenIfNoResultNeedsThem) {
    auto state = stored(make_plan(asking("none")), true);
    EXPECT_TRUE(make_graph(make_plan(asking("none")), state).units.empty());
    const auto plan = make_plan(asking("3"));
    EXPECT_TRUE(make_graph(plan, state).units.empty()) << "they are there";
    state.of(UnitKind::embed).assign(plan.embeds.size(), false);
    const auto graph = make_graph(plan, state);
    ASSERT_EQ(graph.units.size(), plan.embeds.size());
    for (const auto& unit : graph.units) { EXPECT_EQ(unit.kind, UnitKind::embed); }
}

TEST(PassTokens, CountInTheEstimateOfTheDisk) {
    const auto bytes = [](const SweepSpec& task) {
        const auto plan = make_plan(task);
        return estimate(plan, {UnitKind::embed, 0}).bytes;
    };
    const auto images = make_plan(asking("none")).embeds[0].samples.size();
    const auto of_layer = 196 * 192 * 2 + 4 * 192;
    EXPECT_EQ(bytes(asking("3,6")) - bytes(asking("none")), images * 2 * of_layer);
    EXPECT_EQ(bytes(asking("3", "6")), bytes(asking("3,6")));
    EXPECT_EQ(bytes(asking("3", "3.raw")), bytes(asking("3,6"))) << "one layer in two forms";
    EXPECT_EQ(bytes(asking("none", "needed", true)) - bytes(asking("none")), images * 4 * 192);
}

/// The toy network as a CNN: layers of 4, 16 and 32 px where embeddings have 16.
SweepSpec of_cnn(SweepSpec task) {
    auto& network = task.backbones[0];
    network.layer_shapes = {{"a", 4, 24}, {"b", 16, 48}, {"c", 32, 96}};
    network.layers = 3;
    network.has_attention = false;
    task.grids[0].modules = {{}};
    return task;
}

TEST(PassTokens, OfACnnCountWithTheirOwnGridsAndChannels) {
    const auto bytes = [](const SweepSpec& task) {
        const auto plan = make_plan(of_cnn(task));
        return estimate(plan, {UnitKind::embed, 0}).bytes;
    };
    const auto images = make_plan(of_cnn(asking("none"))).embeds[0].samples.size();
    const auto plain = bytes(asking("none"));
    EXPECT_EQ(bytes(asking("1,2")) - plain, images * 2 * (56 * 56 * 24 + 14 * 14 * 48));
    EXPECT_EQ(bytes(asking("last")) - plain, images * 2 * 7 * 7 * 96);
    EXPECT_EQ(bytes(asking("0.5,0.75")), bytes(asking("2"))) << "shares count layers: 1.5, 2.25";
}

TEST(PassTokens, OfACnnHaveOneForm) {
    const auto cached = make_plan(of_cnn(asking("2", "3.raw,2.raw,1")));
    EXPECT_EQ(text_of(stored_tokens(cached.spec, cached.embeds[0])), "L1-2-3.norm");
    auto task = of_cnn(asking("2"));
    task.method.tokens.form = TokenForm::raw;
    EXPECT_EQ(text_of(make_plan(task).embeds[0].tokens), "L2.norm");
    const PlannedNeeds raw{Layers().parse("layers", "1,3"), false, true, ReferenceCopies::none};
    EXPECT_EQ(text_of(tokens_for(task, 0, raw)), "L1-3.norm.image");
    task.backbones[0].layer_shapes.clear();
    EXPECT_EQ(text_of(tokens_for(task, 0, raw)), "L1-3.raw.image");
}

TEST(PassTokens, OfACnnAreRefusedInTilesUnlessTheyHaveThePatchesOfEmbeddings) {
    auto tiled = of_cnn(asking("2"));
    tiled.method.features.tiling = {112, 0};
    EXPECT_EQ(token_refusal(tiled), "");
    for (const auto* layers : {"1", "2,3"}) {
        tiled.method.tokens.layers = Layers().parse("layers", layers);
        const auto refusal = token_refusal(tiled);
        EXPECT_NE(refusal.find("of backbone 'net' with --tile"), std::string::npos) << refusal;
        EXPECT_NE(refusal.find("those of embeddings of 16 px"), std::string::npos) << refusal;
    }
}

}  // namespace
}  // namespace patchead
