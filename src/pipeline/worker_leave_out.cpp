#include "patchead/pipeline/worker.hpp"
#include "scores.hpp"
#include "unit_facts.hpp"

namespace patchead {

/// An image has no reference in itself, so its prompts are tests like any others.
void Worker::leave_out(std::size_t unit) {
    const auto& task = plan_.leave_outs[unit];
    const StageTimer timer(Stage::score);
    const auto facts = facts_->of({UnitKind::leave_out, unit});
    const auto tests = score_tests(store_, plan_, task, foreground_of(task));
    require_finite(tests.scores);
    store_.write(task.key, tests.scores, facts);
}

}  // namespace patchead
