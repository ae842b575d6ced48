#include <algorithm>
#include <map>

#include "datasets/folders.hpp"
#include "datasets/layout.hpp"
#include "images/parallel.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/manifest.hpp"

/// \file
/// \brief Frozen splits: a manifest that serves on any machine, and that can be checked.

namespace patchead {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kDigestLine = "# id_digest\t";

/// `file` relative to `root`, with '/' between. A mask of none stays none.
fs::path inside(const fs::path& file, const fs::path& root) {
    if (file.empty()) { return file; }
    auto relative = file.lexically_relative(root);
    require<DataError>(!relative.empty() && *relative.begin() != "..", "'", file.string(),
                       "' cannot be frozen (it does not lie in '", root.string(),
                       "', the folder of its data set); put all images of a data set into one "
                       "folder");
    return relative.generic_string();
}

/// The stated digests by data set, and the text behind them.
struct ParsedManifest {
    std::map<std::string, std::string> digests;
    std::vector<std::string> order;  ///< Of the data sets.
    std::vector<Sample> samples;
};

ParsedManifest parse(std::string_view text) {
    ParsedManifest manifest;
    while (text.starts_with(kDigestLine)) {
        const auto line = text.substr(0, text.find('\n'));
        const auto tab = line.find('\t', kDigestLine.size());
        require<DataError>(tab != std::string_view::npos, "'", line,
                           "' states no digest (it was changed or cut short); freeze it again");
        const std::string name(line.substr(kDigestLine.size(), tab - kDigestLine.size()));
        manifest.digests[name] = line.substr(tab + 1);
        manifest.order.push_back(name);
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    require<DataError>(!manifest.order.empty(),
                       "no line states the digest of its ids (it is no frozen split, or was cut "
                       "short); freeze it again");
    manifest.samples = samples_from_tsv(text);
    return manifest;
}

ParsedManifest parse_file(const fs::path& file) {
    const auto text = plain_text(read_text(file), file.string());
    try {
        return parse(text);
    } catch (const DataError& error) {
        throw DataError(concat("the manifest '", file.string(), "': ", error.what()));
    }
}

/// Makes `file` a path under `root`, where it must be.
void find_file(ImageListings& listings, const fs::path& root, fs::path& file) {
    file = root / file;
    require_name(file);
    require<DataError>(listings.contains(file), "no file '", file.string(),
                       "' (the manifest names it); unpack the data set completely, or freeze "
                       "again what is there");
}

DatasetIndex resolve(const std::string& name, const ParsedManifest& manifest, const fs::path& file,
                     const fs::path& data_root) {
    DatasetIndex index{name, dataset_root(name, data_root), "manifest", {}, {}};
    std::ranges::copy_if(manifest.samples, std::back_inserter(index.samples),
                         [&](const Sample& sample) { return sample.dataset == name; });
    require<DataError>(id_digest(index.samples) == manifest.digests.at(name), "the manifest '",
                       file.string(), "' does not hold the samples of '", name,
                       "' that were frozen (their ids have another digest than it states); it was "
                       "changed or cut short: copy it again");
    ImageListings listings;
    for (auto& sample : index.samples) {
        require_name(sample.id);
        find_file(listings, index.root, sample.image);
        if (!sample.mask.empty()) { find_file(listings, index.root, sample.mask); }
        for (auto& mask : sample.more_masks) { find_file(listings, index.root, mask); }
    }
    return index;
}

}  // namespace

std::string freeze(std::span<const DatasetIndex> indexes) {
    std::string text;
    std::vector<Sample> samples;
    for (const auto& index : indexes) {
        text += concat(kDigestLine, index.dataset, '\t', id_digest(index.samples), '\n');
        for (auto sample : index.samples) {
            sample.image = inside(sample.image, index.root);
            sample.mask = inside(sample.mask, index.root);
            for (auto& mask : sample.more_masks) { mask = inside(mask, index.root); }
            samples.push_back(std::move(sample));
        }
    }
    return text + to_tsv(samples);
}

std::vector<DatasetIndex> read_manifest(const fs::path& file, const fs::path& data_root) {
    const auto manifest = parse_file(file);
    for (const auto& sample : manifest.samples) {
        require<DataError>(manifest.digests.contains(sample.dataset), "the manifest '",
                           file.string(), "' states no digest for the data set '", sample.dataset,
                           "' of its samples (it was changed or cut short); copy it again");
    }
    std::vector<DatasetIndex> indexes;
    for (const auto& name : manifest.order) {
        indexes.push_back(resolve(name, manifest, file, data_root));
    }
    return indexes;
}

void digest_samples(std::span<Sample> samples, int threads) {
    parallel_for(samples.size(), threads, [&](std::size_t i) {
        auto& sample = samples[i];
        auto digest = sample_digest(sample);
        require<DataError>(sample.digest.empty() || sample.digest == digest, "the image '",
                           sample.image.string(),
                           "' or its mask is not the file that was frozen (its digest differs "
                           "from the manifest's); get the same release of the data set");
        sample.digest = std::move(digest);
    });
}

}  // namespace patchead
