#include "patchead/core/codec.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <stdexcept>

#include <gtest/gtest.h>

namespace patchead {
namespace {

enum class Colour : std::int8_t { red = -1, green = 7 };

struct Crop {
    int first = 0;
    int last = 0;
    bool operator==(const Crop&) const = default;
};

/// A field of every kind.
struct Record {
    std::string text = "none";
    bool flag = false;
    std::filesystem::path file;
    std::optional<Crop> crop;
    std::array<float, 3> mean{1, 2, 3};
    std::map<std::string, std::vector<double>> series;
    Colour colour = Colour::red;
    bool operator==(const Record&) const = default;
};

}  // namespace

template <>
struct Codec<Crop> : RecordCodec<Crop, &Crop::first, &Crop::last> {};
template <>
struct Codec<Record> : RecordCodec<Record, &Record::text, &Record::flag, &Record::file,
                                   &Record::crop, &Record::mean, &Record::series, &Record::colour> {
};

namespace {

template <class T>
T there_and_back(const T& value) {
    return Codec<T>::decode(Codec<T>::encode(value));
}

template <class T>
void expect_same(const T& value) {
    EXPECT_EQ(there_and_back(value), value) << Codec<T>::encode(value);
}

/// Whether `text` is refused, or else is what the value is written as that it is taken for.
template <class T>
bool is_refused_or_written(const std::string& text) {
    try {
        return Codec<T>::encode(Codec<T>::decode(text)) == text;
    } catch (const std::logic_error&) { return true; }
}

/// What the refusal says; empty if `text` is taken.
template <class T>
std::string refusal(const std::string& text) {
    try {
        static_cast<void>(Codec<T>::decode(text));
    } catch (const std::logic_error& error) { return error.what(); }
    return {};
}

Record full_record() {
    return {std::string("a:1\0\n\xff", 6),
            true,
            "folder/\xfe image.png",
            Crop{-3, 5},
            {0.1F, -0.0F, 1e-40F},
            {{"", {}}, {"x", {0.1, -2.5}}},
            Colour::green};
}

TEST(Codec, BringsValuesBack) {
    expect_same(std::string());
    expect_same(std::string("3:abc\0", 6));
    expect_same(true);
    expect_same(false);
    expect_same(Colour::red);
    expect_same(Colour::green);
    expect_same(std::monostate());
    expect_same(std::filesystem::path("a/b c"));
    expect_same(std::filesystem::path());
    expect_same(std::pair(std::string("x"), 3));
    expect_same(std::map<int, std::string>{{-1, "a"}, {10, ""}});
    expect_same(std::array<int, 2>{4, 5});
    expect_same(std::array<int, 0>{});
}

TEST(Codec, BringsTheEndsOfIntegerRangesBack) {
    const auto ends = []<class T>(T) {
        expect_same(std::numeric_limits<T>::min());
        expect_same(std::numeric_limits<T>::max());
        expect_same(T{0});
    };
    ends(std::int8_t{});
    ends(std::uint8_t{});
    ends(char{});
    ends(int{});
    ends(std::int64_t{});
    ends(std::uint64_t{});
}

TEST(Codec, TellsNothingFromAnEmptyValue) {
    using Text = std::optional<std::string>;
    expect_same(Text());
    expect_same(Text(""));
    expect_same(Text("x"));
    expect_same(std::optional<std::optional<int>>());
    expect_same(std::optional<std::optional<int>>(std::optional<int>()));
    expect_same(std::optional(std::monostate()));
    expect_same(std::vector<std::string>{});
    expect_same(std::vector<std::string>{""});
    expect_same(std::vector<std::vector<int>>{{}, {1, 2}, {}});
}

TEST(Codec, KeepsEveryBitOfAFloatingPointNumber) {
    using Limits = std::numeric_limits<double>;
    const auto odd_nan = std::bit_cast<double>(std::uint64_t{0xfff8000000000123});
    for (const double value : {0.0, -0.0, 0.1, 1.0 / 3, 1e300, Limits::min(), Limits::denorm_min(),
                               -Limits::denorm_min(), Limits::max(), Limits::lowest(),
                               Limits::infinity(), -Limits::infinity(), std::nan(""), odd_nan}) {
        EXPECT_EQ(std::bit_cast<std::uint64_t>(there_and_back(value)),
                  std::bit_cast<std::uint64_t>(value))
            << value;
    }
    EXPECT_EQ(std::bit_cast<std::uint32_t>(there_and_back(-0.0F)), 0x80000000U);
    expect_same(0.1F);
    expect_same(std::numeric_limits<float>::denorm_min());
}

TEST(Codec, WritesOneCharacterAFlag) {
    const std::vector<bool> flags{true, false, false, true};
    EXPECT_EQ(Codec<std::vector<bool>>::encode(flags), "1001");
    expect_same(flags);
    expect_same(std::vector<bool>{});
}

TEST(Codec, BringsAStructBackByTheListOfItsMembers) {
    expect_same(Record());
    expect_same(full_record());
    expect_same(std::vector<Record>{Record(), full_record()});
    EXPECT_EQ(Codec<Crop>::encode({-3, 15}), "2:-32:15");
}

TEST(Codec, CountsTheFieldsOfAStruct) {
    static_assert(codec_detail::field_count<std::monostate>() == 0);
    static_assert(codec_detail::field_count<Crop>() == 2);
    static_assert(codec_detail::field_count<Record>() == 7);
}

TEST(CodecRefusal, NamesTheType) {
    EXPECT_EQ(refusal<int>("x"),
              "a text of 1 bytes is no int (not a number in its range); run the same binary on all "
              "ranks");
    EXPECT_NE(refusal<Crop>("1:1").find("Crop"), std::string::npos) << refusal<Crop>("1:1");
    EXPECT_NE(refusal<std::vector<int>>("1").find("std::vector<int"), std::string::npos);
}

TEST(CodecRefusal, OfWhatIsNoNumberOfTheType) {
    for (const auto* text :
         {"", " ", "x", "1x", "1 ", " 1", "+1", "01", "-0", "--1", "1.0", "0x1", "2147483648"}) {
        EXPECT_NE(refusal<int>(text), "") << "'" << text << "'";
    }
    EXPECT_NE(refusal<int>(std::string("1\0", 2)), "");
    EXPECT_NE(refusal<unsigned>("-1"), "");
    EXPECT_NE(refusal<std::uint8_t>("256"), "");
    EXPECT_NE(refusal<std::uint64_t>("18446744073709551616"), "");
    EXPECT_NE(refusal<Colour>("128"), "");
    for (const auto* text : {"", "nan", "0.5", "-1", "18446744073709551616"}) {
        EXPECT_NE(refusal<double>(text), "") << text;
    }
    EXPECT_NE(refusal<float>("4294967296"), "");
}

TEST(CodecRefusal, OfWhatIsNoFlag) {
    for (const auto* text : {"", "2", "true", "11", "1 "}) {
        EXPECT_NE(refusal<bool>(text), "") << text;
    }
    EXPECT_NE(refusal<std::vector<bool>>("0120"), "");
}

TEST(CodecRefusal, OfALengthThatIsNone) {
    for (const auto* text : {"x", "1", ":", ":1", "-1:1", "+1:1", "01:1", " 1:1", "1x:1", "1 :1",
                             "99999999999999999999:1", "18446744073709551615:1"}) {
        EXPECT_NE(refusal<std::optional<std::string>>(text), "") << "'" << text << "'";
        EXPECT_NE(refusal<std::vector<std::string>>(text), "") << "'" << text << "'";
    }
}

TEST(CodecRefusal, OfTooFewOrTooManyParts) {
    EXPECT_NE(refusal<std::monostate>("0:"), "");
    EXPECT_NE(refusal<std::optional<std::string>>("0:0:"), "");
    EXPECT_NE(refusal<Crop>(""), "");
    EXPECT_NE(refusal<Crop>("1:1"), "");
    EXPECT_NE(refusal<Crop>("1:11:21:3"), "");
    EXPECT_NE((refusal<std::array<int, 2>>("1:1")), "");
    EXPECT_NE((refusal<std::array<int, 2>>("1:11:21:3")), "");
    EXPECT_NE((refusal<std::pair<int, int>>("1:1")), "");
    EXPECT_NE((refusal<std::map<int, int>>("1:1")), "");
}

TEST(CodecRefusal, OfKeysThatAreTwiceOrOutOfOrder) {
    EXPECT_EQ((refusal<std::map<int, int>>("1:11:01:21:0")), "");
    EXPECT_NE((refusal<std::map<int, int>>("1:11:01:11:0")), "");
    EXPECT_NE((refusal<std::map<int, int>>("1:21:01:11:0")), "");
}

TEST(CodecRefusal, OfAStructThatIsCutOffAnywhereOrHasATail) {
    const auto whole = Codec<Record>::encode(full_record());
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_NE(refusal<Record>(whole.substr(0, size)), "") << size << " bytes";
    }
    EXPECT_EQ(refusal<Record>(whole), "");
    EXPECT_NE(refusal<Record>(whole + '\0'), "");
    EXPECT_NE(refusal<Record>(whole + "0:"), "");
}

// A changed byte may give another value, but never a text that is not what that value is written
// as.
TEST(CodecRefusal, OfAStructWithAnyByteChangedUnlessItIsAnotherStruct) {
    const auto whole = Codec<Record>::encode(full_record());
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (int byte = 0; byte < 256; ++byte) {
            auto text = whole;
            text[at] = static_cast<char>(byte);
            EXPECT_TRUE(is_refused_or_written<Record>(text)) << at << ": " << byte;
        }
    }
}

TEST(CodecRefusal, OfTheTextOfAnotherType) {
    EXPECT_NE(refusal<Record>(Codec<Crop>::encode({1, 2})), "");
    EXPECT_NE(refusal<Crop>(Codec<Record>::encode(full_record())), "");
    EXPECT_NE(refusal<std::vector<int>>(Codec<std::vector<std::string>>::encode({"a"})), "");
    EXPECT_NE(refusal<int>(Codec<std::optional<int>>::encode(1)), "");
}

}  // namespace
}  // namespace patchead
