"""Features of images that keep their aspect: against an independent network and Pillow."""

import json
import pathlib
import sys

import numpy as np
from PIL import Image

from exporting import TINY
from shaped import FEW, FITS, PATCH, Shapes, network_input
from support import main, require_shared


class Features(Shapes):
    """Against an independent network, and Pillow."""

    @classmethod
    def setUpClass(cls):
        sys.path.insert(0, str(require_shared("reference")))
        global reference, torch
        import torch
        import vit_reference as reference
        cls.weights = reference.load_safetensors(str(TINY))
        cls.config = json.loads((pathlib.Path(__file__).parents[1] /
                                 "data/parity/patchead_tiny/96x160/config.json").read_text())

    def expected(self, pixels):
        mean, std = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
        values = ((pixels.astype(np.float32) / np.float32(255) - mean) / std).transpose(2, 0, 1)
        tokens = reference.forward(self.weights, self.config, torch.from_numpy(values)[None])[0]
        return tokens[0].numpy().reshape(pixels.shape[0] // PATCH, pixels.shape[1] // PATCH, -1)

    def compare(self, side, how, fit):
        store = f"{how}-{fit}"
        self.sweep("--image-size", side, "--resize", how, "--patch-fit", fit, *FEW, output=store, store=store)
        features = self.features(store)
        grids, worst = set(), 0
        for id, (tokens, key) in features.items():
            own = self.expected(network_input(self.images / f"{id}.png", side, how, fit))
            rows, cols = own.shape[:2]
            grids.add((rows, cols))
            worst = max(worst, np.abs(tokens[:rows, :cols] - own).max())
            beyond = np.concatenate([tokens[rows:].reshape(-1, own.shape[2]),
                                     tokens[:rows, cols:].reshape(-1, own.shape[2])])
            np.testing.assert_array_equal(beyond, np.broadcast_to(tokens[0, 0], beyond.shape))
            self.assertEqual((key["resize"], key.get("patch_fit", "crop")), (how, fit))
            self.assertEqual(key["grid"], "{}x{}".format(*tokens.shape[:2]))
        frame = next(iter(features.values()))[0].shape[:2]
        self.assertEqual(frame, tuple(np.max(list(grids), 0)), "the smallest that holds all images")
        print(f"{how}, {fit}: {len(features)} images, {len(grids)} grids, worst {worst:.1e}")
        self.assertLessEqual(worst, 1e-4)
        return grids

    def test_of_images_of_1_to_3_and_3_to_1_in_one_category(self):
        self.add("train/good/0", self.picture(290, 97))
        self.add("test/good/0", self.picture(97, 291))
        self.add("test/good/1", self.picture(300, 101))
        self.add("test/bad/0", self.picture(131, 140), np.ones((131, 140)))
        for how, fit in FITS:
            self.assertGreater(len(self.compare(96, how, fit)), 1, "several shapes")

    def take(self, sources):
        for i, source in enumerate(sources):
            name = ("train/good/{}", "test/good/{}", "test/bad/{}")[i % 3].format(i)
            pixels = np.asarray(Image.open(source).convert("RGB"))
            self.add(name, pixels, np.ones(pixels.shape[:2]) if "bad" in name else None)

    def test_of_ksdd_uncut(self):
        self.take(sorted(require_shared("datasets/ksdd").glob("kos0[1-2]/*.jpg"))[:6])
        self.compare(64, "shorter", "crop")

    def test_of_juice_bottles(self):
        self.take(sorted(require_shared("datasets/more/mvtec_loco_as_mvtec_256").glob("juice_bottle/test/*/*.png"))[:6])
        self.compare(112, "shorter", "crop")
        self.compare(112, "longer", "pad")


if __name__ == "__main__":
    main()
