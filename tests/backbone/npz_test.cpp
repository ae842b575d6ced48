#include "backbone/checkpoint/npz.hpp"

#include <ATen/ATen.h>

#include "checkpoint_files.hpp"
#include "patchead/backbone/backbone.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;
using test::raw;

/// An array as numpy.save writes it, or nearly.
std::string array(const std::string& type, const std::string& order, const std::string& shape,
                  const std::string& numbers) {
    const auto header =
        concat("{'descr': '", type, "', 'fortran_order': ", order, ", 'shape': (", shape, "), }\n");
    return concat("\x93NUMPY\x01", std::string(1, '\0'),
                  raw(static_cast<std::uint16_t>(header.size())), header, numbers);
}

std::string six_floats() {
    std::string numbers;
    for (int i = 0; i < 6; ++i) { numbers += raw(static_cast<float>(i)); }
    return numbers;
}

class Npz : public testing::Test {
  protected:
    Checkpoint read(const std::string& content) {
        return read_checkpoint(folder_.write("made.npz", test::zip({{"w.npy", content}})));
    }
    std::string refusal(const std::string& content) {
        return message_of<WeightsError>([&] { return read(content); });
    }

    test::TemporaryFolder folder_;
};

TEST_F(Npz, HoldsArraysByRowsAndByColumns) {
    const auto expected = at::arange(6, at::kFloat).view({2, 3});
    const auto rows = read(array("<f4", "False", "2, 3", six_floats()));
    EXPECT_TRUE(at::equal(to_tensor(rows.tensors.at("w")), expected));
    const auto columns = read(array("<f4", "True", "3, 2", six_floats()));
    EXPECT_TRUE(at::equal(to_tensor(columns.tensors.at("w")), expected.t()));
    const auto scalar = read(array("<f8", "False", "", raw(2.5)));
    EXPECT_EQ(to_tensor(scalar.tensors.at("w")).item<double>(), 2.5);
}

TEST_F(Npz, OfObjectsIsRefusedAndNotRead) {
    const std::string evil =
        "\x80\x02"
        "cposix\nsystem\nX\x04\0\0\0true\x85R.";
    expect_words(refusal(array("|O", "False", "1,", evil)), {"made.npz", "'w.npy'", "'|O'"});
}

TEST_F(Npz, ThatLiesAboutItselfIsRefused) {
    expect_words(refusal(array("<f4", "False", "2, 4", six_floats())), {"[2, 4]", "24 bytes"});
    expect_words(refusal(array("<f4", "False", "99999999999999999999", six_floats())),
                 {"shape of 'w.npy'"});
    expect_words(refusal(array("<f4", "False", "4294967296, 4294967296", six_floats())),
                 {"'w.npy' of shape"});
    expect_words(refusal(array(">f4", "False", "6,", six_floats())), {"'>f4'"});
    expect_words(refusal(array("<f4", "Maybe", "6,", six_floats())), {"header of 'w.npy'"});
    expect_words(refusal("\x93NUMPY\x01" + std::string(1, '\0') +
                         "\xff\xff"
                         "{}"),
                 {"header of 'w.npy'", "65535 bytes"});
    expect_words(refusal("NUMPY"), {"no NumPy array"});
    expect_words(refusal(""), {"no NumPy array"});
}

}  // namespace
}  // namespace patchead
