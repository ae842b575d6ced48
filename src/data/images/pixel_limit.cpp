#include "images/pixel_limit.hpp"

#include <atomic>

#include "patchead/core/error.hpp"
#include "patchead/data/pixel_limit.hpp"

namespace patchead {
namespace {

/// Deflate packs a thousand equal bytes into one, JPEG and LZW a few times as many.
constexpr std::int64_t kMostPixelsOfByte = 4096;
/// Some 50 MB are taken for any picture, even one of a single colour that packs better than that.
constexpr std::int64_t kAlwaysTaken = std::int64_t{1} << 24U;

std::atomic<std::int64_t>& limit_in_pixels() {
    static std::atomic<std::int64_t> limit{kMostPixels};
    return limit;
}

}  // namespace

std::int64_t most_pixels() { return limit_in_pixels(); }

void set_most_pixels(std::int64_t pixels) {
    PATCHEAD_ASSERT(pixels > 0);
    limit_in_pixels() = pixels;
}

void data_detail::require_pixels(std::int64_t height, std::int64_t width, std::size_t file_bytes,
                                 const std::string& name) {
    require<DataError>(height > 0 && width > 0, "the image file '", name,
                       "' is damaged (it says that it is ", height, " x ", width,
                       " pixels); copy or unpack it again");
    // Divided, since a product of what a file says may be too large for any number.
    require<DataError>(height <= most_pixels() / width, "the image file '", name,
                       "' is too large (it says that it is ", height, " x ", width,
                       " pixels, and the limit is ", most_pixels(),
                       "); make it smaller, or raise --max-pixels");
    const auto pixels = height * width;
    const bool can_be_there =
        pixels <= kAlwaysTaken ||
        static_cast<std::uint64_t>(pixels / kMostPixelsOfByte) <= std::uint64_t{file_bytes};
    require<DataError>(can_be_there, "the image file '", name, "' is damaged (it says that it is ",
                       height, " x ", width, " pixels, which its ", file_bytes,
                       " bytes cannot hold); copy or unpack it again");
}

}  // namespace patchead
