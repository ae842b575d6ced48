#include "query_times_file.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <system_error>
#include <utility>

#include <nlohmann/json.hpp>

#include "patchead/core/entries.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/engine/query_times.hpp"

namespace patchead::inline engine_detail {
namespace {

using TimesJson = nlohmann::ordered_json;

/// A time that was not measured is null.
TimesJson ms_json(double value) { return std::isnan(value) ? TimesJson() : TimesJson(value); }

double ms_from(const TimesJson& json) {
    return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

TimesJson json_of(const QueryTime& time) {
    return {{"backbone", time.backbone},
            {"image_size", time.image_size},
            {"setting", time.setting},
            {"shots", time.shots == kAllShots ? TimesJson(kAllShotsWord) : TimesJson(time.shots)},
            {"modules", time.modules},
            {"detector", time.detector},
            {"network_ms", ms_json(time.network_ms)},
            {"scoring_ms", ms_json(time.scoring_ms)},
            {"queries", time.queries},
            {"machine", time.machine}};
}

QueryTime time_from(const TimesJson& json) {
    QueryTime time;
    json.at("backbone").get_to(time.backbone);
    json.at("image_size").get_to(time.image_size);
    json.at("setting").get_to(time.setting);
    time.shots = json.at("shots") == kAllShotsWord ? kAllShots : json.at("shots").get<int>();
    json.at("modules").get_to(time.modules);
    json.at("detector").get_to(time.detector);
    time.network_ms = ms_from(json.at("network_ms"));
    time.scoring_ms = ms_from(json.at("scoring_ms"));
    json.at("queries").get_to(time.queries);
    json.at("machine").get_to(time.machine);
    return time;
}

std::vector<QueryTime> read_times(const std::filesystem::path& file) {
    std::vector<QueryTime> times;
    try {
        const auto whole = TimesJson::parse(read_text(file));
        for (const auto& json : whole.at("queries")) { times.push_back(time_from(json)); }
    } catch (const nlohmann::json::exception& error) {
        throw DataError(concat("cannot read '", file.string(), "' (", error.what(),
                               "); remove it, the tables then have no times"));
    }
    return times;
}

/// The times in `file`; none if it is not there or damaged: they are only clocks.
std::vector<QueryTime> times_before(const std::filesystem::path& file) {
    std::error_code error;
    if (!std::filesystem::exists(file, error)) { return {}; }
    try {
        return read_times(file);
    } catch (const DataError&) { return {}; }
}

}  // namespace

void add_query_times(const std::filesystem::path& file, std::vector<QueryTime> measured) {
    auto times = times_before(file);
    for (auto& time : measured) {
        const auto known = std::ranges::find_if(
            times, [&](const QueryTime& other) { return other.points() == time.points(); });
        if (known == times.end()) {
            times.push_back(std::move(time));
            continue;
        }
        if (std::isnan(time.network_ms) && known->machine == time.machine) {
            time.network_ms = known->network_ms;
        }
        *known = std::move(time);
    }
    TimesJson json{{"queries", TimesJson::array()}};
    for (const auto& time : times) { json["queries"].push_back(json_of(time)); }
    write_whole(file, json.dump(2, ' ', false, TimesJson::error_handler_t::replace) + "\n");
}

}  // namespace patchead::inline engine_detail

namespace patchead {

std::vector<QueryTime> read_query_times(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (const auto& entry : entries_of(folder, error)) {
        const auto name = entry.path().filename().string();
        if (name.starts_with("timings.") && name.ends_with(".json")) {
            files.push_back(entry.path());
        }
    }
    std::ranges::sort(files);
    std::vector<QueryTime> times;
    for (const auto& file : files) {
        auto more = read_times(file);
        times.insert(times.end(), more.begin(), more.end());
    }
    return times;
}

}  // namespace patchead
