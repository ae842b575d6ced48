#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/options.hpp"
#include "patchead/core/plain_tensor.hpp"
#include "patchead/core/types.hpp"

/// \file
/// \brief Artifacts on disk: one HDF5 file each, content-addressed, whole or absent.

namespace patchead {

/// A file that could be read to its end and is not what was written. Only such a file is ever set
/// aside: one that the system would not read (UnreadableError) may be whole.
struct DamagedError : CacheError {
    using CacheError::CacheError;
};

/// Facts about how an artifact was made (versions, weights, durations); not part of its content.
using Provenance = std::map<std::string, std::string>;

/// The outcome of one ablation point on one category.
struct PointResult {
    MetricSet metrics;
    std::vector<std::string> ids;         ///< Of the test images, in order.
    std::vector<std::uint8_t> anomalous;  ///< Labels by folder.
    std::vector<float> scores;            ///< Image scores S.
    std::vector<std::string> references;  ///< Ids of the prompts (few-shot), else empty.
    Provenance made_with{};               ///< Of one that was read: how it was made.
};

/// The next images of a block, valid until the next call; null if there are no more.
using FeatureParts = std::function<const FeatureBlock*()>;

/// A folder of artifacts: `<root>/<kind>/<first two hex digits>/<digest>.h5`.
///
/// One writer per file, any number of readers; a file is written under a temporary name, checked
/// in, flushed and renamed, so existing means whole. Each data set carries the CRC-32C of its
/// bytes, verified when read. Layout: docs/results.md.
class Store {
  public:
    /// Makes the folder. Throws CacheError if that fails.
    explicit Store(std::filesystem::path root);

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }
    [[nodiscard]] std::filesystem::path path(const ArtifactKey& key) const;
    /// Whether there is something at its path. True, too, if the system does not let us look: what
    /// may be there is not made again, and who reads it gets to know why it cannot be read.
    [[nodiscard]] bool contains(const ArtifactKey& key) const;

    /// All writers throw CacheError with the file, the reason and the mend (disk full, read-only,
    /// sizes that contradict each other; embeddings or attention that are not finite or, for fp16,
    /// beyond 65504).
    void write(const ArtifactKey& key, const FeatureBlock& features, CacheType type,
               const Provenance& provenance) const;
    /// The same for the images `ids` of a block that comes in parts: at least one, all of the same
    /// grid and channels.
    void write(const ArtifactKey& key, const std::vector<std::string>& ids,
               const FeatureParts& next, CacheType type, const Provenance& provenance) const;
    void write(const ArtifactKey& key, const MatchTensor& matches,
               const Provenance& provenance) const;
    void write(const ArtifactKey& key, const PointResult& result,
               const Provenance& provenance) const;

    void write(const ArtifactKey& key, const std::vector<Alignment>& alignments,
               const Provenance& provenance) const;

    /// A detector's model, and scores that it gave. Not those of `PatchScores::shapes`.
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
    [[nodiscard]] FeatureBlock read_features(const ArtifactKey& key,
                                             std::span<const std::size_t> rows) const;
    /// Only the attention, without touching the embeddings. Shape: `[n, L]`.
    [[nodiscard]] std::vector<float> read_attention(const ArtifactKey& key) const;
    [[nodiscard]] MatchTensor read_matches(const ArtifactKey& key) const;
    [[nodiscard]] std::vector<Alignment> read_alignments(const ArtifactKey& key) const;
    [[nodiscard]] NamedTensors read_model(const ArtifactKey& key) const;
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

  private:
    std::filesystem::path root_;
};

/// What `read` gives of the artifact `key`. A damaged one is set aside, and the error says so;
/// whatever else goes wrong leaves it where it is.
template <class Read>
auto read_or_quarantine(const Store& store, const ArtifactKey& key, const Read& read) {
    try {
        return read();
    } catch (const DamagedError& error) {
        if (!store.contains(key)) { throw; }
        const auto aside = store.quarantine(key);
        throw DamagedError(concat(error.what(), " [set aside as '", aside.filename().string(),
                                  "'; run the same command again]"));
    }
}

/// What is in an artifact, a results file or any HDF5 file: attributes, data sets with shape and
/// type, checksum state, and a few numbers of each. Text for a terminal.
/// Throws CacheError if `file` is no HDF5 file.
[[nodiscard]] std::string describe_file(const std::filesystem::path& file);

/// Version of the HDF5 library.
[[nodiscard]] std::string hdf5_version();

}  // namespace patchead
