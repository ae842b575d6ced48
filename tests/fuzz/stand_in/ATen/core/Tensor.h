#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include <c10/core/ScalarType.h>

/// \file
/// \brief As much of LibTorch's tensor as reading a checkpoint needs, so that fuzz targets build in
/// a minute, start at once, and have sanitizers in every line that touches a file's numbers.

namespace at {

class Tensor {
  public:
    using Sides = std::vector<std::int64_t>;

    Tensor() = default;
    Tensor(Sides shape, c10::ScalarType type)
        : shape_(std::move(shape)), size_(c10::elementSize(type)) {
        bytes_ = std::make_shared<std::vector<char>>(elements() * size_);
    }

    [[nodiscard]] void* data_ptr() const { return bytes_->data(); }
    [[nodiscard]] std::size_t nbytes() const { return bytes_->size(); }
    [[nodiscard]] Tensor contiguous() const { return *this; }
    /// A copy, element by element.
    [[nodiscard]] Tensor as_strided(const Sides& shape, const Sides& strides) const {
        Tensor result;
        result.shape_ = shape;
        result.size_ = size_;
        const auto count = result.elements();
        result.bytes_ = std::make_shared<std::vector<char>>(count * size_);
        Sides place(shape.size(), 0);
        for (std::size_t i = 0; i < count; ++i) {
            std::int64_t from = 0;
            for (std::size_t axis = 0; axis < shape.size(); ++axis) {
                from += place[axis] * strides[axis];
            }
            std::memcpy(result.bytes_->data() + i * size_,
                        &bytes_->at(static_cast<std::size_t>(from) * size_), size_);
            for (auto axis = shape.size(); axis-- > 0;) {
                if (++place[axis] < shape[axis]) { break; }
                place[axis] = 0;
            }
        }
        return result;
    }

  private:
    [[nodiscard]] std::size_t elements() const {
        std::size_t count = 1;
        for (const auto side : shape_) { count *= static_cast<std::size_t>(side); }
        return count;
    }

    Sides shape_;
    std::size_t size_ = 1;
    std::shared_ptr<std::vector<char>> bytes_;
};

inline Tensor empty(const Tensor::Sides& shape, c10::ScalarType type) { return {shape, type}; }

}  // namespace at
