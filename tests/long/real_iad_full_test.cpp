#include <chrono>
#include <iostream>

#include "../data/fixtures.hpp"
#include "patchead/data/dataset.hpp"

/// \file
/// \brief Real-IAD with its 151,050 images, empty ones: they are all found, and in seconds.

namespace patchead {
namespace {

namespace fs = std::filesystem;

class RealIadFull : public FolderTest {
  protected:
    /// Samples of five views, until `images` are drawn; their entries. A fifth view of a defective
    /// sample shows no defect.
    std::string draw(const std::string& category, const std::string& type, int first, int images) {
        std::string entries;
        for (int i = 0; i < images; ++i) {
            const auto number = std::to_string(100000 + first + i / 5).substr(1);
            const auto stem = concat(category, '_', number, '_', type, "_C", i % 5 + 1, "_2023");
            const auto path =
                concat(type == "OK" ? "OK/S" : "NG/" + type + "/S", number, '/', stem);
            const auto file = folder_ / "realiad/realiad_1024" / category / path;
            fs::create_directories(file.parent_path());
            const bool is_seen = type != "OK" && i % 5 != 4;
            std::ofstream(file.string() + ".jpg");
            if (is_seen) { std::ofstream(file.string() + "_mask.png"); }
            entries += concat(entries.empty() ? "" : ", ", R"({"category": ")", category,
                              R"(", "anomaly_class": ")", type, R"(", "image_path": ")", path,
                              R"(.jpg", "mask_path": )",
                              is_seen ? concat('"', path, "_mask.png\"") : "null", "}");
        }
        return entries;
    }
};

TEST_F(RealIadFull, IsIndexedWithItsPublishedCounts) {
    const auto entry = std::ranges::find(datasets(), "real-iad", &DatasetEntry::name);
    const auto& info = entry->get().info();
    auto left = *info.totals;
    auto categories = static_cast<int>(info.categories.size());
    for (const auto& category : info.categories) {
        const std::string name(category.name);
        const ImageCounts share{left.train / categories, left.test_normal / categories,
                                left.test_anomalous / categories};
        --categories;
        left.train -= share.train;
        left.test_normal -= share.test_normal;
        left.test_anomalous -= share.test_anomalous;
        const auto train = draw(name, "OK", 0, share.train);
        const auto normal = draw(name, "OK", 50000, share.test_normal);
        write_bytes(folder_ / "realiad/realiad_jsons" / (name + ".json"),
                    concat(R"({"meta": {"prefix": ")", name,
                           R"(/", "normal_class": "OK"}, "train": [)", train, R"(], "test": [)",
                           normal, ", ", draw(name, "BX", 0, share.test_anomalous), "]}"));
    }
    const auto begin = std::chrono::steady_clock::now();
    const auto index = index_dataset("real-iad", folder_, {});
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - begin;
    std::cout << "indexed " << index.samples.size() << " images in " << time.count() << " s\n";
    EXPECT_EQ(index.samples.size(), 151050U);
    EXPECT_EQ(count_all(index.samples), *info.totals);
    EXPECT_TRUE(index.left_out.empty());
    for (const auto& note : index.notes) {
        EXPECT_NE(note.find("the defect is not seen in this view"), std::string::npos) << note;
    }
}

}  // namespace
}  // namespace patchead
