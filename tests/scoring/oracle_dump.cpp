/// \file
/// \brief Writes random inputs, and what scoring and metrics make of them, for an oracle to check.
///
/// oracle_dump FOLDER writes one raw file for each array and `arrays.txt`, lines
/// "name type dimension ...", and `cases.txt`, lines "kind field=value ...". The oracle is
/// tests/jobs/scoring_oracle_test.py. Features are quantised, and images and patches occur twice,
/// so that similarities and scores tie.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include "dump.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/key.hpp"
#include "patchead/core/option_names.hpp"
#include "patchead/core/random.hpp"
#include "patchead/metrics/metric_names.hpp"
#include "patchead/metrics/metrics.hpp"
#include "patchead/scoring/match.hpp"
#include "patchead/scoring/score.hpp"

namespace {

using namespace patchead;

std::size_t patches_of(Grid grid) { return static_cast<std::size_t>(grid.size()); }

/// Few distinct values; patch 1 repeats patch 0, and patch 2 of the first image is zero.
FeatureBlock features(const std::string& name, std::size_t images, Grid grid, int dim) {
    FeatureBlock block{grid, dim, {}, {}, {}};
    const auto width = static_cast<std::size_t>(dim);
    block.embeddings.resize(images * patches_of(grid) * width);
    block.attention.resize(images * patches_of(grid));
    Random random(name, 3);
    for (auto& x : block.embeddings) { x = (static_cast<float>(random.below(9)) - 4) / 4; }
    for (auto& a : block.attention) { a = static_cast<float>(random.below(40)) / 1000; }
    for (std::size_t i = 0; i < images; ++i) {
        block.ids.push_back(concat(name, "/", (i * 5) % images));  // Ids in no order.
        const auto first =
            block.embeddings.begin() + static_cast<std::ptrdiff_t>(i * patches_of(grid) * width);
        std::copy_n(first, dim, first + dim);
    }
    std::fill_n(block.embeddings.begin() + 2 * dim, dim, 0.0F);
    return block;
}

/// Makes image `to` a copy of image `from`; its id stays.
void duplicate(FeatureBlock& block, std::size_t from, std::size_t to) {
    const auto source = block.embedding(from);
    std::copy(source.begin(), source.end(),
              block.embeddings.begin() + static_cast<std::ptrdiff_t>(to * source.size()));
}

void dump_features(Dump& dump, const std::string& name, const FeatureBlock& block) {
    dump.array(name, "f4", block.embeddings,
               {block.images(), patches_of(block.grid), static_cast<std::size_t>(block.dim)});
    dump.array(name + ".attention", "f4", block.attention,
               {block.images(), patches_of(block.grid)});
}

/// Options that between them take every branch of the reduction.
std::vector<ScoringOptions> scoring_options() {
    std::vector<ScoringOptions> all;
    for (const auto select : {Select::closest, Select::farthest}) {
        for (const auto rounding : {Rounding::floor, Rounding::round, Rounding::ceil}) {
            for (const double fraction : {0.0, 0.3, 1.0}) {
                ScoringOptions options;
                options.select = select;
                options.reference_rounding = rounding;
                options.reference_fraction = fraction;
                options.patch_fraction = fraction / 10;
                if (rounding == Rounding::round) { options.distance = Distance::euclidean; }
                if (rounding != Rounding::floor) { options.masking = Masking{0.3, 0.5}; }
                all.push_back(options);
            }
        }
    }
    return all;
}

void dump_scores(Dump& dump, const std::string& match, const MatchTensor& matches,
                 const std::vector<float>& attention) {
    int count = 0;
    for (const auto& options : scoring_options()) {
        // Few-shot prefixes too: all references, and all but one.
        const auto references = matches.reference_ids.size() - static_cast<std::size_t>(count % 2);
        const auto scores = score(matches, references, attention, options);
        const auto name = concat(match, ".scores", count++);
        const auto queries = matches.query_ids.size();
        dump.array(name + ".patches", "f4", scores.patches, {queries, patches_of(scores.grid)});
        dump.array(name + ".images", "f4", scores.images, {queries});
        const auto masking = options.masking.value_or(Masking{-1, 1});
        dump.add_case("score name=", name, " match=", match, " references=", references,
                      " select=", name_of(options.select),
                      " reference_fraction=", options.reference_fraction,
                      " rounding=", name_of(options.reference_rounding),
                      " patch_fraction=", options.patch_fraction,
                      " euclidean=", options.distance == Distance::euclidean ? 1 : 0,
                      " threshold=", masking.threshold, " weight=", masking.weight);
    }
}

void dump_match(Dump& dump, const std::string& name, const MatchTensor& matches,
                const std::string& queries, const std::string& references, Reduce reduce,
                const std::vector<float>& attention) {
    dump.array(name, "f4", matches.similarity,
               {matches.query_ids.size(), matches.reference_ids.size(), patches_of(matches.grid)});
    dump.add_case("match name=", name, " queries=", queries, " references=", references,
                  " reduce=", name_of(reduce), " batch=", queries == references ? 1 : 0);
    dump_scores(dump, name, matches, attention);
}

void dump_scoring(Dump& dump, const std::string& name, Grid grid, int dim) {
    auto batch = features(name + ".batch", 7, grid, dim);
    auto references = features(name + ".references", 4, grid, dim);
    duplicate(batch, 1, 5);
    duplicate(references, 0, 2);
    dump_features(dump, name + ".batch", batch);
    dump_features(dump, name + ".references", references);
    for (const auto reduce : {Reduce::nearest, Reduce::farthest}) {
        const auto suffix = concat(".", name_of(reduce));
        dump_match(dump, name + ".within" + suffix, match_batch(batch, batch.images(), reduce),
                   name + ".batch", name + ".batch", reduce, batch.attention);
        dump_match(dump, name + ".against" + suffix, match_references(batch, references, reduce),
                   name + ".batch", name + ".references", reduce, batch.attention);
    }
}

/// Rectangles of any size, some of one pixel, some at the border, some that touch.
Mask random_mask(Random& random, int side) {
    Mask mask{side, side, std::vector<std::uint8_t>(static_cast<std::size_t>(side * side))};
    const auto below = [&](int bound) {
        return static_cast<int>(random.below(static_cast<std::uint64_t>(bound)));
    };
    for (int defect = 0; defect < 5; ++defect) {
        const int top = below(side);
        const int left = below(side);
        const int bottom = std::min(side, top + 1 + below(side / 4));
        const int right = std::min(side, left + 1 + below(side / 4));
        for (int y = top; y < bottom; ++y) {
            for (int x = left; x < right; ++x) {
                mask.anomalous[static_cast<std::size_t>(y * side + x)] = 1;
            }
        }
    }
    return mask;
}

struct MetricCase {
    std::string name;
    Grid grid;
    MetricOptions options;
    std::uint64_t levels;  ///< Distinct patch scores.
    double anomalous;      ///< Share of the images.
};

std::string text_of(const MetricSet& set) {
    std::string values;
    for (const auto& metric : set) {
        values += concat(" ", metric.name, "=", exact_text(metric.value));
    }
    return values;
}

/// Metrics that are asked for by name, with what they need: two views a sample, and saturation
/// areas of half a region or of 7 pixels.
void dump_asked(Dump& dump, const MetricCase& c, const PatchScores& scores,
                std::span<const std::uint8_t> labels, GroundTruth& truth) {
    MetricRequest request;
    request.names =
        asked_metrics({"AUPRO@0.01",    "AUPRO@0.05",      "AUPRO@0.1",         "AUPRO@0.3",
                       "AUPRO@1",       "AUPIMO@0.01:0.2", "AUPIMO@0.002:1",    "AUPIMO",
                       "I-TPR@FPR0.25", "I-TPR@FPR0.1",    "I-TNR@FNR0.25",     "I-TNR@FNR0.1",
                       "P-TPR@FPR0.05", "P-TNR@FNR0.05",   "SegF1@0.25",        "SegF1",
                       "SegF1@-5",      "ClassF1@2",       "ClassF1",           "sPRO",
                       "sPRO@0.3",      "S-AUROC",         "auroc:max-fpr@0.05"});
    request.pixel_threshold = -0.125;
    request.image_threshold = 100;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        request.samples.push_back(static_cast<std::int32_t>(i % (labels.size() / 2)));
    }
    for (std::size_t r = 0; r < truth.region_sizes.size(); ++r) {
        const auto area = truth.region_sizes[r];
        truth.saturation_px.push_back(r % 2 == 0 ? std::min(7U, area) : (area + 1) / 2);
    }
    const auto set = measure(scores, labels, truth, c.options, request);
    for (const auto& metric : set) {
        if (metric.images.empty()) { continue; }
        dump.array(concat(c.name, ".", metric.name), "f8", metric.images, {labels.size()});
    }
    dump.add_case("asked name=", c.name, " connectivity=", c.options.connectivity,
                  " normal_images=", c.options.normal_images ? 1 : 0, text_of(set));
}

