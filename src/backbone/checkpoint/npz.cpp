#include "checkpoint/npz.hpp"

#include <algorithm>
#include <array>

#include "patchead/core/npy.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr std::string_view kArray = ".npy";
constexpr auto kNumbers = std::to_array<std::pair<std::string_view, c10::ScalarType>>({
    {"<f4", c10::ScalarType::Float},
    {"<f2", c10::ScalarType::Half},
    {"<f8", c10::ScalarType::Double},
    {"<i8", c10::ScalarType::Long},
    {"<i4", c10::ScalarType::Int},
    {"|b1", c10::ScalarType::Bool},
});

/// Of a tensor that is stored column by column.
Shape column_major_strides(const Shape& shape) {
    Shape strides;
    std::int64_t step = 1;
    for (const auto side : shape) {
        strides.push_back(step);
        step *= std::max<std::int64_t>(side, 1);
    }
    return strides;
}

TensorView read_array(const MappedFile& file, const std::string& name, Bytes bytes) {
    const auto header =
        npy_header({reinterpret_cast<const char*>(bytes.data()), bytes.size()}, name);  // NOLINT
    file.check(header.fault.empty(), header.fault);
    const auto numbers = bytes.subspan(header.begin);
    const auto* const known = std::ranges::find(
        kNumbers, header.type, &std::pair<std::string_view, c10::ScalarType>::first);
    file.check(known != kNumbers.end(), "'", name, "' holds numbers of type '",
               escaped_name(header.type), "'");
    const auto count = element_count(header.shape);
    file.check(count.has_value() && static_cast<std::uint64_t>(*count) ==
                                        numbers.size() / c10::elementSize(known->second),
               "'", name, "' of shape ", to_string(header.shape), " has ", numbers.size(),
               " bytes");
    auto strides =
        header.by_columns ? column_major_strides(header.shape) : row_major_strides(header.shape);
    TensorView view{known->second, header.shape, std::move(strides), 0, numbers};
    check_view(file, name, view);
    return view;
}

}  // namespace

bool is_npz(const ZipArchive& archive) {
    return !archive.entries().empty() &&
           std::ranges::all_of(archive.entries(),
                               [](const auto& entry) { return entry.first.ends_with(kArray); });
}

std::map<std::string, TensorView> read_npz(const MappedFile& file, const ZipArchive& archive) {
    std::map<std::string, TensorView> tensors;
    for (const auto& [name, bytes] : archive.entries()) {
        tensors.emplace(name.substr(0, name.size() - kArray.size()),
                        read_array(file, escaped_name(name), bytes));
    }
    return tensors;
}

}  // namespace patchead::inline backbone_detail
