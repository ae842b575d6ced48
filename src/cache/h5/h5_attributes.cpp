#include <algorithm>

#include "h5/h5.hpp"
#include "patchead/core/error.hpp"

namespace patchead::h5 {
namespace {

Space scalar() { return {H5Screate(H5S_SCALAR), "scalar space"}; }

Attribute open_attribute(hid_t object, const std::string& name) {
    return {H5Aopen(object, name.c_str(), H5P_DEFAULT), concat("attribute ", name)};
}

void write_attribute(hid_t object, const std::string& name, hid_t type, const Space& space,
                     const void* value) {
    const auto what = concat("attribute ", name);
    const Attribute attribute(
        H5Acreate2(object, name.c_str(), type, space.id(), H5P_DEFAULT, H5P_DEFAULT), what);
    check(H5Awrite(attribute.id(), type, value), what);
}

std::string read_text(const Attribute& attribute, const Type& type) {
    std::string text(H5Tget_size(type.id()), '\0');
    check(H5Aread(attribute.id(), type.id(), text.data()), "text attribute");
    return text.substr(0, text.find('\0'));
}

herr_t keep_attribute(hid_t, const char* name, const H5A_info_t*, void* names) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
}

}  // namespace

void write_attribute(hid_t object, const std::string& name, std::string_view text) {
    const std::string padded(text.empty() ? std::string_view("\0", 1) : text);
    write_attribute(object, name, text_type(padded.size()).id(), scalar(), padded.data());
}

void write_attribute(hid_t object, const std::string& name, std::int32_t number) {
    write_attribute(object, name, H5T_STD_I32LE, scalar(), &number);
}

void write_attribute(hid_t object, const std::string& name,
                     std::span<const std::uint32_t> numbers) {
    const hsize_t count = numbers.size();
    const Space space(H5Screate_simple(1, &count, nullptr), concat("attribute ", name));
    write_attribute(object, name, H5T_STD_U32LE, space, numbers.data());
}

bool has_attribute(hid_t object, const std::string& name) {
    const htri_t found = H5Aexists(object, name.c_str());
    check(found, concat("attribute ", name));
    return found > 0;
}

std::int32_t read_number(hid_t object, const std::string& name) {
    const auto attribute = open_attribute(object, name);
    const Space space(H5Aget_space(attribute.id()), name);
    if (H5Sget_simple_extent_npoints(space.id()) != 1) {
        throw Failure(name + " is not one number");
    }
    std::int32_t number = 0;
    check(H5Aread(attribute.id(), H5T_NATIVE_INT32, &number), concat("attribute ", name));
    return number;
}

std::vector<std::uint32_t> read_numbers(hid_t object, const std::string& name) {
    const auto attribute = open_attribute(object, name);
    const Space space(H5Aget_space(attribute.id()), name);
    const auto count = H5Sget_simple_extent_npoints(space.id());
    std::vector<std::uint32_t> numbers(static_cast<std::size_t>(std::max<hssize_t>(count, 0)));
    check(H5Aread(attribute.id(), H5T_NATIVE_UINT32, numbers.data()), concat("attribute ", name));
    return numbers;
}

std::map<std::string, std::string> read_texts(hid_t object) {
    std::vector<std::string> names;
    check(H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, keep_attribute, &names),
          "attributes");
    std::map<std::string, std::string> texts;
    for (const auto& name : names) {
        const auto attribute = open_attribute(object, name);
        const Type type(H5Aget_type(attribute.id()), name);
        const Space space(H5Aget_space(attribute.id()), name);
        const bool fixed =
            H5Tget_class(type.id()) == H5T_STRING && H5Tis_variable_str(type.id()) == 0;
        if (fixed && H5Sget_simple_extent_npoints(space.id()) == 1) {
            texts[name] = read_text(attribute, type);
        }
    }
    return texts;
}

}  // namespace patchead::h5
