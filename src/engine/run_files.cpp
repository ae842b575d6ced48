#include "run_files.hpp"

#include <fmt/format.h>

namespace patchead::inline engine_detail {
namespace {

std::filesystem::path named(const EngineSettings& settings, const char* name) {
    const auto& task = settings.array_task;
    return settings.output /
           (task.empty() ? fmt::format("{}.json", name) : fmt::format("{}.{}.json", name, task));
}

}  // namespace

std::filesystem::path trace_file(const EngineSettings& settings) {
    return named(settings, "trace");
}

std::filesystem::path timings_file(const EngineSettings& settings) {
    return named(settings, "timings");
}

std::filesystem::path profile_file(const EngineSettings& settings) {
    return named(settings, "profile");
}

std::filesystem::path log_file(const EngineSettings& settings, int rank) {
    const auto& task = settings.array_task;
    return settings.output / "logs" /
           (task.empty() ? fmt::format("rank-{:04}.log", rank) : fmt::format("task-{}.log", task));
}

}  // namespace patchead::inline engine_detail

namespace patchead {

std::filesystem::path state_file(const EngineSettings& settings) { return named(settings, "run"); }

}  // namespace patchead
