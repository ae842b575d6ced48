#include <algorithm>
#include <array>
#include <iomanip>
#include <sstream>

#include <nlohmann/json.hpp>

#include "artifact.hpp"
#include "h5/statistics.hpp"
#include "patchead/cache/describe.hpp"
#include "patchead/cache/store.hpp"
#include "patchead/core/files.hpp"
#include "patchead/core/json_levels.hpp"

namespace patchead {
namespace {

constexpr int kNameWidth = 22;
constexpr std::size_t kTextsShown = 3;

std::string readable_size(std::uintmax_t bytes) {
    constexpr std::array units{"bytes", "kB", "MB", "GB", "TB"};
    auto size = static_cast<double>(bytes);
    auto unit = units.begin();
    for (; size >= 1000 && unit + 1 != units.end(); ++unit) { size /= 1000; }
    std::ostringstream text;
    text << std::fixed << std::setprecision(unit == units.begin() ? 0 : 1) << size << ' ' << *unit;
    return text.str();
}

void add_line(std::ostream& out, int indent, const std::string& name, const std::string& text) {
    out << std::string(static_cast<std::size_t>(indent), ' ') << std::left
        << std::setw(kNameWidth - indent) << name << ' ' << text << '\n';
}

/// A text as it is; a JSON object as one line for each of its fields.
void add_text(std::ostream& out, const std::string& name, const std::string& text) {
    const auto json = is_deeper_than(kMostJsonLevels, text)
                          ? nlohmann::json()
                          : nlohmann::json::parse(text, nullptr, false);
    if (!json.is_object()) { return add_line(out, 2, name, text); }
    out << "  " << name << '\n';
    for (const auto& [field, value] : json.items()) {
        add_line(out, 4, field, value.is_string() ? value.get<std::string>() : value.dump());
    }
}

/// Whether the header of a file of ours is whole, with the reason if it is not.
std::string header_state(hid_t root, const std::string& format) {
    try {
        const bool table = format == kTableFormat;
        static_cast<void>(h5::read_header(root, table ? kTableFormat : kArtifactFormat,
                                          table ? kTableSchema : kArtifactSchema));
        return "complete";
    } catch (const h5::Failure& failure) { return concat("DAMAGED (", failure.what(), ")"); }
}

void add_header(std::ostream& out, hid_t root) {
    const auto format = h5::format_of(root);
    add_line(out, 2, "format", format.value_or("HDF5, not written by patchead"));
    if (format) { add_line(out, 2, "state", header_state(root, *format)); }
    for (const auto& [name, text] : h5::read_texts(root)) {
        if (name != "format") { add_text(out, name, text); }
    }
    for (const auto& name : {"schema", "grid_rows", "grid_cols"}) {
        if (h5::has_attribute(root, name)) {
            add_line(out, 2, name, std::to_string(h5::read_number(root, name)));
        }
    }
}

std::string checksum_state(const h5::SliceReader& reader) {
    if (!reader.has_checksums()) { return "no checksum"; }
    std::vector<std::byte> slice(reader.slice_bytes());
    try {
        for (std::size_t i = 0; i < reader.slices(); ++i) { reader.read(i, slice); }
        return "checksum OK";
    } catch (const h5::Failure& failure) { return concat("DAMAGED (", failure.what(), ")"); }
}

/// The first few texts of a list that we wrote.
std::string first_texts(hid_t root, const std::string& name) {
    const auto texts = h5::read_texts(root, name);
    std::string shown;
    for (std::size_t i = 0; i < std::min(texts.size(), kTextsShown); ++i) {
        shown += concat(i == 0 ? "" : ", ", std::quoted(texts[i]));
    }
    return shown + (texts.size() > kTextsShown ? ", ..." : "");
}

std::string content(hid_t root, const std::string& name, const h5::SliceReader& reader) {
    try {
        switch (H5Tget_class(reader.type().id())) {
            case H5T_FLOAT:
            case H5T_INTEGER:
                return h5::number_summary(h5::open_dataset(root, name));
            case H5T_STRING:
                return reader.has_checksums() ? first_texts(root, name) : "";
            default:
                return "";
        }
    } catch (const h5::Failure& failure) { return concat("not readable (", failure.what(), ")"); }
}

void add_dataset(std::ostream& out, hid_t root, const std::string& name) {
    const h5::SliceReader reader(h5::open_dataset(root, name));
    add_line(out, 2, "/" + name,
             concat(h5::type_name(reader.type().id()), " [", h5::shape_text(reader.shape()), "], ",
                    checksum_state(reader)));
    if (const auto text = content(root, name, reader); !text.empty()) {
        add_line(out, 2, "", text);
    }
}

void add_object(std::ostream& out, hid_t root, const std::string& name) {
    try {
        const h5::ObjectId object(H5Oopen(root, name.c_str(), H5P_DEFAULT), "object");
        if (H5Iget_type(object.id()) == H5I_DATASET) { add_dataset(out, root, name); }
    } catch (const h5::Failure& failure) {
        add_line(out, 2, "/" + name, concat("DAMAGED (", failure.what(), ")"));
    }
}

}  // namespace

std::string describe_file(const std::filesystem::path& file) {
    std::error_code error;
    const auto size = std::filesystem::file_size(file, error);
    if (error) { fail_to_read(file, error.value()); }
    try {
        return h5::read_file(file, [&](hid_t root) {
            std::ostringstream out;
            out << file.string() << '\n';
            add_line(out, 2, "size", readable_size(size));
            add_header(out, root);
            out << "data sets\n";
            for (const auto& name : h5::all_names(root)) { add_object(out, root, name); }
            return out.str();
        });
    } catch (const h5::SystemFailure& failure) {
        fail_to_read(file, failure.error);
    } catch (const h5::Failure& failure) {
        throw CacheError(concat("cannot inspect '", file.string(), "' (", failure.what(),
                                "); it is damaged or no HDF5 file"));
    }
}

std::string hdf5_version() {
    unsigned major = 0;
    unsigned minor = 0;
    unsigned release = 0;
    H5get_libversion(&major, &minor, &release);
    return concat(major, ".", minor, ".", release);
}

}  // namespace patchead
