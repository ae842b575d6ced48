#include "engine_options.hpp"

#include <algorithm>

#include "patchead/cache/maintenance.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

double seconds(const po::variables_map& values, const char* name, int least) {
    const int value = values[name].as<int>();
    require<ConfigError>(value >= least, "option --", name, ": ", value,
                         " is too short; give seconds, at least ", least);
    return value;
}

/// It becomes a part of file names.
std::string array_task(const po::variables_map& values) {
    if (values.count("array-task") == 0) { return {}; }
    auto name = values["array-task"].as<std::string>();
    const auto is_plain = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_';
    };
    require<ConfigError>(!name.empty() && std::ranges::all_of(name, is_plain),
                         "option --array-task: '", name,
                         "' cannot be a part of a file name; give letters, digits, '-' and '_'");
    return name;
}

std::filesystem::path prometheus_file(const po::variables_map& values) {
    if (values.count("prometheus") == 0) { return {}; }
    const std::filesystem::path file = values["prometheus"].as<std::string>();
    require<ConfigError>(
        std::filesystem::is_directory(std::filesystem::absolute(file).parent_path()),
        "option --prometheus: '", file.string(),
        "' cannot be written (no such folder); make it first");
    return file;
}

}  // namespace

void add_engine_options(po::options_description& options) {
    auto add = options.add_options();
    add("grace", po::value<int>()->default_value(120)->value_name("SECONDS"),
        "after SIGTERM or SIGUSR1: how long running units may go on");
    add("silence", po::value<int>()->default_value(300)->value_name("SECONDS"),
        "a rank without a sign of life for so long is lost: the job ends as unfinished");
    add("unit-limit", po::value<int>()->default_value(7200)->value_name("SECONDS"),
        "so is one that is at one unit for so long");
    add("verify", po::bool_switch(),
        "first read every artifact of this sweep that is in the store; set damaged ones aside");
    add("store-limit", po::value<std::string>()->value_name("SIZE"),
        "keep the store below this, e.g. 500G: remove features that no unit of this sweep needs, "
        "least recently used first");
    add("trace", po::bool_switch(), "write a timeline of all ranks (Chrome trace format)");
    add("roofline", po::bool_switch(),
        "at the end print and write where the time went, by stage: seconds, FLOP, bytes, and the "
        "share of the speed of matrix products");
    add("prometheus", po::value<std::string>()->value_name("FILE"),
        "keep the state of the run there in Prometheus' text format");
    add("array-task", po::value<std::string>()->value_name("NAME"),
        "one of several processes without MPI that share this sweep by its store");
}

EngineOptions parse_engine_options(const po::variables_map& values) {
    EngineOptions options;
    options.grace_seconds = seconds(values, "grace", 0);
    options.watch = {seconds(values, "silence", 2), seconds(values, "unit-limit", 1)};
    options.verify = values["verify"].as<bool>();
    options.trace = values["trace"].as<bool>();
    options.roofline = values["roofline"].as<bool>();
    if (values.count("store-limit") > 0) {
        options.store_limit = parse_size("store-limit", values["store-limit"].as<std::string>());
    }
    options.prometheus = prometheus_file(values);
    options.array_task = array_task(values);
    return options;
}

const std::set<std::string>& engine_option_names() {
    static const auto names = [] {
        po::options_description options;
        add_engine_options(options);
        std::set<std::string> found;
        for (const auto& option : options.options()) { found.insert(option->long_name()); }
        return found;
    }();
    return names;
}

}  // namespace patchead
