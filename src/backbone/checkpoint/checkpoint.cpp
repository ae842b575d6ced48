#include "checkpoint/checkpoint.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "checkpoint/safetensors.hpp"
#include "checkpoint/torch_file.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr auto kWrappers =
    std::to_array<std::string_view>({"model", "module", "state_dict", "weights", "teacher"});
constexpr std::string_view kAveraged = "model_ema";
constexpr auto kPrefixes =
    std::to_array<std::string_view>({"module.", "backbone.", "visual.", "vit."});
constexpr std::string_view kZip = "PK\x03\x04";
constexpr std::string_view kPickle = "\x80\x02";  // A torch.save file from before 2020.

bool begins_with(const MappedFile& file, std::string_view text) {
    const auto bytes = file.bytes();
    return bytes.size() >= text.size() && std::memcmp(bytes.data(), text.data(), text.size()) == 0;
}

/// The dictionary under `key`, if there is one.
const PickleObject* nested(const PickleObject& object, std::string_view key) {
    const auto* dict = object.as<PickleMapping>();
    if (dict == nullptr) { return nullptr; }
    for (const auto& [name, value] : dict->items) {
        const auto* text = name->as<std::string>();
        if (text != nullptr && *text == key && value->as<PickleMapping>() != nullptr) {
            return value;
        }
    }
    return nullptr;
}

/// One wrapper further in, or null. A file of ours nests a few deep, a hostile one in a circle.
const PickleObject* unwrap(const PickleObject& object, bool averaged) {
    if (averaged) {
        if (const auto* inner = nested(object, kAveraged)) { return inner; }
    }
    for (const auto wrapper : kWrappers) {
        if (const auto* inner = nested(object, wrapper)) { return inner; }
    }
    return nullptr;
}

const PickleObject& state_dict(const Pickle& pickle, bool averaged) {
    constexpr int deepest = 4;
    const auto* dict = &pickle.root();
    for (int depth = 0; depth < deepest; ++depth) {
        const auto* inner = unwrap(*dict, averaged);
        if (inner == nullptr) { break; }
        dict = inner;
    }
    return *dict;
}

void read_pickled(Checkpoint& checkpoint, bool averaged) {
    const auto& file = *checkpoint.file;
    const auto pickle = read_torch_file(file);
    const auto& object = state_dict(pickle, averaged);
    const auto* dict = object.as<PickleMapping>();
    require<WeightsError>(dict != nullptr, "no weights in '", file.path().string(), "' (it holds ",
                          describe(object),
                          ", not a state dictionary); give a file with the network's state_dict");
    for (const auto& [name, value] : dict->items) {
        const auto* key = name->as<std::string>();
        file.check(key != nullptr, "a key of the state dictionary is not a text");
        const auto* view = value->as<TensorView>();
        const bool fresh = view != nullptr
                               ? checkpoint.tensors.emplace(*key, *view).second
                               : checkpoint.others.emplace(*key, describe(*value)).second;
        file.check(fresh, "key '", *key, "' occurs twice");
    }
}

void strip(Checkpoint& checkpoint, std::string_view prefix) {
    const auto has_prefix = [&](const auto& entry) { return entry.first.starts_with(prefix); };
    if (std::ranges::none_of(checkpoint.tensors, has_prefix)) { return; }
    std::map<std::string, TensorView> inside;
    for (auto& entry : checkpoint.tensors) {
        if (has_prefix(entry)) {
            inside.emplace(entry.first.substr(prefix.size()), std::move(entry.second));
        } else {
            checkpoint.others.emplace(checkpoint.prefix + entry.first, "a tensor");
        }
    }
    checkpoint.tensors = std::move(inside);
    checkpoint.prefix += prefix;
}

}  // namespace

Checkpoint read_checkpoint(const std::filesystem::path& path, bool averaged) {
    Checkpoint checkpoint;
    checkpoint.file = std::make_shared<const MappedFile>(path);
    const auto& file = *checkpoint.file;
    require<WeightsError>(!begins_with(file, kPickle), "cannot read checkpoint '", path.string(),
                          "' (it is in torch.save's old format, from before PyTorch 1.6); load it "
                          "in Python and save it again, best as safetensors");
    if (begins_with(file, kZip)) {
        read_pickled(checkpoint, averaged);
    } else {
        checkpoint.tensors = read_safetensors(file);
    }
    for (const auto prefix : kPrefixes) { strip(checkpoint, prefix); }
    return checkpoint;
}

}  // namespace patchead::inline backbone_detail
