#include "patchead/report/threshold_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "patchead/core/error.hpp"
#include "samples.hpp"

namespace patchead {
namespace {

/// By the rule that `name` is, of scores that are no neighbours in their order.
double threshold(const std::string& name) {
    const std::vector<float> scores{0.25F, 0.5F, 0.125F, 0.75F, 0.375F};
    return threshold_of(parse_threshold_rules({name}).at(0), scores);
}

std::string refusal_of(const std::string& name) {
    try {
        static_cast<void>(parse_threshold_rules({name}));
    } catch (const ConfigError& error) { return error.what(); }
    return "";
}

TEST(ThresholdRules, AreWhatNumPyMakesOfTheScores) {
    EXPECT_DOUBLE_EQ(threshold("max"), 0.75);
    EXPECT_NEAR(threshold("mean3sigma"), 1.045174395028197, 1e-12);
    EXPECT_NEAR(threshold("quantile:0.05"), 0.7, 1e-12);
    EXPECT_NEAR(threshold("quantile:0.2"), 0.55, 1e-12);
    EXPECT_NEAR(threshold("p95x1.421"), 0.9947, 1e-12);
    EXPECT_NEAR(threshold("robust"), 0.930975, 1e-12);
}

TEST(ThresholdRules, OfValidationAreTheSameRules) {
    for (const auto* name : {"max", "mean3sigma", "quantile:0.2", "robust"}) {
        EXPECT_DOUBLE_EQ(threshold(std::string("validation:") + name), threshold(name));
    }
    const auto rules = parse_threshold_rules({"validation", "validation:mean3sigma", "all"});
    EXPECT_EQ(rules.front().name, "validation:mean3sigma");
    EXPECT_EQ(std::ranges::count(rules, true, &ThresholdRule::is_of_validation), 1);
    EXPECT_NE(refusal_of("validation:best").find("best"), std::string::npos);
}

TEST(ThresholdRules, OfEqualScoresAreThatScore) {
    const std::vector<float> scores(4, 0.25F);
    for (const auto& rule : parse_threshold_rules({"max", "mean3sigma", "quantile", "robust"})) {
        EXPECT_DOUBLE_EQ(threshold_of(rule, scores), 0.25) << rule.name;
    }
}

TEST(ThresholdRules, BearWithAnomaliesOnlyIfTheyAreRobust) {
    std::vector<float> scores(7, 0.5F);
    scores.push_back(9.0F);
    const auto rules = parse_threshold_rules({"all"});
    ASSERT_EQ(rules.size(), 5U);
    for (const auto& rule : rules) {
        EXPECT_EQ(threshold_of(rule, scores) < 0.75, rule.is_robust) << rule.name;
    }
}

TEST(ThresholdRules, HaveANameEachAndCountOnce) {
    const auto rules = parse_threshold_rules({"quantile", "max", "quantile:0.05", "quantile:0.1"});
    ASSERT_EQ(rules.size(), 3U);
    EXPECT_EQ(rules[0].name, "quantile:0.05");
    EXPECT_EQ(rules[2].name, "quantile:0.1");
}

TEST(ThresholdRules, ThatAreNoneAreRefused) {
    EXPECT_NE(refusal_of("mox").find("did you mean 'max'"), std::string::npos);
    EXPECT_NE(refusal_of("quantile:2").find("no fraction"), std::string::npos);
    EXPECT_NE(refusal_of("quantile:").find("no fraction"), std::string::npos);
    EXPECT_NE(refusal_of("max:3").find("takes no number"), std::string::npos);
}

TEST(ThresholdRules, OfResultsAreThoseOfTheirSweep) {
    auto results = results_of({});
    EXPECT_TRUE(threshold_rules_of(results).empty());
    results.provenance["threshold_rules"] = "max quantile:0.1";
    const auto rules = threshold_rules_of(results);
    ASSERT_EQ(rules.size(), 2U);
    EXPECT_EQ(rules[1].name, "quantile:0.1");
}

}  // namespace
}  // namespace patchead
