#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "patchead/core/images.hpp"
#include "patchead/core/plain_tensor.hpp"

/// \file
/// \brief How much a detector computes for a query, reckoned from shapes alone. In floating point
/// operations of the method: what bounds, masks or rounding leave out or add is not seen.

namespace patchead {

/// Patches of an image at one layer.
struct LayerPlan {
    Grid grid;
    int dim = 0;

    [[nodiscard]] double values() const { return double{1} * grid.size() * dim; }
};

/// What a query meets.
struct ScoringWork {
    std::vector<LayerPlan> layers;  ///< Of each image: as `DetectorImages::layers`.
    ArrayShapes model{};            ///< Few-shot: what `fit` gives.
    std::size_t batch = 0;          ///< Images of its batch, itself among them; 0: few-shot.

    /// Numbers in an array of the model; 0 if there is none.
    [[nodiscard]] double values_of(const std::string& array) const;
    /// Rows of an array of the model; 0 if there is none.
    [[nodiscard]] double rows_of(const std::string& array) const;
    /// Of all layers of an image.
    [[nodiscard]] double values() const;
    /// The other images of the batch.
    [[nodiscard]] double others() const { return batch > 1 ? double(batch - 1) : 0; }
};

/// Each patch of a layer with so many values, rows of the layer's channels: a product and a sum
/// each.
[[nodiscard]] double lookup_flops(const LayerPlan& layer, double values);

/// Each layer l with the array `<prefix><l>` of the model.
[[nodiscard]] double lookups_by_layer(const ScoringWork& work, const std::string& prefix);

/// Each patch of the first layer with each value of the model, or, in a batch, each patch of each
/// layer with those of all other images.
[[nodiscard]] double plain_lookups(const ScoringWork& work);

}  // namespace patchead
