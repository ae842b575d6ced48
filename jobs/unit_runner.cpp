#include "unit_runner.hpp"

#include <chrono>
#include <exception>
#include <fstream>
#include <limits>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "patchead/dist/run_tasks.hpp"
#include "run_files.hpp"
#include "run_state.hpp"

namespace patchead {
namespace {

double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace

UnitRunner::UnitRunner(const SweepOptions& options, const SweepSpec& spec, const SweepPlan& plan,
                       const Store& store, int rank, Execute execute)
    : options_(options),
      spec_(spec),
      plan_(plan),
      store_(store),
      execute_(std::move(execute)),
      claims_(store.root()),
      log_(log_file(options, rank)),
      stop_at_(std::numeric_limits<double>::infinity()) {
    std::error_code ignored;
    std::filesystem::create_directories(log_.parent_path(), ignored);
}

std::string UnitRunner::run(const UnitRef& unit) {
    const auto* key = key_of(plan_, unit);
    if (key == nullptr || store_.contains(*key)) { return run_logged(unit); }
    if (!claims_.take(*key)) { throw TaskBusy(); }
    try {
        auto report = run_logged(unit);
        claims_.give_back();
        return report;
    } catch (...) {
        claims_.give_back();
        throw;
    }
}

void UnitRunner::begin_draining() { stop_at_ = now() + options_.engine.grace_seconds; }

void UnitRunner::check() const {
    if (now() > stop_at_) { throw TaskInterrupted(); }
}

std::string UnitRunner::run_logged(const UnitRef& unit) {
    const auto start = now();
    try {
        auto report = execute_(unit);
        log(unit, "done", now() - start);
        return report;
    } catch (const TaskInterrupted&) {
        log(unit, "interrupted", now() - start);
        throw;
    } catch (const std::exception& error) {
        log(unit, fmt::format("FAILED ({})", error.what()), now() - start);
        throw;
    }
}

/// A log that cannot be written is no reason to fail; what matters is in run.json.
void UnitRunner::log(const UnitRef& unit, const std::string& what, double seconds) const {
    std::ofstream(log_, std::ios::app) << fmt::format("{} {:8.2f} s  {}: {}\n", utc_text(), seconds,
                                                      label_of(spec_, plan_, unit), what);
}

}  // namespace patchead
