#include "options/point_lists.hpp"

#include <algorithm>

#include "patchead/core/error.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead {

bool narrow(const PointLists& given, PointLists& grid) {
    for (const auto& [option, wanted] : given) {
        if (grid.at(option).empty()) { grid.at(option) = wanted; }
        std::erase_if(grid.at(option), [&](const std::string& word) {
            return std::ranges::count(wanted, word) == 0;
        });
        if (grid.at(option).empty()) { return false; }
    }
    return true;
}

std::string lists_text(const PointLists& lists) {
    std::string text = "grid =";
    for (const auto& [option, list] : lists) {
        if (list.empty()) { continue; }
        text += concat(" --", option);
        for (const auto& word : list) { text += concat(" ", quoted_word(word)); }
    }
    return text + "\n";
}

}  // namespace patchead
