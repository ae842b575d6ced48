#include "checkpoint/load_weights.hpp"

#include <algorithm>
#include <cmath>

#include <ATen/ATen.h>
#include <fnmatch.h>

#include "checkpoint/networks.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr std::string_view kBlocks = "blocks.";

/// The publisher's word for a whole name or for one without `.weight` or `.bias`.
std::string translated(const Layout& layout, std::string_view name) {
    const auto dot = name.rfind('.');
    const auto leaf = dot == name.npos ? std::string_view{} : name.substr(dot);
    const bool parted = leaf == ".weight" || leaf == ".bias";
    for (const auto& [ours, theirs] : layout.names) {
        if (ours == name) { return std::string(theirs); }
        if (parted && ours == name.substr(0, dot)) { return concat(theirs, leaf); }
    }
    return std::string(name);
}

Shape without_leading_ones(const Shape& shape) {
    const auto first = std::ranges::find_if(shape, [](auto side) { return side != 1; });
    return {first, shape.end()};
}

/// " as a tensor; it is a dictionary" where something else has the key, else nothing.
std::string other_than_tensor(const Checkpoint& checkpoint, const std::string& key) {
    const auto found = checkpoint.others.find(checkpoint.prefix + key);
    return found == checkpoint.others.end() ? "" : concat(" as a tensor; it is ", found->second);
}

/// Characters of the longest text that is part of both.
std::size_t common_length(std::string_view a, std::string_view b) {
    std::size_t longest = 0;
    std::vector<std::size_t> before(b.size() + 1, 0);
    for (const char c : a) {
        auto now = before;
        for (std::size_t i = 0; i < b.size(); ++i) {
            now[i + 1] = b[i] == c ? before[i] + 1 : 0;
            longest = std::max(longest, now[i + 1]);
        }
        before = std::move(now);
    }
    return longest;
}

/// The full key of the file that is most like `wanted`; empty if it has no tensor.
std::string nearest_key(const Checkpoint& checkpoint, std::string_view wanted) {
    std::string nearest;
    std::size_t longest = 0;
    for (const auto& [key, tensor] : checkpoint.tensors) {
        const auto length = common_length(key, wanted);
        if (nearest.empty() || length > longest) { nearest = key; }
        longest = std::max(longest, length);
    }
    return nearest.empty() ? nearest : escaped_name(checkpoint.prefix + nearest);
}

/// "the nearest of its 152 keys are 'a', 'b'"
std::string nearest_keys(const Checkpoint& checkpoint, std::span<const Layout> layouts) {
    if (checkpoint.tensors.empty()) {
        const auto& others = checkpoint.others;
        return others.empty() ? "it has no tensors"
                              : concat("it has no tensors, but '", others.begin()->first, "', ",
                                       others.begin()->second);
    }
    std::vector<std::string> nearest;
    for (const auto& layout : layouts) {
        auto key = nearest_key(checkpoint, layout.marker);
        if (std::ranges::count(nearest, key) == 0) { nearest.push_back(std::move(key)); }
    }
    const auto count = checkpoint.tensors.size() + checkpoint.others.size();
    std::string names;
    for (const auto& key : nearest) { names += concat(names.empty() ? "'" : ", '", key, "'"); }
    return concat("the nearest of its ", count, count == 1 ? " key is " : " keys are ", names);
}

const Layout& detect(const Checkpoint& checkpoint, std::span<const Layout> layouts) {
    std::string markers;
    for (const auto& layout : layouts) {
        const std::string marker(layout.marker);
        if (checkpoint.tensors.contains(marker)) { return layout; }
        markers += concat(markers.empty() ? "" : ", ", "'", marker, "' (", layout.name, ")",
                          other_than_tensor(checkpoint, marker));
    }
    throw WeightsError(concat("checkpoint '", checkpoint.file->path().string(),
                              "' does not fit (it has none of the keys ", markers, "; ",
                              nearest_keys(checkpoint, layouts),
                              "); check that it is the published file of this backbone"));
}

bool matches(std::span<const std::string_view> patterns, const std::string& key) {
    return std::ranges::any_of(patterns, [&](std::string_view pattern) {
        return ::fnmatch(std::string(pattern).c_str(), key.c_str(), 0) == 0;
    });
}

