#pragma once

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "patchead/cache/store.hpp"

/// Small artifacts whose numbers are easy to recognise.

inline const patchead::ArtifactKey kKey("features",
                                        {{"backbone", "patchead_tiny"}, {"image_size", "224"}});
inline const patchead::Provenance kProvenance{{"version", "0.1.0"}, {"Größe", "ä\"\\"}};

/// `images` images of 2 x 3 patches and 4 channels: multiples of 1/8, exact in fp16.
inline patchead::FeatureBlock features(std::size_t images = 3, bool attention = true) {
    patchead::FeatureBlock block{
        .grid = {2, 3}, .dim = 4, .ids = {}, .embeddings = {}, .attention = {}};
    for (std::size_t i = 0; i < images; ++i) {
        block.ids.push_back("screw/test/good/" + std::string(i, '0') + std::to_string(i));
    }
    for (std::size_t i = 0; i < images * 24; ++i) {
        block.embeddings.push_back(static_cast<float>(i) / 8 - 2);
    }
    for (std::size_t i = 0; attention && i < images * 6; ++i) {
        block.attention.push_back(1 / (1 + static_cast<float>(i)));
    }
    return block;
}

inline patchead::MatchTensor matches() {
    patchead::MatchTensor tensor{.grid = {1, 2},
                                 .query_ids = {"a", "b", "c"},
                                 .reference_ids = {"b", "dd"},
                                 .similarity = {0.5F, -0.25F, 0.1F, 0.2F, 0.3F, 0.4F,  //
                                                0.6F, 0.7F, 0.8F, 0.9F, 1.0F, -1.0F}};
    tensor.similarity[4] = std::numeric_limits<float>::quiet_NaN();
    return tensor;
}

/// The same as tensors of copies have it.
inline patchead::MatchTensor matches_of_copies() {
    auto tensor = matches();
    tensor.query_versions = {patchead::Version::original, patchead::Version::aligned,
                             patchead::Version::rotated};
    tensor.reference_versions = {patchead::Version::rotated, patchead::Version::aligned};
    return tensor;
}

inline std::vector<patchead::Alignment> alignments() {
    patchead::Alignment turned;
    turned.transform = {{0, -1, 1, 1, 0, 0.125}};
    turned.accepted = true;
    turned.method = "orb";
    turned.matches = 40;
    turned.inliers = 31;
    turned.scale = 1.01;
    turned.ncc_before = -0.25;
    turned.ncc_after = 0.9;
    return {patchead::Alignment{}, turned};
}

inline patchead::PointResult result() {
    return {.metrics = {{"I-AUROC", 0.1, ""},
                        {"AUPRO", std::numeric_limits<double>::quiet_NaN(), "no anomalous pixel"}},
            .ids = {"x", "yy", "zzz"},
            .anomalous = {0, 1, 1},
            .scores = {0.25F, 0.5F, 0.75F},
            .references = {"train/0"}};
}

inline void expect_equal(const patchead::FeatureBlock& a, const patchead::FeatureBlock& b) {
    EXPECT_EQ(a.grid, b.grid);
    EXPECT_EQ(a.dim, b.dim);
    EXPECT_EQ(a.ids, b.ids);
    EXPECT_EQ(a.embeddings, b.embeddings);
    EXPECT_EQ(a.attention, b.attention);
}
