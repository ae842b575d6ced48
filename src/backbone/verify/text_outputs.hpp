#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "verify/network_fixture.hpp"

namespace patchead::inline backbone_detail {

/// What the text tower in `weights` makes of the fixture's texts, by the names that fixtures have
/// for it, in float32; nothing where fixture or file have no texts. Similarities to images are
/// there if `image` outputs have their embeddings.
/// Throws as `load_text_encoder`.
[[nodiscard]] std::map<std::string, at::Tensor> run_texts_of(
    const NetworkFixture& fixture, const std::filesystem::path& weights,
    const std::map<std::string, at::Tensor>& image);

}  // namespace patchead::inline backbone_detail
