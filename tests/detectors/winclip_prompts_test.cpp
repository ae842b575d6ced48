#include <gtest/gtest.h>

#include <set>

#include "parts/winclip_prompts.hpp"
#include "patchead/core/error.hpp"
#include "patchead/detectors/published.hpp"

namespace patchead {
namespace {

TEST(WinClipPrompts, PutStatesIntoTemplates) {
    const auto normal = winclip_prompts(winclip_normal_states(), "metal_nut");
    ASSERT_EQ(normal.size(), 147U);
    EXPECT_EQ(normal[0], "a cropped photo of the metal_nut.");
    EXPECT_EQ(normal[21], "a cropped photo of the flawless metal_nut.");
    EXPECT_EQ(normal.back(), "a photo of a metal_nut without damage for anomaly detection.");
    const auto anomalous = winclip_prompts(winclip_anomalous_states(), "metal_nut");
    EXPECT_EQ(anomalous.size(), 84U);
    EXPECT_EQ(std::set(anomalous.begin(), anomalous.end()).size(), 80U) << "one template is twice";
}

TEST(WinClipPrompts, NeedTheNameOfAClass) {
    EXPECT_EQ(published_texts({"winclip", R"({"class_name": "pcb"})", {}}).at("normal")[1],
              "a close-up photo of a pcb.");
    EXPECT_THROW(static_cast<void>(published_texts({"winclip", "{}", {}})), DataError);
    EXPECT_TRUE(published_texts({"rad", "{}", {}}).empty());
}

}  // namespace
}  // namespace patchead
