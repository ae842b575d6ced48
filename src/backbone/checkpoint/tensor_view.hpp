#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <ATen/core/Tensor.h>
#include <c10/core/ScalarType.h>

#include "checkpoint/mapped_file.hpp"

/// \file
/// \brief A tensor of a checkpoint, not yet read.

namespace patchead::inline backbone_detail {

using Shape = std::vector<std::int64_t>;

/// Where a tensor lies in a mapped file. Valid as long as the file is mapped.
/// Shape: element `(i, j, ...)` is number `offset + i * strides[0] + j * strides[1] + ...` of
/// `storage`, all of them inside it.
struct TensorView {
    c10::ScalarType type = c10::ScalarType::Float;
    Shape shape;
    Shape strides;
    std::int64_t offset = 0;
    Bytes storage;
};

/// Elements of a tensor of this shape; nothing if a side is negative or the product of the others
/// than 0 overflows.
[[nodiscard]] std::optional<std::int64_t> element_count(const Shape& shape);

/// Strides of a tensor that is stored row by row.
[[nodiscard]] Shape row_major_strides(const Shape& shape);

/// Throws WeightsError that names `key` unless every element of `view` lies in its storage and
/// the tensor is no larger than the file (zero strides could blow up a few bytes without end).
void check_view(const MappedFile& file, const std::string& key, const TensorView& view);

/// The values, row by row, in memory of their own.
[[nodiscard]] at::Tensor to_tensor(const TensorView& view);

/// "[2, 3]"
[[nodiscard]] std::string to_string(const Shape& shape);

}  // namespace patchead::inline backbone_detail
