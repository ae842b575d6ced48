#include "patchead/cache/store.hpp"

#include <algorithm>
#include <chrono>
#include <system_error>
#include <thread>
#include <utility>

#include "alignments_file.hpp"
#include "artifact.hpp"
#include "detector_files.hpp"
#include "features_file.hpp"
#include "h5/output_file.hpp"
#include "matches_file.hpp"
#include "patchead/cache/describe.hpp"
#include "patchead/cache/maintenance.hpp"
#include "patchead/core/stages.hpp"
#include "result_file.hpp"
#include "serving.hpp"

#include <nlohmann/json.hpp>

namespace patchead {
namespace {

constexpr auto kFeatures = "features";
constexpr auto kMatches = "match";
constexpr auto kResult = "result";
constexpr auto kAlignments = "alignment";
constexpr auto kScores = "scores";

void write_artifact(const Store& store, const char* kind, const ArtifactKey& key,
                    const Provenance& provenance, const std::function<void(hid_t)>& fill) {
    std::map<std::string, std::string> header{
        {"kind", kind}, {"key", key.json()}, {"digest", key.digest()}};
    if (!key.tokens().empty()) { header["tokens"] = text_of(key.tokens()); }
    const auto write = [&](hid_t root) {
        const auto made = nlohmann::json(provenance)
                              .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
        header["provenance"] = made;
        h5::write_header(root, kArtifactFormat, kArtifactSchema, header);
        fill(root);
        h5::seal(root);
    };
    const auto path = store.path(key);
    if (auto* files = store.files()) {
        return files->put(path.string(), h5::write_bytes(path, write));
    }
    h5::write_file(path, write);
}

/// Gives the root of `path` to `body`.
template <class Body>
auto read_from(const Store& store, const std::filesystem::path& path, Body&& body) {
    if (const auto* files = store.files()) {
        const auto bytes = files->find(path.string());
        return read_held(path, bytes.get(), std::forward<Body>(body));
    }
    return read_h5(path, std::forward<Body>(body));
}

constexpr auto kFirstLook = std::chrono::milliseconds(10);
constexpr auto kLastLook = std::chrono::milliseconds(500);

/// What serves `asked`. What another machine has just made may be seen late, so it is looked for
/// again for a while: clients of NFS remember that a name was absent until somebody opens its
/// folder.
ArtifactKey served_by(const Store& store, const ArtifactKey& asked) {
    auto key = store.find(asked);
    for (auto pause = kFirstLook; !key && store.files() == nullptr && pause < kLastLook;
         pause *= 2) {
        std::this_thread::sleep_for(pause);
        std::error_code ignored;
        const std::filesystem::directory_iterator look(store.path(asked).parent_path(), ignored);
        key = store.find(asked);
    }
    return key.value_or(asked);
}

/// Gives the root of what serves `asked` to `body`.
template <class Body>
auto read_artifact(const Store& store, const char* kind, const ArtifactKey& asked, Body&& body) {
    const StageTimer timer(Stage::read);
    const auto key = served_by(store, asked);
    return read_from(store, store.path(key), [&](hid_t root) {
        auto header = h5::read_header(root, kArtifactFormat, kArtifactSchema);
        if (header["kind"] != kind) {
            throw h5::Failure(concat("it holds '", header["kind"], "', not '", kind, "'"));
        }
        if (header["key"] != key.json() || header["digest"] != key.digest()) {
            throw h5::Failure(concat("it holds the key ", header["key"], ", not ", key.json()));
        }
        if (header["tokens"] != text_of(key.tokens())) {
            throw h5::Failure(concat("it holds the tokens '", header["tokens"], "', not '",
                                     text_of(key.tokens()), "'"));
        }
        return body(root);
    });
}

}  // namespace

Store::Store(std::filesystem::path root)
    : root_(std::move(root)), serving_(std::make_shared<Serving>(nullptr)) {
    std::error_code error;
    std::filesystem::create_directories(root_, error);
    require<CacheError>(!error, "cannot make the store '", root_.string(), "' (", error.message(),
                        "); check the path and its permissions or choose another folder");
}

Store::Store(std::shared_ptr<HeldFiles> files)
    : files_(std::move(files)), serving_(std::make_shared<Serving>(files_)) {}

std::filesystem::path Store::path(const ArtifactKey& key) const {
    return root_ / key.kind() / key.digest().substr(0, 2) / key.name().append(kExtension);
}

std::optional<ArtifactKey> Store::find(const ArtifactKey& key) const {
    const auto own = path(key);
    if (key.kind() == kFeatures) { return serving_->find(own.parent_path(), key); }
    return serving_->has(own) ? std::optional(key) : std::nullopt;
}

void Store::choose(const ArtifactKey& key, TokenRequest tokens) const {
    serving_->choose(key, std::move(tokens));
}

std::filesystem::path Store::found_path(const ArtifactKey& key) const {
    return path(find(key).value_or(key));
}

bool Store::contains(const ArtifactKey& key) const { return find(key).has_value(); }

void Store::write(const ArtifactKey& key, const FeatureBlock& features, CacheType type,
                  const Provenance& provenance) const {
    const StageTimer timer(Stage::write);
    const auto* part = &features;
    write(
        key, features.ids, [&] { return std::exchange(part, nullptr); }, type, provenance);
}

void Store::write(const ArtifactKey& key, const std::vector<std::string>& ids,
                  const FeatureParts& next, CacheType type, const Provenance& provenance) const {
    const auto file = path(key);
    write_artifact(*this, kFeatures, key, provenance,
                   [&](hid_t root) { write_features(root, ids, next, type, key.tokens(), file); });
}

void Store::write(const ArtifactKey& key, const MatchTensor& matches,
                  const Provenance& provenance) const {
    const StageTimer timer(Stage::write);
    require<CacheError>(fits_itself(matches), "cannot write '", path(key).string(), "' (",
                        matches.similarity.size(), " similarities for ", shape_text(matches),
                        "); report this bug");
    write_artifact(*this, kMatches, key, provenance,
                   [&](hid_t root) { write_matches(root, matches); });
}

void Store::write(const ArtifactKey& key, const PointResult& result,
                  const Provenance& provenance) const {
    const StageTimer timer(Stage::write);
    require<CacheError>(
        result.anomalous.size() == result.ids.size() && result.scores.size() == result.ids.size(),
        "cannot write '", path(key).string(), "' (", result.ids.size(), " ids, ",
        result.anomalous.size(), " labels and ", result.scores.size(), " scores); report this bug");
    write_artifact(*this, kResult, key, provenance,
                   [&](hid_t root) { write_result(root, result); });
}

void Store::write(const ArtifactKey& key, const std::vector<Alignment>& alignments,
                  const Provenance& provenance) const {
    const StageTimer timer(Stage::write);
    write_artifact(*this, kAlignments, key, provenance,
                   [&](hid_t root) { write_alignments(root, alignments); });
}

void Store::write(const ArtifactKey& key, const NamedTensors& model,
                  const Provenance& provenance) const {
    const StageTimer timer(Stage::write);
    require<CacheError>(is_whole(model), "cannot write '", path(key).string(),
                        "' (an array has no axes, or not as many values); report this bug");
    write_artifact(*this, key.kind().c_str(), key, provenance,
                   [&](hid_t root) { write_model(root, model); });
}

void Store::write(const ArtifactKey& key, const PatchScores& scores,
                  const Provenance& provenance) const {
    const StageTimer timer(Stage::write);
    require<CacheError>(is_whole(scores), "cannot write '", path(key).string(),
                        "' (ids, patches and scores do not fit each other); report this bug");
    write_artifact(*this, kScores, key, provenance,
                   [&](hid_t root) { write_scores(root, scores); });
}

FeatureBlock Store::read_features(const ArtifactKey& key) const {
    return read_artifact(*this, kFeatures, key,
                         [](hid_t root) { return parse_features(root, std::nullopt); });
}

FeatureBlock Store::read_features(const ArtifactKey& key, std::span<const std::size_t> rows) const {
    return read_artifact(*this, kFeatures, key,
                         [&](hid_t root) { return parse_features(root, rows); });
}

FeatureBlock Store::read_with_tokens(const ArtifactKey& key, const TokenRequest& tokens,
                                     std::span<const std::size_t> rows) const {
    PATCHEAD_ASSERT(covers(key.tokens(), tokens));
    return read_artifact(*this, kFeatures, key,
                         [&](hid_t root) { return parse_features(root, rows, tokens); });
}

FeatureBlock Store::read_layer(const ArtifactKey& key, const TokenLayer& layer,
                               std::span<const std::size_t> rows) const {
    PATCHEAD_ASSERT(std::ranges::count(key.tokens().layers, layer) == 1);
    return read_artifact(*this, kFeatures, key,
                         [&](hid_t root) { return parse_layer(root, rows, layer); });
}

PrefixTokens Store::read_prefix(const ArtifactKey& key, const TokenLayer& layer,
                                std::span<const std::size_t> rows) const {
    PATCHEAD_ASSERT(std::ranges::count(key.tokens().layers, layer) == 1);
    return read_artifact(*this, kFeatures, key,
                         [&](hid_t root) { return parse_prefix(root, rows, layer); });
}

ImageTokens Store::read_image_tokens(const ArtifactKey& key,
                                     std::span<const std::size_t> rows) const {
    PATCHEAD_ASSERT(key.tokens().image);
    return read_artifact(*this, kFeatures, key,
                         [&](hid_t root) { return parse_image(root, rows); });
}

WindowTokens Store::read_windows(const ArtifactKey& key, int side, ImageRows rows) const {
    return read_artifact(*this, kFeatures, key,
                         [&](hid_t root) { return parse_windows(root, rows, side); });
}

std::vector<float> Store::read_attention(const ArtifactKey& key) const {
    return read_artifact(*this, kFeatures, key, parse_attention);
}

MatchTensor Store::read_matches(const ArtifactKey& key) const {
    return read_artifact(*this, kMatches, key, parse_matches);
}

NamedTensors Store::read_model(const ArtifactKey& key) const {
    return read_artifact(*this, key.kind().c_str(), key, parse_model);
}

ArrayShapes Store::read_model_shapes(const ArtifactKey& key) const {
    return read_artifact(*this, key.kind().c_str(), key, parse_model_shapes);
}

PatchScores Store::read_scores(const ArtifactKey& key) const {
    return read_artifact(*this, kScores, key, parse_scores);
}

PointResult Store::read_result(const ArtifactKey& key) const {
    return read_artifact(*this, kResult, key, parse_result);
}

Provenance Store::read_provenance(const ArtifactKey& key) const {
    return read_artifact(*this, key.kind().c_str(), key, provenance_in);
}

std::vector<std::string> Store::read_metric_names(const ArtifactKey& key) const {
    return read_from(*this, path(key),
                     [](hid_t root) { return h5::read_texts(root, "metrics/name"); });
}

std::vector<Alignment> Store::read_alignments(const ArtifactKey& key) const {
    return read_artifact(*this, kAlignments, key, parse_alignments);
}

std::filesystem::path Store::quarantine(const ArtifactKey& key) const {
    return patchead::quarantine(found_path(key));
}

std::optional<std::filesystem::path> Store::set_aside(const std::filesystem::path& file) {
    return is_there(file) ? std::optional(patchead::quarantine(file)) : std::nullopt;
}

}  // namespace patchead
