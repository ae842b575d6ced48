/// \file
/// \brief A network that was compiled ahead: a package of AOTInductor (.pt2) and its description.

#include <algorithm>
#include <utility>

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/DeviceGuard.h>

#include "checkpoint/other_files.hpp"
#include "families/family.hpp"
#include "module_backbone.hpp"
#include "torch_version.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr std::string_view kPackage = "pt2";

class PackageCode final : public ModuleCode {
  public:
    PackageCode(EncoderDescription description, ComputePlace place)
        : description_(std::move(description)), place_(place) {
        if (!kHasPackages) {
            refuse(description_,
                   concat("cannot be loaded (packages of AOTInductor need LibTorch 2.6 or newer, "
                          "this program has ",
                          TORCH_VERSION, "); export the network as TorchScript (OUTPUT.pt), or ",
                          "build with a newer LibTorch"));
        }
        if (place.type != at::kFloat) {
            refuse(description_, concat("cannot compute in ", place.type,
                                        " (it was compiled for Float); use precision fp32"));
        }
        const c10::DeviceGuard there(place.device);
        try {
            refuse_other_files(MappedFile(description_.module));
            package_ =
                std::make_unique<TorchPackage>(description_.module.string(), at::get_num_threads());
        } catch (const std::exception& error) {
            refuse(description_,
                   concat("cannot be loaded (", reason_of(error),
                          "); write it with analysis/export_torchscript.py and a PyTorch of this ",
                          "LibTorch's version, on a machine like this one"));
        }
        require_device();
    }

    [[nodiscard]] std::int64_t parameters() const override { return description_.parameters; }

    [[nodiscard]] std::vector<at::Tensor> call(const at::Tensor& images) const override {
        require_size(images.size(2), images.size(3));
        const c10::DeviceGuard there(place_.device);
        if (!description_.cut_input) { return package_->run(images.contiguous()); }
        const auto patch = std::int64_t{description_.patch_px};
        return package_->run(images.contiguous().view(
            {images.size(0), 3, images.size(2) / patch, patch, images.size(3) / patch, patch}));
    }

  private:
    /// Compiled code takes its input as it comes: what it was not made for would be read wrongly.
    void require_size(std::int64_t height, std::int64_t width) const {
        const auto side = description_.image_px;
        if (description_.fixed_size && (height != side || width != side)) {
            refuse(description_,
                   concat("was compiled for images of ", side, "x", side, " px alone (these have ",
                          height, "x", width, "); use that size, or export it for more"));
        }
        std::int64_t coarsest = description_.patch_px;
        for (const auto& layer : description_.layers) {
            coarsest = std::max<std::int64_t>(coarsest, layer.stride_px);
        }
        if (!description_.fixed_size && std::min(height, width) < 2 * coarsest) {
            refuse(description_, concat("was compiled for images from ", 2 * coarsest, " px on (",
                                        "two patches of each layer; these have ", height, "x",
                                        width, "); use a larger size"));
        }
    }

    void require_device() const {
        const auto made_for = package_->device();
        if (made_for.empty() || made_for == c10::DeviceTypeName(place_.device.type(), true)) {
            return;
        }
        refuse(description_,
               concat("was compiled for ", made_for, ", not for ", place_.device.str(),
                      "; use --device ", made_for, ", or export it again for this one"));
    }

    EncoderDescription description_;
    ComputePlace place_;
    std::unique_ptr<TorchPackage> package_;
};

}  // namespace

Family pt2() {
    Family family;
    family.name = kPackage;
    family.load = [](const std::filesystem::path& file, ComputePlace place) {
        return load_module<PackageCode>(kPackage, file, place);
    };
    return family;
}

}  // namespace patchead::inline backbone_detail
