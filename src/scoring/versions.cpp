#include "patchead/scoring/versions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

/// One reference of one part.
struct Column {
    const MatchTensor* part;
    std::size_t reference;
};

std::vector<Column> wanted_columns(std::span<const MatchTensor> parts,
                                   const ReferenceFilter& wanted) {
    std::vector<Column> columns;
    const auto add_wanted = [&](const MatchTensor& part, std::size_t r) {
        if (wanted(part.reference_ids[r], part.version_of_reference(r))) {
            columns.push_back({&part, r});
        }
    };
    for (const auto& part : parts) {
        for (std::size_t r = 0; r < part.reference_ids.size(); ++r) { add_wanted(part, r); }
    }
    return columns;
}

void require_alike(const MatchTensor& a, const MatchTensor& b) {
    require<DataError>(
        a.grid == b.grid && a.query_ids == b.query_ids && a.query_versions == b.query_versions,
        "match tensors of ", a.query_ids.size(), " and ", b.query_ids.size(),
        " queries do not belong together (other images or grids); match again");
}

/// Numbers of the references that are versions of one image, image by image.
std::vector<std::vector<std::size_t>> by_image(const std::vector<std::string>& ids) {
    std::vector<std::vector<std::size_t>> images;
    std::unordered_map<std::string, std::size_t> place;
    for (std::size_t r = 0; r < ids.size(); ++r) {
        const auto [found, is_new] = place.emplace(ids[r], images.size());
        if (is_new) { images.emplace_back(); }
        images[found->second].push_back(r);
    }
    return images;
}

float extreme_of(float a, float b, Reduce reduce) {
    if (std::isnan(a) || std::isnan(b)) { return std::numeric_limits<float>::quiet_NaN(); }
    return reduce == Reduce::nearest ? std::max(a, b) : std::min(a, b);
}

void append_extremes(const MatchTensor& matches, std::size_t query,
                     const std::vector<std::size_t>& versions, Reduce reduce,
                     std::vector<float>& to) {
    for (int patch = 0; patch < matches.grid.size(); ++patch) {
        const auto at = static_cast<std::size_t>(patch);
        float value = matches.row(query, versions.front())[at];
        for (const auto r : versions) {
            value = extreme_of(value, matches.row(query, r)[at], reduce);
        }
        to.push_back(value);
    }
}

void append_means(const MatchTensor& matches, std::size_t query,
                  const std::vector<std::size_t>& versions, std::vector<float>& to) {
    for (int patch = 0; patch < matches.grid.size(); ++patch) {
        double sum = 0;
        for (const auto r : versions) {
            sum += double{matches.row(query, r)[static_cast<std::size_t>(patch)]};
        }
        to.push_back(static_cast<float>(sum / static_cast<double>(versions.size())));
    }
}

}  // namespace

MatchTensor join_references(std::span<const MatchTensor> parts, const ReferenceFilter& wanted) {
    PATCHEAD_ASSERT(!parts.empty());
    for (const auto& part : parts) { require_alike(parts.front(), part); }
    const auto columns = wanted_columns(parts, wanted);
    MatchTensor joined{
        parts.front().grid, parts.front().query_ids, {}, {}, parts.front().query_versions, {}};
    for (const auto& [part, r] : columns) {
        joined.reference_ids.push_back(part->reference_ids[r]);
        joined.reference_versions.push_back(part->version_of_reference(r));
    }
    joined.similarity.reserve(joined.query_ids.size() * columns.size() *
                              static_cast<std::size_t>(joined.grid.size()));
    for (std::size_t q = 0; q < joined.query_ids.size(); ++q) {
        for (const auto& [part, r] : columns) {
            const auto row = part->row(q, r);
            joined.similarity.insert(joined.similarity.end(), row.begin(), row.end());
        }
    }
    return joined;
}

MatchTensor merge_versions(const MatchTensor& matches, MergeVersions how, Reduce reduce) {
    const auto images = by_image(matches.reference_ids);
    MatchTensor merged{matches.grid, matches.query_ids, {}, {}, matches.query_versions, {}};
    for (const auto& versions : images) {
        merged.reference_ids.push_back(matches.reference_ids[versions.front()]);
    }
    merged.similarity.reserve(matches.query_ids.size() * images.size() *
                              static_cast<std::size_t>(matches.grid.size()));
    const auto append = [&](std::size_t query, const std::vector<std::size_t>& versions) {
        if (how == MergeVersions::extreme) {
            append_extremes(matches, query, versions, reduce, merged.similarity);
        } else {
            append_means(matches, query, versions, merged.similarity);
        }
    };
    for (std::size_t q = 0; q < matches.query_ids.size(); ++q) {
        for (const auto& versions : images) { append(q, versions); }
    }
    return merged;
}

}  // namespace patchead
