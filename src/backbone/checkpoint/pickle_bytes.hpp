#pragma once

#include <cstdint>
#include <string>

#include "checkpoint/mapped_file.hpp"

namespace patchead::inline backbone_detail {

/// Opcodes of pickle protocol 2 that torch.save writes. Source: Lib/pickletools.py of Python.
enum class PickleOp : std::uint8_t {
    mark = '(',
    stop = '.',
    none = 'N',
    new_true = 0x88,
    new_false = 0x89,
    proto = 0x80,
    binint = 'J',
    binint1 = 'K',
    binint2 = 'M',
    long1 = 0x8A,
    binfloat = 'G',
    binunicode = 'X',
    empty_list = ']',
    empty_tuple = ')',
    empty_dict = '}',
    append = 'a',
    appends = 'e',
    tuple = 't',
    tuple1 = 0x85,
    tuple2 = 0x86,
    tuple3 = 0x87,
    setitem = 's',
    setitems = 'u',
    binget = 'h',
    long_binget = 'j',
    binput = 'q',
    long_binput = 'r',
    global = 'c',
    binpersid = 'Q',
    reduce = 'R',
    newobj = 0x81,
    build = 'b',
};

/// The bytes of a pickle, taken one after the other.
class PickleBytes {
  public:
    PickleBytes(const MappedFile& file, Bytes program) : file_(file), program_(program) {}

    /// The next opcode. Errors from here on name its place.
    [[nodiscard]] PickleOp opcode() {
        start_ = at_;
        return static_cast<PickleOp>(number<std::uint8_t>());
    }

    /// Where that opcode stands.
    [[nodiscard]] std::size_t place() const { return start_; }

    template <class Number>
    [[nodiscard]] Number number() {
        Number value{};
        std::memcpy(&value, read(sizeof value).data(), sizeof value);
        return value;
    }

    [[nodiscard]] std::string text(std::size_t size) {
        const auto bytes = read(size);
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};  // NOLINT
    }

    /// Up to the next end of a line, of `most` bytes at most.
    [[nodiscard]] std::string line(std::size_t most) {
        std::string result;
        for (char c = number<char>(); c != '\n'; c = number<char>()) {
            check(result.size() < most, "has a name of more than ", most, " bytes");
            result += c;
        }
        return result;
    }

    /// A number of as many bytes as the first one says, two's complement.
    [[nodiscard]] std::int64_t long1() {
        const auto size = number<std::uint8_t>();
        check(size <= sizeof(std::int64_t), "has a number of ", int{size}, " bytes");
        if (size == 0) { return 0; }
        std::uint64_t value = 0;
        std::memcpy(&value, read(size).data(), size);
        const int unused = 64 - 8 * size;
        return static_cast<std::int64_t>(value << unused) >> unused;
    }

    /// Throws WeightsError with the place of the opcode unless `ok`.
    template <class... Parts>
    void check(bool ok, const Parts&... reason) const {
        file_.check(ok, "its pickle ", concat(reason...), " at byte ", start_, " of data.pkl");
    }

  private:
    Bytes read(std::size_t size) {
        check(size <= program_.size() - at_, "ends early");
        const auto bytes = program_.subspan(at_, size);
        at_ += size;
        return bytes;
    }

    const MappedFile& file_;
    Bytes program_;
    std::size_t at_ = 0;
    std::size_t start_ = 0;
};

}  // namespace patchead::inline backbone_detail
