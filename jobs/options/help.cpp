#include "options/parse_options.hpp"

#include <algorithm>
#include <iostream>
#include <string_view>

namespace patchead {
namespace {

bool has(const std::vector<std::string>& arguments, std::string_view word) {
    return std::ranges::count(arguments, word) > 0;
}

/// The essential ones of `syntax.options`, in their order.
po::options_description essential_options(const CommandSyntax& syntax) {
    po::options_description shown("most used options");
    for (const auto& option : syntax.options.options()) {
        if (has(syntax.essential, option->long_name())) { shown.add(option); }
    }
    return shown;
}

void list_options(const CommandSyntax& syntax) {
    for (const auto& option : syntax.options.options()) {
        const bool takes_value = option->semantic()->max_tokens() > 0;
        auto help = option->description();
        std::ranges::replace(help, '\n', ' ');  // A line each.
        std::cout << "--" << option->long_name() << "\t"
                  << (takes_value ? option->format_parameter() : "") << "\t" << help << "\n";
    }
}

}  // namespace

bool print_help(const std::vector<std::string>& arguments, const CommandSyntax& syntax) {
    if (has(arguments, kListOptions)) {
        list_options(syntax);
        return true;
    }
    if (!asks_for_help(arguments)) { return false; }
    std::cout << "usage: " << syntax.command << " " << syntax.arguments << "\n\n"
              << syntax.details << "\n";
    if (syntax.essential.empty() || has(arguments, "--help-all")) {
        std::cout << syntax.options;
    } else {
        std::cout << essential_options(syntax) << "\nAll " << syntax.options.options().size()
                  << " options: " << syntax.command << " --help-all\n";
    }
    if (!syntax.examples.empty()) { std::cout << "\nexamples:\n" << syntax.examples; }
    return true;
}

bool asks_for_help(const std::vector<std::string>& arguments) {
    return has(arguments, "--help") || has(arguments, "-h") || has(arguments, "--help-all");
}

}  // namespace patchead
