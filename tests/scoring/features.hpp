#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"
#include "patchead/core/types.hpp"

/// Features with a few distinct values, so that many similarities tie; ids are "name/0", ....
inline patchead::FeatureBlock quantised_features(const std::string& name, std::size_t images,
                                                 patchead::Grid grid, int dim) {
    patchead::FeatureBlock block{grid, dim, {}, {}, {}};
    for (std::size_t i = 0; i < images; ++i) {
        block.ids.push_back(patchead::concat(name, "/", i));
    }
    block.embeddings.resize(images * static_cast<std::size_t>(grid.size() * dim));
    patchead::Random random(name, 7);
    for (auto& x : block.embeddings) { x = static_cast<float>(random.below(7)) - 3.0F; }
    return block;
}

/// The images `order` of `block`, in that order.
inline patchead::FeatureBlock pick(const patchead::FeatureBlock& block,
                                   const std::vector<std::size_t>& order) {
    patchead::FeatureBlock picked{block.grid, block.dim, {}, {}, {}};
    for (const auto i : order) {
        picked.ids.push_back(block.ids[i]);
        const auto embedding = block.embedding(i);
        picked.embeddings.insert(picked.embeddings.end(), embedding.begin(), embedding.end());
    }
    return picked;
}
