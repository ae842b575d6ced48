#include "observers/query_times.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "patchead/backbone/trial_network.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/detector_names.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/core/shots.hpp"
#include "patchead/plan/units.hpp"
#include "query_times_file.hpp"

namespace patchead::inline engine_detail {
namespace {

constexpr double kUntimed = std::numeric_limits<double>::quiet_NaN();
constexpr double kMilli = 1e3;

double seconds_of(const StageTally* stages, Stage stage) {
    return stages == nullptr ? kUntimed : (*stages)[static_cast<std::size_t>(stage)].seconds;
}

QueryTime labels_of(const SweepPlan& plan, const EvaluateUnit& unit) {
    QueryTime time;
    time.backbone = plan.spec.backbones[unit.backbone].name;
    time.image_size = std::to_string(unit.side_px);
    time.setting = setting_name(unit);
    time.shots = unit.asked_shots == kAllShots ? kAllShots : unit.shots;
    time.modules = name_of(unit.modules);
    time.detector = unit.detector == kPatchEad ? std::string(kPatchEadName)
                                               : plan.spec.detectors[unit.detector].name;
    return time;
}

/// Share of the references of a match unit that count at a point: shots are prefixes of them.
double wanted_share(const SweepPlan& plan, const EvaluateUnit& unit, const MatchUnit& match) {
    if (unit.shots == 0 || match.warped) { return 1; }
    return static_cast<double>(prompts_among(plan, unit, match)) /
           static_cast<double>(match.references.size());
}

}  // namespace

std::string machine_of(const SweepPlan& plan, int threads) {
    std::string device = "cpu";
    if (!plan.spec.backbones.empty()) {
        const auto& identity = plan.spec.backbones.front().identity;
        if (const auto found = identity.find("device"); found != identity.end()) {
            device = found->second;
        }
    }
    return concat(device_name(device), ", ", counted(static_cast<std::size_t>(threads), "thread"));
}

void QueryTimer::ended(const EndedUnit& unit) {
    if (unit.outcome.state != TaskState::done) { return; }
    units_[place_of(unit.unit.kind)][unit.unit.index] = unit.work.stages;
}

const StageTally* QueryTimer::timed(UnitKind kind, std::size_t unit) const {
    const auto& units = units_[place_of(kind)];
    const auto found = units.find(unit);
    return found == units.end() ? nullptr : &found->second;
}

double QueryTimer::network_ms(const EvaluateUnit& unit) const {
    double seconds = 0;
    double images = 0;
    for (const auto& [number, stages] : units_[place_of(UnitKind::embed)]) {
        const auto& embed = plan_.embeds[number];
        const bool is_of_it =
            !embed.copies && embed.backbone == unit.backbone && embed.side_px == unit.side_px;
        if (!is_of_it) { continue; }
        seconds += seconds_of(&stages, Stage::forward);
        images += static_cast<double>(embed.samples.size());
    }
    if (!(seconds > 0)) { return kUntimed; }
    double copies = 0;  // Made for each query.
    for (const auto& group : unit.matches) {
        for (const auto match : group) {
            if (!plan_.matches[match].warped) { continue; }
            copies += seconds_of(timed(UnitKind::match, match), Stage::forward);
        }
    }
    return kMilli * (seconds / images + copies / static_cast<double>(unit.tests.size()));
}

double QueryTimer::match_seconds(const EvaluateUnit& unit, std::size_t match) const {
    return wanted_share(plan_, unit, plan_.matches[match]) *
           seconds_of(timed(UnitKind::match, match), Stage::match);
}

double QueryTimer::scoring_seconds(std::size_t point) const {
    const auto& unit = plan_.evaluates[point];
    double seconds = seconds_of(timed(UnitKind::evaluate, point), Stage::score);
    for (const auto& group : unit.matches) {
        for (const auto match : group) { seconds += match_seconds(unit, match); }
    }
    for (const auto detect : unit.detects) {
        seconds += seconds_of(timed(UnitKind::detect, detect), Stage::match);
    }
    return seconds;
}

std::vector<QueryTime> QueryTimer::times() const {
    std::vector<QueryTime> times;
    for (std::size_t point = 0; point < plan_.evaluates.size(); ++point) {
        const auto& unit = plan_.evaluates[point];
        const double seconds = unit.fusion ? kUntimed : scoring_seconds(point);
        if (std::isnan(seconds)) { continue; }
        auto labels = labels_of(plan_, unit);
        const auto is_same = [&](const QueryTime& known) {
            return known.points() == labels.points();
        };
        auto found = std::ranges::find_if(times, is_same);
        if (found == times.end()) {
            labels.network_ms = network_ms(unit);
            labels.machine = machine_;
            found = times.insert(times.end(), std::move(labels));
        }
        found->scoring_ms += kMilli * seconds;  // Of all queries, until below.
        found->queries += unit.tests.size();
    }
    for (auto& time : times) { time.scoring_ms /= static_cast<double>(time.queries); }
    return times;
}

void QueryTimer::finished(const RunState& /*state*/, const RunForecast& /*forecast*/) {
    const auto measured = times();
    if (!measured.empty()) { add_query_times(file_, measured); }
}

}  // namespace patchead::inline engine_detail
