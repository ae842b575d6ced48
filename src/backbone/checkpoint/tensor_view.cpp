#include "checkpoint/tensor_view.hpp"

#include <algorithm>

#include <ATen/ATen.h>

namespace patchead::inline backbone_detail {
namespace {

/// Elements of storage from the first one used to the last; nothing on overflow.
/// Requires a shape without zeros.
std::optional<std::int64_t> extent(const Shape& shape, const Shape& strides) {
    std::int64_t last = 0;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        std::int64_t step = 0;
        if (strides[i] < 0 || __builtin_mul_overflow(shape[i] - 1, strides[i], &step) ||
            __builtin_add_overflow(last, step, &last)) {
            return std::nullopt;
        }
    }
    return last + 1;
}

}  // namespace

std::optional<std::int64_t> element_count(const Shape& shape) {
    std::int64_t count = 1;
    bool is_empty = false;
    for (const auto side : shape) {
        is_empty |= side == 0;
        // Strides are products of all sides but those of 0, even where there is no element.
        if (side < 0 || __builtin_mul_overflow(count, std::max<std::int64_t>(side, 1), &count)) {
            return std::nullopt;
        }
    }
    return is_empty ? 0 : count;
}

Shape row_major_strides(const Shape& shape) {
    Shape strides(shape.size(), 1);
    for (std::size_t i = shape.size(); i-- > 1;) {
        strides[i - 1] = strides[i] * std::max<std::int64_t>(shape[i], 1);
    }
    return strides;
}

void check_view(const MappedFile& file, const std::string& key, const TensorView& view) {
    const auto count = element_count(view.shape);
    file.check(count.has_value() && view.shape.size() == view.strides.size(), "key '", key,
               "' has the impossible shape ", to_string(view.shape));
    file.check(static_cast<std::size_t>(*count) <= file.bytes().size(), "key '", key, "' of shape ",
               to_string(view.shape), " is larger than the file");
    if (*count == 0) { return; }
    const auto stored =
        static_cast<std::int64_t>(view.storage.size() / c10::elementSize(view.type));
    const auto used = extent(view.shape, view.strides);
    file.check(
        used.has_value() && view.offset >= 0 && *used <= stored && view.offset <= stored - *used,
        "key '", key, "' of shape ", to_string(view.shape), ", strides ", to_string(view.strides),
        " and offset ", view.offset, " exceeds its storage of ", stored, " elements");
}

at::Tensor to_tensor(const TensorView& view) {
    if (element_count(view.shape).value_or(0) == 0) { return at::empty(view.shape, view.type); }
    // The bytes need not be aligned in the file, so they are moved before they are looked at.
    const auto size = c10::elementSize(view.type);
    const auto used = extent(view.shape, view.strides).value_or(0);
    const auto flat = at::empty({used}, view.type);
    const auto bytes = view.storage.subspan(static_cast<std::size_t>(view.offset) * size,
                                            static_cast<std::size_t>(used) * size);
    std::memcpy(flat.data_ptr(), bytes.data(), bytes.size());
    return flat.as_strided(view.shape, view.strides).contiguous();
}

std::string to_string(const Shape& shape) {
    std::string text = "[";
    for (const auto side : shape) { text += concat(text.size() > 1 ? ", " : "", side); }
    return text + "]";
}

}  // namespace patchead::inline backbone_detail
