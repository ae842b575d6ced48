#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/choices.hpp"

/// \file
/// \brief What is wanted of a forward pass, or kept of it, beside patch embeddings and attention.

namespace patchead {

/// Tokens of a layer, taken so far.
struct TokenLayer {
    int number = 0;  ///< After how many blocks: 1 to the network's depth.
    TokenForm form = TokenForm::norm;

    auto operator<=>(const TokenLayer&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// Tokens of some layers, of whole images and of windows. Asking changes no other output.
struct TokenRequest {
    std::vector<TokenLayer> layers{};  ///< By number, then by form, each once.
    bool image = false;                ///< Whether embeddings of whole images are wanted.
    /// Sides of square windows, in patches, of all of which embeddings are wanted: ascending, each
    /// once.
    std::vector<int> windows{};

    [[nodiscard]] bool empty() const { return layers.empty() && !image && windows.empty(); }
    auto operator<=>(const TokenRequest&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// Layers of these numbers in one form, in the order of the numbers.
[[nodiscard]] std::vector<TokenLayer> in_form(TokenForm form, const std::vector<int>& numbers);

/// Whether who asks for `wanted` finds it in what was made for `made`.
[[nodiscard]] bool covers(const TokenRequest& made, const TokenRequest& wanted);

/// What asks for both.
[[nodiscard]] TokenRequest merged(const TokenRequest& one, const TokenRequest& other);

/// As names of files have it: "L3-6-9-12.norm.image", "L12.raw", "L12.norm.L3-12.raw.image.W2-3";
/// empty if nothing is asked for. Equal requests, and no others, have equal texts.
[[nodiscard]] std::string text_of(const TokenRequest& request);
/// The request with that text; nothing if it is none.
[[nodiscard]] std::optional<TokenRequest> parse_token_request(std::string_view text);

}  // namespace patchead
