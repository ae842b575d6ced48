#include "options/sweep_options.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "options/ablation_options.hpp"
#include "options/convention_options.hpp"
#include "options/parse_options.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_domains.hpp"
#include "patchead/plan/method_options.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;

const Words kLeast{"--dataset", "mvtec", "--store", "s", "--output", "o"};

Words plus(Words words, const Words& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

SweepOptions parsed(const Words& more = {}) { return *parse_sweep_options(plus(kLeast, more)); }

std::string sweep_refusal(const Words& more) {
    try {
        static_cast<void>(parsed(more));
    } catch (const ConfigError& error) { return error.what(); }
    return "";
}

std::string all_texts(const Method& method) {
    std::string text;
    for (const auto& option : method_options()) { text += option.text(method) + " "; }
    return text;
}

TEST(SweepOptions, AreDefaultsUnlessGiven) {
    const auto options = parsed();
    EXPECT_EQ(all_texts(options.request.method), all_texts(default_method()));
    EXPECT_EQ(options.request.backbones.names, Words{"patchead_tiny"});
    ASSERT_EQ(options.request.grids.size(), 1U);
    EXPECT_EQ(options.request.grids[0].shots, (std::vector<int>{0, 1, 2, 4}));
    EXPECT_EQ(options.request.grids[0].sides_px, (std::vector<int>{kDefaultSide}));
    EXPECT_EQ(options.settings.store, "s");
    EXPECT_EQ(options.settings.grace_seconds, 120);
    EXPECT_FALSE(options.settings.store_limit);
    EXPECT_FALSE(options.request.method.masking_only.empty()) << "by data set";
}

TEST(SweepOptions, OfEachTableAreTaken) {
    const auto options = parsed({"--kp-fraction", "0.5", "--threads=3", "--verify", "--weights",
                                 "a=f", "b=g", "--store-limit", "2G", "--maps", "all",
                                 "--map-shots", "0", "--data-root", "/with blank/data"});
    EXPECT_EQ(options.request.method.zero_shot.reference_fraction, 0.5);
    EXPECT_EQ(options.request.method.few_shot.reference_fraction, 0) << "of batch zero-shot only";
    EXPECT_EQ(options.settings.resources().threads, 3);
    EXPECT_TRUE(options.settings.verify);
    EXPECT_EQ(options.settings.store_limit, std::uint64_t{2} << 30);
    EXPECT_EQ(options.request.backbones.weights.at("b"), "g");
    EXPECT_EQ(options.request.method.units.maps, CountOrAll::kAll);
    EXPECT_EQ(options.request.method.units.map_shots, std::vector<int>{0});
    EXPECT_EQ(options.request.data.data_root, "/with blank/data");
}

TEST(SweepOptions, RecordEveryOptionThatChangesANumberAndNoOther) {
    const auto config = parsed({"--rho-few", "0.020", "--heatmaps", "3", "--trace"}).request.config;
    std::set<std::string> names;
    std::istringstream lines(config);
    for (std::string line; std::getline(lines, line);) {
        names.insert(line.substr(0, line.find(' ')));
    }
    for (const auto& option : method_options()) {
        EXPECT_EQ(names.contains(option.name), is_recorded(option.changes)) << option.name;
    }
    for (const auto& option : engine_options()) {
        EXPECT_FALSE(names.contains(option.name)) << option.name;
    }
    EXPECT_NE(config.find("rho-few = 0.02\n"), std::string::npos) << config;
    EXPECT_NE(config.find("dataset = mvtec\n"), std::string::npos) << config;
    EXPECT_NE(config.find("precision = fp32\n"), std::string::npos) << config;
}

TEST(SweepOptions, WinOverTheirProfile) {
    const auto literal = parsed({"--profile", "paper-literal"}).request.method;
    EXPECT_EQ(literal.matching.reduce, Reduce::farthest);
    EXPECT_EQ(literal.align.estimator, AlignEstimator::orb);
    const auto given = parsed({"--profile", "paper-literal", "--reading", "A"}).request.method;
    EXPECT_EQ(given.matching.reduce, Reduce::nearest);
    EXPECT_EQ(given.align.estimator, AlignEstimator::orb);
}

TEST(SweepOptions, NameWhatIsWrongAndTheMend) {
    EXPECT_NE(sweep_refusal({"--kp-fraction", "2"}).find("--kp-fraction: 2 is no fraction"),
              std::string::npos);
    EXPECT_NE(sweep_refusal({"--batch-size", "x"}).find("'x' is no whole number"),
              std::string::npos);
    EXPECT_NE(sweep_refusal({"--rho-fw", "0"}).find("did you mean '--rho-few'"), std::string::npos);
    EXPECT_NE(sweep_refusal({"--map-shots", "7"}).find("none of --shots"), std::string::npos);
    EXPECT_NE(sweep_refusal({"--array-task", "a/b"}).find("part of a file name"),
              std::string::npos);
    EXPECT_NE(sweep_refusal({"--profile", "paper"}).find("unknown profile"), std::string::npos);
    EXPECT_NE(sweep_refusal({"--grace", "-1"}).find("--grace"), std::string::npos);
}

TEST(SweepOptions, ComeFromFilesTooAndTheCommandLineWins) {
    const TemporaryFolder folder;
    const auto file = (folder.path() / "sweep.cfg").string();
    std::ofstream(file) << "shots = 1 2\nbatch-size = 16   # of 64\nverify = true\n";
    const auto options = parsed({"--config", file, "--batch-size", "8"});
    EXPECT_EQ(options.request.grids[0].shots, (std::vector<int>{1, 2}));
    EXPECT_EQ(options.request.method.batch.size, 8U);
    EXPECT_TRUE(options.settings.verify);
    std::ofstream(file) << "bach-size = 16\n";
    EXPECT_NE(sweep_refusal({"--config", file}).find("did you mean '--batch-size'"),
              std::string::npos);
}

TEST(SweepOptions, HaveOneNameEach) {
    const auto groups = sweep_option_groups();
    std::set<std::string> names;
    for (const auto& option : groups.options()) {
        EXPECT_TRUE(names.insert(option->long_name()).second) << option->long_name();
    }
    for (const auto& option : method_options()) { EXPECT_TRUE(names.contains(option.name)); }
    for (const auto& option : engine_options()) { EXPECT_TRUE(names.contains(option.name)); }
}

TEST(AblationOptions, AreAllCombinationsOfWhatIsVaried) {
    AblationOptions ablation;
    const auto options = parse_ablation_options(
        plus(kLeast, {"--over", "rho=0,0.01", "--over", "kp=0.3,1", "--heatmaps", "4"}), ablation);
    ASSERT_TRUE(options);
    EXPECT_EQ(ablation.variables, (Words{"rho", "kp"}));
    ASSERT_EQ(ablation.choices.size(), 4U);
    EXPECT_EQ(ablation.choices[1].values, (Words{"0", "1"}));
    const auto& method = ablation.choices[3].request.method;
    EXPECT_EQ(method.few_shot.patch_fraction, 0.01);
    EXPECT_EQ(method.zero_shot.patch_fraction, 0.01);
    EXPECT_EQ(method.zero_shot.reference_fraction, 1);
    EXPECT_EQ(method.units.heatmaps, 0U) << "pictures are the sweep's";
}

TEST(AblationOptions, OfEveryOptionThatChangesANumberCanBeVaried) {
    for (const auto& option : method_options()) {
        AblationOptions ablation;
        const auto over = option.name + "=" + option.default_text;
        if (!is_recorded(option.changes) || option.changes == Changes::units) {
            EXPECT_THROW(
                static_cast<void>(parse_ablation_options(plus(kLeast, {"--over", over}), ablation)),
                ConfigError);
        } else {
            EXPECT_TRUE(parse_ablation_options(plus(kLeast, {"--over", over}), ablation)) << over;
        }
    }
}

TEST(AblationOptions, RefuseAValueOfAnyChoice) {
    AblationOptions ablation;
    for (const auto* over : {"rho", "rho=", "rho=0,2", "roh=0"}) {
        EXPECT_THROW(
            static_cast<void>(parse_ablation_options(plus(kLeast, {"--over", over}), ablation)),
            ConfigError)
            << over;
    }
}

std::string choosing_refusal(const Words& more) {
    AblationOptions ablation;
    try {
        static_cast<void>(
            parse_ablation_options(plus(plus(kLeast, {"--over", "rho=0,0.01"}), more), ablation));
    } catch (const ConfigError& error) { return error.what(); }
    return "";
}

TEST(AblationOptions, ChooseByImageAurocUnlessToldOtherwise) {
    AblationOptions ablation;
    const auto words = plus(kLeast, {"--over", "rho=0.02,0.01"});
    ASSERT_TRUE(parse_ablation_options(words, ablation));
    EXPECT_FALSE(ablation.choosing);
    ASSERT_TRUE(
        parse_ablation_options(plus(words, {"--choose", "leave-one-category-out"}), ablation));
    EXPECT_EQ(ablation.choosing->by, "I-AUROC");
    EXPECT_EQ(ablation.choosing->held_out, HeldOut::category);
    EXPECT_EQ(ablation.defaults.method.few_shot.patch_fraction, 0) << "without an axis";
    ASSERT_TRUE(parse_ablation_options(plus(words, {"--choose", "leave-one-dataset-out", "--by",
                                                    "AUPRO", "--dataset", "mvtec", "visa"}),
                                       ablation));
    EXPECT_EQ(ablation.choosing->by, "AUPRO");
}

TEST(AblationOptions, RefuseToChooseWhereNothingElseIsThere) {
    EXPECT_NE(choosing_refusal({"--choose", "leave-one-dataset-out"})
                  .find("there is one data set only, 'mvtec'"),
              std::string::npos);
    EXPECT_NE(choosing_refusal({"--choose", "the-best"}).find("leave-one-category-out"),
              std::string::npos);
    EXPECT_NE(choosing_refusal({"--by", "AUPRO"}).find("add --choose"), std::string::npos);
}

TEST(ConventionOptions, VaryOneAtATimeFromWhatTheSweepHas) {
    ConventionOptions conventions;
    ASSERT_TRUE(parse_convention_options(plus(kLeast, {"--smooth-sigma", "4", "--heatmaps", "2"}),
                                         conventions));
    EXPECT_EQ(conventions.base.method.units.heatmaps, 0U);
    EXPECT_EQ(conventions.base_values.at("mask rule"), "area50");
    EXPECT_EQ(conventions.base_values.at("smoothing, px"), "4");
    for (const auto& choice : conventions.choices) {
        if (choice.is_base) { continue; }
        const auto& method = choice.request.method;
        std::size_t others = 0;
        for (const auto& option : method_options()) {
            others += option.text(method) != option.text(conventions.base.method) ? 1 : 0;
        }
        const bool of_detectors = choice.option == "detector-maps";
        EXPECT_EQ(others, of_detectors ? 0U : 1U) << choice.option << " " << choice.value;
        EXPECT_FALSE(choice.used_by.empty());
    }
    const auto unsmoothed = [](const ConventionChoice& choice) {
        return choice.option == "smooth-sigma" && choice.value == "0" && !choice.is_base;
    };
    EXPECT_EQ(std::ranges::count_if(conventions.choices, unsmoothed), 1);
}

TEST(ConventionOptions, CanBeAFew) {
    ConventionOptions conventions;
    ASSERT_TRUE(
        parse_convention_options(plus(kLeast, {"--only", "eval-crop,pro-limit"}), conventions));
    EXPECT_EQ(conventions.base_values.size(), 2U);
    EXPECT_THROW(static_cast<void>(
                     parse_convention_options(plus(kLeast, {"--only", "eval-corp"}), conventions)),
                 ConfigError);
}

}  // namespace
}  // namespace patchead
