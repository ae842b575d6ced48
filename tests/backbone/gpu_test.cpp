#include "patchead/backbone/gpu.hpp"

#include <gtest/gtest.h>

#include <ATen/Context.h>

namespace patchead {
namespace {

TEST(Gpu, IsNoCpu) {
    EXPECT_EQ(gpu_name("cpu"), "");
    EXPECT_FALSE(free_gpu_memory("cpu"));
}

TEST(Gpu, HasANameAndMemory) {
    if (!at::hasCUDA() || at::getNumGPUs() == 0) { GTEST_SKIP() << "SKIPPED: no GPU here"; }
    EXPECT_NE(gpu_name("cuda:0"), "");
    EXPECT_GT(free_gpu_memory("cuda:0").value_or(0), 0);
}

}  // namespace
}  // namespace patchead
