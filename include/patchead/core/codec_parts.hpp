#pragma once

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>
#include <typeinfo>

/// \file
/// \brief What codecs are built of: texts of several parts, each with its length before it.

namespace patchead {

/// How a value becomes text and is read back; see codec.hpp.
template <class T>
struct Codec;

namespace codec_detail {

/// Throws std::logic_error: `text` is no `type` because of `why`.
[[noreturn]] void refuse(const std::type_info& type, std::string_view text, const char* why);

/// Appends "<length>:<part>".
void append_part(std::string& text, std::string_view part);

template <class T>
void append(std::string& text, const T& value) {
    append_part(text, Codec<T>::encode(value));
}

template <class Values>
[[nodiscard]] std::string encode_each(const Values& values) {
    std::string text;
    for (const auto& value : values) { append(text, value); }
    return text;
}

/// Reads what `append` wrote, in the same order.
class Parts {
  public:
    /// The parts of `text`, which is to be a `type`. Both must outlive this.
    Parts(std::string_view text, const std::type_info& type)
        : text_(text), rest_(text), type_(type) {}

    [[nodiscard]] bool at_end() const { return rest_.empty(); }

    /// Throws std::logic_error if the next part is not whole or no `T`.
    template <class T>
    [[nodiscard]] T next() {
        return Codec<T>::decode(next_part());
    }
    /// The same into a variable.
    template <class T>
    void read(T& into) {
        into = next<T>();
    }
    /// Throws std::logic_error if something is left.
    void require_end() const;
    /// Throws std::logic_error: the text as a whole is not what the counterpart writes.
    [[noreturn]] void refuse(const char* why) const { codec_detail::refuse(type_, text_, why); }

  private:
    [[nodiscard]] std::string_view next_part();

    std::string_view text_;
    std::string_view rest_;
    const std::type_info& type_;
};

/// Stands for the value of any field; only for `field_count`, which calls nothing.
struct AnyField {
    template <class T>
    operator T() const {
        std::abort();
    }
};

/// How many fields the aggregate `T` has: the most values that its braces take. (A field that is
/// an array in the style of C counts once for each element.)
template <class T, class... Fields>
[[nodiscard]] consteval std::size_t field_count() {
    if constexpr (requires { T{Fields{}..., AnyField{}}; }) {
        return field_count<T, Fields..., AnyField>();
    } else {
        return sizeof...(Fields);
    }
}

}  // namespace codec_detail
}  // namespace patchead
