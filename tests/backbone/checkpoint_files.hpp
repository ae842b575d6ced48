#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "backbone/checkpoint/checkpoint.hpp"

/// \file
/// \brief Checkpoint files made byte by byte, right ones and wrong ones.

namespace patchead::test {

/// A folder that is removed with everything in it.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "backbone-XXXXXX").string();
        path_ = ::mkdtemp(name.data());
    }
    ~TemporaryFolder() { std::filesystem::remove_all(path_); }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

    std::filesystem::path write(const std::string& name, std::string_view bytes) const {
        std::ofstream(path_ / name, std::ios::binary) << bytes;
        return path_ / name;
    }

  private:
    std::filesystem::path path_;
};

/// The bytes of a number, little-endian as this machine.
template <class Number>
std::string raw(Number number) {
    std::string bytes(sizeof number, '\0');
    std::memcpy(bytes.data(), &number, sizeof number);
    return bytes;
}

inline std::string safetensors(std::string_view header, std::string_view data) {
    return raw(std::uint64_t{header.size()}) + std::string(header) + std::string(data);
}

using Tensors = std::map<std::string, at::Tensor>;

/// A well-formed safetensors file of float32 tensors.
inline std::string safetensors(const Tensors& tensors) {
    std::string header = "{";
    std::string data;
    for (const auto& [key, tensor] : tensors) {
        const auto values = tensor.contiguous();
        const auto begin = data.size();
        data.append(static_cast<const char*>(values.data_ptr()), values.nbytes());
        header += concat(header.size() > 1 ? "," : "", '"', key,
                         "\":{\"dtype\":\"F32\",\"shape\":", to_string(tensor.sizes().vec()),
                         ",\"data_offsets\":[", begin, ",", data.size(), "]}");
    }
    return safetensors(header + "}", data);
}

/// A zip archive of stored entries. `zip64` puts all its numbers into Zip64 records.
inline std::string zip(const std::vector<std::pair<std::string, std::string>>& entries,
                       bool zip64 = false) {
    std::string file;
    std::string directory;
    for (const auto& [name, content] : entries) {
        const auto offset = file.size();
        const auto lengths = raw(static_cast<std::uint16_t>(name.size()));
        const auto size = static_cast<std::uint32_t>(content.size());
        file += raw(0x04034B50U) + std::string(14, '\0') + raw(size) + raw(size) + lengths +
                raw(std::uint16_t{0}) + name + content;
        const auto wide = raw(std::uint64_t{content.size()});
        const auto extra = zip64 ? raw(std::uint16_t{1}) + raw(std::uint16_t{24}) + wide + wide +
                                       raw(std::uint64_t{offset})
                                 : std::string();
        directory += raw(0x02014B50U) + std::string(16, '\0') + raw(zip64 ? ~0U : size) +
                     raw(zip64 ? ~0U : size) + lengths +
                     raw(static_cast<std::uint16_t>(extra.size())) + std::string(10, '\0') +
                     raw(zip64 ? ~0U : static_cast<std::uint32_t>(offset)) + name + extra;
    }
    const auto start = file.size();
    file += directory;
    const auto count = entries.size();
    if (zip64) {
        const auto record = file.size();
        file += raw(0x06064B50U) + std::string(28, '\0') + raw(std::uint64_t{count}) +
                raw(std::uint64_t{directory.size()}) + raw(std::uint64_t{start});
        file += raw(0x07064B50U) + raw(0U) + raw(std::uint64_t{record}) + raw(1U);
    }
    const auto narrow = zip64 ? std::uint16_t{0xFFFF} : static_cast<std::uint16_t>(count);
    return file + raw(0x06054B50U) + raw(0U) + raw(narrow) + raw(narrow) +
           raw(static_cast<std::uint32_t>(directory.size())) +
           raw(zip64 ? ~0U : static_cast<std::uint32_t>(start)) + raw(std::uint16_t{0});
}

/// The message of the WeightsError that `action` throws; empty, and a failed test, if it does not.
template <class Error, class Action>
std::string message_of(const Action& action) {
    try {
        static_cast<void>(action());
    } catch (const Error& error) { return error.what(); } catch (const std::exception& error) {
        ADD_FAILURE() << "another exception: " << error.what();
        return {};
    }
    ADD_FAILURE() << "no exception";
    return {};
}

/// EXPECT that each of `words` is in `text`.
inline void expect_words(const std::string& text, std::initializer_list<std::string_view> words) {
    for (const auto word : words) {
        EXPECT_NE(text.find(word), text.npos) << "no \"" << word << "\" in: " << text;
    }
}

}  // namespace patchead::test
