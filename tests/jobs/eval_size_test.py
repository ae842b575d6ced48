"""Evaluation at the size of each image: what `--eval-size native` measures, against plain Python."""

import pathlib
import sys

import h5py
import numpy as np
import torch
from PIL import Image
from sklearn.metrics import average_precision_score, roc_auc_score

from support import DemoTest, main, rows, value

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from plain_metrics import aupro_by_sorting, f1_max, pro_at_200, regions_of

SIDE = 96
POINT = ["--image-size", 64, "--batch-size", 8, "--maps", "all"]


def cut(source, target, height):
    """A copy of a data set with `height` rows of each picture, from the middle."""
    for file in source.rglob("*.png"):
        place = target / file.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True)
        top = (SIDE - height) // 2
        Image.open(file).crop((0, top, SIDE, top + height)).save(place)


class EvalSize(DemoTest):
    def values(self, output):
        return [(row["category"], row["shots"], row["modules"], row["metric"], row["value"])
                for row in rows(self.folder / output)]

    def test_of_square_images_it_is_that_of_their_side(self):
        grid = [*POINT[:-2], "--shots", 0, 1, "--modules", "none", "align", "--seeds", 0, "--smooth-sigma", 1]
        self.sweep(*grid, "--eval-size", "native", output="native")
        self.sweep(*grid, "--eval-size", SIDE, output="side")
        self.assertEqual(self.values("native"), self.values("side"))

    def test_input_is_the_side_of_the_network_input(self):
        for size in "input", "0", "64":
            self.sweep(*POINT, "--shots", 0, "--seeds", 0, "--eval-size", size, output=size)
        self.assertEqual(self.values("input"), self.values("64"))
        self.assertEqual(self.values("input"), self.values("0"))

    def test_other_words_are_refused(self):
        done = self.sweep(*POINT, "--eval-size", "original", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("eval-size", done.stderr)

    def test_of_wide_images_the_metrics_are_those_of_plain_python(self):
        height = 56
        data = self.folder / "wide"
        cut(self.data, data, height)
        self.sweep(*POINT, "--shots", 0, "--seeds", 0, "--eval-size", "native", "--category", "bracket",
                   data=data)
        place = self.folder / "output/maps/mvtec-like/bracket"
        with h5py.File(place / "patchead_tiny_64px_batch-zero-shot_none.h5") as file:
            grid = torch.from_numpy(file["patches/score"][...].reshape(-1, 1, 4, 4))
            ids = [id.decode() for id in file["images/id"]]
        maps = torch.nn.functional.interpolate(grid, (height, SIDE), mode="bilinear")[:, 0].numpy()
        masks = np.stack([self.mask_of(data, id, height) for id in ids])
        truth, pixels, regions = masks.ravel(), maps.ravel(), regions_of(masks, 8)
        self.assertGreater(len(regions), 2)
        expected = {"P-AUROC": roc_auc_score(truth, pixels), "P-AP": average_precision_score(truth, pixels),
                    "P-F1max": f1_max(truth, pixels), "AUPRO": aupro_by_sorting(masks, maps, regions, 0.3),
                    "PRO@200": pro_at_200(masks, maps, regions, 0.3)}
        self.check(expected)

    def check(self, expected):
        table = rows(self.folder / "output")
        for metric, number in expected.items():
            # PyTorch rounds the maps another way, which orders some pixels that are nearly equal anew.
            self.assertAlmostEqual(value(table, metric), number, delta=1e-5, msg=metric)

    def test_of_the_middle_they_are_those_of_plain_python(self):
        self.sweep(*POINT, "--shots", 0, "--seeds", 0, "--eval-size", "native", "--category", "bracket", "--eval-crop",
                   0.75)
        place = self.folder / "output/maps/mvtec-like/bracket"
        with h5py.File(place / "patchead_tiny_64px_batch-zero-shot_none.h5") as file:
            grid = torch.from_numpy(file["patches/score"][...].reshape(-1, 1, 4, 4))
            ids = [id.decode() for id in file["images/id"]]
        middle = slice(12, 84)  # 72 of 96.
        maps = torch.nn.functional.interpolate(grid, (SIDE, SIDE), mode="bilinear")[:, 0, middle, middle].numpy()
        masks = np.stack([self.mask_of(self.data, id, SIDE) for id in ids])[:, middle, middle]
        regions = regions_of(masks, 8)
        self.check({"P-AUROC": roc_auc_score(masks.ravel(), maps.ravel()),
                    "AUPRO": aupro_by_sorting(masks, maps, regions, 0.3),
                    "PRO@200": pro_at_200(masks, maps, regions, 0.3)})

    @staticmethod
    def mask_of(data, id, height):
        """Of ".../test/KIND/NAME.png"; zero for good images."""
        kind, name = id.split("/")[-2:]
        if kind == "good":
            return np.zeros((height, SIDE), np.uint8)
        (file,) = data.rglob(f"bracket/ground_truth/{kind}/{name.removesuffix('.png')}*.png")
        return (np.asarray(Image.open(file)) > 0).astype(np.uint8)


if __name__ == "__main__":
    main()
