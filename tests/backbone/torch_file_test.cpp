#include "backbone/checkpoint/torch_file.hpp"

#include "backbone/checkpoint/safetensors.hpp"
#include "checkpoint_files.hpp"
#include "fixture_folders.hpp"
#include "patchead/backbone/backbone.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;
using test::raw;

/// The object at `path`, e.g. "model/cls_token": keys of dictionaries, which may hold no '/'.
const PickleObject* at_path(const PickleObject& root, std::string_view path) {
    const auto* object = &root;
    while (!path.empty()) {
        const auto key = path.substr(0, path.find('/'));
        path.remove_prefix(std::min(path.size(), key.size() + 1));
        const auto* dict = object->as<PickleMapping>();
        if (dict == nullptr) { return nullptr; }
        object = nullptr;
        for (const auto& [name, value] : dict->items) {
            if (*name->as<std::string>() == key) { object = value; }
        }
        if (object == nullptr) { return nullptr; }
    }
    return object;
}

// The expected tensors were written as safetensors by Python: two readers must agree.
TEST(TorchFile, HoldsWhatPythonSaved) {
    const auto folder = test::golden_folder() / "pickle";
    const MappedFile expected_file(folder / "expected.safetensors");
    int compared = 0;
    for (const auto& [name, view] : read_safetensors(expected_file)) {
        const auto slash = name.find('/');
        const auto stem = name.substr(0, slash);
        if (stem == "legacy_non_zip") { continue; }
        SCOPED_TRACE(name);
        const MappedFile file(folder / (stem + ".pth"));
        const auto pickle = read_torch_file(file).pickle;
        const auto* object = at_path(pickle.root(), std::string_view(name).substr(slash + 1));
        ASSERT_NE(object, nullptr);
        ASSERT_NE(object->as<TensorView>(), nullptr) << describe(*object);
        const auto actual = to_tensor(*object->as<TensorView>());
        EXPECT_EQ(actual.scalar_type(), view.type);
        EXPECT_TRUE(at::equal(actual, to_tensor(view)));
        ++compared;
    }
    EXPECT_GE(compared, 40);
}

TEST(TorchFile, OfTheOldFormatIsRefusedWithAWayOut) {
    const auto text = message_of<WeightsError>(
        [] { return read_checkpoint(test::golden_folder() / "pickle/legacy_non_zip.pth"); });
    expect_words(text, {"legacy_non_zip.pth", "old format", "save it again"});
}

// Programs for the stack machine, in its own letters.
std::string text(std::string_view value) {
    return "X" + raw(static_cast<std::uint32_t>(value.size())) + std::string(value);
}
std::string global(std::string_view module, std::string_view name) {
    return concat("c", module, "\n", name, "\n");
}
std::string program(std::string_view body) { return "\x80\x02" + std::string(body) + "."; }

std::string small(std::uint8_t number) { return "K" + raw(number); }
std::string entry(std::string_view key, const std::string& value) {
    return text(key) + value + "s";
}
std::string dict(std::string_view key, const std::string& value) { return "}" + entry(key, value); }

/// A storage of two floats, key "0", that claims `elements`.
std::string storage(std::uint8_t elements) {
    return "(" + text("storage") + global("torch", "FloatStorage") + text("0") + text("cpu") +
           small(elements) + "tQ";
}
/// A tensor of any storage, size and stride, the last two as tuples.
std::string tensor(const std::string& stored, std::uint8_t offset, const std::string& size,
                   const std::string& stride) {
    return global("torch._utils", "_rebuild_tensor_v2") + "(" + stored + small(offset) + size +
           stride + "\x89}tR";
}
/// A vector in the storage of two floats.
std::string vector(std::uint8_t offset, std::uint8_t size, std::int32_t stride = 1) {
    return tensor(storage(2), offset, small(size) + "\x85", "J" + raw(stride) + "\x85");
}

class TorchProgram : public testing::Test {
  protected:
    std::filesystem::path write(const std::string& body, bool zip64 = false) {
        return folder_.write(
            "made.pth",
            test::zip({{"a/data.pkl", program(body)}, {"a/data/0", raw(1.0F) + raw(2.0F)}}, zip64));
    }
    std::string refusal(const std::string& body) {
        const auto path = write(body);
        const auto message = message_of<WeightsError>([&] { return read_checkpoint(path); });
        expect_words(message, {"made.pth", "; "});
        return message;
    }

    test::TemporaryFolder folder_;
};

TEST_F(TorchProgram, GivesATensorWithOffsetAndStride) {
    const auto checkpoint = read_checkpoint(write(dict("w", vector(1, 1))));
    EXPECT_EQ(to_tensor(checkpoint.tensors.at("w")).item<float>(), 2.0F);
}

TEST_F(TorchProgram, IsFoundThroughZip64Records) {
    const auto checkpoint = read_checkpoint(write(dict("w", vector(0, 2)), true));
    EXPECT_EQ(to_tensor(checkpoint.tensors.at("w"))[1].item<float>(), 2.0F);
}

