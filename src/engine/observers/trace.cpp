#include "observers/trace.hpp"

#include <nlohmann/json.hpp>

#include "patchead/core/files.hpp"

namespace patchead::inline engine_detail {

void Trace::ended(const EndedUnit& unit) {
    events_.push_back({unit.outcome.rank, kUnitKinds[place_of(unit.unit.kind)].name,
                       label_of(plan_, unit.unit), unit.started, unit.outcome.seconds});
}

void Trace::finished(const RunState& /*state*/, const RunForecast& /*forecast*/) {
    auto events = nlohmann::ordered_json::array();
    for (const auto& event : events_) {
        events.push_back({{"name", event.unit},
                          {"cat", event.kind},
                          {"ph", "X"},
                          {"ts", event.started * 1e6},
                          {"dur", event.seconds * 1e6},
                          {"pid", 0},
                          {"tid", event.rank}});
    }
    write_whole(file_, nlohmann::ordered_json{{"traceEvents", events}}.dump() + "\n");
}

}  // namespace patchead::inline engine_detail
