/// \file
/// \brief `patchead store ls|gc|verify`: what is in a store, what can go, what is damaged.

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <span>

#include <fmt/format.h>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/parse_options.hpp"
#include "patchead/cache/claims.hpp"
#include "patchead/cache/maintenance.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/registry.hpp"

namespace patchead {
namespace {

/// Parses `STORE [options]`; nothing after `--help`.
std::optional<po::variables_map> parse(const Arguments& arguments, CommandSyntax syntax) {
    syntax.options.add_options()("store", po::value<std::string>()->required()->value_name("DIR"),
                                 "the store of sweeps");
    syntax.positional = "store";
    const auto parsed = parse_options(arguments, std::move(syntax));
    return parsed.help ? std::nullopt : std::optional(parsed.values);
}

/// Says what of a store could not be looked at; whether there was any.
bool print_unreadable(const StoreContent& content) {
    for (const auto& text : content.unreadable) { std::cerr << "patchead: " << text << "\n"; }
    return !content.unreadable.empty();
}

int list(const Arguments& arguments) {
    const auto values = parse(arguments, {"patchead store ls", "STORE",
                                          "Counts and sizes of what is in a store, by kind.\n"});
    if (!values) { return kExitDone; }
    const auto content = list_store((*values)["store"].as<std::string>());
    std::map<std::string, std::vector<StoredFile>> kinds;
    std::size_t width = 16;
    for (const auto& file : content.artifacts) {
        const auto name = file.tokens.empty() ? file.kind : file.kind + " " + file.tokens;
        kinds[name].push_back(file);
        width = std::max(width, name.size());
    }
    const auto print_row = [&](const std::string& name, auto files, const std::string& size) {
        fmt::print("{:<{}} {:>8} {:>12}\n", name, width, files, size);
    };
    const auto print = [&](const std::string& name, const std::vector<StoredFile>& files) {
        print_row(name, files.size(), size_text(total_bytes(files)));
    };
    print_row("kind", "files", "size");
    for (const auto& [kind, files] : kinds) { print(kind, files); }
    print("damaged", content.damaged);
    print("temporary", content.temporary);
    return print_unreadable(content) ? kExitFailures : kExitDone;
}

/// Removes `files` and says how much that gave.
void remove_files(const std::string& what, const std::vector<StoredFile>& files) {
    for (const auto& file : files) {
        std::error_code error;
        std::filesystem::remove(file.path, error);
        require<CacheError>(!error, "cannot remove '", file.path.string(), "' (", error.message(),
                            "); check the permissions");
    }
    fmt::print("removed {} {} ({})\n", files.size(), what, size_text(total_bytes(files)));
}

int collect_garbage(const Arguments& arguments) {
    po::options_description options("options");
    options.add_options()("limit", po::value<std::string>()->value_name("SIZE"),
                          "remove features, least recently used first, until the store is below "
                          "this, e.g. 500G; a sweep that needs them makes them again");
    const auto values = parse(
        arguments,
        {"patchead store gc", "STORE [options]",
         "Removes temporary files and claims of dead runs, and artifacts that were set aside as\n"
         "damaged. Sweeps may be at work in the store.\n",
         options});
    if (!values) { return kExitDone; }
    const std::filesystem::path store = (*values)["store"].as<std::string>();
    const auto before = list_store(store);
    const int code = print_unreadable(before) ? kExitFailures : kExitDone;
    const auto leftovers = remove_leftovers(store, kLongSilent);
    fmt::print("removed {} temporary files, kept {} of runs that may live\n", leftovers.removed,
               leftovers.kept);
    fmt::print("removed {} dead claims\n", remove_dead_claims(store));
    remove_files("damaged artifacts", before.damaged);
    if (values->count("limit") == 0) { return code; }
    const auto limit = parse_size("limit", (*values)["limit"].as<std::string>());
    auto features = before.artifacts;
    std::erase_if(features, [](const StoredFile& file) { return file.kind != "features"; });
    remove_files("feature blocks",
                 choose_evictions(features, total_bytes(before.artifacts), limit, {}));
    return code;
}

int verify(const Arguments& arguments) {
    const auto values = parse(
        arguments, {"patchead store verify", "STORE",
                    "Reads every artifact and compares all checksums. What is damaged is named and "
                    "set aside, so that\nthe next sweep makes it again; what cannot be read stays. "
                    "Exit code 76 if there was any.\n"});
    if (!values) { return kExitDone; }
    auto content = list_store((*values)["store"].as<std::string>());
    std::size_t damaged = 0;
    std::size_t unread = 0;
    for (const auto& file : content.artifacts) {
        try {
            const auto text = quarantine_if_damaged(file.path);
            if (text.empty()) { continue; }
            ++damaged;
            std::cout << text << "\n";
        } catch (const Error& error) {
            content.unreadable.emplace_back(error.what());
            ++unread;
        }
    }
    fmt::print("{} of {} ({}) read, {} damaged\n", content.artifacts.size() - unread,
               counted(content.artifacts.size(), "artifact"),
               size_text(total_bytes(content.artifacts)), damaged);
    return print_unreadable(content) || damaged > 0 ? kExitFailures : kExitDone;
}

constexpr auto kStoreCommands = std::to_array<Command>(
    {{"ls", list, "counts and sizes by kind"},
     {"gc", collect_garbage, "remove leftovers of dead runs, damaged artifacts, old features"},
     {"verify", verify, "compare all checksums, set damaged artifacts aside"}});

}  // namespace

int run_store(const Arguments& arguments) {
    if (wants_overview(arguments)) {
        std::cout << "usage: patchead store ls|gc|verify STORE [options]\n\n"
                  << summary_of(kStoreCommands)
                  << "\nEach has --help, and options can come from files: --config FILE.\n";
        return arguments.empty() ? kExitError : kExitDone;
    }
    return run_named(kStoreCommands, "command of patchead store", arguments);
}

}  // namespace patchead
