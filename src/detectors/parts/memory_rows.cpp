#include "parts/memory_rows.hpp"

#include <algorithm>
#include <utility>

#include "parts/tensors.hpp"

namespace patchead::inline detectors_detail {

MemoryRows::MemoryRows(std::int64_t all, std::int64_t most, const Random& random)
    : chosen_(some_rows(all, most > 0 ? most : all, random)) {}

void MemoryRows::add(const at::Tensor& rows) {
    if (memory_.shape.empty()) {
        memory_.shape = {std::ssize(chosen_), rows.size(1)};
        memory_.values.reserve(chosen_.size() * static_cast<std::size_t>(rows.size(1)));
    }
    const auto begin = chosen_.begin() + static_cast<std::ptrdiff_t>(next_);
    const auto end = std::lower_bound(begin, chosen_.end(), first_ + rows.size(0));
    if (begin != end) {
        const auto places = at::tensor(RowNumbers(begin, end), at::kLong) - first_;
        const auto values = to_plain(rows.index_select(0, places)).values;
        memory_.values.insert(memory_.values.end(), values.begin(), values.end());
    }
    first_ += rows.size(0);
    next_ = static_cast<std::size_t>(end - chosen_.begin());
}

PlainTensor MemoryRows::take() { return std::move(memory_); }

}  // namespace patchead::inline detectors_detail
