#include "checkpoint_files.hpp"
#include "fixture_folders.hpp"
#include "patchead/backbone/backbone.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;

/// Files of torch.jit.save, read for their numbers alone.
class ModuleFile : public testing::Test {
  protected:
    static std::string text(std::string_view value) {
        return "X" + test::raw(static_cast<std::uint32_t>(value.size())) + std::string(value);
    }
    /// An object of the class `name` whose attributes are `state`.
    static std::string object(std::string_view module, std::string_view name,
                              const std::string& state) {
        return concat("c", module, "\n", name, "\n)\x81", state, "b");
    }
    std::filesystem::path write(const std::string& body) {
        return folder_.write("made.pt", test::zip({{"m/data.pkl", "\x80\x02" + body + "."},
                                                   {"m/code/__torch__/net.py", "evil()"}}));
    }
    std::string refusal(const std::string& body) {
        const auto path = write(body);
        return message_of<WeightsError>([&] { return load_backbone("open_clip", path, {}); });
    }

    test::TemporaryFolder folder_;
};

TEST_F(ModuleFile, OfAnotherNetworkIsRefusedWithAWayOut) {
    expect_words(refusal(object("__torch__.net", "Net", "}" + text("training") + "\x89s")),
                 {"made.pt", "TorchScript module", "torchscript:FILE"});
}

TEST_F(ModuleFile, ThatHoldsItselfEndsTheSearch) {
    // The module is its own attribute "a": memo 0 is recalled as its value.
    const std::string circle = concat("c__torch__.net\nNet\n)\x81q", std::string(1, '\0'), "}",
                                      text("a"), "h", std::string(1, '\0'), "sb");
    expect_words(refusal(circle), {"TorchScript module"});
}

TEST_F(ModuleFile, WithAnObjectThatIsNoModuleIsNotTakenForOne) {
    const auto evil = object("os", "system", "}" + text("conv1.weight") + "K\x01s");
    expect_words(refusal(evil), {"TorchScript module"});
}

TEST_F(ModuleFile, OfOpenAiGivesTheNumbersOfTheStateDictionary) {
    const auto folder = test::golden_folder() / "clip_text/openai_quickgelu";
    LoadOptions options;
    options.overrides = {{"heads", "3"}, {"activation", "quickgelu"}};
    const std::vector<float> pixels(3U * 56 * 56, 0.5F);
    const auto encode = [&](const char* file) {
        return load_backbone("open_clip", folder / file, options)->encode(pixels, 1, 56, 56);
    };
    EXPECT_EQ(encode("weights_jit.pt").tokens, encode("weights.safetensors").tokens);
}

}  // namespace
}  // namespace patchead
