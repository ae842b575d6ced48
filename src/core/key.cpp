#include "patchead/core/key.hpp"

#include <array>
#include <charconv>

#include <nlohmann/json.hpp>

#include "patchead/core/digest.hpp"

namespace patchead {

ArtifactKey::ArtifactKey(std::string kind, std::map<std::string, std::string> fields)
    : kind_(std::move(kind)) {
    fields.emplace("kind", kind_);
    json_ = nlohmann::json(fields).dump();
    digest_ = sha256(json_);
}

std::string digest_of(const std::vector<std::string>& items) {
    Sha256 digest;
    for (const auto& item : items) {
        digest.update(std::to_string(item.size()) + ":");
        digest.update(item);
    }
    return digest.hex();
}

std::string exact_text(double value) {
    std::array<char, 40> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

}  // namespace patchead
