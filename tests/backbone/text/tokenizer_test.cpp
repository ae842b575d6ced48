#include "patchead/backbone/tokenizer.hpp"

#include <algorithm>
#include <random>

#include "../checkpoint_files.hpp"
#include "small_vocabulary.hpp"

namespace patchead {
namespace {

using Ids = std::vector<std::int32_t>;

/// "a b" is no. 0, "ab c</w>" no. 1, ...
const MergeTexts kMergesOfTest{{"a", "b"}, {"ab", "c</w>"}, {"a", "a"}, {"aa", "aa"}, {"c", "ab"}};
constexpr std::int32_t kFirstMerge = 512;

Tokenizer small_tokenizer() { return Tokenizer(test::vocabulary_of(kMergesOfTest), "small"); }

Ids ids_of(const std::string& text, int context = 77) {
    return small_tokenizer().encode(text, context).ids;
}

/// Between start and end.
Ids inner_ids(const std::string& text) {
    auto ids = ids_of(text);
    EXPECT_EQ(ids.front(), small_tokenizer().start());
    EXPECT_EQ(ids.back(), small_tokenizer().end());
    return {ids.begin() + 1, ids.end() - 1};
}

std::string refusal_of_vocabulary(const VocabularyFiles& files) {
    return test::message_of<WeightsError>([&] { return Tokenizer(files, "words"); });
}

TEST(Tokenizer, MergesTheEarliestPairFirstFromLeftToRight) {
    EXPECT_EQ(inner_ids("abc"), Ids{kFirstMerge + 1});
    EXPECT_EQ(inner_ids("ABC abc"), (Ids{kFirstMerge + 1, kFirstMerge + 1}));
    const std::int32_t a_end = 256 + 64;  // "a" is the 65th byte that is written directly.
    EXPECT_EQ(inner_ids("aaa"), (Ids{kFirstMerge + 2, a_end}));
    EXPECT_EQ(inner_ids("aaaaaa"), (Ids{kFirstMerge + 3, 64, a_end}));
    EXPECT_EQ(inner_ids("cabd"), (Ids{kFirstMerge + 4, 256 + 67}));
}

/// Upstream's way: all pairs of the lowest rank in one round, over and over.
Ids merged_in_rounds(const ByteVocabulary& vocabulary, const std::string& piece) {
    Ids ids;
    for (const char c : piece) { ids.push_back(vocabulary.inner[static_cast<std::uint8_t>(c)]); }
    ids.back() = vocabulary.ending[static_cast<std::uint8_t>(piece.back())];
    for (;;) {
        const TokenMerge* best = nullptr;
        TokenPair pair;
        for (std::size_t i = 0; i + 1 < ids.size(); ++i) {
            const auto found = vocabulary.merges.find({ids[i], ids[i + 1]});
            if (found == vocabulary.merges.end()) { continue; }
            if (best == nullptr || found->second.rank < best->rank) {
                best = &found->second;
                pair = found->first;
            }
        }
        if (best == nullptr) { return ids; }
        Ids next;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            const bool is_pair = i + 1 < ids.size() && TokenPair{ids[i], ids[i + 1]} == pair;
            next.push_back(is_pair ? best->token : ids[i]);
            i += is_pair ? 1 : 0;
        }
        ids = next;
    }
}

/// Tokens that can be made in several ways, and merges that come before those that make their
/// parts, are in no vocabulary that was learned; here they are.
MergeTexts disordered_merges(std::mt19937& random) {
    std::vector<std::string> parts{"a", "b", "c", "a</w>", "b</w>"};
    MergeTexts merges;
    const auto pick = [&] { return parts[random() % parts.size()]; };
    while (merges.size() < 30) {
        const std::pair merge{pick(), pick()};
        const auto whole = merge.first + merge.second;
        const bool is_good =
            !merge.first.ends_with(kEndOfWord) && std::ranges::count(parts, whole) == 0;
        if (!is_good) { continue; }
        parts.push_back(whole);
        merges.push_back(merge);
    }
    std::ranges::shuffle(merges, random);
    return merges;
}

TEST(Tokenizer, MergesDisorderedVocabulariesAsRoundsWould) {
    std::mt19937 random(7);
    for (int trial = 0; trial < 50; ++trial) {
        const auto merges = disordered_merges(random);
        const auto vocabulary = make_vocabulary(tokens_of(merges), merges, "disordered");
        for (int word = 0; word < 50; ++word) {
            std::string text;
            for (auto left = 1 + random() % 24; left > 0; --left) { text += "abc"[random() % 3]; }
            EXPECT_EQ(tokens_of_piece(vocabulary, text), merged_in_rounds(vocabulary, text))
                << text;
        }
    }
}

TEST(Tokenizer, CutsLongTextsAndEndsThemAllTheSame) {
    const auto end = small_tokenizer().end();
    EXPECT_EQ(ids_of("abc abc abc", 5).size(), 5U);
    EXPECT_FALSE(small_tokenizer().encode("abc abc abc", 5).is_cut);
    const auto cut = small_tokenizer().encode("abc abc abc", 4);
    EXPECT_TRUE(cut.is_cut);
    EXPECT_EQ(cut.ids, (Ids{end - 1, kFirstMerge + 1, kFirstMerge + 1, end}));
    EXPECT_EQ(ids_of("abc", 2), (Ids{end - 1, end}));
    test::expect_words(test::message_of<ConfigError>([] { return ids_of("abc", 1); }),
                       {"context of 1"});
}

TEST(Tokenizer, KnowsStartAndEndInTheSpellingThatIsAskedFor) {
    const auto tokenizer = small_tokenizer();
    const auto one = [&](const char* text, SpecialTokens special) {
        return tokenizer.encode(text, 77, special).ids.size() == 3;
    };
    EXPECT_TRUE(one("<end_of_text>", SpecialTokens::open_clip));
    EXPECT_FALSE(one("<end_of_text>", SpecialTokens::openai));
    EXPECT_TRUE(one("<|startoftext|>", SpecialTokens::openai));
    EXPECT_FALSE(one("<|startoftext|>", SpecialTokens::open_clip));
}

TEST(Tokenizer, ReadsEveryFormThatItWrites) {
    const auto merges = test::as_many_merges_as_clip();
    const Tokenizer tokenizer({{"any.txt", test::merges_file(merges)}}, "merges");
    EXPECT_EQ(tokenizer.size(), 49408);
    const auto text = "a photo of the metal nut";
    for (const auto form :
         {VocabularyForm::merges, VocabularyForm::vocab_and_merges, VocabularyForm::tokenizer}) {
        const Tokenizer again(tokenizer.written_as(form), "again");
        EXPECT_EQ(again.digest(), tokenizer.digest());
        EXPECT_EQ(again.encode(text, 77).ids, tokenizer.encode(text, 77).ids);
    }
    EXPECT_NE(small_tokenizer().digest(), tokenizer.digest());
}

TEST(Tokenizer, TakesMergesAsTextsAndAsPairs) {
    const auto files = small_tokenizer().written_as(VocabularyForm::tokenizer);
    auto json = nlohmann::json::parse(files.at("tokenizer.json"));
    for (auto& merge : json["model"]["merges"]) {
        merge = merge[0].get<std::string>() + " " + merge[1].get<std::string>();
    }
    EXPECT_EQ(Tokenizer({{"tokenizer.json", json.dump()}}, "words").digest(),
              small_tokenizer().digest());
}

TEST(Tokenizer, RefusesVocabulariesThatAreNotWhole) {
    const auto good = test::vocabulary_of(kMergesOfTest);
    auto spoilt = good;
    spoilt["merges.txt"] = test::merges_file({kMergesOfTest.begin(), kMergesOfTest.end() - 1});
    test::expect_words(refusal_of_vocabulary(spoilt), {"words", "need 5 merges", "has 4"});
    spoilt["merges.txt"] = "#version\na b c\n";
    test::expect_words(refusal_of_vocabulary(spoilt), {"line 2 is no merge"});
    spoilt = good;
    spoilt["vocab.json"].resize(spoilt["vocab.json"].size() / 2);
    test::expect_words(refusal_of_vocabulary(spoilt), {"words", "parse error"});
    spoilt["vocab.json"] = R"({"a": 0, "b": 0})";
    test::expect_words(refusal_of_vocabulary(spoilt), {"each once"});
    spoilt["vocab.json"] = R"({"a": -1})";
    test::expect_words(refusal_of_vocabulary(spoilt), {"-1 is not one"});
    spoilt = good;
    spoilt.erase("merges.txt");
    test::expect_words(refusal_of_vocabulary(spoilt), {"merges.txt"});
    test::expect_words(refusal_of_vocabulary({{"tokenizer.json", R"({"model": {}})"}}), {"vocab"});
    test::expect_words(refusal_of_vocabulary({}), {"no file"});
}

TEST(Tokenizer, RefusesACutMergesFileAndACutArchive) {
    auto merges = test::as_many_merges_as_clip();
    merges.pop_back();
    test::expect_words(refusal_of_vocabulary({{"bpe.txt", test::merges_file(merges)}}),
                       {"ends after 48893 of 48894"});
    test::expect_words(refusal_of_vocabulary({{"bpe.txt.gz", "\x1f\x8b\x08 nothing"}}),
                       {"cannot be unpacked"});
    test::expect_words(refusal_of_vocabulary({{"bpe.txt", "<!doctype html>"}}), {"ends after 0"});
}

TEST(Tokenizer, RefusesTextsThatAreNone) {
    for (const auto* text : {"a\xff", "\xc3", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xc0\x80"}) {
        const auto message = test::message_of<DataError>([&] { return ids_of(text); });
        test::expect_words(message, {"not UTF-8", "place"});
    }
    const std::string large(10'000'000, 'a');
    test::expect_words(test::message_of<DataError>([&] { return ids_of(large); }),
                       {"10000000 bytes", "100000"});
}

TEST(Tokenizer, LeavesOutNulAndTakesTheLongestTextThatThereMayBe) {
    EXPECT_EQ(ids_of(std::string("a\0bc", 4)), ids_of("abc"));
    for (const auto* part : {"a", "ab", "&amp;", "&", "\xcc\x81"}) {
        std::string text;
        while (text.size() + 8 < kMostTextBytes) { text += part; }
        EXPECT_TRUE(small_tokenizer().encode(text, 77).is_cut) << part;
    }
    std::string nested = "&";
    while (nested.size() + 8 < kMostTextBytes) { nested += "amp;"; }
    EXPECT_GE(ids_of(nested).size(), 3U);
}

TEST(FindVocabulary, TakesWhatIsNamedOrLiesBesideTheCheckpoint) {
    const test::TemporaryFolder folder;
    const auto checkpoint = folder.path() / "model.safetensors";
    test::expect_words(
        test::message_of<WeightsError>([&] { return find_vocabulary({}, checkpoint); }),
        {folder.path().string(), "bpe_simple_vocab_16e6.txt.gz"});
    for (const auto& [name, content] : test::vocabulary_of(kMergesOfTest)) {
        folder.write(name, content);
    }
    EXPECT_EQ(find_vocabulary({}, checkpoint), folder.path() / "vocab.json");
    EXPECT_EQ(read_tokenizer(find_vocabulary(folder.path(), {})).digest(),
              small_tokenizer().digest());
    folder.write("tokenizer.json",
                 small_tokenizer().written_as(VocabularyForm::tokenizer).at("tokenizer.json"));
    EXPECT_EQ(find_vocabulary({}, checkpoint), folder.path() / "tokenizer.json");
    EXPECT_EQ(find_vocabulary(folder.path() / "vocab.json", checkpoint),
              folder.path() / "vocab.json");
    test::expect_words(
        test::message_of<WeightsError>([&] { return find_vocabulary(folder.path() / "none", {}); }),
        {"none", "no such file"});
}

}  // namespace
}  // namespace patchead
