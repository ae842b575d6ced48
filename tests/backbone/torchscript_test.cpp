#include <algorithm>

#include <torch/csrc/jit/api/module.h>
#include <nlohmann/json.hpp>

#include "checkpoint_files.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/random.hpp"

namespace patchead {
namespace {

using nlohmann::json;
using test::expect_words;
using test::message_of;

// Patches of 4 px to 6 channels; a "class token" that is their mean, and its attention to all.
constexpr const char* kWhole = R"(
def forward(self, x):
    patches = torch.conv2d(x, self.weight, None, [4, 4]).flatten(2).transpose(1, 2)
    tokens = torch.cat([patches.mean(1, True), patches], 1)
    rows = torch.softmax(torch.matmul(tokens[:, :1], tokens.transpose(1, 2)), -1)
    return tokens, torch.cat([rows, rows * rows], 1)
)";

/// A module and its description, to be spoilt.
class TorchScript : public testing::Test {
  protected:
    ~TorchScript() override { set_compute_threads(1); }

    void write_module(const std::string& code) {
        torch::jit::Module module("Encoder");
        module.register_parameter("weight", weight_, false);
        module.register_buffer("count", at::tensor(7));
        module.define(code);
        module.save(path_.string());
    }
    void write_description() { folder_.write("own.json", description_.dump()); }

    std::unique_ptr<const Backbone> load(const LoadOptions& options = {}) {
        write_description();
        return load_backbone(find_backbone(name_), path_, options);
    }
    /// The message of the WeightsError about a module with this code.
    std::string refusal(const std::string& code) {
        write_module(code);
        const auto text = message_of<WeightsError>([&] { return load(); });
        expect_words(text, {path_.string(), "; "});
        return text;
    }
    std::string refused_description() {
        const auto text = message_of<WeightsError>([&] { return load(); });
        expect_words(text, {"own.json", "; "});
        return text;
    }

    static std::vector<float> noise(int images, int height, int width) {
        Random random("pixels", 5);
        std::vector<float> pixels(3U * static_cast<unsigned>(images * height * width));
        for (auto& value : pixels) { value = static_cast<float>(random.normal()); }
        return pixels;
    }

