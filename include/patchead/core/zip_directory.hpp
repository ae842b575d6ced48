#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

/// \file
/// \brief The directory of a zip file, read with bounds.
///
/// `File` says whose file it is and what is told when it is damaged: `bytes()` is all of it,
/// `number<N>(offset, what)` a little-endian number and `slice(offset, size, what)` bytes of it
/// (both throw if they are not there), `check(ok, reason...)` throws unless `ok`.
/// Source: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 and 4.5.3 (Zip64).

namespace patchead {

/// What the directory says of an entry.
struct ZipEntry {
    std::string name;
    std::uint64_t size = 0;    ///< Of the content, unpacked.
    std::uint64_t stored = 0;  ///< Of the content, as it lies in the file.
    std::uint64_t local = 0;   ///< Where its own header begins.
    std::uint16_t method = 0;  ///< 0: as it is, 8: deflated.
    bool is_encrypted = false;
};

namespace zip_detail {

inline constexpr std::uint32_t kLocalHeader = 0x04034B50;
inline constexpr std::uint32_t kCentralHeader = 0x02014B50;
inline constexpr std::uint32_t kEnd = 0x06054B50;
inline constexpr std::uint32_t kEnd64 = 0x06064B50;
inline constexpr std::uint32_t kEnd64Locator = 0x07064B50;
inline constexpr std::uint64_t kEndBytes = 22;
inline constexpr std::uint64_t kLocatorBytes = 20;
inline constexpr std::uint64_t kLongestComment = 0xFFFF;
inline constexpr std::uint16_t kIn64 = 0xFFFF;  // "Look in the Zip64 record."
inline constexpr std::uint32_t kIn64L = 0xFFFFFFFF;
inline constexpr const char* kExtraField = "a zip extra field";

struct Directory {
    std::uint64_t offset = 0;
    std::uint64_t entries = 0;
};

/// Where the record that ends the archive begins; behind it is only a comment.
template <class File>
std::uint64_t find_end(const File& file) {
    const std::uint64_t size = file.bytes().size();
    file.check(size >= kEndBytes, "it ends at byte ", size,
               ", too early for a zip archive; it is truncated");
    const auto last = size - kEndBytes;
    const auto first = last - std::min<std::uint64_t>(last, kLongestComment);
    for (auto at = last + 1; at-- > first;) {
        if (file.template number<std::uint32_t>(at, "the zip end record") == kEnd) { return at; }
    }
    file.check(false, "there is no zip directory between byte ", first, " and its end at byte ",
               size, "; it is truncated");
    return 0;
}

template <class File>
Directory find_directory(const File& file) {
    const auto end = find_end(file);
    const char* what = "the zip directory";
    const auto entries = file.template number<std::uint16_t>(end + 10, what);
    const auto offset = file.template number<std::uint32_t>(end + 16, what);
    if (entries != kIn64 && offset != kIn64L) { return {offset, entries}; }
    file.check(end >= kLocatorBytes, "its Zip64 locator is missing");
    const auto locator = end - kLocatorBytes;
    file.check(file.template number<std::uint32_t>(locator, what) == kEnd64Locator,
               "its Zip64 locator is missing");
    const auto end64 = file.template number<std::uint64_t>(locator + 8, what);
    file.check(file.template number<std::uint32_t>(end64, what) == kEnd64,
               "there is no Zip64 record at byte ", end64);
    return {file.template number<std::uint64_t>(end64 + 48, what),
            file.template number<std::uint64_t>(end64 + 32, what)};
}

/// Replaces what the header says to be in the Zip64 extra field, which is `[at, end)`.
template <class File>
void read_zip64(const File& file, ZipEntry& entry, std::uint64_t at, std::uint64_t end) {
    auto field = at + 4;
    for (auto* value : {&entry.size, &entry.stored, &entry.local}) {
        if (*value != kIn64L) { continue; }
        file.check(field + 8 <= end, "the Zip64 field at byte ", at, " is too short");
        *value = file.template number<std::uint64_t>(field, kExtraField);
        field += 8;
    }
}

/// The same for all extra fields, `[at, end)`.
template <class File>
void read_extra_fields(const File& file, ZipEntry& entry, std::uint64_t at, std::uint64_t end) {
    while (at + 4 <= end) {
        const auto id = file.template number<std::uint16_t>(at, kExtraField);
        const auto next = at + 4 + file.template number<std::uint16_t>(at + 2, kExtraField);
        if (id == 1) { read_zip64(file, entry, at, next <= end ? next : at); }
        at = next;
    }
}

}  // namespace zip_detail

/// Calls `visit(entry)` for each entry, in the order of the directory.
template <class File, class Visit>
void for_each_zip_entry(const File& file, const Visit& visit) {
    const char* what = "a zip directory entry";
    const auto directory = zip_detail::find_directory(file);
    auto at = directory.offset;
    for (std::uint64_t i = 0; i < directory.entries; ++i) {
        file.check(file.template number<std::uint32_t>(at, what) == zip_detail::kCentralHeader,
                   "there is no zip directory entry at byte ", at);
        const auto name_size = file.template number<std::uint16_t>(at + 28, what);
        const auto extra = at + 46 + name_size;
        const auto extra_end = extra + file.template number<std::uint16_t>(at + 30, what);
        const auto name = file.slice(at + 46, name_size, what);
        ZipEntry entry{std::string(reinterpret_cast<const char*>(name.data()), name.size()),
                       file.template number<std::uint32_t>(at + 24, what),
                       file.template number<std::uint32_t>(at + 20, what),
                       file.template number<std::uint32_t>(at + 42, what),
                       file.template number<std::uint16_t>(at + 10, what),
                       (file.template number<std::uint16_t>(at + 8, what) & 1) != 0};
        zip_detail::read_extra_fields(file, entry, extra, extra_end);
        visit(entry);
        at = extra_end + file.template number<std::uint16_t>(at + 32, what);
    }
}

/// The content of `entry` as it lies in the file: behind a header with lengths of its own.
template <class File>
[[nodiscard]] auto stored_content(const File& file, const ZipEntry& entry) {
    const char* what = "a zip entry";
    file.check(file.template number<std::uint32_t>(entry.local, what) == zip_detail::kLocalHeader,
               "there is no zip entry at byte ", entry.local);
    const auto begin = entry.local + 30 +
                       file.template number<std::uint16_t>(entry.local + 26, what) +
                       file.template number<std::uint16_t>(entry.local + 28, what);
    return file.slice(begin, entry.stored, what);
}

}  // namespace patchead
