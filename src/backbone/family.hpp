#pragma once

#include <array>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "vit.hpp"
#include "weights.hpp"

namespace patchead {

/// What distinguishes one family of networks from the shared one. Adding a family is one source
/// file with a function that gives this, and one line in families.def.
struct Family {
    std::string_view name{};
    std::vector<Layout> layouts{};            ///< The first one whose marker is found counts.
    std::vector<std::string_view> ignored{};  ///< Patterns of keys that inference does not need.
    double norm_eps = 1e-6;
    PositionResize positions{};
    bool registers = false;    ///< Has `reg_token`.
    bool layer_scale = false;  ///< Has `ls1` and `ls2` in each block.
};

/// All families, one line each in families.def.
[[nodiscard]] std::span<const Family> families();

/// The network of `family` with these weights. Sizes come from the shapes.
///
/// `overrides` may hold "heads" (else 64 channels are a head) and "depth" (the number of blocks
/// that must be there).
/// Throws WeightsError as Weights does, ConfigError for an override that cannot be.
[[nodiscard]] Vit build_vit(const Family& family, Weights& weights,
                            const std::map<std::string, std::string>& overrides);

/// Names that `overrides` may have for every family.
inline constexpr std::array<std::string_view, 3> kCommonOptions{"heads", "depth", "model_ema"};

}  // namespace patchead