TEST_F(TorchProgram, ThatCallsTheSystemIsNotExecuted) {
    const auto proof = folder_.path() / "executed";
    const auto evil = global("posix", "system") + text("touch " + proof.string()) + "\x85R";
    const auto place = concat("byte ", 2 + evil.size() - 1, " of data.pkl");  // Of the call.
    expect_words(refusal(evil), {"'posix.system'", "never executed", place});
    EXPECT_FALSE(std::filesystem::exists(proof));
}

TEST_F(TorchProgram, ThatHidesACallBesideTensorsIsReportedAsLeftOver) {
    const auto proof = folder_.path() / "executed";
    const auto evil = global("os", "system") + text("touch " + proof.string()) + "\x85R";
    const auto checkpoint = read_checkpoint(write(dict("w", vector(0, 2)) + entry("x", evil)));
    EXPECT_FALSE(std::filesystem::exists(proof));
    EXPECT_EQ(checkpoint.tensors.size(), 1U);
    expect_words(checkpoint.others.at("x"), {"'os.system'", "never executed", "byte "});
}

// Where a network is wanted, the key of what is hidden is named, and where it is hidden.
TEST_F(TorchProgram, ThatHidesACallInPlaceOfATensorIsRefusedByItsKey) {
    const auto proof = folder_.path() / "executed";
    const auto evil = global("os", "system") + text("touch " + proof.string()) + "\x85R";
    const auto path = write(dict("patch_embed.proj.weight", evil));
    expect_words(message_of<WeightsError>([&] { return load_backbone("mae", path, {}); }),
                 {"'patch_embed.proj.weight'", "it is a 'os.system' object", "never executed",
                  concat("byte ", 2 + 1 + 5 + 23 + evil.size() - 1, " of data.pkl")});
    EXPECT_FALSE(std::filesystem::exists(proof));
}

// Opcodes that torch.save never writes: calls with names from the stack, instances, extensions.
TEST_F(TorchProgram, WithAnOpcodeThatTorchNeverWritesIsRefusedByItsPlace) {
    const auto proof = folder_.path() / "executed";
    const auto argument = text("touch " + proof.string());
    for (const auto& evil :
         {"(" + argument + "ios\nsystem\n", "(" + global("os", "system") + argument + "o",
          text("os") + text("system") + "\x93" + argument + "\x85R", std::string("\x82\x01"),
          std::string("P1\n"), std::string("\x92")}) {
        expect_words(refusal(evil), {"unknown opcode", "byte ", "of data.pkl"});
        EXPECT_FALSE(std::filesystem::exists(proof));
    }
}

// _rebuild_tensor_v2 called with what os.system gave instead of a storage.
TEST_F(TorchProgram, CannotMakeATensorOfACall) {
    const auto evil = global("os", "system") + text("true") + "\x85R";
    const auto checkpoint =
        read_checkpoint(write(dict("w", tensor(evil, 0, small(1) + "\x85", small(1) + "\x85"))));
    EXPECT_TRUE(checkpoint.tensors.empty());
    expect_words(checkpoint.others.at("w"), {"os.system"});
}

TEST_F(TorchProgram, CannotReachBeyondItsStorage) {
    expect_words(refusal(dict("w", vector(0, 3))), {"[3]", "2 elements"});
    expect_words(refusal(dict("w", vector(1, 2))), {"offset 1"});
    expect_words(refusal(dict("w", vector(0, 2, 2))), {"strides [2]"});
    expect_words(refusal(dict("w", vector(1, 2, -1))), {"strides [-1]"});
    expect_words(refusal(dict("w", tensor(storage(3), 0, small(1) + "\x85", small(1) + "\x85"))),
                 {"storage '0'", "8 bytes"});
}

// Zero strides need no storage: 200 sides of 200 elements are more than there are atoms.
TEST_F(TorchProgram, CannotBlowUpAFewBytes) {
    const auto bomb = [](int dims) {
        std::string size = "(";
        std::string stride = "(";
        for (int i = 0; i < dims; ++i) {
            size += small(200);
            stride += small(0);
        }
        return dict("w", tensor(storage(2), 0, size + "t", stride + "t"));
    };
    expect_words(refusal(bomb(200)), {"200 sides"});
    expect_words(refusal(bomb(64)), {"impossible shape"});
    expect_words(refusal(bomb(2)), {"[200, 200]", "larger than the file"});
}

TEST_F(TorchProgram, WithADamagedStackIsRefused) {
    expect_words(refusal("R"), {"empty stack", "byte 2"});
    expect_words(refusal("t"), {"lacks a mark"});
    expect_words(refusal("(K\x01t}(K\x01u"), {"key without a value"});
    expect_words(refusal("h\x05"), {"object 5"});
    expect_words(refusal("i"), {"opcode 105", "byte 2"});
    expect_words(refusal("X" + raw(1U << 31)), {"ends early", "byte 2"});
    expect_words(refusal("}Q"), {"storage"});
    expect_words(refusal("]"), {"a list"});
    expect_words(refusal("}K\x01K\x01s"), {"not a text"});
}

