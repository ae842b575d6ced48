#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "patchead/backbone/backbone.hpp"
#include "patchead/cache/store.hpp"
#include "patchead/plan/sweep_spec.hpp"

/// \file
/// \brief What units of a sweep are made from, and with what.

namespace patchead {

/// Where the weights of a planned backbone lie.
struct BackboneSource {
    std::string family;
    std::filesystem::path weights;
    LoadOptions options;
    std::filesystem::path vocabulary{};  ///< Of its text tower, if texts are wanted.
};

/// How a worker is kept busy, and what memory it takes for that.
struct WorkerOptions {
    int images = 0;  ///< In a network at a time; 0: as many as fit in `memory`.
    std::int64_t memory = 2'000'000'000;     ///< Bytes, by estimate.
    int decode_threads = 1;                  ///< That read and resize images ahead.
    std::size_t landmarks = 128;             ///< Of images, kept for the next prompt.
    std::size_t image_memory = 256'000'000;  ///< Bytes of images kept for the next network.
};

/// What a rank computes with. No number depends on it but for the kind of device, which is part of
/// a backbone's identity.
struct Resources {
    std::string device = "auto";  ///< "auto", "cpu" or "cuda".
    int threads = 1;
    WorkerOptions worker{};
};

/// Everything that a sweep starts from, on every rank.
struct SweepInputs {
    SweepSpec spec;
    std::vector<BackboneSource> sources{};  ///< Of each backbone of the spec.
    Provenance provenance{};                ///< Of artifacts and results.
};

}  // namespace patchead