void dump_metrics(Dump& dump, const MetricCase& c) {
    constexpr std::size_t kImages = 10;
    Random random(c.name, 5);
    PatchScores scores{c.grid, {}, {}, {}};
    std::vector<Mask> masks;
    std::vector<std::uint8_t> labels;
    std::vector<std::uint8_t> mask_bytes;
    std::vector<float> maps;
    const auto area = static_cast<std::size_t>(c.options.side_px * c.options.side_px);
    for (std::size_t i = 0; i < kImages; ++i) {
        labels.push_back(static_cast<double>(i) < c.anomalous * kImages ? 1 : 0);
        masks.push_back(random_mask(random, c.options.side_px));
        if (labels[i] == 0 || i == 1) { masks[i].anomalous.assign(area, 0); }  // 1 has vanished.
        scores.ids.push_back(concat("image/", i));
        scores.images.push_back(static_cast<float>(random.below(5) + labels[i]));
        for (std::size_t p = 0; p < patches_of(c.grid); ++p) {
            scores.patches.push_back(static_cast<float>(random.below(c.levels)) / 8 - 1);
        }
        const auto map =
            upsample(scores.of(i), c.grid, {c.options.side_px, c.options.side_px}, c.options);
        maps.insert(maps.end(), map.begin(), map.end());
        mask_bytes.insert(mask_bytes.end(), masks[i].anomalous.begin(), masks[i].anomalous.end());
    }
    const auto side = static_cast<std::size_t>(c.options.side_px);
    dump.array(
        c.name + ".patches", "f4", scores.patches,
        {kImages, static_cast<std::size_t>(c.grid.rows), static_cast<std::size_t>(c.grid.cols)});
    dump.array(c.name + ".images", "f4", scores.images, {kImages});
    dump.array(c.name + ".labels", "u1", labels, {kImages});
    dump.array(c.name + ".masks", "u1", mask_bytes, {kImages, side, side});
    dump.array(c.name + ".maps", "f4", maps, {kImages, side, side});
    auto truth =
        find_regions([&](std::size_t i) { return masks[i]; }, labels, c.options.connectivity);
    const auto set = measure(scores, labels, truth, c.options);
    dump.add_case(
        "metrics name=", c.name, " side=", c.options.side_px,
        " interpolation=", name_of(c.options.interpolation), " sigma=", c.options.smooth_sigma_px,
        " limit=", c.options.pro_limit, " connectivity=", c.options.connectivity,
        " normal_images=", c.options.normal_images ? 1 : 0, " regions=", truth.region_sizes.size(),
        " vanished=", truth.vanished, text_of(set));
    dump_asked(dump, c, scores, labels, truth);
}

