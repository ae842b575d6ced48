#pragma once

#include <string>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include "patchead/core/images.hpp"
#include "patchead/detectors/published.hpp"

/// \file
/// \brief What a fixture of a published method holds. Private to the detectors layer.

namespace patchead::inline detectors_detail {

struct Inputs {
    const NamedTensors& tensors;
    nlohmann::json parameters;

    [[nodiscard]] bool has(const std::string& name) const { return tensors.contains(name); }
    /// Double precision. Throws DataError if it is not there.
    [[nodiscard]] at::Tensor get(const std::string& name) const;
    /// Whole numbers, e.g. rows.
    [[nodiscard]] at::Tensor rows(const std::string& name) const;
    /// `name.0`, `name.1`, ... as far as they are there, at least one.
    [[nodiscard]] std::vector<at::Tensor> list(const std::string& name) const;
    /// A parameter that is one number, for squares, or [height, width].
    [[nodiscard]] MapSize size(const char* parameter) const;
    [[nodiscard]] Grid grid() const;
};

/// Collects outputs.
class Outputs {
  public:
    void add(const std::string& name, const at::Tensor& values);
    [[nodiscard]] NamedTensors take() { return std::move(tensors_); }

  private:
    NamedTensors tensors_;
};

}  // namespace patchead::inline detectors_detail
