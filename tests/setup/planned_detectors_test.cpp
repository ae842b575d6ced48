#include "setup/planned_detectors.hpp"

#include <gtest/gtest.h>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/detector.hpp"

namespace patchead {
namespace {

TEST(PlannedDetectors, HaveAllOptionsAndNeedsOfTheirSettings) {
    DetectorRequest request{.names = {"patchead", "aprilgan"}};
    const auto planned = plan_detectors(request);
    ASSERT_EQ(planned.size(), 2U);
    EXPECT_TRUE(planned[0].common.options.empty());
    const auto& settings = planned[1].common;
    EXPECT_EQ(settings.options, (DetectorOptions{{"layers", "0.25,0.5,0.75,1"}}));
    ASSERT_TRUE(settings.few_shot);
    EXPECT_FALSE(settings.zero_shot);
    EXPECT_EQ(layers_at(settings.few_shot->layers, 12), (std::vector{3, 6, 9, 12}));
    EXPECT_FALSE(settings.few_shot->final_norm);
    EXPECT_EQ(settings.interpolation, Interpolation::bilinear_align_corners);
    EXPECT_TRUE(planned[1].published_maps);
}

TEST(PlannedDetectors, LeaveOptionsThatCameLaterOutOfKeysAtTheirDefaults) {
    DetectorRequest request{.names = {"patchead", "aprilgan"},
                            .options = {{"aprilgan", {{"max_memory_rows", "0"}}}}};
    EXPECT_FALSE(plan_detectors(request)[1].common.options.contains("max_memory_rows"));
    EXPECT_FALSE(plan_detectors(request)[1].common.draws);
    request.options["aprilgan"]["max_memory_rows"] = "50";
    EXPECT_EQ(plan_detectors(request)[1].common.options.at("max_memory_rows"), "50");
    EXPECT_TRUE(plan_detectors(request)[1].common.draws);
}

TEST(PlannedDetectors, TakeOptionsAndMapsAsAsked) {
    DetectorRequest request{.names = {"patchead", "aprilgan"},
                            .options = {{"aprilgan", {{"layers", "2"}}}},
                            .maps = "common"};
    const auto planned = plan_detectors(request);
    EXPECT_EQ(planned[1].common.options.at("layers"), "2");
    EXPECT_FALSE(planned[1].published_maps);
}

TEST(PlannedDetectors, HaveOptionsInTheirNames) {
    const DetectorRequest request{
        .names = {"patchead", "clip", "clip:side=normal", "clip:of=patches,side=anomalous"},
        .options = {{"clip", {{"side", "anomalous"}, {"text_mean", "unit"}}}}};
    const auto planned = plan_detectors(request);
    ASSERT_EQ(planned.size(), 4U);
    EXPECT_EQ(planned[2].name, "clip:side=normal");
    EXPECT_EQ(planned[2].method, "clip");
    EXPECT_EQ(planned[1].common.options.at("side"), "anomalous");
    EXPECT_EQ(planned[2].common.options.at("side"), "normal") << "the name wins";
    EXPECT_EQ(planned[2].common.options.at("text_mean"), "unit") << "the rest is of all";
    EXPECT_TRUE(planned[3].common.zero_shot->projected);
    EXPECT_FALSE(planned[3].common.options.contains("paraphrase")) << "it came later";
    Provenance facts;
    add_facts(planned, facts);
    EXPECT_EQ(facts.at("detector.clip:side=normal.title"), "CLIP similarity (side=normal)");
    for (const char* wrong : {"clip:side", "clip:side=left", "clip:=normal", "clip:no_such=1",
                              "winclip:prompts=/a/b", "no_such:side=normal"}) {
        EXPECT_THROW(static_cast<void>(plan_detectors({.names = {"patchead", wrong}})), ConfigError)
            << wrong;
    }
}

TEST(PlannedDetectors, AreThoseOfThePerturbedDataSetsOwn) {
    PlannedDetector planned;
    planned.own["mvtec"].options["k"] = "3";
    EXPECT_EQ(planned.settings("mvtec+noise-0.1", "screw").options.at("k"), "3");
}

/// One that has options by data set.
const DetectorInfo& with_published() {
    for (const auto& info : detectors()) {
        if (!info.published.empty()) { return info; }
    }
    throw std::logic_error("no detector has published options");
}

/// Of a data set or, "mvtec/screw", of a category of one.
const DetectorSettings& settings_at(const PlannedDetector& planned, std::string_view place) {
    const auto slash = place.find('/');
    return planned.settings(
        std::string(place.substr(0, slash)),
        std::string(slash == std::string_view::npos ? "" : place.substr(slash + 1)));
}

TEST(PlannedDetectors, TakeWhatThePublicationSetsByDataSet) {
    const auto& info = with_published();
    const auto name = concat(info.name, ":published");
    DetectorRequest request{.names = {"patchead", name}};
    const auto planned = plan_detectors(request).at(1);
    EXPECT_EQ(planned.method, info.name);
    EXPECT_EQ(planned.name, name);
    for (const auto& line : info.published) {
        EXPECT_EQ(settings_at(planned, line.dataset).options.at(std::string(line.option)),
                  line.value);
    }
    EXPECT_EQ(planned.settings("none of these", "x").options, planned.common.options);
    const auto& first = info.published.front();
    request.options[name][std::string(first.option)] =
        planned.common.options.at(std::string(first.option));
    EXPECT_EQ(settings_at(plan_detectors(request).at(1), first.dataset)
                  .options.at(std::string(first.option)),
              planned.common.options.at(std::string(first.option)))
        << "what the user says wins";
}

TEST(PlannedDetectors, SlipsAreNamed) {
    const auto error_of = [](DetectorRequest request) -> std::string {
        try {
            static_cast<void>(plan_detectors(request));
        } catch (const ConfigError& error) { return error.what(); }
        return "no error";
    };
    EXPECT_NE(error_of({.names = {"patchead", "aprilgam"}}).find("'aprilgan'"), std::string::npos);
    EXPECT_NE(
        error_of({.names = {"patchead", "aprilgan"}, .options = {{"aprilgan", {{"layer", "2"}}}}})
            .find("'layer'"),
        std::string::npos);
    EXPECT_NE(error_of({.names = {"patchead"}, .options = {{"aprilgan", {{"layers", "2"}}}}})
                  .find("none of the detectors of this sweep"),
              std::string::npos);
    EXPECT_NE(error_of({.names = {"patchead"}, .options = {{"patchead", {{"rho-few", "0"}}}}})
                  .find("by their names"),
              std::string::npos);
    EXPECT_NE(error_of({.names = {"patchead", "aprilgan:published"}}).find("by data set"),
              std::string::npos);
    EXPECT_NE(error_of({.names = {"patchead"}, .maps = "own"}).find("--detector-maps"),
              std::string::npos);
}

TEST(PlannedDetectors, ResultsSayWhatWasPorted) {
    Provenance facts;
    add_facts(plan_detectors({.names = {"patchead", "aprilgan"}}), facts);
    EXPECT_EQ(facts.count("detector.patchead.title"), 0U);
    EXPECT_FALSE(facts.at("detector.aprilgan.title").empty());
    EXPECT_FALSE(facts.at("detector.aprilgan.port").empty());
    EXPECT_FALSE(facts.at("detector.aprilgan.network").empty());
}

TEST(PlannedDetectors, NameBackbonesThatThereAre) {
    for (const auto& info : detectors()) {
        if (info.backbone.empty()) { continue; }
        EXPECT_FALSE(info.network.empty()) << info.name;
        EXPECT_NO_THROW(static_cast<void>(find_backbone(std::string(info.backbone)))) << info.name;
    }
}

}  // namespace
}  // namespace patchead
