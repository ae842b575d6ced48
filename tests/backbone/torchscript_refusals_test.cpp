#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "torchscript_module.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;

TEST_F(TorchScript, WithoutItsFilesIsRefused) {
    expect_words(message_of<WeightsError>([&] { return find_backbone(name_); }),
                 {path_.string(), "no such file"});
    write_module(kWhole);
    expect_words(message_of<WeightsError>([&] { return find_backbone(name_); }),
                 {"own.json", "docs/backbones.md"});
    expect_words(message_of<WeightsError>([] { return find_backbone("torchscript:"); }),
                 {"no module ''", "give backbone torchscript:PATH"});
    expect_words(message_of<ConfigError>([] { return find_backbone("torchscripd:a.pt"); }),
                 {"unknown backbone"});
}

TEST_F(TorchScript, WithoutAnyOneKeyOfItsDescriptionIsRefused) {
    write_module(kWhole);
    const auto whole = description_;
    for (const auto& [key, value] : whole.items()) {
        description_ = whole;
        description_.erase(key);
        expect_words(refused_description(), {"'" + key + "'", "missing"});
    }
}

TEST_F(TorchScript, WithAWrongDescriptionIsRefused) {
    write_module(kWhole);
    const auto whole = description_;
    const std::vector<std::pair<const char*, json>> wrong{
        {"patch_px", 0},         {"patch_px", 4.5},
        {"patch_px", "4"},       {"patch_px", 1000000},
        {"patch_px", 5},         {"prefix_tokens", -1},
        {"image_px", nullptr},   {"mean", {1, 2}},
        {"mean", 0.5},           {"std", {1, 0, 1}},
        {"std", {1, "1", 1}},    {"interpolation", "lanczos"},
        {"interpolation", true}, {"fixed_size", 1},
        {"name", "a/b"},         {"name", ""},
        {"depth", -1},           {"title", 3}};
    for (const auto& [key, value] : wrong) {
        SCOPED_TRACE(key);
        description_ = whole;
        description_[key] = value;
        expect_words(refused_description(), {concat("'", key, "'")});
    }
    description_ = whole;
    description_["patchpx"] = 4;
    expect_words(refused_description(), {"'patchpx'", "did you mean 'patch_px'"});
    description_ = json::array();
    expect_words(refused_description(), {"not a JSON object"});
    folder_.write("own.json", "{\"patch_px\":");
    expect_words(message_of<WeightsError>([&] { return find_backbone(name_); }),
                 {"own.json", "not JSON"});
}

TEST_F(TorchScript, ThatIsAnotherKindOfFileIsRefused) {
    write_description();
    for (const auto& bytes :
         {std::string("nonsense"), std::string(), test::zip({{"a/data.pkl", "\x80\x02}."}})}) {
        folder_.write("own.pt", bytes);
        expect_words(message_of<WeightsError>([&] { return load(); }),
                     {"own.pt", "cannot be loaded (", "torch.jit.save"});
    }
}

TEST_F(TorchScript, CutAnywhereIsRefused) {
    write_module(kWhole);
    std::ifstream in(path_, std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});
    for (std::size_t size = 0; size < whole.size(); size += whole.size() / 10) {
        folder_.write("own.pt", whole.substr(0, size));
        expect_words(message_of<WeightsError>([&] { return load(); }), {"own.pt"});
    }
}

TEST_F(TorchScript, ThatReturnsSomethingElseIsRefused) {
    expect_words(refusal("def forward(self, x):\n    return [x]\n"), {"returns a ", "List"});
    expect_words(refusal("def forward(self, x):\n    return (x, x, x)\n"), {"returns 3 tensors"});
    expect_words(refusal("def forward(self, x):\n    return (x, 3)\n"), {"tuple with a ", "Int"});
    expect_words(refusal("def forward(self, x):\n    return (None, x)\n"), {"no tokens"});
    expect_words(refusal("def forward(self, x):\n    return x\n"),
                 {"[1, 3, 16, 16]", "expected [1, 17, channels]", "4x4 patches", "own.json"});
    expect_words(refusal("def forward(self, x):\n    return x.flatten(2).transpose(1, 2)\n"),
                 {"[1, 256, 3]", "prefix_tokens"});
    auto square = std::string(kWhole);
    square.replace(square.find("tokens[:, :1], tokens"), 21, "tokens, tokens");
    square.replace(square.find("[rows, rows * rows], 1"), 22, "[rows, rows], 2");
    expect_words(refusal(square), {"attention of shape [1, 17, 34]", "[1, heads, 16]"});
}

TEST_F(TorchScript, ThatFailsIsRefusedWithItsReason) {
    expect_words(refusal("def forward(self, x):\n    return torch.matmul(x, x[:, :, :3])\n"),
                 {"fails on images of 16x16 px in Float", "export it again"});
    expect_words(refusal("def other(self, x):\n    return x\n"), {"fails on images", "forward"});
}

// What a traced module does when sizes were written into it.
TEST_F(TorchScript, MadeForOneSizeIsRefusedAtAnother) {
    write_module(
        "def forward(self, x):\n"
        "    return torch.conv2d(x, self.weight, None, [4, 4]).view([1, 16, 16]).transpose(1, "
        "2)\n");
    description_["prefix_tokens"] = 0;
    const auto backbone = load();
    EXPECT_EQ(backbone->encode(noise(2, 16, 16), 2, 16, 16).tokens.size(), 2U * 16 * kChannels);
    expect_words(
        message_of<WeightsError>([&] { return backbone->encode(noise(1, 8, 8), 1, 8, 8); }),
        {"own.pt", "8x8 px", "the size it was made for"});
    expect_words(
        message_of<ConfigError>([&] { return backbone->encode(noise(1, 10, 8), 1, 10, 8); }),
        {"10x8", "4 px", "12x8"});
}

TEST_F(TorchScript, WhoseChannelsDependOnTheSizeIsRefused) {
    write_module(
        "def forward(self, x):\n"
        "    patches = torch.conv2d(x, self.weight, None, [4, 4]).flatten(2).transpose(1, 2)\n"
        "    return torch.cat([patches, patches.transpose(1, 2)[:, :, :1].expand([-1, -1, "
        "patches.size(1)]).transpose(1, 2)[:, :, :patches.size(1) // 8]], 2)\n");
    description_["prefix_tokens"] = 0;
    const auto backbone = load();
    EXPECT_EQ(backbone->info().dim, kChannels + 2);
    expect_words(
        message_of<WeightsError>([&] { return backbone->encode(noise(1, 8, 8), 1, 8, 8); }),
        {"16 channels", "18 and 0 at another size"});
}

}  // namespace
}  // namespace patchead
