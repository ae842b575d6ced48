#include "patchead/results/results.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "patchead/cache/table_file.hpp"
#include "patchead/core/error.hpp"
#include "patchead/results/point.hpp"
#include "report/samples.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

/// Two points that share an image, and a gap.
Results two_points_and_a_gap() {
    auto first = point("screw", 0);
    first.metrics = {{"I-AUROC", 1.0 / 3, ""}, {"AUPRO", kNan, "no anomalous pixel, at 96 px"}};
    first.ids = {"screw/test/good/000", "screw/test/scratch/001"};
    first.anomalous = {0, 1};
    first.scores = {0.25F, 0.1F};
    first.prompts = {"screw/train/good/003", "screw/train/good/001"};
    first.artifact = "0123abcd";
    auto second = point("screw", -1);
    second.setting = "batch-zero-shot";
    second.shots = 0;
    second.modules = "mask";
    second.metrics = {{"I-AUROC", 1, ""}, {"AUPRO", 1e-5, ""}};
    second.ids = {"screw/test/scratch/001"};
    second.anomalous = {1};
    second.scores = {0.75F};
    return {.provenance = {{"config", "shots = 1\n"}, {"git_revision", "abc"}},
            .rows = {first, second},
            .missing = {{point("a \"nut\"", 0), "cannot read 'x.png' (cut short); copy it again"}},
            .metric_names = {"I-AUROC", "AUPRO"}};
}

void expect_same_point(const ResultRow& one, const ResultRow& other) {
    EXPECT_EQ(one.dataset, other.dataset);
    EXPECT_EQ(one.category, other.category);
    EXPECT_EQ(one.backbone, other.backbone);
    EXPECT_EQ(one.image_size, other.image_size);
    EXPECT_EQ(one.setting, other.setting);
    EXPECT_EQ(one.shots, other.shots);
    EXPECT_EQ(one.seed, other.seed);
    EXPECT_EQ(one.modules, other.modules);
    EXPECT_EQ(one.sizes, other.sizes);
}

void expect_same_row(const ResultRow& one, const ResultRow& other) {
    expect_same_point(one, other);
    EXPECT_EQ(one.ids, other.ids);
    EXPECT_EQ(one.anomalous, other.anomalous);
    EXPECT_EQ(one.scores, other.scores);
    EXPECT_EQ(one.prompts, other.prompts);
    EXPECT_EQ(one.artifact, other.artifact);
    ASSERT_EQ(one.metrics.size(), other.metrics.size());
    for (std::size_t i = 0; i < one.metrics.size(); ++i) {
        EXPECT_EQ(one.metrics[i].name, other.metrics[i].name);
        EXPECT_EQ(one.metrics[i].reason, other.metrics[i].reason);
        EXPECT_EQ(std::isnan(one.metrics[i].value), std::isnan(other.metrics[i].value));
        if (!std::isnan(one.metrics[i].value)) {
            EXPECT_EQ(one.metrics[i].value, other.metrics[i].value);
        }
    }
}

/// The same with a point that is fused over sizes.
Results with_fused_sizes() {
    auto results = two_points_and_a_gap();
    auto& fused = results.rows[1];
    fused.image_size = 448;
    fused.sizes = "224+448-mean";
    return results;
}

TEST(ResultsCsv, CallsFusedPointsByWhatTheyAreMadeOf) {
    EXPECT_NE(results_csv(with_fused_sizes())
                  .find("\nd,screw,net,224+448-mean,batch-zero-shot,0,-1,mask,I-AUROC,1,\n"),
              std::string::npos);
}

// Files without fused points are what they were; those with them have a column more.
TEST(ResultsFileOfSizes, HasAColumnOfSizesOnlyIfAPointHasSeveral) {
    const TemporaryFolder folder;
    const auto plain = folder.path() / "plain.h5";
    const auto fused = folder.path() / "fused.h5";
    write_results(plain, two_points_and_a_gap());
    write_results(fused, with_fused_sizes());
    EXPECT_FALSE(read_table_file(plain).groups.at("points").contains("sizes"));
    EXPECT_TRUE(read_table_file(fused).groups.at("points").contains("sizes"));
    const auto read = read_results(fused);
    EXPECT_EQ(read.rows[0].sizes, "");
    EXPECT_EQ(read.rows[1].sizes, "224+448-mean");
    EXPECT_EQ(read.rows[1].image_size, 448);
}

