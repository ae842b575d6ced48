#include "patchead/backbone/text.hpp"

#include <limits>

#include "../checkpoint_files.hpp"
#include "backbone/text/load_text_tower.hpp"
#include "small_vocabulary.hpp"

namespace patchead {
namespace {

constexpr int kWidthOfTest = 64;
constexpr int kTokensOfTest = 520;
constexpr int kContextOfTest = 12;
constexpr int kSharedOfTest = 24;

void add_layer(test::Tensors& tensors, const std::string& name, std::int64_t out, std::int64_t in) {
    tensors[name + "weight"] = at::randn({out, in}) / 8;
    tensors[name + "bias"] = at::randn({out}) / 8;
}

void add_norm(test::Tensors& tensors, const std::string& name) {
    tensors[name + ".weight"] = at::randn({kWidthOfTest}) / 8 + 1;
    tensors[name + ".bias"] = at::randn({kWidthOfTest}) / 8;
}

/// A text tower of two blocks in OpenCLIP's layout, the same one every time.
test::Tensors text_tensors() {
    at::manual_seed(20);
    test::Tensors tensors;
    tensors["token_embedding.weight"] = at::randn({kTokensOfTest, kWidthOfTest});
    tensors["positional_embedding"] = at::randn({kContextOfTest, kWidthOfTest});
    for (const auto* block : {"transformer.resblocks.0.", "transformer.resblocks.1."}) {
        const std::string name(block);
        add_norm(tensors, name + "ln_1");
        add_layer(tensors, name + "attn.in_proj_", 3 * kWidthOfTest, kWidthOfTest);
        add_layer(tensors, name + "attn.out_proj.", kWidthOfTest, kWidthOfTest);
        add_norm(tensors, name + "ln_2");
        add_layer(tensors, name + "mlp.c_fc.", 4 * kWidthOfTest, kWidthOfTest);
        add_layer(tensors, name + "mlp.c_proj.", kWidthOfTest, 4 * kWidthOfTest);
    }
    add_norm(tensors, "ln_final");
    tensors["text_projection"] = at::randn({kWidthOfTest, kSharedOfTest});
    tensors["visual.proj"] = at::randn({8, kSharedOfTest});
    return tensors;
}

class TextTowers : public testing::Test {
  protected:
    std::filesystem::path file(const test::Tensors& tensors) const {
        return folder_.write("model.safetensors", test::safetensors(tensors));
    }
    std::unique_ptr<const TextEncoder> encoder(const LoadOptions& options = {}) const {
        return load_text_encoder("open_clip", file(text_tensors()), options);
    }
    std::string refusal(const test::Tensors& tensors) const {
        const auto path = file(tensors);
        return test::message_of<WeightsError>(
            [&] { return load_text_encoder("open_clip", path, {}); });
    }

