#pragma once

#include <memory>

#include <c10/core/Device.h>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/error.hpp"
#include "vit.hpp"

namespace patchead {

/// A transformer as a Backbone, on `device`.
[[nodiscard]] std::unique_ptr<const Backbone> make_backbone(Vit vit, BackboneInfo info,
                                                            c10::Device device);

}  // namespace patchead
