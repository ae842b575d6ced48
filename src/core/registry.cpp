#include "patchead/core/registry.hpp"

#include <algorithm>
#include <numeric>

namespace patchead {
namespace {

/// Levenshtein distance, one row at a time.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i + 1;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const auto substituted = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({substituted, row[j] + 1, diagonal + 1});
        }
    }
    return row.back();
}

}  // namespace

std::string nearest_name(std::string_view word, std::span<const std::string_view> known) {
    const auto distance = [&](std::string_view name) { return edit_distance(word, name); };
    const auto nearest = std::ranges::min_element(known, {}, distance);
    if (nearest == known.end()) { return {}; }
    const auto limit = std::max<std::size_t>(2, word.size() / 3);
    return distance(*nearest) <= limit ? std::string(*nearest) : std::string();
}

std::string unknown_name(std::string_view kind, std::string_view name,
                         std::span<const std::string_view> known) {
    const auto nearest = nearest_name(name, known);
    auto text = concat("unknown ", kind, " '", name, "'");
    if (!nearest.empty()) { text += concat(" (did you mean '", nearest, "'?)"); }
    text += "; one of:";
    const char* separator = " ";
    for (const auto entry : known) {
        text += concat(separator, entry);
        separator = ", ";
    }
    return text;
}

}  // namespace patchead
