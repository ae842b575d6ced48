#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "patchead/backbone/backbone.hpp"
#include "patchead/pipeline/sweep_inputs.hpp"

/// \file
/// \brief The networks of a process.

namespace patchead {

/// Loads networks, and keeps the last one: neighbouring units mostly share it, and so may several
/// workers, one after the other.
class Networks {
  public:
    /// One source for each backbone of a plan.
    explicit Networks(std::vector<BackboneSource> sources) : sources_(std::move(sources)) {}

    [[nodiscard]] const std::vector<BackboneSource>& sources() const { return sources_; }
    /// Valid until another one is asked for. Throws WeightsError.
    [[nodiscard]] const Backbone& at(std::size_t index);

  private:
    std::vector<BackboneSource> sources_;
    std::unique_ptr<const Backbone> loaded_;
    std::size_t number_ = 0;  ///< Of the loaded one.
};

}  // namespace patchead
