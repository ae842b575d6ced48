#include "patchead/report/explain.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "patchead/core/error.hpp"
#include "report/paper/paper_samples.hpp"
#include "samples.hpp"

namespace patchead {
namespace {

/// Every point of the paper's tables, with artifacts and what is known of how they were made.
const Results& scored_results() {
    static const Results results = [] {
        auto made = scored_sample_results();
        for (std::size_t i = 0; i < made.rows.size(); ++i) {
            made.rows[i].artifact = concat("artifact", i);
        }
        made.provenance = {
            {"config",
             "backbone = dinov2_vitb14_reg openclip_vitb16_plus_240\n"
             "dataset = mvtec visa\nmodules = none align mask patchead+\n"
             "rho-few = 0\nseeds = 0 1 2\nshots = 0 1 2 4\n"},
            {"config of run 2", "backbone = mae_vitb16\ndataset = mvtec\nmodules = none\n"},
            {"git_revision", "abc"},
            {"id_digest.mvtec", "11"},
            {"id_digest.visa", "22"},
            {"weights.dinov2_vitb14_reg", "33"},
            {"weights.mae_vitb16", "44"}};
        return made;
    }();
    return results;
}

Explanation explained(const std::string& name) { return explain(scored_results(), name, {}); }

std::string message_of(const std::string& name) {
    try {
        static_cast<void>(explained(name));
    } catch (const ConfigError& error) { return error.what(); }
    return "no error";
}

TEST(Explain, MakesACellOfThePaperAgainToTheLastBit) {
    const auto found = explained("table1/PatchEAD+/DINOv2/1-shot/MVTec/I-AUROC");
    PaperOptions options;
    options.tables = {"1"};
    const auto table = make_paper_tables(scored_results(), options).tables.at(0);
    for (const auto& row : table.blocks[0].rows) {
        if (row.group != "1-shot" || row.labels[0] != "PatchEAD+ (DINOv2)") { continue; }
        EXPECT_EQ(found.cell.mean, row.cells[0].ours.mean);
        EXPECT_EQ(found.paper->paper, row.cells[0].paper);
    }
    ASSERT_TRUE(found.again);
    EXPECT_EQ(found.again->mean, found.cell.mean);
    EXPECT_EQ(found.again->std, found.cell.std);
    EXPECT_TRUE(found.holds());
    ASSERT_EQ(found.values.size(), 45U);  // 15 categories, 3 seeds.
    for (const auto& value : found.values) { EXPECT_EQ(value.value, value.again); }
    EXPECT_NE(to_text(found).find("the same to the last bit"), std::string::npos);
}

// Every cell of every table: by its name its value, and again from the image scores.
TEST(Explain, HoldsForEveryCellOfTheSevenDataSets) {
    PaperOptions options;
    options.tables = {"2"};
    const auto table = make_paper_tables(scored_results(), options).tables.at(0);
    for (const auto& row : table.blocks[0].rows) {
        for (const auto& cell : row.cells) {
            if (row.quoted) { continue; }
            const auto found =
                explained(concat("table2/", cell.point.method, "/", cell.point.backbone, "/0-shot/",
                                 cell.point.dataset, "/", cell.point.metric));
            EXPECT_EQ(found.cell.mean, cell.ours.mean);
            EXPECT_TRUE(found.again && found.holds());
            EXPECT_EQ(found.again->mean, cell.ours.mean);
        }
    }
}

TEST(Explain, NoticesAScoreThatWasChanged) {
    auto results = scored_results();
    const std::string name = "summary_mvtec/dinov2_vitb14_reg/448/few-shot/1/none/I-AUROC";
    EXPECT_TRUE(explain(results, name, {}).holds());
    for (auto& row : results.rows) {
        if (row.dataset == "mvtec" && row.category == "screw") { std::ranges::reverse(row.scores); }
    }
    const auto found = explain(results, name, {});
    EXPECT_FALSE(found.holds());
    for (const auto& value : found.values) {
        if (value.category != "screw") { EXPECT_EQ(value.value, value.again); }
    }
    EXPECT_NE(to_text(found).find("IT DIFFERS"), std::string::npos);
}

TEST(Explain, TracesAMetricOfPixelsToItsArtifacts) {
    const auto found = explained("table7/PatchEAD/CLIP/2-shot/MVTec/screw/P-AUROC");
    EXPECT_FALSE(found.again);
    EXPECT_TRUE(found.holds());
    ASSERT_EQ(found.values.size(), 3U);
    for (const auto& value : found.values) {
        EXPECT_EQ(value.category, "screw");
        EXPECT_TRUE(value.artifact.starts_with("artifact"));
    }
    EXPECT_NE(to_text(found).find("it needs anomaly maps"), std::string::npos);
}

TEST(Explain, TellsHowTheValuesWereMade) {
    const auto found = explained("table5/PatchEAD/DINOv2/align/4-shot/MVTec/I-AUROC");
    using Facts = std::map<std::string, std::string>;
    EXPECT_EQ(found.provenance, (Facts{{"git_revision", "abc"},
                                       {"id_digest.mvtec", "11"},
                                       {"weights.dinov2_vitb14_reg", "33"}}));
    ASSERT_EQ(found.commands.size(), 1U);  // The other config has another backbone.
    for (const auto* option :
         {"--backbone dinov2_vitb14_reg \\", "--dataset mvtec \\", "--shots 4 \\",
          "--seeds 0 1 2 \\", "--modules align \\", "--image-size 448 \\", "--rho-few 0 \\"}) {
        EXPECT_NE(found.commands[0].find(option), std::string::npos) << option;
    }
}

TEST(Explain, FindsTheSweepOfSeveralGridsThatHasThePoints) {
    auto results = scored_results();
    results.provenance = {
        {"config", "rho-few = 0\ngrid = --backbone mae_vitb16 --dataset mvtec --shots 0 1\n"},
        {"config of run 2",
         "rho-few = 0.1\ngrid = --backbone mae_vitb16 --dataset mvtec --shots 1\n"
         "grid = --backbone mae_vitb16 dinov2_vitb14_reg --dataset mvtec visa --shots 4\n"}};
    const auto found = explain(results, "table5/PatchEAD/DINOv2/mask/4-shot/MVTec/I-AUROC", {});
    ASSERT_EQ(found.commands.size(), 1U);
    EXPECT_NE(found.commands[0].find("--rho-few 0.1 \\"), std::string::npos);
    EXPECT_NE(found.commands[0].find("--backbone dinov2_vitb14_reg \\"), std::string::npos);
    EXPECT_EQ(found.commands[0].find("--grid"), std::string::npos);
}

/// The commands for a cell of a point with another backbone and sizes, of two sweeps.
std::vector<std::string> commands_of_fused(const std::string& backbone, const std::string& sizes) {
    auto results = scored_results();
    for (auto& row : results.rows) {
        if (row.backbone != "mae_vitb16") { continue; }
        row.backbone = backbone;
        row.sizes = sizes;
    }
    const std::string common = "backbone = a b\ndataset = mvtec\nimage-size = 224 448\n";
    results.provenance = {
        {"config", common},
        {"config of run 2", common + "fuse-sizes = mean max\nfuse-backbones = max\n"}};
    return explain(results,
                   "summary_mvtec/" + backbone + "/" + (sizes.empty() ? "224" : sizes) +
                       "/few-shot/1/none/I-AUROC",
                   {})
        .commands;
}

TEST(Explain, TellsWhatAFusedPointIsMadeOf) {
    const auto over_sizes = commands_of_fused("a", "224+448-mean");
    ASSERT_EQ(over_sizes.size(), 1U) << "the other sweep fuses nothing";
    EXPECT_NE(over_sizes[0].find("--image-size 224 448 \\"), std::string::npos) << over_sizes[0];
    EXPECT_NE(over_sizes[0].find("--fuse-sizes mean \\"), std::string::npos) << over_sizes[0];
    EXPECT_EQ(over_sizes[0].find("--fuse-backbones"), std::string::npos) << over_sizes[0];
    const auto over_backbones = commands_of_fused("a+b-max", "");
    ASSERT_EQ(over_backbones.size(), 1U);
    EXPECT_NE(over_backbones[0].find("--backbone a b \\"), std::string::npos);
    EXPECT_NE(over_backbones[0].find("--fuse-backbones max \\"), std::string::npos);
    for (const auto& plain : commands_of_fused("a", "")) {
        EXPECT_EQ(plain.find("--fuse-"), std::string::npos) << plain;
    }
}

/// The commands for a cell of a module of one's own, called `name` by the results.
std::vector<std::string> commands_of_module(const std::string& name, const std::string& words) {
    auto results = scored_results();
    for (auto& row : results.rows) {
        if (row.backbone == "mae_vitb16") { row.backbone = name; }
    }
    results.provenance = {{"config", "backbone = " + words + "\ndataset = mvtec\n"}};
    return explain(results, "summary_mvtec/" + name + "/224/few-shot/1/none/I-AUROC", {}).commands;
}

// Results call a module by its name, a config by its file.
TEST(Explain, TellsTheCommandOfAModuleOfOnesOwn) {
    const auto same =
        commands_of_module("torchscript:vit", "dinov2_vitb14_reg torchscript:/a/vit.pt");
    ASSERT_EQ(same.size(), 1U);
    EXPECT_NE(same[0].find("--backbone torchscript:/a/vit.pt \\"), std::string::npos) << same[0];
    const auto two = commands_of_module("torchscript:b", "torchscript:/a/a.pt torchscript:b.pt");
    ASSERT_EQ(two.size(), 1U);
    EXPECT_NE(two[0].find("--backbone torchscript:b.pt \\"), std::string::npos) << two[0];
    const auto renamed = commands_of_module("torchscript:my-vit", "torchscript:/a/export.pt");
    ASSERT_EQ(renamed.size(), 1U);
    EXPECT_NE(renamed[0].find("--backbone torchscript:/a/export.pt \\"), std::string::npos);
    EXPECT_TRUE(commands_of_module("torchscript:c", "torchscript:a.pt torchscript:b.pt").empty());
}

TEST(Explain, KnowsCellsThatAreNoMeansOfOurs) {
    const auto quoted = explained("table1/WinCLIP/1-shot/MVTec/I-AUROC");
    EXPECT_TRUE(quoted.values.empty());
    EXPECT_NE(to_text(quoted).find("quoted from the paper"), std::string::npos);
    const auto counted = explained("table6/KSDD/test_normal");
    EXPECT_EQ(counted.cell.mean, 286);
    EXPECT_NE(to_text(counted).find("value  286, counted"), std::string::npos);
}

TEST(Explain, TellsWhyAValueIsMissing) {
    auto results = scored_results();
    for (auto& row : results.rows) {
        if (row.category != "screw" || row.seed != 1) { continue; }
        results.missing.push_back({row, "cannot read 'x.png'"});
    }
    std::erase_if(results.rows,
                  [](const ResultRow& row) { return row.category == "screw" && row.seed == 1; });
    const auto found =
        explain(results, "categories_mvtec/mae_vitb16/224/few-shot/1/none/screw/I-AUROC", {});
    EXPECT_EQ(found.cell.seeds, 2);
    EXPECT_EQ(found.values.at(1).value, std::nullopt);
    EXPECT_EQ(found.values[1].reason, "cannot read 'x.png'");
    EXPECT_TRUE(found.holds());
}

TEST(Explain, SaysWhereANameGoesWrongAndHowItCouldGoOn) {
    EXPECT_TRUE(
        message_of("tabel1/x").starts_with("unknown table 'tabel1' (did you mean 'table1'?)"));
    EXPECT_EQ(message_of("table1/PatchEAD+/DINOv3/1-shot"),
              "unknown part of a cell's name after 'table1/PatchEAD+' 'DINOv3' (did you mean "
              "'DINOv2'?); one of: CLIP, DINOv2");
    EXPECT_EQ(message_of("table1/PatchEAD+/DINOv2"),
              "'table1/PatchEAD+/DINOv2' is no cell yet (its name goes on); add one of: 1-shot, "
              "2-shot, 4-shot");
    EXPECT_EQ(message_of("table6/KSDD/test_normal/x"),
              "'table6/KSDD/test_normal/x' is no cell ('table6/KSDD/test_normal' is one, and its "
              "name ends there); leave the rest out");
    EXPECT_EQ(message_of("summary_btad"),
              "'summary_btad' is no cell yet (its name goes on); add one of: dinov2_vitb14_reg, "
              "openclip_vitb16_plus_240");
}

TEST(Explain, NeedsResultsOfTheTable) {
    EXPECT_THROW(static_cast<void>(explain({}, "table1/PatchEAD+/DINOv2", {})), ConfigError);
}

TEST(Explain, IsThereForPrograms) {
    const auto json = nlohmann::json::parse(
        to_json(explained("table4/PatchEAD/DINOv2/4-shot/224px/VisA/I-AUROC")));
    EXPECT_EQ(json["holds"], true);
    EXPECT_EQ(json["labels"]["image_size"], "224");
    EXPECT_EQ(json["values"].size(), 36U);
    EXPECT_EQ(json["values"][0]["value"], json["values"][0]["again"]);
    EXPECT_EQ(json["cell"]["mean"], json["again"]["mean"]);
}

}  // namespace
}  // namespace patchead
