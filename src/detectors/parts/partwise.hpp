#pragma once

#include <algorithm>
#include <cstddef>

#include <ATen/ATen.h>

#include "patchead/detectors/detector.hpp"

/// \file
/// \brief Detectors that read their references part by part. Private to the detectors layer.

namespace patchead::inline detectors_detail {

/// References of a part. Turned copies of a prompt are about as many.
inline constexpr std::size_t kImagesOfPart = 8;

/// Calls `visit(part)` with all references, few at a time, in their order.
template <class Visit>
void for_each_part(const ReferenceSource& references, const Visit& visit) {
    for (std::size_t first = 0; first < references.images(); first += kImagesOfPart) {
        visit(references.read(first, std::min(kImagesOfPart, references.images() - first)));
    }
}

/// What comes in parts along the first axis, in one tensor that is made at once.
class JoinedParts {
  public:
    /// `all` rows will come.
    explicit JoinedParts(std::int64_t all) : all_(all) {}

    /// The next ones, `[n, ...]`, float32.
    void add(const at::Tensor& part);
    /// Those that came.
    [[nodiscard]] at::Tensor take() const { return joined_.narrow(0, 0, first_); }

  private:
    std::int64_t all_;
    std::int64_t first_ = 0;  ///< How many have come.
    at::Tensor joined_{};
};

/// Throws DataError if there are none.
void require_references(const ReferenceSource& references);

/// A detector that reads its references part by part, whoever holds them.
class PartwiseDetector : public Detector {
  public:
    [[nodiscard]] DetectorModel fit(const DetectorImages& references,
                                    std::uint64_t seed) const final;
    [[nodiscard]] DetectorModel fit_parts(const ReferenceSource& references,
                                          std::uint64_t seed) const override = 0;
};

}  // namespace patchead::inline detectors_detail
