#include "parts/option_values.hpp"

#include <algorithm>

#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/text.hpp"

namespace patchead::inline detectors_detail {

int whole(const DetectorOptions& options, const std::string& name, int least) {
    return whole_number(name, options.at(name), least);
}

double real(const DetectorOptions& options, const std::string& name, double least, double most) {
    return Real(least, most).parse(name, options.at(name));
}

std::vector<int> wholes(const DetectorOptions& options, const std::string& name, int least) {
    std::vector<int> values;
    for (const auto& part : split_at_commas(options.at(name))) {
        values.push_back(whole_number(name, part, least));
    }
    return values;
}

bool yes(const DetectorOptions& options, const std::string& name) {
    return YesNo().parse(name, options.at(name));
}

std::string word(const DetectorOptions& options, const std::string& name,
                 const std::vector<std::string>& words) {
    const auto& value = options.at(name);
    const std::vector<std::string_view> known(words.begin(), words.end());
    require<ConfigError>(std::ranges::count(known, value) > 0,
                         unknown_name(concat("value of option '", name, "'"), value, known));
    return value;
}

}  // namespace patchead::inline detectors_detail
