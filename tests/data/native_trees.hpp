#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "fixtures.hpp"
#include "patchead/data/dataset.hpp"
#include "patchead/data/image_io.hpp"

/// \file
/// \brief Small data sets in their native layouts.

namespace patchead {

/// What an index says of one sample, with paths relative to the data set. Everything but names that
/// are the same for all samples of a test.
struct Record {
    std::string id;
    bool anomalous = false;
    std::string image;
    std::string mask;

    bool operator==(const Record&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const Record& record) {
    return out << record.id << (record.anomalous ? " anomalous " : " normal ") << record.image
               << " | " << record.mask;
}

/// A test with a data root, `folder_`, in which a data set is drawn up file by file.
class NativeTree : public FolderTest {
  protected:
    /// Writes files below the data root; their content does not matter for an index.
    void add(const std::vector<std::string>& files) const {
        for (const auto& file : files) { write_bytes(folder_ / file, file); }
    }

    /// What unpacking, browsing and copying leave behind in a folder.
    void litter(const std::vector<std::string>& folders) const {
        for (const auto& folder : folders) {
            add({folder + "/Thumbs.db", folder + "/.DS_Store", folder + "/._0000.png",
                 folder + "/readme.txt"});
        }
    }

    /// The records of `name`, checked for what every sample must fulfil.
    std::vector<Record> records(const std::string& name,
                                const std::vector<std::string>& categories = {}) const {
        const auto index = index_dataset(name, folder_, categories);
        std::vector<Record> records;
        for (const auto& sample : index.samples) {
            EXPECT_EQ(sample.dataset, name);
            EXPECT_EQ(sample.defect_type == "good", !sample.anomalous) << sample.id;
            EXPECT_TRUE(sample.id.starts_with(sample.category + "/" + sample.split + "/" +
                                              sample.defect_type + "/"))
                << sample.id;
            EXPECT_TRUE(sample.digest.empty());
            records.push_back(
                {sample.id, sample.anomalous, sample.image.lexically_relative(index.root).string(),
                 sample.mask.empty() ? "" : sample.mask.lexically_relative(index.root).string()});
        }
        return records;
    }

    std::string layout(const std::string& name) const {
        return index_dataset(name, folder_, {}).layout;
    }

    /// Indexing `name` in `root` (the data root if empty) fails with a message that has all
    /// `parts`.
    void expect_error(const std::string& name, const std::vector<std::string>& parts,
                      const std::filesystem::path& root = {}) const {
        const auto message = message_of<DataError>(
            [&] { static_cast<void>(index_dataset(name, root.empty() ? folder_ : root, {})); });
        for (const auto& part : parts) {
            EXPECT_NE(message.find(part), std::string::npos) << message;
        }
        EXPECT_NE(message.find("; "), std::string::npos) << "no mend: " << message;
    }

    bool has_note(const std::string& name, const std::string& part) const {
        return std::ranges::any_of(index_dataset(name, folder_, {}).notes, [&](const auto& note) {
            return note.find(part) != std::string::npos;
        });
    }
};

}  // namespace patchead
