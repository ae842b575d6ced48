#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "patchead/pipeline/sweep_inputs.hpp"

/// \file
/// \brief How and where a sweep runs. No number of the results depends on it.

namespace patchead {

/// One member a line of engine/engine_options.def, where the help says what each is.
struct EngineSettings {
#define PATCHEAD_ENGINE_OPTION(group, type, member, initial, ...) type member = initial;
#include "patchead/engine/engine_options.def"

    int lost_rank_code = 1;  ///< Exit code of a job that is aborted because a rank is lost.

    /// What each rank computes with.
    [[nodiscard]] Resources resources() const;
};

/// An option of the engine, for what parses and prints it.
struct EngineOption {
    std::string group;         ///< "run" or "engine".
    std::string name;          ///< Without the dashes.
    std::string shown;         ///< What stands for its value in --help; empty: a switch.
    std::string default_text;  ///< Empty: none.
    bool is_required = false;
    std::string help;
    /// Throws ConfigError that names option, text and mend.
    std::function<void(EngineSettings& settings, const std::string& text)> set;
};

/// Every option, in the order of --help.
[[nodiscard]] std::span<const EngineOption> engine_options();

}  // namespace patchead
