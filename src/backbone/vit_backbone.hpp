#pragma once

#include <memory>

#include <c10/core/Device.h>
#include <c10/core/ScalarType.h>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/error.hpp"
#include "vit.hpp"

namespace patchead {

/// A transformer as a Backbone that computes on `device` with numbers of `type`.
[[nodiscard]] std::unique_ptr<const Backbone> make_backbone(Vit vit, BackboneInfo info,
                                                            c10::Device device,
                                                            c10::ScalarType type);

}  // namespace patchead
