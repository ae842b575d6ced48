"""A CNN of one's own with layers of several grids: what the store has of it is what PyTorch gives, and detectors of
ResNets run on it."""

import json
import sys

import h5py
import numpy as np

from exporting import NORMALISATION, SUPPORT, ExportTest, describe, torch
from support import DemoTest, main, outcome, patchead, rows, run_state

if torch is not None:
    sys.path.insert(0, str(SUPPORT))
    import plain_cnn

LAYERS = ["--layers", "layer1", "layer2", "layer3", "layer4"]
STRIDES = {"1": 4, "2": 8, "3": 16, "4": 32}
CHANNELS = {"1": 8, "2": 16, "3": 32, "4": 64}
GRID = ["--category", "fabric", "--image-size", 64, "--shots", 1, 2, "--seeds", 0, "--cache-dtype", "fp32"]
DETECTORS = ["--detector", "patchcore", "padim", "spade", "fastrecon", "subspacead"]


class Cnn(ExportTest, DemoTest):
    def cnn(self, name="cnn", *options):
        return self.export("plain_cnn:make", name, *(options or [*LAYERS, "--embedding-layer", "layer3", "--image-token",
                                                                 "avgpool"]),
                           "--image-size", 64, "--interpolation", "bilinear", *NORMALISATION)

    def stored(self, store="store"):
        """Image -> name of data set -> values, of whatever the store has of originals with layers."""
        found = {}
        for path in sorted((self.folder / store / "features").rglob("*.h5")):
            with h5py.File(path) as file:
                if "versions" in json.loads(file.attrs["key"]):
                    continue  # Turned copies, which SubspaceAD wants.
                arrays = {"embeddings": file["embeddings"][...]}
                for name, layer in file.get("layers", {}).items():
                    arrays[f"layers/{name}"] = layer["patches"][...]
                    side = 64 // STRIDES[name]
                    self.assertEqual((layer.attrs["grid_rows"], layer.attrs["grid_cols"]), (side, side))
                    self.assertNotIn("prefix", layer)
                if "image" in file:
                    arrays["token"] = file["image/token"][...]
                for row, name in enumerate(file["ids"][...]):
                    found.setdefault(name.decode(), {}).update({key: data[row] for key, data in arrays.items()})
        return found


class Exported(Cnn):
    def test_it_is_described_by_its_layers_and_has_no_weights_that_they_do_not_need(self):
        module = self.cnn()
        described = describe(module)
        self.assertEqual(described["layers"], [
            {"name": f"layer{name}", "stride": STRIDES[name], "channels": CHANNELS[name]} for name in STRIDES])
        self.assertEqual((described["patch_px"], described["prefix_tokens"], described["fixed_size"]), (16, 0, False))
        self.assertTrue(described["image_token"])
        text = patchead("backbones", "--check", "--backbone", f"torchscript:{module}").stdout
        self.assertIn("layer1: 8 channels on 4 px, layer2: 16 channels on 8 px", text)
        network = plain_cnn.make()
        without = sum(tensor.numel() for name, tensor in network.named_parameters() if not name.startswith("fc"))
        self.assertIn(f"{without} parameters, 32 channels, no attention (no masking)", text)
        two = self.cnn("two", "--layers", "layer1", "layer2")
        self.assertEqual(describe(two)["patch_px"], 8, "embeddings are those of the last layer")
        self.assertNotIn("image_token", describe(two))
        self.assertLess(two.stat().st_size, module.stat().st_size / 4)

    def test_what_cannot_be_is_told(self):
        def refusal(*options):
            done = self.export("plain_cnn:make", "x", *options, *NORMALISATION, check=False)
            self.assertNotEqual(done.returncode, 0, done.stderr)
            self.assertNotIn("Traceback", done.stderr)
            self.assertFalse(list(self.folder.glob("x.*")))
            return done.stderr
        size = ["--image-size", 64]
        self.assertRegex(refusal("--layers", "layer9", *size), "no module 'layer9'; it has conv1, bn1, .*layer4")
        self.assertIn("not a map [B, C, h, w]", refusal("--layers", "layer1", "fc", *size))
        self.assertIn("give an --image-size that its stride divides", refusal("--layers", "layer1", "--image-size", 66))
        self.assertIn("give --image-size", refusal("--layers", "layer1"))
        self.assertIn("names a module twice", refusal("--layers", "layer1", "layer1", *size))
        self.assertIn("--patch-size is measured", refusal("--layers", "layer1", "--patch-size", 4, *size))
        self.assertIn("--script goes neither", refusal("--layers", "layer1", "--script", *size))
        self.assertIn("of a network with --layers", refusal("--embedding-layer", "layer1", *size))


