#include "alignments_file.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

#include "h5/checked_data.hpp"

namespace patchead::inline cache_detail {
namespace {

/// One data set: a number of each alignment.
template <class T, class Get>
void write_column(hid_t root, const char* name, const std::vector<Alignment>& alignments, Get get) {
    std::vector<T> values;
    for (const auto& alignment : alignments) { values.push_back(static_cast<T>(get(alignment))); }
    h5::write_array<T>(root, name, {values.size()}, values);
}

template <class T, class Set>
void read_column(hid_t root, const char* name, std::vector<Alignment>& alignments, Set set) {
    const auto values = h5::read_array<T>(root, name, 1).values;
    if (values.size() != alignments.size()) {
        throw h5::Failure("its columns do not fit each other");
    }
    for (std::size_t i = 0; i < values.size(); ++i) { set(alignments[i], values[i]); }
}

}  // namespace

void write_alignments(hid_t root, const std::vector<Alignment>& alignments) {
    std::vector<double> transforms;
    std::vector<std::string> methods;
    for (const auto& alignment : alignments) {
        transforms.insert(transforms.end(), alignment.transform.m.begin(),
                          alignment.transform.m.end());
        methods.push_back(alignment.method);
    }
    using A = Alignment;
    h5::write_array<double>(root, "transform", {alignments.size(), 6}, transforms);
    h5::write_texts(root, "method", methods);
    write_column<std::uint8_t>(root, "accepted", alignments, [](const A& a) { return a.accepted; });
    write_column<std::int64_t>(root, "matches", alignments, [](const A& a) { return a.matches; });
    write_column<std::int64_t>(root, "inliers", alignments, [](const A& a) { return a.inliers; });
    write_column<double>(root, "scale", alignments, [](const A& a) { return a.scale; });
    write_column<double>(root, "ncc_before", alignments, [](const A& a) { return a.ncc_before; });
    write_column<double>(root, "ncc_after", alignments, [](const A& a) { return a.ncc_after; });
}

std::vector<Alignment> parse_alignments(hid_t root) {
    const auto transforms = h5::read_array<double>(root, "transform", 2);
    if (transforms.shape.back() != 6) { throw h5::Failure("its transforms are not 2 x 3"); }
    const auto methods = h5::read_texts(root, "method");
    std::vector<Alignment> alignments(methods.size());
    if (transforms.shape.front() != methods.size()) {
        throw h5::Failure("its columns do not fit each other");
    }
    for (std::size_t i = 0; i < alignments.size(); ++i) {
        std::copy_n(transforms.values.begin() + static_cast<std::ptrdiff_t>(6 * i), 6,
                    alignments[i].transform.m.begin());
        alignments[i].method = methods[i];
    }
    using A = Alignment;
    read_column<std::uint8_t>(root, "accepted", alignments,
                              [](A& a, std::uint8_t value) { a.accepted = value != 0; });
    read_column<std::int64_t>(root, "matches", alignments, [](A& a, std::int64_t value) {
        a.matches = static_cast<int>(value);
    });
    read_column<std::int64_t>(root, "inliers", alignments, [](A& a, std::int64_t value) {
        a.inliers = static_cast<int>(value);
    });
    read_column<double>(root, "scale", alignments, [](A& a, double value) { a.scale = value; });
    read_column<double>(root, "ncc_before", alignments,
                        [](A& a, double value) { a.ncc_before = value; });
    read_column<double>(root, "ncc_after", alignments,
                        [](A& a, double value) { a.ncc_after = value; });
    return alignments;
}

}  // namespace patchead::inline cache_detail
