#include "options/photo_groups.hpp"

#include <algorithm>
#include <iterator>

#include "options/photo_method.hpp"
#include "patchead/engine/engine_settings.hpp"

namespace patchead {
namespace {

const std::vector<std::string> kEngineOptions{"device", "threads", "forward-memory", "forward-batch",
                              "decode-threads"};

bool is_taken(const EngineOption& option) {
    return std::ranges::count(kEngineOptions, option.name) > 0;
}

po::options_description resource_group() {
    po::options_description group("run");
    for (const auto& option : engine_options()) {
        if (!is_taken(option)) { continue; }
        add_row(group,
                {option.name, option.shown, option.help, OptionRow::Kind::text, option.default_text});
    }
    return group;
}

}  // namespace

Resources read_photo_resources(const po::variables_map& values) {
    EngineSettings settings;
    for (const auto& option : engine_options()) {
        if (is_taken(option)) { option.set(settings, text_of(values, option.name)); }
    }
    return settings.resources();
}

CommandSyntax with_photo_groups(CommandSyntax syntax, const std::vector<OptionRow>& rows) {
    syntax.options.add(group_of("photos", rows));
    syntax.options.add(photo_method_group());
    syntax.options.add(resource_group());
    for (const auto& row : rows) { syntax.essential.push_back(row.name); }
    std::ranges::copy(essential_photo_options(), std::back_inserter(syntax.essential));
    return syntax;
}

}  // namespace patchead
