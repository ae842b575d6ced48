"""What the tests of images of several shapes share: data sets of them, and what a network sees."""

import json

import h5py
import numpy as np
from PIL import Image

from support import FolderTest, patchead

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
