#include <array>
#include <limits>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/results/results.hpp"

namespace patchead {
namespace {

ResultsFile run(const std::string& name, const std::string& split) {
    Results results;
    results.provenance = {{"version", "1"},
                          {"id_digest.toy", split},
                          {"weights." + name, "w"},
                          {"config", "backbone = " + name}};
    results.metric_names = {"I-AUROC"};
    ResultRow row;
    row.dataset = "toy";
    row.backbone = name;
    results.rows = {row};
    return {name + "/results.h5", results};
}

TEST(MergeResults, KeepsAllRowsAndSaysWhoseFactsDiffer) {
    const std::array files{run("a", "same"), run("b", "same")};
    const auto merged = merge_results(files);
    ASSERT_EQ(merged.rows.size(), 2U);
    EXPECT_EQ(merged.rows[1].backbone, "b");
    EXPECT_EQ(merged.provenance.at("version"), "1");
    EXPECT_EQ(merged.provenance.at("weights.b"), "w");
    EXPECT_EQ(merged.provenance.at("run 2"), "b/results.h5");
    EXPECT_EQ(merged.provenance.at("config"), "backbone = a");
    EXPECT_EQ(merged.provenance.at("config of run 2"), "backbone = b");
}

TEST(MergeResults, RefusesAnotherSplitOfTheSameDataSet) {
    const std::array files{run("a", "one"), run("b", "another")};
    try {
        static_cast<void>(merge_results(files));
        FAIL() << "no exception";
    } catch (const ConfigError& error) {
        const std::string text = error.what();
        for (const auto* part : {"a/results.h5", "b/results.h5", "'toy'", "--manifest"}) {
            EXPECT_NE(text.find(part), std::string::npos) << text;
        }
    }
}

TEST(MergeResults, RefusesOtherMetrics) {
    std::array files{run("a", "same"), run("b", "same")};
    files[1].results.metric_names = {"I-AP"};
    EXPECT_THROW(static_cast<void>(merge_results(files)), ConfigError);
}

ResultsFile measured_run(const std::string& name, double value) {
    auto file = run("net", "same");
    file.name = name;
    file.results.rows[0].metrics = {{"I-AUROC", value, ""}};
    return file;
}

TEST(MergeResults, TakesAPointOfSeveralRunsOnce) {
    const std::array files{measured_run("a", 0.5), measured_run("b", 0.5)};
    const auto merged = merge_results(files);
    EXPECT_EQ(merged.rows.size(), 1U);
    EXPECT_EQ(merged.provenance.at("repeated_points"), "1");
    constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
    EXPECT_EQ(
        merge_results(std::array{measured_run("a", kNan), measured_run("b", kNan)}).rows.size(),
        1U);
}

TEST(MergeResults, RefusesDifferentValuesOfAPoint) {
    const std::array files{measured_run("a", 0.5), measured_run("b", 0.6)};
    EXPECT_THROW(static_cast<void>(merge_results(files)), ConfigError);
}

TEST(MergeResults, IsMissingOnlyWhatNoRunHas) {
    auto lost = measured_run("a", 0.5);
    lost.results.missing = {{lost.results.rows[0], "lost"}};
    lost.results.rows.clear();
    const auto found = measured_run("b", 0.5);
    const auto merged = merge_results(std::array{lost, found});
    EXPECT_EQ(merged.rows.size(), 1U);
    EXPECT_TRUE(merged.missing.empty());
    EXPECT_EQ(merge_results(std::array{lost, lost}).missing.size(), 1U);
}

TEST(MergeResults, OfOneRunIsThatRun) {
    const std::array files{run("a", "same")};
    EXPECT_EQ(results_csv(merge_results(files)), results_csv(files[0].results));
    EXPECT_EQ(merge_results(files).provenance, files[0].results.provenance);
}

}  // namespace
}  // namespace patchead
