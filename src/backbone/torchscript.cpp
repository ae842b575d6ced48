/// \file
/// \brief A network that brings its own code: a TorchScript module and its description.

#include <utility>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include "checkpoint/other_files.hpp"
#include "encoder_description.hpp"
#include "families/family.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// The line of LibTorch's message that says what is wrong: the interpreter's last one, else the
/// first; tracebacks are of no use to a user.
std::string reason_of(const std::exception& error) {
    constexpr std::string_view inner = "RuntimeError: ";
    const auto* own = dynamic_cast<const c10::Error*>(&error);
    const std::string text = own != nullptr ? own->what_without_backtrace() : error.what();
    const auto found = text.rfind(inner);
    const auto begin = found != text.npos ? found + inner.size()
                                          : std::min(text.find_first_not_of("\n "), text.size());
    return text.substr(begin, text.find('\n', begin) - begin);
}

/// A module with its weights, and what it gives, checked.
class Encoder {
  public:
    Encoder(EncoderDescription description, ComputePlace place)
        : description_(std::move(description)), place_(place) {
        try {
            refuse_other_files(MappedFile(description_.module));
            module_ = torch::jit::load(description_.module.string(), place.device);
        } catch (const std::exception& error) {
            refuse(
                concat("cannot be loaded (", reason_of(error),
                       "); save it with torch.jit.save, as analysis/export_torchscript.py does"));
        }
        module_.eval();
        const at::NoGradGuard constant;
        for (const at::Tensor& tensor : module_.parameters()) { convert(tensor); }
        for (const at::Tensor& tensor : module_.buffers()) { convert(tensor); }
    }

    [[nodiscard]] const EncoderDescription& description() const { return description_; }

    [[nodiscard]] std::int64_t parameters() const {
        std::int64_t count = 0;
        for (const at::Tensor& tensor : module_.parameters()) { count += tensor.numel(); }
        return count;
    }

    /// Patch embeddings, and attention where the module gives it (else undefined).
    /// Shape: `images[B, 3, H, W]`, in place and format of the module.
    [[nodiscard]] TensorEncoding run(const at::Tensor& images, Grid grid) const {
        const auto output = call(images);
        TensorEncoding result;
        if (output.isTensor()) {
            result.tokens = output.toTensor();
        } else {
            const bool pair = output.isTuple() && output.toTupleRef().elements().size() == 2;
            if (!pair) { refuse_output(concat("a ", output.tagKind())); }
            result.tokens = tensor_of(output.toTupleRef().elements()[0]);
            result.attention = tensor_of(output.toTupleRef().elements()[1]);
        }
        result.tokens = without_prefix(result.tokens, images.size(0), grid);
        if (result.attention.defined()) {
            result.attention = patches_of(result.attention, images.size(0), grid);
        }
        return result;
    }

    /// Throws WeightsError "module '<file>' <problem>".
    [[noreturn]] void refuse(const std::string& problem) const {
        throw WeightsError(concat("module '", description_.module.string(), "' ", problem));
    }

  private:
    void convert(const at::Tensor& tensor) const {
        const auto type = tensor.is_floating_point() ? place_.type : tensor.scalar_type();
        tensor.set_data(tensor.to(place_.device, type));
    }

    /// What the module returns. Without the run-time optimiser, which rewrites the code after the
    /// first calls: then an image's numbers would depend on what went before it.
    [[nodiscard]] c10::IValue call(const at::Tensor& images) const {
        const torch::jit::GraphOptimizerEnabledGuard as_written(false);
        try {
            return module_.get_method("forward")({images});
        } catch (const std::exception& error) {
            const auto reason = reason_of(error);
            // The interpreter hides the type of what was thrown inside it.
            if (!place_.device.is_cpu() && reason.find("out of memory") != reason.npos) {
                throw c10::OutOfMemoryError(reason, {});
            }
            refuse(concat("fails on images of ", images.size(2), "x", images.size(3), " px in ",
                          place_.type, " (", reason, "); use the size it was made for, precision ",
                          "fp32, or export it again"));
        }
    }

