#include "patchead/cache/table_file.hpp"

#include "artifact.hpp"
#include "h5/checked_data.hpp"
#include "h5/output_file.hpp"

namespace patchead {
namespace {

void write_column(hid_t group, const std::string& name, const std::vector<std::string>& column) {
    h5::write_texts(group, name, column);
}

template <class T>
void write_column(hid_t group, const std::string& name, const std::vector<T>& column) {
    h5::write_array<T>(group, name, {column.size()}, column);
}

Column read_column(hid_t group, const std::string& name) {
    const h5::SliceReader reader(h5::open_dataset(group, name));
    const auto has = [&](const h5::Type& type) {
        return H5Tequal(reader.type().id(), type.id()) > 0;
    };
    if (H5Tget_class(reader.type().id()) == H5T_STRING) { return h5::read_texts(group, name); }
    if (has(h5::type_of<double>())) { return h5::read_array<double>(group, name, 1).values; }
    if (has(h5::type_of<float>())) { return h5::read_array<float>(group, name, 1).values; }
    if (has(h5::type_of<std::uint8_t>())) {
        return h5::read_array<std::uint8_t>(group, name, 1).values;
    }
    return h5::read_array<std::int64_t>(group, name, 1).values;
}

std::size_t length_of(const Column& column) {
    return std::visit([](const auto& values) { return values.size(); }, column);
}

void require_equal_lengths(const std::string& group, const std::map<std::string, Column>& columns) {
    for (const auto& [name, column] : columns) {
        if (length_of(column) != length_of(columns.begin()->second)) {
            throw h5::Failure(concat("column '", name, "' of group '", group,
                                     "' differs in length from the others"));
        }
    }
}

void require_plain(const std::string& name) {
    if (name.empty() || name == "." || name.find('/') != std::string::npos) {
        throw h5::Failure(concat("a group or column cannot be called '", name, "'"));
    }
}

void write_group(hid_t root, const std::string& name,
                 const std::map<std::string, Column>& columns) {
    require_plain(name);
    require_equal_lengths(name, columns);
    const auto group = h5::create_group(root, name);
    for (const auto& [key, column] : columns) {
        require_plain(key);
        const auto& column_name = key;  // Clang lets no lambda capture a structured binding.
        std::visit([&](const auto& values) { write_column(group.id(), column_name, values); },
                   column);
    }
}

std::map<std::string, Column> read_group(hid_t root, const std::string& name) {
    const h5::Group group(H5Gopen2(root, name.c_str(), H5P_DEFAULT), "group " + name);
    std::map<std::string, Column> columns;
    for (const auto& column : h5::link_names(group.id())) {
        columns[column] = read_column(group.id(), column);
    }
    require_equal_lengths(name, columns);
    return columns;
}

}  // namespace

void write_table_file(const std::filesystem::path& path, const TableFile& table) {
    h5::write_file(path, [&](hid_t root) {
        h5::write_header(root, kTableFormat, kTableSchema, table.attributes);
        for (const auto& [name, columns] : table.groups) { write_group(root, name, columns); }
        h5::seal(root);
    });
}

TableFile read_table_file(const std::filesystem::path& path) {
    return read_h5(path, [](hid_t root) {
        TableFile table{.attributes = h5::read_header(root, kTableFormat, kTableSchema),
                        .groups = {}};
        for (const auto& name : h5::link_names(root)) {
            table.groups[name] = read_group(root, name);
        }
        return table;
    });
}

}  // namespace patchead
