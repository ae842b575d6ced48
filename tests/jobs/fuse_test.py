"""Points that are fused over sizes or backbones: what they are made of, and that they cost reductions only."""

import json

import h5py
import numpy as np
from PIL import Image
from sklearn.metrics import roc_auc_score

from exporting import MAE, ExportTest
from support import DemoTest, main, outcome, patchead, rows, value

SIDES = (64, 96)  # The demo images of these tests have 96 px, so that masks are evaluated as they are.
GRID = ["--image-size", *SIDES, "--shots", 0, 1, "--seeds", 0, "--batch-size", 8]
FUSED = ["--fuse-sizes", "mean", "max"]
RULES = {"mean": np.mean, "max": np.max}
LABEL = {rule: f"64+96-{rule}" for rule in RULES}


def interpolation(size, side):
    """Bilinear, half-pixel centres. Shape: [side, size]."""
    at = np.clip((np.arange(side) + 0.5) * size / side - 0.5, 0, size - 1)
    return np.maximum(0, 1 - np.abs(at[:, None] - np.arange(size)))


def robust_z(values, of):
    median = np.median(of)
    return (values - median) / (1.4826 * np.median(np.abs(of - median)))


def rank(values, of):
    return np.searchsorted(np.sort(of), values, side="right") / len(of)


CALIBRATIONS = {"none": lambda values, of: values, "robust_z": robust_z, "rank": rank}


class Fused(DemoTest):
    def recorded(self, backbone, side, shots, category="fabric", output="output"):
        """Ids, image scores [n] and patch scores [n, rows, cols] of a single point."""
        setting = f"{shots}-shot" if shots else "batch-zero-shot"
        name = f"maps/mvtec-like/{category}/{backbone}_{side}px_{setting}_none.h5"
        with h5py.File(self.folder / output / name) as file:
            grid = file["point/grid_rows"][0], file["point/grid_cols"][0]
            return ([id.decode() for id in file["images/id"][...]],
                    file["images/score"][...].astype(float),
                    file["patches/score"][...].reshape(-1, *grid).astype(float))

    def truth(self, id):
        """Where a test image is anomalous. Shape: [96, 96]."""
        category, _, kind, stem = id.split("/")
        path = self.data / "mvtec-like" / category / "ground_truth" / kind / f"{stem}_mask.png"
        return np.asarray(Image.open(path).convert("L")) > 0 if path.exists() else np.zeros((96, 96), bool)

    def fuse(self, parts, rule, calibration, side):
        """Image scores [n] and maps [n, side, side] of what `recorded` gave."""
        calibrate, images, maps = CALIBRATIONS[calibration], [], []
        for _, scores, patches in parts:
            images.append(calibrate(scores, scores))
            up = interpolation(patches.shape[1], side)
            maps.append(up @ calibrate(patches, patches.ravel()) @ up.T)
        return RULES[rule](images, axis=0), RULES[rule](maps, axis=0)

    def check(self, parts, rule, calibration, output="output", **where):
        """A fused point, made again from the single ones of `parts`."""
        ids = parts[0][0]
        for other, _, _ in parts:
            self.assertEqual(other, ids)
        truth = np.array([self.truth(id) for id in ids])
        side = truth.shape[1] if where["image_size"] != "64" else 64
        truth = truth if side == 96 else np.array(
            [np.asarray(Image.fromarray(mask.astype(np.uint8) * 255).resize((64, 64), Image.BILINEAR)) > 127.5
             for mask in truth])
        images, maps = self.fuse(parts, rule, calibration, side)
        table = rows(self.folder / output)
        where = {"category": "fabric", "modules": "none", **where}
        self.assertAlmostEqual(value(table, "I-AUROC", **where),
                               roc_auc_score([not id.split("/")[2] == "good" for id in ids], images), places=9)
        self.assertAlmostEqual(value(table, "P-AUROC", **where), roc_auc_score(truth.ravel(), maps.ravel()), places=6)


