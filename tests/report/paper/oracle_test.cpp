// Random results with gaps, through files, against means and roundings made by Python.

#include <cstdlib>

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/random.hpp"
#include "patchead/report/tables.hpp"
#include "report/samples.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// A value, seldom undefined. Quarters of a thousandth, so that ties of the rounding are met.
MetricValue random_value(const std::string& name, Random& random) {
    if (random.below(12) == 0) { return {name, kNan, "undefined, by chance"}; }
    if (random.below(2) == 0) { return {name, random.uniform(), ""}; }
    return {name, static_cast<double>(random.below(4001)) / 4000, ""};
}

void score_images(ResultRow& row, Random& random) {
    for (const char* image : {"good/000", "good/001", "dent/000"}) {
        row.ids.push_back(row.category + "/test/" + image);
        row.anomalous.push_back(row.ids.back().ends_with("dent/000") ? 1 : 0);
        row.scores.push_back(static_cast<float>(random.uniform()));
    }
    row.prompts.assign(static_cast<std::size_t>(row.shots), row.category + "/train/good/000");
}

Results random_results() {
    Random random("report oracle", 0);
    Results results = results_of({});
    results.metric_names = {"I-AUROC", "AUPRO"};
    results.provenance = {{"config", "shots = 0 1\n"}};
    for (const int shots : {0, 1, 4}) {
        for (const char* category : {"cable", "bottle", "nut, metal"}) {
            for (std::int64_t seed = 0; seed < 3; ++seed) {
                auto row = point(category, seed);
                row.shots = shots;
                row.setting = shots > 0 ? "few-shot" : "batch-zero-shot";
                if (random.below(12) == 0) {
                    results.missing.push_back({row, "lost, by chance"});
                    continue;
                }
                for (const auto& name : results.metric_names) {
                    row.metrics.push_back(random_value(name, random));
                }
                score_images(row, random);
                results.rows.push_back(row);
            }
        }
    }
    return results;
}

TEST(ReportOracle, AgreesOnTablesRoundingAndFiles) {
    const std::string python = PATCHEAD_PYTHON;
    if (std::system((python + " -c 'import h5py' 2>/dev/null").c_str()) != 0) {
        GTEST_SKIP() << "SKIPPED: " << python << " has no h5py (Debian: python3-h5py)";
    }
    const TemporaryFolder folder;
    const auto results = random_results();
    ASSERT_FALSE(results.missing.empty());
    write_results(folder.path() / "results.h5", results);
    write_whole(folder.path() / "results.csv", results_csv(results));
    write_tables(folder.path() / "tables", make_tables(read_results(folder.path() / "results.h5")));
    EXPECT_EQ(std::system(concat(python, " ", PATCHEAD_SOURCE_DIR,
                                 "/tests/report/paper/oracle_test.py ", folder.path().string())
                              .c_str()),
              0);
}

}  // namespace
}  // namespace patchead
