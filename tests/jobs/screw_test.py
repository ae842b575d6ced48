"""Real images: the published figures of the built-in backbone on MVTec screw come out again."""

import csv
import json
import pathlib
import shutil
import tempfile

from support import SOURCE, FolderTest, main, patchead, require_shared, rows, value

# weights/README.md of the reference library: 4-shot, prompts train/good/000-003, fp32.
PUBLISHED = {
    (224, "none"): (0.5155, 0.7332, 0.9080, 0.0232, 0.7144),
    (224, "mask"): (0.5157, 0.7331, 0.9338, 0.0264, 0.7787),
    (448, "none"): (0.5390, 0.7387, 0.9478, 0.0465, 0.8234),
    (448, "mask"): (0.5329, 0.7366, 0.9563, 0.0488, 0.8511),
}
METRICS = ("I-AUROC", "I-AP", "P-AUROC", "P-AP", "AUPRO")


class Screw(FolderTest):
    """One store for all tests, so that the network sees each image once at each size."""

    @classmethod
    def setUpClass(cls):
        cls.data = require_shared("datasets", "mvtec_ad_512")
        cls.store = pathlib.Path(tempfile.mkdtemp(prefix="patchead-screw-"))
        cls.addClassCleanup(shutil.rmtree, cls.store, ignore_errors=True)

    def every_second(self):
        """A data set of every second test image of each kind."""
        root = self.folder / "data"
        real, linked = self.data / "screw", root / "screw"
        for part in "test", "ground_truth":
            for folder in sorted((real / part).iterdir()):
                (linked / part / folder.name).mkdir(parents=True)
                for image in sorted(folder.glob("*.png"))[::2]:
                    (linked / part / folder.name / image.name).symlink_to(image)
        (linked / "train").symlink_to(real / "train")
        return root

    def sweep_published(self, *arguments, data=None, output="output"):
        """With the prompts of the published figures."""
        prompts = self.folder / "prompts.tsv"
        prompts.write_text("".join(f"mvtec\tscrew\ttrain/good/00{i}.png\n" for i in range(4)))
        patchead("sweep", "--data-root", data or self.data, "--dataset", "mvtec", "--category", "screw",
                 "--shots", 4, "--seeds", 0, "--prompts", prompts, "--store", self.store, *arguments,
                 "--output", self.folder / output, ranks=2)
        return rows(self.folder / output)

    def run_published(self, dtype):
        return self.sweep_published("--image-size", 224, 448, "--modules", "none", "mask",
                                    "--cache-dtype", dtype, output=dtype)

    def test_published_figures_are_reproduced(self):
        exact, half = self.run_published("fp32"), self.run_published("fp16")
        for (side, modules), figures in PUBLISHED.items():
            for metric, figure in zip(METRICS, figures):
                where = dict(image_size=side, modules=modules)
                ours, stored_half = value(exact, metric, **where), value(half, metric, **where)
                print(f"{side} {modules:4} {metric:7} published {figure:.4f} ours {ours:.4f} "
                      f"fp16 - fp32 {stored_half - ours:+.1e}")
                self.assertAlmostEqual(ours, figure, delta=0.001)
                self.assertAlmostEqual(stored_half, ours, delta=0.001)

    def test_alignment_lifts_objects_that_lie_at_any_angle(self):
        data = self.every_second()
        tests = len(list((data / "screw/test").glob("*/*.png")))
        self.assertGreaterEqual(tests, 80)
        table = self.sweep_published("--image-size", 224, "--modules", "none", "align", "align+mask", data=data)
        for metric, gain in ("I-AUROC", 0.08), ("P-AUROC", 0.04), ("AUPRO", 0.1):
            none, align, both = (value(table, metric, modules=modules)
                                 for modules in ("none", "align", "align+mask"))
            print(f"{metric:7} none {none:.4f} align {align:.4f} align+mask {both:.4f}")
            self.assertGreater(align - none, gain)
            self.assertGreater(both - none, gain)
        with open(self.folder / "output/alignment.csv", newline="") as file:
            (summary,) = csv.DictReader(file)
        print(summary)
        self.assertEqual(int(summary["attempts"]), 4 * tests)
        self.assertGreater(int(summary["accepted"]), 0.95 * 4 * tests)
        self.assertGreater(float(summary["mean_ncc_after"]) - float(summary["mean_ncc_before"]),
                           0.5, "aligned copies overlay the query")

    def test_the_screw_config_runs_the_whole_test_split(self):
        arguments = ("sweep", "--config", SOURCE / "configs/screw.cfg", "--data-root", self.data,
                     "--store", self.store, "--output", self.folder / "output", "--seeds", 0, 1)
        done = patchead(*arguments, ranks=2)
        self.assertIn("120", done.stderr, "the note about 120 of 320 training images")
        table = rows(self.folder / "output")
        self.assertEqual(len(table), 2 * 4 * 2 * 2 * 8)
        self.assertFalse([row for row in table if row["value"] == "nan"])
        self.assertGreater(value(table, "P-AUROC", image_size=448, shots=4, seed=0, modules="mask"),
                           0.93)
        run = json.loads((self.folder / "output/run.json").read_text())
        needed = run["forwards"] + run["forwards_saved"]
        self.assertGreaterEqual(needed, 2 * (160 + 4))
        patchead(*arguments, ranks=2)
        again = json.loads((self.folder / "output/run.json").read_text())
        self.assertEqual((again["forwards"], again["matrix_products"]), (0, 0))
        self.assertEqual(again["forwards_saved"], needed)
        self.assertTrue(list(pathlib.Path(self.folder / "output/heatmaps").rglob("*.png")))


if __name__ == "__main__":
    main()
