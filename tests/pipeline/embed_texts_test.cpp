#include "patchead/pipeline/embed_texts.hpp"

#include <gtest/gtest.h>

#include "patchead/backbone/tokenizer.hpp"
#include "support/error_of.hpp"
#include "support/small_clip.hpp"

namespace patchead {
namespace {

const std::filesystem::path kSmallWords =
    std::filesystem::path(PATCHEAD_SOURCE_DIR) / "tests/data/parity/tokenizer/small/vocab.json";

class EmbedTexts : public testing::Test {
  protected:
    EmbedTexts() : store_(folder_.path() / "store") {
        put_text_tower(folder_.path() / "clip.safetensors", 634);
        source_ = {{"open_clip", folder_.path() / "clip.safetensors", {}}, kSmallWords};
        texts_ = {tower_identity(source_, "digest"),
                  read_tokenizer(kSmallWords).digest(),
                  {"a photo of a metal nut", "a photo of a flawless metal nut"},
                  {"a photo of a damaged metal nut"}};
    }

    TemporaryFolder folder_;
    Store store_;
    TextSource source_;
    PlannedTexts texts_;
};

TEST_F(EmbedTexts, MakesThemOnceAndReadsThemAgain) {
    const auto made = embed_texts(store_, source_, texts_, {});
    EXPECT_EQ(made.at("normal").shape, (std::vector<std::int64_t>{2, 32}));
    EXPECT_EQ(made.at("anomalous").shape, (std::vector<std::int64_t>{1, 32}));
    EXPECT_TRUE(store_.contains(text_key(texts_)));
    std::filesystem::remove(source_.checkpoint.weights);
    EXPECT_EQ(embed_texts(store_, source_, texts_, {}), made);
}

TEST_F(EmbedTexts, GivesASentenceTheSameBitsInEveryList) {
    const auto made = embed_texts(store_, source_, texts_, {});
    std::swap(texts_.normal, texts_.anomalous);
    const auto swapped = embed_texts(store_, source_, texts_, {});
    EXPECT_EQ(swapped.at("normal"), made.at("anomalous"));
    EXPECT_EQ(swapped.at("anomalous"), made.at("normal"));
}

TEST_F(EmbedTexts, TellsTowersApartByTheirOptions) {
    auto quick = source_;
    quick.checkpoint.options.overrides["activation"] = "quickgelu";
    EXPECT_NE(tower_identity(quick, "digest"), texts_.tower);
    EXPECT_EQ(texts_.tower.at("weights"), "digest");
    EXPECT_EQ(texts_.tower.at("precision"), "fp32");
}

TEST_F(EmbedTexts, NeedsTheVocabularyOfTheTower) {
    put_text_tower(source_.checkpoint.weights, 600);
    const auto message = error_of([&] { (void)embed_texts(store_, source_, texts_, {}); });
    EXPECT_TRUE(has(message, "vocab.json")) << message;
    EXPECT_TRUE(has(message, "634 tokens")) << message;
    EXPECT_FALSE(store_.contains(text_key(texts_)));
}

TEST_F(EmbedTexts, SetsADamagedArtifactAside) {
    (void)embed_texts(store_, source_, texts_, {});
    const auto file = store_.path(text_key(texts_));
    std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
    EXPECT_TRUE(
        has(error_of([&] { (void)embed_texts(store_, source_, texts_, {}); }), "set aside"));
    EXPECT_FALSE(store_.contains(text_key(texts_)));
}

}  // namespace
}  // namespace patchead
