#include "patchead/results/csv.hpp"

#include <cmath>

#include "patchead/core/key.hpp"

namespace patchead {

std::string csv_field(std::string_view field) {
    if (field.find_first_of(",\"\n\r") == std::string_view::npos) { return std::string(field); }
    std::string quoted = "\"";
    for (const char c : field) {
        if (c == '"') { quoted += '"'; }
        quoted += c;
    }
    return quoted + '"';
}

std::string csv_number(double value) { return std::isnan(value) ? "nan" : exact_text(value); }

}  // namespace patchead
