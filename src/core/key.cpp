#include "patchead/core/key.hpp"

#include <array>
#include <charconv>
#include <utility>

#include <nlohmann/json.hpp>

namespace patchead {

ArtifactKey::ArtifactKey(std::string kind, std::map<std::string, std::string> fields)
    : kind_(std::move(kind)) {
    fields.emplace("kind", kind_);
    json_ = nlohmann::json(fields).dump();
    digest_ = sha256(json_);
}

std::string ArtifactKey::name() const {
    auto name = digest_;
    if (!tokens_.empty()) { name.append(".").append(text_of(tokens_)); }
    return name;
}

ArtifactKey ArtifactKey::with(TokenRequest tokens) const {
    auto key = *this;
    key.tokens_ = std::move(tokens);
    return key;
}

void ListDigest::add(std::string_view item) {
    sha_.update(std::to_string(item.size()) + ":");
    sha_.update(item);
}

std::string digest_of(const std::vector<std::string>& items) {
    ListDigest list;
    for (const auto& item : items) { list.add(item); }
    return list.text();
}

std::string exact_text(double value) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

}  // namespace patchead
