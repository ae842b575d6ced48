#include "verify/text_outputs.hpp"

#include <vector>

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "text/load_text_tower.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr const char* kImageFeatures = "image_feature";

/// Row by row, of length one.
at::Tensor of_unit_length(const at::Tensor& rows) { return rows / rows.norm(2, {-1}, true); }

/// Where each text ends. Shape: `ids[T, N]`, int64, to `[T]`.
at::Tensor ends_of(const at::Tensor& ids) {
    std::vector<std::int64_t> ends;
    ends.reserve(static_cast<std::size_t>(ids.size(0)));
    for (std::int64_t i = 0; i < ids.size(0); ++i) {
        const auto row = ids[i].to(at::kInt).contiguous();
        ends.push_back(
            end_of({row.data_ptr<std::int32_t>(), static_cast<std::size_t>(row.numel())}));
    }
    return at::tensor(ends, at::kLong);
}

/// The rows of attention of the tokens at which texts end. Shape: `[T, heads, N]`.
at::Tensor rows_at(const at::Tensor& attention, const at::Tensor& ends) {
    std::vector<at::Tensor> rows;
    rows.reserve(static_cast<std::size_t>(ends.size(0)));
    for (std::int64_t i = 0; i < ends.size(0); ++i) {
        rows.push_back(attention[i][ends[i].item<std::int64_t>()]);
    }
    return at::stack(rows);
}

}  // namespace

std::map<std::string, at::Tensor> run_texts_of(const NetworkFixture& fixture,
                                               const std::filesystem::path& weights,
                                               const std::map<std::string, at::Tensor>& image) {
    const auto& options = fixture.options;
    const bool has_texts =
        fixture.text_ids.defined() && has_text_tower(fixture.family, weights, options.overrides);
    if (!has_texts) { return {}; }
    const c10::InferenceMode inference;
    const auto place = parse_place(options);
    const auto loaded = load_text_tower(fixture.family, weights, options.overrides);
    const auto tower = converted(loaded.tower, place.device, place.type);
    const auto ids = fixture.text_ids.to(at::kLong);
    const auto ends = ends_of(ids);
    const auto pass = run_texts(tower, ids.to(place.device), place.work, /*with_attention=*/true);
    const auto here = [](const at::Tensor& tensor) { return tensor.to(at::kCPU, at::kFloat); };
    const auto features = here(text_features(tower, pass, ends.to(place.device)));
    std::map<std::string, at::Tensor> named{
        {"text_hidden", here(normalise(pass.stream, tower.norm))},
        {"text_feature", features},
        {"text_feature_norm", of_unit_length(features)},
        {"text_eot_attention", rows_at(here(pass.attention), ends)},
        {"text_eot_index", ends.to(at::kFloat)}};
    const auto found = image.find(kImageFeatures);
    if (found == image.end()) { return named; }
    const auto similarity = at::matmul(of_unit_length(found->second), of_unit_length(features).t());
    named.emplace("similarity", similarity);
    if (loaded.info.logit_scale) {
        named.emplace("logits_per_image", similarity * *loaded.info.logit_scale);
    }
    return named;
}

}  // namespace patchead::inline backbone_detail
