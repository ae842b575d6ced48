#include "backbone/in_flight.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

#include <ATen/ATen.h>

namespace patchead {
namespace {

/// A part of `count` images of one pixel of this value.
at::Tensor part(std::int64_t count, double value) { return at::full({count, 3, 1, 1}, value); }

class InFlightTest : public testing::Test {
  protected:
    /// Twice the pixel; one that is negative does not fit.
    TensorEncoding forward(const at::Tensor& images) {
        const double value = images[0][0][0][0].item<double>();
        said_.push_back(concat_of("forward", value));
        if (value < 0) { throw std::runtime_error("no memory"); }
        return {(images.select(1, 0) * 2).to(at::kBFloat16), {}};
    }

    void take(std::int64_t first, const TensorEncoding& output) {
        EXPECT_EQ(output.tokens.scalar_type(), at::kFloat);
        EXPECT_FALSE(output.attention.defined());
        said_.push_back(concat_of("take", static_cast<double>(first)));
        values_.push_back(output.tokens[0][0][0].item<double>());
    }

    static std::string concat_of(const char* what, double number) {
        return std::string(what) + " " + std::to_string(static_cast<int>(number));
    }

    std::vector<std::string> said_;
    std::vector<double> values_;
    InFlight parts_{{},
                    [this](const at::Tensor& images) { return forward(images); },
                    [this](std::int64_t first, const TensorEncoding& out) { take(first, out); }};
};

TEST_F(InFlightTest, GivesThePartThatFollowsBeforeItTakesResults) {
    parts_.start(0, part(2, 1));
    parts_.start(2, part(2, 3));
    parts_.start(4, part(1, 5));
    parts_.finish();
    EXPECT_EQ(said_, (std::vector<std::string>{"forward 1", "forward 3", "take 0", "forward 5",
                                               "take 2", "take 4"}));
    EXPECT_EQ(values_, (std::vector<double>{2, 6, 10}));
    parts_.finish();
    EXPECT_EQ(values_.size(), 3U);
}

TEST_F(InFlightTest, KeepsWhatIsUnderWayWhenAPartDoesNotFit) {
    parts_.start(0, part(2, 1));
    EXPECT_THROW(parts_.start(2, part(4, -1)), std::runtime_error);
    parts_.start(2, part(2, 4));
    parts_.finish();
    EXPECT_EQ(values_, (std::vector<double>{2, 8}));
}

TEST(Mark, OfACpuIsReachedAtOnce) { Mark(c10::kCPU).wait(); }

}  // namespace
}  // namespace patchead
