#include "patchead/core/gzip.hpp"

#include <isa-l/igzip_lib.h>

#include <algorithm>
#include <limits>

#include "patchead/core/error.hpp"

namespace patchead {
namespace {

constexpr std::string_view kGzipMagic = "\x1f\x8b";
constexpr std::size_t kInflatedPiece = std::size_t{1} << 18;

/// `flag`: how `bytes` are framed, as the library calls it. `is_front`: what is more than
/// `most_bytes` is left out.
std::string unpack(std::string_view bytes, const std::string& name, std::size_t most_bytes,
                   std::uint32_t flag, bool is_front = false) {
    const auto fail = [&](const auto&... reason) {
        throw DataError(
            concat("'", name, "' cannot be unpacked (", concat(reason...), "); download it again"));
    };
    if (bytes.size() > std::numeric_limits<std::uint32_t>::max()) { fail("it is too large"); }
    // The library reads only, but takes no pointer to constants.
    auto* const input = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
    inflate_state state{};
    isal_inflate_init(&state);
    state.crc_flag = flag;
    state.next_in = input;
    state.avail_in = static_cast<std::uint32_t>(bytes.size());
    std::string result;
    while (state.block_state != ISAL_BLOCK_FINISH) {
        const auto before = result.size();
        result.resize(before + kInflatedPiece);
        state.next_out = reinterpret_cast<unsigned char*>(result.data() + before);
        state.avail_out = static_cast<std::uint32_t>(kInflatedPiece);
        const int code = isal_inflate(&state);
        result.resize(result.size() - state.avail_out);
        if (code != ISAL_DECOMP_OK) {
            fail("its bytes are no ", flag == ISAL_GZIP ? "gzip" : "deflate", ", code ", code);
        }
        if (is_front && result.size() >= most_bytes) {
            result.resize(most_bytes);
            return result;
        }
        if (result.size() > most_bytes) { fail("it holds more than ", most_bytes, " bytes"); }
        const bool is_done = state.block_state == ISAL_BLOCK_FINISH;
        if (!is_done && result.size() == before && state.avail_in == 0) { fail("it ends early"); }
    }
    return result;
}

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with(kGzipMagic); }

std::string gunzip(std::string_view bytes, const std::string& name, std::size_t most_bytes) {
    return unpack(bytes, name, most_bytes, ISAL_GZIP);
}

std::string inflate(std::string_view bytes, const std::string& name, std::size_t most_bytes) {
    return unpack(bytes, name, most_bytes, ISAL_DEFLATE);
}

std::string inflate_front(std::string_view bytes, const std::string& name, std::size_t most_bytes) {
    return unpack(bytes, name, most_bytes, ISAL_DEFLATE, true);
}

}  // namespace patchead
