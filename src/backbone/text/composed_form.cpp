#include <algorithm>

#include "text/characters.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Of Hangul syllables. Source: The Unicode Standard, section 3.12.
constexpr char32_t kSyllables = 0xAC00;
constexpr char32_t kLeads = 0x1100;
constexpr char32_t kVowels = 0x1161;
constexpr char32_t kTrails = 0x11A7;
constexpr char32_t kLeadCount = 19;
constexpr char32_t kVowelCount = 21;
constexpr char32_t kTrailCount = 28;
constexpr char32_t kSyllableCount = kLeadCount * kVowelCount * kTrailCount;

int combining_class(char32_t code) {
    const auto& classes = character_tables().classes;
    const auto found = classes.find(code);
    return found == classes.end() ? 0 : found->second;
}

/// Adds all parts of `code`, and theirs.
void add_parts(char32_t code, std::u32string& text) {
    if (code >= kSyllables && code < kSyllables + kSyllableCount) {
        const auto index = code - kSyllables;
        const auto trail = index % kTrailCount;
        const auto vowel = index / kTrailCount % kVowelCount;
        text.push_back(kLeads + index / kTrailCount / kVowelCount);
        text.push_back(kVowels + vowel);
        if (trail > 0) { text.push_back(kTrails + trail); }
        return;
    }
    const auto& table = character_tables().decompositions;
    const auto found = table.find(code);
    if (found == table.end()) {
        text += code;
        return;
    }
    for (const auto part : found->second.parts) { add_parts(part, text); }
}

/// Marks behind a character in the order of their classes.
void order_marks(std::u32string& text) {
    for (auto begin = text.begin(); begin != text.end();) {
        if (combining_class(*begin) == 0) {
            ++begin;
            continue;
        }
        const auto end = std::find_if(begin, text.end(),
                                      [](char32_t code) { return combining_class(code) == 0; });
        std::stable_sort(begin, end, [](char32_t a, char32_t b) {
            return combining_class(a) < combining_class(b);
        });
        begin = end;
    }
}

/// The character that the two make; 0 if they make none.
char32_t composed_of(char32_t first, char32_t second) {
    if (first >= kLeads && first < kLeads + kLeadCount && second >= kVowels &&
        second < kVowels + kVowelCount) {
        return kSyllables + ((first - kLeads) * kVowelCount + second - kVowels) * kTrailCount;
    }
    if (first >= kSyllables && first < kSyllables + kSyllableCount &&
        (first - kSyllables) % kTrailCount == 0 && second > kTrails &&
        second < kTrails + kTrailCount) {
        return first + (second - kTrails);
    }
    const auto& composed = character_tables().composed;
    const auto found = composed.find({first, second});
    return found == composed.end() ? 0 : found->second;
}

}  // namespace

std::u32string composed_form(std::u32string_view text) {
    std::u32string parts;
    for (const auto code : text) { add_parts(code, parts); }
    order_marks(parts);
    std::u32string result;
    std::size_t starter = parts.size();  // In the result; none yet.
    int last_class = 0;                  // Of what stands behind the starter.
    for (const auto code : parts) {
        const int own = combining_class(code);
        const bool has_starter = starter < result.size();
        const bool is_blocked = has_starter && starter + 1 < result.size() && last_class >= own;
        const auto joint = has_starter && !is_blocked ? composed_of(result[starter], code) : 0;
        if (joint != 0) {
            result[starter] = joint;
            continue;
        }
        if (own == 0) { starter = result.size(); }
        last_class = own;
        result += code;
    }
    return result;
}

}  // namespace patchead::inline backbone_detail
