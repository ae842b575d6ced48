#include "detector_files.hpp"

#include <algorithm>
#include <string>

#include "artifact.hpp"
#include "h5/checked_data.hpp"

namespace patchead::inline cache_detail {
namespace {

constexpr auto kArrays = "arrays";

PlainTensor read_tensor(hid_t group, const std::string& name) {
    const auto axes = h5::shape_of(h5::open_dataset(group, name)).size();
    auto array = h5::read_array<float>(group, name, axes);
    return {{array.shape.begin(), array.shape.end()}, std::move(array.values)};
}

}  // namespace

bool is_whole(const NamedTensors& model) {
    return std::ranges::all_of(model, [](const auto& entry) {
        const auto& [shape, values] = entry.second;
        std::uint64_t size = 1;
        for (const auto length : shape) { size *= static_cast<std::uint64_t>(length); }
        return !shape.empty() && values.size() == size;
    });
}

bool is_whole(const PatchScores& scores) {
    return scores.images.size() == scores.ids.size() &&
           scores.patches.size() ==
               scores.ids.size() * static_cast<std::size_t>(scores.grid.size());
}

void write_model(hid_t root, const NamedTensors& model) {
    const auto group = h5::create_group(root, kArrays);
    for (const auto& [name, tensor] : model) {
        h5::write_array<float>(group.id(), name, {tensor.shape.begin(), tensor.shape.end()},
                               tensor.values);
    }
}

NamedTensors parse_model(hid_t root) {
    const h5::Group group(H5Gopen2(root, kArrays, H5P_DEFAULT), "group of arrays");
    NamedTensors model;
    for (const auto& name : h5::link_names(group.id())) {
        model[name] = read_tensor(group.id(), name);
    }
    return model;
}

ArrayShapes parse_model_shapes(hid_t root) {
    const h5::Group group(H5Gopen2(root, kArrays, H5P_DEFAULT), "group of arrays");
    ArrayShapes shapes;
    for (const auto& name : h5::link_names(group.id())) {
        const auto shape = h5::shape_of(h5::open_dataset(group.id(), name));
        shapes[name] = {shape.begin(), shape.end()};
    }
    return shapes;
}

void write_scores(hid_t root, const PatchScores& scores) {
    write_grid(root, scores.grid);
    h5::write_texts(root, "ids", scores.ids);
    h5::write_array<float>(root, "patches",
                           {scores.ids.size(), static_cast<hsize_t>(scores.grid.size())},
                           scores.patches);
    h5::write_array<float>(root, "images", {scores.images.size()}, scores.images);
}

PatchScores parse_scores(hid_t root) {
    PatchScores scores{read_grid(root), h5::read_texts(root, "ids"),
                       h5::read_array<float>(root, "patches", 2).values,
                       h5::read_array<float>(root, "images", 1).values};
    if (!is_whole(scores)) { throw h5::Failure("its ids, grid and scores do not fit each other"); }
    return scores;
}

}  // namespace patchead::inline cache_detail
