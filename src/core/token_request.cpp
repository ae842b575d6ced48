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

/// "L3-6" as numbers after `mark`, ascending; false if it is no such text.
bool read_numbers(char mark, std::string_view text, std::vector<int>& numbers) {
    for (char before = mark; !text.empty(); before = '-') {
        if (text.front() != before) { return false; }
        int number = 0;
        const auto* const end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data() + 1, end, number);
        const int before_it = numbers.empty() ? 0 : numbers.back();
        if (error != std::errc() || number <= before_it) { return false; }
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

/// What stands before the next point.
std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find('.'), text.size());
    const auto word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

/// Of two ascending lists.
template <class Value>
std::vector<Value> union_of(const std::vector<Value>& one, const std::vector<Value>& other) {
    std::vector<Value> both;
    std::ranges::set_union(one, other, std::back_inserter(both));
    return both;
}

/// "L3-6.raw" in front of `text`; false if it is no such text.
bool take_layers(std::string_view& text, std::vector<TokenLayer>& layers) {
    std::vector<int> numbers;
    if (!read_numbers(kLayers, take_word(text), numbers)) { return false; }
    const auto form = option_called<TokenForm>(take_word(text));
    if (form) { layers = union_of(layers, in_form(*form, numbers)); }
    return form.has_value();
}

}  // namespace

std::vector<TokenLayer> in_form(TokenForm form, const std::vector<int>& numbers) {
    std::vector<TokenLayer> layers;
    for (const int number : numbers) { layers.push_back({number, form}); }
    return layers;
}

bool covers(const TokenRequest& made, const TokenRequest& wanted) {
    return (made.image || !wanted.image) && std::ranges::includes(made.layers, wanted.layers) &&
           std::ranges::includes(made.windows, wanted.windows);
}

TokenRequest merged(const TokenRequest& one, const TokenRequest& other) {
    return {union_of(one.layers, other.layers), one.image || other.image,
            union_of(one.windows, other.windows)};
}

/// Layers by form, so that a request of one form has one word for all of its layers.
std::string text_of(const TokenRequest& request) {
    std::string text;
    for (const auto& form : option_names(TokenForm{})) {
        std::vector<int> numbers;
        for (const auto& layer : request.layers) {
            if (layer.form == form.value) { numbers.push_back(layer.number); }
        }
        if (numbers.empty()) { continue; }
        append_word(text_of_numbers(kLayers, numbers), text);
        append_word(form.name, text);
    }
    if (request.image) { append_word(kImage, text); }
    append_word(text_of_numbers(kWindows, request.windows), text);
    return text;
}

std::optional<TokenRequest> parse_token_request(std::string_view text) {
    const auto whole = text;
    TokenRequest request;
    while (text.starts_with(kLayers)) {
        if (!take_layers(text, request.layers)) { return std::nullopt; }
    }
    if (text.starts_with(kImage)) { request.image = take_word(text) == kImage; }
    if (text.starts_with(kWindows) && !read_numbers(kWindows, take_word(text), request.windows)) {
        return std::nullopt;
    }
    // What was left over, out of order or written otherwise shows in the text.
    return text_of(request) == whole ? std::optional(request) : std::nullopt;
}

}  // namespace patchead
