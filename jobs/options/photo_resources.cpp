#include "options/photo_resources.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "patchead/engine/engine_settings.hpp"

namespace patchead {
namespace {

bool is_of_photos(const EngineOption& option) {
    static const std::vector<std::string> names{"device", "threads", "forward-memory",
                                                "forward-batch", "decode-threads"};
    return std::ranges::count(names, option.name) > 0;
}

}  // namespace

po::options_description photo_resource_group() {
    po::options_description group("run");
    for (const auto& option : engine_options()) {
        if (!is_of_photos(option)) { continue; }
        add_row(group, {option.name, option.shown, option.help, OptionRow::Kind::text,
                        option.default_text});
    }
    return group;
}

Resources read_photo_resources(const po::variables_map& values) {
    EngineSettings settings;
    for (const auto& option : engine_options()) {
        if (is_of_photos(option)) { option.set(settings, text_of(values, option.name)); }
    }
    return settings.resources();
}

}  // namespace patchead
