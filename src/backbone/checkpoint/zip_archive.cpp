#include "checkpoint/zip_archive.hpp"

#include <algorithm>

#include "patchead/core/user_text.hpp"

namespace patchead {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034B50;
constexpr std::uint32_t kCentralHeader = 0x02014B50;
constexpr std::uint32_t kEnd = 0x06054B50;
constexpr std::uint32_t kEnd64 = 0x06064B50;
constexpr std::uint32_t kEnd64Locator = 0x07064B50;
constexpr std::uint64_t kEndBytes = 22;
constexpr std::uint64_t kLocatorBytes = 20;
constexpr std::uint64_t kLongestComment = 0xFFFF;
constexpr std::uint16_t kIn64 = 0xFFFF;  // "Look in the Zip64 record."
constexpr std::uint32_t kIn64L = 0xFFFFFFFF;

struct Directory {
    std::uint64_t offset = 0;
    std::uint64_t entries = 0;
};

/// Where the record that ends the archive begins; behind it is only a comment.
std::uint64_t find_end(const MappedFile& file) {
    const auto size = file.bytes().size();
    file.check(size >= kEndBytes, "it ends at byte ", size,
               ", too early for a zip archive; it "
               "is truncated");
    const auto last = size - kEndBytes;
    const auto first = last - std::min<std::uint64_t>(last, kLongestComment);
    for (auto at = last + 1; at-- > first;) {
        if (file.number<std::uint32_t>(at, "the zip end record") == kEnd) { return at; }
    }
    file.check(false, "there is no zip directory between byte ", first, " and its end at byte ",
               size, "; it is truncated");
    return 0;
}

Directory find_directory(const MappedFile& file) {
    const auto end = find_end(file);
    const char* what = "the zip directory";
    const auto entries = file.number<std::uint16_t>(end + 10, what);
    const auto offset = file.number<std::uint32_t>(end + 16, what);
    if (entries != kIn64 && offset != kIn64L) { return {offset, entries}; }
    file.check(end >= kLocatorBytes, "its Zip64 locator is missing");
    const auto locator = end - kLocatorBytes;
    file.check(file.number<std::uint32_t>(locator, what) == kEnd64Locator,
               "its Zip64 locator is missing");
    const auto end64 = file.number<std::uint64_t>(locator + 8, what);
    file.check(file.number<std::uint32_t>(end64, what) == kEnd64,
               "there is no Zip64 record at byte ", end64);
    return {file.number<std::uint64_t>(end64 + 48, what),
            file.number<std::uint64_t>(end64 + 32, what)};
}

/// The numbers of an entry that may be too large for its header.
struct Extent {
    std::uint64_t size = 0;
    std::uint64_t stored = 0;
    std::uint64_t local = 0;
};

constexpr const char* kExtraField = "a zip extra field";

/// Replaces what the header says to be in the Zip64 extra field, which is `[at, end)`.
Extent with_zip64(const MappedFile& file, Extent extent, std::uint64_t at, std::uint64_t end) {
    auto field = at + 4;
    for (auto* value : {&extent.size, &extent.stored, &extent.local}) {
        if (*value != kIn64L) { continue; }
        file.check(field + 8 <= end, "the Zip64 field at byte ", at, " is too short");
        *value = file.number<std::uint64_t>(field, kExtraField);
        field += 8;
    }
    return extent;
}

/// The same for all extra fields, `[at, end)`.
Extent with_extra_fields(const MappedFile& file, Extent extent, std::uint64_t at,
                         std::uint64_t end) {
    while (at + 4 <= end) {
        const auto id = file.number<std::uint16_t>(at, kExtraField);
        const auto next = at + 4 + file.number<std::uint16_t>(at + 2, kExtraField);
        const bool is_whole = next <= end;
        if (id == 1) { extent = with_zip64(file, extent, at, is_whole ? next : at); }
        at = next;
    }
    return extent;
}

/// Where an entry's content begins: behind a header of its own, with lengths of its own.
std::uint64_t content_offset(const MappedFile& file, std::uint64_t local) {
    const char* what = "a zip entry";
    file.check(file.number<std::uint32_t>(local, what) == kLocalHeader,
               "there is no zip entry at byte ", local);
    return local + 30 + file.number<std::uint16_t>(local + 26, what) +
           file.number<std::uint16_t>(local + 28, what);
}

}  // namespace

ZipArchive::ZipArchive(const MappedFile& file) {
    const auto directory = find_directory(file);
    auto at = directory.offset;
    for (std::uint64_t i = 0; i < directory.entries; ++i) { at = read_entry(file, at); }
}

std::uint64_t ZipArchive::read_entry(const MappedFile& file, std::uint64_t header) {
    const char* what = "a zip directory entry";
    file.check(file.number<std::uint32_t>(header, what) == kCentralHeader,
               "there is no zip directory entry at byte ", header);
    const auto name_size = file.number<std::uint16_t>(header + 28, what);
    const auto extra = header + 46 + name_size;
    const auto extra_end = extra + file.number<std::uint16_t>(header + 30, what);
    const auto name_bytes = file.slice(header + 46, name_size, what);
    const std::string name(reinterpret_cast<const char*>(name_bytes.data()),  // NOLINT
                           name_bytes.size());

    const Extent narrow{file.number<std::uint32_t>(header + 24, what),
                        file.number<std::uint32_t>(header + 20, what),
                        file.number<std::uint32_t>(header + 42, what)};
    const auto extent = with_extra_fields(file, narrow, extra, extra_end);
    // TorchScript packs its code, which is never looked at.
    if (name.find("/code/") != name.npos) {
        entries_.emplace(name, Bytes{});
        return extra_end + file.number<std::uint16_t>(header + 32, what);
    }
    const bool encrypted = (file.number<std::uint16_t>(header + 8, what) & 1) != 0;
    const bool plain = file.number<std::uint16_t>(header + 10, what) == 0;
    require<WeightsError>(plain && !encrypted && extent.size == extent.stored,
                          "cannot read checkpoint '", file.path().string(),
                          "' (it is a zip archive whose entry '", escaped_name(name),
                          "' is compressed or encrypted, which torch.save and numpy.savez never ",
                          "do); unpack it and give the weights file in it, or save arrays again ",
                          "with numpy.savez");
    const auto content = file.slice(content_offset(file, extent.local), extent.size, "a zip entry");
    file.check(entries_.emplace(name, content).second, "entry '", name, "' occurs twice");
    return extra_end + file.number<std::uint16_t>(header + 32, what);
}

}  // namespace patchead
