#include <gtest/gtest.h>

#include "store_fixture.hpp"

namespace patchead {
namespace {

const ArtifactKey kModelKey("model", {{"detector", "other"}});
const ArtifactKey kScoresKey("scores", {{"detector", "other"}});

NamedTensors model() {
    return {{"memory.0", {{2, 3}, {1, 2, 3, 4, 5, 6}}}, {"mean", {{3}, {0.5F, -1, 0x1p-20F}}}};
}

PatchScores scores() { return {{1, 2}, {"a", "b"}, {1, 2, 3, 4}, {2, 4}}; }

TEST_F(StoreTest, GivesBackAModelAsItWas) {
    store_.write(kModelKey, model(), kProvenance);
    EXPECT_EQ(store_.read_model(kModelKey), model());
    EXPECT_EQ(store_.read_model_shapes(kModelKey),
              (ArrayShapes{{"memory.0", {2, 3}}, {"mean", {3}}}));
}

TEST_F(StoreTest, HasNoShapesOfAModelThatIsNotThere) {
    EXPECT_THROW(static_cast<void>(store_.read_model_shapes(kModelKey)), CacheError);
}

TEST_F(StoreTest, GivesBackScoresAsTheyWere) {
    store_.write(kScoresKey, scores(), kProvenance);
    const auto read = store_.read_scores(kScoresKey);
    EXPECT_EQ(read.grid, scores().grid);
    EXPECT_EQ(read.ids, scores().ids);
    EXPECT_EQ(read.patches, scores().patches);
    EXPECT_EQ(read.images, scores().images);
}

TEST_F(StoreTest, RefusesArraysAndScoresThatAreNotWhole) {
    const NamedTensors short_of_one{{"memory", {{2, 3}, {1, 2, 3, 4, 5}}}};
    expect_says(error_of([&] { return store_.write(kModelKey, short_of_one, {}), 0; }),
                {"report this bug"});
    const NamedTensors without_axes{{"k", {{}, {1}}}};
    expect_says(error_of([&] { return store_.write(kModelKey, without_axes, {}), 0; }),
                {"report this bug"});
    auto few = scores();
    few.images.pop_back();
    expect_says(error_of([&] { return store_.write(kScoresKey, few, {}), 0; }),
                {"report this bug"});
    EXPECT_EQ(folder_.files(), 0);
}

}  // namespace
}  // namespace patchead
