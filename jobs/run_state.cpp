#include "run_state.hpp"

#include <sstream>

#include <nlohmann/json.hpp>

#include "patchead/core/files.hpp"

namespace patchead {

std::string to_report(const WorkCount& before, const WorkCount& after) {
    return std::to_string(after.forwards - before.forwards) + " " +
           std::to_string(after.products - before.products);
}

WorkCount parse_report(const std::string& report) {
    WorkCount count;
    std::istringstream(report) >> count.forwards >> count.products;
    return count;
}

void write_run_state(const std::filesystem::path& file, const RunState& state) {
    const nlohmann::ordered_json json{{"state", state.state},
                                      {"ranks", state.ranks},
                                      {"seconds", state.seconds},
                                      {"units",
                                       {{"total", state.units_total},
                                        {"done", state.units_done},
                                        {"failed", state.units_failed},
                                        {"skipped", state.units_skipped}}},
                                      {"forwards", state.work.forwards},
                                      {"forwards_saved", state.forwards_saved},
                                      {"matrix_products", state.work.products},
                                      {"rank_seconds",
                                       {{"align", state.seconds_of_kind[0]},
                                        {"embed", state.seconds_of_kind[1]},
                                        {"match", state.seconds_of_kind[2]},
                                        {"evaluate", state.seconds_of_kind[3]},
                                        {"picture", state.seconds_of_kind[4]}}},
                                      {"failures", state.failures}};
    write_whole(file, json.dump(2) + "\n");
}

}  // namespace patchead
