#include "patchead/engine/run_state.hpp"

#include <algorithm>
#include <ctime>
#include <system_error>
#include <type_traits>
#include <utility>

#include <nlohmann/json.hpp>

#include "patchead/core/bounded_files.hpp"
#include "patchead/core/entries.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/timing.hpp"

namespace patchead {
namespace {

using Json = nlohmann::ordered_json;

/// At the places of RunStatus.
constexpr std::array<std::string_view, 7> kStatusNames{"running",
                                                       "draining",
                                                       "lost a rank",
                                                       "finished",
                                                       "finished with failures",
                                                       "drained",
                                                       "disk full or read-only"};

RunStatus status_of(const std::string& name) {
    const auto* const found = std::ranges::find(kStatusNames, name);
    require<DataError>(found != kStatusNames.end(), "state '", name, "' is not known");
    return static_cast<RunStatus>(found - kStatusNames.begin());
}

/// A member of every kind, by its name.
template <class Value>
Json by_kind(const KindStates& kinds, Value KindState::*member) {
    Json json;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        json[std::string(kUnitKinds[i].name)] = kinds[i].*member;
    }
    return json;
}

/// Files from before there were detectors, or thresholds, lack their kinds.
bool is_lacking(const Json& json, std::size_t kind) {
    const auto& [id, name] = kUnitKinds[kind];
    return (id == UnitKind::fit || id == UnitKind::detect || id == UnitKind::leave_out) &&
           !json.contains(std::string(name));
}

/// A number of whatever kind, which a whole one must be able to hold: no count is rounded or cut.
template <class Number>
void read_number(const Json& json, Number& number) {
    if constexpr (std::is_integral_v<Number>) {
        const bool fits =
            json.is_number_unsigned()  ? std::in_range<Number>(json.get<std::uint64_t>())
            : json.is_number_integer() ? std::in_range<Number>(json.get<std::int64_t>())
                                       : false;
        require<DataError>(fits, "'", json.is_number() ? json.dump() : json.type_name(),
                           "' is no whole number that can stand there");
    }
    json.get_to(number);
}

template <class Value>
void read_by_kind(const Json& json, Value KindState::*member, KindStates& kinds) {
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        if (is_lacking(json, i)) { continue; }
        read_number(json.at(std::string(kUnitKinds[i].name)), kinds[i].*member);
    }
}

Json counts_by_kind(const KindStates& kinds) {
    Json json;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        json[std::string(kUnitKinds[i].name)] = {{"total", kinds[i].total},
                                                 {"done", kinds[i].done}};
    }
    return json;
}

void read_seconds(const Json& json, KindStates& kinds) {
    read_by_kind(json.at("rank_seconds"), &KindState::rank_seconds, kinds);
    read_by_kind(json.at("model_seconds"), &KindState::model_seconds, kinds);
}

void read_units(const Json& json, RunState& state) {
    const auto& units = json.at("units");
    read_number(units.at("total"), state.units_total);
    read_number(units.at("done"), state.units_done);
    read_number(units.at("failed"), state.units_failed);
    read_number(units.at("skipped"), state.units_skipped);
    read_number(units.at("running"), state.units_running);
    read_number(units.at("elsewhere"), state.units_elsewhere);
    for (std::size_t i = 0; i < state.kinds.size(); ++i) {
        const auto& of_kinds = json.at("units_by_kind");
        if (is_lacking(of_kinds, i)) { continue; }
        const auto& counts = of_kinds.at(std::string(kUnitKinds[i].name));
        read_number(counts.at("total"), state.kinds[i].total);
        read_number(counts.at("done"), state.kinds[i].done);
    }
}

RunState state_from(const Json& json) {
    RunState state;
    state.status = status_of(json.at("state"));
    read_number(json.at("ranks"), state.ranks);
    json.at("process").get_to(state.process);
    json.at("started").get_to(state.started);
    json.at("updated").get_to(state.updated);
    read_number(json.at("seconds"), state.seconds);
    read_number(json.at("eta_seconds"), state.eta_seconds);
    read_units(json, state);
    read_number(json.at("forwards"), state.forwards);
    if (json.contains("forwards_by")) {
        const auto& by = json.at("forwards_by");
        read_number(by.at("images"), state.forwards_by.images);
        read_number(by.at("turned"), state.forwards_by.turned);
        read_number(by.at("aligned"), state.forwards_by.aligned);
    }
    read_number(json.at("forwards_saved"), state.forwards_saved);
    read_number(json.at("matrix_products"), state.products);
    read_seconds(json, state.kinds);
    json.at("stacks").get_to(state.stacks);
    json.at("failures").get_to(state.failures);
    json.at("troubles").get_to(state.troubles);
    return state;
}

