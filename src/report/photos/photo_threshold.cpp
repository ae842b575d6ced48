#include "patchead/report/photo_threshold.hpp"

#include <charconv>
#include <cmath>
#include <utility>

#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/report/threshold_rules.hpp"

namespace patchead {
namespace {

constexpr const char* kNoRule = "none";

}  // namespace

std::optional<double> finite_number(const std::string& word) {
    double number = 0;
    const auto* end = word.data() + word.size();
    const auto [stop, error] = std::from_chars(word.data(), end, number);
    const bool is_number = error == std::errc() && stop == end && std::isfinite(number);
    return is_number ? std::optional(number) : std::nullopt;
}

void require_threshold_word(const std::string& word) {
    if (word == kNoRule || finite_number(word)) { return; }
    require<ConfigError>(word != "all", "option --threshold: 'all' is for tables of sweeps (here ",
                         "there is one threshold); name one rule, a number, or none");
    static_cast<void>(parse_threshold_rules({word}));
}

PhotoScale photo_scale(const std::string& word, std::vector<float> normal_scores) {
    PhotoScale scale{{}, word, std::move(normal_scores)};
    const auto count = scale.normal_scores.size();
    if (const auto number = finite_number(word)) {
        scale.threshold = *number;
        scale.rule = "given";
    } else if (word == kNoRule) {
        scale.rule = "none: as asked for";
    } else if (count < kFewestForThreshold) {
        scale.rule = concat("none: ",
                            count == 0 ? std::string("no score of a normal photo is known")
                                       : counted(count, "normal photo"),
                            ", and a threshold is made of ", kFewestForThreshold, " or more");
    } else {
        scale.threshold = threshold_of(parse_threshold_rules({word}).front(), scale.normal_scores);
    }
    return scale;
}

}  // namespace patchead
