#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "command.hpp"
#include "patchead/dist/run_tasks.hpp"

/// \file
/// \brief Options of the engine that runs a sweep. No number of the results depends on them.

namespace patchead {

struct EngineOptions {
    double grace_seconds = 0;  ///< When draining: until running units stop at safe points.
    Watch watch;
    bool verify = false;
    std::optional<std::uint64_t> store_limit;  ///< Bytes.
    bool trace = false;
    bool roofline = false;
    std::filesystem::path prometheus;  ///< Empty: none.
    /// One of several processes that share a sweep without MPI; empty: not so.
    std::string array_task;
};

void add_engine_options(po::options_description& options);
/// Throws ConfigError.
[[nodiscard]] EngineOptions parse_engine_options(const po::variables_map& values);
[[nodiscard]] const std::set<std::string>& engine_option_names();

}  // namespace patchead
