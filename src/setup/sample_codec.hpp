#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "patchead/core/codec.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Samples as they travel between ranks. Private to the setup layer.

namespace patchead {

/// No part, or the bytes of a file.
template <>
struct Codec<std::shared_ptr<const std::string>> {
    using Bytes = std::shared_ptr<const std::string>;
    [[nodiscard]] static std::string encode(const Bytes& bytes) {
        return Codec<std::optional<std::string>>::encode(bytes ? std::optional(*bytes)
                                                               : std::nullopt);
    }
    /// Throws std::logic_error.
    [[nodiscard]] static Bytes decode(std::string_view text) {
        auto bytes = Codec<std::optional<std::string>>::decode(text);
        return bytes ? std::make_shared<const std::string>(*std::move(bytes)) : nullptr;
    }
};
template <>
struct Codec<CropRows> : RecordCodec<CropRows, &CropRows::first, &CropRows::last> {};
template <>
struct Codec<MapSize> : RecordCodec<MapSize, &MapSize::height, &MapSize::width> {};
template <>
struct Codec<Saturation>
    : RecordCodec<Saturation, &Saturation::level, &Saturation::area, &Saturation::is_relative> {};
template <>
struct Codec<Sample>
    : RecordCodec<Sample, &Sample::id, &Sample::dataset, &Sample::category, &Sample::split,
                  &Sample::defect_type, &Sample::anomalous, &Sample::image, &Sample::mask,
                  &Sample::crop, &Sample::digest, &Sample::size, &Sample::perturbation,
                  &Sample::more_masks, &Sample::saturation, &Sample::unseen, &Sample::group,
                  &Sample::upright, &Sample::bytes> {};

}  // namespace patchead
