#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

/// \file
/// \brief Arrays for those that see no LibTorch.

namespace patchead {

/// Shape: `values` holds the product of `shape`, row by row.
struct PlainTensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;

    bool operator==(const PlainTensor&) const = default;
};

using NamedTensors = std::map<std::string, PlainTensor>;

/// The shape of each of them.
using ArrayShapes = std::map<std::string, std::vector<std::int64_t>>;

}  // namespace patchead
