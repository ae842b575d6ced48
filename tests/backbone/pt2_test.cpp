#include <iostream>
#include <string>

#include <gtest/gtest.h>

#include "backbone/torch_version.hpp"
#include "torchscript_module.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;

/// What stands for a package: none can be made here, without PyTorch's compiler
/// (tests/jobs/torchscript_package_test.py has real ones).
class Pt2 : public TorchScript {
  protected:
    Pt2() {
        path_ = folder_.path() / "own.pt2";
        name_ = "pt2:" + path_.string();
    }
};

TEST_F(Pt2, IsDescribedAsAModuleIs) {
    folder_.write("own.pt2", "a package");
    description_["input"] = "patches";
    description_["fixed_size"] = true;
    write_description();
    const auto entry = find_backbone(name_);
    EXPECT_EQ(entry.name, "pt2:own");
    EXPECT_EQ(entry.family, "pt2");
    EXPECT_EQ(entry.image_px, 16);
    EXPECT_TRUE(entry.fixed_size);
    expect_words(message_of<WeightsError>([] { return find_backbone("pt2:none.pt2"); }),
                 {"none.pt2", "no such file", "give backbone pt2:PATH"});
}

TEST_F(Pt2, ThatThisLibTorchCannotLoadIsRefusedWithAWayOut) {
    folder_.write("own.pt2", test::zip({{"data/aotinductor/model/notes", "nothing"}}));
    const auto text = message_of<WeightsError>([&] { return load(); });
    expect_words(text, {path_.string(), "cannot be loaded ("});
    if (kHasPackages) {
        expect_words(text, {"export_torchscript.py"});
    } else {
        expect_words(text, {"need LibTorch 2.6 or newer", "this program has " TORCH_VERSION,
                            "export the network as TorchScript (OUTPUT.pt)"});
        std::cout << "SKIPPED: LibTorch " TORCH_VERSION " loads no packages\n";
    }
}

TEST_F(Pt2, HasThePrecisionThatItWasCompiledWith) {
    if (!kHasPackages) { GTEST_SKIP() << "LibTorch " TORCH_VERSION " loads no packages"; }
    folder_.write("own.pt2", "a package");
    expect_words(message_of<WeightsError>([&] {
                     return load({"cpu", {}, "bf16"});
                 }),
                 {"own.pt2", "BFloat16", "precision fp32"});
}

TEST_F(Pt2, GivenAsTorchScriptIsToldItsName) {
    folder_.write("own.pt2", test::zip({{"data/aotinductor/model/notes", "nothing"}}));
    name_ = "torchscript:" + path_.string();
    expect_words(message_of<WeightsError>([&] { return load(); }), {"own.pt2", "pt2:PATH"});
}

}  // namespace
}  // namespace patchead
