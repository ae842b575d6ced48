#include "unit_runner.hpp"

#include <chrono>
#include <exception>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "patchead/engine/run_state.hpp"
#include "patchead/pipeline/made_units.hpp"
#include "patchead/ranks/run_tasks.hpp"
#include "run_files.hpp"

namespace patchead {
namespace {

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace

UnitRunner::UnitRunner(const EngineSettings& settings, const SweepPlan& plan, const Store& store,
                       int rank, Execute execute)
    : settings_(settings),
      plan_(plan),
      store_(store),
      execute_(std::move(execute)),
      claims_(store.root()),
      log_(log_file(settings, rank)),
      stop_at_(std::numeric_limits<double>::infinity()) {
    std::error_code ignored;
    std::filesystem::create_directories(log_.parent_path(), ignored);
}

WorkCount UnitRunner::run(const UnitRef& unit) {
    const auto* key = key_of(plan_, unit);
    if (key == nullptr || is_made(store_, plan_, unit)) { return run_logged(unit); }
    if (!claims_.take(*key)) { throw TaskBusy(); }
    try {
        auto work = run_logged(unit);
        claims_.give_back();
        return work;
    } catch (...) {
        claims_.give_back();
        throw;
    }
}

void UnitRunner::begin_draining() { stop_at_ = now() + settings_.grace_seconds; }

void UnitRunner::check() const {
    if (now() > stop_at_) { throw TaskInterrupted(); }
}

WorkCount UnitRunner::run_logged(const UnitRef& unit) {
    const auto start = now();
    try {
        auto work = execute_(unit);
        log_unit(unit, "done", now() - start);
        return work;
    } catch (const TaskInterrupted&) {
        log_unit(unit, "interrupted", now() - start);
        throw;
    } catch (const std::exception& error) {
        log_unit(unit, fmt::format("FAILED ({})", error.what()), now() - start);
        throw;
    }
}

/// A log that cannot be written is no reason to fail; what matters is in run.json.
void UnitRunner::log(const std::string& text) const {
    std::ofstream(log_, std::ios::app) << fmt::format("{} {}\n", utc_text(), text);
}

void UnitRunner::log_unit(const UnitRef& unit, const std::string& what, double seconds) const {
    log(fmt::format("{:8.2f} s  {}: {}", seconds, label_of(plan_, unit), what));
}

}  // namespace patchead
