#pragma once

#include "patchead/core/codec.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Samples as they travel between ranks. Private to the setup layer.

namespace patchead {

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
                  &Sample::more_masks, &Sample::saturation, &Sample::unseen, &Sample::group> {};

}  // namespace patchead
