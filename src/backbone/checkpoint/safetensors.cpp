#include "checkpoint/safetensors.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace patchead::inline backbone_detail {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kLengthBytes = 8;
// The format allows 100 MB, of which a parser makes gigabytes; a ViT-g has 0.1 MB.
constexpr std::uint64_t kLongestHeader = std::uint64_t{1} << 22U;
constexpr int kDeepestHeader = 4;  // Two levels, and lists in them.

constexpr auto kTypes = std::to_array<std::pair<std::string_view, c10::ScalarType>>({
    {"F64", c10::ScalarType::Double},
    {"F32", c10::ScalarType::Float},
    {"F16", c10::ScalarType::Half},
    {"BF16", c10::ScalarType::BFloat16},
    {"I64", c10::ScalarType::Long},
    {"I32", c10::ScalarType::Int},
    {"I16", c10::ScalarType::Short},
    {"I8", c10::ScalarType::Char},
    {"U8", c10::ScalarType::Byte},
    {"BOOL", c10::ScalarType::Bool},
});

/// One tensor's claim on the data section.
struct Range {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    std::string key;

    auto operator<=>(const Range&) const = default;
};

/// The header. JSON allows a key twice and readers keep one of the two, so that is looked for.
Json parse_header(const MappedFile& file, Bytes text) {
    std::vector<std::set<std::string>> keys;
    const auto watch = [&](int depth, Json::parse_event_t event, Json& value) {
        file.check(depth <= kDeepestHeader, "its header is nested deeper than ", kDeepestHeader,
                   " levels");
        if (event == Json::parse_event_t::object_start) { keys.emplace_back(); }
        if (event == Json::parse_event_t::object_end) { keys.pop_back(); }
        if (event == Json::parse_event_t::key) {
            const auto key = value.get<std::string>();
            file.check(keys.back().insert(key).second, "key '", key, "' occurs twice");
        }
        return true;
    };
    const auto* begin = reinterpret_cast<const char*>(text.data());  // NOLINT: bytes to text
    try {
        auto header = Json::parse(begin, begin + text.size(), watch);
        file.check(header.is_object(), "its header is not a JSON object");
        return header;
    } catch (const Json::exception& error) {
        file.check(false, "its header is not JSON: ", error.what());
    }
    return {};
}

std::vector<std::uint64_t> numbers(const MappedFile& file, const std::string& key,
                                   const Json& entry, const char* field) {
    const auto found = entry.find(field);
    file.check(found != entry.end() && found->is_array(), "key '", key, "' has no list '", field,
               "'");
    std::vector<std::uint64_t> result;
    for (const auto& number : *found) {
        file.check(number.is_number_unsigned(), "key '", key, "' has a '", field,
                   "' that is not made of whole numbers");
        result.push_back(number.get<std::uint64_t>());
    }
    return result;
}

c10::ScalarType type_of(const MappedFile& file, const std::string& key, const Json& entry) {
    const auto name = entry.find("dtype");
    file.check(name != entry.end() && name->is_string(), "key '", key, "' has no 'dtype'");
    const auto& text = name->get_ref<const std::string&>();
    const auto* const found =
        std::ranges::find(kTypes, text, &std::pair<std::string_view, c10::ScalarType>::first);
    file.check(found != kTypes.end(), "key '", key, "' has the unknown dtype '", text, "'");
    return found->second;
}

/// The tensor and its range; `data` is where offsets count from.
std::pair<TensorView, Range> parse_entry(const MappedFile& file, const std::string& key,
                                         const Json& entry, std::uint64_t data) {
    file.check(entry.is_object(), "key '", key, "' has no description");
    const auto shape = numbers(file, key, entry, "shape");
    const auto offsets = numbers(file, key, entry, "data_offsets");
    const auto available = file.bytes().size() - data;
    file.check(offsets.size() == 2 && offsets[0] <= offsets[1], "key '", key,
               "' has no valid pair 'data_offsets'");
    file.check(offsets[1] <= available, "key '", key, "' ends at data byte ", offsets[1],
               " but the file has only ", available, "; it is truncated");

    TensorView view;
    view.type = type_of(file, key, entry);
    view.shape.assign(shape.begin(), shape.end());
    view.storage =
        file.bytes().subspan(static_cast<std::size_t>(data + offsets[0]), offsets[1] - offsets[0]);
    const auto count = element_count(view.shape);
    std::int64_t bytes = 0;
    const bool fits = count.has_value() &&
                      !__builtin_mul_overflow(
                          *count, static_cast<std::int64_t>(c10::elementSize(view.type)), &bytes) &&
                      static_cast<std::uint64_t>(bytes) == view.storage.size();
    file.check(fits, "key '", key, "' has ", view.storage.size(), " bytes for the shape ",
               to_string(view.shape), " of ", c10::toString(view.type));
    view.strides = row_major_strides(view.shape);
    return {view, Range{offsets[0], offsets[1], key}};
}

/// The format lets no byte belong to two tensors or to none.
void check_ranges(const MappedFile& file, std::vector<Range> ranges, std::uint64_t size) {
    std::ranges::sort(ranges);
    std::uint64_t end = 0;
    for (const auto& range : ranges) {
        file.check(range.begin >= end, "the data of key '", range.key, "' at byte ", range.begin,
                   " overlap the tensor before, which ends at ", end);
        file.check(range.begin == end, "bytes ", end, " to ", range.begin,
                   " of the data, before key '", range.key, "', belong to no tensor");
        end = range.end;
    }
    file.check(end == size, size - end, " bytes after the last tensor belong to none");
}

}  // namespace

std::map<std::string, TensorView> read_safetensors(const MappedFile& file) {
    const auto length = file.number<std::uint64_t>(0, "the header's length");
    file.check(length <= kLongestHeader, "the number at byte 0 claims a header of ", length,
               " bytes, and ", kLongestHeader, " are the most that is read");
    const auto header = parse_header(file, file.slice(kLengthBytes, length, "the header"));

    const auto data = kLengthBytes + length;
    std::map<std::string, TensorView> tensors;
    std::vector<Range> ranges;
    for (const auto& [key, entry] : header.items()) {
        if (key == "__metadata__") { continue; }
        auto [view, range] = parse_entry(file, key, entry, data);
        check_view(file, key, view);
        tensors.emplace(key, std::move(view));
        ranges.push_back(std::move(range));
    }
    check_ranges(file, std::move(ranges), file.bytes().size() - data);
    return tensors;
}

}  // namespace patchead::inline backbone_detail
