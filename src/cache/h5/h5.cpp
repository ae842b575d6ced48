#include "h5/h5.hpp"

#include <algorithm>
#include <cerrno>

#include "h5/system_file.hpp"
#include "patchead/core/error.hpp"

namespace patchead::h5 {
namespace {

/// Why HDF5 refused.
struct Reason {
    std::string text;
    bool is_memory = false;  ///< The system gave it none.
};

/// Keeps the entry it is called with; walking downward, the last one is the innermost.
herr_t keep(unsigned, const H5E_error2_t* entry, void* reason) {
    auto& kept = *static_cast<Reason*>(reason);
    if (entry->desc != nullptr) { kept.text = entry->desc; }
    kept.is_memory = entry->maj_num == H5E_RESOURCE && entry->min_num == H5E_NOSPACE;
    return 0;
}

herr_t keep_name(hid_t, const char* name, const H5L_info_t*, void* names) {
    static_cast<std::vector<std::string>*>(names)->emplace_back(name);
    return 0;
}

}  // namespace

void fail(std::string_view what) {
    Reason reason;
    H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep, &reason);
    H5Eclear2(H5E_DEFAULT);
    if (reason.is_memory) { throw SystemFailure(ENOMEM); }
    throw Failure(concat(what, ": ", reason.text.empty() ? "HDF5 gives no reason" : reason.text));
}

void be_quiet() { check(H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr), "error output"); }

std::string shape_text(const Extent& shape) {
    std::string text;
    for (const auto extent : shape) { text += concat(text.empty() ? "" : " x ", extent); }
    return shape.empty() ? "one value" : text;
}

template <>
Type type_of<Half>() {
    Type type(H5Tcopy(H5T_IEEE_F32LE), "half type");
    // Fields first: they must lie within the size, and the smaller size must not cut them off.
    check(H5Tset_fields(type.id(), 15, 10, 5, 0, 10), "half type");
    check(H5Tset_size(type.id(), sizeof(Half)), "half type");
    check(H5Tset_ebias(type.id(), 15), "half type");
    return type;
}
template <>
Type type_of<float>() {
    return {H5Tcopy(H5T_IEEE_F32LE), "float type"};
}
template <>
Type type_of<double>() {
    return {H5Tcopy(H5T_IEEE_F64LE), "double type"};
}
template <>
Type type_of<std::int64_t>() {
    return {H5Tcopy(H5T_STD_I64LE), "integer type"};
}
template <>
Type type_of<std::uint8_t>() {
    return {H5Tcopy(H5T_STD_U8LE), "byte type"};
}

Type text_type(std::size_t size) {
    Type type(H5Tcopy(H5T_C_S1), "text type");
    check(H5Tset_size(type.id(), size), "text type");
    check(H5Tset_strpad(type.id(), H5T_STR_NULLPAD), "text type");
    check(H5Tset_cset(type.id(), H5T_CSET_UTF8), "text type");
    return type;
}

std::string type_name(hid_t type) {
    const auto bits = 8 * H5Tget_size(type);
    switch (H5Tget_class(type)) {
        case H5T_FLOAT:
            return concat("float", bits);
        case H5T_INTEGER:
            return concat(H5Tget_sign(type) == H5T_SGN_NONE ? "uint" : "int", bits);
        case H5T_STRING:
            return "text";
        case H5T_COMPOUND:
            return "compound";
        case H5T_ENUM:
            return "enum";
        case H5T_VLEN:
            return "ragged";
        default:
            return "other";
    }
}

Group create_group(hid_t parent, const std::string& name) {
    const Properties how(H5Pcreate(H5P_GROUP_CREATE), "group");
    check(H5Pset_obj_track_times(how.id(), false), "group");
    return {H5Gcreate2(parent, name.c_str(), H5P_DEFAULT, how.id(), H5P_DEFAULT),
            concat("group ", name)};
}

DatasetId create_dataset(hid_t parent, const std::string& name, const Type& type,
                         const Extent& shape) {
    const auto what = concat("data set ", name);
    const Space space(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), nullptr),
                      what);
    const Properties how(H5Pcreate(H5P_DATASET_CREATE), what);
    check(H5Pset_layout(how.id(), H5D_CONTIGUOUS), what);
    check(H5Pset_alloc_time(how.id(), H5D_ALLOC_TIME_EARLY), what);
    check(H5Pset_fill_time(how.id(), H5D_FILL_TIME_NEVER), what);
    check(H5Pset_obj_track_times(how.id(), false), what);
    return {
        H5Dcreate2(parent, name.c_str(), type.id(), space.id(), H5P_DEFAULT, how.id(), H5P_DEFAULT),
        what};
}

DatasetId open_dataset(hid_t parent, const std::string& name) {
    return {H5Dopen2(parent, name.c_str(), H5P_DEFAULT), concat("data set ", name)};
}

Extent shape_of(const DatasetId& data) {
    const Space space(H5Dget_space(data.id()), "space");
    const int rank = H5Sget_simple_extent_ndims(space.id());
    check(rank, "shape");
    Extent shape(static_cast<std::size_t>(rank));
    check(H5Sget_simple_extent_dims(space.id(), shape.data(), nullptr), "shape");
    return shape;
}

bool has_link(hid_t parent, const std::string& name) {
    const htri_t found = H5Lexists(parent, name.c_str(), H5P_DEFAULT);
    check(found, concat("link ", name));
    return found > 0;
}

std::vector<std::string> link_names(hid_t group) {
    std::vector<std::string> names;
    check(H5Literate(group, H5_INDEX_NAME, H5_ITER_NATIVE, nullptr, keep_name, &names), "links");
    std::ranges::sort(names);
    return names;
}

std::vector<std::string> all_names(hid_t group) {
    std::vector<std::string> names;
    check(H5Lvisit(group, H5_INDEX_NAME, H5_ITER_NATIVE, keep_name, &names), "links");
    std::ranges::sort(names);
    return names;
}

}  // namespace patchead::h5