class Sweep(Cnn):
    def test_detectors_of_resnets_run_on_it_with_the_same_bytes_for_any_ranks(self):
        module = self.cnn()
        run = ["--backbone", f"torchscript:{module}", *DETECTORS]
        for ranks in 1, 2:
            self.sweep(*GRID, *run, store=f"store{ranks}", output=f"run{ranks}", ranks=ranks)
        self.assertEqual(outcome(self.folder / "run1"), outcome(self.folder / "run2"))
        self.assertGreater(run_state(self.folder / "run1")["forwards"], 5)
        self.sweep(*GRID, *run, store="store2", output="again")
        self.assertEqual(outcome(self.folder / "again"), outcome(self.folder / "run1"))
        self.assertEqual(run_state(self.folder / "again")["forwards"], 0)
        self.assertEqual({row["detector"] for row in rows(self.folder / "run1")}, set(DETECTORS[1:]))
        self.check_against_pytorch(self.stored("store1"))
        # Of four layers the usual shares are those that were published of ResNets.
        named = ["--detector-options", "patchcore:layers=2,3", "padim:layers=1,2,3", "spade:layers=1,2,3",
                 "fastrecon:layers=2,3"]
        self.sweep(*GRID, *run, *named, store="store2", output="named")
        self.assertEqual(run_state(self.folder / "named")["forwards"], 0)
        self.assertEqual(rows(self.folder / "named"), rows(self.folder / "run1"))

    def check_against_pytorch(self, stored):
        """The images go through PyTorch as this program resizes them; what it stored is what comes out."""
        found = [(name, values) for name, values in stored.items() if len(values) == 5]
        self.assertGreater(len(found), 5, "all tests and prompts have three layers and a token")
        network = plain_cnn.make()
        for name, values in found[:6]:
            self.assertEqual(set(values), {"embeddings", "layers/1", "layers/2", "layers/3", "token"})
            x = torch.from_numpy(self.pixels(name))
            maps = {}
            with torch.no_grad():
                x = network.maxpool(network.relu(network.bn1(network.conv1(x))))
                for layer in STRIDES:
                    x = maps[layer] = getattr(network, f"layer{layer}")(x)
            for layer in "123":
                expected = maps[layer][0].flatten(1).T.numpy()
                np.testing.assert_allclose(values[f"layers/{layer}"], expected, atol=2e-4 * np.abs(expected).max())
            np.testing.assert_array_equal(values["embeddings"], values["layers/3"])
            np.testing.assert_allclose(values["token"], maps["4"][0].mean((1, 2)).numpy(), atol=1e-4)

    def pixels(self, name):
        """The image as Pillow resizes it, normalised. Shape: [1, 3, 64, 64]."""
        from PIL import Image
        file = next((self.data / "mvtec-like").rglob(f"{name.split('/')[0]}/{'/'.join(name.split('/')[1:])}.*"))
        with Image.open(file) as image:
            small = np.asarray(image.convert("RGB").resize((64, 64), Image.BILINEAR), np.float32) / 255
        numbers = np.array(NORMALISATION[1:4] + NORMALISATION[5:8], np.float32).reshape(2, 3)
        return ((small - numbers[0]) / numbers[1]).transpose(2, 0, 1)[None].copy()

    def test_layers_are_stored_planned_and_refused_by_their_grids(self):
        module = self.cnn()
        backbone = ["--backbone", f"torchscript:{module}"]

        def planned(*arguments):
            told = patchead("plan", "--json", "--data-root", self.data, "--dataset", "mvtec-like", "--store",
                            self.folder / "store", *GRID, *backbone, *arguments).stdout
            return json.loads(told)["kinds"]["embed"]

        plain, layered = planned(), planned("--layers", "1,4")
        of_image = 4 * (16 * 16 * 8 + 2 * 2 * 64)
        self.assertEqual(layered["bytes"] - plain["bytes"], plain["forwards"] * of_image)
        self.sweep(*GRID, *backbone, "--layers", "1,last")
        for values in self.stored().values():
            self.assertEqual(values["layers/1"].shape, (256, 8))
            self.assertEqual(values["layers/4"].shape, (4, 64))
        done = self.sweep(*GRID, *backbone, "--layers", "1", "--tile", "32:0", output="tiles", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"layer 1 \('layer1'\) of backbone 'torchscript:cnn' with --tile")
        done = self.sweep(*GRID, *backbone, "--tile", "32:0", *DETECTORS, output="tiles", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("with --tile", done.stderr)
        self.sweep(*GRID, *backbone, "--layers", "3", "--tile", "32:0", output="tiles")
        done = self.sweep(*GRID, *backbone, "--layers", "5", output="five", check=False)
        self.assertRegex(done.stderr, r"layer 5 of backbone 'torchscript:cnn' \(it has 4 blocks\)")

    def test_images_that_keep_their_aspect_have_layers_in_their_frame(self):
        module = self.cnn()
        run = ["--backbone", f"torchscript:{module}", "--resize", "shorter"]
        self.sweep(*GRID, *run, *DETECTORS, output="shorter")
        self.sweep(*GRID, "--backbone", f"torchscript:{module}", *DETECTORS, output="squashed")
        # The demo's images are squares: the ways are one, also where scores lie on the grid of a layer.
        self.assertEqual([row["value"] for row in rows(self.folder / "shorter")],
                         [row["value"] for row in rows(self.folder / "squashed")])

    def test_a_network_without_a_token_says_how_spade_does_without(self):
        module = self.cnn("plain", *LAYERS)
        run = [*GRID, "--backbone", f"torchscript:{module}", "--detector", "spade"]
        done = self.sweep(*run, check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("gives no token of the whole image", done.stderr)
        self.sweep(*run, "--detector-options", "spade:pooled=mean", output="mean")
        self.assertFalse([row for row in rows(self.folder / "mean") if row["value"] == "nan"])


if __name__ == "__main__":
    main()
