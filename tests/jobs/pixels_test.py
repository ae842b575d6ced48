"""What is inside image and mask files, in whole runs: containers against Pillow, masks that need a threshold."""

import shutil

import numpy as np
from PIL import Image

from support import DemoTest, main, patchead, rows, value

POINT = ["--image-size", 64, "--modules", "none", "--seeds", 0, "--shots", 1]
TIFF = ".tif"


class Pixels(DemoTest):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "data"
        shutil.copytree(self.data, self.root)
        self.good = self.root / "mvtec-like/fabric/test/good"

    def scores(self, *names):
        """Image scores of these test images of fabric."""
        self.sweep(*POINT, "--category", "fabric", data=self.root)
        import h5py
        with h5py.File(self.folder / "output/results.h5") as file:
            ids = [name.decode().split("/")[-1] for name in file["images/id"][...]]
            scores = {ids[i]: s for i, s in zip(file["scores/image"][...], file["scores/score"][...])}
        return [float(scores[name]) for name in names]

    def test_colours_are_those_of_pillow_whatever_the_container(self):
        rgb = Image.open(next(self.good.glob("*.png"))).convert("RGB")
        alpha = Image.fromarray(np.tile(np.linspace(0, 255, rgb.width).astype(np.uint8), (rgb.height, 1)))
        rgba = rgb.copy()
        rgba.putalpha(alpha)
        gray = rgb.convert("L")
        kinds = {"rgba": (rgba, {}), "rgba_lzw": (rgba, {"compression": "tiff_lzw"}),
                 "la": (Image.merge("LA", (gray, alpha)), {}), "cmyk": (rgba.convert("RGB").convert("CMYK"), {}),
                 "palette": (rgb.quantize(32), {})}
        for name, (image, options) in kinds.items():
            image.save(self.good / f"{name}_stored{TIFF}", **options)
            with Image.open(self.good / f"{name}_stored{TIFF}") as stored:
                stored.convert("RGB").save(self.good / f"{name}_pillow.png")
        found = self.scores(*(f"{name}_{kind}" for name in kinds for kind in ("stored", "pillow")))
        self.assertEqual(found[::2], found[1::2])

    def test_jpeg_masks_are_noted_and_a_threshold_mends_them(self):
        masks = sorted((self.root / "mvtec-like/fabric/ground_truth").rglob("*.png"))
        grid = [*POINT, "--category", "fabric"]
        self.sweep(*grid, data=self.root, output="png")
        for mask in masks:
            Image.open(mask).convert("L").save(mask.with_suffix(".jpg"), quality=90)
            mask.unlink()
        noted = self.sweep(*grid, data=self.root, output="jpg")
        self.assertIn("are JPEG", noted.stderr)
        mended = self.sweep(*grid, "--truth-threshold", 127, data=self.root, output="mended")
        self.assertNotIn("are JPEG", mended.stderr)
        of = {name: value(rows(self.folder / name), "AUPRO", category="fabric")
              for name in ("png", "jpg", "mended")}
        self.assertAlmostEqual(of["mended"], of["png"], delta=0.3)
        self.assertNotEqual(of["jpg"], of["png"])

    def test_samples_without_a_scale_are_refused_by_their_type(self):
        gray = np.asarray(Image.open(next(self.good.glob("*.png"))).convert("L"))
        for name, kind in {"32-bit float": np.float32, "32-bit signed integer": np.int32}.items():
            Image.fromarray(gray.astype(kind)).save(self.good / f"odd{TIFF}")
            done = patchead("datasets", "check", "--dataset", "mvtec-like", "--data-root", self.root, check=False)
            self.assertEqual((done.returncode, done.stderr), (1, ""))
            self.assertIn(f"has {name} samples", done.stdout)
            self.assertIn("8 or 16 bit", done.stdout)


if __name__ == "__main__":
    main()
