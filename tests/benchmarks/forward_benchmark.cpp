/// \file
/// \brief `forward_benchmark FAMILY FILE SIDE [PRECISION [IMAGES [THREADS [LAYERS]]]]`: median time
/// of three forward passes, on the clock and of the processor, and peak memory of the process; what
/// docs/backbones.md shows. With LAYERS ("3,6,9,12") also the processor time of a pass that gives
/// these, too, as a ratio to one that does not: the median of five pairs of passes.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include <malloc.h>
#include <sys/resource.h>

#include "patchead/backbone/backbone.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/random.hpp"

namespace {

using Clock = std::chrono::steady_clock;

struct Request {
    std::string family, file;
    int side;
    std::string precision;
    int images, threads;
    std::vector<int> layers;
};

std::vector<int> parse_layers(const std::string& text) {
    std::vector<int> layers;
    std::istringstream words(text);
    for (std::string word; std::getline(words, word, ',');) { layers.push_back(std::stoi(word)); }
    return layers;
}

Request parse(std::span<char*> arguments) {
    const auto word = [&](std::size_t i, const char* fallback) {
        return std::string(i < arguments.size() ? arguments[i] : fallback);
    };
    return {word(1, ""),
            word(2, ""),
            std::stoi(word(3, "224")),
            word(4, "fp32"),
            std::stoi(word(5, "2")),
            std::stoi(word(6, "1")),
            parse_layers(word(7, ""))};
}

std::vector<float> noise(std::size_t count) {
    patchead::Random random("forward benchmark", 1);
    std::vector<float> values(count);
    for (auto& value : values) { value = static_cast<float>(random.normal()); }
    return values;
}

rusage usage_of_process() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage;
}

/// Resident memory of the process at its largest, in MB.
double peak_mb() { return static_cast<double>(usage_of_process().ru_maxrss) / 1e3; }

/// Processor time of all threads, in seconds: what counts on a machine that others use, too.
double cpu_seconds() {
    const auto usage = usage_of_process();
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

template <std::size_t n>
double median(std::array<double, n> values) {
    std::ranges::sort(values);
    return values[n / 2];
}

/// Processor time of `work`, in seconds.
template <class Work>
double cpu_of(const Work& work) {
    const auto start = cpu_seconds();
    work();
    return cpu_seconds() - start;
}

/// Each pair of passes gives a ratio, so that what else the machine does falls on both.
double ratio_with_layers(const patchead::Backbone& backbone, const Request& request,
                         const std::vector<float>& pixels, patchead::TokenForm form) {
    const auto encode = [&](const patchead::TokenRequest& wanted) {
        static_cast<void>(
            backbone.encode(pixels, request.images, request.side, request.side, wanted));
    };
    const patchead::TokenRequest layers{patchead::in_form(form, request.layers)};
    encode(layers);
    std::array<double, 5> ratios{};
    for (auto& ratio : ratios) {
        const double plain = cpu_of([&] { encode({}); });
        ratio = cpu_of([&] { encode(layers); }) / plain;
    }
    return median(ratios);
}

void run(const Request& request) {
    patchead::set_compute_threads(request.threads);
    const auto backbone =
        patchead::load_backbone(request.family, request.file, {"cpu", {}, request.precision});
    const auto side = static_cast<std::size_t>(request.side);
    const auto pixels = noise(static_cast<std::size_t>(request.images) * 3 * side * side);
    const auto encode = [&] {
        static_cast<void>(backbone->encode(pixels, request.images, request.side, request.side));
    };
    encode();  // Fills caches and makes tables.
    std::array<double, 3> wall{};
    std::array<double, 3> cpu{};
    for (std::size_t round = 0; round < 3; ++round) {
        const auto start = Clock::now();
        const auto cpu_start = cpu_seconds();
        encode();
        wall[round] = std::chrono::duration<double>(Clock::now() - start).count();
        cpu[round] = cpu_seconds() - cpu_start;
    }
    const double per_image = 1e3 / request.images;
    std::printf("%s %d px %s: %.1f M parameters, %.0f ms/image, cpu %.0f ms/image, peak %.0f MB\n",
                request.family.c_str(), request.side, request.precision.c_str(),
                static_cast<double>(backbone->info().parameters) * 1e-6, median(wall) * per_image,
                median(cpu) * per_image, peak_mb());
    if (request.layers.empty()) { return; }
    std::printf("with %zu layers: %.3f x raw, %.3f x with the final norm\n", request.layers.size(),
                ratio_with_layers(*backbone, request, pixels, patchead::TokenForm::raw),
                ratio_with_layers(*backbone, request, pixels, patchead::TokenForm::norm));
}

}  // namespace

int main(int argc, char** argv) {
    mallopt(M_MMAP_THRESHOLD, 1 << 30);  // As in jobs/main.cpp.
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
    try {
        run(parse({argv, static_cast<std::size_t>(argc)}));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
