#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchead/core/types.hpp"
#include "patchead/data/dataset.hpp"

/// \file
/// \brief The list of samples as text: what one rank tells the others, and what a person can read.

namespace patchead {

/// The samples as tab-separated text: a header line, then one line per sample, in the given order.
///
/// Columns: `id dataset category split defect_type label image mask y0 y1 digest`; label is 0 or 1,
/// y0 and y1 are empty without crop rows. If a sample has them, `more_masks` ('|' between them),
/// `saturation`, `unseen` and `group` follow. `samples_from_tsv` gives back exactly the same
/// samples. Throws DataError if a field holds a tab or a line break, and names the field.
[[nodiscard]] std::string to_tsv(std::span<const Sample> samples);

/// The samples of a text made by `to_tsv`. Throws DataError that names the line if the header, the
/// number of fields, a number or the last line break is not as it should be.
[[nodiscard]] std::vector<Sample> samples_from_tsv(std::string_view text);

/// A frozen split: what `patchead datasets freeze` writes and `--manifest` reads.
///
/// One line `# id_digest<TAB>data set<TAB>digest` for each data set, then `to_tsv` of all samples.
/// Paths are relative to the folder of their data set (`DatasetIndex::root`), so that the file
/// serves wherever the same data sets lie under other roots. A manifest that was cut short, even
/// behind a line, does not have the digests that it states.
/// Throws DataError if a sample does not lie in the root of its index, or as `to_tsv`.
[[nodiscard]] std::string freeze(std::span<const DatasetIndex> indexes);

/// The data sets of the manifest `file`, in its order, with the paths under `data_root`, where each
/// is looked for as `index_dataset` does. Layout "manifest"; digests as frozen.
///
/// Throws DataError that names the file and line if it is no manifest or was changed, and one that
/// names the first missing image or mask; as `dataset_root` if a data set is not there.
[[nodiscard]] std::vector<DatasetIndex> read_manifest(const std::filesystem::path& file,
                                                      const std::filesystem::path& data_root);

/// Fills in the digest of each sample with `sample_digest`, on `threads` threads. A sample that has
/// one already keeps it if it is right. Throws DataError that names the image if it is not, that is
/// if the file is not the one that was frozen, and as `sample_digest`.
void digest_samples(std::span<Sample> samples, int threads);

}  // namespace patchead
