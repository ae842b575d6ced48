"""Images that keep their aspect, and tiles: scores, and maps in the image's own frame."""

import json

import numpy as np
from PIL import Image

from exporting import NORMALISATION, ExportTest
from shaped import FEW, FITS, PATCH, Shapes, network_input
from support import files, main, patchead, rows, value


class Scores(Shapes):
    """With images of several shapes in a category."""

    def test_are_those_of_each_images_own_patches(self):
        self.add("train/good/0", self.picture(290, 97))
        for i, size in enumerate(((97, 291), (300, 101), (131, 140))):
            self.add(f"test/good/{i}", self.picture(*size))
        self.add("test/bad/0", self.picture(150, 97), np.ones((150, 97)))
        self.sweep("--image-size", 96, "--resize", "shorter", *FEW, "--rho-few", 0.1, "--maps", "all", "--modules",
                   "none", "mask", "--mask-threshold", 0.2)
        features, attention = self.features(), self.features(what="attention")
        own, foreground = {}, {}
        for id, (tokens, _) in features.items():
            rows, cols = np.array(network_input(self.images / f"{id}.png", 96, "shorter", "crop").shape[:2]) // PATCH
            patches = tokens[:rows, :cols].reshape(rows * cols, -1)
            own[id] = patches / np.linalg.norm(patches, axis=1, keepdims=True)
            weights = attention[id][0][:rows, :cols].reshape(-1).astype(float)
            foreground[id] = (weights - weights.min()) / (weights.max() - weights.min()) > 0.2
        for modules in "none", "mask":
            _, scores = self.maps(modules=modules)
            self.assertEqual(len(scores), 4)
            for id, score in scores.items():
                distances = 1 - (own[id] @ own["parts/train/good/0"].T).max(1)
                if modules == "mask":
                    self.assertTrue(0 < foreground[id].mean() < 1)
                    distances[~foreground[id]] *= 0.5
                highest = np.sort(distances)[::-1][:max(1, len(distances) // 10)]
                self.assertAlmostEqual(score, highest.mean(), delta=1e-5, msg=f"{modules} {id}")


class Defects(Shapes, ExportTest):
    """Found where they were put: in each corner of images of 1:3 and 3:1."""

    SIZE = 26

    def setUp(self):
        super().setUp()
        self.masks = {}
        for height, width in ((250, 83), (83, 250)):
            ground = self.picture(height, width)
            name = f"{height}x{width}"
            self.add(f"train/good/{name}", ground)
            self.add(f"test/good/{name}", ground)
            for top in (0, height - self.SIZE):
                for left in (0, width - self.SIZE):
                    pixels, mask = ground.copy(), np.zeros((height, width))
                    part = np.s_[top:top + self.SIZE, left:left + self.SIZE]
                    pixels[part], mask[part] = (255, 0, 255), 1
                    bad = f"test/bad/{name}-{top}-{left}"
                    self.masks[f"parts/{bad}"] = mask
                    self.add(bad, pixels, mask)

    def require_found(self, output, least):
        maps, _ = self.maps(output)
        for id, mask in self.masks.items():
            map = maps[id]
            row, col = np.unravel_index(map.argmax(), map.shape)
            y, x = (int((i + 0.5) * length / of) for i, length, of in zip((row, col), mask.shape, map.shape))
            self.assertEqual(mask[y, x], 1, f"{output} {id}: highest at {y}, {x}")
        table = rows(self.folder / output)
        self.assertGreater(value(table, "P-AUROC"), least, output)
        self.assertEqual(value(table, "I-AUROC"), 1)

    def test_with_every_fit_and_in_tiles(self):
        module = self.export("patch_projection:load", "toy", "--arg", f"patch={PATCH}", "--patch-size", PATCH,
                             "--image-size", 96, *NORMALISATION)
        base = ["--backbone", f"torchscript:{module}", "--shots", 2, "--seeds", 0, "--maps", "all"]
        runs = {"squash": ["--image-size", 144],
                **{f"{how}-{fit}": ["--image-size", 80 if how == "shorter" else 240, "--resize", how, "--patch-fit", fit]
                   for how, fit in FITS}}
        for name, options in runs.items():
            for tile in None, "64:32":
                for size in "input", "native":
                    output = f"{name}-{tile}-{size}".replace(":", "-")
                    self.sweep(*base, *options, *(["--tile", tile] if tile else []), "--eval-size", size, output=output)
                    self.require_found(output, 0.95)

    def test_with_a_transformer(self):
        for how, fit in FITS:
            side = 96 if how == "shorter" else 240
            self.sweep("--image-size", side, "--resize", how, "--patch-fit", fit, "--shots", 2, "--seeds", 0, "--maps",
                       "all", "--heatmaps", 2, "--eval-size", "native", output=f"{how}-{fit}")
            self.require_found(f"{how}-{fit}", 0.9)
            self.assertEqual(len(list((self.folder / f"{how}-{fit}/heatmaps").rglob("*.png"))), 2)

    def test_and_masks_on_the_object_go_with_them(self):
        self.sweep("--image-size", 80, "--resize", "shorter", "--tile", "64:32", "--shots", 2, "--seeds", 0, "--modules",
                   "none", "mask", "--mask-source", "object", "--maps", "all")
        self.assertEqual({row["modules"] for row in rows(self.folder / "output")}, {"none", "mask"})


class Tiles(Shapes, ExportTest):
    def setUp(self):
        super().setUp()
        self.add("train/good/0", self.picture(290, 97))
        self.add("test/good/0", self.picture(97, 291))
        self.add("test/bad/0", self.picture(150, 150), np.ones((150, 150)))

    def embeddings(self, *options, store, **more):
        self.sweep(*FEW, *options, store=store, output=store, **more)
        return {id: tokens for id, (tokens, _) in self.features(store).items()}

    def test_give_what_the_whole_gives_where_a_network_knows_no_positions(self):
        module = self.export("patch_projection:load", "toy", "--arg", f"patch={PATCH}", "--patch-size", PATCH,
                             "--image-size", 96, *NORMALISATION)
        for resize in "squash", "shorter", "longer":
            options = ["--backbone", f"torchscript:{module}", "--image-size", 160, "--resize", resize]
            whole = self.embeddings(*options, store=resize)
            for tile in "64:0", "64:32", "48:16", "320:16":
                store = f"{resize}-{tile}".replace(":", "-")
                tiled = self.embeddings(*options, "--tile", tile, store=store)
                self.assertEqual(tiled.keys(), whole.keys())
                for id, tokens in whole.items():
                    np.testing.assert_allclose(tiled[id], tokens, atol=1e-6, err_msg=f"{store} {id}")

    def test_are_the_same_for_any_number_of_ranks_threads_and_images_at_a_time(self):
        options = [*FEW, "--image-size", 96, "--resize", "shorter", "--tile", "48:16", "--maps", "all"]
        outcomes = []
        for i, (more, ranks) in enumerate((([], 0), (["--threads", 2], 0), (["--forward-batch", 3], 0), ([], 2))):
            self.sweep(*options, *more, ranks=ranks, store=f"store{i}", output=f"output{i}")
            kept = files(self.folder / f"output{i}")
            outcomes.append({name: data for name, data in kept.items()
                             if name == "results.csv" or name.startswith("maps/")})
            self.assertGreater(len(outcomes[0]), 1)
            self.assertEqual(outcomes[i], outcomes[0], (more, ranks))

    def test_are_counted_by_plan_and_by_the_run(self):
        options = ["--shots", 0, 1, "--seeds", 0, "--image-size", 96, "--resize", "shorter", "--tile", "48:16"]
        done = patchead("plan", "--json", *options, "--data-root", self.folder / "data", "--dataset", "mvtec-like",
                        "--store", self.folder / "store")
        planned = json.loads(done.stdout)["kinds"]["embed"]["forwards"]
        self.sweep(*options)
        run = json.loads((self.folder / "output/run.json").read_text())
        # Of 17 x 6, 6 x 18 and 6 x 6 patches: tiles of 3 patches that overlap by at least 1.
        forwards = 8 * 3 + 3 * 9 + 3 * 3
        self.assertEqual((planned, run["forwards"]), (forwards, forwards))


class Refusals(Shapes):
    def setUp(self):
        super().setUp()
        self.add("train/good/0", self.picture(200, 60))
        self.add("test/good/0", self.picture(60, 200))
        self.add("test/bad/0", self.picture(60, 60), np.ones((60, 60)))

    def test_are_one_message(self):
        for wrong, words in (
                (["--resize", "shorter", "--modules", "align"], ["60 x 200 px", "--resize squash"]),
                (["--tile", "48:16", "--modules", "mask"], ["--tile", "--mask-source object"]),
                (["--tile", "40:16"], ["--tile 32:16"]),
                (["--tile", "48:48"], ["--tile", "below the size"]),
                (["--tile", "48"], ["SIZE:OVERLAP", "640:256"]),
                (["--resize", "longer", "--image-size", 48], ["no whole patch", "--patch-fit pad"])):
            size = [] if "--image-size" in wrong else ["--image-size", 96]
            done = self.sweep(*FEW, *size, *wrong, check=False)
            self.assertEqual(done.returncode, 1, (wrong, done.stderr))
            for word in words:
                self.assertIn(word, done.stderr)

    def test_of_alignment_are_not_of_squares(self):
        for path in self.images.rglob("*/0*.png"):
            Image.open(path).resize((64, 64)).save(path)
        self.sweep(*FEW, "--image-size", 96, "--resize", "shorter", "--modules", "align", output="shorter")
        self.sweep(*FEW, "--image-size", 96, "--modules", "align", output="squash")
        self.assertEqual(*((self.folder / name / "results.csv").read_text() for name in ("shorter", "squash")))


if __name__ == "__main__":
    main()
