#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>

#include "patchead/backbone/backbone.hpp"
#include "verify/network_fixture.hpp"

/// \file
/// \brief A network's outputs by the names that fixtures have for them.

namespace patchead::inline backbone_detail {

/// Of the fixture's outputs those that the network gives with its own options, in float32 and the
/// fixture's shapes where the number of values fits. Patch embeddings and attention come first.
struct NetworkOutputs {
    Encoding plain;  ///< Nothing more asked for.
    std::map<std::string, at::Tensor> named;
};

/// Runs `backbone` on the fixture's image, once for patch embeddings and attention, once for layers
/// and the image, and once for windows of each side.
[[nodiscard]] NetworkOutputs run_network(const NetworkFixture& fixture, const Backbone& backbone);

}  // namespace patchead::inline backbone_detail
