#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "patchead/cache/store.hpp"
#include "patchead/pipeline/made_units.hpp"
#include "patchead/pipeline/worker.hpp"
#include "plan/toy_sweep.hpp"

/// A sweep over made-up images, and a worker that needs neither images nor networks.

namespace patchead {

/// Two points of one category: batch zero-shot and one shot.
inline SweepPlan toy_plan() {
    auto task = spec(4);
    task.grids = {{{}, {}, {224}, {0, 1}, {0}, {Modules{}}}};
    return make_plan(std::move(task));
}

/// Reads the inputs of a unit as a real worker does, and makes a small artifact of its kind.
class FakeWorker {
  public:
    /// Both must outlive it.
    FakeWorker(const SweepPlan& plan, const Store& store) : plan_(plan), store_(store) {}

    /// Called at the begin of every unit: may throw, wait or spoil something.
    std::function<void(const UnitRef&)> before = [](const UnitRef&) {};
    Provenance provenance{};          ///< Of what it writes.
    std::vector<UnitRef> executed{};  ///< In order.
    std::vector<UnitRef> made{};      ///< Those whose artifact was not there.

    WorkCount execute(const UnitRef& unit) {
        executed.push_back(unit);
        before(unit);
        const auto* key = key_of(plan_, unit);
        if (key == nullptr || is_made(store_, plan_, unit)) { return {}; }
        read_inputs(unit);
        made.push_back(unit);
        return write(unit, *key);
    }

    [[nodiscard]] long times_executed(const UnitRef& unit) const {
        return std::ranges::count(executed, unit);
    }

  private:
    void read_inputs(const UnitRef& unit) const {
        for (const auto embed : embeds_read_by(plan_, unit)) {
            const auto& key = plan_.embeds[embed].key;
            read_or_quarantine(store_, key, [&] { return store_.read_features(key); });
        }
        if (unit.kind != UnitKind::evaluate) { return; }
        for (const auto& group : plan_.evaluates[unit.index].matches) {
            const auto& key = plan_.matches[group.front()].key;
            read_or_quarantine(store_, key, [&] { return store_.read_matches(key); });
        }
    }

    WorkCount write(const UnitRef& unit, const ArtifactKey& key) const {
        WorkCount work;
        if (unit.kind == UnitKind::embed) {
            const auto ids = ids_of(plan_.embeds[unit.index].samples);
            const FeatureBlock block{{1, 2}, 1, ids, std::vector<float>(2 * ids.size(), 1), {}};
            store_.write(key, block, CacheType::fp16, provenance);
            work.forwards = ids.size();
        } else if (unit.kind == UnitKind::match) {
            const auto queries = ids_of(plan_.matches[unit.index].queries);
            const auto references = ids_of(plan_.matches[unit.index].references);
            const std::vector<float> similarity(2 * queries.size() * references.size(), 0.5F);
            store_.write(key, MatchTensor{{1, 2}, queries, references, similarity}, provenance);
            work.products = 1;
        } else {
            const auto& point = plan_.evaluates[unit.index];
            const auto tests = point.tests.size();
            store_.write(
                key,
                PointResult{metrics(), ids_of(point.tests), std::vector<std::uint8_t>(tests),
                            std::vector<float>(tests), ids_of(point.prompts)},
                provenance);
        }
        return work;
    }

    /// Those that the plan names, else one.
    [[nodiscard]] MetricSet metrics() const {
        if (plan_.spec.metric_names.empty()) { return {{"I-AUROC", 0.5, ""}}; }
        MetricSet set;
        for (const auto& name : plan_.spec.metric_names) { set.push_back({name, 0.5, ""}); }
        return set;
    }

    [[nodiscard]] std::vector<std::string> ids_of(const std::vector<std::size_t>& samples) const {
        std::vector<std::string> ids;
        for (const auto i : samples) { ids.push_back(plan_.spec.samples[i].id); }
        return ids;
    }

    [[nodiscard]] std::vector<std::string> ids_of(const std::vector<ImageRef>& images) const {
        std::vector<std::size_t> samples;
        for (const auto& image : images) {
            samples.push_back(plan_.embeds[image.embed].samples[image.row]);
        }
        return ids_of(samples);
    }

    const SweepPlan& plan_;
    const Store& store_;
};

}  // namespace patchead
