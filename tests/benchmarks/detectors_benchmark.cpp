/// \file
/// \brief Processor time, on all threads together, and peak memory of detectors; what
/// measure_detectors.py compares.
///  * `detectors_benchmark coreset FILE ROWS DIM COUNT OUT`: a coreset from row 0 on of float32
///    values in FILE; writes its rows to OUT, one a line.
///  * `detectors_benchmark nearest FILE ROWS DIM QUERIES`: nearest rows of the first QUERIES among
///    the others.
///  * `detectors_benchmark patchcore IMAGES SIDE CHANNELS`: PatchCore of that many references of
///    SIDE x SIDE patches of one layer, read part by part, and the scores of one image.
/// Prints "seconds peak_bytes".

#include <cstdio>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include <sys/resource.h>

#include "parts/coreset.hpp"
#include "parts/nearest.hpp"
#include "patchead/core/random.hpp"
#include "patchead/detectors/detector.hpp"

namespace {

rusage usage_of_process() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage;
}

double cpu_seconds() {
    const auto usage = usage_of_process();
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

at::Tensor read_rows(const std::string& file, std::int64_t rows, std::int64_t dim) {
    auto values = at::empty({rows, dim}, at::kFloat);
    std::ifstream stream(file, std::ios::binary);
    stream.read(reinterpret_cast<char*>(values.data_ptr<float>()),
                static_cast<std::streamsize>(values.nbytes()));
    return values;
}

double time_coreset(std::span<const std::string> words) {
    const auto rows = read_rows(words[0], std::stoll(words[1]), std::stoll(words[2]));
    const double start = cpu_seconds();
    const auto chosen = patchead::coreset_from(rows, 0, std::stoll(words[3]));
    const double seconds = cpu_seconds() - start;
    std::ofstream out(words[4]);
    for (const auto row : chosen) { out << row << '\n'; }
    return seconds;
}

double time_nearest(std::span<const std::string> words) {
    const auto rows = read_rows(words[0], std::stoll(words[1]), std::stoll(words[2]));
    const auto queries = std::stoll(words[3]);
    const double start = cpu_seconds();
    static_cast<void>(patchead::nearest(rows.narrow(0, 0, queries),
                                        rows.narrow(0, queries, rows.size(0) - queries)));
    return cpu_seconds() - start;
}

/// Uniform numbers: what they are is of no matter to memory.
patchead::DetectorImages noise(int images, int side, int channels, std::size_t first = 0) {
    patchead::Random random("detectors benchmark", first);
    patchead::DetectorImages result;
    patchead::LayerTokens layer{.grid = {side, side}, .dim = channels, .patches = {}};
    layer.patches.resize(static_cast<std::size_t>(images) * static_cast<std::size_t>(side * side) *
                         static_cast<std::size_t>(channels));
    for (auto& value : layer.patches) { value = static_cast<float>(random.uniform()); }
    for (int i = 0; i < images; ++i) { result.ids.push_back(std::to_string(i)); }
    result.layers.push_back(std::move(layer));
    result.input = {side * 14, side * 14};
    return result;
}

/// References that are made when they are read, as a sweep reads them from its store.
class NoiseSource final : public patchead::ReferenceSource {
  public:
    NoiseSource(std::size_t images, int side, int channels)
        : images_(images), side_(side), channels_(channels) {}

    [[nodiscard]] std::size_t images() const override { return images_; }
    [[nodiscard]] patchead::DetectorImages read(std::size_t first,
                                                std::size_t count) const override {
        return noise(static_cast<int>(count), side_, channels_, first);
    }
    [[nodiscard]] patchead::DetectorImages read_layer(std::size_t, std::size_t first,
                                                      std::size_t count) const override {
        return read(first, count);
    }

  private:
    std::size_t images_;
    int side_;
    int channels_;
};

double time_patchcore(std::span<const std::string> words) {
    const int side = std::stoi(words[1]);
    const int channels = std::stoi(words[2]);
    const NoiseSource references(std::stoul(words[0]), side, channels);
    const double start = cpu_seconds();
    const auto detector = patchead::make_detector("patchcore", {{"layers", "last"}});
    const auto model = detector->fit_parts(references, 0);
    static_cast<void>(detector->score(model, noise(1, side, channels)));
    return cpu_seconds() - start;
}

}  // namespace

int main(int count, char** words) {
    const std::vector<std::string> all(words + 1, words + count);
    const auto rest = std::span(all).subspan(1);
    const double seconds = all[0] == "coreset"   ? time_coreset(rest)
                           : all[0] == "nearest" ? time_nearest(rest)
                                                 : time_patchcore(rest);
    std::printf("%.4f %.0f\n", seconds, static_cast<double>(usage_of_process().ru_maxrss) * 1024);
    return 0;
}
