#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "detectors/parts/lnamd.hpp"
#include "patchead/core/error.hpp"
#include "patchead/core/text.hpp"

/// \file
/// \brief MuSc's mutual scoring of the tokens in a file: measure_msm.py runs it.
///
///     mutual_benchmark TOKENS SCORES IMAGES ROWS COLS CHANNELS SIDES
///
/// TOKENS: float32 [images, rows x cols, channels]. SIDES: of windows, e.g. 1,3,5. SCORES becomes
/// float64 [sides, images, rows x cols]. Prints the seconds of processor time of scoring alone.

namespace {

using namespace patchead;

std::vector<float> read_floats(const std::string& path, std::size_t count) {
    std::vector<float> values(count);
    std::ifstream file(path, std::ios::binary);
    file.read(reinterpret_cast<char*>(values.data()),
              static_cast<std::streamsize>(count * sizeof(float)));
    require<DataError>(file.good(), "'", path, "' is too short");
    return values;
}

void run(const std::vector<std::string>& words) {
    require<ConfigError>(words.size() == 7,
                         "usage: mutual_benchmark TOKENS SCORES IMAGES ROWS COLS CHANNELS SIDES");
    const std::int64_t images = std::stoi(words[2]);
    const Grid grid{std::stoi(words[3]), std::stoi(words[4])};
    const std::int64_t channels = std::stoi(words[5]);
    std::vector<int> sides;
    for (const auto& side : split_at_commas(words[6])) { sides.push_back(std::stoi(side)); }
    auto values = read_floats(words[0], static_cast<std::size_t>(images * grid.size() * channels));
    const auto tokens = at::from_blob(values.data(), {images, grid.size(), channels}, at::kFloat);
    const auto start = std::clock();
    const auto scores =
        lnamd_scores(tokens, grid, grid, sides,
                     static_cast<std::int64_t>(0.3 * static_cast<double>(images - 1)));
    const auto seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::ofstream file(words[1], std::ios::binary);
    file.write(
        reinterpret_cast<const char*>(scores.data_ptr<double>()),
        static_cast<std::streamsize>(static_cast<std::size_t>(scores.numel()) * sizeof(double)));
    std::cout << seconds << '\n';
}

}  // namespace

int main(int count, char** words) {
    try {
        run({words + 1, words + count});
    } catch (const std::exception& error) {
        std::cerr << error.what() << '\n';
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}
