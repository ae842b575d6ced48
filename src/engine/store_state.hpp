#pragma once

#include "patchead/cache/store.hpp"
#include "patchead/core/codec.hpp"
#include "patchead/plan/work_graph.hpp"

/// \file
/// \brief What of a plan is in the store. Private to the engine layer.

namespace patchead {

template <>
struct Codec<TokenLayer> : RecordCodec<TokenLayer, &TokenLayer::number, &TokenLayer::form> {};
template <>
struct Codec<TokenRequest> : RecordCodec<TokenRequest, &TokenRequest::layers, &TokenRequest::image,
                                         &TokenRequest::windows> {};
template <>
struct Codec<StoreState> : RecordCodec<StoreState, &StoreState::has, &StoreState::serving> {};

}  // namespace patchead

namespace patchead::inline engine_detail {

/// Lets the store read what `state` says that serves: on all ranks what rank 0 has found.
void choose_serving(const SweepPlan& plan, const StoreState& state, const Store& store);

/// Whether artifacts that `graph` takes for given are not there any more.
[[nodiscard]] bool has_lost_inputs(const SweepPlan& plan, const Store& store,
                                   const WorkGraph& graph);

}  // namespace patchead::inline engine_detail
