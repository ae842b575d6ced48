#include "patchead/report/photo_files.hpp"

#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "patchead/core/error.hpp"
#include "patchead/report/photo_threshold.hpp"

namespace patchead {
namespace {

PhotoRun run() {
    PhotoRun run;
    run.program = {{"version", "1"}, {"revision", "r"}};
    run.scale = photo_scale("max", {0.1F, 0.2F, 0.3F, 0.4F});
    run.scores.images = {
        {"a,\"b\".png", 0.5F, 3, 4, 10, 20, "heatmaps/a.png", "thumbnails/a.jpg", "", true, false},
        {"b.png", 0.25F, 0, 0, 10, 20, "", "", "", false, false}};
    run.scores.failed = {{"c.png", "broken"}};
    return run;
}

TEST(PhotoFiles, HoldWhatWasFound) {
    const auto json = nlohmann::json::parse(photo_json(run()));
    EXPECT_EQ(json["version"], 1);
    EXPECT_EQ(json["images"][0]["verdict"], "defect");
    EXPECT_EQ(json["images"][1]["verdict"], "ok");
    EXPECT_EQ(json["images"][0]["highest"]["y"], 4);
    EXPECT_EQ(json["model"]["threshold"], double{0.4F});
    EXPECT_EQ(json["failed"][0]["reason"], "broken");
    const auto csv = photo_csv(run());
    EXPECT_EQ(csv.substr(0, csv.find('\n')), "path,score,threshold,verdict,distance,x,y");
    EXPECT_NE(csv.find("\"a,\"\"b\"\".png\",0.5,"), std::string::npos);
}

TEST(PhotoFiles, HaveNullForWhatIsNotKnown) {
    auto unknown = run();
    unknown.scale = photo_scale("max", {0.5F});
    const auto json = nlohmann::json::parse(photo_json(unknown));
    EXPECT_TRUE(json["model"]["threshold"].is_null());
    EXPECT_TRUE(json["images"][0]["distance"].is_null());
    EXPECT_EQ(json["images"][0]["verdict"], "unknown");
}

TEST(PhotoFiles, OfLinesSayWhichFilesAreDone) {
    const PhotoStamp stamp{"dir/\xc3\xa4 \"b\".png", 123, 1'700'000'000'123'456'789};
    const auto photo = run().scores.images.front();
    const auto text = photo_line(photo, run().scale, stamp) + "\n" +
                      photo_line(FailedPhoto{"c.png", "broken"}, {"c.png", 1, 2}) + "\n";
    const auto stamps = stamps_in(text, "scores.jsonl");
    ASSERT_EQ(stamps.size(), 2U);
    EXPECT_EQ(stamps[0].bytes, stamp.bytes);
    EXPECT_EQ(stamps[0].modified, stamp.modified);
    EXPECT_EQ(stamps[1], (PhotoStamp{"c.png", 1, 2}));
    for (const auto* line : {"?\n", "{}\n", "[1]\n", "{\"path\":1,\"bytes\":2,\"modified\":3}\n"}) {
        EXPECT_THROW((void)stamps_in(line, "scores.jsonl"), DataError) << line;
    }
}

TEST(PhotoScales, AreOfFourOrMoreNormalPhotosOrANumber) {
    EXPECT_FALSE(photo_scale("max", {1, 2, 3}).threshold);
    EXPECT_EQ(photo_scale("max", {1, 2, 3, 4}).threshold, 4);
    EXPECT_EQ(photo_scale("0.25", {}).threshold, 0.25);
    EXPECT_FALSE(photo_scale("none", {1, 2, 3, 4}).threshold);
    const auto scale = photo_scale("mean3sigma", {1, 2, 3, 4});
    EXPECT_NEAR(scale.distance(*scale.threshold), 3, 1e-12);
    EXPECT_EQ(scale.verdict(*scale.threshold), "ok") << "only what is above it is a defect";
    EXPECT_TRUE(std::isnan(photo_scale("max", {1, 1, 1, 1}).distance(2)));
    EXPECT_THROW(require_threshold_word("all"), ConfigError);
    EXPECT_THROW(require_threshold_word("nan"), ConfigError);
    EXPECT_THROW(require_threshold_word("highest"), ConfigError);
    EXPECT_NO_THROW(require_threshold_word("quantile:0.1"));
}

}  // namespace
}  // namespace patchead
