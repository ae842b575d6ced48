#include <map>

#include <ATen/ATen.h>

#include "checkpoint/safetensors.hpp"
#include "checkpoint/torch_file.hpp"
#include "patchead/backbone/verify.hpp"

namespace patchead {
namespace {

namespace fs = std::filesystem;

/// What lies under `path` ("model/cls_token": keys of dictionaries) of a file; null if nothing
/// does.
const PickleObject* object_at(const PickleObject& root, std::string_view path) {
    const auto* object = &root;
    while (object != nullptr && !path.empty()) {
        const auto key = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), key.size() + 1));
        const auto* dictionary = object->as<PickleMapping>();
        object = nullptr;
        if (dictionary == nullptr) { break; }
        for (const auto& [name, value] : dictionary->items) {
            const auto* text = name->as<std::string>();
            if (text != nullptr && *text == key) { object = value; }
        }
    }
    return object;
}

/// Tensors must be the same, type and bits.
ComparedOutput compare_tensor(const std::string& path, const PickleObject& root,
                              const TensorView& expected) {
    const auto* object = object_at(root, path);
    const auto* view = object != nullptr ? object->as<TensorView>() : nullptr;
    require<DataError>(view != nullptr, "there is no tensor '", path, "'");
    require<DataError>(view->type == expected.type && view->shape == expected.shape, "tensor '",
                       path, "' is ", c10::toString(view->type), " ", to_string(view->shape),
                       ", expected ", c10::toString(expected.type), " ", to_string(expected.shape));
    return {path, at::equal(to_tensor(*view), to_tensor(expected)) ? 0.0 : 1.0, 0.0};
}

FixtureResult read_and_compare(const fs::path& file, const std::string& name,
                               const std::map<std::string, TensorView>& expected) {
    FixtureResult result{.name = name};
    try {
        const MappedFile mapped(file);
        const auto pickle = read_torch_file(mapped).pickle;
        for (const auto& [path, view] : expected) {
            result.outputs.push_back(compare_tensor(path, pickle.root(), view));
        }
    } catch (const Error& error) { result.error = error.what(); }
    return result;
}

bool is_zip(const fs::path& file) {
    const MappedFile mapped(file);
    return mapped.bytes().size() > 1 && mapped.bytes()[0] == std::byte{'P'} &&
           mapped.bytes()[1] == std::byte{'K'};
}

/// A file in the old format, which is to be refused in words.
FixtureResult expect_refusal(const fs::path& file, const std::string& name) {
    FixtureResult result{.name = name};
    try {
        const MappedFile mapped(file);
        static_cast<void>(read_torch_file(mapped));
        result.error = "it was read, though it is no zip archive of torch.save";
    } catch (const WeightsError&) { result.outputs.push_back({"refusal", 0, 0}); }
    return result;
}

}  // namespace

std::vector<FixtureResult> verify_pickles(const fs::path& folder) {
    const auto list = folder / "expected.safetensors";
    std::map<std::string, std::map<std::string, TensorView>> by_file;
    try {
        const MappedFile mapped(list);
        for (const auto& [key, view] : read_safetensors(mapped)) {
            const auto slash = key.find('/');
            require<DataError>(slash != key.npos, "key '", key, "' in '", list.string(),
                               "' names no file; make the fixture again");
            by_file[key.substr(0, slash)][key.substr(slash + 1)] = view;
        }
        std::vector<FixtureResult> results;
        for (const auto& [stem, expected] : by_file) {
            const auto file = folder / (stem + ".pth");
            const auto name = (folder.filename() / file.filename()).string();
            results.push_back(is_zip(file) ? read_and_compare(file, name, expected)
                                           : expect_refusal(file, name));
        }
        return results;
    } catch (const WeightsError& error) {
        throw DataError(concat("'", folder.string(), "' is no fixture: ", error.what()));
    }
}

}  // namespace patchead
