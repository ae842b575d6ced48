#include "h5/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "patchead/core/error.hpp"

namespace patchead::h5 {
namespace {

constexpr hsize_t kSample = 65536;
constexpr std::size_t kFew = 8;

/// Selects at most `kSample` elements: as many as possible along the last axes, then every so
/// many along the ones before. Returns how many.
hsize_t select_sample(const Space& space, const Extent& shape) {
    Extent stride(shape.size(), 1);
    Extent count(shape.size(), 1);
    hsize_t left = kSample;
    for (std::size_t axis = shape.size(); axis-- > 0;) {
        count[axis] = std::min(shape[axis], left);
        stride[axis] = shape[axis] / count[axis];
        left /= count[axis];
    }
    const Extent start(shape.size(), 0);
    check(H5Sselect_hyperslab(space.id(), H5S_SELECT_SET, start.data(), stride.data(), count.data(),
                              nullptr),
          "sample");
    return static_cast<hsize_t>(H5Sget_select_npoints(space.id()));
}

std::vector<double> sample(const DatasetId& data, const Extent& shape) {
    const Space file(H5Dget_space(data.id()), "space");
    const hsize_t count = shape.empty() ? 1 : select_sample(file, shape);
    const Space memory(H5Screate_simple(1, &count, nullptr), "space");
    std::vector<double> values(static_cast<std::size_t>(count));
    // Few enough for HDF5's own conversion, which knows every type.
    check(H5Dread(data.id(), H5T_NATIVE_DOUBLE, memory.id(), file.id(), H5P_DEFAULT, values.data()),
          "sample");
    return values;
}

std::string listed(const std::vector<double>& values) {
    std::string text;
    for (const double value : values) { text += concat(text.empty() ? "" : ", ", value); }
    return text;
}

std::string range(const std::vector<double>& values) {
    double least = std::numeric_limits<double>::infinity();
    double most = -least;
    double sum = 0;
    std::size_t finite = 0;
    for (const double value : values) {
        if (!std::isfinite(value)) { continue; }
        least = std::min(least, value);
        most = std::max(most, value);
        sum += value;
        ++finite;
    }
    if (finite == 0) { return "no finite value"; }
    const auto text =
        concat("min ", least, ", mean ", sum / static_cast<double>(finite), ", max ", most);
    return finite == values.size() ? text
                                   : concat(text, ", ", values.size() - finite, " not finite");
}

}  // namespace

std::string number_summary(const DatasetId& data) {
    const auto shape = shape_of(data);
    const Space space(H5Dget_space(data.id()), "space");
    const auto elements = H5Sget_simple_extent_npoints(space.id());
    if (elements <= 0) { return "empty"; }
    const auto values = sample(data, shape);
    if (values.size() <= kFew) { return listed(values); }
    const bool all = values.size() == static_cast<std::size_t>(elements);
    return range(values) + (all ? "" : concat(", of a sample of ", values.size()));
}

}  // namespace patchead::h5
