#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/outputs/sweep_outputs.hpp"
#include "patchead/results/results.hpp"
#include "support/resident_memory.hpp"
#include "support/temporary_folder.hpp"

/// \file
/// \brief A million rows of results: written, read and made into tables in bounded memory.

namespace patchead {
namespace {

constexpr int kCategories = 15;
constexpr int kImages = 100;  // Of a category.
constexpr int kBackbones = 5;
constexpr std::int64_t kSeeds = 35;
constexpr std::size_t kMillion = 1'000'000;
// docs/performance.md: a point holds its values and its image scores, and tables are text.
constexpr double kBoundMb = 2000;

ResultRow category_row(int category) {
    ResultRow row;
    row.dataset = "made";
    row.category = concat("category", category);
    row.setting = "few-shot";
    for (int i = 0; i < kImages; ++i) {
        row.ids.push_back(concat(row.category, "/test/kind", i % 4, "/", 1000 + i));
        row.anomalous.push_back(i % 4 == 0 ? 0 : 1);
    }
    return row;
}

/// The points of a category that differ in seed alone.
void add_seeds(ResultRow row, std::vector<ResultRow>& rows) {
    const auto names = metric_names();
    for (row.seed = 0; row.seed < kSeeds; ++row.seed) {
        Random random(concat(row.category, row.backbone, row.image_size, row.shots, row.modules),
                      static_cast<std::uint64_t>(row.seed));
        row.scores.clear();
        for (int i = 0; i < kImages; ++i) {
            row.scores.push_back(static_cast<float>(random.uniform()));
        }
        row.metrics.clear();
        for (const auto name : names) {
            row.metrics.push_back({std::string(name), random.uniform(), {}, {}});
        }
        rows.push_back(row);
    }
}

Results million_rows() {
    auto results = no_results({{"numeric_stack", "made"}});
    for (int category = 0; category < kCategories; ++category) {
        auto row = category_row(category);
        for (int backbone = 0; backbone < kBackbones; ++backbone) {
            row.backbone = concat("net", backbone);
            for (const int size : {224, 336, 448}) {
                row.image_size = size;
                for (const int shots : {1, 2, 4, 8}) {
                    row.shots = shots;
                    for (const auto* modules : {"none", "align", "mask", "align+mask"}) {
                        row.modules = modules;
                        add_seeds(row, results.rows);
                    }
                }
            }
        }
    }
    return results;
}

TEST(MillionRows, AreWrittenReadAndTabledInBoundedMemory) {
    const TemporaryFolder folder;
    std::size_t values = 0;
    {
        const auto results = million_rows();
        for (const auto& row : results.rows) { values += row.metrics.size(); }
        ASSERT_GE(values, kMillion);
        write_outputs(folder.path(), results);
    }
    const auto read = read_results(folder.path() / "results.h5");
    std::cerr << values << " rows of " << read.rows.size() << " points; peak " << memory_mb("VmHWM")
              << " MB\n";
    ASSERT_EQ(read.rows.size() * metric_names().size(), values);
    EXPECT_EQ(read.rows.back().scores.size(), static_cast<std::size_t>(kImages));
    std::ifstream csv(folder.path() / "results.csv");
    std::size_t lines = 0;
    for (std::string line; std::getline(csv, line);) { ++lines; }
    EXPECT_EQ(lines, values + 1);
    EXPECT_LT(memory_mb("VmHWM"), kBoundMb);
}

}  // namespace
}  // namespace patchead
