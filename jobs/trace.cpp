#include "trace.hpp"

#include <nlohmann/json.hpp>

#include "patchead/core/files.hpp"

namespace patchead {

void Trace::write(const std::filesystem::path& file) const {
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
    write_whole(file, nlohmann::ordered_json{{"traceEvents", events}}.dump() + "\n");
}

}  // namespace patchead
