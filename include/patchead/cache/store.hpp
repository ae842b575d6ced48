#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/cache/damaged_error.hpp"
#include "patchead/cache/held_files.hpp"
#include "patchead/cache/point_result.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/plain_tensor.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Artifacts on disk: one HDF5 file each, content-addressed, whole or absent.

namespace patchead {

/// Images of a block, by their places in it.
using ImageRows = std::span<const std::size_t>;

/// The next images of a block, valid until the next call; null if there are no more.
using FeatureParts = std::function<const FeatureBlock*()>;

inline namespace cache_detail {
class Serving;
}

/// A folder of artifacts: `<root>/<kind>/<first two hex digits>/<name of the key>.h5`.
///
/// Features may hold tokens of layers and images, which their names spell: one with more tokens
/// serves who asks for fewer, or for none. All that reads looks for such a one.
///
/// One writer per file, any number of readers; a file is written under a temporary name, checked
/// in, flushed and renamed, so existing means whole. Each data set carries the CRC-32C of its
/// bytes, verified when read. Layout: docs/results.md.
class Store {
  public:
    /// Makes the folder. Throws CacheError if that fails.
    explicit Store(std::filesystem::path root);
    /// A store of `files` in the memory of this process: the same in everything else.
    explicit Store(std::shared_ptr<HeldFiles> files);

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }
    [[nodiscard]] HeldFiles* files() const { return files_.get(); }
    /// Where the artifact with just the tokens of `key` belongs: where it is written.
    [[nodiscard]] std::filesystem::path path(const ArtifactKey& key) const;
    /// The artifact from which who asks for `key` is served, nothing if none is there: that one, or
    /// of features the one with the fewest layers more. It stays that one as long as it is there.
    [[nodiscard]] std::optional<ArtifactKey> find(const ArtifactKey& key) const;
    /// Lets that with `tokens` serve who asks for `key`, as long as it is there: on all ranks.
    void choose(const ArtifactKey& key, TokenRequest tokens) const;
    /// Where that lies which serves; if there is none, where it belongs.
    [[nodiscard]] std::filesystem::path found_path(const ArtifactKey& key) const;
    /// Whether there is one. True, too, if the system does not let us look: what
    /// may be there is not made again, and who reads it gets to know why it cannot be read.
    [[nodiscard]] bool contains(const ArtifactKey& key) const;

    /// All writers throw CacheError with the file, the reason and the mend (disk full, read-only,
    /// sizes that contradict each other; embeddings or attention that are not finite or, for fp16,
    /// beyond 65504).
    void write(const ArtifactKey& key, const FeatureBlock& features, CacheType type,
               const Provenance& provenance) const;
    /// The same for images `ids` that come in parts: at least one, all of one grid and channels.
    void write(const ArtifactKey& key, const std::vector<std::string>& ids,
               const FeatureParts& next, CacheType type, const Provenance& provenance) const;
    void write(const ArtifactKey& key, const MatchTensor& matches,
               const Provenance& provenance) const;
    void write(const ArtifactKey& key, const PointResult& result,
               const Provenance& provenance) const;
    void write(const ArtifactKey& key, const std::vector<Alignment>& alignments,
               const Provenance& provenance) const;
    /// A detector's model (or texts), and scores that it gave. Not those of `PatchScores::shapes`.
    void write(const ArtifactKey& key, const NamedTensors& model,
               const Provenance& provenance) const;
    void write(const ArtifactKey& key, const PatchScores& scores,
               const Provenance& provenance) const;

    /// All readers throw with the file, the reason and the mend: CacheError if the artifact is
    /// absent, DamagedError if it is of another kind, schema or key, truncated, or fails its
    /// checksum, UnreadableError if the system would not read it (no permission, too many open
    /// files, a disk or network that fails).
    [[nodiscard]] FeatureBlock read_features(const ArtifactKey& key) const;
    /// Only images `rows` of the block, in that order.
    [[nodiscard]] FeatureBlock read_features(const ArtifactKey& key, ImageRows rows) const;
    /// The same with `tokens`, which the key must ask for.
    [[nodiscard]] FeatureBlock read_with_tokens(const ArtifactKey& key, const TokenRequest& tokens,
                                                ImageRows rows) const;
    /// The same with the patches of `layer`, one that the key asks for, as embeddings.
    [[nodiscard]] FeatureBlock read_layer(const ArtifactKey& key, const TokenLayer& layer,
                                          ImageRows rows) const;
    /// Class tokens and registers of images `rows` at `layer`; no values if there are none.
    [[nodiscard]] PrefixTokens read_prefix(const ArtifactKey& key, const TokenLayer& layer,
                                           ImageRows rows) const;
    /// Embeddings of images `rows`, or of their windows of `side` patches, if the key has them.
    [[nodiscard]] ImageTokens read_image_tokens(const ArtifactKey& key, ImageRows rows) const;
    [[nodiscard]] WindowTokens read_windows(const ArtifactKey& key, int side, ImageRows rows) const;
    /// Only the attention, without touching the embeddings. Shape: `[n, L]`.
    [[nodiscard]] std::vector<float> read_attention(const ArtifactKey& key) const;
    [[nodiscard]] MatchTensor read_matches(const ArtifactKey& key) const;
    [[nodiscard]] std::vector<Alignment> read_alignments(const ArtifactKey& key) const;
    [[nodiscard]] NamedTensors read_model(const ArtifactKey& key) const;
    [[nodiscard]] ArrayShapes read_model_shapes(const ArtifactKey& key) const;
    [[nodiscard]] PatchScores read_scores(const ArtifactKey& key) const;
    [[nodiscard]] PointResult read_result(const ArtifactKey& key) const;
    /// How an artifact was made, without reading the rest of it.
    [[nodiscard]] Provenance read_provenance(const ArtifactKey& key) const;
    /// Names of the metrics in a result, without reading the rest of it.
    [[nodiscard]] std::vector<std::string> read_metric_names(const ArtifactKey& key) const;

    /// Renames a file that turned out to be damaged to `<file>.damaged`, so that the next run makes
    /// it again and the evidence stays (a file system may only have had a bad moment). Returns the
    /// new path. Throws CacheError.
    // NOLINTNEXTLINE(modernize-use-nodiscard): most callers only want the file gone.
    std::filesystem::path quarantine(const ArtifactKey& key) const;
    /// The same of that very file; nothing if it is not there.
    [[nodiscard]] static std::optional<std::filesystem::path> set_aside(
        const std::filesystem::path& file);

  private:
    std::filesystem::path root_;        ///< Empty: in memory.
    std::shared_ptr<HeldFiles> files_;  ///< Null: on a disk.
    std::shared_ptr<Serving> serving_;
};

/// What `read` gives of the artifact `key`. A damaged one is set aside, and the error says so;
/// whatever else goes wrong leaves it where it is.
template <class Read>
auto read_or_quarantine(const Store& store, const ArtifactKey& key, const Read& read) {
    const auto file = store.found_path(key);  // Another may serve once this one is gone.
    try {
        return read();
    } catch (const DamagedError& error) {
        const auto aside = Store::set_aside(file);
        if (!aside) { throw; }
        throw DamagedError(concat(error.what(), " [set aside as '", aside->filename().string(),
                                  "'; run the same command again]"));
    }
}

}  // namespace patchead
