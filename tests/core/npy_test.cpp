#include "patchead/core/npy.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <limits>

#include <gtest/gtest.h>

namespace patchead {
namespace {

/// numpy.save(file, numpy.array([[1, 2, 3]], "<f4")), of NumPy 1.24.
std::string saved_by_numpy() {
    std::string bytes("\x93NUMPY\x01\x00v\x00", 10);
    bytes += "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 3), }";
    bytes.resize(127, ' ');
    bytes += '\n';
    for (const float value : {1.0F, 2.0F, 3.0F}) {
        std::string number(sizeof value, '\0');
        std::memcpy(number.data(), &value, sizeof value);
        bytes += number;
    }
    return bytes;
}

TEST(Npy, IsWrittenAsNumpyWritesIt) {
    const std::array values{1.0F, 2.0F, 3.0F};
    EXPECT_EQ(npy_text(values, std::array<std::int64_t, 2>{1, 3}), saved_by_numpy());
    const auto line = npy_text(values, std::array<std::int64_t, 1>{3});
    EXPECT_NE(line.find("'shape': (3,), }"), std::string::npos) << line;
    EXPECT_NE(npy_text({values.data(), 1}, {}).find("'shape': (), }"), std::string::npos);
}

TEST(Npy, SaysWhatItHolds) {
    const auto bytes = saved_by_numpy();
    const auto header = npy_header(bytes, "a.npy");
    EXPECT_EQ(header.fault, "");
    EXPECT_EQ(header.type, "<f4");
    EXPECT_FALSE(header.by_columns);
    EXPECT_EQ(header.shape, (std::vector<std::int64_t>{1, 3}));
    EXPECT_EQ(header.begin, 128U);
    EXPECT_EQ(npy_floats(std::string_view(bytes).substr(header.begin), header.type),
              (std::vector<float>{1, 2, 3}));
}

TEST(Npy, SaysWhatIsWrongWithIt) {
    const auto bytes = saved_by_numpy();
    for (std::size_t size = 0; size < 128; ++size) {
        EXPECT_NE(npy_header(bytes.substr(0, size), "a.npy").fault, "") << size;
    }
    auto odd = bytes;
    odd.replace(odd.find("(1, 3)"), 6, "(1,,3)");
    EXPECT_NE(npy_header(odd, "a.npy").fault.find("a side ''"), std::string::npos);
    odd.replace(odd.find("(1,,3)"), 6, "(9x,3)");
    EXPECT_NE(npy_header(odd, "a.npy").fault.find("plain numbers"), std::string::npos);
}

TEST(Npy, KnowsTypesThatAreNumbers) {
    EXPECT_EQ(npy_number_bytes("<f2"), 2U);
    EXPECT_EQ(npy_number_bytes(">f8"), 8U);
    EXPECT_EQ(npy_number_bytes("|u1"), 1U);
    for (const auto* type : {"|O", "<c8", "<U3", "|b1", "<f16", "f4", "<M8[ns]", ""}) {
        EXPECT_FALSE(npy_number_bytes(type)) << type;
    }
}

TEST(Npy, ReadsNumbersOfEitherOrder) {
    EXPECT_EQ(npy_floats({"\x3f\x80\0\0", 4}, ">f4"), (std::vector<float>{1}));
    EXPECT_EQ(npy_floats({"\xff\xfe", 2}, ">i2"), (std::vector<float>{-2}));
    EXPECT_EQ(npy_floats({"\xff\xfe", 2}, "<u2"), (std::vector<float>{65279}));
    EXPECT_EQ(npy_floats({"\x01\0\0\0\0\0\0\x80", 8}, "<u8"), (std::vector<float>{0x1p63F}));
}

TEST(Npy, ReadsHalves) {
    // One, the largest, the smallest normal and subnormal one, -2, infinity and no number.
    const std::string_view bytes("\x00\x3c\xff\x7b\x00\x04\x01\x00\x00\xc0\x00\x7c\x00\x7e", 14);
    const auto values = npy_floats(bytes, "<f2");
    ASSERT_EQ(values.size(), 7U);
    const std::array expected{1.0F,     65504.0F, 0x1p-14F,
                              0x1p-24F, -2.0F,    std::numeric_limits<float>::infinity()};
    for (std::size_t i = 0; i < expected.size(); ++i) { EXPECT_EQ(values[i], expected[i]) << i; }
    EXPECT_TRUE(std::isnan(values.back()));
}

TEST(Npy, CountsWithoutOverflow) {
    EXPECT_EQ(npy_count(std::array<std::int64_t, 2>{3, 4}), 12);
    EXPECT_EQ(npy_count({}), 1);
    EXPECT_FALSE(npy_count(std::array<std::int64_t, 2>{3, -4}));
    EXPECT_FALSE(npy_count(std::array<std::int64_t, 2>{std::int64_t{1} << 62, 4}));
}

TEST(Npy, ReadsALongHeaderWithoutAnEnd) {
    const std::string type(60'000, 'f');  // A regular expression recursed for each letter.
    const auto text = concat("{'descr': '", type, "', 'fortran_order': False, 'shape': (2,), }\n");
    std::string bytes("\x93NUMPY\x01\0", 8);
    bytes += static_cast<char>(text.size() & 0xFFU);
    bytes += static_cast<char>(text.size() >> 8U);
    const auto header = npy_header(bytes + text, "a.npy");
    EXPECT_EQ(header.fault, "");
    EXPECT_EQ(header.type, type);
    const auto other = npy_header(bytes + text.substr(0, text.size() - 2) + "]\n", "a.npy");
    EXPECT_NE(other.fault.find("none that NumPy writes"), std::string::npos);
}

}  // namespace
}  // namespace patchead
