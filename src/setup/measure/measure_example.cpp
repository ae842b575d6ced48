#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/npy.hpp"
#include "patchead/core/user_text.hpp"
#include "patchead/data/dataset.hpp"
#include "patchead/data/demo_data.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/setup/measure_inputs.hpp"

namespace patchead {
namespace {

/// The mean of the good training images of each category. Shape: `rgb[height, width, 3]`.
std::map<std::string, std::vector<float>> mean_images(const std::vector<Sample>& samples) {
    std::map<std::string, std::vector<float>> means;
    std::map<std::string, float> counts;
    for (const auto& sample : samples) {
        if (sample.split != "train") { continue; }
        const auto image = read_image(sample);
        auto& mean = means[sample.category];
        mean.resize(image.rgb.size());
        for (std::size_t i = 0; i < mean.size(); ++i) {
            mean[i] += static_cast<float>(image.rgb[i]);
        }
        ++counts[sample.category];
    }
    for (auto& [category, mean] : means) {
        for (auto& value : mean) { value /= counts.at(category); }
    }
    return means;
}

/// Of each pixel the distance of its colour from that of `mean`.
std::vector<float> distance_map(const Image& image, const std::vector<float>& mean) {
    std::vector<float> map(image.rgb.size() / 3);
    for (std::size_t i = 0; i < map.size(); ++i) {
        float sum = 0;
        for (std::size_t c = 3 * i; c < 3 * i + 3; ++c) {
            const float difference = static_cast<float>(image.rgb[c]) - mean[c];
            sum += difference * difference;
        }
        map[i] = std::sqrt(sum);
    }
    return map;
}

constexpr const char* kReadme = R"(Anomaly maps for `patchead measure`, an example

data/       a small data set in MVTec's layout (patchead demo-data)
maps/       an anomaly map of each test image, <category>/<split>/<defect>/<stem>.npy:
            float32, height x width, higher is more anomalous
list.csv    image,map,score: says which map is whose, and gives image scores. It can be left
            out: maps are found by their names, and --image-score max or top:0.01 makes scores
            of them

In Python, for each test image:

    numpy.save("maps/gelcap/test/good/000.npy", map.astype("float32"))

or with analysis/ of patchead: patchead_analysis.maps.write_maps(folder, {id: map}, scores).

The maps here are each pixel's distance from the mean good training image: no method to be
proud of. To measure them:

    )";

}  // namespace

std::string write_measure_example(const std::filesystem::path& folder) {
    namespace fs = std::filesystem;
    require<DataError>(!fs::exists(folder / "maps"), "'", (folder / "maps").string(),
                       "' is there already (it may hold maps of yours); choose another folder");
    DemoDataOptions demo;
    demo.side_px = 96;
    demo.train = 4;
    demo.test_good = 3;
    demo.per_defect = 2;
    write_demo_data(folder / "data", demo);
    const auto samples = index_dataset("mvtec-like", folder / "data", {}).samples;
    const auto means = mean_images(samples);
    std::string list = "image,map,score\n";
    for (const auto& sample : samples) {
        if (sample.split != "test") { continue; }
        const auto image = read_image(sample);
        const auto map = distance_map(image, means.at(sample.category));
        const auto shape = std::to_array<std::int64_t>({image.height, image.width});
        write_whole(folder / "maps" / (sample.id + ".npy"), npy_text(map, shape));
        list += concat(sample.id, ",", sample.id, ".npy,", std::ranges::max(map), "\n");
    }
    write_whole(folder / "list.csv", list);
    const auto path = [&](const char* name) { return shell_word((folder / name).string()); };
    auto command = concat("patchead measure --maps ", path("maps"), " --list ", path("list.csv"),
                          " --name mean-image --dataset mvtec-like --data-root ", path("data"),
                          " --output ", path("results"));
    write_whole(folder / "README.txt", concat(kReadme, command, "\n"));
    return command;
}

}  // namespace patchead