std::vector<MetricCase> metric_cases() {
    MetricOptions plain;
    plain.side_px = 30;
    auto fine = plain;
    fine.side_px = 47;
    auto corners = fine;
    corners.interpolation = Interpolation::bilinear_align_corners;
    corners.connectivity = 4;
    auto blocks = plain;  // Every pixel ties with its neighbours.
    blocks.interpolation = Interpolation::nearest;
    blocks.pro_limit = 0.05;
    auto smooth = plain;
    smooth.smooth_sigma_px = 1.5;
    auto very_smooth = fine;
    very_smooth.smooth_sigma_px = 4;
    very_smooth.normal_images = false;
    return {{"plain", {6, 5}, plain, 16, 0.5},      {"fine", {3, 3}, fine, 1000, 0.5},
            {"corners", {5, 7}, corners, 16, 0.7},  {"blocks", {5, 5}, blocks, 4, 0.5},
            {"smooth", {6, 5}, smooth, 16, 0.5},    {"very-smooth", {4, 4}, very_smooth, 16, 0.5},
            {"constant", {6, 5}, plain, 1, 0.5},    {"all-normal", {6, 5}, plain, 16, 0},
            {"all-anomalous", {6, 5}, plain, 16, 1}};
}

}  // namespace

int main(int argc, char** argv) try {
    require<ConfigError>(argc == 2, "no folder; run oracle_dump FOLDER");
    Dump dump(argv[1]);
    dump_scoring(dump, "small", {6, 5}, 24);
    dump_scoring(dump, "tiled", {23, 23}, 10);  // More patches than a tile has rows.
    for (const auto& metric_case : metric_cases()) { dump_metrics(dump, metric_case); }
    return EXIT_SUCCESS;
} catch (const Error& error) {
    std::cerr << "oracle_dump: " << error.what() << '\n';
    return EXIT_FAILURE;
}
