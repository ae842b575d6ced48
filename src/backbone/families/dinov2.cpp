#include "families/dinov2_layouts.hpp"
#include "families/family.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// Both variants. Of the giant the MLPs are SwiGLU, gates and values in one matrix.
/// Source: Oquab et al., "DINOv2: Learning Robust Visual Features without Supervision", 2023;
/// facebookresearch/dinov2.
Family variant() {
    return {
        .layouts = dinov2_layouts(),
        .ignored = {"mask_token", "embeddings.mask_token", "dino_head.*", "ibot_head.*"},
        .pixels = {.image_px = 448},
        .layer_scale = Has::yes,
        .gates = Has::maybe,
    };
}

}  // namespace

/// Without registers. Its positions are sampled with the grid enlarged by 0.1, a safeguard of
/// upstream against rounding that the published numbers contain.
Family dinov2() {
    auto family = variant();
    family.name = "dinov2";
    family.positions = PositionResize{PositionResize::Filter::bicubic, 0.1};
    return family;
}

/// With register tokens. Source: Darcet et al., "Vision Transformers Need Registers", 2024.
Family dinov2_reg() {
    auto family = variant();
    family.name = "dinov2_reg";
    family.positions = PositionResize{PositionResize::Filter::bicubic_antialias};
    family.registers = Has::yes;
    return family;
}

}  // namespace patchead::inline backbone_detail
