#include <algorithm>

#include <nlohmann/json.hpp>

#include "patchead/setup/selftest_rates.hpp"

namespace patchead {
namespace {

using Json = nlohmann::ordered_json;

const char* verdict_json(CheckVerdict verdict) {
    switch (verdict) {
        case CheckVerdict::passed:
            return "passed";
        case CheckVerdict::warned:
            return "warning";
        case CheckVerdict::failed:
            return "failed";
        case CheckVerdict::not_checked:
            break;
    }
    return "not checked";
}

Json to_json(const SelftestCheck& check) {
    return {{"name", check.name},
            {"verdict", verdict_json(check.verdict)},
            {"found", check.found},
            {"mend", check.mend}};
}

Json to_json(const Rate& rate) {
    return {{"precision", rate.precision},
            {"batch", rate.batch},
            {"images_per_second", rate.images_per_second},
            {"gflops", rate.gflops},
            {"peak_gflops", rate.peak_gflops > 0 ? Json(rate.peak_gflops) : Json()}};
}

Json speed_of(const SelftestRates& rates) {
    Json forward = Json::object();
    for (const auto& rate : rates.rates) {
        forward[rate.precision] = std::max(rate.gflops, forward.value(rate.precision, 0.0));
    }
    return {{"forward_gflops", forward},
            {"match_gflops", rates.match_gflops},
            {"sgemm_gflops", rates.sgemm_gflops},
            {"pixels_per_second", rates.pixels_per_second}};
}

}  // namespace

std::string to_json(const std::map<std::string, std::string>& facts, int ranks,
                    const std::vector<SelftestCheck>& checks, const SelftestRates& rates) {
    const auto& request = rates.request;
    Json json{{"selftest", 1},
              {"verdict", passed(checks) ? "passed" : "failed"},
              {"device", request.device},
              {"device_name", rates.device_name},
              {"threads", request.threads},
              {"ranks", ranks},
              {"facts", facts}};
    for (const auto& check : checks) { json["checks"].push_back(to_json(check)); }
    json["network"] = request.network;
    json["side_px"] = request.side_px;
    json["peak_source"] = rates.peak_source;
    for (const auto& rate : rates.rates) { json["rates"].push_back(to_json(rate)); }
    json["speed"] = speed_of(rates);
    return json.dump(2) + "\n";
}

}  // namespace patchead
