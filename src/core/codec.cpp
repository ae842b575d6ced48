#include <charconv>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

#include <cxxabi.h>

#include "patchead/core/codec_parts.hpp"
#include "patchead/core/error.hpp"

namespace patchead::codec_detail {
namespace {

/// As it stands in the source; `type_info::name` is the linker's.
std::string name_of(const std::type_info& type) {
    int failed = 0;
    const std::unique_ptr<char, void (*)(void*)> name(
        abi::__cxa_demangle(type.name(), nullptr, nullptr, &failed), std::free);
    return failed == 0 ? name.get() : type.name();
}

}  // namespace

void refuse(const std::type_info& type, std::string_view text, const char* why) {
    throw std::logic_error(concat("a text of ", text.size(), " bytes is no ", name_of(type), " (",
                                  why, "); run the same binary on all ranks"));
}

void append_part(std::string& text, std::string_view part) {
    text += std::to_string(part.size());
    text += ':';
    text += part;
}

void Parts::require_end() const {
    if (!at_end()) { refuse("something stands behind it"); }
}

std::string_view Parts::next_part() {
    const auto colon = rest_.find(':');
    if (colon == std::string_view::npos) { refuse("a part is missing"); }
    const auto digits = rest_.substr(0, colon);
    std::size_t size = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), size);
    if (digits != std::to_string(size)) { refuse("a length is not a number"); }
    rest_.remove_prefix(colon + 1);
    if (size > rest_.size()) { refuse("its last part is cut off"); }
    const auto part = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return part;
}

}  // namespace patchead::codec_detail
