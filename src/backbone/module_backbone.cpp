#include "module_backbone.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>

#include "patchead/core/error.hpp"
#include "tensor_backbone.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// A module and what it gives, checked.
class DescribedModule {
  public:
    DescribedModule(EncoderDescription description, std::unique_ptr<const ModuleCode> code,
                    ComputePlace place)
        : description_(std::move(description)), code_(std::move(code)), place_(place) {}

    [[nodiscard]] const EncoderDescription& description() const { return description_; }
    [[nodiscard]] std::int64_t parameters() const { return code_->parameters(); }

    /// Patch embeddings, attention where the module gives it (else undefined), all layers and the
    /// token of the image.
    /// Shape: `images[B, 3, H, W]`, in place and format of the module.
    [[nodiscard]] TensorEncoding run(const at::Tensor& images, Grid grid) const {
        const auto outputs = call(images);
        const auto batch = images.size(0);
        const auto layers = description_.layers.size();
        const auto least = 1 + layers + (description_.image_token ? 1 : 0);
        if (outputs.size() != least && outputs.size() != least + 1) {
            refuse_output(description_, concat(outputs.size(), " tensors"));
        }
        TensorEncoding result;
        result.tokens = without_prefix(outputs[0], batch, grid);
        const auto first = outputs.size() - least + 1;
        if (first == 2 && outputs[1].defined()) {
            result.attention = patches_of(outputs[1], batch, grid);
        }
        for (std::size_t i = 0; i < layers; ++i) {
            result.layers.push_back({layer_of(outputs[first + i], i, batch, grid), {}});
        }
        if (description_.image_token) { result.image_token = token_of(outputs.back(), batch); }
        return result;
    }

  private:
    [[nodiscard]] std::vector<at::Tensor> call(const at::Tensor& images) const {
        try {
            return code_->call(images);
        } catch (const WeightsError&) { throw; } catch (const std::exception& error) {
            const auto reason = reason_of(error);
            // The interpreter hides the type of what was thrown inside it.
            if (!place_.device.is_cpu() && reason.find("out of memory") != reason.npos) {
                throw c10::OutOfMemoryError(reason, {});
            }
            refuse(description_,
                   concat("fails on images of ", images.size(2), "x", images.size(3), " px in ",
                          place_.type, " (", reason, "); use the size it was made for, precision ",
                          "fp32, or export it again"));
        }
    }

    /// Shape: `[B, prefix + L, D]` to `[B, L, D]`.
    [[nodiscard]] at::Tensor without_prefix(const at::Tensor& tokens, std::int64_t batch,
                                            Grid grid) const {
        if (!tokens.defined()) { refuse_output(description_, "no tokens"); }
        const auto prefix = description_.prefix_tokens;
        if (tokens.dim() != 3 || tokens.size(0) != batch ||
            tokens.size(1) != prefix + grid.size() || tokens.size(2) == 0) {
            refuse(description_,
                   concat("returns tokens of shape ", tokens.sizes(), " (expected [", batch, ", ",
                          prefix + grid.size(), ", channels]: ", grid.rows, "x", grid.cols,
                          " patches and ", prefix, " before them); check patch_px and ",
                          "prefix_tokens in '", description_.file.string(), "'"));
        }
        return tokens.slice(1, prefix);
    }

    /// Shape: `[B, heads, L]` or `[B, heads, prefix + L]` to `[B, heads, L]`.
    [[nodiscard]] at::Tensor patches_of(const at::Tensor& attention, std::int64_t batch,
                                        Grid grid) const {
        const auto whole = description_.prefix_tokens + grid.size();
        const bool good = attention.dim() == 3 && attention.size(0) == batch &&
                          attention.size(1) > 0 &&
                          (attention.size(2) == grid.size() || attention.size(2) == whole);
        if (!good) {
            refuse(description_,
                   concat("returns attention of shape ", attention.sizes(), " (expected [", batch,
                          ", heads, ", grid.size(), "]: the class token's row of the last block); ",
                          "return that, or the tokens alone"));
        }
        return attention.slice(2, attention.size(2) - grid.size());
    }

    /// Shape: `map[B, C, h, w]` to `[B, h w, C]`.
    [[nodiscard]] at::Tensor layer_of(const at::Tensor& map, std::size_t place, std::int64_t batch,
                                      Grid grid) const {
        const auto& layer = description_.layers[place];
        if (!map.defined()) { refuse_output(description_, concat("no layer '", layer.name, "'")); }
        const auto own = layer_grid(description_.layers, static_cast<int>(place) + 1, grid,
                                    description_.patch_px);
        const std::vector<std::int64_t> expected{batch, layer.channels, own.rows, own.cols};
        if (map.sizes() != at::IntArrayRef(expected)) {
            refuse(description_,
                   concat("returns layer '", layer.name, "' of shape ", map.sizes(), " (expected ",
                          at::IntArrayRef(expected), ": ", layer.channels,
                          " channels, a patch for each ", layer.stride_px,
                          " px); check layers in '", description_.file.string(), "'"));
        }
        return map.flatten(2).transpose(1, 2);
    }

