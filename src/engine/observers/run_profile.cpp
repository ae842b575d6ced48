#include "observers/run_profile.hpp"

#include <algorithm>
#include <iostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/timing.hpp"

namespace patchead {
namespace {

using Json = nlohmann::ordered_json;

const StageWork& of(const StageTally& stages, Stage stage) {
    return stages[static_cast<std::size_t>(stage)];
}

/// What of `seconds` no stage accounts for. Decoding is on another thread.
double other_seconds(double seconds, const StageTally& stages) {
    for (const auto& work : stages) { seconds -= work.seconds; }
    return std::max(0.0, seconds + of(stages, Stage::decode).seconds);
}

/// Share of the time of embedding in which the network was at work; 1 if there was none.
double forward_share(const StageTally& stages) {
    const double forward = of(stages, Stage::forward).seconds;
    const double both = forward + of(stages, Stage::wait).seconds;
    return both > 0 ? forward / both : 1;
}

Json to_json(const StageTally& stages, double seconds, double peak_gflops) {
    Json json;
    for (std::size_t i = 0; i < stages.size(); ++i) {
        const auto& work = stages[i];
        const double speed = per_second(work.flops * 1e-9, work.seconds);
        json[std::string(kStages[i].name)] = {{"seconds", work.seconds},
                                              {"flops", work.flops},
                                              {"bytes", work.bytes},
                                              {"gflops_per_second", speed},
                                              {"of_peak", per_second(speed, peak_gflops)}};
    }
    json["other"] = {{"seconds", other_seconds(seconds, stages)}};
    return json;
}

std::string line_of(std::string_view name, const StageWork& work, double all_seconds,
                    double peak_gflops) {
    const double speed = per_second(work.flops * 1e-9, work.seconds);
    return fmt::format("{:<10} {:>10.2f} {:>7.1f} % {:>12.1f} {:>10.1f} {:>8.0f} % {:>9.2f}\n",
                       name, work.seconds, 100 * per_second(work.seconds, all_seconds),
                       work.flops * 1e-9, speed, 100 * per_second(speed, peak_gflops),
                       per_second(work.bytes * 1e-9, work.seconds));
}

}  // namespace

void RunProfile::Part::add(double more, const StageTally& tally) {
    seconds += more;
    for (std::size_t i = 0; i < tally.size(); ++i) { stages[i].add(tally[i]); }
}

void RunProfile::add(int rank, std::size_t kind, double seconds, const StageTally& stages) {
    ranks_[rank][kind].add(seconds, stages);
}

RunProfile::Part RunProfile::sum() const {
    Part all;
    for (const auto& [rank, kinds] : ranks_) {
        for (const auto& part : kinds) { all.add(part.seconds, part.stages); }
    }
    return all;
}

std::string RunProfile::text(const RunTime& time) const {
    const auto all = sum();
    const double rank_seconds = time.seconds * time.ranks;
    auto text = fmt::format(
        "\nsgemm peak of a rank: {:.0f} GFLOP/s\n{:<10} {:>10} {:>9} {:>12} {:>10} {:>10} {:>9}\n",
        time.peak_gflops, "stage", "seconds", "of time", "GFLOP", "GFLOP/s", "of peak", "GB/s");
    for (std::size_t i = 0; i < all.stages.size(); ++i) {
        text += line_of(kStages[i].name, all.stages[i], rank_seconds, time.peak_gflops);
    }
    const double idle = std::max(0.0, rank_seconds - all.seconds);
    text += line_of("other", {other_seconds(all.seconds, all.stages), 0, 0}, rank_seconds, 0);
    text += line_of("idle", {idle, 0, 0}, rank_seconds, 0);
    text += fmt::format("the network was at work in {:.1f} % of the time of embedding\n",
                        100 * forward_share(all.stages));
    return text;
}

void RunProfile::write(const std::filesystem::path& file, const RunTime& time) const {
    const auto all = sum();
    Json json{{"seconds", time.seconds},
              {"ranks", time.ranks},
              {"sgemm_gflops_per_second", time.peak_gflops},
              {"idle_seconds", std::max(0.0, time.seconds * time.ranks - all.seconds)},
              {"forward_share", forward_share(all.stages)},
              {"stages", to_json(all.stages, all.seconds, time.peak_gflops)}};
    for (const auto& [rank, kinds] : ranks_) {
        Json one{{"rank", rank}};
        double busy = 0;
        for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
            busy += kinds[kind].seconds;
            one["kinds"][std::string(kUnitKinds[kind].name)] = {
                {"seconds", kinds[kind].seconds},
                {"stages", to_json(kinds[kind].stages, kinds[kind].seconds, time.peak_gflops)}};
        }
        one["busy_seconds"] = busy;
        one["idle_seconds"] = std::max(0.0, time.seconds - busy);
        json["by_rank"].push_back(std::move(one));
    }
    write_whole(file, json.dump(2) + "\n");
}

void ProfileObserver::ended(const EndedUnit& unit) {
    profile_.add(unit.outcome.rank, place_of(unit.unit.kind), unit.outcome.seconds,
                 unit.work.stages);
}

void ProfileObserver::finished(const RunState& state, const RunForecast& /*forecast*/) {
    const RunTime time{state.seconds, state.ranks, measure_sgemm_gflops()};
    profile_.write(file_, time);
    std::cerr << profile_.text(time);
}

}  // namespace patchead
