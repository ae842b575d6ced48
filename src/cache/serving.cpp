#include "serving.hpp"

#include <system_error>
#include <utility>

#include "artifact.hpp"
#include "patchead/core/entries.hpp"

namespace patchead::inline cache_detail {
namespace {

namespace fs = std::filesystem;

fs::path path_in(const fs::path& folder, const ArtifactKey& key) {
    return folder / key.name().append(kExtension);
}

/// The tokens of an artifact of that name, if it is one of `digest`.
std::optional<TokenRequest> tokens_in(const std::string& name, const std::string& digest) {
    if (!name.starts_with(digest) || !name.ends_with(kExtension)) { return std::nullopt; }
    std::string_view rest(name);
    rest.remove_prefix(digest.size());
    rest.remove_suffix(kExtension.size());
    if (rest.empty()) { return TokenRequest{}; }
    if (rest.front() != '.') { return std::nullopt; }
    rest.remove_prefix(1);
    return parse_token_request(rest);
}

/// Fewer layers are read faster by who reads all; the rest only makes the choice one.
bool is_better(const TokenRequest& one, const TokenRequest& other) {
    if (one.layers.size() != other.layers.size()) {
        return one.layers.size() < other.layers.size();
    }
    if (one.windows.size() != other.windows.size()) {
        return one.windows.size() < other.windows.size();
    }
    return text_of(one) < text_of(other);
}

}  // namespace

bool is_there(const fs::path& path) {
    std::error_code error;
    return fs::status(path, error).type() != fs::file_type::not_found;
}

bool Serving::has(const fs::path& path) const {
    return files_ ? files_->find(path.string()) != nullptr : is_there(path);
}

std::vector<std::string> Serving::names_in(const fs::path& folder) const {
    std::vector<std::string> names;
    if (files_) {
        for (const auto& [place, bytes] : files_->all()) {
            const fs::path file(place);
            if (file.parent_path() == folder) { names.push_back(file.filename().string()); }
        }
        return names;
    }
    std::error_code error;
    for (const auto& entry : entries_of(folder, error)) {
        names.push_back(entry.path().filename().string());
    }
    return names;
}

std::optional<TokenRequest> Serving::best_in(const fs::path& folder, const ArtifactKey& key) const {
    std::optional<TokenRequest> best;
    for (const auto& name : names_in(folder)) {
        const auto found = tokens_in(name, key.digest());
        if (!found || !covers(*found, key.tokens())) { continue; }
        if (!best || is_better(*found, *best)) { best = found; }
    }
    return best;
}

std::optional<ArtifactKey> Serving::find(const fs::path& folder, const ArtifactKey& key) {
    const std::scoped_lock lock(mutex_);
    const auto known = chosen_.find(key.name());
    if (known != chosen_.end()) {
        auto chosen = key.with(known->second);
        if (has(path_in(folder, chosen))) { return chosen; }
        chosen_.erase(known);
    }
    std::optional<TokenRequest> found;
    if (has(path_in(folder, key))) {
        found = key.tokens();
    } else {
        found = best_in(folder, key);
    }
    if (!found) { return std::nullopt; }
    chosen_[key.name()] = *found;
    return key.with(*found);
}

void Serving::choose(const ArtifactKey& key, TokenRequest tokens) {
    const std::scoped_lock lock(mutex_);
    chosen_[key.name()] = std::move(tokens);
}

}  // namespace patchead::inline cache_detail
