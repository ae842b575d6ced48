#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "patchead/core/error.hpp"

/// \file
/// \brief What all fuzz targets share (docs/fuzzing.md): bytes to draw from, files, properties.

namespace patchead::fuzz {

/// A reader of ours that is given bytes of any kind, and a property that must hold for all of them.
struct Target {
    std::string_view name;
    void (*run)(std::string_view input);
};

/// The target of that name; null if there is none.
[[nodiscard]] const Target* find_target(std::string_view name);

/// Says `what` and ends the process unless `ok`: the fuzzer keeps the input then.
void require_property(bool ok, std::string_view what);

/// What `work` gives; nothing if it refuses its input with an error of ours. Any other exception
/// goes on to the fuzzer, for which it is a fault.
template <class Work>
auto result_of(Work&& work) -> std::optional<std::invoke_result_t<Work>> {
    try {
        return std::forward<Work>(work)();
    } catch (const Error& error) {
        require_property(*error.what() != '\0', "a refusal says why");
        return std::nullopt;
    }
}

/// Input, taken from its front.
class Draw {
  public:
    explicit Draw(std::string_view input) : rest_(input) {}

    [[nodiscard]] bool empty() const { return rest_.empty(); }
    /// 0 if nothing is left.
    std::uint8_t byte() {
        if (rest_.empty()) { return 0; }
        const auto value = static_cast<std::uint8_t>(rest_.front());
        rest_.remove_prefix(1);
        return value;
    }
    std::uint32_t word() {
        const std::uint32_t low = byte();
        return low | static_cast<std::uint32_t>(byte()) << 8U;
    }
    /// From 0 to `most`, which is below 256.
    int up_to(int most) { return byte() % (most + 1); }
    /// So many bytes, or fewer if there are not so many.
    std::string_view bytes(std::size_t count) {
        const auto taken = rest_.substr(0, count);
        rest_.remove_prefix(taken.size());
        return taken;
    }
    /// Up to the next zero byte.
    std::string_view text() {
        const auto taken = rest_.substr(0, rest_.find('\0'));
        rest_.remove_prefix(taken.size() + (taken.size() < rest_.size() ? 1 : 0));
        return taken;
    }
    [[nodiscard]] std::string_view rest() const { return rest_; }

  private:
    std::string_view rest_;
};

/// A folder of this process in memory, where the system has one; gone when the process ends.
[[nodiscard]] const std::filesystem::path& scratch_folder();

/// Puts `bytes` into the file `name` there. Returns its path.
std::filesystem::path scratch_file(std::string_view name, std::string_view bytes);

/// The bytes of a number, little-endian as this machine.
template <class Number>
[[nodiscard]] std::string raw(Number number) {
    return {reinterpret_cast<const char*>(&number), sizeof number};
}

/// A zip file of entries as they are.
[[nodiscard]] std::string stored_zip(
    const std::vector<std::pair<std::string, std::string>>& entries);

}  // namespace patchead::fuzz
