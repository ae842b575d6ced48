#include "backbone/checkpoint/safetensors.hpp"

#include "checkpoint_files.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;
using test::raw;
using test::safetensors;

class Safetensors : public testing::Test {
  protected:
    at::Tensor read(const std::string& bytes, const std::string& key) {
        const MappedFile file(folder_.write("a.safetensors", bytes));
        return to_tensor(read_safetensors(file).at(key));
    }

    std::string refusal(const std::string& bytes) {
        const auto path = folder_.write("bad.safetensors", bytes);
        const auto text =
            message_of<WeightsError>([&] { return read_safetensors(MappedFile(path)); });
        expect_words(text, {"bad.safetensors", "; "});
        return text;
    }

    test::TemporaryFolder folder_;
};

/// A header for one tensor "w".
std::string one(const std::string& dtype, const std::string& shape, const std::string& offsets) {
    return concat(R"({"w":{"dtype":")", dtype, R"(","shape":)", shape, R"(,"data_offsets":)",
                  offsets, "}}");
}

TEST_F(Safetensors, ReadsFloatsRowByRow) {
    const auto data = raw(1.5F) + raw(-2.0F) + raw(3.0F) + raw(4.0F) + raw(5.0F) + raw(6.0F);
    const auto w = read(safetensors(one("F32", "[2,3]", "[0,24]"), data), "w");
    EXPECT_EQ(w.sizes(), (at::IntArrayRef{2, 3}));
    EXPECT_EQ(w[0][1].item<float>(), -2.0F);
    EXPECT_EQ(w[1][0].item<float>(), 4.0F);
}

// 0x3C00 is 1 in half precision; 0x3F80 in bfloat16.
TEST_F(Safetensors, ReadsEveryNumberType) {
    EXPECT_EQ(read(safetensors(one("F16", "[1]", "[0,2]"), raw(std::uint16_t{0x3C00})), "w")
                  .item<float>(),
              1.0F);
    EXPECT_EQ(read(safetensors(one("BF16", "[1]", "[0,2]"), raw(std::uint16_t{0x3F80})), "w")
                  .item<float>(),
              1.0F);
    EXPECT_EQ(read(safetensors(one("F64", "[]", "[0,8]"), raw(0.1)), "w").item<double>(), 0.1);
    EXPECT_EQ(read(safetensors(one("I64", "[1]", "[0,8]"), raw(std::int64_t{-7})), "w")
                  .item<std::int64_t>(),
              -7);
    EXPECT_EQ(read(safetensors(one("U8", "[1]", "[0,1]"), "\xFF"), "w").item<int>(), 255);
    EXPECT_TRUE(read(safetensors(one("BOOL", "[1]", "[0,1]"), "\x01"), "w").item<bool>());
}

// An odd number of bytes before the data leaves every float unaligned.
TEST_F(Safetensors, ReadsUnalignedData) {
    const auto header = one("F32", "[1]", "[0,4]");
    for (int spaces = 0; spaces < 4; ++spaces) {
        const auto padded = header + std::string(static_cast<std::size_t>(spaces), ' ');
        EXPECT_EQ(read(safetensors(padded, raw(2.5F)), "w").item<float>(), 2.5F);
    }
}

TEST_F(Safetensors, SkipsMetadataAndReadsEmptyTensors) {
    const std::string header =
        R"({"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[0,4],"data_offsets":[0,0]}})";
    EXPECT_EQ(read(safetensors(header, ""), "w").numel(), 0);
}

TEST_F(Safetensors, RefusesAHugeHeaderLength) {
    expect_words(refusal(raw(std::uint64_t{1} << 62) + "{}"),
                 {"byte 0", "4611686018427387904 bytes", "4194304"});
    expect_words(refusal(raw(std::uint64_t{1000}) + "{}"), {"header at byte 8", "beyond"});
}

TEST_F(Safetensors, RefusesAFileThatEndsInTheLength) { refusal("abc"); }

TEST_F(Safetensors, RefusesAHeaderThatIsNotJson) {
    expect_words(refusal(safetensors("{\"w\":", "")), {"not JSON"});
    expect_words(refusal(safetensors("[]", "")), {"not a JSON object"});
    expect_words(refusal(safetensors("{\"w\":3}", "")), {"'w'"});
}

TEST_F(Safetensors, RefusesAKeyThatOccursTwice) {
    const std::string entry = R"("w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
    expect_words(refusal(safetensors("{" + entry + "," + entry + "}", raw(1.0F))),
                 {"key 'w' occurs twice"});
}

TEST_F(Safetensors, RefusesATruncatedFile) {
    expect_words(refusal(safetensors(one("F32", "[2]", "[0,8]"), raw(1.0F))),
                 {"'w'", "data byte 8", "only 4", "truncated"});
}

TEST_F(Safetensors, RefusesOverlappingTensors) {
    const std::string header = R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
                               R"("b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})";
    expect_words(refusal(safetensors(header, raw(1.0F) + raw(2.0F))), {"'b' at byte 4", "overlap"});
}

TEST_F(Safetensors, RefusesBytesThatBelongToNoTensor) {
    expect_words(refusal(safetensors(one("F32", "[1]", "[4,8]"), raw(1.0F) + raw(2.0F))),
                 {"bytes 0 to 4"});
    expect_words(refusal(safetensors(one("F32", "[1]", "[0,4]"), raw(1.0F) + "tail")),
                 {"4 bytes after the last tensor"});
}

TEST_F(Safetensors, RefusesShapesThatDoNotFitTheirBytes) {
    expect_words(refusal(safetensors(one("F32", "[3]", "[0,8]"), raw(1.0F) + raw(2.0F))),
                 {"'w'", "8 bytes", "[3]"});
    // The product of the sides overflows 64 bits to 0.
    expect_words(refusal(safetensors(one("F32", "[4294967296,4294967296]", "[0,0]"), "")), {"'w'"});
    expect_words(refusal(safetensors(one("F32", "[9223372036854775807]", "[0,0]"), "")), {"'w'"});
    expect_words(refusal(safetensors(one("F32", "[18446744073709551615]", "[0,0]"), "")), {"'w'"});
}

TEST_F(Safetensors, RefusesNumbersThatAreNone) {
    expect_words(refusal(safetensors(one("F32", "[-1]", "[0,4]"), raw(1.0F))), {"'w'", "shape"});
    expect_words(refusal(safetensors(one("F32", "[1.0]", "[0,4]"), raw(1.0F))), {"'w'", "shape"});
    expect_words(refusal(safetensors(one("F32", "[1]", "[4,0]"), raw(1.0F))), {"data_offsets"});
    expect_words(refusal(safetensors(one("F32", "[1]", "[0]"), raw(1.0F))), {"data_offsets"});
    expect_words(refusal(safetensors(one("F99", "[1]", "[0,4]"), raw(1.0F))), {"'F99'"});
}

TEST_F(Safetensors, RefusesAFileThatIsNotThereOrEmpty) {
    const auto missing = folder_.path() / "missing.safetensors";
    expect_words(message_of<UnreadableError>([&] { MappedFile file(missing); }),
                 {"missing.safetensors", "No such file"});
    expect_words(message_of<WeightsError>([&] { MappedFile file(folder_.path()); }),
                 {"it is a folder"});
    expect_words(refusal(""), {"empty"});
}

}  // namespace
}  // namespace patchead
