#include "run_files.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace patchead {
namespace {

std::filesystem::path named(const SweepOptions& options, const char* name) {
    const auto& task = options.engine.array_task;
    return options.output /
           (task.empty() ? fmt::format("{}.json", name) : fmt::format("{}.{}.json", name, task));
}

}  // namespace

std::filesystem::path state_file(const SweepOptions& options) { return named(options, "run"); }

std::filesystem::path trace_file(const SweepOptions& options) { return named(options, "trace"); }

std::filesystem::path profile_file(const SweepOptions& options) {
    return named(options, "profile");
}

std::filesystem::path log_file(const SweepOptions& options, int rank) {
    const auto& task = options.engine.array_task;
    return options.output / "logs" /
           (task.empty() ? fmt::format("rank-{:04}.log", rank) : fmt::format("task-{}.log", task));
}

std::string file_stem(std::string id) {
    std::ranges::replace(id, '/', '_');
    return id;
}

}  // namespace patchead