    test::TemporaryFolder folder_;
};

const std::vector<TextTokens> kTexts{{{518, 7, 8, 519}}, {{518, 519}}, {{518, 1, 2, 3, 4, 519}}};

std::vector<float> row_of(const TextEmbeddings& all, int row) {
    const auto begin = all.features.begin() + row * all.dim;
    return {begin, begin + all.dim};
}

TEST_F(TextTowers, SaysWhatItIs) {
    const auto info = encoder()->info();
    EXPECT_EQ(info.layout, "official");
    EXPECT_EQ(info.width, kWidthOfTest);
    EXPECT_EQ(info.dim, kSharedOfTest);
    EXPECT_EQ(info.depth, 2);
    EXPECT_EQ(info.heads, 1);
    EXPECT_EQ(info.context, kContextOfTest);
    EXPECT_EQ(info.vocabulary, kTokensOfTest);
    EXPECT_FALSE(info.logit_scale.has_value());
    EXPECT_EQ(info.options.at("activation"), "gelu");
}

TEST_F(TextTowers, GivesATextTheSameBitsInAnyCompanyAndOnAnyNumberOfThreads) {
    const auto network = encoder();
    const auto all = network->embed(kTexts);
    ASSERT_EQ(all.features.size(), kTexts.size() * kSharedOfTest);
    for (int i = 0; i < 3; ++i) {
        const auto alone = network->embed(std::span(kTexts).subspan(std::size_t(i), 1));
        EXPECT_EQ(alone.features, row_of(all, i));
    }
    set_compute_threads(3);
    EXPECT_EQ(network->embed(kTexts).features, all.features);
    set_compute_threads(1);
    EXPECT_TRUE(network->embed({}).features.empty());
}

/// Tokenizers fill texts up with zeros or with the end's token; the first end is the one.
TEST_F(TextTowers, DoesNotReadWhatStandsBehindTheEnd) {
    const std::vector<TextTokens> filled{{{518, 7, 8, 519, 0, 0, 0}}, {{518, 7, 8, 519, 519, 519}}};
    const auto network = encoder();
    const auto plain = row_of(network->embed(kTexts), 0);
    EXPECT_EQ(row_of(network->embed(filled), 0), plain);
    EXPECT_EQ(row_of(network->embed(filled), 1), plain);
}

TEST_F(TextTowers, ComputesAllHeadsAtOnceAsOneAfterTheOther) {
    const auto loaded = load_text_tower("open_clip", file(text_tensors()), {{"text_heads", "4"}});
    const auto ids = at::tensor({518, 7, 8, 519, 518, 9, 10, 519}, at::kLong).view({2, 4});
    const auto ends = at::tensor({3, 3}, at::kLong);
    const auto one = run_texts(loaded.tower, ids, Work::by_head, true);
    const auto all = run_texts(loaded.tower, ids, Work::at_once, true);
    EXPECT_TRUE(at::allclose(text_features(loaded.tower, one, ends),
                             text_features(loaded.tower, all, ends), 1e-5, 1e-5));
    EXPECT_TRUE(at::allclose(one.attention, all.attention, 1e-5, 1e-5));
    EXPECT_EQ(one.attention.sizes().vec(), (Shape{2, 4, 4, 4}));
    const auto above = one.attention.permute({0, 2, 1, 3}).triu(1);
    EXPECT_EQ(above.abs().max().item<float>(), 0) << "a token saw one behind it";
}

TEST_F(TextTowers, DependsOnItsActivation) {
    const auto quick = encoder({.overrides = {{"activation", "quickgelu"}}})->embed(kTexts);
    EXPECT_NE(quick.features, encoder()->embed(kTexts).features);
}

TEST_F(TextTowers, RefusesTextsThatItCannotRead) {
    const auto network = encoder();
    const auto refusal_of = [&](const std::vector<std::int32_t>& ids) {
        const std::vector<TextTokens> texts{{ids}};
        return test::message_of<ConfigError>([&] { return network->embed(texts); });
    };
    test::expect_words(refusal_of({}), {"0 tokens"});
    test::expect_words(refusal_of(std::vector<std::int32_t>(13, 1)), {"13 tokens", "1 to 12"});
    test::expect_words(refusal_of({518, 520}), {"token 520", "520"});
    test::expect_words(refusal_of({518, -1}), {"token -1"});
}

TEST_F(TextTowers, IsRefusedWithTheKeyThatIsWrong) {
    auto tensors = text_tensors();
    tensors.erase("transformer.resblocks.1.mlp.c_fc.bias");
    test::expect_words(refusal(tensors), {"transformer.resblocks.1.mlp.c_fc.bias", "missing"});
    tensors = text_tensors();
    tensors["text_projection"][0][0] = std::numeric_limits<float>::quiet_NaN();
    test::expect_words(refusal(tensors), {"text_projection", "NaN"});
    tensors = text_tensors();
    tensors["extra.weight"] = at::zeros({3});
    test::expect_words(refusal(tensors), {"extra.weight", "left over"});
    tensors = text_tensors();
    tensors["positional_embedding"] = at::zeros({12, 32});
    test::expect_words(refusal(tensors), {"positional_embedding", "shape"});
}

TEST_F(TextTowers, IsMissedWhereAFileBringsImagesOnly) {
    const test::Tensors images{{"visual.conv1.weight", at::zeros({8, 3, 4, 4})},
                               {"visual.proj", at::zeros({8, 24})}};
    test::expect_words(refusal(images), {"no text tower", "token_embedding.weight"});
    BackboneEntry entry;
    entry.family = "open_clip";
    EXPECT_FALSE(brings_text(entry, file(images), {}));
    EXPECT_TRUE(brings_text(entry, file(text_tensors()), {}));
    entry.family = "mae";
    EXPECT_FALSE(brings_text(entry, file(text_tensors()), {}));
    test::expect_words(test::message_of<ConfigError>(
                           [&] { return load_text_encoder("mae", file(text_tensors()), {}); }),
                       {"mae", "open_clip"});
}

TEST_F(TextTowers, NeedsAVocabularyOfItsSize) {
    const Tokenizer small(test::vocabulary_of({{"a", "b"}}), "small");
    test::expect_words(test::message_of<WeightsError>([&] {
                           require_fitting(small, encoder()->info(), "vocab.json");
                           return 0;
                       }),
                       {"vocab.json", "515 tokens", "520"});
}

}  // namespace
}  // namespace patchead
