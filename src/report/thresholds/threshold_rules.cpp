#include "patchead/report/threshold_rules.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <string_view>

#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/core/quantile.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/splits.hpp"
#include "patchead/core/text.hpp"

namespace patchead {
namespace {

using Sorted = std::span<const double>;

constexpr double kSigmas = 3;
constexpr double kSigmaOfMad = 1.4826;  // Of normally distributed numbers.
constexpr double kSuperAddFactor = 1.421;
constexpr std::string_view kRuleOfValidation = "mean3sigma";  // MVTec's own baseline.

double highest_score(Sorted sorted, double) { return sorted.back(); }

double mean_and_sigmas(Sorted sorted, double) {
    const auto n = static_cast<double>(sorted.size());
    const double mean = std::accumulate(sorted.begin(), sorted.end(), 0.0) / n;
    double squares = 0;
    for (const double score : sorted) { squares += (score - mean) * (score - mean); }
    return mean + kSigmas * std::sqrt(squares / n);
}

double at_false_alarms(Sorted sorted, double share) { return quantile_of(sorted, 1 - share); }

double superadd(Sorted sorted, double) { return quantile_of(sorted, 0.95) * kSuperAddFactor; }

double median_and_mads(Sorted sorted, double) {
    const double median = quantile_of(sorted, 0.5);
    std::vector<double> distances;
    for (const double score : sorted) { distances.push_back(std::abs(score - median)); }
    std::ranges::sort(distances);
    return median + kSigmas * kSigmaOfMad * quantile_of(distances, 0.5);
}

struct KnownRule {
    std::string_view name;
    bool is_robust;
    double (*formula)(Sorted sorted, double parameter);
    std::string_view parameter{};  ///< Its default; empty: the rule takes none.
};
constexpr auto kRules = std::to_array<KnownRule>({{"max", false, highest_score},
                                                  {"mean3sigma", false, mean_and_sigmas},
                                                  {"quantile", false, at_false_alarms, "0.05"},
                                                  {"p95x1.421", false, superadd},
                                                  {"robust", true, median_and_mads}});

ThresholdRule parse_plain_rule(const std::string& text) {
    const auto colon = text.find(':');
    const auto& known =
        find(std::span<const KnownRule>(kRules), "--threshold", text.substr(0, colon));
    ThresholdRule rule{std::string(known.name), 0, known.is_robust, false, known.formula};
    if (known.parameter.empty()) {
        require<ConfigError>(colon == std::string::npos, "option --threshold: '", text, "' (rule ",
                             known.name, " takes no number); give ", known.name);
        return rule;
    }
    const auto number =
        colon == std::string::npos ? std::string(known.parameter) : text.substr(colon + 1);
    rule.parameter = Fraction().parse("threshold", number);
    rule.name += ":" + Fraction().text(rule.parameter);
    return rule;
}

ThresholdRule parse_rule(const std::string& text) {
    const auto prefix = std::string(kValidation) + ":";
    const bool is_of_validation = text == kValidation || text.starts_with(prefix);
    if (!is_of_validation) { return parse_plain_rule(text); }
    auto rule = parse_plain_rule(text == kValidation ? std::string(kRuleOfValidation)
                                                     : text.substr(prefix.size()));
    rule.name = prefix + rule.name;
    rule.is_of_validation = true;
    return rule;
}

}  // namespace

std::vector<ThresholdRule> parse_threshold_rules(const std::vector<std::string>& names) {
    std::vector<std::string> wanted;
    for (const auto& name : names) {
        if (name != "all") {
            wanted.push_back(name);
            continue;
        }
        for (const auto& known : kRules) { wanted.emplace_back(known.name); }
    }
    std::vector<ThresholdRule> rules;
    for (const auto& name : wanted) {
        auto rule = parse_rule(name);
        const bool is_known = std::ranges::count(rules, rule.name, &ThresholdRule::name) > 0;
        if (!is_known) { rules.push_back(std::move(rule)); }
    }
    return rules;
}

std::vector<ThresholdRule> threshold_rules_of(const Results& results) {
    const auto found = results.provenance.find(std::string(kThresholdRules));
    if (found == results.provenance.end()) { return {}; }
    std::vector<std::string> names;
    std::string name;
    for (const char c : found->second + " ") {
        if (c != ' ') {
            name += c;
        } else if (!name.empty()) {
            names.push_back(std::move(name));
            name.clear();
        }
    }
    return parse_threshold_rules(names);
}

double threshold_of(const ThresholdRule& rule, std::span<const float> scores) {
    PATCHEAD_ASSERT(!scores.empty());
    std::vector<double> sorted(scores.begin(), scores.end());
    std::ranges::sort(sorted);
    return rule.formula(sorted, rule.parameter);
}

}  // namespace patchead
