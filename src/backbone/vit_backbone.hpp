#pragma once

#include <memory>

#include "tensor_backbone.hpp"
#include "vit.hpp"

namespace patchead {

/// A transformer as a Backbone.
[[nodiscard]] std::unique_ptr<const Backbone> make_backbone(Vit vit, BackboneInfo info,
                                                            Place place);

}  // namespace patchead
