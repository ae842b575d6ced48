#include "vit/rotary.hpp"

#include <cmath>

#include <ATen/ATen.h>

namespace patchead::inline backbone_detail {
namespace {

/// Angles along one axis. Shape: `[count, d / 4]`.
at::Tensor angles(const Rotary& rotary, int count) {
    std::vector<double> values;
    for (int index = 0; index < count; ++index) {
        const double position = rotary.position(index, count);
        for (const double frequency : rotary.frequencies) {
            values.push_back(position * frequency);
        }
    }
    return at::tensor(values, at::kDouble).view({count, -1});
}

}  // namespace

Rotation Rotary::at_grid(Grid grid) const {
    const auto rows = angles(*this, grid.rows).unsqueeze(1).expand({-1, grid.cols, -1});
    const auto cols = angles(*this, grid.cols).unsqueeze(0).expand({grid.rows, -1, -1});
    const auto all = at::cat({columns_first ? cols : rows, columns_first ? rows : cols}, 2)
                         .view({grid.size(), -1});
    return {all.cos().to(at::kFloat), all.sin().to(at::kFloat)};
}

std::vector<double> geometric_frequencies(double base, int head_channels) {
    std::vector<double> result;
    for (int i = 0; i < head_channels / 4; ++i) {
        result.push_back(std::pow(base, -4.0 * i / head_channels));
    }
    return result;
}

}  // namespace patchead::inline backbone_detail
