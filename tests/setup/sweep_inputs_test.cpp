#include "patchead/setup/sweep_inputs.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace patchead {
namespace {

Sample sample() {
    return {.id = "kos01/test/defect/Part5#1",
            .dataset = "ksdd",
            .category = "kos01",
            .split = "test",
            .defect_type = "defect",
            .anomalous = true,
            .image = "/data sets/kös01/Part5.jpg",
            .mask = "/data sets/kös01/Part5_label.bmp",
            .crop = CropRows{420, 841},
            .digest = "ab"};
}

/// No member has its default.
PlannedBackbone backbone() {
    return {.name = "net",
            .identity = {{"family", "mae"}, {"option.a", "3:x"}},
            .preprocessing = {Filter::bilinear, {0.1F, 0.2F, 0.3F}, {0.4F, 0.5F, 0.6F}},
            .patch_px = 14,
            .dim = 768,
            .depth = 12,
            .parameters = 86'000'000'000,
            .has_attention = false,
            .image_px = 448,
            .fixed_size = true,
            .width = 1024,
            .layers = 11};
}

SweepFindings findings() {
    return {.samples = {sample(), Sample{}},
            .backbones = {backbone(), PlannedBackbone{}},
            .sources = {{"mae", "/weights/a b.pth", {"cuda", {{"layer", "11"}}, "bf16"}}},
            .prompts = {{"mvtec", "screw", "000"}},
            .provenance = {{"weights.net", "abc"}, {"id_digest.ksdd", ""}},
            .notes = {"one", "", "two\nlines"}};
}

void expect_equal(const PlannedBackbone& a, const PlannedBackbone& b) {
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.identity, b.identity);
    EXPECT_EQ(a.preprocessing.filter, b.preprocessing.filter);
    EXPECT_EQ(a.preprocessing.mean, b.preprocessing.mean);
    EXPECT_EQ(a.preprocessing.std, b.preprocessing.std);
    EXPECT_EQ(a.patch_px, b.patch_px);
    EXPECT_EQ(a.dim, b.dim);
    EXPECT_EQ(a.depth, b.depth);
    EXPECT_EQ(a.parameters, b.parameters);
    EXPECT_EQ(a.has_attention, b.has_attention);
    EXPECT_EQ(a.image_px, b.image_px);
    EXPECT_EQ(a.fixed_size, b.fixed_size);
    EXPECT_EQ(a.width, b.width);
    EXPECT_EQ(a.layers, b.layers);
}

TEST(SweepFindings, TravelBetweenRanksWhole) {
    const auto sent = findings();
    const auto got = Codec<SweepFindings>::decode(Codec<SweepFindings>::encode(sent));
    EXPECT_EQ(got.samples, sent.samples);
    ASSERT_EQ(got.backbones.size(), 2U);
    expect_equal(got.backbones[0], sent.backbones[0]);
    expect_equal(got.backbones[1], sent.backbones[1]);
    ASSERT_EQ(got.sources.size(), 1U);
    EXPECT_EQ(got.sources[0].family, "mae");
    EXPECT_EQ(got.sources[0].weights, "/weights/a b.pth");
    EXPECT_EQ(got.sources[0].options.device, "cuda");
    EXPECT_EQ(got.sources[0].options.overrides, sent.sources[0].options.overrides);
    EXPECT_EQ(got.sources[0].options.precision, "bf16");
    ASSERT_EQ(got.prompts.size(), 1U);
    EXPECT_EQ(got.prompts[0].dataset, "mvtec");
    EXPECT_EQ(got.prompts[0].category, "screw");
    EXPECT_EQ(got.prompts[0].image, "000");
    EXPECT_EQ(got.provenance, sent.provenance);
    EXPECT_EQ(got.notes, sent.notes);
}

TEST(SweepFindings, TravelBetweenRanksIfThereAreNone) {
    const auto got = Codec<SweepFindings>::decode(Codec<SweepFindings>::encode({}));
    EXPECT_TRUE(got.samples.empty());
    EXPECT_TRUE(got.backbones.empty());
    EXPECT_TRUE(got.notes.empty());
}

TEST(SweepFindings, ThatWereCutShortAreRefused) {
    const auto text = Codec<SweepFindings>::encode(findings());
    for (std::size_t size = 0; size < text.size(); ++size) {
        EXPECT_THROW(static_cast<void>(Codec<SweepFindings>::decode(text.substr(0, size))),
                     std::logic_error)
            << size;
    }
    EXPECT_THROW(static_cast<void>(Codec<SweepFindings>::decode(text + "1:x")), std::logic_error);
}

TEST(SweepInputs, AreTheFindingsWithThePointsAndTheMethodOfTheRequest) {
    SweepRequest request;
    request.grids = {{{}, {}, {224}, {0}, {0}, {Modules{}}}};
    request.method.batch.size = 17;
    request.config = "batch-size = 17\n";
    const auto inputs = make_inputs(findings(), request);
    EXPECT_EQ(inputs.spec.samples, findings().samples);
    EXPECT_EQ(inputs.spec.backbones.size(), 2U);
    EXPECT_EQ(inputs.spec.prompts.size(), 1U);
    EXPECT_EQ(inputs.spec.grids.size(), 1U);
    EXPECT_EQ(inputs.spec.method.batch.size, 17U);
    EXPECT_EQ(inputs.sources.size(), 1U);
    EXPECT_EQ(inputs.provenance.at("config"), request.config);
    EXPECT_EQ(inputs.provenance.at("weights.net"), "abc");
}

}  // namespace
}  // namespace patchead
