#include "patchead/cache/maintenance.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <sstream>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>

#include "artifact.hpp"
#include "h5/checked_data.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr auto kUnits = std::to_array<std::string_view>({"", "K", "M", "G", "T", "P"});

/// Reads every data set; SliceReader compares the checksums.
void read_all(hid_t root) {
    for (const auto& name : h5::all_names(root)) {
        const h5::ObjectId object(H5Oopen(root, name.c_str(), H5P_DEFAULT), "object");
        if (H5Iget_type(object.id()) != H5I_DATASET) { continue; }
        const h5::SliceReader reader(h5::open_dataset(root, name));
        if (reader.slices() > 0 && !reader.has_checksums()) {
            throw h5::Failure(concat("data set ", name, " has no checksum"));
        }
        std::vector<std::byte> slice(reader.slice_bytes());
        for (std::size_t i = 0; i < reader.slices(); ++i) { reader.read(i, slice); }
    }
}

void require_own_key(hid_t root, const fs::path& artifact) {
    const auto header = h5::read_header(root, kArtifactFormat, kArtifactSchema);
    const auto digest = header.find("digest");
    const auto key = header.find("key");
    const auto tokens = header.find("tokens");
    const bool known = digest != header.end() && key != header.end();
    auto name = known ? digest->second : "";
    if (tokens != header.end()) { name.append(".").append(tokens->second); }
    if (!known || name != artifact.stem() || sha256(key->second) != digest->second) {
        throw h5::Failure("it holds another key than its name says");
    }
}

/// What the name of a file says after its digest: the text of a request of tokens.
std::string tokens_in(const std::string& name) {
    const auto begin = name.find('.') + 1;
    const auto end = name.find(kExtension, begin - 1);
    return begin < end && end != std::string::npos ? name.substr(begin, end - begin) : "";
}

StoredFile describe(const fs::directory_entry& entry, const fs::path& store) {
    const auto kind = entry.path().lexically_relative(store).begin()->string();
    return {entry.path(), kind, entry.file_size(), entry.last_write_time(),
            tokens_in(entry.path().filename().string())};
}

/// Where files of that name belong; null if they are none of the store's.
std::vector<StoredFile>* files_like(const fs::path& path, StoreContent& content) {
    if (path.filename().string().find(".tmp.") != std::string::npos) { return &content.temporary; }
    if (path.extension() == ".damaged") { return &content.damaged; }
    return path.extension() == ".h5" ? &content.artifacts : nullptr;
}

bool has_vanished(const std::error_code& error) {
    return error == std::errc::no_such_file_or_directory;
}

void add_unreadable(const fs::path& path, int error, StoreContent& content) {
    try {
        fail_to_read(path, error);
    } catch (const UnreadableError& trouble) { content.unreadable.emplace_back(trouble.what()); }
}

/// Of what is renamed or removed by somebody since it was listed, nothing is said.
void add_file(const fs::directory_entry& entry, const fs::path& store, StoreContent& content) {
    auto* files = files_like(entry.path(), content);
    if (files == nullptr) { return; }
    try {
        if (entry.is_directory()) {
            add_unreadable(entry.path(), EISDIR, content);
        } else if (entry.is_regular_file()) {
            files->push_back(describe(entry, store));
        }
    } catch (const fs::filesystem_error& error) {
        if (!has_vanished(error.code())) {
            add_unreadable(entry.path(), error.code().value(), content);
        }
    }
}

void add_folder(const fs::path& folder, const fs::path& store, StoreContent& content) {
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
        std::error_code unknown;  // Then it is said of it as of a file.
        const bool is_folder = at->is_directory(unknown) && !at->is_symlink(unknown);
        if (is_folder && files_like(at->path(), content) == nullptr) {
            add_folder(at->path(), store, content);
        } else {
            add_file(*at, store, content);
        }
    }
    if (error && !has_vanished(error)) { add_unreadable(folder, error.value(), content); }
}

}  // namespace

std::uint64_t total_bytes(const std::vector<StoredFile>& files) {
    std::uint64_t sum = 0;
    for (const auto& file : files) { sum += file.bytes; }
    return sum;
}

StoreContent list_store(const fs::path& store) {
    require<CacheError>(fs::is_directory(store), "there is no store '", store.string(),
                        "' (no such folder); give the --store of a sweep");
    StoreContent content;
    add_folder(store, store, content);
    for (auto* files : {&content.artifacts, &content.damaged, &content.temporary}) {
        std::ranges::sort(*files, {}, &StoredFile::path);
    }
    return content;
}

std::optional<std::string> find_damage(const fs::path& artifact) {
    try {
        return h5::read_file(artifact, [&](hid_t root) {
            require_own_key(root, artifact);
            read_all(root);
            return std::optional<std::string>();
        });
    } catch (const h5::SystemFailure& failure) {
        if (failure.error == ENOENT) { return std::nullopt; }  // Removed by somebody meanwhile.
        fail_to_read(artifact, failure.error);
    } catch (const h5::Failure& failure) { return failure.what(); }
}

fs::path quarantine(const fs::path& artifact) {
    auto aside = artifact;
    aside += ".damaged";
    std::error_code error;
    fs::rename(artifact, aside, error);
    require<CacheError>(!error || has_vanished(error), "cannot set aside '", artifact.string(),
                        "' (", error.message(), "); remove it by hand");
    return aside;
}

std::string quarantine_if_damaged(const fs::path& artifact) {
    const auto damage = find_damage(artifact);
    if (!damage) { return {}; }
    const auto aside = quarantine(artifact);
    return concat("damaged: ", artifact.string(), " (", *damage, "); set aside as ",
                  aside.filename().string());
}

void mark_used(const fs::path& artifact) { ::utimensat(AT_FDCWD, artifact.c_str(), nullptr, 0); }

std::uint64_t parse_size(const std::string& option, const std::string& text) {
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    std::string unit = end;
    if (unit.ends_with("iB")) { unit.resize(unit.size() - 2); }
    const auto place = std::ranges::find(kUnits, unit);
    require<ConfigError>(
        end != text.c_str() && place != kUnits.end() && number >= 0 && std::isfinite(number),
        "option --", option, ": '", text, "' is no size; give e.g. 500M, 20G or 1.5T");
    return static_cast<std::uint64_t>(
        number * std::pow(1024.0, static_cast<double>(place - kUnits.begin())));
}

std::string size_text(std::uint64_t bytes) {
    auto value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1024 && unit + 1 < kUnits.size()) {
        value /= 1024;
        ++unit;
    }
    std::ostringstream text;
    text.precision(value < 10 && unit > 0 ? 2 : value < 100 ? 3 : 4);
    text << value << " " << kUnits[unit] << (unit == 0 ? "B" : "iB");
    return text.str();
}

std::vector<StoredFile> choose_evictions(std::vector<StoredFile> candidates, std::uint64_t total,
                                         std::uint64_t limit, const std::set<fs::path>& needed) {
    std::erase_if(candidates, [&](const auto& file) { return needed.contains(file.path); });
    std::ranges::stable_sort(candidates, {}, &StoredFile::used);
    std::vector<StoredFile> chosen;
    for (auto& file : candidates) {
        if (total <= limit) { break; }
        total -= std::min(total, file.bytes);
        chosen.push_back(std::move(file));
    }
    return chosen;
}

}  // namespace patchead
