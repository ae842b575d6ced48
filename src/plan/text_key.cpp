#include "patchead/plan/text_key.hpp"

namespace patchead {
namespace {

/// Raise it when embeddings change for the same inputs.
constexpr const char* kTextSchema = "1";

}  // namespace

ArtifactKey text_key(const PlannedTexts& texts) {
    std::map<std::string, std::string> fields{{"schema", kTextSchema},
                                              {"vocabulary", texts.vocabulary},
                                              {"normal", digest_of(texts.normal)},
                                              {"anomalous", digest_of(texts.anomalous)}};
    for (const auto& [name, value] : texts.tower) { fields["tower." + name] = value; }
    return {"texts", std::move(fields)};
}

}  // namespace patchead
