#include "patchead/setup/plan_rates.hpp"

#include <gtest/gtest.h>

#include "patchead/core/error.hpp"
#include "patchead/setup/selftest_rates.hpp"
#include "support/temporary_folder.hpp"

namespace patchead {
namespace {

SelftestRates rates_on(const std::string& device) {
    SelftestRates rates;
    rates.request.device = device;
    rates.request.network = "vit_base";
    rates.device_name = "a machine";
    rates.rates = {{"fp32", 1, 10, 100, 0}, {"fp32", 8, 20, 200, 400}, {"bf16", 8, 40, 300, 800}};
    rates.match_gflops = 500;
    rates.pixels_per_second = 7e6;
    return rates;
}

class PlanRates : public testing::Test {
  protected:
    std::filesystem::path write(const std::string& device,
                                CheckVerdict verdict = CheckVerdict::passed) {
        const std::vector<SelftestCheck> checks{{"mae", "found", "", verdict}};
        put_bytes(file_, to_json({}, 1, checks, rates_on(device)));
        return file_;
    }

    TemporaryFolder folder_;
    std::filesystem::path file_ = folder_.path() / "selftest.json";
};

TEST_F(PlanRates, OfACpuAreThoseOfARank) {
    const auto found = read_selftest_speed(write("cpu"), "fp32");
    ASSERT_TRUE(found);
    EXPECT_FALSE(found->gpu);
    EXPECT_EQ(found->cores.forward_gflops, 200) << "of the best batch";
    EXPECT_EQ(found->cores.match_gflops, 500);
    EXPECT_EQ(found->cores.pixels_per_second, 7e6);
    EXPECT_EQ(read_selftest_speed(file_, "bf16")->cores.forward_gflops, 300);
}

TEST_F(PlanRates, OfAGpuAreBesideThoseOfItsCores) {
    const auto found = read_selftest_speed(write("cuda:0"), "bf16");
    ASSERT_TRUE(found && found->gpu);
    EXPECT_EQ(found->gpu->name, "a machine");
    EXPECT_EQ(found->gpu->forward_gflops, 300);
    EXPECT_EQ(found->gpu->match_gflops, 500);
    EXPECT_FALSE(found->gpu->is_assumed);
    EXPECT_EQ(found->cores.forward_gflops, CoreSpeed{}.forward_gflops);
    EXPECT_EQ(found->cores.pixels_per_second, 7e6);
}

TEST_F(PlanRates, OfAnotherFileAreNone) {
    put_bytes(file_, R"({"rank_seconds": {}})");
    EXPECT_FALSE(read_selftest_speed(file_, "fp32"));
    put_bytes(file_, "no JSON");
    EXPECT_FALSE(read_selftest_speed(file_, "fp32"));
    EXPECT_THROW((void)read_selftest_speed(folder_.path() / "none", "fp32"), UnreadableError);
}

TEST_F(PlanRates, AreRefusedIfTheyAreNotWhole) {
    EXPECT_THROW((void)read_selftest_speed(write("cpu"), "fp16"), DataError) << "not measured";
    EXPECT_THROW((void)read_selftest_speed(write("cpu", CheckVerdict::failed), "fp32"), DataError);
    put_bytes(file_, R"({"selftest": 1, "verdict": "passed"})");
    EXPECT_THROW((void)read_selftest_speed(file_, "fp32"), DataError);
}

TEST(StatedSpeed, IsAShareOfTheDataSheet) {
    const auto low = stated_speed("h100", "bf16");
    EXPECT_TRUE(low.is_assumed);
    EXPECT_NE(low.source.find("not measured"), std::string::npos) << low.source;
    EXPECT_DOUBLE_EQ(low.forward_gflops, 0.35 * 989e3);
    EXPECT_DOUBLE_EQ(stated_speed("h100", "fp32").forward_gflops, 0.7 * 67e3);
    EXPECT_DOUBLE_EQ(low.match_gflops, 494e3 / 4);
    EXPECT_THROW((void)stated_speed("h10", "fp32"), ConfigError);
}

}  // namespace
}  // namespace patchead
