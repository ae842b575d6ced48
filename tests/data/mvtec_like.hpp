#pragma once

#include "fixtures.hpp"
#include "patchead/data/dataset.hpp"

namespace patchead {

/// A small data set in MVTec layout in `mvtec-like`: two categories, one defect each.
class MvtecLike : public FolderTest {
  protected:
    void SetUp() override {
        FolderTest::SetUp();
        root_ = folder_ / "mvtec-like";
        for (const std::string category : {"nut", "bolt"}) {
            add(category + "/train/good/001.png");
            add(category + "/train/good/000.png");
            add(category + "/test/good/000.png");
            add(category + "/test/crack/000.png");
            add(category + "/ground_truth/crack/000_mask.png");
        }
    }

    void add(const std::string& file) const { write_bytes(root_ / file, file); }

    DatasetIndex index(const std::vector<std::string>& categories = {}) const {
        return index_dataset("mvtec-like", folder_, categories);
    }

    std::vector<std::string> ids(const std::vector<std::string>& categories = {}) const {
        std::vector<std::string> result;
        for (const auto& sample : index(categories).samples) { result.push_back(sample.id); }
        return result;
    }

    void expect_error(const std::vector<std::string>& parts) const {
        const auto message = message_of<DataError>([&] { static_cast<void>(index()); });
        for (const auto& part : parts) {
            EXPECT_NE(message.find(part), std::string::npos) << message;
        }
    }

    std::filesystem::path root_;
};

}  // namespace patchead
