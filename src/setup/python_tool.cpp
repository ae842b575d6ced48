#include "patchead/setup/python_tool.hpp"

#include <cstdlib>
#include <iostream>
#include <optional>

#include "patchead/core/error.hpp"
#include "patchead/core/process.hpp"
#include "patchead/core/shipped.hpp"

namespace patchead {
namespace {

using Words = std::vector<std::string>;

/// Says nothing but its exit code: 0 if it finds every module that it is asked for.
constexpr char kFindModules[] =
    "import importlib.util as u, sys; "
    "sys.exit(any(u.find_spec(name) is None for name in sys.argv[1:]))";

/// Empty: there is no such program.
std::optional<bool> has_modules(const std::string& python, const Words& modules) {
    Words command{python, "-c", kFindModules};
    command.insert(command.end(), modules.begin(), modules.end());
    try {
        return run_program(command) == 0;
    } catch (const ConfigError&) { return std::nullopt; }
}

}  // namespace

std::string find_python(const Words& modules) {
    Words pythons{"python3", "/usr/bin/python3"};
    if (const char* named = std::getenv("PATCHEAD_PYTHON"); named != nullptr && *named != '\0') {
        pythons.insert(pythons.begin(), named);
    }
    std::string bare;
    std::string tried;
    for (const auto& python : pythons) {
        tried += (tried.empty() ? "" : ", ") + python;
        const auto has_all = has_modules(python, modules);
        if (has_all == true) { return python; }
        if (has_all && bare.empty()) { bare = python; }
    }
    require<ConfigError>(!bare.empty(), "there is no Python here (tried: ", tried,
                         "); install one, or name it with --python or PATCHEAD_PYTHON");
    return bare;
}

void run_python_tool(const std::string& script, const Words& arguments,
                     const std::string& given_python, const Words& modules,
                     const std::string& outcome) {
    const auto file = find_shipped("analysis", script);
    require<ConfigError>(!file.empty(), outcome, " ('analysis/", script, "' is not at hand); ",
                         kNotShipped);
    const auto python = given_python.empty() ? find_python(modules) : given_python;
    std::cerr << "note: " << script << " is run by " << python << "\n";
    Words command{python, file.string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    std::cout << std::flush;
    require<ConfigError>(run_program(command) == 0, outcome, " (see above; the tables are done); ",
                         "mend the cause and run the same command again");
}

}  // namespace patchead
