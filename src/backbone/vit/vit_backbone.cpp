#include "vit/vit_backbone.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace patchead::inline backbone_detail {
namespace {

class VitBackbone final : public TensorBackbone {
  public:
    VitBackbone(Vit vit, BackboneInfo info, ComputePlace place)
        : TensorBackbone(std::move(info), place),
          vit_(converted(std::move(vit), place.device, place.type)) {}

  private:
    [[nodiscard]] TensorEncoding forward(const at::Tensor& images, Grid grid,
                                         const TokenRequest& request) const override {
        return patchead::forward(vit_, tables_for(grid), images, request, place().work);
    }

    /// Of few patches, packing the weights for each product costs as much as some of its rows.
    [[nodiscard]] std::int64_t worth_together(Grid grid) const override {
        constexpr std::int64_t enough_rows = 800;
        return std::max<std::int64_t>(1, enough_rows / grid.size());
    }

    /// The tables of the last grid are kept: a run has one image size at a time.
    [[nodiscard]] GridTables tables_for(Grid grid) const {
        const std::lock_guard lock(mutex_);
        if (tables_.grid != grid) {
            tables_ = converted(make_tables(vit_, grid), place().device, place().type);
        }
        return tables_;
    }

    Vit vit_;
    mutable std::mutex mutex_;
    mutable GridTables tables_;
};

}  // namespace

std::unique_ptr<const Backbone> make_backbone(Vit vit, BackboneInfo info, ComputePlace place) {
    return std::make_unique<const VitBackbone>(std::move(vit), std::move(info), place);
}

}  // namespace patchead::inline backbone_detail
