#include "checkpoint/checkpoint.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "checkpoint/networks.hpp"
#include "checkpoint/npz.hpp"
#include "checkpoint/other_files.hpp"
#include "checkpoint/safetensors.hpp"
#include "checkpoint/torch_file.hpp"
#include "patchead/core/user_text.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr auto kWrappers =
    std::to_array<std::string_view>({"model", "module", "state_dict", "weights", "teacher"});
constexpr std::string_view kAveraged = "model_ema";
constexpr auto kPrefixes =
    std::to_array<std::string_view>({"module.", "backbone.", "visual.", "vit."});
constexpr std::string_view kZip = "PK\x03\x04";
constexpr int kDeepest = 4;  // Dictionaries in each other: a hostile file may nest in a circle.

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
    const auto* dict = &pickle.root();
    for (int depth = 0; depth < kDeepest; ++depth) {
        const auto* inner = unwrap(*dict, averaged);
        if (inner == nullptr) { break; }
        dict = inner;
    }
    return *dict;
}

/// Keys, and the dictionaries around them: a few parts with points between them.
constexpr std::size_t kLongestKey = 1024;

void require_key(const MappedFile& file, std::size_t path, const std::string& key) {
    file.check(path + key.size() <= kLongestKey, "the key '",
               escaped_name(std::string_view(key).substr(0, 80)),
               "...' has, with the dictionaries ", "around it, ", path + key.size(), " bytes, and ",
               kLongestKey, " are the most");
}

/// Takes over what a dictionary holds.
void read_dictionary(Checkpoint& checkpoint, const PickleObject& object) {
    const auto& file = *checkpoint.file;
    const auto* dict = object.as<PickleMapping>();
    require<WeightsError>(dict != nullptr, "no weights in '", file.path().string(), "' (it holds ",
                          describe(object),
                          ", not a state dictionary); give a file with the network's state_dict");
    for (const auto& [name, value] : dict->items) {
        const auto* key = name->as<std::string>();
        file.check(key != nullptr, "a key of the state dictionary is not a text");
        require_key(file, 0, *key);
        const auto* view = value->as<TensorView>();
        const bool fresh = view != nullptr
                               ? checkpoint.tensors.emplace(*key, *view).second
                               : checkpoint.others.emplace(*key, describe(*value)).second;
        file.check(fresh, "key '", *key, "' occurs twice");
    }
}

/// The dictionaries of a pickle, each once, and their keys.
struct Dictionaries {
    std::vector<const PickleObject*> objects;
    std::vector<KeyGroup> groups;
    std::unordered_set<const PickleObject*> seen;
};

void find_dictionaries(const MappedFile& file, const PickleObject& object, const std::string& path,
                       int depth, Dictionaries& found) {
    const auto* dict = object.as<PickleMapping>();
    if (dict == nullptr || !found.seen.insert(&object).second) { return; }
    const auto place = found.groups.size();
    found.objects.push_back(&object);
    found.groups.push_back({path, {}});
    for (const auto& [name, value] : dict->items) {
        const auto* key = name->as<std::string>();
        if (key == nullptr) { continue; }
        const bool is_tensor = value->as<TensorView>() != nullptr;
        if (!is_tensor && value->as<PickleMapping>() == nullptr) { continue; }
        require_key(file, path.size(), *key);
        if (is_tensor) { found.groups[place].keys.push_back(*key); }
        if (depth < kDeepest) {
            find_dictionaries(file, *value, path + *key + ".", depth + 1, found);
        }
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
            checkpoint.others.emplace(checkpoint.prefix + entry.first, std::string(kATensor));
        }
    }
    checkpoint.tensors = std::move(inside);
    checkpoint.prefix += prefix;
}

/// The dictionary of the network that is meant, as the rule finds it, or else by its name.
const PickleObject& choose_dictionary(const Pickle& pickle, const Dictionaries& found,
                                      const FoundNetwork* network, bool averaged) {
    return network != nullptr ? *found.objects[network->group] : state_dict(pickle, averaged);
}

