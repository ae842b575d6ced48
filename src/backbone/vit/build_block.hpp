#pragma once

#include <cstdint>
#include <string>

#include "families/family.hpp"

namespace patchead::inline backbone_detail {

struct NetworkSizes {
    std::int64_t dim = 0;
    std::int64_t patch_px = 0;
    int heads = 0;
};

[[nodiscard]] Linear take_linear(Weights& weights, const std::string& name, std::int64_t out,
                                 std::int64_t in);
[[nodiscard]] LayerNorm take_norm(Weights& weights, const std::string& name, std::int64_t dim,
                                  double eps);

/// Whether a network has the parameter `name`, of which its family says whether it may.
[[nodiscard]] bool has(Has parameter, const Weights& weights, std::string_view name);

/// The MLP `name` ("blocks.0.mlp."), plain or gated.
[[nodiscard]] Mlp take_mlp(const Family& family, Weights& weights, const NamedOptions& options,
                           const std::string& name, std::int64_t dim);

/// Block `name` ("blocks.0."), with all constants folded in (see vit.hpp). `neighbours`: rotary
/// pairs are neighbouring channels in the file.
[[nodiscard]] Block build_block(const Family& family, Weights& weights, const NamedOptions& options,
                                const std::string& name, const NetworkSizes& sizes,
                                bool neighbours);

}  // namespace patchead::inline backbone_detail
