#include "vit/image_token.hpp"

#include <ATen/ATen.h>

namespace patchead::inline backbone_detail {

at::Tensor summary_token(const Vit& vit, const at::Tensor& x) {
    const auto rows = at::tensor(vit.summary, at::kLong).to(x.device());
    const auto tokens = x.narrow(1, 0, vit.prefix_size()).index_select(1, rows);
    return (vit.norm ? normalise(tokens, *vit.norm) : tokens).flatten(1);
}

at::Tensor projected_image(const Vit& vit, const at::Tensor& token) {
    const bool projects = vit.projection && vit.projects_images;
    return projects ? apply(*vit.projection, token) : token;
}

}  // namespace patchead::inline backbone_detail
