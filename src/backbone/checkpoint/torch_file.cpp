#include "checkpoint/torch_file.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "patchead/core/user_text.hpp"

namespace patchead::inline backbone_detail {
namespace {

constexpr std::string_view kProgram = "/data.pkl";
constexpr std::string_view kTensorOf = "tensor of ";
constexpr std::size_t kMostSides = 64;  // As in PyTorch.

constexpr auto kStorages = std::to_array<std::pair<std::string_view, c10::ScalarType>>({
    {"torch.DoubleStorage", c10::ScalarType::Double},
    {"torch.FloatStorage", c10::ScalarType::Float},
    {"torch.HalfStorage", c10::ScalarType::Half},
    {"torch.BFloat16Storage", c10::ScalarType::BFloat16},
    {"torch.LongStorage", c10::ScalarType::Long},
    {"torch.IntStorage", c10::ScalarType::Int},
    {"torch.BoolStorage", c10::ScalarType::Bool},
});

/// The calls of a state dictionary, answered from the archive.
class StateDictCalls {
  public:
    StateDictCalls(const MappedFile& file, const ZipArchive& archive, std::string folder)
        : file_(file), archive_(archive), folder_(std::move(folder)) {}

    [[nodiscard]] PickleValue call(const std::string& callable,
                                   const PickleSequence& arguments) const {
        const auto& items = arguments.items;
        if (callable == "collections.OrderedDict" && items.empty()) { return PickleMapping{}; }
        const bool is_parameter = callable == "torch._utils._rebuild_parameter";
        // Of nothing else: a copy of it could be of any size.
        if (is_parameter && !items.empty() &&
            (items.front()->as<TensorView>() != nullptr ||
             items.front()->as<PickleOpaque>() != nullptr)) {
            return items.front()->value;
        }
        if (callable == "torch._utils._rebuild_tensor_v2") { return tensor(items); }
        return PickleOpaque{callable, 0};
    }

    /// `("storage", class, key, device, elements)`
    [[nodiscard]] PickleValue storage(const PickleObject& id) const {
        const auto* fields = id.as<PickleSequence>();
        const bool complete = fields != nullptr && fields->items.size() >= 5;
        const auto* type = complete ? fields->items[1]->as<PickleGlobal>() : nullptr;
        const auto* key = complete ? fields->items[2]->as<std::string>() : nullptr;
        const auto* count = complete ? fields->items[4]->as<std::int64_t>() : nullptr;
        file_.check(type != nullptr && key != nullptr && count != nullptr && *count >= 0,
                    "its pickle has a storage without class, key and size");
        const auto* const known = std::ranges::find(
            kStorages, type->name, &std::pair<std::string_view, c10::ScalarType>::first);
        if (known == kStorages.end()) { return PickleOpaque{type->name, 0}; }
        const auto entry = archive_.entries().find(folder_ + "/data/" + *key);
        file_.check(entry != archive_.entries().end(), "storage '", *key, "' is missing");
        const auto size = c10::elementSize(known->second);
        file_.check(static_cast<std::uint64_t>(*count) <= entry->second.size() / size, "storage '",
                    *key, "' has ", entry->second.size(), " bytes for ", *count, " elements");
        return PickleStorage{known->second,
                             entry->second.first(static_cast<std::size_t>(*count) * size)};
    }

  private:
    /// `(storage, offset, size, stride, requires_grad, hooks, ...)`
    [[nodiscard]] PickleValue tensor(const std::vector<PickleObject*>& items) const {
        file_.check(items.size() >= 4, "its pickle has a tensor without storage, offset and size");
        const auto* stored = items[0]->as<PickleStorage>();
        if (stored == nullptr) {
            const auto* made = items[0]->as<PickleOpaque>();
            const bool is_tensor = made != nullptr && made->maker.starts_with(kTensorOf);
            return is_tensor ? *made  // Or its name would grow with each.
                             : PickleOpaque{concat(kTensorOf, describe(*items[0])), 0};
        }
        const auto* offset = items[1]->as<std::int64_t>();
        file_.check(offset != nullptr, "its pickle has a tensor without offset");
        TensorView view{stored->type, numbers(*items[2]), numbers(*items[3]), *offset,
                        stored->bytes};
        check_view(file_, "tensor " + to_string(view.shape), view);
        return view;
    }

    [[nodiscard]] Shape numbers(const PickleObject& object) const {
        const auto* sequence = object.as<PickleSequence>();
        file_.check(sequence != nullptr, "its pickle has a tensor without size or stride");
        file_.check(sequence->items.size() <= kMostSides, "its pickle has a tensor of ",
                    sequence->items.size(), " sides");
        Shape result;
        for (const auto* item : sequence->items) {
            const auto* number = item->as<std::int64_t>();
            file_.check(number != nullptr, "its pickle has a tensor whose size is not a number");
            result.push_back(*number);
        }
        return result;
    }

    const MappedFile& file_;
    const ZipArchive& archive_;
    std::string folder_;
};

std::string first_entry(const ZipArchive& archive) {
    return escaped_name(archive.entries().begin()->first);
}

/// TorchScript is saved in archives of the same form, but with code beside the numbers.
bool has_code(const ZipArchive& archive, const std::string& folder) {
    const auto code = archive.entries().lower_bound(folder + "/code/");
    return code != archive.entries().end() && code->first.starts_with(folder + "/code/");
}

/// The archive's one folder, which bears whatever name the file had when it was written.
std::string folder_of(const MappedFile& file, const ZipArchive& archive) {
    for (const auto& [name, bytes] : archive.entries()) {
        if (name.ends_with(kProgram)) { return name.substr(0, name.size() - kProgram.size()); }
    }
    throw WeightsError(concat(
        "no weights in '", file.path().string(),
        "' (it is a zip archive without data.pkl, not one of torch.save; ",
        archive.entries().empty() ? "it is empty" : "it holds '" + first_entry(archive) + "'",
        "); unpack it and give the weights file in it"));
}

void check_byte_order(const MappedFile& file, const ZipArchive& archive,
                      const std::string& folder) {
    const auto entry = archive.entries().find(folder + "/byteorder");
    if (entry == archive.entries().end()) { return; }  // Not yet written by PyTorch 1.
    const auto bytes = entry->second;
    const std::string_view order(reinterpret_cast<const char*>(bytes.data()),  // NOLINT
                                 bytes.size());
    file.check(order == "little", "its byte order is '", order, "', not little-endian");
}

}  // namespace

TorchFile read_torch_file(const MappedFile& file) {
    return read_torch_file(file, ZipArchive(file));
}

TorchFile read_torch_file(const MappedFile& file, const ZipArchive& archive) {
    const auto folder = folder_of(file, archive);
    check_byte_order(file, archive, folder);
    const StateDictCalls calls(file, archive, folder);
    const PickleCalls answers{
        [&](const std::string& callable, const PickleSequence& arguments) {
            return calls.call(callable, arguments);
        },
        [&](const PickleObject& id) { return calls.storage(id); },
    };
    const auto program = archive.entries().at(folder + std::string(kProgram));
    return {Pickle(file, program, answers), has_code(archive, folder)};
}

}  // namespace patchead::inline backbone_detail
