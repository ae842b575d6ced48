#include "pipeline/detect.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/core/registry.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/detectors/detector.hpp"
#include "patchead/pipeline/detector_settings.hpp"
#include "patchead/pipeline/worker.hpp"
#include "patchead/plan/class_texts.hpp"
#include "patchead/plan/method_options.hpp"
#include "plan/toy_sweep.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

PlannedDetector planned_detector(const std::string& name, const DetectorOptions& given = {}) {
    PlannedDetector planned;
    planned.name = name;
    planned.method = name;
    planned.common = settings_of(find<DetectorInfo>(detectors(), "detector", name), given);
    return planned;
}

/// A sweep of one detector over four test images and ten training images, whose features are in the
/// store: numbers that depend on the image and the layer.
class DetectTest : public testing::Test {
  protected:
    void plan(const PlannedDetector& detector, std::vector<int> shots,
              const BatchOptions& batch = {}) {
        auto task = spec(4);
        task.method = default_method();
        task.method.batch = batch;
        task.detectors = {PlannedDetector{}, detector};
        task.backbones.front().windows = true;
        task.backbones.front().text = PlannedTower{{{"family", "toy"}}, "words"};
        task.sentences[sentences_name("winclip", "toy", "dots")] = {{"a dot"}, {"a broken dot"}};
        task.grids = {{.sides_px = {32},
                       .shots = std::move(shots),
                       .seeds = {0},
                       .modules = {{}},
                       .detectors = {1}}};
        plan_ = make_plan(task);
        write_texts(detector);
        for (std::size_t i = 0; i < plan_.embeds.size(); ++i) { write_features(plan_.embeds[i]); }
    }

    static std::vector<float> noise(const std::string& what, std::size_t count) {
        Random random(what, 0);
        std::vector<float> values(count);
        for (float& value : values) { value = static_cast<float>(random.normal()); }
        return values;
    }

    /// Embeddings of its sentences, which no tower makes here.
    void write_texts(const PlannedDetector& detector) {
        const auto& needs = detector.common.few_shot;
        if (!needs || needs->prompts.empty()) { return; }
        const auto key = text_key(texts_for(plan_.spec, 0, "toy", "dots", *needs));
        store_.write(
            key, NamedTensors{{"normal", texts().normal}, {"anomalous", texts().anomalous}}, {});
    }

    static ClassTexts texts() {
        return {{{2, 3}, noise("normal", 6)}, {{2, 3}, noise("anomalous", 6)}};
    }

    /// Of an image: of each side that fits into its 2 x 2 patches.
    static std::vector<float> windows(const std::string& id, int side) {
        const auto count = window_grid({2, 2}, side).size();
        return noise(concat(id, " windows ", side), static_cast<std::size_t>(3 * count));
    }

    /// Of the image in a row of `unit`, 4 patches of 3 channels.
    [[nodiscard]] std::vector<float> patches(const EmbedUnit& unit, std::size_t row,
                                             int layer) const {
        return noise(concat(plan_.spec.samples[unit.samples[row]].id, " ", layer), 12);
    }

    void write_features(const EmbedUnit& unit) {
        FeatureBlock block{{2, 2}, 3, {}, {}, {}};
        for (const auto& [layer, form] : unit.tokens.layers) {
            block.layers.push_back({layer, {2, 2}, 3, {}, {}, form});
        }
        for (const int side : unit.tokens.windows) {
            block.windows.push_back({side, window_grid({2, 2}, side), 3});
        }
        for (std::size_t row = 0; row < unit.samples.size(); ++row) {
            block.ids.push_back(plan_.spec.samples[unit.samples[row]].id);
            const auto add = [](const std::vector<float>& more, std::vector<float>& all) {
                all.insert(all.end(), more.begin(), more.end());
            };
            add(patches(unit, row, 0), block.embeddings);
            add(std::vector<float>(4, 1), block.attention);
            for (auto& layer : block.layers) {
                add(patches(unit, row, layer.layer), layer.patches);
            }
            if (unit.tokens.image) { add(noise(block.ids.back(), 3), block.image_tokens.token); }
            for (auto& own : block.windows) {
                add(windows(block.ids.back(), own.side), own.values);
            }
        }
        store_.write(unit.key, block, CacheType::fp32, {});
    }

    /// The same images as a detector sees them.
    [[nodiscard]] DetectorImages seen(const std::vector<ImageRef>& images) const {
        const auto& tokens = plan_.embeds[images.front().embed].tokens;
        DetectorImages all;
        for (const auto& [layer, form] : tokens.layers) {
            all.layers.push_back({layer, {2, 2}, 3, {}, {}, form});
        }
        for (const int side : tokens.windows) {
            all.windows.push_back({side, window_grid({2, 2}, side), 3});
        }
        all.texts = texts();
        for (const auto& image : images) {
            const auto& unit = plan_.embeds[image.embed];
            all.ids.push_back(plan_.spec.samples[unit.samples[image.row]].id);
            for (auto& layer : all.layers) {
                const auto own = patches(unit, image.row, layer.layer);
                layer.patches.insert(layer.patches.end(), own.begin(), own.end());
            }
            for (auto& windows_seen : all.windows) {
                const auto own = windows(all.ids.back(), windows_seen.side);
                windows_seen.values.insert(windows_seen.values.end(), own.begin(), own.end());
            }
            if (!tokens.image) { continue; }
            const auto token = noise(all.ids.back(), 3);
            all.image_tokens.insert(all.image_tokens.end(), token.begin(), token.end());
        }
        all.input = {32, 32};
        return all;
    }

