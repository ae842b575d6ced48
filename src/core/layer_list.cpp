#include "patchead/core/layer_list.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "patchead/core/error.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/core/text.hpp"

namespace patchead {
namespace {

constexpr std::string_view kMiddle = "middle";
constexpr std::string_view kLast = "last";

bool is_fraction(const std::string& word) { return word.find('.') != std::string::npos; }

/// All of `word` as a number; -1 if it is none.
template <class Number>
Number number_or_none(const std::string& word) {
    Number number{};
    const auto* const end = word.data() + word.size();
    const auto [rest, error] = std::from_chars(word.data(), end, number);
    return error == std::errc() && rest == end ? number : Number{-1};
}

LayerPlace fraction_place(const std::string& option, const std::string& word) {
    const auto share = number_or_none<double>(word);
    require<ConfigError>(share > 0 && share <= 1, "option --", option, ": '", word,
                         "' is no layer (a number with a point is a share of the depth); give one ",
                         "above 0 and up to 1, or a number of blocks without a point");
    if (share == 1) { return {LayerPlace::Kind::last}; }
    return {LayerPlace::Kind::fraction, 0, share};
}

LayerPlace block_place(const std::string& option, const std::string& word) {
    const int block = number_or_none<int>(word);
    require<ConfigError>(block >= 1, "option --", option, ": '", word,
                         "' is no layer (they are counted from 1); give numbers of blocks, ",
                         "fractions of the depth, middle or last, with commas between: 3,6,9,12");
    return {LayerPlace::Kind::block, block};
}

LayerPlace place_called(const std::string& option, const std::string& word, bool has_fractions) {
    if (word == kMiddle) { return {LayerPlace::Kind::middle}; }
    if (word == kLast) { return {LayerPlace::Kind::last}; }
    if (is_fraction(word) || (has_fractions && word == "1")) {
        return fraction_place(option, word);
    }
    return block_place(option, word);
}

/// "6.raw" without its form, which is told; a word that ends otherwise has none.
std::optional<TokenForm> take_form(std::string& word) {
    const auto point = word.rfind('.');
    if (point == std::string::npos) { return std::nullopt; }
    const auto form = option_called<TokenForm>(std::string_view(word).substr(point + 1));
    if (form) { word.resize(point); }
    return form;
}

std::string word_of(const LayerPlace& place) {
    switch (place.kind) {
        case LayerPlace::Kind::block:
            return std::to_string(place.block);
        case LayerPlace::Kind::fraction:
            return exact_text(place.fraction);
        case LayerPlace::Kind::middle:
            return std::string(kMiddle);
        case LayerPlace::Kind::last:
            break;
    }
    return std::string(kLast);
}

int block_at(const LayerPlace& place, int depth) {
    switch (place.kind) {
        case LayerPlace::Kind::block:
            return place.block;
        case LayerPlace::Kind::fraction:
            return std::max(1, static_cast<int>(std::floor(place.fraction * depth + 0.5)));
        case LayerPlace::Kind::middle:
            return std::max(1, depth / 2);
        case LayerPlace::Kind::last:
            break;
    }
    return depth;
}

}  // namespace

std::vector<int> layers_at(const LayerList& list, int depth, std::string_view network) {
    std::vector<int> layers;
    for (const auto& place : list.places) {
        require<ConfigError>(depth > 0, "layer '", word_of(place), "' of ", network,
                             " (it gives its last tokens only); leave layers out");
        const int layer = block_at(place, depth);
        require<ConfigError>(layer <= depth, "layer ", layer, " of ", network, " (it has ", depth,
                             " blocks); choose layers from 1 to ", depth);
        append_new(layer, layers);
    }
    std::ranges::sort(layers);
    return layers;
}

LayerList Layers::parse(const std::string& option, const std::string& text) const {
    if (text == none_) { return {}; }
    auto words = split_at_commas(text);
    std::vector<std::optional<TokenForm>> forms(words.size());
    if (forms_ == Forms::yes) { std::ranges::transform(words, forms.begin(), take_form); }
    const bool has_fractions = std::ranges::any_of(words, is_fraction);
    LayerList list;
    for (std::size_t i = 0; i < words.size(); ++i) {
        list.places.push_back(place_called(option, words[i], has_fractions));
        list.places.back().form = forms[i];
    }
    return list;
}

std::string Layers::text(const LayerList& list) const {
    if (list.empty()) { return none_; }
    std::string text;
    for (const auto& place : list.places) {
        if (!text.empty()) { text += ','; }
        text += word_of(place);
        if (place.form) { text.append(".").append(name_of(*place.form)); }
    }
    return text;
}

LayerList Layers::other(const LayerList& list) const {
    return list.empty() ? LayerList{{{LayerPlace::Kind::middle}}} : LayerList{};
}

}  // namespace patchead
