#include "forecast.hpp"

#include <algorithm>

namespace patchead::inline engine_detail {
namespace {

/// Seconds that a kind takes for a second of the model; `usual` where nothing was measured.
double speed_of(const KindState& kind, double usual) {
    return kind.model_seconds > 0 ? kind.rank_seconds / kind.model_seconds : usual;
}

/// That of all kinds together.
double usual_speed(const KindStates& kinds) {
    KindState all;
    for (const auto& kind : kinds) {
        all.model_seconds += kind.model_seconds;
        all.rank_seconds += kind.rank_seconds;
    }
    return speed_of(all, 1);
}

}  // namespace

void Forecast::begin(const WorkGraph& graph, const RunState& state) {
    round_cost_ = 0;
    for (std::size_t kind = 0; kind < state.kinds.size(); ++kind) {
        cost_total_[kind] = state.kinds[kind].model_seconds;
    }
    for (std::size_t task = 0; task < graph.tasks.size(); ++task) {
        cost_total_[place_of(graph.units[task].kind)] += graph.tasks[task].cost;
        round_cost_ += graph.tasks[task].cost;
    }
}

void Forecast::update(const RunState& state, double round_cost) {
    const double usual = usual_speed(state.kinds);
    double total = 0;
    double left = 0;
    double modelled = 0;
    for (std::size_t kind = 0; kind < state.kinds.size(); ++kind) {
        const double speed = speed_of(state.kinds[kind], usual);
        total += speed * cost_total_[kind];
        left += speed * (cost_total_[kind] - state.kinds[kind].model_seconds);
        modelled += state.kinds[kind].model_seconds;
    }
    left = std::max(0.0, left - (round_cost_ - round_cost) * usual);
    now_ = {std::max(total - left, 0.0), total};
    eta_seconds_ = modelled > 0 ? left / state.ranks : 0;
}

}  // namespace patchead::inline engine_detail
