/// \file
/// \brief A network that brings its own code: a TorchScript module and its description.

#include <utility>

#include <ATen/ATen.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include "checkpoint/other_files.hpp"
#include "families/family.hpp"
#include "module_backbone.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr std::string_view kTorchScript = "torchscript";

/// A module with its weights.
class ScriptModule final : public ModuleCode {
  public:
    ScriptModule(EncoderDescription description, ComputePlace place)
        : description_(std::move(description)), place_(place) {
        try {
            refuse_other_files(MappedFile(description_.module));
            module_ = torch::jit::load(description_.module.string(), place.device);
        } catch (const std::exception& error) {
            const bool is_package = description_.module.extension() == ".pt2";
            refuse(description_, concat("cannot be loaded (", reason_of(error), "); ",
                                        is_package ? "give a package of AOTInductor as pt2:PATH"
                                                   : "save it with torch.jit.save, as "
                                                     "analysis/export_torchscript.py does"));
        }
        module_.eval();
        const at::NoGradGuard constant;
        for (const at::Tensor& tensor : module_.parameters()) { convert(tensor); }
        for (const at::Tensor& tensor : module_.buffers()) { convert(tensor); }
    }

    [[nodiscard]] std::int64_t parameters() const override {
        std::int64_t count = 0;
        for (const at::Tensor& tensor : module_.parameters()) { count += tensor.numel(); }
        return count;
    }

    /// Without the run-time optimiser, which rewrites the code after the first calls: then an
    /// image's numbers would depend on what went before it.
    [[nodiscard]] std::vector<at::Tensor> call(const at::Tensor& images) const override {
        const torch::jit::GraphOptimizerEnabledGuard as_written(false);
        const auto output = module_.get_method("forward")({images});
        if (output.isTensor()) { return {output.toTensor()}; }
        if (!output.isTuple()) { refuse_output(description_, concat("a ", output.tagKind())); }
        std::vector<at::Tensor> all;
        for (const auto& part : output.toTupleRef().elements()) { add(part, all); }
        return all;
    }

  private:
    void convert(const at::Tensor& tensor) const {
        const auto type = tensor.is_floating_point() ? place_.type : tensor.scalar_type();
        tensor.set_data(tensor.to(place_.device, type));
    }

    /// Adds the tensors of a part of what the module returns, which may be a tuple or list itself.
    void add(const c10::IValue& part, std::vector<at::Tensor>& all) const {
        if (part.isNone()) {
            all.emplace_back();
        } else if (part.isTensor()) {
            all.push_back(part.toTensor());
        } else if (part.isTensorList()) {
            for (at::Tensor& tensor : part.toTensorVector()) { all.push_back(std::move(tensor)); }
        } else if (part.isTuple()) {
            for (const auto& inner : part.toTupleRef().elements()) { add(inner, all); }
        } else {
            refuse_output(description_, concat("a tuple with a ", part.tagKind()));
        }
    }

    EncoderDescription description_;
    ComputePlace place_;
    torch::jit::Module module_;
};

}  // namespace

Family torchscript() {
    Family family;
    family.name = kTorchScript;
    family.load = [](const std::filesystem::path& file, ComputePlace place) {
        return load_module<ScriptModule>(kTorchScript, file, place);
    };
    return family;
}

}  // namespace patchead::inline backbone_detail
