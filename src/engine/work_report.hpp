#pragma once

#include "patchead/core/codec.hpp"
#include "patchead/pipeline/worker.hpp"

/// \file
/// \brief What a unit's work was, as it travels to rank 0. Private to the engine layer.

namespace patchead {

template <>
struct Codec<StageWork>
    : RecordCodec<StageWork, &StageWork::seconds, &StageWork::flops, &StageWork::bytes> {};

template <>
struct Codec<WorkCount>
    : RecordCodec<WorkCount, &WorkCount::forwards, &WorkCount::products, &WorkCount::stages> {};

}  // namespace patchead

namespace patchead::inline engine_detail {

/// What was done between two counts.
[[nodiscard]] inline WorkCount difference(const WorkCount& before, const WorkCount& after) {
    return {after.forwards - before.forwards, after.products - before.products,
            patchead::difference(before.stages, after.stages)};
}

}  // namespace patchead::inline engine_detail
