#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// \file
/// \brief What `patchead fit` leaves: everything that scores of new photos are made from, in one
/// file.

namespace patchead {

/// A normal photo that a model is made of.
struct ModelPhoto {
    std::string name;    ///< Of its file, without folders.
    std::string digest;  ///< As `Sample::digest`.
    int height = 0;      ///< As it is seen.
    int width = 0;
    /// Of its file, where scores are made from its pixels again; null: they are not.
    std::shared_ptr<const std::string> bytes{};
};

/// A fitted model.
struct ModelFile {
    std::map<std::string, std::string> facts;  ///< Options, provenance, threshold: texts by name.
    std::vector<ModelPhoto> photos;
    std::vector<float> left_out;  ///< Score of each photo, the others its references; empty: none.
    /// Artifacts as `HeldFiles` has them: features of the photos, or a detector's model.
    std::map<std::string, std::shared_ptr<const std::string>> artifacts;
};

/// Writes `model` whole or not at all; the same bytes for the same content. Throws CacheError with
/// the file, the reason and the mend.
void write_model_file(const std::filesystem::path& path, const ModelFile& model);

/// Reads what `write_model_file` wrote. Throws CacheError if there is no such file, DamagedError if
/// it is no whole model, UnreadableError if the system would not read it.
[[nodiscard]] ModelFile read_model_file(const std::filesystem::path& path);

}  // namespace patchead
