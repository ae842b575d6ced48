#pragma once

#include "patchead/cache/store.hpp"
#include "patchead/core/codec.hpp"
#include "patchead/plan/work_graph.hpp"

/// \file
/// \brief What of a plan is in the store. Private to the engine layer.

namespace patchead {

template <>
struct Codec<StoreState> : RecordCodec<StoreState, &StoreState::has> {};

}  // namespace patchead

namespace patchead::inline engine_detail {

/// Whether artifacts that `graph` takes for given are not there any more.
[[nodiscard]] bool has_lost_inputs(const SweepPlan& plan, const Store& store,
                                   const WorkGraph& graph);

}  // namespace patchead::inline engine_detail
