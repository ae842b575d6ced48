#include "store_fixture.hpp"

#include "patchead/cache/describe.hpp"
#include "patchead/cache/maintenance.hpp"

namespace patchead {
namespace {

const TokenRequest kTwo{in_form(TokenForm::raw, {2, 6}), true};

/// The block of `features` with layers of 5 channels and two class tokens.
FeatureBlock with_tokens(std::size_t images = 3, const TokenRequest& tokens = kTwo) {
    auto block = features(images);
    for (const auto& [layer, form] : tokens.layers) {
        LayerTokens own{layer, block.grid, 5, {}, {}, form};
        const auto begin = static_cast<float>(layer + 100 * (form == TokenForm::norm ? 1 : 0));
        for (std::size_t i = 0; i < images * 6 * 5; ++i) {
            own.patches.push_back(static_cast<float>(i) / 4 + begin);
        }
        for (std::size_t i = 0; i < images * 2 * 5; ++i) {
            own.prefix.push_back(static_cast<float>(i) / 3);
        }
        block.layers.push_back(std::move(own));
    }
    for (std::size_t i = 0; tokens.image && i < images * 7; ++i) {
        block.image_tokens.token.push_back(static_cast<float>(i) / 7);
    }
    return block;
}

class TokensTest : public StoreTest {
  protected:
    std::filesystem::path write(const TokenRequest& tokens, CacheType type = CacheType::fp32) {
        const auto key = kKey.with(tokens);
        store_.write(key, with_tokens(3, tokens), type, kProvenance);
        return store_.path(key);
    }
    [[nodiscard]] std::string serving(const TokenRequest& tokens) const {
        const auto found = Store(store_.root()).find(kKey.with(tokens));
        return found ? text_of(found->tokens()) : "nothing";
    }

