#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "patchead/core/error.hpp"
#include "published/inputs.hpp"

/// \file
/// \brief Inputs of a fixture that are numbered from anywhere. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// The numbers of all inputs `<name>.<number>`, ascending. Throws DataError if there are none.
[[nodiscard]] inline std::vector<int> numbers_of(const Inputs& inputs, const std::string& name) {
    std::vector<int> numbers;
    for (const auto& [key, values] : inputs.tensors) {
        const auto dot = key.rfind('.');
        const auto is_number = dot != std::string::npos && dot + 1 < key.size() &&
                               std::all_of(key.begin() + std::ptrdiff_t(dot) + 1, key.end(),
                                           [](char c) { return c >= '0' && c <= '9'; });
        if (is_number && key.substr(0, dot) == name) {
            numbers.push_back(std::stoi(key.substr(dot + 1)));
        }
    }
    require<DataError>(!numbers.empty(), "there is no array '", name,
                       ".<number>'; make the fixture again");
    std::ranges::sort(numbers);
    return numbers;
}

/// The inputs of `numbers_of`.
[[nodiscard]] inline std::vector<at::Tensor> numbered(const Inputs& inputs,
                                                      const std::string& name) {
    std::vector<at::Tensor> all;
    for (const int number : numbers_of(inputs, name)) {
        all.push_back(inputs.get(concat(name, ".", number)));
    }
    return all;
}

}  // namespace patchead::inline detectors_detail