class Sizes(Fused):
    def singles(self, shots, output="output"):
        return [self.recorded("patchead_tiny", side, shots, output=output) for side in SIDES]

    def test_they_are_the_mean_and_the_highest_of_the_maps_of_all_sizes(self):
        self.sweep(*GRID, *FUSED, "--maps", "all")
        for rule in RULES:
            for shots in 0, 1:
                self.check(self.singles(shots), rule, "none", image_size=LABEL[rule], shots=shots)
        with h5py.File(self.folder / "output/maps/mvtec-like/fabric/patchead_tiny_64+96px-mean_1-shot_none.h5") as file:
            self.assertEqual(file["point/sizes"][0], b"64+96-mean")
            self.assertEqual((file["point/image_size"][0], file["point/grid_rows"][0]), (96, 6), "the finest grid")
            images, maps = self.fuse(self.singles(1), "mean", "none", 6)
            np.testing.assert_allclose(file["patches/score"][...].reshape(maps.shape), maps, rtol=1e-5)
            np.testing.assert_allclose(file["images/score"][...], images, rtol=1e-6)

    def test_they_cost_reductions_only_and_leave_single_points_as_they_are(self):
        self.sweep(*GRID)
        alone = (self.folder / "output/results.csv").read_bytes()
        with h5py.File(self.folder / "output/results.h5") as file:
            self.assertNotIn("sizes", file["points"])
        planned = json.loads(patchead("plan", "--json", "--data-root", self.data, "--dataset", "mvtec-like", "--store",
                                      self.folder / "store", *GRID, *FUSED).stdout)
        self.assertEqual(planned["points"], 3 * 2 * (2 + 2))
        self.sweep(*GRID, *FUSED, output="fused")
        run = json.loads((self.folder / "fused/run.json").read_text())
        self.assertEqual((run["forwards"], run["matrix_products"]), (0, 0))
        totals = {kind: units["total"] for kind, units in run["units_by_kind"].items() if units["total"]}
        self.assertEqual(totals, {"evaluate": 3 * 2 * 2}, "a unit for each category, number of shots and rule")
        lines = (self.folder / "fused/results.csv").read_bytes().splitlines()
        self.assertEqual([line for line in lines if b"64+96" not in line], alone.splitlines())

    def test_they_are_the_same_for_any_number_of_ranks(self):
        for ranks in 1, 2:
            self.sweep(*GRID, *FUSED, ranks=ranks, output=str(ranks), store=f"store{ranks}")
        self.assertEqual(outcome(self.folder / "1"), outcome(self.folder / "2"))
        self.assertIn(b"64+96-max", outcome(self.folder / "1")["summary_mvtec-like.md"])

    def test_scores_are_calibrated_by_those_of_all_test_images(self):
        for how in "robust_z", "rank":
            self.sweep(*GRID, *FUSED, "--fuse-calibration", how, "--maps", "all", output=how)
            for rule in RULES:
                self.check(self.singles(1, how), rule, how, output=how, image_size=LABEL[rule], shots=1)

    def test_reports_and_explanations_know_them(self):
        self.sweep(*GRID, *FUSED)
        cell = "summary_mvtec-like/patchead_tiny/64+96-mean/few-shot/1/none/I-AUROC"
        told = json.loads(patchead("explain", self.folder / "output", cell, "--json").stdout)
        self.assertIn("--fuse-sizes mean", told["commands"][0])
        self.assertIn("--image-size 64 96", told["commands"][0])
        patchead("report", self.folder / "output", "--bootstrap", 100, "--against", "image_size=96", "--output",
                 self.folder / "report")
        table = json.loads((self.folder / "report/tables/differences_mvtec-like.json").read_text())
        self.assertIn("64+96-max", json.dumps(table))
        self.sweep(*GRID, "--fuse-sizes", "max", output="fewer")
        both = patchead("compare", self.folder / "output", self.folder / "fewer", "--bootstrap", 0).stdout
        self.assertIn("64+96-mean px", both, "what only one of the runs has")

    def test_one_size_is_refused_before_work_starts(self):
        done = self.sweep("--image-size", 64, *FUSED, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("--fuse-sizes: there is nothing to fuse", done.stderr)
        self.assertFalse((self.folder / "output/results.csv").exists())


class Backbones(ExportTest, Fused):
    def test_they_are_calibrated_and_fused_at_each_size(self):
        module = self.export_plain("other", MAE / "weights.pth", 3, 16, 64)
        self.sweep("--category", "fabric", "--image-size", 64, "--shots", 1, "--seeds", 0, "--maps", "all", "--backbone",
                   "patchead_tiny", f"torchscript:{module}", "--fuse-backbones", "mean", "max")
        parts = [self.recorded(name, 64, 1) for name in ("patchead_tiny", "torchscript:other")]
        for rule in RULES:
            self.check(parts, rule, "robust_z", backbone=f"patchead_tiny+torchscript:other-{rule}", image_size="64",
                       shots=1)


if __name__ == "__main__":
    main()