// A dictionary that is its own "model" must not keep the reader busy for ever.
TEST_F(TorchProgram, ThatContainsItselfIsReadOnce) {
    const std::string circle = std::string("}q\0", 3) + text("model") + std::string("h\0s", 3);
    EXPECT_TRUE(read_checkpoint(write(circle)).tensors.empty());
}

TEST_F(TorchProgram, UnwrapsAndStripsInOrder) {
    const auto wrapped = dict(
        "state_dict", dict("module.visual.w", vector(0, 2)) + entry("module.other", vector(0, 1)));
    const auto checkpoint = read_checkpoint(write(wrapped));
    EXPECT_EQ(checkpoint.prefix, "module.visual.");
    EXPECT_EQ(checkpoint.tensors.size(), 1U);
    EXPECT_TRUE(checkpoint.tensors.contains("w"));
    EXPECT_TRUE(checkpoint.others.contains("module.other"));
}

TEST_F(TorchProgram, GivesAveragedWeightsOnlyIfAsked) {
    const auto both =
        dict("model", dict("w", vector(0, 1))) + entry("model_ema", dict("w", vector(1, 1)));
    const auto path = write(both);
    EXPECT_EQ(to_tensor(read_checkpoint(path).tensors.at("w")).item<float>(), 1.0F);
    EXPECT_EQ(to_tensor(read_checkpoint(path, true).tensors.at("w")).item<float>(), 2.0F);
}

// A few bytes that would become gigabytes, or take hours.
TEST_F(TorchProgram, ThatGrowsWithoutBoundsIsRefused) {
    expect_words(refusal(std::string(600'000, 'N')), {"makes more than 500000 objects"});
    expect_words(refusal(std::string((1U << 23U) + 1, 'N')), {"are the most that is read"});
    expect_words(refusal(global(std::string(4096, 'm'), "f")), {"a name of more than 160 bytes"});
    expect_words(refusal(dict(std::string(4096, 'k'), vector(0, 2))), {"1024 are the most"});
    std::string nested = global("torch", "CharStorage") + ")R";  // A tensor of a tensor of ...
    for (int i = 0; i < 3000; ++i) {
        nested = global("torch._utils", "_rebuild_tensor_v2") + "(" + nested + "K\x01)))tR";
    }
    EXPECT_LT(refusal(nested).size(), 1000U);
}

TEST_F(TorchProgram, InADamagedArchiveIsRefused) {
    const auto whole = test::zip({{"a/data.pkl", program("}")}});
    for (const auto size : {whole.size() - 1, whole.size() - 30, std::size_t{25}, std::size_t{4}}) {
        const auto path = folder_.write("cut.pth", whole.substr(0, size));
        expect_words(message_of<WeightsError>([&] { return read_checkpoint(path); }),
                     {"cut.pth", concat(" at byte ", size), "truncated"});
    }
    auto deflated = whole;
    deflated[whole.find("PK\x01\x02") + 10] = 8;
    const auto path = folder_.write("deflated.pth", deflated);
    expect_words(message_of<WeightsError>([&] { return read_checkpoint(path); }),
                 {"'a/data.pkl'", "compressed"});
    const auto other = folder_.write("other.zip", test::zip({{"a.txt", "text"}}));
    expect_words(message_of<WeightsError>([&] { return read_checkpoint(other); }),
                 {"without data.pkl"});
}

TEST_F(TorchProgram, InBigEndianIsRefused) {
    const auto path =
        folder_.write("big.pth", test::zip({{"a/data.pkl", program("}")}, {"a/byteorder", "big"}}));
    expect_words(message_of<WeightsError>([&] { return read_checkpoint(path); }),
                 {"byte order", "'big'"});
}

// Whatever byte is changed, the reader gives a result or a WeightsError, never anything else.
TEST(TorchFile, WithAnyByteChangedIsReadOrRefused) {
    std::ifstream in(test::golden_folder() / "pickle/single_key.pth", std::ios::binary);
    const std::string whole((std::istreambuf_iterator<char>(in)), {});
    const test::TemporaryFolder folder;
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto changed = whole;
        changed[i] = static_cast<char>(~changed[i]);
        const auto path = folder.write("changed.pth", changed);
        try {
            for (const auto& [key, view] : read_checkpoint(path).tensors) {
                EXPECT_TRUE(to_tensor(view).is_contiguous());
            }
        } catch (const WeightsError& error) {
            EXPECT_NE(std::string(error.what()).find("changed.pth"), std::string::npos);
        }
    }
}

}  // namespace
}  // namespace patchead
