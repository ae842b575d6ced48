#include "patchead/plan/method_options.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>

#include "patchead/plan/sweep_plan.hpp"
#include "toy_sweep.hpp"

// Contracts of core/options.def: every option that changes a number changes keys, nothing else
// does.

namespace patchead {
namespace {

/// Few-shot and batch zero-shot, with and without each module, in batches that are cut short; at
/// two sizes that are fused, too.
SweepSpec sweep_of(const Method& method) {
    auto task = spec();
    task.grids[0].modules = {{false, false}, {true, false}, {false, true}, {true, true}};
    task.grids[0].sides_px = {224, 448};
    task.grids[0].fuse_sides = {FuseRule::mean};
    task.method = method;
    // Masks by attention cannot be had in tiles.
    if (method.features.tiling != Tiling{}) { task.method.masking.source = MaskSource::object; }
    return task;
}

std::set<std::string> digests(const auto& units) {
    std::set<std::string> found;
    for (const auto& unit : units) { found.insert(unit.key.digest()); }
    return found;
}

/// Keys of the artifacts of each kind.
using Keys = std::array<std::set<std::string>, 4>;
Keys keys_of(const Method& method) {
    const auto plan = make_plan(sweep_of(method));
    return {digests(plan.aligns), digests(plan.embeds), digests(plan.matches),
            digests(plan.evaluates)};
}

Method with(const std::string& name, const std::string& text) {
    auto method = default_method();
    for (const auto& option : method_options()) {
        if (option.name == name) { option.set(method, text); }
    }
    return method;
}

TEST(MethodOptions, HaveANameOfTheirOwnAHelpAndADefaultThatReadsBack) {
    std::set<std::string> names;
    const auto method = default_method();
    for (const auto& option : method_options()) {
        EXPECT_TRUE(names.insert(option.name).second) << option.name;
        EXPECT_FALSE(option.help.empty()) << option.name;
        EXPECT_EQ(option.text(method), option.default_text) << option.name;
    }
}

TEST(MethodOptions, ReadBackWhatTheyWrite) {
    for (const auto& option : method_options()) {
        EXPECT_NE(option.other_text, option.default_text) << option.name;
        EXPECT_EQ(option.text(with(option.name, option.other_text)), option.other_text)
            << option.name;
    }
}

TEST(MethodOptions, ChangeNoOther) {
    for (const auto& changed : method_options()) {
        const auto method = with(changed.name, changed.other_text);
        for (const auto& option : method_options()) {
            if (option.name == changed.name) { continue; }
            EXPECT_EQ(option.text(method), option.default_text)
                << changed.name << " " << option.name;
        }
    }
}

TEST(MethodOptions, ChangeTheKeysOfResultsIfANumberDependsOnThem) {
    const auto before = keys_of(default_method());
    for (const auto& option : method_options()) {
        const auto after = keys_of(with(option.name, option.other_text));
        if (!is_recorded(option.changes)) {
            EXPECT_EQ(after, before) << option.name << " changes no number";
        } else {
            EXPECT_NE(after[3], before[3]) << option.name << " must be in a key";
        }
        if (option.changes == Changes::results) {
            EXPECT_EQ(after[0], before[0]) << option.name << " leaves alignments alone";
            EXPECT_EQ(after[1], before[1]) << option.name << " leaves features alone";
        }
    }
}

TEST(MethodOptions, OfFeaturesAlignmentsAndMatchesChangeTheseKeys) {
    const auto before = keys_of(default_method());
    for (const auto& option : method_options()) {
        const auto after = keys_of(with(option.name, option.other_text));
        if (option.changes == Changes::features) { EXPECT_NE(after[1], before[1]) << option.name; }
        if (option.changes == Changes::matches) { EXPECT_NE(after[2], before[2]) << option.name; }
        if (option.changes == Changes::alignments) {
            EXPECT_TRUE(after[0] != before[0] || after[1] != before[1]) << option.name;
        }
    }
}

// A mask by objects is found at the size at which images are compared.
TEST(MethodOptions, TheSizeOfComparedImagesIsInTheKeyOfMasksByObjects) {
    const auto results = [](int side) {
        auto method = with("mask-source", "object");
        method.align.side_px = side;
        auto task = sweep_of(method);
        task.grids[0].modules = {{false, true}};
        return digests(make_plan(task).evaluates);
    };
    EXPECT_NE(results(224), results(448));
}

TEST(MethodOptions, RefuseWhatIsOutOfTheirDomain) {
    const std::map<std::string, std::string> bad{
        {"reading", "E"},          {"kp-fraction", "1.5"},   {"rho-few", "-0.1"},
        {"batch-size", "-1"},      {"align-size", "31"},     {"align-rotate", "yep"},
        {"eval-size", "-3"},       {"smooth-sigma", "101"},  {"pro-limit", "0"},
        {"pro-connectivity", "6"}, {"block-images", "0"},    {"maps", "some"},
        {"cache-dtype", "fp8"},    {"resize", "wider"},      {"patch-fit", "fill"},
        {"tile", "64:64"},         {"kp-rounding", ""},      {"mask-weight", "half"},
        {"layers", "0"},           {"layer-form", "none"},   {"cache-layers", "none"},
        {"image-token", "1"},      {"company-share", "1.1"}, {"company-size", "1"},
        {"company-order", "label"}};
    for (const auto& option : method_options()) {
        const auto found = bad.find(option.name);
        if (found == bad.end()) { continue; }
        Method method;
        EXPECT_THROW(option.set(method, found->second), ConfigError) << option.name;
    }
}

// The fields of keys are what stores hold. One that changes needs a schema number, or `added`.
TEST(Keys, OfDefaultsAreThoseOfStoresFromBefore) {
    const auto plan = make_plan(sweep_of(default_method()));
    const auto& json = plan.evaluates[0].key.json();
    EXPECT_EQ(json.find("mask_source"), std::string::npos) << json;
    EXPECT_EQ(json.find("mask_side"), std::string::npos) << json;
    EXPECT_EQ(json.find("fuse"), std::string::npos) << json;
    for (const auto* field :
         {"\"distance\":\"cosine\"", "\"kp_fraction\":\"0.3\"", "\"kp_rounding\":\"floor\"",
          "\"rho\":\"0.01\"", "\"select\":\"closest\"", "\"eval_size\":\"224\"",
          "\"interpolation\":\"bilinear\"", "\"mask_resize\":\"area50\"", "\"pixel_good\":\"1\"",
          "\"pro_connectivity\":\"8\"", "\"pro_limit\":\"0.3\"", "\"smooth_sigma\":\"0\""}) {
        EXPECT_NE(json.find(field), std::string::npos) << field << " is not in " << json;
    }
    const auto& align = plan.aligns[0].key.json();
    for (const auto* field :
         {"\"estimator\":\"auto\"", "\"model\":\"rigid\"", "\"side\":\"448\""}) {
        EXPECT_NE(align.find(field), std::string::npos) << field << " is not in " << align;
    }
    EXPECT_NE(plan.embeds[0].key.json().find("\"type\":\"fp16\""), std::string::npos);
    EXPECT_NE(plan.matches[0].key.json().find("\"reduce\":\"nearest\""), std::string::npos);
}

}  // namespace
}  // namespace patchead
