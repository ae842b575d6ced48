#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/choices.hpp"

/// \file
/// \brief What is wanted of a forward pass, or kept of it, beside patch embeddings and attention.

namespace patchead {

/// Tokens of some layers, of whole images and of windows. Asking changes no other output.
struct TokenRequest {
    /// After how many blocks tokens are taken: 1 to the network's depth, ascending, each once.
    std::vector<int> layers{};
    TokenForm form = TokenForm::norm;  ///< Of those.
    bool image = false;                ///< Whether embeddings of whole images are wanted.
    /// Sides of square windows, in patches, of all of which embeddings are wanted: ascending, each
    /// once.
    std::vector<int> windows{};

    [[nodiscard]] bool empty() const { return layers.empty() && !image && windows.empty(); }
    auto operator<=>(const TokenRequest&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// Whether who asks for `wanted` finds it in what was made for `made`.
[[nodiscard]] bool covers(const TokenRequest& made, const TokenRequest& wanted);

/// Whether one request can ask for both: not for layers in two forms.
[[nodiscard]] bool can_merge(const TokenRequest& one, const TokenRequest& other);
/// What asks for both, which `can_merge`.
[[nodiscard]] TokenRequest merged(const TokenRequest& one, const TokenRequest& other);

/// As names of files have it: "L3-6-9-12.norm.image", "L12.raw", "image.W2-3"; empty if nothing is
/// asked for. Equal requests, and no others, have equal texts.
[[nodiscard]] std::string text_of(const TokenRequest& request);
/// The request with that text; nothing if it is none.
[[nodiscard]] std::optional<TokenRequest> parse_token_request(std::string_view text);

}  // namespace patchead
