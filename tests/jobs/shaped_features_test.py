"""Features of images that keep their aspect, and of prompts turned: against an independent network and Pillow."""

import json
import pathlib
import sys

import h5py
import numpy as np
from PIL import Image

from exporting import TINY
from shaped import FEW, FITS, PATCH, Shapes, network_input
from support import main, require_shared


class Independent(Shapes):
    """With an independent network, and Pillow."""

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


class Features(Independent):
    """Of images that keep their aspect."""

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


class Turned(Independent):
    """Prompts turned as AnomalyDINO does it, against NumPy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        sys.path.insert(0, str(require_shared("peers")))
        from reference import anomalydino_rotate
        cls.rotate = staticmethod(anomalydino_rotate)

    def versions(self, path, words):
        pixels = np.asarray(Image.open(path).convert("RGB"))
        angles = {"rot45": range(45, 360, 45), "rot90": range(90, 360, 90)}
        found = []
        for word in words.split("+"):
            if word == "flips":
                found += [pixels[:, ::-1], pixels[::-1]]
            else:
                found += list(self.rotate({"image.0": pixels}, {"angles": angles[word]}, None)["rotated.0"])
        return found

    def test_prompts_are_references_of_every_query(self):
        prompt = self.add("train/good/0", self.picture(131, 96))
        self.add("test/good/0", self.picture(120, 97))
        self.add("test/bad/0", self.picture(150, 97), np.ones((150, 97)))
        for words, resize in (("rot45", "shorter"), ("rot90+flips", "squash")):
            self.sweep("--image-size", 96, "--resize", resize, "--reference-copies", words, *FEW, "--maps", "all", store=words,
                       output=words)
            copies, originals = self.copies_and_originals(words)
            pictures = self.versions(prompt, words)
            self.assertEqual(len(copies), len(pictures))
            references = [self.own(originals["parts/train/good/0"], prompt, resize)]
            for tokens, picture in zip(copies, pictures):
                path = self.folder / "turned.png"
                Image.fromarray(picture).save(path)
                expected = self.expected(self.input(path, resize))
                rows, cols = expected.shape[:2]
                self.assertLessEqual(np.abs(tokens[:rows, :cols] - expected).max(), 1e-4)
                references.append(self.own(tokens, path, resize))
            _, scores = self.maps(words)
            for id, score in scores.items():
                query = self.own(originals[id], self.images / f"{id}.png", resize)
                nearest = (query @ np.concatenate(references).T).max(1)
                self.assertAlmostEqual(score, (1 - nearest).max(), delta=1e-5, msg=id)

    def input(self, path, resize):
        if resize == "squash":
            return np.asarray(Image.open(path).convert("RGB").resize((96, 96), Image.BICUBIC))
        return network_input(path, 96, resize, "crop")

    def own(self, tokens, path, resize):
        """Its own patches, of length 1."""
        rows, cols = np.array(self.input(path, resize).shape[:2]) // PATCH
        patches = tokens[:rows, :cols].reshape(rows * cols, -1)
        return patches / np.linalg.norm(patches, axis=1, keepdims=True)

    def copies_and_originals(self, store):
        copies, originals = [], {}
        for path in (self.folder / store / "features").rglob("*.h5"):
            with h5py.File(path) as file:
                grid = int(np.ravel(file.attrs["grid_rows"])[0]), int(np.ravel(file.attrs["grid_cols"])[0])
                tokens = [block.reshape(*grid, -1) for block in file["embeddings"]]
                if "versions" in json.loads(file.attrs["key"]):
                    copies += tokens
                else:
                    originals.update(zip((id.decode() for id in file["ids"]), tokens))
        return copies, originals


if __name__ == "__main__":
    main()
