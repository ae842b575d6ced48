#include "vit/windows.hpp"

#include <vector>

#include <ATen/ATen.h>

#include "vit/image_token.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// The patches of each window, row by row. Shape: `[windows, side side]`, int64.
at::Tensor patches_of_windows(Grid grid, int side) {
    const auto places = at::arange(grid.size(), at::kLong).view({grid.rows, grid.cols});
    return places.unfold(0, side, 1).unfold(1, side, 1).reshape({-1, std::int64_t{side} * side});
}

/// Each window's sequence: all tokens before the patches, and its patches.
/// Shape: `tokens[N, dim]` to `[windows, prefix + side side, dim]`.
at::Tensor sequences_of(const Vit& vit, const at::Tensor& tokens, const at::Tensor& windows) {
    const auto prefix = vit.prefix_size();
    const auto patches = tokens.slice(0, prefix)
                             .index_select(0, windows.flatten())
                             .view({windows.size(0), windows.size(1), vit.dim});
    const auto before = tokens.narrow(0, 0, prefix).unsqueeze(0);
    return at::cat({before.expand({windows.size(0), -1, -1}), patches}, 1);
}

}  // namespace

at::Tensor embed_windows(const Vit& vit, const at::Tensor& sequence, Grid grid, int side) {
    const auto windows = patches_of_windows(grid, side).to(sequence.device());
    std::vector<at::Tensor> embeddings;
    for (std::int64_t image = 0; image < sequence.size(0); ++image) {
        auto x = sequences_of(vit, sequence[image], windows);
        if (vit.pre_norm) { x = normalise(x, *vit.pre_norm); }
        for (const auto& block : vit.blocks) {
            // Of many short sequences products of all at once are the faster ones, on a CPU, too.
            add_attention(x, block, {{}, vit.heads, vit.prefix_size(), {}, {}}, Work::at_once, 0);
            add_mlp(x, block);
        }
        embeddings.push_back(projected_image(vit, summary_token(vit, x)));
    }
    return at::stack(embeddings);
}

}  // namespace patchead::inline backbone_detail
