/// \file
/// \brief Checkpoint files: safetensors, pickles of torch.save, zip archives.

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include <ATen/ATen.h>
#include <nlohmann/json.hpp>

#include "checkpoint/networks.hpp"
#include "checkpoint/safetensors.hpp"
#include "checkpoint/zip_archive.hpp"
#include "fuzz.hpp"
#include "patchead/core/zip_directory.hpp"

namespace patchead::fuzz {
namespace {

using Views = std::map<std::string, TensorView>;

std::string_view text_of_bytes(Bytes bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool is_inside(Bytes part, Bytes whole) {
    return part.empty() || (part.data() >= whole.data() &&
                            part.data() + part.size() <= whole.data() + whole.size());
}

const char* safetensors_type(c10::ScalarType type) {
    static const std::map<c10::ScalarType, const char*> names{
        {c10::ScalarType::Double, "F64"}, {c10::ScalarType::Float, "F32"},
        {c10::ScalarType::Half, "F16"},   {c10::ScalarType::BFloat16, "BF16"},
        {c10::ScalarType::Long, "I64"},   {c10::ScalarType::Int, "I32"},
        {c10::ScalarType::Short, "I16"},  {c10::ScalarType::Char, "I8"},
        {c10::ScalarType::Byte, "U8"},    {c10::ScalarType::Bool, "BOOL"}};
    return names.at(type);
}

/// A file of these tensors, in the order of their keys.
std::string written_again(const Views& views) {
    auto header = nlohmann::json::object();
    std::string data;
    for (const auto& [key, view] : views) {
        const auto begin = data.size();
        data += text_of_bytes(view.storage);
        header[key] = {{"dtype", safetensors_type(view.type)},
                       {"shape", view.shape},
                       {"data_offsets", {begin, data.size()}}};
    }
    const auto text = header.dump();
    return raw(std::uint64_t{text.size()}) + text + data;
}

bool same_views(const Views& one, const Views& other) {
    return std::ranges::equal(one, other, [](const auto& a, const auto& b) {
        return a.first == b.first && a.second.type == b.second.type &&
               a.second.shape == b.second.shape && a.second.strides == b.second.strides &&
               text_of_bytes(a.second.storage) == text_of_bytes(b.second.storage);
    });
}

/// Element after element, each looked up by itself.
std::string slow_values(const TensorView& view) {
    const auto size = c10::elementSize(view.type);
    const auto count = element_count(view.shape).value_or(0);
    std::string values;
    for (std::int64_t i = 0; i < count; ++i) {
        auto rest = i;
        auto place = view.offset;
        for (auto axis = view.shape.size(); axis-- > 0;) {
            place += rest % view.shape[axis] * view.strides[axis];
            rest /= view.shape[axis];
        }
        values += text_of_bytes(view.storage.subspan(static_cast<std::size_t>(place) * size, size));
    }
    return values;
}

void require_exact(const TensorView& view, Bytes file) {
    require_property(is_inside(view.storage, file), "a tensor lies in its file");
    constexpr std::int64_t enough = 4096;
    if (element_count(view.shape).value_or(0) > enough) { return; }
    const auto tensor = to_tensor(view);
    const std::string_view values(static_cast<const char*>(tensor.data_ptr()), tensor.nbytes());
    require_property(values == slow_values(view), "a tensor has the numbers of its file");
}

const std::vector<Landmark>& landmarks() {
    static const std::vector<Landmark> all{{"pos_embed", "blocks.0."}, {"cls", "layers.0."}};
    return all;
}

/// Entries of a zip file, as core/zip_directory.hpp gives them.
struct ListedEntry {
    ZipEntry entry;
    std::string content;
};

std::vector<ListedEntry> list_entries(const MappedFile& file) {
    std::vector<ListedEntry> found;
    for_each_zip_entry(file, [&](const ZipEntry& entry) {
        const auto content = stored_content(file, entry);
        require_property(is_inside(content, file.bytes()), "an entry lies in its file");
        found.push_back({entry, std::string(text_of_bytes(content))});
    });
    return found;
}

std::size_t count_of(std::string_view text, std::string_view part) {
    std::size_t count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) { ++count; }
    return count;
}

}  // namespace

/// Refused, or tensors that cover the data without gaps, and a file written from them reads alike.
void fuzz_safetensors(std::string_view input) {
    const auto found = result_of([&] {
        auto file = std::make_shared<const MappedFile>(scratch_file("a.safetensors", input));
        return std::pair(file, read_safetensors(*file));
    });
    if (!found) { return; }
    const auto& [file, views] = *found;
    auto covered = sizeof(std::uint64_t) + file->number<std::uint64_t>(0, "length");
    for (const auto& [key, view] : views) {
        const auto count = static_cast<std::uint64_t>(element_count(view.shape).value_or(0));
        require_property(count * c10::elementSize(view.type) == view.storage.size(),
                         "a shape has the bytes of its tensor");
        require_exact(view, file->bytes());
        covered += view.storage.size();
    }
    require_property(covered == input.size(), "every byte belongs to one tensor");
    const MappedFile again(scratch_file("b.safetensors", written_again(views)));
    require_property(same_views(read_safetensors(again), views), "written again it reads alike");
}

/// Refused, or tensors whose numbers are those of the file; nothing is executed. The input is the
/// program of a pickle.
void fuzz_pickle(std::string_view input) {
    std::string numbers;
    for (int i = 0; i < 96; ++i) { numbers += static_cast<char>(i); }
    const auto path = scratch_file("a.pt", stored_zip({{"a/data.pkl", std::string(input)},
                                                       {"a/byteorder", "little"},
                                                       {"a/data/0", numbers},
                                                       {"a/data/1", numbers}}));
    const bool averaged = input.size() % 2 == 1;
    const auto read = [&] { return read_network(path, averaged, landmarks()); };
    const auto found = result_of(read);
    require_property(found.has_value() == result_of(read).has_value(), "read again it is alike");
    if (!found) { return; }
    const auto& checkpoint = found->checkpoint;
    for (const auto& [key, view] : checkpoint.tensors) {
        require_exact(view, checkpoint.file->bytes());
    }
    const std::string_view known[] = {"head.*"};
    require_property(note_on(*found, known).size() < std::size_t{1} << 20U, "a note is short");
}

/// Refused, or entries that lie in the file, as many as have a header there, and what is packed
/// again reads alike.
void fuzz_zip(std::string_view input) {
    const auto path = scratch_file("a.zip", input);
    const auto entries = result_of([&] { return list_entries(MappedFile(path)); });
    const auto archive = result_of([&] {
        auto file = std::make_unique<const MappedFile>(path);
        const ZipArchive read(*file);
        return std::pair(std::move(file), read);
    });
    if (archive) {
        for (const auto& [name, content] : archive->second.entries()) {
            require_property(is_inside(content, archive->first->bytes()), "content is in the file");
        }
    }
    if (!entries) { return; }
    require_property(entries->size() <= count_of(input, "PK\x01\x02"), "each entry has a header");
    std::vector<std::pair<std::string, std::string>> packed;
    std::set<std::string> names;
    for (const auto& [entry, content] : *entries) {
        if (names.insert(entry.name).second) { packed.emplace_back(entry.name, content); }
    }
    constexpr std::size_t most = 0xFFFF;
    if (packed.size() >= most) { return; }
    const auto again = list_entries(MappedFile(scratch_file("b.zip", stored_zip(packed))));
    require_property(std::ranges::equal(again, packed,
                                        [](const auto& a, const auto& b) {
                                            return a.entry.name == b.first && a.content == b.second;
                                        }),
                     "packed again it reads alike");
}

}  // namespace patchead::fuzz
