/// \file
/// \brief `patchead backbones`: which networks there are, which of their files are here.

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>

#include "commands.hpp"
#include "exit_codes.hpp"
#include "options/backbone_options.hpp"
#include "options/parse_options.hpp"
#include "patchead/backbone/backbone.hpp"
#include "patchead/core/counted.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/setup/checkpoint_facts.hpp"
#include "patchead/setup/weights_file.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

std::optional<fs::path> found_file(const BackboneEntry& entry, const WeightFiles& given,
                                   const fs::path& folder) {
    if (given.contains(entry.name)) { return find_weights(entry, given, folder); }
    try {
        return find_weights(entry, {}, folder);
    } catch (const WeightsError&) { return std::nullopt; }
}

std::string numbers(const std::array<float, 3>& values) {
    return concat(values[0], " ", values[1], " ", values[2]);
}

void print_line(const char* label, const std::string& text) {
    std::printf("  %-10s %s\n", label, text.c_str());
}

/// What the table knows of it; the file of a module says more when it is loaded.
std::string network_size(const BackboneEntry& entry) {
    std::string text;
    if (entry.dim > 0) {
        text = concat(", ", counted(static_cast<std::size_t>(entry.depth), "block"), " of ",
                      entry.dim, " channels");
    }
    return entry.patch_px > 0 ? concat(text, ", ", entry.patch_px, " px patches") : text;
}

std::uintmax_t size_of(const fs::path& file) {
    std::error_code ignored;  // Of a folder, say; that is told when it is loaded.
    const auto size = fs::file_size(file, ignored);
    return ignored ? 0 : size;
}

void print_entry(const BackboneEntry& entry, const std::optional<fs::path>& file) {
    std::printf("%s (%s)\n", entry.name.c_str(), entry.title.c_str());
    print_line("network", concat("family ", entry.family, network_size(entry)));
    print_line("input", concat(entry.image_px, entry.fixed_size ? " px only, " : " px by default, ",
                               entry.bicubic ? "bicubic" : "bilinear", ", mean ",
                               numbers(entry.mean), ", std ", numbers(entry.std)));
    print_line("licence", entry.licence);
    print_line("file", concat(entry.file, " from ", entry.source));
    if (entry.bytes > 0) { print_line("", concat("tensors of ", entry.bytes, " bytes")); }
    if (!entry.sha256.empty()) { print_line("", concat("SHA-256 begins with ", entry.sha256)); }
    print_line("found", file ? concat(file->string(), " (", size_of(*file), " bytes)") : "no");
}

/// Loads the file; whether it is a good one of this backbone.
bool check(const BackboneEntry& entry, const fs::path& file, const fs::path& vocabulary) {
    try {
        for (const auto& [label, text] : describe_checkpoint(entry, file, vocabulary)) {
            print_line(label.c_str(), text);
        }
    } catch (const Error& error) {
        print_line("FAILED", printable(error.what()));
        return false;
    }
    const auto digest = sha256_file(file);
    print_line("SHA-256", digest);
    // Other layouts are other files, so another digest is no fault.
    if (!entry.sha256.empty() && !digest.starts_with(entry.sha256)) {
        print_line("note", "not the published file byte by byte (another layout or version?)");
    }
    return true;
}

std::vector<BackboneEntry> entries_of(const std::vector<std::string>& names) {
    std::vector<BackboneEntry> entries;
    entries.reserve(names.size());
    for (const auto& name : names) { entries.push_back(find_backbone(name)); }
    if (names.empty()) { entries.assign(backbones().begin(), backbones().end()); }
    return entries;
}

}  // namespace

int run_backbones(const Arguments& arguments) {
    std::string folder;
    std::string vocabulary;
    bool load = false;
    po::options_description options("options");
    options.add_options()("weights-dir", po::value(&folder)->value_name("DIR"),
                          "folder with checkpoints: under their published names, or as "
                          "NAME.safetensors, NAME.pth")(
        "weights", po::value<std::vector<std::string>>()->multitoken()->value_name("NAME=FILE..."),
        "checkpoint file of a backbone")(
        "backbone", po::value<std::vector<std::string>>()->multitoken()->value_name("NAME..."),
        "only these; or FAMILY:FILE, torchscript:PATH, pt2:PATH")(
        "vocabulary", po::value(&vocabulary)->value_name("PATH"),
        "of text towers, or a folder with one; otherwise beside each checkpoint")(
        "check", po::bool_switch(&load), "load each file that is found, print its digest");
    const auto parsed = parse_options(
        arguments,
        {"patchead backbones", "[--backbone NAME...] [--weights-dir DIR] [--check]",
         "Lists the named backbones, where their weights come from and which are here. With "
         "--check\nexit code 1 if a file that is here is not what it should be.\n",
         options});
    if (parsed.help) { return kExitDone; }
    require<ConfigError>(folder.empty() || fs::is_directory(folder), "--weights-dir '", folder,
                         "' is no folder; give the folder that holds the checkpoints");
    const auto weights = parse_weights(words(parsed.values, "weights"));
    const auto entries = entries_of(words(parsed.values, "backbone"));
    for (const auto& [name, file] : weights) {
        require<ConfigError>(std::ranges::count(entries, name, &BackboneEntry::name) > 0,
                             "option --weights: '", name, "' is none of the backbones listed here");
    }
    bool good = true;
    for (const auto& entry : entries) {
        const auto file = found_file(entry, weights, folder);
        print_entry(entry, file);
        if (load && file) { good = check(entry, *file, vocabulary) && good; }
        std::printf("\n");
    }
    return good ? kExitDone : kExitError;
}

}  // namespace patchead
