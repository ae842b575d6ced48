#include "checkpoint/npz.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <regex>

#include "patchead/core/user_text.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr std::string_view kArray = ".npy";
constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kLongestArrayHeader = 1U << 16U;  // NumPy's own are some 100 bytes.

constexpr auto kNumbers = std::to_array<std::pair<std::string_view, c10::ScalarType>>({
    {"<f4", c10::ScalarType::Float},
    {"<f2", c10::ScalarType::Half},
    {"<f8", c10::ScalarType::Double},
    {"<i8", c10::ScalarType::Long},
    {"<i4", c10::ScalarType::Int},
    {"|b1", c10::ScalarType::Bool},
});

/// An array's bytes: what it says of itself, and its numbers.
struct ArrayBytes {
    std::string header;
    Bytes numbers;
};

/// Little-endian. Shape: `bytes` are at most four.
std::size_t whole_number(Bytes bytes) {
    std::size_t value = 0;
    for (auto i = bytes.size(); i-- > 0;) {
        value = value << 8U | std::to_integer<unsigned>(bytes[i]);
    }
    return value;
}

ArrayBytes divide(const MappedFile& file, const std::string& name, Bytes bytes) {
    const auto version_at = kMagic.size();
    const bool is_array = bytes.size() >= version_at + 6 &&
                          std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) == 0;
    file.check(is_array, "'", name, "' is no NumPy array");
    const auto width = bytes[version_at] == std::byte{1} ? std::size_t{2} : std::size_t{4};
    const auto size = whole_number(bytes.subspan(version_at + 2, width));
    const auto begin = version_at + 2 + width;
    file.check(size <= kLongestArrayHeader && begin + size <= bytes.size(), "the header of '", name,
               "' has ", size, " bytes");
    const auto* text = reinterpret_cast<const char*>(bytes.data() + begin);  // NOLINT
    return {std::string(text, size), bytes.subspan(begin + size)};
}

Shape parse_shape(const MappedFile& file, const std::string& name, std::string text) {
    Shape shape;
    std::erase(text, ' ');
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto side = rest.substr(0, rest.find(','));
        std::int64_t value = 0;
        const auto [end, error] = std::from_chars(side.data(), side.data() + side.size(), value);
        file.check(error == std::errc{} && end == side.data() + side.size(), "the shape of '", name,
                   "' has a side '", escaped_name(std::string(side)), "'");
        shape.push_back(value);
        rest.remove_prefix(std::min(rest.size(), side.size() + 1));
    }
    return shape;
}

/// Of a tensor that is stored column by column.
Shape column_major_strides(const Shape& shape) {
    Shape strides;
    std::int64_t step = 1;
    for (const auto side : shape) {
        strides.push_back(step);
        step *= side;
    }
    return strides;
}

TensorView read_array(const MappedFile& file, const std::string& name, Bytes bytes) {
    static const std::regex form(
        R"(\{'descr': '([^']*)', 'fortran_order': (True|False), 'shape': \(([0-9, ]*)\),? ?\}\s*)");
    const auto [header, numbers] = divide(file, name, bytes);
    std::smatch found;
    file.check(std::regex_match(header, found, form), "the header of '", name,
               "' is none that NumPy writes of plain numbers");
    const auto kind = found[1].str();
    const auto* const known =
        std::ranges::find(kNumbers, kind, &std::pair<std::string_view, c10::ScalarType>::first);
    file.check(known != kNumbers.end(), "'", name, "' holds numbers of type '", escaped_name(kind),
               "'");
    auto shape = parse_shape(file, name, found[3].str());
    const auto count = element_count(shape);
    file.check(count.has_value() && static_cast<std::uint64_t>(*count) ==
                                        numbers.size() / c10::elementSize(known->second),
               "'", name, "' of shape ", to_string(shape), " has ", numbers.size(), " bytes");
    auto strides = found[2] == "True" ? column_major_strides(shape) : row_major_strides(shape);
    TensorView view{known->second, std::move(shape), std::move(strides), 0, numbers};
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
