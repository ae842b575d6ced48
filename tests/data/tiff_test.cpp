#include <cstring>
#include <map>

#include "fixtures.hpp"
#include "patchead/data/image_io.hpp"
#include "patchead/data/pixel_limit.hpp"

// TIFF files of every kind of sample, written by hand.

namespace patchead {
namespace {

using Pixels = std::vector<std::uint8_t>;
/// Tag -> value; of one strip, 16 bits each.
using Tags = std::map<std::uint16_t, std::uint16_t>;

constexpr std::uint16_t kWidth = 256, kHeight = 257, kBits = 258, kPhotometric = 262,
                        kOrientation = 274, kChannels = 277, kPlanar = 284, kExtra = 338,
                        kFormat = 339;

void append(std::string& to, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) { to += static_cast<char>(value >> (8 * i) & 0xFF); }
}

/// A little-endian file of one strip (of one for each channel if planar).
std::string tiff(Tags tags, const std::string& data) {
    tags.insert({{259, 1}, {kPhotometric, 1}, {kChannels, 1}, {kBits, 8}});
    tags[278] = tags.at(kHeight);
    const std::uint32_t strips = tags.contains(kPlanar) ? tags.at(kChannels) : 1U;
    const auto strip = static_cast<std::uint32_t>(data.size()) / strips;
    std::string file("II\x2a\0", 4);
    const auto lists = static_cast<std::uint32_t>(8 + data.size());
    append(file, lists + 8 * strips, 4);
    file += data;
    for (std::uint32_t i = 0; i < strips; ++i) { append(file, 8 + i * strip, 4); }
    for (std::uint32_t i = 0; i < strips; ++i) { append(file, strip, 4); }
    std::map<std::uint16_t, std::string> entries;
    for (const auto& [tag, value] : tags) {
        append(entries[tag], 3, 2);  // SHORT
        append(entries[tag], 1, 4);
        append(entries[tag], value, 4);
    }
    for (const auto& [tag, at] : {std::pair{std::uint16_t{273}, lists},
                                  std::pair{std::uint16_t{279}, lists + 4 * strips}}) {
        append(entries[tag], 4, 2);  // LONG
        append(entries[tag], strips, 4);
        append(entries[tag], strips > 1 ? at : tag == 273 ? 8U : strip, 4);
    }
    append(file, entries.size(), 2);
    for (const auto& [tag, entry] : entries) {
        append(file, tag, 2);
        file += entry;
    }
    return file + std::string(4, '\0');
}

std::string bytes_of(const Pixels& pixels) { return {pixels.begin(), pixels.end()}; }

class Tiff : public FolderTest {
  protected:
    Sample write(const Tags& tags, const std::string& data) {
        const auto path = folder_ / "a.tif";
        write_bytes(path, tiff(tags, data));
        return files(path, path);
    }
    Pixels colours(const Tags& tags, const std::string& data) {
        return read_image(write(tags, data)).rgb;
    }
    /// The message of a refusal, without a word on the terminal.
    std::string refusal(const Tags& tags, const std::string& data) {
        const auto sample = write(tags, data);
        testing::internal::CaptureStderr();
        auto message = message_of<DataError>([&] { static_cast<void>(read_image(sample)); });
        EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
        return message;
    }
};

const Tags kRgba{{kWidth, 2}, {kHeight, 1}, {kPhotometric, 2}, {kChannels, 4}};

Tags with(Tags tags, const Tags& more) {
    for (const auto& [tag, value] : more) { tags[tag] = value; }
    return tags;
}

TEST_F(Tiff, KeepsColoursUnderAlpha) {
    const auto data = bytes_of({10, 20, 30, 0, 100, 50, 200, 128});
    const Pixels stored{10, 20, 30, 100, 50, 200};
    EXPECT_EQ(colours(with(kRgba, {{kExtra, 2}}), data), stored) << "alpha of its own";
    EXPECT_EQ(colours(with(kRgba, {{kExtra, 0}}), data), stored) << "a channel of no meaning";
    EXPECT_EQ(colours(with(kRgba, {{kExtra, 1}}), data), (Pixels{0, 0, 0, 199, 99, 255}))
        << "multiplied by alpha: divided again, as PIL does";
}

TEST_F(Tiff, KeepsColoursUnderAlphaInPlanesAndIn16Bits) {
    EXPECT_EQ(colours(with(kRgba, {{kExtra, 2}, {kPlanar, 2}}),
                      bytes_of({10, 100, 20, 50, 30, 200, 0, 128})),
              (Pixels{10, 20, 30, 100, 50, 200}));
    std::string deep;
    for (const int value : {0x0AFF, 0x1400, 0x1E80, 0, 0x64FF, 0x3201, 0xC8FF, 0x8000}) {
        append(deep, static_cast<std::uint64_t>(value), 2);
    }
    EXPECT_EQ(colours(with(kRgba, {{kExtra, 2}, {kBits, 16}}), deep),
              (Pixels{10, 20, 30, 100, 50, 200}));
}

TEST_F(Tiff, DropsAlphaOfGrayAndConvertsInksAsPil) {
    EXPECT_EQ(
        colours({{kWidth, 2}, {kHeight, 1}, {kChannels, 2}, {kExtra, 2}}, bytes_of({7, 0, 9, 200})),
        (Pixels{7, 7, 7, 9, 9, 9}));
    EXPECT_EQ(colours(with(kRgba, {{kPhotometric, 5}}), bytes_of({0, 128, 255, 0, 10, 20, 30, 99})),
              (Pixels{255, 127, 0, 150, 144, 138}));
}

TEST_F(Tiff, Of2And4BitsFillsTheRange) {
    EXPECT_EQ(colours({{kWidth, 2}, {kHeight, 1}, {kBits, 4}}, "\x1f"),
              (Pixels{17, 17, 17, 255, 255, 255}));
    EXPECT_EQ(colours({{kWidth, 4}, {kHeight, 1}, {kBits, 2}}, "\x1b"),
              (Pixels{0, 0, 0, 85, 85, 85, 170, 170, 170, 255, 255, 255}));
}

// The tag stands for 90 degrees to the right; PIL shows TIFF upright, and so does everybody.
TEST_F(Tiff, IsShownUpright) {
    const auto sample = write({{kWidth, 2}, {kHeight, 1}, {kOrientation, 6}}, bytes_of({1, 2}));
    EXPECT_EQ(image_size(sample), std::pair(2, 1));
    EXPECT_EQ(read_image(sample).rgb, (Pixels{1, 1, 1, 2, 2, 2}));
    EXPECT_EQ(colours({{kWidth, 2}, {kHeight, 1}, {kOrientation, 3}}, bytes_of({1, 2})),
              (Pixels{2, 2, 2, 1, 1, 1}));
}

TEST_F(Tiff, IsRefusedWithTheTypeOfItsSamplesAndTheMend) {
    const std::string data(16, '\x01');
    const std::map<std::string, Tags> kinds{{"32-bit float", {{kBits, 32}, {kFormat, 3}}},
                                            {"64-bit float", {{kBits, 64}, {kFormat, 3}}},
                                            {"16-bit float", {{kBits, 16}, {kFormat, 3}}},
                                            {"16-bit signed integer", {{kBits, 16}, {kFormat, 2}}},
                                            {"32-bit unsigned integer", {{kBits, 32}}},
                                            {"12-bit unsigned integer", {{kBits, 12}}},
                                            {"64-bit complex", {{kBits, 64}, {kFormat, 6}}}};
    for (const auto& [name, tags] : kinds) {
        const auto message = refusal(with({{kWidth, 2}, {kHeight, 1}}, tags), data);
        for (const std::string_view part :
             {std::string_view(name), std::string_view("a.tif"), std::string_view("8 or 16 bit")}) {
            EXPECT_NE(message.find(part), std::string::npos) << message;
        }
        EXPECT_EQ(message.find("damaged"), std::string::npos) << message;
    }
}

TEST_F(Tiff, OfLabelsIsAMaskWhateverItsNumbers) {
    std::string labels;
    for (const int value : {0, 3}) { append(labels, static_cast<std::uint64_t>(value), 4); }
    for (const auto format : {std::uint16_t{1}, std::uint16_t{2}}) {
        const auto sample =
            write({{kWidth, 2}, {kHeight, 1}, {kBits, 32}, {kFormat, format}}, labels);
        EXPECT_EQ(read_mask(sample, 1, 2).anomalous, (Pixels{0, 1})) << format;
    }
}

TEST_F(Tiff, WithTornDataIsDamagedAndNotBlack) {
    const auto message = refusal({{kWidth, 20}, {kHeight, 200}}, std::string(40, '\x01'));
    EXPECT_NE(message.find("damaged"), std::string::npos) << message;
    auto file = tiff({{kWidth, 20}, {kHeight, 5}}, std::string(100, '\x01'));
    const auto at = file.find(std::string("\x03\x01\x03\0\x01\0\0\0\x01", 9));
    ASSERT_NE(at, std::string::npos);
    file[at + 8] = 5;  // LZW, which the data is not.
    write_bytes(folder_ / "b.tif", file);
    EXPECT_THROW(static_cast<void>(read_image(files(folder_ / "b.tif"))), DataError);
}

TEST(PixelLimit, IsAskedBeforeMemoryIsTaken) {
    const auto large = tiff({{kWidth, 60000}, {kHeight, 60000}}, "few");
    const auto empty = tiff({{kWidth, 12000}, {kHeight, 11000}}, "few");
    const auto small = tiff({{kWidth, 2}, {kHeight, 1}}, "ab");
    Sample sample;
    sample.image = "a.tif";
    const auto refusal = [&](const std::string& bytes) {
        sample.bytes = std::make_shared<const std::string>(bytes);
        return message_of<DataError>([&] { static_cast<void>(image_size(sample)); });
    };
    EXPECT_NE(refusal(large).find("60000 x 60000 pixels, and the limit is 134217728"),
              std::string::npos);
    EXPECT_NE(refusal(empty).find("bytes cannot hold"), std::string::npos);
    set_most_pixels(1);
    EXPECT_NE(refusal(small).find("raise --max-pixels"), std::string::npos);
    set_most_pixels(kMostPixels);
    EXPECT_EQ(image_size(sample), std::pair(1, 2));
}

}  // namespace
}  // namespace patchead
