#include "patchead/core/token_request.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "patchead/core/option_names.hpp"

namespace patchead {
namespace {

constexpr std::string_view kImage = "image";

constexpr char kLayers = 'L';
constexpr char kWindows = 'W';

/// "L3-6" as numbers after `mark`; false if it is no such text.
bool read_numbers(char mark, std::string_view text, std::vector<int>& numbers) {
    for (char before = mark; !text.empty(); before = '-') {
        if (text.front() != before) { return false; }
        int number = 0;
        const auto* const end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data() + 1, end, number);
        if (error != std::errc() || number < 1) { return false; }
        numbers.push_back(number);
        text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    }
    return !numbers.empty();
}

/// The same the other way round; empty if there are none.
std::string text_of_numbers(char mark, const std::vector<int>& numbers) {
    std::string text;
    for (const int number : numbers) {
        text += text.empty() ? mark : '-';
        text += std::to_string(number);
    }
    return text;
}

void append_word(std::string_view word, std::string& text) {
    if (word.empty()) { return; }
    if (!text.empty()) { text += '.'; }
    text += word;
}

bool read_form(std::string_view word, TokenForm& form) {
    for (const auto& entry : option_names(form)) {
        if (entry.name != word) { continue; }
        form = entry.value;
        return true;
    }
    return false;
}

/// What stands before the next point.
std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find('.'), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

}  // namespace

bool covers(const TokenRequest& made, const TokenRequest& wanted) {
    return (made.image || !wanted.image) && can_merge(made, wanted) &&
           std::ranges::includes(made.layers, wanted.layers) &&
           std::ranges::includes(made.windows, wanted.windows);
}

bool can_merge(const TokenRequest& one, const TokenRequest& other) {
    return one.layers.empty() || other.layers.empty() || one.form == other.form;
}

TokenRequest merged(const TokenRequest& one, const TokenRequest& other) {
    TokenRequest both;
    std::ranges::set_union(one.layers, other.layers, std::back_inserter(both.layers));
    if (!both.layers.empty()) { both.form = one.layers.empty() ? other.form : one.form; }
    both.image = one.image || other.image;
    std::ranges::set_union(one.windows, other.windows, std::back_inserter(both.windows));
    return both;
}

std::string text_of(const TokenRequest& request) {
    auto text = text_of_numbers(kLayers, request.layers);
    if (!text.empty()) { append_word(name_of(request.form), text); }
    if (request.image) { append_word(kImage, text); }
    append_word(text_of_numbers(kWindows, request.windows), text);
    return text;
}

std::optional<TokenRequest> parse_token_request(std::string_view text) {
    const auto whole = text;
    TokenRequest request;
    if (text.starts_with(kLayers)) {
        if (!read_numbers(kLayers, take_word(text), request.layers)) { return std::nullopt; }
        if (!read_form(take_word(text), request.form)) { return std::nullopt; }
    }
    if (text.starts_with(kImage)) { request.image = take_word(text) == kImage; }
    if (text.starts_with(kWindows) && !read_numbers(kWindows, take_word(text), request.windows)) {
        return std::nullopt;
    }
    // What was left over, out of order or written otherwise shows in the text.
    return text_of(request) == whole ? std::optional(request) : std::nullopt;
}

}  // namespace patchead
