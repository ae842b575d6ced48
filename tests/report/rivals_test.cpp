#include "patchead/report/rivals.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "patchead/core/error.hpp"
#include "patchead/report/costs.hpp"
#include "samples.hpp"

namespace patchead {
namespace {

/// What a detector has on the one category of a data set, seed by seed.
struct Rival {
    std::string detector;
    std::vector<double> values;
    std::string dataset = "mvtec";
    int shots = 1;
};

ResultRow row_of(const Rival& rival, std::size_t seed) {
    auto row = point("screw", static_cast<std::int64_t>(seed));
    row.dataset = rival.dataset;
    row.detector = rival.detector;
    row.shots = rival.shots;
    if (rival.shots == 0) { row.setting = "batch-zero-shot"; }
    row.metrics = {{"I-AUROC", rival.values[seed], ""}, {"AUPRO", rival.values[seed] / 2, ""}};
    row.cost = PointCost{3e9, 1e9, 5e6};
    return row;
}

Results rivals_of(const std::vector<Rival>& rivals) {
    Results results;
    results.metric_names = {"I-AUROC", "I-F1max", "AUPRO"};
    for (const auto& rival : rivals) {
        for (std::size_t seed = 0; seed < rival.values.size(); ++seed) {
            results.rows.push_back(row_of(rival, seed));
        }
        const auto stem = rival.detector.substr(0, rival.detector.find(':'));
        results.provenance["detector." + rival.detector + ".title"] = "The " + stem;
    }
    return results;
}

RivalTable first_table(const Results& results, const RivalsOptions& options = {}) {
    return make_rivals(results, options).at(0);
}

const RivalTable::Row& row_named(const RivalTable& table, std::string_view method) {
    const auto found = std::ranges::find(table.rows, method, &RivalTable::Row::method);
    if (found == table.rows.end()) { throw std::out_of_range(concat("no row ", method)); }
    return *found;
}

std::string all_notes(const std::vector<std::string>& footnotes) {
    std::string all;
    for (const auto& note : footnotes) { all += note + "\n"; }
    return all;
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

TEST(Rivals, StandBelowPatchEadByShotsWithTheirTitles) {
    const auto tables = make_rivals(rivals_of({{"patchead", {0.5}},
                                               {"padim", {0.6}},
                                               {"musc:published", {0.7}, "mvtec", 0},
                                               {"patchead", {0.8}, "visa"},
                                               {"patchead", {0.9}, "visa", 2}}),
                                    {});
    ASSERT_EQ(tables.size(), 2U) << "of metrics that the paper has";
    EXPECT_EQ(tables[0].name, "rivals_I-AUROC");
    EXPECT_EQ(tables[1].name, "rivals_AUPRO");
    EXPECT_EQ(tables[0].columns, (std::vector<std::string>{"mvtec", "visa", "Average"}));
    std::vector<std::string> methods;
    for (const auto& row : tables[0].rows) { methods.push_back(row.method); }
    EXPECT_EQ(methods, (std::vector<std::string>{"The musc (tuned)", "PatchEAD", "The padim"}))
        << "without those that have no rival with as many shots";
    const auto& cells = tables[0].rows[1].cells;
    EXPECT_EQ(cells[0].ours.mean, 0.5);
    EXPECT_EQ(cells[1].ours.mean, 0.8);
    EXPECT_NEAR(*cells[2].ours.mean, 0.65, 1e-15);
    EXPECT_FALSE(tables[0].rows[2].cells[1].ours.mean) << "not measured";
    EXPECT_FALSE(tables[0].rows[2].cells[2].ours.mean) << "an average of all data sets or none";
}

TEST(Rivals, TheBestIsMarkedOnlyWhereItIsSure) {
    const auto sure = first_table(
        rivals_of({{"patchead", {0.5, 0.52}}, {"padim", {0.6, 0.62}}, {"spade", {0.9, 0.92}}}));
    EXPECT_TRUE(row_named(sure, "The spade").cells[0].ours.best);
    EXPECT_FALSE(row_named(sure, "The padim").cells[0].ours.best);
    const auto close = first_table(rivals_of({{"patchead", {0.9, 0.5}}, {"padim", {0.7, 0.8}}}));
    for (const auto& row : close.rows) { EXPECT_FALSE(row.cells[0].ours.best); }
    const auto single = first_table(rivals_of({{"patchead", {0.9}}, {"padim", {0.2}}}));
    for (const auto& row : single.rows) { EXPECT_FALSE(row.cells[0].ours.best); }
}

TEST(Rivals, WhatWasTunedOnTheTestDataDoesNotCompete) {
    const auto table = first_table(rivals_of(
        {{"patchead", {0.5, 0.52}}, {"padim", {0.7, 0.72}}, {"rad:published", {0.9, 0.92}}}));
    EXPECT_TRUE(row_named(table, "The rad (tuned)").tuned);
    EXPECT_FALSE(row_named(table, "The rad (tuned)").cells[0].ours.best);
    EXPECT_TRUE(row_named(table, "The padim").cells[0].ours.best);
    EXPECT_TRUE(holds(to_markdown(table), "**71.0 ± 1.0**"));
    EXPECT_TRUE(holds(to_latex(table), "\\textbf{71.0 $\\pm$ 1.0}"));
}

TEST(Rivals, HaveIntervalsOfTheBootstrapWhichDecideToo) {
    auto results = rivals_of({{"patchead", {0, 0}}, {"padim", {0, 0}}});
    for (auto& row : results.rows) {
        const bool is_good = row.detector == "padim";
        for (int i = 0; i < 40; ++i) {
            row.ids.push_back(std::to_string(i));
            row.anomalous.push_back(i % 2 == 1 ? 1 : 0);
            row.scores.push_back(static_cast<float>(is_good ? i % 2 : (i * 7) % 40));
        }
        row.metrics.front().value = is_good ? 1 : 0.5;
    }
    const auto table = first_table(resample(results, {200, 0}));
    const auto& best = row_named(table, "The padim").cells[0].ours;
    ASSERT_TRUE(best.interval);
    EXPECT_EQ(*best.interval, (Interval{1, 1}));
    EXPECT_TRUE(best.best);
    EXPECT_TRUE(holds(all_notes(table.footnotes), "200 resamples"));
}

// Table 1 has 76.6 ± 3.1 and 62.8 ± 5.4 for PaDiM with one shot, Table 2 an average of MuSc.
TEST(Rivals, StandBesideWhatThePaperQuotesOfThem) {
    const auto results = rivals_of({{"patchead", {0.5}},
                                    {"padim", {0.7}},
                                    {"padim", {0.7}, "visa"},
                                    {"musc", {0.7}, "mvtec", 0}});
    const auto table = first_table(results);
    const auto& padim = row_named(table, "The padim");
    EXPECT_EQ(padim.cells[0].quoted, 0.766);
    EXPECT_EQ(padim.cells[0].quoted_std, 0.031);
    EXPECT_EQ(padim.cells[1].quoted, 0.628);
    EXPECT_FALSE(row_named(table, "PatchEAD").cells[0].quoted);
    EXPECT_TRUE(row_named(table, "The musc").cells[2].quoted) << "Average";
    EXPECT_TRUE(holds(to_markdown(table), "76.6 ± 3.1"));
    EXPECT_TRUE(holds(to_markdown(table), "mvtec ‡"));
    EXPECT_TRUE(holds(all_notes(table.footnotes),
                      "mvtec: measured on 1 of the 15 categories of the quoted numbers."));
}

TEST(Rivals, SayWhatAQueryCostsOnce) {
    RivalsOptions options;
    options.times = {
        {"net", "224", "few-shot", 1, "none", "padim", 12.5, std::nan(""), 8, "a machine"}};
    const auto tables = make_rivals(rivals_of({{"patchead", {0.5}}, {"padim", {0.7}}}), options);
    EXPECT_TRUE(tables[0].with_costs);
    EXPECT_FALSE(tables[1].with_costs);
    const auto text = to_markdown(tables[0]);
    EXPECT_TRUE(holds(text, "network GFLOP | scoring GFLOP | memory MB | network ms | scoring ms"));
    EXPECT_TRUE(holds(text, "12.5 |          – |")) << text;
    EXPECT_TRUE(holds(text, "measured on a machine"));
    EXPECT_FALSE(holds(to_markdown(tables[1]), "GFLOP"));
    const auto json = nlohmann::json::parse(to_json(tables[0]));
    EXPECT_EQ(json["rows"][1]["network_flop"], 3e9);
    EXPECT_EQ(json["rows"][1]["network_ms"], 12.5);
    EXPECT_TRUE(json["rows"][1]["scoring_ms"].is_null());
    EXPECT_TRUE(json["rows"][0]["network_ms"].is_null());
}

TEST(Rivals, WithoutTimesHaveNoColumnsOfThem) {
    const auto table = first_table(rivals_of({{"patchead", {0.5}}, {"padim", {0.7}}}));
    EXPECT_FALSE(holds(to_markdown(table), "network ms"));
    EXPECT_TRUE(holds(to_csv(table), ",3e+09,1e+09,5e+06,nan,nan,"));
}

TEST(Rivals, OfOneDetectorThereAreNone) {
    EXPECT_THROW(static_cast<void>(first_table(rivals_of({{"patchead", {0.5}}}))), ConfigError);
}

TEST(Rivals, TablesSayWithWhichNetworkTheyWerePublished) {
    auto results = rivals_of({{"patchead", {0.5}}, {"rad", {0.7}}});
    results.provenance["detector.rad.network"] = "DINOv3 ViT-B/16";
    results.provenance["detector.rad.backbone"] = "dinov3_vitb16";
    results.provenance["detector.rad.port"] = "no blur";
    const std::string note = "rad: published with DINOv3 ViT-B/16, here with net; no blur.";
    EXPECT_TRUE(holds(all_notes(first_table(results).footnotes), note));
    EXPECT_TRUE(holds(all_notes(make_tables(results).at(0).footnotes), note));
    EXPECT_TRUE(holds(all_notes(make_cost_tables(results).at(0).footnotes), note));
    for (auto& row : results.rows) { row.backbone = "dinov3_vitb16"; }
    EXPECT_TRUE(holds(all_notes(make_tables(results).at(0).footnotes), "rad: no blur."))
        << "where it is the same network there is nothing to say";
}

TEST(Costs, MarkTheFrontAmongRowsWithAsManyShots) {
    auto results = rivals_of(
        {{"patchead", {0.5}}, {"padim", {0.7}}, {"spade", {0.6}}, {"musc", {0.4}, "mvtec", 0}});
    for (auto& row : results.rows) {
        if (row.detector == "padim") { row.cost->scoring_flop = 5e9; }
        if (row.detector == "spade") { row.cost->scoring_flop = 7e9; }
    }
    const auto tables = make_cost_tables(results);
    ASSERT_EQ(tables.size(), 1U);
    std::vector<std::string> front;
    for (const auto& row : tables[0].rows) {
        if (row.front) { front.push_back(row.labels.back()); }
    }
    EXPECT_EQ(front, (std::vector<std::string>{"musc", "patchead", "padim"}));
    EXPECT_TRUE(
        holds(to_csv(tables[0]), "net,224,few-shot,1,none,spade,3e+09,7e+09,5e+06,0.6,0,1,0"));
}

TEST(Costs, OfResultsThatDoNotSayAreNone) {
    auto results = rivals_of({{"patchead", {0.5}}});
    results.rows[0].cost.reset();
    EXPECT_TRUE(make_cost_tables(results).empty());
}

}  // namespace
}  // namespace patchead