/// NaN is passed on by both extremes.
bool is_finite(const at::Tensor& values) {
    const auto [least, largest] = at::aminmax(values);
    return std::isfinite(least.item<float>()) && std::isfinite(largest.item<float>());
}

}  // namespace

LayoutNames joined(LayoutNames names, const LayoutNames& more) {
    names.insert(names.end(), more.begin(), more.end());
    return names;
}

std::string file_key(const Layout& layout, std::string_view name) {
    if (!name.starts_with(kBlocks)) { return translated(layout, name); }
    const auto number =
        name.substr(kBlocks.size(), name.find('.', kBlocks.size()) - kBlocks.size());
    const auto rest = name.substr(kBlocks.size() + number.size() + 1);
    return concat(layout.blocks, number, ".", translated(layout, rest));
}

Weights::Weights(Checkpoint checkpoint, std::span<const Layout> layouts)
    : checkpoint_(std::move(checkpoint)), layout_(detect(checkpoint_, layouts)) {}

bool Weights::has(std::string_view name) const {
    return checkpoint_.tensors.contains(file_key(layout_, name));
}

const TensorView& Weights::view(std::string_view name) const {
    const auto key = file_key(layout_, name);
    const auto found = checkpoint_.tensors.find(key);
    if (found == checkpoint_.tensors.end()) {
        check(false, "key '", checkpoint_.prefix, key, "' is missing",
              other_than_tensor(checkpoint_, key), "; the nearest in the file is '",
              nearest_key(checkpoint_, key), "'");
    }
    return found->second;
}

Shape Weights::shape(std::string_view name) const { return without_leading_ones(view(name).shape); }

at::Tensor Weights::take(std::string_view name, const Shape& shape) {
    auto values = take_constant(name, shape);
    parameters_ += values.numel();
    return values;
}

at::Tensor Weights::take_constant(std::string_view name, const Shape& shape) {
    const auto& found = view(name);
    const auto key = checkpoint_.prefix + file_key(layout_, name);
    check(without_leading_ones(found.shape) == without_leading_ones(shape), "key '", key,
          "' has shape ", to_string(found.shape), ", expected ", to_string(shape));
    check(c10::isFloatingType(found.type), "key '", key, "' holds ", c10::toString(found.type),
          ", expected floating-point numbers");
    check(element_count(shape).value_or(0) > 0, "key '", key, "' is empty");
    auto values = to_tensor(found).to(at::kFloat).reshape(shape);
    checkpoint_.file->release(found.storage);
    check(is_finite(values), "key '", key, "' holds NaN or infinity");
    taken_.insert(file_key(layout_, name));
    return values;
}

std::vector<std::int64_t> Weights::take_numbers(std::string_view name) {
    const auto& found = view(name);
    check(c10::isIntegralType(found.type, false), "key '", file_key(layout_, name), "' holds ",
          c10::toString(found.type), ", expected whole numbers");
    const auto values = to_tensor(found).to(at::kLong).flatten();
    taken_.insert(file_key(layout_, name));
    return {values.data_ptr<std::int64_t>(), values.data_ptr<std::int64_t>() + values.numel()};
}

void Weights::finish(std::span<const std::string_view> ignored,
                     std::span<const std::string_view> beside) const {
    constexpr std::size_t listed = 5;
    std::size_t count = 0;
    std::string names;
    const auto leave = [&](std::string_view prefix, const std::string& key,
                           const std::string& what) {
        if (matches(ignored, key) || ++count > listed) { return; }
        names += concat(names.empty() ? "'" : ", '", prefix, key, "': ", what);
    };
    for (const auto& [key, tensor] : checkpoint_.tensors) {
        if (taken_.contains(key)) { continue; }
        leave(checkpoint_.prefix, key, "a tensor of shape " + to_string(tensor.shape));
    }
    for (const auto& [key, what] : checkpoint_.others) {
        if (what != kATensor && !matches(beside, key)) { leave("", key, what); }
    }
    check(count == 0, count, " keys are left over: ", names, count > listed ? ", ..." : "");
}

}  // namespace patchead::inline backbone_detail