TEST(ResultRow, TellsWhatIsBehindItsLabels) {
    using Texts = std::vector<std::string>;
    auto row = point("screw", 0);
    EXPECT_EQ(size_label(row), "224");
    EXPECT_EQ(sides_behind(row), Texts{"224"});
    EXPECT_EQ(backbones_behind(row), Texts{"net"});
    row.sizes = "96+224-max";
    row.backbone = "a-mean";
    EXPECT_EQ(size_label(row), "96+224-max");
    EXPECT_EQ(fuse_rule_of(row.sizes), "max");
    EXPECT_EQ(sides_behind(row), (Texts{"96", "224"}));
    EXPECT_EQ(backbones_behind(row), Texts{"a-mean"}) << "it is no list";
    row.sizes = "224+518";
    row.backbone = "a+b-c+d-mean";
    EXPECT_EQ(fuse_rule_of(row.sizes), "");
    EXPECT_EQ(sides_behind(row), (Texts{"224", "518"}));
    EXPECT_EQ(backbones_behind(row), (Texts{"a", "b-c", "d"}));
}

TEST(ResultsCsv, HasOneValueALineWithFullPrecision) {
    EXPECT_EQ(
        results_csv(two_points_and_a_gap()),
        "dataset,category,backbone,image_size,setting,shots,seed,modules,metric,value,reason\n"
        "d,screw,net,224,few-shot,1,0,none,I-AUROC,0.3333333333333333,\n"
        "d,screw,net,224,few-shot,1,0,none,AUPRO,nan,\"no anomalous pixel, at 96 px\"\n"
        "d,screw,net,224,batch-zero-shot,0,-1,mask,I-AUROC,1,\n"
        "d,screw,net,224,batch-zero-shot,0,-1,mask,AUPRO,1e-05,\n"
        "d,\"a \"\"nut\"\"\",net,224,few-shot,1,0,none,I-AUROC,nan,"
        "cannot read 'x.png' (cut short); copy it again\n"
        "d,\"a \"\"nut\"\"\",net,224,few-shot,1,0,none,AUPRO,nan,"
        "cannot read 'x.png' (cut short); copy it again\n");
}

TEST(ResultsCsv, PrintsAnyNanAlike) {
    EXPECT_EQ(results_csv(results_of({measured("a", 0, -kNan, "why")})),
              results_csv(results_of({measured("a", 0, kNan, "why")})));
}

TEST(ResultsCsv, OfNothingIsTheHeader) {
    EXPECT_EQ(
        results_csv({}),
        "dataset,category,backbone,image_size,setting,shots,seed,modules,metric,value,reason\n");
}

class ResultsFile : public testing::Test {
  protected:
    /// Writes `table` as a results file and returns what reading it says.
    std::string message_for(const TableFile& table) {
        write_table_file(path_, table);
        return message();
    }
    std::string message() {
        try {
            static_cast<void>(read_results(path_));
        } catch (const CacheError& error) { return error.what(); }
        return "read without complaint";
    }
    TableFile good() {
        write_results(path_, two_points_and_a_gap());
        return read_table_file(path_);
    }
    void expect_message(const std::string& message, const std::string& part) {
        EXPECT_NE(message.find(part), std::string::npos) << message;
        EXPECT_NE(message.find(path_.string()), std::string::npos) << message;
        EXPECT_NE(message.find("; "), std::string::npos) << "no mend: " << message;
    }

    TemporaryFolder folder_;
    std::filesystem::path path_ = folder_.path() / "results.h5";
};

TEST_F(ResultsFile, ReadsBackAsItWasWritten) {
    const auto written = two_points_and_a_gap();
    write_results(path_, written);
    const auto read = read_results(path_);
    EXPECT_EQ(read.provenance, written.provenance);
    EXPECT_EQ(read.metric_names, written.metric_names);
    ASSERT_EQ(read.rows.size(), written.rows.size());
    for (std::size_t i = 0; i < read.rows.size(); ++i) {
        expect_same_row(read.rows[i], written.rows[i]);
    }
    ASSERT_EQ(read.missing.size(), 1U);
    expect_same_point(read.missing[0].point, written.missing[0].point);
    EXPECT_EQ(read.missing[0].reason, written.missing[0].reason);
    EXPECT_EQ(results_csv(read), results_csv(written));
}

TEST_F(ResultsFile, HoldsTheValuesOfImagesOfMetricsThatHaveThem) {
    auto written = two_points_and_a_gap();
    EXPECT_EQ(image_metrics_csv(written), "");
    EXPECT_FALSE(good().groups.contains("image_metrics"));
    written.rows[0].metrics.push_back({"AUPIMO", 0.5, "", {std::nan(""), 0.5}});
    write_results(path_, written);
    const auto read = read_results(path_);
    ASSERT_EQ(read.rows[0].metrics.back().images.size(), 2U);
    EXPECT_EQ(read.rows[0].metrics.back().images[1], 0.5);
    EXPECT_TRUE(read.rows[1].metrics.back().images.empty());
    const auto csv = image_metrics_csv(read);
    EXPECT_EQ(csv, image_metrics_csv(written));
    EXPECT_NE(csv.find(",AUPIMO,screw/test/good/000,nan\n"), std::string::npos) << csv;
    EXPECT_NE(csv.find(",AUPIMO,screw/test/scratch/001,0.5\n"), std::string::npos) << csv;
}

