#include "patchead/core/tar_gz.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <string_view>
#include <vector>

#include "patchead/core/error.hpp"
#include "patchead/core/files.hpp"

namespace patchead {
namespace {

constexpr std::size_t kTarBlock = 512;
constexpr std::size_t kLongestTarName = 100;
constexpr std::uint64_t kMostTarBytes = std::uint64_t{1} << 33;

/// Compresses what it is given into a file.
class GzipFile {
  public:
    explicit GzipFile(const std::filesystem::path& path)
        : path_(path), out_(path, std::ios::binary), level_(ISAL_DEF_LVL1_DEFAULT) {
        isal_deflate_init(&stream_);
        stream_.level = 1;
        stream_.level_buf = level_.data();
        stream_.level_buf_size = static_cast<std::uint32_t>(level_.size());
        stream_.gzip_flag = IGZIP_GZIP;
    }

    void write(std::string_view bytes, bool is_last = false) {
        // The library reads only, but takes no pointer to constants.
        stream_.next_in = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
        stream_.avail_in = static_cast<std::uint32_t>(bytes.size());
        stream_.end_of_stream = is_last ? 1 : 0;
        do {
            stream_.next_out = packed_.data();
            stream_.avail_out = static_cast<std::uint32_t>(packed_.size());
            if (isal_deflate(&stream_) != COMP_OK) { fail_to_write(path_, EIO); }
            out_.write(reinterpret_cast<const char*>(packed_.data()),
                       static_cast<std::streamsize>(packed_.size() - stream_.avail_out));
        } while (stream_.avail_out == 0);
        out_.flush();
        if (!out_) { fail_to_write(path_, errno); }
    }

  private:
    std::filesystem::path path_;
    std::ofstream out_;
    isal_zstream stream_{};
    std::vector<unsigned char> level_;
    std::array<unsigned char, std::size_t{1} << 16> packed_{};
};

/// `value` in octal digits, as wide as the field but for its end.
void put_octal(std::string& header, std::size_t at, std::size_t width, std::uint64_t value) {
    for (std::size_t i = width - 1; i > 0; --i, value /= 8) {
        header[at + i - 1] = static_cast<char>('0' + value % 8);
    }
}

std::string tar_header(const std::string& name, std::uint64_t size) {
    std::string header(kTarBlock, '\0');
    header.replace(0, name.size(), name);
    put_octal(header, 100, 8, 0644);   // Permissions.
    put_octal(header, 108, 8, 0);      // Owner,
    put_octal(header, 116, 8, 0);      // group,
    put_octal(header, 124, 12, size);  //
    put_octal(header, 136, 12, 0);     // time.
    header.replace(148, 8, 8, ' ');    // The checksum counts as blanks.
    header[156] = '0';                 // A file.
    header.replace(257, 8,
                   std::string_view("ustar\0"
                                    "00",
                                    8));
    const auto sum = std::accumulate(
        header.begin(), header.end(), std::uint64_t{0},
        [](std::uint64_t total, char byte) { return total + static_cast<unsigned char>(byte); });
    put_octal(header, 148, 7, sum);
    header[154] = '\0';
    return header;
}

void add_file(const ArchivedFile& entry, GzipFile& archive) {
    require<DataError>(entry.name.size() <= kLongestTarName, "'", entry.name,
                       "' cannot be archived (its name has more than ", kLongestTarName,
                       " bytes); give it a shorter one");
    const auto size = naming_unreadable([&] { return std::filesystem::file_size(entry.file); });
    require<DataError>(size < kMostTarBytes, "'", entry.file.string(),
                       "' cannot be archived (it has 8 GiB or more); make it smaller");
    archive.write(tar_header(entry.name, size));
    std::uint64_t written = 0;
    read_pieces(entry.file, [&](std::string_view piece) {
        archive.write(piece);
        written += piece.size();
    });
    require<DataError>(written == size, "'", entry.file.string(),
                       "' changed while it was archived; archive it again");
    const auto padding = (kTarBlock - size % kTarBlock) % kTarBlock;
    archive.write(std::string(padding, '\0'));
}

}  // namespace

void write_tar_gz(const std::filesystem::path& archive, std::span<const ArchivedFile> files) {
    write_whole(archive, [&](const std::filesystem::path& temporary) {
        GzipFile out(temporary);
        for (const auto& entry : files) { add_file(entry, out); }
        out.write(std::string(2 * kTarBlock, '\0'), true);
    });
}

}  // namespace patchead
