#include <algorithm>
#include <sstream>

#include <nlohmann/json.hpp>

#include "patchead/core/error.hpp"
#include "patchead/core/gzip.hpp"
#include "patchead/core/json_levels.hpp"
#include "text/vocabulary.hpp"

namespace patchead::inline backbone_detail {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostVocabularyBytes = std::size_t{1} << 26;  // Unpacked; CLIP's has 3 MB.
constexpr const char* kMergesFile = "merges.txt";

template <class... Parts>
[[noreturn]] void refuse_vocabulary(const std::string& place, const Parts&... reason) {
    throw WeightsError(concat("no whole vocabulary in '", place, "' (", concat(reason...),
                              "); download it again"));
}

/// "a b" as two tokens.
std::pair<std::string, std::string> parse_merge(const std::string& text, const std::string& where,
                                                const std::string& place) {
    std::istringstream words(text);
    std::pair<std::string, std::string> merge;
    std::string more;
    if (!(words >> merge.first >> merge.second) || words >> more) {
        refuse_vocabulary(place, where, " is no merge of two tokens");
    }
    return merge;
}

/// Lines "a b" behind a header, at most `most`: CLIP's own file goes on with merges that its
/// networks have no tokens for.
MergeTexts merges_in_lines(const std::string& text, std::size_t most, const std::string& place) {
    std::istringstream lines(text);
    MergeTexts merges;
    std::string line;
    std::getline(lines, line);
    while (merges.size() < most && std::getline(lines, line)) {
        if (line.empty()) { continue; }
        merges.push_back(parse_merge(line, concat("line ", merges.size() + 2), place));
    }
    return merges;
}

/// An object of tokens and their ids as a list.
std::vector<std::string> tokens_by_id(const Json& ids, const std::string& place) {
    std::vector<std::string> tokens(ids.size());
    for (const auto& [token, id] : ids.items()) {
        const bool fits = id.is_number_unsigned() && id.get<std::uint64_t>() < tokens.size() &&
                          tokens[id.get<std::size_t>()].empty() && !token.empty();
        if (!fits) {
            refuse_vocabulary(place, "its ids are not 0 to ", tokens.size() - 1,
                              ", each once: ", id.dump(), " is not one");
        }
        tokens[id.get<std::size_t>()] = token;
    }
    return tokens;
}

ByteVocabulary parse_merges(const std::string& text, const std::string& place) {
    const auto merges = merges_in_lines(text, kMergesOfClip, place);
    if (merges.size() < kMergesOfClip) {
        refuse_vocabulary(place, "it ends after ", merges.size(), " of ", kMergesOfClip, " merges");
    }
    return make_vocabulary(tokens_of(merges), merges, place);
}

ByteVocabulary parse_vocabulary_json(const Json& json, const VocabularyFiles& files,
                                     const std::string& place) {
    const auto merges = files.find(kMergesFile);
    if (merges == files.end()) {
        refuse_vocabulary(place, "vocab.json needs the merges.txt beside it");
    }
    return make_vocabulary(tokens_by_id(json, place),
                           merges_in_lines(merges->second, merges->second.size(), place), place);
}

/// Merges are texts "a b", in newer files pairs.
MergeTexts merges_in_json(const Json& list, const std::string& place) {
    MergeTexts merges;
    for (const auto& item : list) {
        merges.push_back(
            item.is_array()
                ? std::pair(item.at(0).get<std::string>(), item.at(1).get<std::string>())
                : parse_merge(item.get<std::string>(), concat("merge ", merges.size()), place));
    }
    return merges;
}

ByteVocabulary parse_tokenizer_json(const Json& json, const std::string& place) {
    const auto& model = json.at("model");
    auto ids = model.at("vocab");
    for (const auto& added : json.value("added_tokens", Json::array())) {
        ids[added.at("content").get<std::string>()] = added.at("id");
    }
    const auto end_of_word = model.value("end_of_word_suffix", std::string());
    if (end_of_word != kEndOfWord) {
        refuse_vocabulary(place, "its words end in '", end_of_word, "', CLIP's in '", kEndOfWord,
                          "'");
    }
    return make_vocabulary(tokens_by_id(ids, place), merges_in_json(model.at("merges"), place),
                           place);
}

/// What is to be read, unpacked: the file that is not merges.txt, if there is another.
std::string main_text(const VocabularyFiles& files, const std::string& place) {
    const auto found =
        std::ranges::find_if(files, [](const auto& file) { return file.first != kMergesFile; });
    if (files.empty()) { refuse_vocabulary(place, "there is no file"); }
    const auto& text = found != files.end() ? found->second : files.begin()->second;
    return is_gzip(text) ? gunzip(text, place, kMostVocabularyBytes) : text;
}

}  // namespace

ByteVocabulary parse_vocabulary(const VocabularyFiles& files, const std::string& place) {
    try {
        const auto text = main_text(files, place);
        if (!text.starts_with('{')) { return parse_merges(text, place); }
        if (is_deeper_than(kMostJsonLevels, text)) {
            refuse_vocabulary(place, "it is nested deeper than ", kMostJsonLevels, " levels");
        }
        const auto json = Json::parse(text);
        return json.contains("model") && json["model"].is_object()
                   ? parse_tokenizer_json(json, place)
                   : parse_vocabulary_json(json, files, place);
    } catch (const Json::exception& error) {
        refuse_vocabulary(place, error.what());
    } catch (const DataError& error) { throw WeightsError(error.what()); }
}

}  // namespace patchead::inline backbone_detail