    test::TemporaryFolder folder_;
    std::filesystem::path path_ = folder_.path() / "own.pt";
    std::string name_ = "torchscript:" + path_.string();
    at::Tensor weight_ = at::linspace(-1, 1, 6 * 48).sin().view({6, 3, 4, 4});
    json description_{{"patch_px", 4},
                      {"prefix_tokens", 1},
                      {"image_px", 16},
                      {"mean", {0.1, 0.2, 0.3}},
                      {"std", {0.5, 0.6, 0.7}}};
};

TEST_F(TorchScript, GivesItsTokensAndAttentionWithoutThePrefix) {
    write_module(kWhole);
    const auto pixels = noise(2, 8, 12);
    const auto result = load()->encode(pixels, 2, 8, 12);
    EXPECT_EQ(result.grid, (Grid{2, 3}));
    EXPECT_EQ(result.dim, 6);
    EXPECT_EQ(result.heads, 2);
    const auto images = at::tensor(pixels).view({2, 3, 8, 12});
    const auto patches = at::conv2d(images, weight_, {}, {4, 4}).flatten(2).transpose(1, 2);
    EXPECT_TRUE(at::allclose(at::tensor(result.tokens).view({2, 6, 6}), patches, 0, 1e-6));
    const auto tokens = at::cat({patches.mean(1, true), patches}, 1);
    const auto row = at::softmax(at::matmul(tokens.slice(1, 0, 1), tokens.mT()), -1).slice(2, 1);
    EXPECT_TRUE(at::allclose(at::tensor(result.attention).view({2, 2, 6}),
                             at::cat({row, row * row}, 1), 0, 1e-6));
}

TEST_F(TorchScript, MayCutThePrefixOfItsAttentionItself) {
    write_module(kWhole);
    const auto whole = load()->encode(noise(1, 16, 16), 1, 16, 16);
    auto code = std::string(kWhole);
    code.replace(code.find("rows * rows], 1)"), 16, "rows * rows], 1)[:, :, 1:]");
    write_module(code);
    EXPECT_EQ(load()->encode(noise(1, 16, 16), 1, 16, 16).attention, whole.attention);
}

TEST_F(TorchScript, TellsWhatItIs) {
    write_module(kWhole);
    description_["depth"] = 3;
    const auto info = load()->info();
    EXPECT_EQ(info.family, "torchscript");
    EXPECT_EQ(info.patch_px, 4);
    EXPECT_EQ(info.dim, 6);
    EXPECT_EQ(info.depth, 3);
    EXPECT_EQ(info.heads, 2);
    EXPECT_EQ(info.parameters, 6 * 48);
    EXPECT_TRUE(info.has_attention);
    EXPECT_EQ(info.options.at("description"), sha256(description_.dump()));
}

TEST_F(TorchScript, WithoutAttentionSaysSo) {
    for (const auto* result : {"patches", "(patches, None)"}) {
        write_module(
            concat("def forward(self, x):\n    patches = torch.conv2d(x, self.weight, None,"
                   " [4, 4]).flatten(2).transpose(1, 2)\n    return ",
                   result, "\n"));
        description_["prefix_tokens"] = 0;
        const auto backbone = load();
        EXPECT_FALSE(backbone->info().has_attention);
        const auto encoding = backbone->encode(noise(1, 16, 16), 1, 16, 16);
        EXPECT_TRUE(encoding.attention.empty());
        EXPECT_EQ(encoding.tokens.size(), 16U * 6);
    }
}

TEST_F(TorchScript, GivesAnImageTheSameBitsInEveryBatchCallAndThread) {
    write_module(kWhole);
    const auto backbone = load();
    const auto pixels = noise(3, 16, 16);
    const auto together = backbone->encode(pixels, 3, 16, 16);
    for (const int threads : {1, 2, 5}) {
        set_compute_threads(threads);
        const auto again = backbone->encode(pixels, 3, 16, 16);
        EXPECT_EQ(again.tokens, together.tokens);
        EXPECT_EQ(again.attention, together.attention);
    }
    const std::size_t size = pixels.size() / 3;
    const auto last = backbone->encode(std::span(pixels).subspan(2 * size), 1, 16, 16);
    EXPECT_TRUE(std::ranges::equal(last.tokens, std::span(together.tokens).last(16 * 6)));
}

TEST_F(TorchScript, ComputesInBf16WhereItCan) {
    write_module(kWhole);
    const auto pixels = noise(1, 16, 16);
    const auto exact = at::tensor(load()->encode(pixels, 1, 16, 16).tokens);
    const auto rough = at::tensor(load({"cpu", {}, "bf16"})->encode(pixels, 1, 16, 16).tokens);
    EXPECT_FALSE(at::equal(exact, rough)) << "bf16 was not used";
    EXPECT_TRUE(at::allclose(exact, rough, 0.02, 0.1));
    // A constant in the code is not converted with the weights.
    auto code = std::string(kWhole);
    code.replace(code.find("return tokens"), 13, "return torch.matmul(tokens, torch.eye(6))");
    write_module(code);
    static_cast<void>(load());
    expect_words(message_of<WeightsError>([&] {
                     return load({"cpu", {}, "bf16"});
                 }),
                 {"own.pt", "BFloat16", "precision fp32"});
}

TEST_F(TorchScript, IsCalledByTheNameInItsDescription) {
    write_module(kWhole);
    write_description();
    EXPECT_EQ(find_backbone(name_).name, "torchscript:own");
    description_["name"] = "my-vit_2";
    description_["title"] = "My ViT";
    description_["interpolation"] = "bilinear";
    description_["fixed_size"] = true;
    write_description();
    const auto entry = find_backbone(name_);
    EXPECT_EQ(entry.name, "torchscript:my-vit_2");
    EXPECT_EQ(entry.title, "My ViT");
    EXPECT_EQ(entry.file, path_.string());
    EXPECT_EQ(entry.image_px, 16);
    EXPECT_FALSE(entry.bicubic);
    EXPECT_TRUE(entry.fixed_size);
    EXPECT_EQ(entry.mean, (std::array<float, 3>{0.1F, 0.2F, 0.3F}));
    EXPECT_EQ(entry.std, (std::array<float, 3>{0.5F, 0.6F, 0.7F}));
}

TEST_F(TorchScript, WithoutItsFilesIsRefused) {
    expect_words(message_of<WeightsError>([&] { return find_backbone(name_); }),
                 {path_.string(), "no such file"});
    write_module(kWhole);
    expect_words(message_of<WeightsError>([&] { return find_backbone(name_); }),
                 {"own.json", "docs/backbones.md"});
    expect_words(message_of<WeightsError>([] { return find_backbone("torchscript:"); }),
                 {"no TorchScript module"});
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
    expect_words(refusal("def forward(self, x):\n    return (x, x, x)\n"), {"returns a ", "Tuple"});
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
        "    return torch.conv2d(x, self.weight, None, [4, 4]).view([1, 6, 16]).transpose(1, 2)\n");
    description_["prefix_tokens"] = 0;
    const auto backbone = load();
    EXPECT_EQ(backbone->encode(noise(2, 16, 16), 2, 16, 16).tokens.size(), 2U * 16 * 6);
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
    EXPECT_EQ(backbone->info().dim, 8);
    expect_words(
        message_of<WeightsError>([&] { return backbone->encode(noise(1, 8, 8), 1, 8, 8); }),
        {"6 channels", "8 and 0 at another size"});
}

TEST_F(TorchScript, HasNoNamedOptions) {
    write_module(kWhole);
    expect_words(message_of<ConfigError>([&] {
                     return load({"cpu", {{"heads", "3"}}});
                 }),
                 {"torchscript", "no named options"});
    expect_words(message_of<ConfigError>([&] {
                     return load({"cpu", {}, "fp16"});
                 }),
                 {"fp16 on a CPU"});
}

}  // namespace
}  // namespace patchead