    std::vector<std::size_t> rows_{2, 0};
};

TEST_F(TokensTest, ReadBackAsTheyWereForAnyRows) {
    write(kTwo);
    const auto block = store_.read_with_tokens(kKey.with(kTwo), kTwo, rows_);
    const auto all = with_tokens();
    ASSERT_EQ(block.layers.size(), 2U);
    EXPECT_EQ(block.layers[1].layer, 6);
    EXPECT_EQ(block.layers[1].grid, (Grid{2, 3}));
    const auto& patches = all.layers[1].patches;
    EXPECT_EQ(std::vector(block.layers[1].patches.begin(), block.layers[1].patches.begin() + 30),
              std::vector(patches.begin() + 60, patches.end()));
    const auto prefix = store_.read_prefix(kKey.with(kTwo), {6, TokenForm::raw}, rows_);
    EXPECT_EQ(prefix.count, 2);
    EXPECT_EQ(prefix.dim, 5);
    EXPECT_EQ(prefix.values, block.layers[1].prefix);
    EXPECT_EQ(prefix.values[0], all.layers[1].prefix[20]);
    const auto image = store_.read_image_tokens(kKey.with(kTwo), rows_);
    EXPECT_EQ(image.token[0], all.image_tokens.token[14]);
    EXPECT_EQ(image.token.size(), 14U);
    EXPECT_TRUE(image.feature.empty());
}

TEST_F(TokensTest, OfWindowsReadBackAsTheyWereAndServeWhoWantsFewer) {
    const TokenRequest tokens{{}, false, {2, 3}};
    auto block = features(3);
    block.windows = {{2, {1, 2}, 5}, {3, {1, 1}, 5}};
    for (auto& windows : block.windows) {
        for (int i = 0; i < 3 * windows.grid.size() * 5; ++i) {
            windows.values.push_back(static_cast<float>(i) / 4 + static_cast<float>(windows.side));
        }
    }
    store_.write(kKey.with(tokens), block, CacheType::fp32, kProvenance);
    const auto two = store_.read_windows(kKey.with({{}, false, {2}}), 2, rows_);
    EXPECT_EQ(two.grid, (Grid{1, 2}));
    EXPECT_EQ(two.dim, 5);
    const auto& all = block.windows[0].values;
    EXPECT_EQ(std::vector(two.values.begin(), two.values.begin() + 10),
              std::vector(all.begin() + 20, all.end()));
    EXPECT_EQ(serving({}), "W2-3");
    EXPECT_EQ(serving({{}, false, {4}}), "nothing");
    EXPECT_EQ(store_.read_with_tokens(kKey.with(tokens), tokens, rows_).windows[1].values.size(),
              10U);
    block.windows.pop_back();
    EXPECT_THROW(store_.write(kKey.with(tokens), block, CacheType::fp32, kProvenance), CacheError);
}

TEST_F(TokensTest, OfLayersWithOtherGridsAndChannelsReadBackAsTheyWere) {
    auto block = features(3);
    block.attention.clear();
    block.layers = {{1, {4, 6}, 2}, {2, {1, 2}, 7}};
    for (auto& layer : block.layers) {
        for (int i = 0; i < 3 * layer.grid.size() * layer.dim; ++i) {
            layer.patches.push_back(static_cast<float>(i) / 4);
        }
    }
    const auto key = kKey.with({in_form(TokenForm::norm, {1, 2})});
    store_.write(key, block, CacheType::fp32, kProvenance);
    const auto fine = store_.read_layer(key, {1, TokenForm::norm}, rows_);
    EXPECT_EQ(fine.grid, (Grid{4, 6}));
    EXPECT_EQ(fine.dim, 2);
    EXPECT_EQ(fine.embedding(0)[0], 2 * 48 / 4.0F);
    const auto coarse = store_.read_layer(key, {2, TokenForm::norm}, rows_);
    EXPECT_EQ(coarse.grid, (Grid{1, 2}));
    EXPECT_EQ(coarse.dim, 7);
    EXPECT_EQ(coarse.embedding(1)[13], 13 / 4.0F);
}

TEST_F(TokensTest, ALayersPatchesComeAsEmbeddings) {
    write(kTwo);
    const auto block = store_.read_layer(kKey.with(kTwo), {2, TokenForm::raw}, rows_);
    EXPECT_EQ(block.dim, 5);
    EXPECT_EQ(block.ids, (std::vector{features().ids[2], features().ids[0]}));
    EXPECT_EQ(block.embedding(1)[0], 2);
    EXPECT_EQ(block.attention, store_.read_features(kKey, rows_).attention);
}

TEST_F(TokensTest, OfHalfPrecisionAreOnlyThePatches) {
    write(kTwo, CacheType::fp16);
    const auto block = store_.read_with_tokens(kKey.with(kTwo), kTwo, rows_);
    EXPECT_EQ(block.layers[0].patches[1], 15.0F + 2 + 0.25F);
    EXPECT_EQ(block.layers[0].prefix[1], 21.0F / 3) << "1/3 is no half";
    EXPECT_EQ(block.layers[0].prefix[2], 22.0F / 3);
}

TEST_F(TokensTest, LeaveEmbeddingsAndTheFilesWithoutThemAsTheyAre) {
    write(kTwo);
    expect_equal(store_.read_features(kKey), features());
    const auto plain = write({});
    EXPECT_EQ(plain.filename(), kKey.digest() + ".h5");
    EXPECT_EQ(find_damage(plain), std::nullopt);
    EXPECT_EQ(describe_file(plain).find("tokens"), std::string::npos);
}

TEST_F(TokensTest, MoreServeWhoWantsFewer) {
    EXPECT_EQ(serving({}), "nothing");
    write({in_form(TokenForm::raw, {1, 2, 5, 6}), true});
    EXPECT_EQ(serving({}), "L1-2-5-6.raw.image");
    EXPECT_EQ(serving({in_form(TokenForm::raw, {2})}), "L1-2-5-6.raw.image");
    EXPECT_EQ(serving({in_form(TokenForm::raw, {2, 3})}), "nothing");
    EXPECT_EQ(serving({in_form(TokenForm::norm, {2})}), "nothing");
    write(kTwo);
    EXPECT_EQ(serving({in_form(TokenForm::raw, {2})}), "L2-6.raw.image") << "the fewest";
    write({in_form(TokenForm::raw, {2})});
    EXPECT_EQ(serving({in_form(TokenForm::raw, {2})}), "L2.raw");
    EXPECT_EQ(serving({{}, true}), "L2-6.raw.image");
    write({});
    EXPECT_EQ(serving({}), "");
}

/// Layer 2 and 6 raw, 6 with the norm, too.
const TokenRequest kForms{{{2, TokenForm::raw}, {6, TokenForm::raw}, {6, TokenForm::norm}}};

TEST_F(TokensTest, InTwoFormsReadBackAsTheyWere) {
    const auto file = write(kForms);
    EXPECT_EQ(file.filename(), kKey.digest() + ".L6.norm.L2-6.raw.h5");
    EXPECT_EQ(find_damage(file), std::nullopt);
    const auto all = with_tokens(3, kForms);
    const std::vector<std::size_t> every{0, 1, 2};
    const auto block = store_.read_with_tokens(kKey.with(kForms), kForms, every);
    ASSERT_EQ(block.layers.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ(block.layers[i].layer, kForms.layers[i].number);
        EXPECT_EQ(block.layers[i].form, kForms.layers[i].form);
        EXPECT_EQ(block.layers[i].patches, all.layers[i].patches);
        EXPECT_EQ(block.layers[i].prefix, all.layers[i].prefix);
        EXPECT_EQ(store_.read_layer(kKey.with(kForms), kForms.layers[i], rows_).embedding(1)[0],
                  all.layers[i].patches[0]);
    }
    const auto text = describe_file(file);
    for (const auto* part : {"/layers/2.raw/patches", "/layers/6.norm/patches", "/layers/6.raw/"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " not in " << text;
    }
}

TEST_F(TokensTest, InTwoFormsServeWhoWantsOne) {
    write(kForms);
    EXPECT_EQ(serving({in_form(TokenForm::raw, {2, 6})}), "L6.norm.L2-6.raw");
    EXPECT_EQ(serving({in_form(TokenForm::norm, {6})}), "L6.norm.L2-6.raw");
    EXPECT_EQ(serving({}), "L6.norm.L2-6.raw");
    EXPECT_EQ(serving({in_form(TokenForm::norm, {2})}), "nothing");
    const auto normed = kKey.with({in_form(TokenForm::norm, {6})});
    EXPECT_EQ(store_.read_layer(normed, {6, TokenForm::norm}, rows_).embedding(1)[0], 106);
    EXPECT_EQ(store_.read_prefix(normed, {6, TokenForm::norm}, rows_).count, 2);
    write({in_form(TokenForm::norm, {6})});
    EXPECT_EQ(serving({in_form(TokenForm::norm, {6})}), "L6.norm");
    EXPECT_EQ(serving(kForms), "L6.norm.L2-6.raw");
}

TEST_F(TokensTest, InOneFormHaveNamesWithoutIt) {
    const auto text = describe_file(write(kTwo));
    EXPECT_NE(text.find("/layers/2/patches"), std::string::npos) << text;
    EXPECT_EQ(text.find("/layers/2.raw"), std::string::npos) << "as before there were several";
}

TEST_F(TokensTest, OfAnotherFormThanTheKeySaysAreRefused) {
    const auto block = with_tokens(3, {in_form(TokenForm::norm, {2, 6}), true});
    expect_says(error_of([&] {
                    store_.write(kKey.with(kTwo), block, CacheType::fp16, kProvenance);
                    return 0;
                }),
                {"2 layers came", "report this bug"});
}

TEST_F(TokensTest, WhatServesStaysTheSameUntilItIsGone) {
    const auto more = write(kTwo);
    EXPECT_TRUE(store_.contains(kKey));
    write({});
    EXPECT_EQ(store_.found_path(kKey), more) << "another process wrote the other one";
    store_.choose(kKey, {});
    EXPECT_EQ(store_.found_path(kKey), store_.path(kKey));
    std::filesystem::remove(store_.path(kKey));
    EXPECT_EQ(store_.found_path(kKey), more);
    std::filesystem::remove(more);
    EXPECT_FALSE(store_.contains(kKey));
    EXPECT_EQ(store_.found_path(kKey), store_.path(kKey)) << "where it belongs";
}

TEST_F(TokensTest, ADamagedOneIsSetAsideAndNoOther) {
    const auto more = write(kTwo);
    static_cast<void>(store_.contains(kKey));
    const auto plain = write({});
    std::filesystem::resize_file(more, 3000);
    const auto message = error_of([&] {
        return read_or_quarantine(store_, kKey, [&] { return store_.read_features(kKey); });
    });
    expect_says(message, {more.string(), "run the same command again"});
    EXPECT_FALSE(std::filesystem::exists(more));
    EXPECT_TRUE(std::filesystem::exists(plain));
    expect_equal(store_.read_features(kKey), features());
}

TEST_F(TokensTest, AreInTheNameAndAnotherNameIsDamage) {
    const auto file = write(kTwo);
    EXPECT_EQ(file.filename(), kKey.digest() + ".L2-6.raw.image.h5");
    EXPECT_EQ(find_damage(file), std::nullopt);
    const auto listed = list_store(store_.root()).artifacts;
    ASSERT_EQ(listed.size(), 1U);
    EXPECT_EQ(listed[0].tokens, "L2-6.raw.image");
    const auto other = store_.path(kKey.with({in_form(TokenForm::norm, {2, 6}), true}));
    std::filesystem::rename(file, other);
    EXPECT_NE(find_damage(other), std::nullopt);
    expect_says(error_of([&] { return Store(store_.root()).read_features(kKey); }),
                {"L2-6.raw.image", "L2-6.norm.image"});
}

TEST_F(TokensTest, AreShownByDescriptions) {
    const auto text = describe_file(write(kTwo, CacheType::fp16));
    for (const auto* part : {"L2-6.raw.image", "/layers/2/patches", "float16 [3 x 6 x 5]",
                             "/layers/6/prefix", "float32 [3 x 2 x 5]", "/image/token"}) {
        EXPECT_NE(text.find(part), std::string::npos) << part << " not in " << text;
    }
}

TEST_F(TokensTest, ThatContradictTheKeyOrEachOtherAreRefused) {
    const auto write_block = [&](const FeatureBlock& block) {
        return error_of([&] {
            store_.write(kKey.with(kTwo), block, CacheType::fp16, kProvenance);
            return 0;
        });
    };
    expect_says(write_block(features()), {"0 layers came", "report this bug"});
    auto block = with_tokens();
    block.layers[1].patches.pop_back();
    expect_says(write_block(block), {"other sizes", "report this bug"});
    block = with_tokens();
    block.layers[1].patches[40] = 7e4F;
    expect_says(write_block(block), {"value of a layer 70000", block.ids[1], "--cache-dtype fp32"});
    block = with_tokens();
    block.layers[0].prefix[25] = NAN;
    expect_says(write_block(block), {"class token", block.ids[2], "not a finite number"});
    EXPECT_FALSE(store_.contains(kKey)) << "nothing half-written stays";
}

}  // namespace
}  // namespace patchead
