#include "checkpoint/other_files.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "patchead/core/user_text.hpp"

namespace patchead::inline backbone_detail {
namespace {

/// What a file is that begins in this way, and what to do.
struct Kind {
    std::string_view first;
    std::string_view what;
    std::string_view mend;
};

constexpr std::string_view kUnpack = "unpack it and give the weights file in it";
constexpr std::string_view kConvert =
    "load it with the program that wrote it and save the state_dict as safetensors";
constexpr std::string_view kSaveAgain = "load it in Python and save it again, best as safetensors";

constexpr auto kKinds = std::to_array<Kind>({
    {"version https://git-lfs.github.com",
     "it is a Git LFS pointer, which only says where the file is",
     "fetch the file itself: git lfs pull"},
    {"\x1F\x8B", "it is compressed with gzip", kUnpack},
    {"BZh", "it is compressed with bzip2", kUnpack},
    {"\xFD"
     "7zXZ",
     "it is compressed with xz", kUnpack},
    {"\x28\xB5\x2F\xFD", "it is compressed with zstd", kUnpack},
    {"7z\xBC\xAF", "it is a 7z archive", kUnpack},
    {"Rar!", "it is a RAR archive", kUnpack},
    {"\x93NUMPY", "it is a NumPy array", kConvert},
    {"\x89HDF", "it is HDF5, as Keras writes it", kConvert},
    {"GGUF", "it is GGUF", kConvert},
    {"%PDF", "it is a PDF document", "give the weights file"},
    {"\x89PNG", "it is a picture", "give the weights file"},
    {"\xFF\xD8\xFF", "it is a picture", "give the weights file"},
    {"\x80\x02", "it is in torch.save's old format, from before PyTorch 1.6", kSaveAgain},
    {"\x80\x03", "it is a Python pickle, not one of torch.save", kSaveAgain},
    {"\x80\x04", "it is a Python pickle, not one of torch.save", kSaveAgain},
    {"\x80\x05", "it is a Python pickle, not one of torch.save", kSaveAgain},
});
constexpr std::size_t kTarMark = 257;
constexpr std::size_t kLookedAt = 4096;
constexpr std::size_t kHeaderStart = 8;  // Of safetensors, behind its length.

/// Whether `head` holds nothing but readable characters; the last one may be cut.
bool is_readable(std::string_view head) {
    return std::ranges::none_of(head, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F;
    });
}

/// A file of text, by what it begins with.
Kind kind_of_text(std::string_view head) {
    if (head.starts_with("\xEF\xBB\xBF")) { head.remove_prefix(3); }
    head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
    if (head.starts_with('<')) {
        return {"", "it is a web page (HTML or XML), as servers send it in place of a file",
                "download the file itself: log in where it is gated, and use its direct address"};
    }
    if (head.starts_with('{') && head.find("\"weight_map\"") != head.npos) {
        return {"", "it is the list of the shards that the weights were cut into",
                "put them together into one file, e.g. with transformers' save_pretrained and a "
                "max_shard_size above the whole"};
    }
    if (head.starts_with('{') || head.starts_with('[')) {
        return {"", "it is JSON, a description and not the weights", "give the weights file"};
    }
    return {"", "it is text, and not weights", "download the weights file itself"};
}

[[noreturn]] void refuse(const MappedFile& file, const Kind& kind, const std::string& example) {
    throw WeightsError(concat("cannot read checkpoint '", file.path().string(), "' (", kind.what,
                              example, "); ", kind.mend));
}

}  // namespace

void refuse_other_files(const MappedFile& file) {
    constexpr std::size_t shown = 60;
    const auto bytes = file.bytes();
    const std::string_view whole(reinterpret_cast<const char*>(bytes.data()),  // NOLINT
                                 bytes.size());
    const auto head = whole.substr(0, kLookedAt);
    if (head.size() > kHeaderStart && head[kHeaderStart] == '{' && !is_readable(head)) { return; }
    for (const auto& kind : kKinds) {
        if (head.starts_with(kind.first)) { refuse(file, kind, ""); }
    }
    if (head.size() > kTarMark && head.substr(kTarMark).starts_with("ustar")) {
        refuse(file, {"", "it is a tar archive", kUnpack}, "");
    }
    if (!is_readable(head)) { return; }
    const auto line = head.substr(0, std::min(head.find('\n'), shown));
    refuse(file, kind_of_text(head), concat(", that begins with '", escaped_name(line), "'"));
}

}  // namespace patchead::inline backbone_detail
