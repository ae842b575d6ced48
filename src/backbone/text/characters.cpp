#include "text/characters.hpp"

#include <charconv>
#include <cstdint>
#include <functional>
#include <span>
#include <sstream>

#include "patchead/core/error.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// A hexadecimal number at the front of `text`, which is taken off. The tables are our own: what is
/// wrong in them is a fault of the program.
char32_t take_code(std::string_view& text) {
    std::uint32_t code = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), code, 16);
    PATCHEAD_ASSERT(error == std::errc{});
    text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    return code;
}

/// Takes `mark` off the front, if it is there.
bool take_mark(std::string_view& text, char mark) {
    if (!text.starts_with(mark)) { return false; }
    text.remove_prefix(1);
    return true;
}

/// "41+300"
std::u32string take_codes(std::string_view& text) {
    std::u32string codes;
    do { codes += take_code(text); } while (take_mark(text, '+'));
    return codes;
}

/// "41-5A" or "41"
std::pair<char32_t, char32_t> take_range(std::string_view& text) {
    const auto first = take_code(text);
    return {first, take_mark(text, '-') ? take_code(text) : first};
}

/// "41-5A/1>61"
void add_shift(std::string_view item, std::unordered_map<char32_t, char32_t>& table) {
    const auto [first, last] = take_range(item);
    take_mark(item, '/');
    const auto step = take_code(item);
    take_mark(item, '>');
    const auto target = take_code(item);
    for (auto code = first; code <= last; code += step) { table[code] = target + (code - first); }
}

/// "300-314:E6"
void add_class(std::string_view item, CharacterTables& tables) {
    const auto [first, last] = take_range(item);
    take_mark(item, ':');
    const auto value = static_cast<int>(take_code(item));
    for (auto code = first; code <= last; ++code) { tables.classes[code] = value; }
}

/// "C0=41+300", "!340=300"
void add_decomposition(std::string_view item, CharacterTables& tables) {
    const bool is_composed = !take_mark(item, '!');
    const auto code = take_code(item);
    take_mark(item, '=');
    auto parts = take_codes(item);
    if (is_composed) { tables.composed[{parts[0], parts[1]}] = code; }
    tables.decompositions[code] = {std::move(parts), is_composed};
}

/// "AElig!=C6"
void add_entity(std::string_view item, CharacterTables& tables) {
    const auto equals = item.find('=');
    auto name = item.substr(0, equals);
    item.remove_prefix(equals + 1);
    const auto text = take_codes(item);
    if (name.ends_with('!')) {
        name.remove_suffix(1);
        tables.entities[std::string(name)] = text;
    }
    tables.entities[concat(name, ";")] = text;
}

void add_capital(std::string_view item, CharacterTables& tables) {
    const auto text = take_codes(item);
    take_mark(item, '=');
    tables.capitals[text] = take_codes(item);
}

CharacterTables parse_tables(std::string_view text) {
    CharacterTables tables;
    const auto to_set = [](CharacterSet& set) {
        return [&](std::string_view item) { set.ranges.push_back(take_range(item)); };
    };
    const auto to_table = [&](void (*add)(std::string_view, CharacterTables&)) {
        return [&tables, add](std::string_view item) { add(item, tables); };
    };
    const std::map<std::string_view, std::function<void(std::string_view)>> sections{
        {"[letters]", to_set(tables.letters)},
        {"[numbers]", to_set(tables.numbers)},
        {"[cased]", to_set(tables.cased)},
        {"[passed_over]", to_set(tables.passed_over)},
        {"[lower]", [&](std::string_view item) { add_shift(item, tables.lower); }},
        {"[narrow]", [&](std::string_view item) { add_shift(item, tables.narrow); }},
        {"[classes]", to_table(add_class)},
        {"[decompositions]", to_table(add_decomposition)},
        {"[entities]", to_table(add_entity)},
        {"[capitals]", to_table(add_capital)}};
    std::istringstream lines{std::string(text)};
    const std::function<void(std::string_view)>* section = nullptr;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('#')) { continue; }
        if (const auto found = sections.find(line); found != sections.end()) {
            section = &found->second;
            continue;
        }
        std::istringstream items(line);
        for (std::string item; items >> item;) { (*section)(item); }
    }
    return tables;
}

/// Whether the sigma at `place` is the last letter of a word, and not its first.
bool is_final_sigma(std::u32string_view text, std::size_t place) {
    const auto& tables = character_tables();
    const auto counts = [&](char32_t code) { return !tables.passed_over.contains(code); };
    const auto before = text.substr(0, place);
    const auto after = text.substr(place + 1);
    const auto left = std::find_if(before.rbegin(), before.rend(), counts);
    const auto right = std::find_if(after.begin(), after.end(), counts);
    return left != before.rend() && tables.cased.contains(*left) &&
           (right == after.end() || !tables.cased.contains(*right));
}

}  // namespace

const CharacterTables& character_tables() {
    static const auto tables = parse_tables(kCharacterTables);
    return tables;
}

bool is_white_space(char32_t code) {
    return (code >= 0x09 && code <= 0x0D) || (code >= 0x1C && code <= 0x20) || code == 0x85 ||
           code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 ||
           code == 0x2029 || code == 0x202F || code == 0x205F || code == 0x3000;
}

std::u32string lower_case(std::u32string_view text) {
    constexpr char32_t i_with_dot = 0x130;
    constexpr char32_t sigma = 0x3A3;
    const auto& table = character_tables().lower;
    std::u32string result;
    result.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == i_with_dot) {
            result += U"i\u0307";
        } else if (text[i] == sigma && is_final_sigma(text, i)) {
            result += U'\u03C2';
        } else {
            const auto found = table.find(text[i]);
            result += found == table.end() ? text[i] : found->second;
        }
    }
    return result;
}

}  // namespace patchead::inline backbone_detail
