#include "patchead/engine/engine_settings.hpp"

#include <algorithm>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "data/fixtures.hpp"
#include "patchead/core/option_domains.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

const EngineOption& option(const std::string& name) {
    const auto found = std::ranges::find(engine_options(), name, &EngineOption::name);
    if (found == engine_options().end()) { throw std::out_of_range(name); }
    return *found;
}

/// Settings of an option and nothing else.
EngineSettings with(const std::string& name, const std::string& text) {
    EngineSettings settings;
    option(name).set(settings, text);
    return settings;
}

void expect_equal(const EngineSettings& a, const EngineSettings& b) {
#define PATCHEAD_ENGINE_OPTION(group, type, member, ...) \
    EXPECT_TRUE(a.member == b.member) << #member;
#include "patchead/engine/engine_options.def"
}

TEST(EngineOptions, HaveNamesOfTheirOwnAHelpAndAGroup) {
    std::set<std::string> names;
    for (const auto& option : engine_options()) {
        EXPECT_TRUE(names.insert(option.name).second) << option.name;
        EXPECT_FALSE(option.name.starts_with("-")) << option.name;
        EXPECT_FALSE(option.help.empty()) << option.name;
        EXPECT_TRUE(option.group == "run" || option.group == "engine") << option.name;
    }
}

TEST(EngineOptions, ReadTheirDefaultsAsSettingsHaveThem) {
    EngineSettings settings;
    for (const auto& option : engine_options()) {
        if (!option.default_text.empty()) { option.set(settings, option.default_text); }
    }
    expect_equal(settings, EngineSettings{});
}

TEST(EngineOptions, ThatAreNumbersShowTheirDefault) {
    EXPECT_EQ(option("threads").default_text, "1");
    EXPECT_EQ(option("forward-memory").default_text, "2000");
    EXPECT_EQ(option("grace").default_text, "120");
    EXPECT_EQ(option("silence").default_text, "300");
    EXPECT_EQ(option("unit-limit").default_text, "7200");
    EXPECT_EQ(option("device").default_text, "auto");
    EXPECT_EQ(option("store-limit").default_text, "");
}

TEST(EngineOptions, RequireAStoreAndAnOutputFolder) {
    std::set<std::string> required;
    for (const auto& option : engine_options()) {
        if (option.is_required) { required.insert(option.name); }
    }
    EXPECT_EQ(required, (std::set<std::string>{"output", "store"}));
}

TEST(EngineOptions, WithoutAValueAreSwitches) {
    for (const auto& option : engine_options()) {
        const bool is_switch =
            std::set<std::string>{"overwrite", "verify", "same-stack", "trace", "roofline"}
                .contains(option.name);
        EXPECT_EQ(option.shown.empty(), is_switch) << option.name;
    }
    EXPECT_TRUE(with("overwrite", "").overwrite);
    EXPECT_TRUE(with("verify", "").verify);
    EXPECT_TRUE(with("same-stack", "").same_stack);
    EXPECT_TRUE(with("trace", "").trace);
    EXPECT_TRUE(with("roofline", "").roofline);
}

TEST(EngineOptions, SetTheirMemberAndNoOther) {
    const TemporaryFolder folder;
    const auto file = folder.path() / "state.prom";
    const std::map<std::string, std::string> texts{
        {"store", "/s"},         {"output", "/o"},
        {"device", "cpu"},       {"threads", "2"},
        {"forward-memory", "3"}, {"forward-batch", "4"},
        {"decode-threads", "5"}, {"align-pictures", "6"},
        {"grace", "7"},          {"silence", "8"},
        {"unit-limit", "9"},     {"verify", ""},
        {"store-limit", "2K"},   {"trace", ""},
        {"roofline", ""},        {"prometheus", file.string()},
        {"array-task", "a_1-B"}, {"overwrite", ""},
        {"same-stack", ""},      {"keep-landmarks", "10"},
        {"image-memory", "11"},  {"core-ranks", "12"}};
    EXPECT_EQ(texts.size(), engine_options().size());
    EngineSettings expected;
    EngineSettings settings;
    for (const auto& [name, text] : texts) { option(name).set(settings, text); }
    expected.store = "/s";
    expected.output = "/o";
    expected.device = "cpu";
    expected.threads = 2;
    expected.forward_memory_mb = 3;
    expected.forward_batch = 4;
    expected.decode_threads = 5;
    expected.align_pictures = 6;
    expected.landmarks = 10;
    expected.image_memory_mb = 11;
    expected.core_ranks = 12;
    expected.grace_seconds = 7;
    expected.silence_seconds = 8;
    expected.unit_limit_seconds = 9;
    expected.same_stack = true;
    expected.verify = true;
    expected.overwrite = true;
    expected.store_limit = 2048;
    expected.trace = true;
    expected.roofline = true;
    expected.prometheus = file;
    expected.array_task = "a_1-B";
    expect_equal(settings, expected);
}

TEST(EngineOptions, RefuseWhatIsOutOfTheirRangeByName) {
    const TemporaryFolder folder;
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"threads", "0"},
        {"threads", "two"},
        {"threads", "1.5"},
        {"threads", ""},
        {"forward-memory", "0"},
        {"forward-batch", "-1"},
        {"decode-threads", "-1"},
        {"core-ranks", "-1"},
        {"align-pictures", "-1"},
        {"grace", "-1"},
        {"grace", "soon"},
        {"silence", "1"},
        {"unit-limit", "0"},
        {"store-limit", "much"},
        {"store-limit", "-5G"},
        {"prometheus", (folder.path() / "nowhere" / "state.prom").string()},
        {"array-task", "a/b"},
        {"array-task", "a.b"},
        {"array-task", "ä"},
        {"array-task", ""},
    };
    for (const auto& [name, text] : wrong) {
        const auto message = message_of<ConfigError>([&] { with(name, text); });
        EXPECT_NE(message.find("--" + name), std::string::npos) << message;
        EXPECT_NE(message.find(text), std::string::npos) << message;
    }
}

TEST(EngineOptions, TakeTheLeastOfTheirRange) {
    EXPECT_EQ(with("grace", "0").grace_seconds, 0);
    EXPECT_EQ(with("silence", "2").silence_seconds, 2);
    EXPECT_EQ(with("unit-limit", "1").unit_limit_seconds, 1);
    EXPECT_EQ(with("threads", "1").threads, 1);
}

TEST(EngineSettings, GiveWhatARankComputesWith) {
    EngineSettings settings;
    settings.device = "cuda";
    settings.threads = 3;
    settings.forward_batch = 16;
    settings.forward_memory_mb = 4000;
    settings.decode_threads = 2;
    settings.landmarks = 7;
    settings.image_memory_mb = 3;
    const auto resources = settings.resources();
    EXPECT_EQ(resources.device, "cuda");
    EXPECT_EQ(resources.threads, 3);
    EXPECT_EQ(resources.worker.images, 16);
    EXPECT_EQ(resources.worker.memory, 4'000'000'000);
    EXPECT_EQ(resources.worker.decode_threads, 2);
    EXPECT_EQ(resources.worker.landmarks, 7);
    EXPECT_EQ(resources.worker.image_memory, 3'000'000U);
}

}  // namespace
}  // namespace patchead