    [[nodiscard]] Worker worker() const {
        return {plan_, store_, {{"none", "", {}}}, {{"version", "1"}}, {}};
    }

    void expect_scores(const PatchScores& scores, const PatchScores& expected) const {
        EXPECT_EQ(scores.ids, expected.ids);
        EXPECT_EQ(scores.patches, expected.patches);
        EXPECT_EQ(scores.images, expected.images);
    }

    TemporaryFolder folder_;
    Store store_{folder_.path()};
    SweepPlan plan_;
};

class EveryFittedDetector : public DetectTest, public testing::WithParamInterface<const char*> {};

/// Images of four patches have no windows of three by three.
DetectorOptions options_here(const std::string& name) {
    return name == "winclip" ? DetectorOptions{{"scales", "1,2"}} : DetectorOptions{};
}

TEST_P(EveryFittedDetector, ComesThroughTheStoreUnchanged) {
    plan(planned_detector(GetParam(), options_here(GetParam())), {2, kAllShots});
    const auto detector = make_detector(GetParam(), options_here(GetParam()));
    auto made = worker();
    for (std::size_t i = 0; i < plan_.fits.size(); ++i) { made.make({UnitKind::fit, i}); }
    for (std::size_t i = 0; i < plan_.detects.size(); ++i) {
        made.make({UnitKind::detect, i});
        const auto& unit = plan_.detects[i];
        const auto& fit = plan_.fits[*unit.fit];
        const auto model = detector->fit(seen(fit.references), fit.seed);
        EXPECT_EQ(store_.read_model(fit.key), model) << "read in parts, or all at once";
        expect_scores(store_.read_scores(unit.key), detector->score(model, seen(unit.queries)));
    }
}

std::vector<const char*> fitted_detectors() {
    std::vector<const char*> names;
    for (const auto& info : detectors()) {
        if (make_detector(info.name)->is_for(Setting::few_shot)) {
            names.push_back(info.name.data());  // Of a literal.
        }
    }
    return names;
}

INSTANTIATE_TEST_SUITE_P(Each, EveryFittedDetector, testing::ValuesIn(fitted_detectors()),
                         [](const auto& test) { return std::string(test.param); });

TEST_F(DetectTest, AModelIsServedFromTheStore) {
    plan(planned_detector("aprilgan"), {2});
    worker().make({UnitKind::fit, 0});
    for (const auto& image : plan_.fits[0].references) {
        std::filesystem::remove(store_.path(plan_.embeds[image.embed].key));
    }
    worker().make({UnitKind::fit, 0});  // It is there: nothing is read.
    worker().make({UnitKind::detect, 0});
    const auto& unit = plan_.detects[0];
    EXPECT_EQ(store_.read_scores(unit.key).ids, seen(unit.queries).ids);
}

TEST_F(DetectTest, ARunThatWasStoppedGoesOnWithTheSameScores) {
    plan(planned_detector("patchcore"), {2});
    worker().make({UnitKind::fit, 0});
    worker().make({UnitKind::detect, 0});
    const auto before = store_.read_scores(plan_.detects[0].key);
    std::filesystem::remove(store_.path(plan_.detects[0].key));
    const auto later = Store(folder_.path());
    Worker(plan_, later, {{"none", "", {}}}, {}, {}).make({UnitKind::detect, 0});
    expect_scores(later.read_scores(plan_.detects[0].key), before);
}

TEST_F(DetectTest, ADamagedModelIsSetAsideAndMadeAgain) {
    plan(planned_detector("aprilgan"), {1});
    worker().make({UnitKind::fit, 0});
    const auto& key = plan_.fits[0].key;
    std::filesystem::resize_file(store_.path(key), 1000);
    EXPECT_THROW(worker().make({UnitKind::detect, 0}), CacheError);
    EXPECT_FALSE(store_.contains(key));
    worker().make({UnitKind::fit, 0});
    worker().make({UnitKind::detect, 0});
    EXPECT_TRUE(store_.contains(plan_.detects[0].key));
}

TEST_F(DetectTest, ABatchScoresTheImagesThatItOwns) {
    plan(planned_detector("musc"), {0}, {.size = 3});
    ASSERT_EQ(plan_.detects.size(), 2U);
    const auto& last = plan_.detects[1];
    ASSERT_LT(last.owned, last.queries.size()) << "filled up";
    worker().make({UnitKind::detect, 1});
    const auto scores = store_.read_scores(last.key);
    const auto all = make_detector("musc")->score_batch(seen(last.queries));
    EXPECT_EQ(scores.ids, std::vector(all.ids.begin(), all.ids.begin() + 1));
    EXPECT_EQ(scores.images[0], all.images[0]);
}

TEST_F(DetectTest, ADetectorThatThrowsIsOneFailedUnitThatSaysWhere) {
    plan(planned_detector("anomalydino"), {0},
         {.size = 3, .remainder = BatchRemainder::short_last});
    ASSERT_EQ(plan_.detects.size(), 2U);
    auto both = worker();
    try {
        both.make({UnitKind::detect, 1});
        FAIL() << "a batch of one image";
    } catch (const DataError& error) {
        const std::string message = error.what();
        EXPECT_NE(message.find("detector anomalydino on toy/dots: "), std::string::npos) << message;
        EXPECT_NE(message.find("give it a batch of at least 2"), std::string::npos) << message;
    }
    EXPECT_FALSE(store_.contains(plan_.detects[1].key));
    both.make({UnitKind::detect, 0});
    EXPECT_EQ(store_.read_scores(plan_.detects[0].key).ids.size(), 3U);
}

}  // namespace
}  // namespace patchead
