#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "patchead/report/comparison.hpp"
#include "patchead/report/tables.hpp"
#include "samples.hpp"

namespace patchead {
namespace {

/// Three seeds of one category with modules "none" and "mask", at `gap` above it.
Results two_rows(double gap, double spread) {
    auto results = results_of({});
    for (std::int64_t seed = 0; seed < 3; ++seed) {
        const double noise = spread * static_cast<double>(seed - 1);
        results.rows.push_back(measured("a_b", seed, 0.5 + noise));
        results.rows.push_back(measured("a_b", seed, 0.5 + gap - noise));
        results.rows.back().modules = "mask";
    }
    return results;
}

bool has_best(const Results& results) {
    const auto table = make_tables(results).at(0);
    EXPECT_FALSE(table.rows[0].cells[0].best);
    return table.rows.at(1).cells.at(0).best;
}

TEST(Best, IsMarkedOnlyWhereTheLeadIsSure) {
    EXPECT_TRUE(has_best(two_rows(0.25, 0.03125)));
    EXPECT_FALSE(has_best(two_rows(0.05, 0.03125))) << "within two standard deviations";
    EXPECT_TRUE(has_best(two_rows(0.00625, 0)));
    EXPECT_FALSE(has_best(two_rows(0.003, 0))) << "within half a point";
}

TEST(Best, IsNothingOfOneSeedAlone) {
    auto results = two_rows(0.25, 0);
    std::erase_if(results.rows, [](const ResultRow& row) { return row.seed > 0; });
    EXPECT_FALSE(has_best(results));
}

TEST(Best, IsNothingWhereASeedIsMissing) {
    auto results = two_rows(0.25, 0.03125);
    results.missing.push_back({results.rows.back(), "lost"});
    results.rows.pop_back();
    EXPECT_FALSE(has_best(results)) << "the mean is of other seeds";
}

TEST(Best, IsLookedForInEachCategoryAndTheirAverage) {
    auto results = two_rows(0.25, 0.03125);
    for (const auto& row : two_rows(-0.25, 0.03125).rows) {
        results.rows.push_back(row);
        results.rows.back().category = "other";
    }
    const auto table = make_tables(results).at(1);
    std::vector<bool> best;
    for (const auto& row : table.rows) { best.push_back(row.cells[0].best); }
    // none: a_b, other, Average; mask: the same.
    EXPECT_EQ(best, (std::vector<bool>{false, true, false, true, false, false}));
    const auto json = nlohmann::json::parse(to_json(table));
    EXPECT_TRUE(json["rows"][1]["values"]["M"]["best"]);
    EXPECT_FALSE(json["rows"][0]["values"]["M"].contains("best"));
}

TEST(Latex, OfATableSaysConstantColumnsOnceAndMarksTheBest) {
    const auto text = to_latex(make_tables(two_rows(0.25, 0.03125)).at(1));
    EXPECT_NE(
        text.find("\\caption{d: each category, and their unweighted mean, in percent; all rows: "
                  "backbone net, image\\_size 224, setting few-shot, shots 1, seeds 3.}"),
        std::string::npos)
        << text;
    EXPECT_NE(text.find("modules & category & M \\\\\n\\midrule\n"), std::string::npos) << text;
    EXPECT_NE(text.find("none & a\\_b & 50.0 $\\pm$ 2.6 \\\\"), std::string::npos) << text;
    EXPECT_NE(text.find("mask & a\\_b & \\textbf{75.0 $\\pm$ 2.6} \\\\"), std::string::npos)
        << text;
    EXPECT_NE(text.find("Bold: the best, where that is sure"), std::string::npos) << text;
}

TEST(Latex, KeepsNotesAndNamesThatLatexWouldRead) {
    auto results = two_rows(0.25, 0);
    for (auto& row : results.rows) { row.category = "[50%]"; }
    results.missing.push_back({results.rows.back(), "no_space & 'x'"});
    results.rows.pop_back();
    auto table = make_tables(results).at(1);
    table.row_columns = {"category"};
    for (auto& row : table.rows) { row.labels = {row.labels.back()}; }
    const auto text = to_latex(table);
    EXPECT_NE(text.find("\n{}[50\\%] & "), std::string::npos) << text;
    EXPECT_NE(text.find("[1] missing: no\\_space \\& 'x'"), std::string::npos) << text;
}

TEST(Latex, OfALongTableIsSeveralFloats) {
    Table table{"t", "c", {"r"}, {"M"}, {}, {"note"}};
    for (int i = 0; i < 100; ++i) {
        table.rows.push_back({{std::to_string(i)}, {{0.5, 0, 1, 1, ""}}});
    }
    const auto text = to_latex(table);
    EXPECT_NE(text.find("\\label{tab:t-3}"), std::string::npos) << text;
    EXPECT_EQ(text.find("\\label{tab:t-4}"), std::string::npos) << text;
    EXPECT_EQ(text.find("note\\par"), text.rfind("note\\par")) << "below the last one";
    EXPECT_NE(text.find("99 & 50.0 \\\\"), std::string::npos);
}

TEST(Latex, OfDifferencesMarksTheBetterWhereItIsSure) {
    ComparisonTable table{"differences_d", "c", "modules=none", "this", {"modules"}, {}, {}};
    const auto add = [&](double one, double other, double p) {
        Comparison line{{"mask"},
                        "M",
                        {one, 0.001, 3, 1, ""},
                        {other, 0.001, 3, 1, ""},
                        other - one,
                        Interval{other - one - 0.01, other - one + 0.01},
                        p,
                        ""};
        table.lines.push_back(line);
    };
    add(0.5, 0.75, 0.002);
    add(0.75, 0.5, 0.002);
    add(0.5, 0.75, 0.4);
    const auto text = to_latex(table);
    EXPECT_NE(text.find("50.0 $\\pm$ 0.1 & \\textbf{75.0 $\\pm$ 0.1} & +25.0"), std::string::npos)
        << text;
    EXPECT_NE(text.find("\\textbf{75.0 $\\pm$ 0.1} & 50.0 $\\pm$ 0.1 & -25.0"), std::string::npos)
        << text;
    EXPECT_NE(text.find("50.0 $\\pm$ 0.1 & 75.0 $\\pm$ 0.1 & +25.0"), std::string::npos) << text;
}

}  // namespace
}  // namespace patchead
