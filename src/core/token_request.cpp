#include "patchead/core/token_request.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "patchead/core/option_names.hpp"

namespace patchead {
namespace {

constexpr std::string_view kImage = "image";

/// "L3-6" as layers; false if it is no such text.
bool read_layers(std::string_view text, std::vector<int>& layers) {
    for (char before = 'L'; !text.empty(); before = '-') {
        if (text.front() != before) { return false; }
        int layer = 0;
        const auto* const end = text.data() + text.size();
        const auto [rest, error] = std::from_chars(text.data() + 1, end, layer);
        if (error != std::errc() || layer < 1) { return false; }
        layers.push_back(layer);
        text.remove_prefix(static_cast<std::size_t>(rest - text.data()));
    }
    return !layers.empty();
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
           std::ranges::includes(made.layers, wanted.layers);
}

bool can_merge(const TokenRequest& one, const TokenRequest& other) {
    return one.layers.empty() || other.layers.empty() || one.form == other.form;
}

TokenRequest merged(const TokenRequest& one, const TokenRequest& other) {
    TokenRequest both;
    std::ranges::set_union(one.layers, other.layers, std::back_inserter(both.layers));
    if (!both.layers.empty()) { both.form = one.layers.empty() ? other.form : one.form; }
    both.image = one.image || other.image;
    return both;
}

std::string text_of(const TokenRequest& request) {
    std::string text;
    for (const int layer : request.layers) {
        text += text.empty() ? 'L' : '-';
        text += std::to_string(layer);
    }
    if (!text.empty()) {
        text += '.';
        text += name_of(request.form);
    }
    if (request.image) {
        if (!text.empty()) { text += '.'; }
        text += kImage;
    }
    return text;
}

std::optional<TokenRequest> parse_token_request(std::string_view text) {
    const auto whole = text;
    TokenRequest request;
    if (text.starts_with('L')) {
        if (!read_layers(take_word(text), request.layers)) { return std::nullopt; }
        if (!read_form(take_word(text), request.form)) { return std::nullopt; }
    }
    request.image = take_word(text) == kImage;
    // What was left over, out of order or written otherwise shows in the text.
    return text_of(request) == whole ? std::optional(request) : std::nullopt;
}

}  // namespace patchead
