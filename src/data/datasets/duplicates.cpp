#include "datasets/duplicates.hpp"

#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <system_error>
#include <tuple>
#include <utility>

#include "patchead/core/counted.hpp"
#include "patchead/core/digest.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// What is said of duplicates: "3 <unit>s<what>".
using Kind = std::pair<std::string, std::string>;

/// Pairs of one category and kind. One of them is shown.
struct Pairs {
    std::size_t count = 0;
    const Sample* image = nullptr;
    const Sample* twin = nullptr;
};

/// Collects pairs and tells of them.
class Duplicates {
  public:
    void add(const Sample& sample, const Kind& kind, const Sample& twin) {
        auto& pairs = found_[{sample.category, kind}];
        if (pairs.count++ == 0) { pairs = {1, &sample, &twin}; }
    }

    [[nodiscard]] std::vector<std::string> texts() const {
        std::vector<std::string> texts;
        for (const auto& [key, pairs] : found_) {
            const auto& [category, kind] = key;
            texts.push_back(concat(category, ": ", counted(pairs.count, kind.first), kind.second,
                                   ", the same bytes ('", pairs.image->image.string(), "' is '",
                                   pairs.twin->image.string(), "')"));
        }
        return texts;
    }

  private:
    std::map<std::pair<std::string, Kind>, Pairs> found_;
};

const Kind kInTrain{"test image", " also in train"};

/// Size and some bytes of the middle: tells most files apart without reading them. Empty if the
/// file cannot be read, which others say.
std::string fingerprint(const fs::path& file) {
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error) { return {}; }
    std::array<char, 1024> bytes{};
    std::ifstream stream(file, std::ios::binary);
    stream.seekg(static_cast<std::streamoff>(size / 2));
    stream.read(bytes.data(), bytes.size());
    return concat(size, ":", std::string_view(bytes.data(), bytes.size()));
}

}  // namespace

std::vector<std::string> tested_training_images(std::span<const Sample> samples) {
    std::map<std::string, std::vector<const Sample*>> training;
    for (const auto& sample : samples) {
        if (sample.split == "train") { training[fingerprint(sample.image)].push_back(&sample); }
    }
    training.erase("");
    Duplicates found;
    for (const auto& sample : samples) {
        if (sample.split == "train") { continue; }
        const auto alike = training.find(fingerprint(sample.image));
        if (alike == training.end()) { continue; }
        for (const auto* twin : alike->second) {
            if (twin->crop != sample.crop || twin->category != sample.category ||
                sha256_file(twin->image) != sha256_file(sample.image)) {
                continue;
            }
            found.add(sample, kInTrain, *twin);
            break;
        }
    }
    auto notes = found.texts();
    for (auto& note : notes) {
        note += ": drawn as a prompt, an image finds itself and scores 0; remove it from one split";
    }
    return notes;
}

}  // namespace patchead

namespace patchead::inline data_detail {

std::vector<Finding> find_duplicates(std::span<const Sample> samples,
                                     std::span<const std::string> digests) {
    using Content = std::tuple<std::string, std::string, std::optional<CropRows>>;
    const auto content = [&](std::size_t i, const std::string& scope) {
        return Content{scope, digests[i], samples[i].crop};
    };
    const auto own_scope = [&](std::size_t i) { return samples[i].split + samples[i].category; };
    std::map<Content, const Sample*> first;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        first.try_emplace(content(i, own_scope(i)), &samples[i]);
        first.try_emplace(content(i, samples[i].split), &samples[i]);
    }
    Duplicates found;
    for (std::size_t i = 0; i < samples.size(); ++i) {
        const auto& sample = samples[i];
        if (digests[i].empty()) { continue; }
        const auto& same = *first.at(content(i, own_scope(i)));
        if (&same != &sample) { found.add(sample, {sample.split + " image", " twice"}, same); }
        const auto train = first.find(content(i, "train"));
        if (sample.split != "train" && train != first.end()) {
            found.add(sample, kInTrain, *train->second);
        }
    }
    std::vector<Finding> findings;
    for (auto& text : found.texts()) { findings.push_back({false, std::move(text)}); }
    return findings;
}

}  // namespace patchead::inline data_detail
