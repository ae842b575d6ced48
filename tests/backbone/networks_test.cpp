#include "backbone/checkpoint/networks.hpp"

#include "checkpoint_files.hpp"
#include "fixture_folders.hpp"
#include "patchead/backbone/weights_note.hpp"

namespace patchead {
namespace {

using test::expect_words;
using test::message_of;

/// A network (DINOv2 with registers, 3 blocks) whose keys get other prefixes.
class PrefixedCheckpoint : public testing::Test {
  protected:
    PrefixedCheckpoint() {
        const auto file = test::golden_folder() / "dinov2_reg/down_56x70/weights.safetensors";
        for (const auto& [key, view] : read_checkpoint(file).tensors) {
            network_[key] = to_tensor(view);
        }
    }

    void add(const std::string& prefix) {
        for (const auto& [key, tensor] : network_) { tensors_[prefix + key] = tensor; }
    }

    /// Loads it; what a user is told.
    std::string load(bool averaged = false) {
        const auto path = folder_.write("made.safetensors", test::safetensors(tensors_));
        const LoadOptions options{"cpu",
                                  {{"heads", "3"}, {"model_ema", averaged ? "true" : "false"}}};
        EXPECT_EQ(load_backbone("dinov2_reg", path, options)->info().depth, 3);
        BackboneEntry entry;
        entry.family = "dinov2_reg";
        return weights_note(entry, path, options);
    }

    test::TemporaryFolder folder_;
    test::Tensors network_;
    test::Tensors tensors_;
};

TEST_F(PrefixedCheckpoint, IsReadWhateverTheNest) {
    for (const auto* prefix :
         {"", "_orig_mod.", "model.", "module.module.", "teacher.backbone.", "student.", "encoder.",
          "state_dict.model._orig_mod.", "net.trunk.0.", "model_ema."}) {
        SCOPED_TRACE(prefix);
        tensors_.clear();
        add(prefix);
        EXPECT_EQ(load(), "");
    }
}

TEST_F(PrefixedCheckpoint, TellsOfTensorsBesideTheNetwork) {
    add("model.");
    tensors_["criterion.center"] = at::zeros({4});
    tensors_["model_head.weight"] = at::zeros({4});
    expect_words(load(), {"2 tensors outside 'model.'", "'criterion.center'"});
}

TEST_F(PrefixedCheckpoint, TakesTheTeacherAndSaysSo) {
    add("teacher.backbone.");
    add("student.backbone.");
    tensors_["teacher.dino_head.last_layer"] = at::zeros({4});
    tensors_["student.dino_head.last_layer"] = at::zeros({4});
    const auto note = load();
    expect_words(note, {"'teacher.backbone.' is used", "'student.backbone.'"});
    EXPECT_EQ(note.find("dino_head"), note.npos) << note;
}

TEST_F(PrefixedCheckpoint, TakesAveragedWeightsOnlyIfAsked) {
    add("model.");
    add("model_ema.");
    expect_words(load(), {"'model.' is used", "'model_ema.'"});
    expect_words(load(true), {"'model_ema.' is used", "'model.'"});
}

TEST_F(PrefixedCheckpoint, OfTwoNetworksOfOneRankIsRefused) {
    add("encoder_q.");
    add("encoder_k.");
    expect_words(message_of<WeightsError>([&] { return load(); }),
                 {"made.safetensors", "'encoder_q.'", "'encoder_k.'", "several networks", "save"});
}

TEST_F(PrefixedCheckpoint, ThatMissesAKeyNamesTheNearestOne) {
    add("module.model.");
    tensors_["module.model.blocks.1.attn.projection.weight"] =
        tensors_["module.model.blocks.1.attn.proj.weight"];
    tensors_.erase("module.model.blocks.1.attn.proj.weight");
    expect_words(message_of<WeightsError>([&] { return load(); }),
                 {"'module.model.blocks.1.attn.proj.weight' is missing",
                  "nearest in the file is 'module.model.blocks."});
}

TEST_F(PrefixedCheckpoint, OfAnotherNetworkShowsKeysOfBothSides) {
    tensors_["layer1.0.conv1.weight"] = at::zeros({4, 3, 3, 3});
    tensors_["stem.patch_embedding.proj.weight"] = at::zeros({4, 3, 3, 3});
    expect_words(message_of<WeightsError>([&] { return load(); }),
                 {"'patch_embed.proj.weight' (official)", "of its 2 keys",
                  "'stem.patch_embedding.proj.weight'"});
    tensors_.clear();
    expect_words(message_of<WeightsError>([&] { return load(); }), {"it has no tensors"});
}

class OtherFile : public testing::Test {
  protected:
    std::string refusal(const std::string& bytes) {
        const auto path = folder_.write("model.pth", bytes);
        return message_of<WeightsError>([&] { return load_backbone("mae", path, {}); });
    }

    test::TemporaryFolder folder_;
};

TEST_F(OtherFile, IsCalledWhatItIs) {
    expect_words(
        refusal("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 1234\n"),
        {"model.pth", "Git LFS pointer", "git lfs pull"});
    expect_words(refusal("\n <!DOCTYPE html><html><body>Sign in</body></html>"),
                 {"web page", "download"});
    expect_words(refusal("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>"),
                 {"web page", "download"});
    expect_words(
        refusal("{\"metadata\": {}, \"weight_map\": {\"a\": \"model-00001.safetensors\"}}"),
        {"list of the shards", "one file"});
    expect_words(refusal("{\"hidden_size\": 768}"), {"JSON"});
    expect_words(refusal("Entry not found"), {"text", "'Entry not found'"});
    expect_words(refusal(std::string("\x1F\x8B\x08\0\0\0\0\0\0\x03", 10)), {"gzip", "unpack"});
    expect_words(refusal(std::string("\x80\x04\x95\x10\0\0\0\0\0\0\0", 11)), {"Python pickle"});
    expect_words(refusal("\x89HDF\r\n\x1A\n"), {"HDF5", "safetensors"});
    std::string tar(257, '\0');
    tar.append("ustar").append(300, '\0');
    expect_words(refusal(tar), {"tar archive"});
    expect_words(refusal(test::zip({{"weights.npy", "x"}})), {"weights.npy", "no NumPy array"});
    expect_words(refusal(test::zip({{"weights.txt", "x"}})), {"without data.pkl", "weights.txt"});
    expect_words(refusal(test::zip({{"own/data.pkl", "\x80\x02}."}, {"own/code/net.py", "x"}})),
                 {"TorchScript", "torchscript:FILE"});
    expect_words(refusal(""), {"empty"});
    expect_words(message_of<WeightsError>([&] { return load_backbone("mae", folder_.path(), {}); }),
                 {"it is a folder", "file in it"});
}

}  // namespace
}  // namespace patchead
