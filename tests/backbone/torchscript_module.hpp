#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <torch/csrc/jit/api/module.h>
#include <nlohmann/json.hpp>

#include "checkpoint_files.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/random.hpp"

namespace patchead {

/// A module and its description, to be spoilt.
class TorchScript : public testing::Test {
  protected:
    using json = nlohmann::json;

    // In bf16 oneDNN of LibTorch 2.6 computes a convolution to 6 or 8 channels wrongly.
    static constexpr int kChannels = 16;
    // Patches of 4 px to these channels; a "class token" that is their mean, and its attention to
    // all.
    static constexpr const char* kWhole = R"(
def forward(self, x):
    patches = torch.conv2d(x, self.weight, None, [4, 4]).flatten(2).transpose(1, 2)
    tokens = torch.cat([patches.mean(1, True), patches], 1)
    rows = torch.softmax(torch.matmul(tokens[:, :1], tokens.transpose(1, 2)), -1)
    return tokens, torch.cat([rows, rows * rows], 1)
)";

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
        const auto text = test::message_of<WeightsError>([&] { return load(); });
        test::expect_words(text, {path_.string(), "; "});
        return text;
    }
    std::string refused_description() {
        const auto text = test::message_of<WeightsError>([&] { return load(); });
        test::expect_words(text, {"own.json", "; "});
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
    at::Tensor weight_ = at::linspace(-1, 1, kChannels * 48).sin().view({kChannels, 3, 4, 4});
    json description_{{"patch_px", 4},
                      {"prefix_tokens", 1},
                      {"image_px", 16},
                      {"mean", {0.1, 0.2, 0.3}},
                      {"std", {0.5, 0.6, 0.7}}};
};

}  // namespace patchead
