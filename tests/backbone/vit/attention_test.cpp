#include "backbone/vit/attention.hpp"

#include <gtest/gtest.h>

#include <cstdint>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

namespace patchead {
namespace {

constexpr std::int64_t kImages = 3;
constexpr std::int64_t kHeads = 4;
constexpr std::int64_t kChannels = 8;
constexpr std::int64_t kPatches = 30;

at::Tensor noise(const at::IntArrayRef& shape) {
    static auto generator = at::detail::createCPUGenerator(17);
    return at::randn(shape, generator, at::TensorOptions(at::kFloat));
}

/// Of a network without anything special, with `prefix` tokens before the patches.
AttentionInput plain(std::int64_t prefix) {
    return {noise({kImages, prefix + kPatches, 3 * kHeads * kChannels}), kHeads, prefix, {}, {}};
}

AttentionInput with_rotation(std::int64_t prefix) {
    auto input = plain(prefix);
    const auto angles = noise({kPatches, kChannels / 2});
    input.rotation = {angles.cos(), angles.sin()};
    return input;
}

AttentionInput with_bias() {
    auto input = plain(1);
    constexpr std::int64_t displacements = 20;
    constexpr std::int64_t tokens = 1 + kPatches;
    input.bias = {noise({kHeads, displacements}),
                  at::arange(tokens * tokens, at::kLong).remainder(displacements)};
    return input;
}

AttentionInput copy_of(const AttentionInput& input, at::ScalarType type) {
    auto copy = input;
    copy.qkv = input.qkv.to(type).clone();
    if (input.bias.table.defined()) { copy.bias.table = input.bias.table.to(type); }
    return copy;
}

/// What the definition says, number by number in double.
Attended by_definition(const AttentionInput& input) {
    const auto tokens = input.qkv.size(1);
    auto parts = input.qkv.to(at::kDouble).view({kImages, tokens, 3, kHeads, kChannels}).clone();
    if (input.rotation.cos.defined()) {
        const auto cos = input.rotation.cos.to(at::kDouble).view({1, kPatches, 1, 1, -1});
        const auto sin = input.rotation.sin.to(at::kDouble).view({1, kPatches, 1, 1, -1});
        auto patches = parts.slice(1, input.prefix).slice(2, 0, 2);
        const auto halves = patches.clone().chunk(2, -1);
        patches.copy_(
            at::cat({halves[0] * cos - halves[1] * sin, halves[1] * cos + halves[0] * sin}, -1));
    }
    auto scores = at::einsum("bnhd,bmhd->bhnm", {parts.select(2, 0), parts.select(2, 1)});
    if (input.bias.table.defined()) {
        scores = scores + input.bias.table.to(at::kDouble)
                              .index_select(1, input.bias.index)
                              .view({1, kHeads, tokens, tokens});
    }
    const auto weights = at::softmax(scores, -1);
    return {at::einsum("bhnm,bmhd->bnhd", {weights, parts.select(2, 2)}).flatten(2),
            weights.narrow(2, 0, 2).slice(3, input.prefix).transpose(1, 2)};
}

double distance(const at::Tensor& a, const at::Tensor& b) {
    EXPECT_EQ(a.sizes(), b.sizes());
    return (a.to(at::kDouble) - b.to(at::kDouble)).abs().max().item<double>();
}

void expect_definition(const AttentionInput& input, at::ScalarType type, double tolerance) {
    const c10::InferenceMode inference;
    const auto expected = by_definition(input);
    for (const auto work : {Work::by_head, Work::at_once}) {
        SCOPED_TRACE(work == Work::by_head ? "by head" : "at once");
        const auto got = attend(copy_of(input, type), work, 2);
        EXPECT_EQ(got.mixed.scalar_type(), type);
        EXPECT_EQ(got.class_rows.scalar_type(), at::kFloat);
        EXPECT_LE(distance(got.mixed, expected.mixed), tolerance);
        EXPECT_LE(distance(got.class_rows, expected.class_rows), tolerance);
    }
}

TEST(Attention, IsThatOfTheDefinition) {
    expect_definition(plain(1), at::kFloat, 1e-5);
    expect_definition(plain(5), at::kFloat, 1e-5);
}

TEST(Attention, TurnsPatchesAndNothingBefore) {
    expect_definition(with_rotation(1), at::kFloat, 1e-5);
    expect_definition(with_rotation(5), at::kFloat, 1e-5);
}

TEST(Attention, AddsTheBiasOfEachHead) { expect_definition(with_bias(), at::kFloat, 1e-5); }

TEST(Attention, KnowsBf16) {
    expect_definition(plain(1), at::kBFloat16, 0.1);
    expect_definition(with_rotation(5), at::kBFloat16, 0.1);
    expect_definition(with_bias(), at::kBFloat16, 0.1);
}

TEST(Attention, GivesTheFirstTokensRowsOnlyWhereTheyAreWanted) {
    for (const auto work : {Work::by_head, Work::at_once}) {
        const auto got = attend(plain(1), work, 0);
        EXPECT_TRUE(got.mixed.defined());
        EXPECT_FALSE(got.class_rows.defined());
    }
}

}  // namespace
}  // namespace patchead