/// The network that is meant; null if none has a landmark.
const FoundNetwork* find_meant(const std::vector<FoundNetwork>& networks, bool averaged,
                               NetworkFile& file) {
    if (networks.empty()) { return nullptr; }
    const auto* meant = choose_network(networks, averaged);
    constexpr std::size_t shown = 8;
    std::string names;
    for (const auto& network : networks) {
        if (&network - networks.data() < std::ptrdiff_t{shown}) {
            names += concat(names.empty() ? "'" : ", '", network.name, "'");
        }
        if (&network != meant) { file.other_networks.push_back(network.name); }
    }
    require<WeightsError>(meant != nullptr, "checkpoint '", file.checkpoint.file->path().string(),
                          "' holds several networks (their keys begin with ", names,
                          networks.size() > shown ? ", ..." : "",
                          "), and any could be meant; save the state_dict of one by itself");
    file.path = meant->name.substr(0, meant->name.size() - meant->prefix.size());
    return meant;
}

void strip_all(Checkpoint& checkpoint, const FoundNetwork* network) {
    if (network == nullptr) {
        for (const auto prefix : kPrefixes) { strip(checkpoint, prefix); }
    } else if (!network->prefix.empty()) {
        strip(checkpoint, network->prefix);
    }
}

/// Takes the network out of a file whose tensors lie side by side; whether one has a landmark.
bool find_in_tensors(NetworkFile& file, bool averaged, std::span<const Landmark> landmarks) {
    KeyGroup all;
    for (const auto& [key, tensor] : file.checkpoint.tensors) { all.keys.push_back(key); }
    const auto networks = find_networks(std::span(&all, 1), landmarks);
    const auto* meant = find_meant(networks, averaged, file);
    strip_all(file.checkpoint, meant);
    return meant != nullptr;
}

/// Tensors of a module and of those in it, by the path of their names. Each object counts once: a
/// hostile file may nest in a circle.
void flatten(Checkpoint& checkpoint, const PickleObject& module, const std::string& path, int depth,
             std::set<const PickleObject*>& seen) {
    constexpr int deepest = 32;
    const auto* attributes = module.as<PickleMapping>();
    if (attributes == nullptr || depth > deepest || !seen.insert(&module).second) { return; }
    for (const auto& [name, value] : attributes->items) {
        const auto* key = name->as<std::string>();
        const auto* view = value->as<TensorView>();
        if (key == nullptr || (view == nullptr && value->as<PickleMapping>() == nullptr)) {
            continue;
        }
        require_key(*checkpoint.file, path.size(), *key);
        if (view != nullptr) { checkpoint.tensors.emplace(path + *key, *view); }
        flatten(checkpoint, *value, path + *key + ".", depth + 1, seen);
    }
}

}  // namespace

NetworkFile read_network(const std::filesystem::path& path, bool averaged,
                         std::span<const Landmark> landmarks) {
    NetworkFile found;
    found.checkpoint.file = std::make_shared<const MappedFile>(path);
    const auto& file = *found.checkpoint.file;
    refuse_other_files(file);
    if (!begins_with(file, kZip)) {
        found.checkpoint.tensors = read_safetensors(file);
        find_in_tensors(found, averaged, landmarks);
        return found;
    }
    const ZipArchive archive(file);
    if (is_npz(archive)) {
        found.checkpoint.tensors = read_npz(file, archive);
        find_in_tensors(found, averaged, landmarks);
        return found;
    }
    const auto [pickle, is_module] = read_torch_file(file, archive);
    if (is_module) {
        std::set<const PickleObject*> seen;
        flatten(found.checkpoint, pickle.root(), "", 0, seen);
        require<WeightsError>(find_in_tensors(found, averaged, landmarks), "no weights in '",
                              path.string(),
                              "' (it is a TorchScript module, not a state dictionary); run it as "
                              "it is with --backbone torchscript:FILE, or save its state_dict()");
        return found;
    }
    Dictionaries dictionaries;
    find_dictionaries(file, pickle.root(), "", 0, dictionaries);
    const auto networks = find_networks(dictionaries.groups, landmarks);
    const auto* meant = find_meant(networks, averaged, found);
    read_dictionary(found.checkpoint, choose_dictionary(pickle, dictionaries, meant, averaged));
    strip_all(found.checkpoint, meant);
    return found;
}

Checkpoint read_checkpoint(const std::filesystem::path& path, bool averaged) {
    return read_network(path, averaged, {}).checkpoint;
}

}  // namespace patchead::inline backbone_detail
