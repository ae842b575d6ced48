#include "patchead/report/text_study.hpp"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "patchead/core/error.hpp"
#include "samples.hpp"

namespace patchead {
namespace {

/// A point with scores of normal images, then of as many anomalous ones.
ResultRow scored(const std::string& dataset, const std::string& detector,
                 const std::vector<float>& scores, const std::string& category = "nut") {
    auto row = point(category, 0);
    row.dataset = dataset;
    row.detector = detector;
    row.scores = scores;
    for (std::size_t i = 0; i < scores.size(); ++i) {
        row.ids.push_back(category + std::to_string(i));
        row.anomalous.push_back(2 * i >= scores.size() ? 1 : 0);
    }
    row.metrics = {{"I-AUROC", 0.75, ""}};
    return row;
}

TextStudyOptions without_intervals() { return {.bootstrap = {.resamples = 0}}; }

const TextStudyTable::Row& row_of(const TextStudyTable& table, std::string_view critic,
                                  std::string_view augmented) {
    const auto found = std::ranges::find_if(table.rows, [&](const auto& row) {
        return row.critic == critic && row.augmented == augmented;
    });
    if (found == table.rows.end()) { throw std::out_of_range(concat(critic, " ", augmented)); }
    return *found;
}

double value_of(const TextStudyTable::Row& row, StudyMeasure measure) {
    return row.values[static_cast<std::size_t>(measure)].value.value_or(kNan);
}

TEST(TextStudy, TellsWhatScoresTellApart) {
    const auto tables = make_text_study(results_of({scored("d", "patchead", {0, 1, 2, 1, 4, 4})}),
                                        without_intervals());
    ASSERT_EQ(tables.size(), 2U);
    EXPECT_EQ(tables[0].name, "text_d");
    EXPECT_EQ(tables[1].name, "text_d_categories");
    EXPECT_NE(to_markdown(tables[0]).find("No row bounds U1 or U2"), std::string::npos);
    const auto& row = row_of(tables[0], "patchead", "nothing");
    EXPECT_EQ(value_of(row, StudyMeasure::mean_normal), 1);
    EXPECT_EQ(value_of(row, StudyMeasure::mean_anomalous), 3);
    EXPECT_EQ(value_of(row, StudyMeasure::auroc), 0.75);
    EXPECT_NEAR(value_of(row, StudyMeasure::overlap), 1.0 / 3, 1e-12);
    // 2 in deviations: squares 5/3 and 11 around a mean of 2.
    EXPECT_NEAR(value_of(row, StudyMeasure::bound), 2 / std::sqrt((5.0 / 3 + 11) / 2 - 4), 1e-12);
    EXPECT_TRUE(std::isnan(value_of(row, StudyMeasure::shift)));
    auto options = without_intervals();
    options.in_deviations = false;
    const auto plain =
        make_text_study(results_of({scored("d", "patchead", {0, 1, 2, 1, 4, 4})}), options);
    EXPECT_EQ(value_of(row_of(plain[0], "patchead", "nothing"), StudyMeasure::bound), 2);
}

TEST(TextStudy, BothKindsOfImagesWeighTheSame) {
    auto one = scored("d", "patchead", {0, 2, 4, 6});
    auto more = one;  // Each normal image twice.
    more.scores = {0, 2, 0, 2, 4, 6};
    more.anomalous = {0, 0, 0, 0, 1, 1};
    more.ids = {"a", "b", "c", "d", "e", "f"};
    const auto bound = [](const ResultRow& row) {
        return value_of(row_of(make_text_study(results_of({row}), without_intervals())[0],
                               "patchead", "nothing"),
                        StudyMeasure::bound);
    };
    EXPECT_NEAR(bound(one), bound(more), 1e-12);
}

TEST(TextStudy, PerturbedImagesAreRowsBelowTheirDataSet) {
    const auto tables =
        make_text_study(results_of({scored("d", "patchead", {0, 1, 3, 4}),
                                    scored("d+noise-0.1", "patchead", {0, 2, 3, 5}),
                                    scored("d+crop-0.9", "patchead", {1, 2, 2, 3})}),
                        without_intervals());
    ASSERT_EQ(tables.size(), 2U);
    const auto& noise = row_of(tables[0], "patchead", "noise-0.1");
    const auto& crop = row_of(tables[0], "patchead", "crop-0.9");
    const auto& both = row_of(tables[0], "patchead", "patches");
    EXPECT_EQ(both.term, "U1");
    EXPECT_EQ(both.members, 2U);
    EXPECT_EQ(noise.term, "");
    for (const auto measure : {StudyMeasure::bound, StudyMeasure::shift, StudyMeasure::overlap}) {
        EXPECT_NEAR(value_of(both, measure),
                    (value_of(noise, measure) + value_of(crop, measure)) / 2, 1e-12);
    }
    // Two of four scores moved by 1; squares 0.5 and 12.5 around a mean of 2.
    EXPECT_NEAR(value_of(noise, StudyMeasure::shift), 0.5 / std::sqrt(6.5 - 4), 1e-12);
}

TEST(TextStudy, ParaphrasesAreComparedWithTheirNegatives) {
    const auto tables = make_text_study(
        results_of(
            {scored("d", "winclip", {1, 1, 2, 2}),
             scored("d", "winclip:paraphrase=1", {1, 2, 4, 5}),
             // Half of every score is of patches, which stay: words tell one apart, not three.
             scored("d", "winclip:paraphrase=-1", {1, 2, 2, 3}),
             scored("d", "winclip:paraphrase=2", {9, 9, 9, 9}),
             scored("d", "clip:side=normal,paraphrase=1", {0, 0, 1, 1}),
             scored("d", "clip:paraphrase=-1,side=normal", {0, 0, -1, -1})}),
        without_intervals());
    const auto& words = row_of(tables[0], "winclip", "words");
    EXPECT_EQ(words.term, "U2");
    EXPECT_EQ(words.members, 1U) << "2 has no negative";
    EXPECT_NE(to_markdown(tables[0]).find("Left out: paraphrase 2 of winclip (without -2)."),
              std::string::npos);
    EXPECT_NEAR(value_of(words, StudyMeasure::bound), 1 / std::sqrt(11.5 - 9), 1e-12);
    EXPECT_NEAR(value_of(row_of(tables[0], "clip:side=normal", "words"), StudyMeasure::bound), 2,
                1e-12);
    EXPECT_THROW(static_cast<void>(row_of(tables[0], "clip:side=normal", "patches")),
                 std::out_of_range);
}

TEST(TextStudy, ADataSetIsTheMeanOfItsCategories) {
    const auto tables = make_text_study(results_of({scored("d", "patchead", {0, 1, 3, 4}),
                                                    scored("d", "patchead", {0, 5, 3, 9}, "bolt")}),
                                        {.bootstrap = {.resamples = 200, .seed = 4}});
    ASSERT_EQ(tables[1].rows.size(), 2U);
    const auto place = static_cast<std::size_t>(StudyMeasure::bound);
    const auto& mean = tables[0].rows.at(0).values[place];
    EXPECT_NEAR(
        *mean.value,
        (*tables[1].rows[0].values[place].value + *tables[1].rows[1].values[place].value) / 2,
        1e-12);
    ASSERT_TRUE(mean.interval);
    EXPECT_LE(mean.interval->low, *mean.value);
    EXPECT_GE(mean.interval->high, *mean.value);
    EXPECT_LT(mean.interval->low, mean.interval->high);
}

TEST(TextStudy, CategoriesOfOneKindOfImagesAreLeftOutAndTold) {
    auto only = scored("d", "patchead", {0, 1}, "bolt");
    only.anomalous = {0, 0};
    only.metrics = {{"I-AUROC", kNan, "no anomalous images"}};
    const auto tables = make_text_study(results_of({scored("d", "patchead", {0, 1, 3, 4}), only}),
                                        without_intervals());
    EXPECT_NE(tables[0].rows.at(0).note.find("Without bolt"), std::string::npos);
    EXPECT_FALSE(tables[1].rows.at(0).values[0].value);
    EXPECT_NE(to_markdown(tables[0]).find("Without bolt"), std::string::npos);
    const auto none = make_text_study(results_of({only}), without_intervals());
    EXPECT_FALSE(none[0].rows.at(0).values[0].value);
}

TEST(TextStudy, PointsOfOtherImagesAreRefused) {
    auto other = scored("d+noise-0.1", "patchead", {0, 1, 3, 4});
    other.ids[0] = "another";
    EXPECT_THROW(
        static_cast<void>(make_text_study(
            results_of({scored("d", "patchead", {0, 1, 3, 4}), other}), without_intervals())),
        DataError);
    EXPECT_THROW(static_cast<void>(make_text_study(results_of({}), without_intervals())),
                 DataError);
}

TEST(TextStudy, EqualScoresTellNothingApart) {
    const auto tables =
        make_text_study(results_of({scored("d", "patchead", {1, 1, 1, 1})}), without_intervals());
    const auto& row = tables[0].rows.at(0);
    EXPECT_EQ(value_of(row, StudyMeasure::bound), 0);
    EXPECT_EQ(value_of(row, StudyMeasure::overlap), 1);
}

TEST(TextStudy, IsWrittenInFourForms) {
    const auto table = make_text_study(results_of({scored("d", "patchead", {0, 1, 3, 4}),
                                                   scored("d", "clip:side=normal", {4, 3, 1, 0})}),
                                       {.bootstrap = {.resamples = 100, .seed = 0}})[0];
    EXPECT_NE(to_markdown(table).find("clip:side=normal"), std::string::npos);
    EXPECT_NE(to_markdown(table).find("I_CLUB |"), std::string::npos);
    EXPECT_NE(to_latex(table).find("I\\_CLUB"), std::string::npos);
    const auto csv = to_csv(table);
    EXPECT_EQ(std::ranges::count(csv, '\n'), 1 + 2 * 6);
    const auto json = nlohmann::json::parse(to_json(table));
    EXPECT_LT(json["rows"][0]["bound"]["value"].get<double>(), 0) << "clip, the wrong way round";
    EXPECT_TRUE(json["rows"][0]["shift"]["value"].is_null());
}

}  // namespace
}  // namespace patchead
