#pragma once

#include <cstdint>
#include <exception>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <ATen/core/Tensor.h>

#include "compute_place.hpp"
#include "encoder_description.hpp"

/// \file
/// \brief Networks that bring their own code and are described beside it, whatever that code is.

namespace patchead::inline backbone_detail {

/// The code of a module, loaded.
class ModuleCode {
  public:
    virtual ~ModuleCode() = default;

    /// What the module returns, one after another; undefined where it says None.
    /// Shape: `images[B, 3, H, W]`, in place and format of the module.
    /// May be called by several threads at a time. Throws whatever the code throws.
    [[nodiscard]] virtual std::vector<at::Tensor> call(const at::Tensor& images) const = 0;

    [[nodiscard]] virtual std::int64_t parameters() const = 0;
};

/// The line of LibTorch's message that says what is wrong: the interpreter's last one, else the
/// first; tracebacks are of no use to a user.
[[nodiscard]] std::string reason_of(const std::exception& error);

/// Throws WeightsError "module '<file>' <problem>".
[[noreturn]] void refuse(const EncoderDescription& module, const std::string& problem);

/// The same for a module that returns `found`, with what is wanted.
[[noreturn]] void refuse_output(const EncoderDescription& module, const std::string& found);

/// The network of `family` that `code` is, as it is described. It is called once, to see what it
/// gives. Throws WeightsError that names the module if that is not what its description says.
[[nodiscard]] std::unique_ptr<const Backbone> make_module_backbone(
    std::string family, EncoderDescription description, std::unique_ptr<const ModuleCode> code,
    ComputePlace place);

/// The network of `family` whose code is a `Code` of a description and a place.
template <class Code>
std::unique_ptr<const Backbone> load_module(std::string_view family,
                                            const std::filesystem::path& file, ComputePlace place) {
    const auto description = read_description(file, family);
    return make_module_backbone(std::string(family), description,
                                std::make_unique<const Code>(description, place), place);
}

}  // namespace patchead::inline backbone_detail
