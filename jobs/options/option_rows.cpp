#include "options/parse_options.hpp"

#include "patchead/core/text.hpp"

namespace patchead {
namespace {

using WordList = std::vector<std::string>;

po::value_semantic* words_value(const OptionRow& row) {
    auto* value = po::value<WordList>()->multitoken()->value_name(row.shown);
    return row.is_required ? value->required() : value;
}

po::value_semantic* text_value(const OptionRow& row) {
    auto* value = po::value<std::string>()->value_name(row.shown);
    if (!row.default_text.empty()) { value->default_value(row.default_text); }
    return row.is_required ? value->required() : value;
}

}  // namespace

void add_row(po::options_description& options, const OptionRow& row) {
    const auto* value = [&]() -> const po::value_semantic* {
        switch (row.kind) {
            case OptionRow::Kind::words:
                return words_value(row);
            case OptionRow::Kind::flag:
                return po::bool_switch();
            case OptionRow::Kind::text:
                break;
        }
        return text_value(row);
    }();
    options.add_options()(row.name.c_str(), value, row.help.c_str());
}

po::options_description group_of(const std::string& title, const std::vector<OptionRow>& rows) {
    po::options_description group(title);
    for (const auto& row : rows) { add_row(group, row); }
    return group;
}

std::string text_of(const po::variables_map& values, const std::string& name) {
    return values.count(name) > 0 ? values[name].as<std::string>() : std::string();
}

WordList words(const po::variables_map& values, const std::string& name) {
    WordList result;
    if (values.count(name) == 0) { return result; }
    for (const auto& word : values[name].as<WordList>()) { append_new(word, result); }
    return result;
}

}  // namespace patchead
