#include "verify/tokenizer_fixture.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <sstream>

#include <nlohmann/json.hpp>

#include "patchead/backbone/tokenizer.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead::inline setup_detail {
namespace {

namespace fs = std::filesystem;

constexpr int kContextOfCases = 77;
constexpr const char* kNotRepaired = "ftfy_encoding";

struct TokenizerCase {
    std::string id;
    std::string text;
    std::string cleaned;  ///< Empty where the file has no such column.
    std::vector<std::int32_t> open_clip;
    std::vector<std::int32_t> openai;
};

struct TokenizerCases {
    std::vector<TokenizerCase> cases;
    bool has_cleaned = false;
    std::vector<std::string> left_out;
};

std::vector<std::string> fields_of(const std::string& line) {
    std::vector<std::string> fields;
    std::istringstream parts(line);
    for (std::string field; std::getline(parts, field, '\t');) { fields.push_back(field); }
    return fields;
}

std::vector<std::int32_t> ids_in(const std::string& text) {
    std::vector<std::int32_t> ids;
    std::istringstream numbers(text);
    for (std::int32_t id = 0; numbers >> id;) { ids.push_back(id); }
    return ids;
}

std::string string_in(const std::string& json) {
    return nlohmann::json::parse(json).get<std::string>();
}

/// One line by the names of its columns.
using CaseFields = std::map<std::string, std::string>;

void add_case(const CaseFields& fields, TokenizerCases& all) {
    if (fields.at("flags").find(kNotRepaired) != std::string::npos) {
        all.left_out.push_back(concat("case ", fields.at("id"), " (", kNotRepaired, ")"));
        return;
    }
    TokenizerCase one{.id = fields.at("id"),
                      .text = string_in(fields.at("text_json")),
                      .cleaned = all.has_cleaned ? string_in(fields.at("cleaned_json")) : "",
                      .open_clip = ids_in(fields.at("ids_open_clip")),
                      .openai = ids_in(fields.at("ids_openai"))};
    if (fields.at("ids_openai") == "=") { one.openai = one.open_clip; }
    all.cases.push_back(std::move(one));
}

TokenizerCases read_cases(const fs::path& file) {
    TokenizerCases all;
    std::vector<std::string> names;
    for (const auto& [number, line] : lines_of(read_text(file), file.string())) {
        const auto fields = fields_of(line);
        if (names.empty()) {
            names = fields;
            all.has_cleaned = std::ranges::count(names, "cleaned_json") > 0;
            continue;
        }
        if (line.empty()) { continue; }
        require<DataError>(fields.size() == names.size(), "line ", number, " of '", file.string(),
                           "' has ", fields.size(), " fields (its header has ", names.size(),
                           "); make the fixture again");
        CaseFields by_name;
        for (std::size_t i = 0; i < names.size(); ++i) { by_name[names[i]] = fields[i]; }
        try {
            add_case(by_name, all);
        } catch (const nlohmann::json::exception& error) {
            throw DataError(concat("line ", number, " of '", file.string(), "' (", error.what(),
                                   "); make the fixture again"));
        } catch (const std::out_of_range&) {
            throw DataError(concat("'", file.string(), "' lacks a column (id, flags, text_json, ",
                                   "ids_open_clip, ids_openai); make the fixture again"));
        }
    }
    require<DataError>(!all.cases.empty(), "no cases in '", file.string(),
                       "' (there is nothing to compare); make the fixture again");
    return all;
}

/// How many cases are not `equal`, and the first of them.
template <class Equal>
ComparedOutput compare_cases(const char* name, const TokenizerCases& all, const Equal& equal) {
    ComparedOutput output{name, 0, 0};
    for (const auto& one : all.cases) {
        if (equal(one)) { continue; }
        if (output.difference == 0) { output.name = concat(name, " of case ", one.id); }
        ++output.difference;
    }
    return output;
}

FixtureResult compare_tokens(const std::string& name, const TokenizerCases& all,
                             const Tokenizer& tokenizer) {
    FixtureResult result{.name = name, .left_out = all.left_out};
    result.outputs.push_back(compare_cases("ids_open_clip", all, [&](const auto& one) {
        return tokenizer.encode(one.text, kContextOfCases).ids == one.open_clip;
    }));
    result.outputs.push_back(compare_cases("ids_openai", all, [&](const auto& one) {
        return tokenizer.encode(one.text, kContextOfCases, SpecialTokens::openai).ids == one.openai;
    }));
    if (all.has_cleaned) {
        result.outputs.push_back(compare_cases("cleaned_json", all, [](const auto& one) {
            return cleaned_prompt(one.text) == one.cleaned;
        }));
    }
    return result;
}

/// A vocabulary of a folder, and what becomes of it in other forms.
std::vector<FixtureResult> compare_forms(const fs::path& file, const std::string& name,
                                         const TokenizerCases& all) {
    const auto tokenizer = read_tokenizer(file);
    std::vector<FixtureResult> results{compare_tokens(name, all, tokenizer)};
    for (const auto form :
         {VocabularyForm::merges, VocabularyForm::vocab_and_merges, VocabularyForm::tokenizer}) {
        const auto files = tokenizer.written_as(form);
        const bool is_there = form != VocabularyForm::merges || tokenizer.size() == kTokensOfClip;
        if (!is_there || files.contains(file.filename().string())) { continue; }
        std::string names;
        for (const auto& [part, content] : files) { names += (names.empty() ? "" : " + ") + part; }
        results.push_back(
            compare_tokens(concat(name, " as ", names), all, Tokenizer(files, names)));
    }
    return results;
}

}  // namespace

std::vector<FixtureResult> verify_tokenizer(const fs::path& folder) {
    const auto cases = read_cases(folder / kTokenizerCases);
    const auto files = vocabularies_in(folder);
    require<DataError>(!files.empty(), "no vocabulary in '", folder.string(),
                       "' (nothing can take its texts apart); put bpe_simple_vocab_16e6.txt.gz, "
                       "tokenizer.json or vocab.json with merges.txt there");
    std::vector<FixtureResult> results;
    for (const auto& file : files) {
        const auto name = (folder.filename() / file.filename()).string();
        try {
            std::ranges::move(compare_forms(file, name, cases), std::back_inserter(results));
        } catch (const Error& error) { results.push_back({.name = name, .error = error.what()}); }
    }
    return results;
}

}  // namespace patchead::inline setup_detail
