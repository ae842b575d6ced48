#pragma once

#include <memory>

#include "tensor_backbone.hpp"
#include "vit/vit.hpp"

namespace patchead::inline backbone_detail {

/// A transformer as a Backbone.
[[nodiscard]] std::unique_ptr<const Backbone> make_backbone(Vit vit, BackboneInfo info,
                                                            ComputePlace place);

}  // namespace patchead::inline backbone_detail