    [[noreturn]] void refuse_output(const std::string& found) const {
        refuse(concat("returns ", found,
                      " (a tensor of tokens [B, prefix + patches, channels] is "
                      "wanted, alone or in a tuple with the class token's attention [B, heads, "
                      "patches]); wrap it as analysis/export_torchscript.py does"));
    }

    /// Undefined for None.
    [[nodiscard]] at::Tensor tensor_of(const c10::IValue& value) const {
        if (value.isNone()) { return {}; }
        if (!value.isTensor()) { refuse_output(concat("a tuple with a ", value.tagKind())); }
        return value.toTensor();
    }

    /// Shape: `[B, prefix + L, D]` to `[B, L, D]`.
    [[nodiscard]] at::Tensor without_prefix(const at::Tensor& tokens, std::int64_t batch,
                                            Grid grid) const {
        if (!tokens.defined()) { refuse_output("no tokens"); }
        const auto prefix = description_.prefix_tokens;
        if (tokens.dim() != 3 || tokens.size(0) != batch ||
            tokens.size(1) != prefix + grid.size() || tokens.size(2) == 0) {
            refuse(concat("returns tokens of shape ", tokens.sizes(), " (expected [", batch, ", ",
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
            refuse(concat("returns attention of shape ", attention.sizes(), " (expected [", batch,
                          ", heads, ", grid.size(), "]: the class token's row of the last block); ",
                          "return that, or the tokens alone"));
        }
        return attention.slice(2, attention.size(2) - grid.size());
    }

    EncoderDescription description_;
    ComputePlace place_;
    torch::jit::Module module_;
};

class TorchScriptBackbone final : public TensorBackbone {
  public:
    TorchScriptBackbone(Encoder encoder, BackboneInfo info, ComputePlace place)
        : TensorBackbone(std::move(info), place), encoder_(std::move(encoder)) {}

  private:
    [[nodiscard]] TensorEncoding forward(const at::Tensor& images, Grid grid,
                                         const TokenRequest& /*request*/) const override {
        auto result = encoder_.run(images, grid);
        const auto heads = result.attention.defined() ? result.attention.size(1) : 0;
        if (result.tokens.size(2) != info().dim || heads != info().heads) {
            encoder_.refuse(concat("returns ", result.tokens.size(2), " channels and ", heads,
                                   " heads here, ", info().dim, " and ", info().heads,
                                   " at another size (features must be comparable); mend it"));
        }
        return result;
    }

    Encoder encoder_;
};

/// One blank image of the default size tells what the module gives.
BackboneInfo probe(const Encoder& encoder, ComputePlace place) {
    const c10::InferenceMode inference;
    const auto& description = encoder.description();
    const int side = description.image_px / description.patch_px;
    const auto blank = at::zeros({1, 3, description.image_px, description.image_px},
                                 at::device(place.device).dtype(place.type));
    const auto result = encoder.run(blank, {side, side});
    const auto dim = static_cast<int>(result.tokens.size(2));
    const int heads = result.attention.defined() ? static_cast<int>(result.attention.size(1)) : 0;
    return {"torchscript",
            "module",
            description.patch_px,
            dim,
            dim,
            description.depth,
            heads,
            encoder.parameters(),
            0,
            heads,
            {{"description", description.digest}}};
}

std::unique_ptr<const Backbone> load(const std::filesystem::path& file, ComputePlace place) {
    Encoder encoder(read_description(file), place);
    auto info = probe(encoder, place);
    return std::make_unique<const TorchScriptBackbone>(std::move(encoder), std::move(info), place);
}

}  // namespace

Family torchscript() {
    Family family;
    family.name = "torchscript";
    family.load = load;
    return family;
}

}  // namespace patchead::inline backbone_detail
