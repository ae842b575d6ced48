#include "patchead/core/json_levels.hpp"

namespace patchead {

bool is_deeper_than(std::size_t levels, std::string_view text) {
    std::size_t depth = 0;
    bool is_quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (is_quoted && c == '\\') { ++i; }
        if (c == '"') { is_quoted = !is_quoted; }
        if (is_quoted) { continue; }
        if ((c == '[' || c == '{') && ++depth > levels) { return true; }
        if ((c == ']' || c == '}') && depth > 0) { --depth; }
    }
    return false;
}

}  // namespace patchead
