#include "run_state.hpp"

#include <algorithm>
#include <array>
#include <ctime>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

using Json = nlohmann::ordered_json;

Json by_kind(const RunState& state) {
    Json kinds;
    for (std::size_t i = 0; i < kUnitKinds.size(); ++i) {
        kinds[std::string(kUnitKinds[i].name)] = {{"total", state.kinds[i].total},
                                                  {"done", state.kinds[i].done}};
    }
    return kinds;
}

Json seconds_of_kinds(const RunState& state, double KindState::*which) {
    Json seconds;
    for (std::size_t i = 0; i < kUnitKinds.size(); ++i) {
        seconds[std::string(kUnitKinds[i].name)] = state.kinds[i].*which;
    }
    return seconds;
}

/// Share of the ranks' time in which they had no unit.
double idle_share(const RunState& state) {
    double busy = 0;
    for (const auto& kind : state.kinds) { busy += kind.rank_seconds; }
    const double all = state.seconds * state.ranks;
    return all > 0 ? std::max(0.0, 1 - busy / all) : 0;
}

double per_second(double count, double seconds) { return seconds > 0 ? count / seconds : 0; }

}  // namespace

std::string to_report(const WorkCount& before, const WorkCount& after) {
    auto report =
        fmt::format("{} {}", after.forwards - before.forwards, after.products - before.products);
    for (const auto& work : difference(before.stages, after.stages)) {
        report += fmt::format(" {} {} {}", work.seconds, work.flops, work.bytes);
    }
    return report;
}

WorkCount parse_report(const std::string& report) {
    WorkCount count;
    std::istringstream words(report);
    words >> count.forwards >> count.products;
    for (auto& work : count.stages) { words >> work.seconds >> work.flops >> work.bytes; }
    return count;
}

int exit_code(RunEnd end) {
    switch (end) {
        case RunEnd::whole:
            return kExitDone;
        case RunEnd::failures:
            return kExitFailures;
        case RunEnd::drained:
            return kExitUnfinished;
        case RunEnd::disk:
            break;
    }
    return kExitDisk;
}

std::string name_of(RunEnd end) {
    switch (end) {
        case RunEnd::whole:
            return "finished";
        case RunEnd::failures:
            return "finished with failures";
        case RunEnd::drained:
            return "drained";
        case RunEnd::disk:
            break;
    }
    return "disk full or read-only";
}

void write_run_state(const std::filesystem::path& file, const RunState& state) {
    const auto images = static_cast<double>(state.work.forwards);
    const auto units = static_cast<double>(state.units_done);
    const Json json{{"state", state.state},
                    {"ranks", state.ranks},
                    {"process", state.process},
                    {"started", state.started},
                    {"updated", utc_text()},
                    {"seconds", state.seconds},
                    {"eta_seconds", state.eta_seconds},
                    {"units",
                     {{"total", state.units_total},
                      {"done", state.units_done},
                      {"failed", state.units_failed},
                      {"skipped", state.units_skipped},
                      {"running", state.units_running},
                      {"elsewhere", state.units_elsewhere}}},
                    {"units_by_kind", by_kind(state)},
                    {"rates",
                     {{"units_per_second", per_second(units, state.seconds)},
                      {"images_per_second", per_second(images, state.seconds)},
                      {"idle_share", idle_share(state)}}},
                    {"forwards", state.work.forwards},
                    {"forwards_saved", state.forwards_saved},
                    {"matrix_products", state.work.products},
                    {"rank_seconds", seconds_of_kinds(state, &KindState::rank_seconds)},
                    {"model_seconds", seconds_of_kinds(state, &KindState::model_seconds)},
                    {"failures", state.failures},
                    {"troubles", state.troubles}};
    write_whole(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

std::string utc_text() {
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::array<char, 32> text{};
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    return text.data();
}

}  // namespace patchead
