"""Images that keep their aspect, and tiles: features against an independent network, maps in the image's own frame."""

import json
import pathlib
import sys

import h5py
import numpy as np
from PIL import Image

from exporting import NORMALISATION, TINY, ExportTest
from support import FolderTest, files, main, patchead, require_shared, rows, value

PATCH = 16
FEW = ["--shots", 1, "--seeds", 0, "--cache-dtype", "fp32"]
FITS = [("shorter", "crop"), ("shorter", "pad"), ("longer", "crop"), ("longer", "pad")]


def resized(size, side, how):
    """(width, height) as torchvision's Resize makes it: the other side is rounded down."""
    named = {"shorter": min, "longer": max}[how](size)
    return tuple(side if length == named else int(side * length / named) for length in size)


def network_input(path, side, how, fit, filter=Image.BICUBIC):
    """What a network sees, as bytes [height, width, 3]."""
    image = Image.open(path).convert("RGB")
    pixels = np.asarray(image.resize(resized(image.size, side, how), filter))
    if fit == "pad":
        return np.pad(pixels, [(0, -pixels.shape[0] % PATCH), (0, -pixels.shape[1] % PATCH), (0, 0)], "edge")
    return pixels[:pixels.shape[0] // PATCH * PATCH, :pixels.shape[1] // PATCH * PATCH]


class Shapes(FolderTest):
    def setUp(self):
        super().setUp()
        self.images = self.folder / "data/mvtec-like"
        self.random = np.random.default_rng(7)

    def picture(self, height, width):
        """Smooth and irregular, so that resizing loses little."""
        small = self.random.integers(60, 200, (max(2, height // 12), max(2, width // 12), 3), np.uint8)
        return np.asarray(Image.fromarray(small).resize((width, height), Image.BICUBIC))

    def add(self, name, pixels, mask=None, category="parts"):
        path = self.images / category / f"{name}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.asarray(pixels, np.uint8)).save(path)
        if mask is not None:
            self.add(name.replace("test/", "ground_truth/") + "_mask", mask * 255)
        return path

    def sweep(self, *arguments, output="output", store="store", **options):
        return patchead("sweep", "--data-root", self.folder / "data", "--dataset", "mvtec-like", "--store",
                        self.folder / store, "--output", self.folder / output, *arguments, **options)

    def features(self, store="store", what="embeddings"):
        """Image -> (embeddings [rows, columns, channels], key of the artifact)."""
        found = {}
        for path in (self.folder / store / "features").rglob("*.h5"):
            with h5py.File(path) as file:
                key, grid = json.loads(file.attrs["key"]), (file.attrs["grid_rows"], file.attrs["grid_cols"])
                for name, tokens in zip(file["ids"], file[what]):
                    found[name.decode()] = (tokens.reshape(*map(int, np.ravel(grid)), -1), key)
        return found

    def maps(self, output="output", modules="none"):
        """Image -> map, and image -> score, of a run of one number of shots."""
        (path,) = (self.folder / output / "maps/mvtec-like/parts").glob(f"*shot_{modules}.h5")
        with h5py.File(path) as file:
            shape = (-1, file["point/grid_rows"][0], file["point/grid_cols"][0])
            return ({id.decode(): map for id, map in zip(file["images/id"], file["patches/score"][...].reshape(shape))},
                    {id.decode(): score for id, score in zip(file["images/id"], file["images/score"])})


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