// Files of older versions do not name artifacts.
TEST_F(ResultsFile, IsReadWithoutTheArtifactsOfItsPoints) {
    auto table = good();
    table.groups.at("points").erase("artifact");
    write_table_file(path_, table);
    const auto read = read_results(path_);
    ASSERT_EQ(read.rows.size(), 2U);
    EXPECT_EQ(read.rows[0].artifact, "");
    EXPECT_EQ(read.rows[0].prompts, two_points_and_a_gap().rows[0].prompts);
}

TEST_F(ResultsFile, OfNothingReadsBackAsNothing) {
    write_results(path_, {});
    const auto read = read_results(path_);
    EXPECT_TRUE(read.rows.empty());
    EXPECT_TRUE(read.missing.empty());
    EXPECT_TRUE(read.metric_names.empty());
}

TEST(Results, WithoutImagesKeepWhatTablesNeed) {
    const auto whole = two_points_and_a_gap();
    const auto few = without_images(whole);
    EXPECT_EQ(results_csv(few), results_csv(whole));
    EXPECT_EQ(few.provenance, whole.provenance);
    for (const auto& row : few.rows) {
        EXPECT_TRUE(row.ids.empty() && row.anomalous.empty() && row.scores.empty() &&
                    row.prompts.empty());
    }
}

TEST_F(ResultsFile, HoldsEachImageOnce) {
    const auto table = good();
    using Texts = std::vector<std::string>;
    using Numbers = std::vector<std::int64_t>;
    EXPECT_EQ(std::get<Texts>(table.groups.at("images").at("id")),
              (Texts{"screw/test/good/000", "screw/test/scratch/001"}));
    EXPECT_EQ(std::get<Numbers>(table.groups.at("scores").at("point")), (Numbers{0, 0, 1}));
    EXPECT_EQ(std::get<Numbers>(table.groups.at("scores").at("image")), (Numbers{0, 1, 1}));
}

TEST_F(ResultsFile, HasTheSameBytesForTheSameResults) {
    write_results(path_, two_points_and_a_gap());
    const auto first = bytes_of(path_);
    write_results(path_, read_results(path_));
    EXPECT_EQ(bytes_of(path_), first);
}

TEST_F(ResultsFile, RefusesScoresThatDoNotMatchTheirImages) {
    auto results = two_points_and_a_gap();
    results.rows[0].scores.pop_back();
    EXPECT_THROW(write_results(path_, results), DataError);
    EXPECT_EQ(folder_.files(), 0);
}

TEST_F(ResultsFile, ThatIsAnotherTableIsNamed) {
    expect_message(message_for({}), "no group 'points'");
}

TEST_F(ResultsFile, WithoutAColumnIsNamed) {
    auto table = good();
    table.groups["metrics"].erase("value");
    expect_message(message_for(table), "metrics/value");
}

TEST_F(ResultsFile, WithAColumnOfAnotherTypeIsNamed) {
    auto table = good();
    table.groups["scores"]["score"] = std::vector<double>{1, 2, 3};
    expect_message(message_for(table), "scores/score");
}

TEST_F(ResultsFile, ThatSpeaksOfAPointThatIsNotThereIsNamed) {
    for (const std::int64_t place : {std::int64_t{-1}, std::int64_t{2}}) {
        auto table = good();
        std::get<std::vector<std::int64_t>>(table.groups["metrics"]["point"])[0] = place;
        expect_message(message_for(table), concat("entry ", place, " of 2"));
    }
}

TEST_F(ResultsFile, ThatSpeaksOfAnImageThatIsNotThereIsNamed) {
    auto table = good();
    std::get<std::vector<std::int64_t>>(table.groups["scores"]["image"])[2] = 7;
    expect_message(message_for(table), "entry 7 of 2");
}

TEST_F(ResultsFile, ThatIsCutShortOrAbsentIsNamed) {
    EXPECT_NE(message().find(path_.string()), std::string::npos);
    write_results(path_, two_points_and_a_gap());
    put_bytes(path_, bytes_of(path_).substr(0, 3000));
    EXPECT_NE(message().find(path_.string()), std::string::npos);
    EXPECT_NE(message(), "read without complaint");
}

}  // namespace
}  // namespace patchead
