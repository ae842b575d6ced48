#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "support/temporary_folder.hpp"

/// \file
/// \brief A text tower of two blocks with seeded numbers, in OpenCLIP's layout, for those that see
/// no LibTorch.

namespace patchead {

/// Parts of a safetensors file.
struct TensorText {
    std::string header = "{";
    std::string data;
    std::uint64_t state = 1;

    /// Numbers around `middle`, the same ones every time.
    void add(const std::string& name, const std::vector<std::int64_t>& shape, float middle = 0) {
        std::int64_t count = 1;
        std::string sides;
        for (const auto side : shape) {
            count *= side;
            sides += (sides.empty() ? "" : ",") + std::to_string(side);
        }
        const auto begin = data.size();
        for (std::int64_t i = 0; i < count; ++i) {
            state = state * 6364136223846793005U + 1442695040888963407U;
            const float value = middle + static_cast<float>(state >> 40) / 8e7F - 0.1F;
            char bytes[sizeof value];
            std::memcpy(bytes, &value, sizeof value);
            data.append(bytes, sizeof value);
        }
        header += std::string(header.size() > 1 ? "," : "") + "\"" + name +
                  "\":{\"dtype\":\"F32\",\"shape\":[" + sides + "],\"data_offsets\":[" +
                  std::to_string(begin) + "," + std::to_string(data.size()) + "]}";
    }
};

/// Writes it, for a vocabulary of `tokens`, to `file`.
inline void put_text_tower(const std::filesystem::path& file, std::int64_t tokens) {
    constexpr std::int64_t width = 64;
    TensorText text;
    const auto add_layer = [&](const std::string& name, std::int64_t out, std::int64_t in) {
        text.add(name + "weight", {out, in});
        text.add(name + "bias", {out});
    };
    const auto add_norm = [&](const std::string& name) {
        text.add(name + ".weight", {width}, 1);
        text.add(name + ".bias", {width});
    };
    text.add("token_embedding.weight", {tokens, width});
    text.add("positional_embedding", {77, width});
    for (const std::string name : {"transformer.resblocks.0.", "transformer.resblocks.1."}) {
        add_norm(name + "ln_1");
        add_layer(name + "attn.in_proj_", 3 * width, width);
        add_layer(name + "attn.out_proj.", width, width);
        add_norm(name + "ln_2");
        add_layer(name + "mlp.c_fc.", 4 * width, width);
        add_layer(name + "mlp.c_proj.", width, 4 * width);
    }
    add_norm("ln_final");
    text.add("text_projection", {width, 32});
    text.header += "}";
    const std::uint64_t size = text.header.size();
    char bytes[sizeof size];
    std::memcpy(bytes, &size, sizeof size);
    put_bytes(file, std::string(bytes, sizeof size) + text.header + text.data);
}

}  // namespace patchead
