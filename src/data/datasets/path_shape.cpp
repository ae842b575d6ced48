#include "datasets/path_shape.hpp"

#include <algorithm>
#include <array>

#include "datasets/tree.hpp"

namespace patchead::inline data_detail {
namespace {

bool names_a_split(std::string_view folder) {
    constexpr auto words = std::to_array<std::string_view>(
        {"train", "training", "test", "testing", "val", "valid", "validation", "ground_truth",
         "groundtruth", "ground-truth", "gt", "images", "labels", "masks", "mask", "annotations"});
    return std::ranges::find(words, lower_case(std::string(folder))) != words.end();
}

}  // namespace

std::string lower_case(std::string text) {
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

std::size_t begin_of_shape(std::string_view path) {
    for (std::size_t begin = 0;;) {
        const auto slash = path.find('/', begin);
        if (slash == std::string_view::npos) { return begin; }
        if (names_a_split(path.substr(begin, slash - begin))) { return begin; }
        begin = slash + 1;
    }
}

std::string shape_of(std::string_view path) {
    std::string shape(path.substr(0, path.size() - name_part(path).size()));
    bool is_number = false;
    for (const char c : name_part(path)) {
        const bool is_digit = c >= '0' && c <= '9';
        if (!is_digit) { shape += c; }
        if (is_digit && !is_number) { shape += '#'; }
        is_number = is_digit;
    }
    return shape;
}

}  // namespace patchead::inline data_detail