/// What `read` makes of the JSON in `file`.
template <class Read>
auto read_json(const std::filesystem::path& file, const Read& read) {
    const auto text = read_text(file, kMostDataTextBytes);
    const auto refuse = [&](const std::exception& why) {
        return DataError(concat("cannot read '", file.string(), "' (", why.what(),
                                "); it is no run.json of this version"));
    };
    try {
        const auto json = Json::parse(text);
        return read(json);
    } catch (const nlohmann::json::exception& error) {
        throw refuse(error);
    } catch (const DataError& error) { throw refuse(error); }
}

}  // namespace

std::string_view name_of(RunStatus status) {
    return kStatusNames[static_cast<std::size_t>(status)];
}

bool goes_on(RunStatus status) {
    return status == RunStatus::running || status == RunStatus::draining;
}

bool is_unfinished(RunStatus status) {
    return status == RunStatus::drained || status == RunStatus::disk;
}

std::string ForwardState::text() const {
    if (turned + aligned == 0) { return ""; }
    std::string text;
    const auto add = [&](std::uint64_t count, const char* what) {
        if (count > 0) { text += concat(text.empty() ? "(" : ", ", count, " of ", what); }
    };
    add(images, "images");
    add(turned, "turned or flipped references");
    add(aligned, "aligned copies");
    return text + ")";
}

double RunState::units_per_second() const {
    return per_second(static_cast<double>(units_done), seconds);
}

double RunState::images_per_second() const {
    return per_second(static_cast<double>(forwards), seconds);
}

double RunState::idle_share() const {
    double busy = 0;
    for (const auto& kind : kinds) { busy += kind.rank_seconds; }
    const double all = seconds * ranks;
    return all > 0 ? std::max(0.0, 1 - busy / all) : 0;
}

void write_run_state(const std::filesystem::path& file, const RunState& state) {
    const Json json{{"state", name_of(state.status)},
                    {"ranks", state.ranks},
                    {"process", state.process},
                    {"started", state.started},
                    {"updated", state.updated},
                    {"seconds", state.seconds},
                    {"eta_seconds", state.eta_seconds},
                    {"units",
                     {{"total", state.units_total},
                      {"done", state.units_done},
                      {"failed", state.units_failed},
                      {"skipped", state.units_skipped},
                      {"running", state.units_running},
                      {"elsewhere", state.units_elsewhere}}},
                    {"units_by_kind", counts_by_kind(state.kinds)},
                    {"rates",
                     {{"units_per_second", state.units_per_second()},
                      {"images_per_second", state.images_per_second()},
                      {"idle_share", state.idle_share()}}},
                    {"forwards", state.forwards},
                    {"forwards_by",
                     {{"images", state.forwards_by.images},
                      {"turned", state.forwards_by.turned},
                      {"aligned", state.forwards_by.aligned}}},
                    {"forwards_saved", state.forwards_saved},
                    {"matrix_products", state.products},
                    {"rank_seconds", by_kind(state.kinds, &KindState::rank_seconds)},
                    {"model_seconds", by_kind(state.kinds, &KindState::model_seconds)},
                    {"stacks", state.stacks},
                    {"failures", state.failures},
                    {"troubles", state.troubles}};
    write_whole(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

RunState read_run_state(const std::filesystem::path& file) { return read_json(file, state_from); }

KindFactors speed_factors(const std::filesystem::path& file) {
    return read_json(file, [](const Json& json) {
        KindStates kinds{};
        read_seconds(json, kinds);
        KindFactors factors{};
        std::ranges::transform(kinds, factors.begin(), [](const KindState& kind) {
            return kind.model_seconds > 0 ? kind.rank_seconds / kind.model_seconds : 1;
        });
        return factors;
    });
}

std::vector<std::filesystem::path> state_files(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : entries_of(folder, error)) {
        const auto name = entry.path().filename().string();
        const bool ours = name.starts_with("run.") && name.ends_with(".json");
        if (ours && entry.is_regular_file(error)) { files.push_back(entry.path()); }
    }
    std::ranges::sort(files);
    return files;
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
