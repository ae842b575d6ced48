#include "matches_file.hpp"

#include <cstdint>
#include <utility>
#include <vector>

#include "artifact.hpp"

namespace patchead::inline cache_detail {
namespace {

h5::Extent extent_of(const MatchTensor& matches) {
    return {matches.query_ids.size(), matches.reference_ids.size(),
            static_cast<hsize_t>(matches.grid.size())};
}

void require_size(bool ok, const char* what) {
    if (!ok) { throw h5::Failure(concat("its ", what, " do not fit each other")); }
}

void write_versions(hid_t root, const std::string& name, const std::vector<Version>& versions) {
    std::vector<std::uint8_t> numbers;
    numbers.reserve(versions.size());
    for (const auto version : versions) { numbers.push_back(static_cast<std::uint8_t>(version)); }
    h5::write_array<std::uint8_t>(root, name, {numbers.size()}, numbers);
}

/// Requires `count` versions, or none.
std::vector<Version> read_versions(hid_t root, const std::string& name, std::size_t count) {
    std::vector<Version> versions;
    for (const auto number : h5::read_array<std::uint8_t>(root, name, 1).values) {
        if (number > static_cast<std::uint8_t>(kLastVersion)) {
            throw h5::Failure(concat("its ", name, " hold ", int{number}, ", which is no version"));
        }
        versions.push_back(static_cast<Version>(number));
    }
    require_size(versions.empty() || versions.size() == count, "ids and versions");
    return versions;
}

}  // namespace

bool fits_itself(const MatchTensor& matches) {
    const auto shape = extent_of(matches);
    return matches.similarity.size() == shape[0] * shape[1] * shape[2];
}

std::string shape_text(const MatchTensor& matches) { return h5::shape_text(extent_of(matches)); }

void write_matches(hid_t root, const MatchTensor& matches) {
    write_grid(root, matches.grid);
    h5::write_texts(root, "query_ids", matches.query_ids);
    h5::write_texts(root, "reference_ids", matches.reference_ids);
    h5::write_array<float>(root, "similarity", extent_of(matches), matches.similarity);
    write_versions(root, "query_versions", matches.query_versions);
    write_versions(root, "reference_versions", matches.reference_versions);
}

MatchTensor parse_matches(hid_t root) {
    MatchTensor matches{.grid = read_grid(root),
                        .query_ids = h5::read_texts(root, "query_ids"),
                        .reference_ids = h5::read_texts(root, "reference_ids"),
                        .similarity = {}};
    auto similarity = h5::read_array<float>(root, "similarity", 3);
    require_size(
        similarity.shape == h5::Extent{matches.query_ids.size(), matches.reference_ids.size(),
                                       static_cast<hsize_t>(matches.grid.size())},
        "ids, grid and similarities");
    matches.similarity = std::move(similarity.values);
    matches.query_versions = read_versions(root, "query_versions", matches.query_ids.size());
    matches.reference_versions =
        read_versions(root, "reference_versions", matches.reference_ids.size());
    return matches;
}

}  // namespace patchead::inline cache_detail
