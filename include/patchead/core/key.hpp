#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/digest.hpp"
#include "patchead/core/token_request.hpp"

/// \file
/// \brief Content-addressed names of artifacts.

namespace patchead {

/// What an artifact is called: its kind and everything that determines its content.
///
/// The digest is the SHA-256 of the canonical JSON of kind and fields (keys sorted, no spaces).
/// Two artifacts have one key if and only if they must have the same content; nothing that leaves
/// the content alone (rank, time, thread count, folder) belongs in a field.
///
/// Features may hold tokens of layers beside what the fields determine. These are in no field, and
/// in no key of what is made of the features alone: artifacts with more and with fewer tokens have
/// one digest, and different names.
class ArtifactKey {
  public:
    ArtifactKey() = default;
    ArtifactKey(std::string kind, std::map<std::string, std::string> fields);

    [[nodiscard]] const std::string& kind() const { return kind_; }
    [[nodiscard]] const std::string& json() const { return json_; }
    [[nodiscard]] const std::string& digest() const { return digest_; }
    [[nodiscard]] const TokenRequest& tokens() const { return tokens_; }
    /// Of its file, without extension: the digest, and the text of `tokens` after a point.
    [[nodiscard]] std::string name() const;

    /// The same artifact with these tokens, and with no others.
    [[nodiscard]] ArtifactKey with(TokenRequest tokens) const;

    bool operator==(const ArtifactKey& other) const {
        return digest_ == other.digest_ && tokens_ == other.tokens_;
    }

  private:
    std::string kind_;
    std::string json_;
    std::string digest_;
    TokenRequest tokens_;
};

/// One field's text for a list: the SHA-256 over the items, each led by its length.
class ListDigest {
  public:
    void add(std::string_view item);
    /// Nothing may be added afterwards.
    [[nodiscard]] std::string text() { return sha_.hex(); }

  private:
    Sha256 sha_;
};

/// The text of a list that is there as a whole.
[[nodiscard]] std::string digest_of(const std::vector<std::string>& items);

/// The shortest text that reads back as exactly `value`; the same on every machine.
[[nodiscard]] std::string exact_text(double value);

}  // namespace patchead
