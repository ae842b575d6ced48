#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "backbone_options.hpp"
#include "command.hpp"
#include "engine_options.hpp"
#include "patchead/data/folder.hpp"
#include "patchead/pipeline/worker.hpp"
#include "patchead/plan/sweep_plan.hpp"

/// \file
/// \brief The options of `patchead sweep`, parsed and checked.

namespace patchead {

/// What the command line and the config files said.
struct SweepOptions {
    std::filesystem::path data_root;
    std::filesystem::path manifest;  ///< Empty: the data sets are indexed.
    UserFolders folders;             ///< Of data set "folder"; empty: it lies under the data root.
    std::vector<std::string> datasets;
    std::vector<std::string> categories;
    std::vector<std::string> backbones;
    WeightFiles weights;
    std::filesystem::path weights_dir;  ///< Holds files by published name.
    BackboneOptions backbone_options;
    std::string precision;
    std::filesystem::path prompts_file;  ///< Empty: sampled.
    std::filesystem::path store;
    std::filesystem::path output;
    std::string device;
    int threads = 1;
    ForwardOptions forward;
    std::size_t align_pictures = 0;
    EngineOptions engine;
    SweepSpec method;               ///< All but samples, backbones and prompts.
    std::vector<std::string> over;  ///< `patchead ablate` only.
    std::string config;  ///< Every option that can change a number, as lines `name = value`.
};

/// Arguments of `sweep`, or of `ablate`, which has them all and `--over`.
struct SweepCommandLine {
    std::string command;
    std::vector<std::string> arguments;
    std::vector<std::string> overrides;  ///< These win over the arguments and config files.
};

/// Nothing if `--help` was asked for (and printed). Throws ConfigError.
[[nodiscard]] std::optional<SweepOptions> parse_sweep_options(const SweepCommandLine& line);

}  // namespace patchead