    [[nodiscard]] at::Tensor token_of(const at::Tensor& token, std::int64_t batch) const {
        if (!token.defined()) { refuse_output(description_, "no token of the image"); }
        if (token.dim() != 2 || token.size(0) != batch || token.size(1) == 0) {
            refuse(description_, concat("returns a token of the image of shape ", token.sizes(),
                                        " (expected [", batch, ", channels]); check image_token ",
                                        "in '", description_.file.string(), "'"));
        }
        return token;
    }

    EncoderDescription description_;
    std::unique_ptr<const ModuleCode> code_;
    ComputePlace place_;
};

class ModuleBackbone final : public TensorBackbone {
  public:
    ModuleBackbone(DescribedModule module, BackboneInfo info, ComputePlace place)
        : TensorBackbone(std::move(info), place), module_(std::move(module)) {}

  private:
    [[nodiscard]] TensorEncoding forward(const at::Tensor& images, Grid grid,
                                         const TokenRequest& request) const override {
        auto result = module_.run(images, grid);
        const auto heads = result.attention.defined() ? result.attention.size(1) : 0;
        if (result.tokens.size(2) != info().dim || heads != info().heads) {
            refuse(module_.description(),
                   concat("returns ", result.tokens.size(2), " channels and ", heads,
                          " heads here, ", info().dim, " and ", info().heads,
                          " at another size (features must be comparable); mend it"));
        }
        std::vector<LayerTensors> wanted;
        for (const auto& layer : request.layers) {  // There is one form.
            wanted.push_back(result.layers[static_cast<std::size_t>(layer.number - 1)]);
        }
        result.layers = std::move(wanted);
        if (!request.image) { result.image_token.reset(); }
        return result;
    }

    DescribedModule module_;
};

/// One blank image of the default size tells what the module gives.
BackboneInfo probe(const DescribedModule& module, std::string family, ComputePlace place) {
    const c10::InferenceMode inference;
    const auto& description = module.description();
    const int side = description.image_px / description.patch_px;
    const auto blank = at::zeros({1, 3, description.image_px, description.image_px},
                                 at::device(place.device).dtype(place.type));
    const auto result = module.run(blank, {side, side});
    const auto dim = static_cast<int>(result.tokens.size(2));
    const int heads = result.attention.defined() ? static_cast<int>(result.attention.size(1)) : 0;
    return {std::move(family),
            "module",
            description.patch_px,
            dim,
            dim,
            description.depth,
            heads,
            module.parameters(),
            static_cast<int>(description.layers.size()),
            heads,
            {{"description", description.digest}},
            description.layers};
}

}  // namespace

std::string reason_of(const std::exception& error) {
    constexpr std::string_view inner = "RuntimeError: ";
    const auto* own = dynamic_cast<const c10::Error*>(&error);
    const std::string text = own != nullptr ? own->what_without_backtrace() : error.what();
    const auto found = text.rfind(inner);
    const auto begin = found != text.npos ? found + inner.size()
                                          : std::min(text.find_first_not_of("\n "), text.size());
    return text.substr(begin, text.find('\n', begin) - begin);
}

void refuse(const EncoderDescription& module, const std::string& problem) {
    throw WeightsError(concat("module '", module.module.string(), "' ", problem));
}

void refuse_output(const EncoderDescription& module, const std::string& found) {
    std::string beside;
    if (!module.layers.empty()) {
        beside = concat(", then the ", module.layers.size(),
                        " layers of its description, [B, channels, rows, columns]");
    }
    if (module.image_token) { beside += ", at last the token of the image, [B, channels]"; }
    refuse(module, concat("returns ", found,
                          " (a tensor of tokens [B, prefix + patches, channels] is "
                          "wanted, alone or in a tuple with the class token's attention [B, heads, "
                          "patches]",
                          beside, "); wrap it as analysis/export_torchscript.py does"));
}

std::unique_ptr<const Backbone> make_module_backbone(std::string family,
                                                     EncoderDescription description,
                                                     std::unique_ptr<const ModuleCode> code,
                                                     ComputePlace place) {
    DescribedModule module(std::move(description), std::move(code), place);
    auto info = probe(module, std::move(family), place);
    return std::make_unique<const ModuleBackbone>(std::move(module), std::move(info), place);
}

}  // namespace patchead::inline backbone_detail
