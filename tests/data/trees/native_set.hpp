#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <opencv2/imgcodecs.hpp>

#include "../fixtures.hpp"
#include "patchead/data/dataset.hpp"

/// \file
/// \brief A data set's native tree, drawn small, and what an index must find in it.
///
/// A new data set is a function that gives a NativeSet, in a header of this folder, and a line of
/// trees.hpp. The contract tests (../dataset_contract_test.cpp) do the rest.

namespace patchead {

/// Pixels `[top, bottom)` x `[left, right)`.
struct Box {
    int top;
    int left;
    int bottom;
    int right;
};

inline constexpr MapSize kTreeImage{9, 12};  ///< Of all images of trees.

/// Writes the files of a tree, real images of `kTreeImage`, no two of them alike.
class TreeWriter {
  public:
    explicit TreeWriter(std::filesystem::path root) : root_(std::move(root)) {}

    void image(const std::string& file) {
        cv::Mat pixels(kTreeImage.height, kTreeImage.width, CV_8UC3, cv::Scalar(90, 110, 130));
        ++images_;
        pixels(cv::Rect(0, 0, 4, 4)) = cv::Scalar(images_ % 250, images_ / 250 * 40, 200);
        write(file, pixels);
    }
    void images(const std::vector<std::string>& files) {
        for (const auto& file : files) { image(file); }
    }

    /// Gray, `level` in the boxes.
    void mask(const std::string& file, const std::vector<Box>& boxes, int level = 255) {
        cv::Mat pixels(kTreeImage.height, kTreeImage.width, CV_8UC1, cv::Scalar(0));
        for (const auto& box : boxes) {
            pixels(cv::Range(box.top, box.bottom), cv::Range(box.left, box.right)) = level;
        }
        write(file, pixels);
    }

    void text(const std::string& file, std::string_view content) {
        write_bytes(root_ / file, content);
    }

    /// What unpacking, browsing and copying leave behind in each folder below `folder`.
    void litter(const std::string& folder) {
        std::vector<std::filesystem::path> folders{root_ / folder};
        for (const auto& entry : std::filesystem::recursive_directory_iterator(root_ / folder)) {
            if (entry.is_directory()) { folders.push_back(entry.path()); }
        }
        for (const auto& path : folders) {
            for (const auto* name : {"Thumbs.db", ".DS_Store", "._000.png"}) {
                write_bytes(path / name, name);
            }
        }
    }

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

  private:
    void write(const std::string& file, const cv::Mat& pixels) {
        auto suffix = std::filesystem::path(file).extension().string();
        std::ranges::transform(suffix, suffix.begin(),
                               [](unsigned char c) { return std::tolower(c); });
        std::vector<std::uint8_t> bytes;
        ASSERT_TRUE(cv::imencode(suffix, pixels, bytes)) << file;
        write_bytes(root_ / file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }

    std::filesystem::path root_;
    int images_ = 0;
};

/// What an index says of an image. Category, split and type follow from the id.
struct ExpectedSample {
    std::string id;
    std::string image;                 ///< Relative to the data set's own folder.
    std::vector<std::string> masks{};  ///< The same.
    std::vector<Box> anomalous{};      ///< Pixels of all masks together, crop rows applied.
    std::string group{};
    std::optional<CropRows> crop{};
    bool unseen = false;
    std::string saturation{};  ///< As `text_of` has it.
    /// If other than its type says: training images of a split that has defects among them.
    std::optional<bool> is_anomalous{};
};

struct NativeSet {
    std::string folder;  ///< Below the data root.
    std::function<void(TreeWriter& tree)> draw;
    std::vector<ExpectedSample> samples;  ///< Sorted by id.
    std::string layout;
    std::vector<std::string> notes{};  ///< Parts of notes that there must be.
    bool needs_masks = true;           ///< Whether a mask that is missing is refused.
};

}  // namespace patchead
