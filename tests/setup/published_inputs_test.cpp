#include "patchead/setup/published_inputs.hpp"

#include <set>

#include "data/fixtures.hpp"
#include "patchead/core/error.hpp"
#include "patchead/data/dataset.hpp"
#include "patchead/plan/sweep_plan.hpp"

namespace patchead {
namespace {

SweepRequest request(const std::vector<std::string>& datasets,
                     const std::vector<std::string>& categories = {}) {
    SweepRequest asked;
    asked.data.datasets = datasets;
    asked.data.categories = categories;
    asked.backbones.names = {"mae_vitb16"};
    asked.grids = {{{}, {}, {kDefaultSide}, {0, 1}, {0}, {Modules{}}}};
    return asked;
}

std::set<std::string> categories_of(const std::vector<Sample>& samples) {
    std::set<std::string> names;
    for (const auto& sample : samples) { names.insert(sample.dataset + "/" + sample.category); }
    return names;
}

TEST(PublishedInputs, HaveThePublishedImagesOfMvtec) {
    const auto samples = published_inputs(request({"mvtec"})).spec.samples;
    EXPECT_EQ(categories_of(samples).size(), 15U);
    EXPECT_EQ(count_all(samples), (ImageCounts{3629, 467, 1258}));
    EXPECT_EQ(count_images(samples).at("screw"), (ImageCounts{320, 41, 119}));
}

TEST(PublishedInputs, OfUnknownSizesCannotKeepTheirAspect) {
    auto asked = request({"mvtec", "visa"});
    asked.method.features.resize = Resize::shorter;
    EXPECT_THROW((void)published_inputs(asked), ConfigError)
        << "the sizes of VisA are not in the table";
    asked.data.datasets = {"mvtec"};
    const auto plan = make_plan(published_inputs(asked).spec);
    EXPECT_EQ(plan.embeds.front().frame, (Grid{14, 14}));
}

TEST(PublishedInputs, ShareTheTotalsOfADataSetWhereCategoriesHaveNoCounts) {
    for (const auto& entry : datasets()) {
        const auto& info = entry.get().info();
        if (info.categories.empty() || !info.paper) { continue; }
        const std::string name(entry.name);
        const auto samples = published_inputs(request({name})).spec.samples;
        EXPECT_EQ(categories_of(samples).size(), info.categories.size()) << name;
        const auto all = count_all(samples);
        EXPECT_NEAR(all.test_normal, info.paper->test_normal, info.paper->categories) << name;
        EXPECT_NEAR(all.test_anomalous, info.paper->test_anomalous, info.paper->categories) << name;
    }
}

TEST(PublishedInputs, OfSetsThatThePaperHasNotAreTheirPublishersCounts) {
    EXPECT_EQ(count_all(published_inputs(request({"loco"})).spec.samples),
              (ImageCounts{1772, 575, 993, 304}));
    const auto views = published_inputs(request({"real-iad"})).spec.samples;
    EXPECT_EQ(categories_of(views).size(), 30U);
    EXPECT_NEAR(static_cast<double>(views.size()), 151050, 90) << "shared between the categories";
    EXPECT_THROW((void)published_inputs(request({"real-iad-sv"})), ConfigError);
}

TEST(PublishedInputs, HaveOnlyTheCategoriesThatAreAskedFor) {
    const auto screws = published_inputs(request({"mvtec"}, {"screw"})).spec.samples;
    EXPECT_EQ(count_all(screws), (ImageCounts{320, 41, 119}));
    const auto one =
        published_inputs(request({"mvtec"}, {"mvtec/pill", "visa/candle"})).spec.samples;
    EXPECT_EQ(categories_of(one), (std::set<std::string>{"mvtec/pill"}));
}

// As a sweep does, whose files are there.
TEST(PublishedInputs, TakeACategoryOfOneDataSetForThatOneOnly) {
    const auto samples = published_inputs(request({"mvtec", "visa"}, {"mvtec/pill"})).spec.samples;
    EXPECT_EQ(categories_of(samples).size(), 1U + 12U);
    EXPECT_THROW((void)published_inputs(request({"mvtec"}, {"pil"})), ConfigError);
}

TEST(PublishedInputs, HaveSamplesThatAPlanCanBeMadeOf) {
    const auto inputs = published_inputs(request({"mvtec"}, {"screw", "pill"}));
    for (const auto& sample : inputs.spec.samples) { EXPECT_FALSE(sample.digest.empty()); }
    const auto plan = make_plan(inputs.spec);
    EXPECT_EQ(plan.evaluates.size(), 2U * 2U);
    EXPECT_EQ(plan.evaluates.front().side_px, 224) << "the default of the backbone";
}

TEST(PublishedInputs, HaveBackbonesAsTheTableOfNamedOnesSays) {
    const auto inputs = published_inputs(request({"mvtec"}, {"screw"}));
    ASSERT_EQ(inputs.spec.backbones.size(), 1U);
    const auto& backbone = inputs.spec.backbones[0];
    EXPECT_EQ(backbone.name, "mae_vitb16");
    EXPECT_EQ(backbone.patch_px, 16);
    EXPECT_EQ(backbone.dim, 768);
    EXPECT_EQ(backbone.depth, 12);
    EXPECT_EQ(backbone.image_px, 224);
    EXPECT_NEAR(static_cast<double>(backbone.parameters), 86e6, 2e6);
    EXPECT_TRUE(inputs.sources.empty());
}

TEST(PublishedInputs, HaveThePointsAndTheMethodOfTheRequest) {
    auto asked = request({"mvtec"}, {"screw"});
    asked.method.batch.size = 17;
    const auto spec = published_inputs(asked).spec;
    EXPECT_EQ(spec.method.batch.size, 17U);
    EXPECT_EQ(spec.grids.size(), 1U);
}

TEST(PublishedInputs, RefuseADataSetWithoutPublishedCounts) {
    for (const auto* name : {"mvtec-like", "folder"}) {
        const auto message =
            message_of<ConfigError>([&] { static_cast<void>(published_inputs(request({name}))); });
        EXPECT_NE(message.find("data set '" + std::string(name) + "' has no published counts"),
                  std::string::npos)
            << message;
    }
}

TEST(PublishedInputs, NameTheNearestOfAnUnknownDataSetOrBackbone) {
    const auto unknown =
        message_of<ConfigError>([&] { static_cast<void>(published_inputs(request({"mvtek"}))); });
    EXPECT_NE(unknown.find("unknown data set 'mvtek' (did you mean 'mvtec'?)"), std::string::npos)
        << unknown;
    auto asked = request({"mvtec"});
    asked.backbones.names = {"mae_vitb17"};
    const auto backbone =
        message_of<ConfigError>([&] { static_cast<void>(published_inputs(asked)); });
    EXPECT_NE(backbone.find("unknown backbone 'mae_vitb17' (did you mean 'mae_vitb16'?)"),
              std::string::npos)
        << backbone;
}

}  // namespace
}  // namespace patchead
