#include "families/dinov2_layouts.hpp"
#include "families/family.hpp"

namespace patchead::inline backbone_detail {

/// TIPSv2: a DINOv2 whose only register is a second class token, on pixels in 0 to 1. Its files are
/// `.npz`. Positions are resized as upstream's inference script has it, not as its class would.
/// Source: google-deepmind/tips, pytorch/run_image_encoder_inference.py.
Family tipsv2() {
    return {
        .name = "tipsv2",
        .layouts = dinov2_layouts(),
        .ignored = {"mask_token", "embeddings.mask_token"},
        .pixels = {.image_px = 448, .bicubic = false, .mean = kZero, .std = kOne},
        .head_counts = {{1152, 16}},
        .registers = Has::yes,
        .positions = PositionResize{PositionResize::Filter::bilinear_antialias},
        .layer_scale = Has::yes,
        .gates = Has::maybe,
    };
}

}  // namespace patchead::inline backbone_detail
