#include <cmath>

#include <gtest/gtest.h>

#include "patchead/cache/table_file.hpp"
#include "patchead/results/point.hpp"
#include "report/samples.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// PatchEAD, and another detector with its published options.
Results with_detector() {
    auto results = results_of({measured("screw", 0, 0.5), measured("screw", 0, 0.75)});
    results.rows[1].detector = "musc:published";
    return results;
}

Results without_detector() {
    auto results = with_detector();
    results.rows.pop_back();
    return results;
}

TEST(DetectorResults, HaveColumnsOfTheirOwn) {
    EXPECT_EQ(results_csv(with_detector()),
              "dataset,category,backbone,image_size,setting,shots,seed,modules,detector,tuned,"
              "metric,value,reason\n"
              "d,screw,net,224,few-shot,1,0,none,patchead,no,M,0.5,\n"
              "d,screw,net,224,few-shot,1,0,none,musc:published,yes,M,0.75,\n");
}

TEST(DetectorResults, WithoutOneAreWhatTheyWere) {
    EXPECT_EQ(results_csv(without_detector()),
              "dataset,category,backbone,image_size,setting,shots,seed,modules,metric,value,"
              "reason\n"
              "d,screw,net,224,few-shot,1,0,none,M,0.5,\n");
}

TEST(DetectorResults, AGapOfADetectorHasThemToo) {
    auto results = without_detector();
    results.missing = {{point("nut", 0), "gone"}};
    results.missing[0].point.detector = "musc";
    EXPECT_TRUE(has_detectors(results));
    EXPECT_NE(results_csv(results).find("none,musc,no,M,nan,gone"), std::string::npos);
}

TEST(DetectorResults, ComeBackFromFiles) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "results.h5";
    write_results(path, with_detector());
    const auto read = read_results(path);
    EXPECT_EQ(read.rows[0].detector, "patchead");
    EXPECT_EQ(read.rows[1].detector, "musc:published");
    EXPECT_TRUE(is_tuned(read.rows[1]));
    EXPECT_FALSE(is_tuned(read.rows[0]));
}

TEST(DetectorResults, SayWhatQueriesCost) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "results.h5";
    auto results = with_detector();
    results.rows[0].cost = PointCost{1, 2, 3};
    write_results(path, results);
    const auto read = read_results(path);
    ASSERT_TRUE(read.rows[0].cost && read.rows[1].cost);
    EXPECT_EQ(read.rows[0].cost->network_flop, 1);
    EXPECT_EQ(read.rows[0].cost->scoring_flop, 2);
    EXPECT_EQ(read.rows[0].cost->memory_bytes, 3);
    EXPECT_TRUE(std::isnan(read.rows[1].cost->memory_bytes)) << "not known";
    EXPECT_EQ(costs_csv(results),
              "dataset,category,backbone,image_size,setting,shots,seed,modules,detector,tuned,"
              "network_flop,scoring_flop,memory_bytes\n"
              "d,screw,net,224,few-shot,1,0,none,patchead,no,1,2,3\n");
}

TEST(DetectorResults, WithoutCostsSayNothingOfThem) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "results.h5";
    write_results(path, without_detector());
    EXPECT_FALSE(read_table_file(path).groups.at("points").contains("network_flop"));
    EXPECT_FALSE(read_results(path).rows[0].cost);
    EXPECT_EQ(costs_csv(without_detector()), "");
}

TEST(DetectorResults, OldFilesAreThoseOfPatchEad) {
    const TemporaryFolder folder;
    const auto path = folder.path() / "results.h5";
    write_results(path, without_detector());
    EXPECT_FALSE(read_table_file(path).groups.at("points").contains("detector"));
    EXPECT_EQ(read_results(path).rows[0].detector, "patchead");
}

TEST(DetectorResults, PointsOfTwoDetectorsAreTwo) {
    const auto results = with_detector();
    EXPECT_NE(key_of(results.rows[0]), key_of(results.rows[1]));
    const ResultsFile one{"one", without_detector()};
    const ResultsFile other{"other", results};
    const auto merged = merge_results(std::vector{one, other});
    EXPECT_EQ(merged.rows.size(), 2U);
}

}  // namespace
}  // namespace patchead
