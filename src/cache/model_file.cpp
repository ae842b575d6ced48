#include "patchead/cache/model_file.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include "patchead/cache/damaged_error.hpp"
#include "patchead/cache/table_file.hpp"
#include "patchead/core/error.hpp"

namespace patchead {
namespace {

using Texts = std::vector<std::string>;
using Numbers = std::vector<std::int64_t>;
using Bytes = std::shared_ptr<const std::string>;
using ColumnsOfGroup = std::map<std::string, Column>;

/// Raise it when columns change their meaning.
const std::map<std::string, std::string> kModelAttributes{{"content", "model"},
                                                          {"model_schema", "1"}};

/// Files one after the other, and where each ends.
class JoinedFiles {
  public:
    void add(const Bytes& bytes) {
        if (bytes) { bytes_.insert(bytes_.end(), bytes->begin(), bytes->end()); }
        ends_.push_back(static_cast<std::int64_t>(bytes_.size()));
    }
    [[nodiscard]] const std::vector<std::uint8_t>& bytes() const { return bytes_; }
    [[nodiscard]] const Numbers& ends() const { return ends_; }

  private:
    std::vector<std::uint8_t> bytes_;
    Numbers ends_;
};

/// The columns of a model, each of the type that it has to be.
class ModelColumns {
  public:
    ModelColumns(TableFile table, const std::filesystem::path& path)
        : table_(std::move(table)), path_(path) {
        for (const auto& [name, text] : kModelAttributes) {
            const auto found = table_.attributes.find(name);
            check(found != table_.attributes.end() && found->second == text,
                  concat("its '", name, "' is not '", text, "'"));
        }
    }

    template <class T>
    [[nodiscard]] const std::vector<T>& of(const char* group, const char* column) const {
        const auto columns = table_.groups.find(group);
        check(columns != table_.groups.end() && columns->second.contains(column),
              concat("there is no ", group, "/", column));
        const auto* values = std::get_if<std::vector<T>>(&columns->second.at(column));
        check(values != nullptr, concat(group, "/", column, " is of another type"));
        return *values;
    }

    /// The files that end at `ends` in `group`.
    [[nodiscard]] std::vector<Bytes> files(const Numbers& ends, const char* group) const {
        const auto& bytes = of<std::uint8_t>(group, "bytes");
        std::vector<Bytes> files;
        files.reserve(ends.size());
        std::int64_t at = 0;
        for (const auto end : ends) {
            check(end >= at && end <= static_cast<std::int64_t>(bytes.size()),
                  concat("the files in ", group, " do not follow each other"));
            files.push_back(std::make_shared<const std::string>(
                bytes.begin() + static_cast<std::ptrdiff_t>(at),
                bytes.begin() + static_cast<std::ptrdiff_t>(end)));
            at = end;
        }
        return files;
    }

    void check(bool ok, const std::string& reason) const {
        require<DamagedError>(ok, "'", path_.string(), "' is no whole model (", reason,
                              "); name a file that patchead fit wrote, or make it again");
    }

  private:
    TableFile table_;
    const std::filesystem::path& path_;
};

ColumnsOfGroup facts_group(const ModelFile& model) {
    Texts names;
    Texts texts;
    for (const auto& [name, text] : model.facts) {
        names.push_back(name);
        texts.push_back(text);
    }
    return {{"name", names}, {"text", texts}};
}

std::vector<ModelPhoto> photos_in(const ModelColumns& columns) {
    const auto& names = columns.of<std::string>("photos", "name");
    const auto& digests = columns.of<std::string>("photos", "digest");
    const auto& heights = columns.of<std::int64_t>("photos", "height");
    const auto& widths = columns.of<std::int64_t>("photos", "width");
    const auto files = columns.files(columns.of<std::int64_t>("photos", "end"), "photo_files");
    std::vector<ModelPhoto> photos;
    photos.reserve(names.size());
    for (std::size_t i = 0; i < names.size(); ++i) {
        constexpr std::int64_t kMost = 1 << 24;
        const bool is_size =
            heights[i] > 0 && widths[i] > 0 && heights[i] < kMost && widths[i] < kMost;
        columns.check(is_size, concat("photo '", names[i], "' has no size"));
        photos.push_back({names[i], digests[i], static_cast<int>(heights[i]),
                          static_cast<int>(widths[i]), files[i]->empty() ? nullptr : files[i]});
    }
    return photos;
}

}  // namespace

void write_model_file(const std::filesystem::path& path, const ModelFile& model) {
    Texts names, digests, places;
    Numbers heights, widths;
    JoinedFiles photos, artifacts;
    for (const auto& photo : model.photos) {
        names.push_back(photo.name);
        digests.push_back(photo.digest);
        heights.push_back(photo.height);
        widths.push_back(photo.width);
        photos.add(photo.bytes);
    }
    for (const auto& [place, bytes] : model.artifacts) {
        places.push_back(place);
        artifacts.add(bytes);
    }
    write_table_file(path,
                     {.attributes = kModelAttributes,
                      .groups = {{"facts", facts_group(model)},
                                 {"photos",
                                  {{"name", names},
                                   {"digest", digests},
                                   {"height", heights},
                                   {"width", widths},
                                   {"end", photos.ends()}}},
                                 {"photo_files", {{"bytes", photos.bytes()}}},
                                 {"left_out", {{"score", model.left_out}}},
                                 {"artifacts", {{"place", places}, {"end", artifacts.ends()}}},
                                 {"artifact_files", {{"bytes", artifacts.bytes()}}}}});
}

ModelFile read_model_file(const std::filesystem::path& path) {
    const ModelColumns columns(read_table_file(path), path);
    ModelFile model;
    const auto& names = columns.of<std::string>("facts", "name");
    const auto& texts = columns.of<std::string>("facts", "text");
    for (std::size_t i = 0; i < names.size(); ++i) { model.facts[names[i]] = texts[i]; }
    model.photos = photos_in(columns);
    model.left_out = columns.of<float>("left_out", "score");
    columns.check(model.left_out.empty() || model.left_out.size() == model.photos.size(),
                  "photos and their scores differ in number");
    const auto& places = columns.of<std::string>("artifacts", "place");
    const auto files =
        columns.files(columns.of<std::int64_t>("artifacts", "end"), "artifact_files");
    for (std::size_t i = 0; i < places.size(); ++i) { model.artifacts[places[i]] = files[i]; }
    return model;
}

}  // namespace patchead
