"""`patchead conventions` and `patchead ablate --choose`: from a sweep to swing, regions and choices, against plain
Python."""

import csv
import json
import pathlib
import shutil
import sys

import numpy as np
from PIL import Image

from support import DemoTest, files, main, patchead, run_state

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from plain_metrics import regions_of

SIDE = 64
POINTS = ["--dataset", "mvtec-like", "mvtec", "--image-size", SIDE, "--batch-size", 8, "--shots", 0, 1, "--seeds", 0, 1,
          "--detector", "patchead", "padim"]
VALUES = {"eval-size": {"224", "256", "native"}, "eval-crop": {"0.875"},
          "mask-resize": {"nearest", "any", "all", "musc-any", "musc-all"}, "interpolation": {"bilinear-ac", "nearest"},
          "smooth-sigma": {"4"}, "pixel-good": {"no"}, "pro-limit": {"0.1", "0.05"}, "pro-connectivity": {"4"},
          "detector-maps": {"common"}}


def lines(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def table(path):
    """Rows of a table of texts and numbers, as dicts."""
    found = json.loads(path.read_text())
    heads = [column["name"] for column in found["columns"]]
    return [dict(zip(heads, row)) for row in found["rows"]], found["footnotes"]


def add_dot_and_corner(file):
    """A region of one pixel, less than half of a pixel at SIDE, and one that lies outside of the middle."""
    mask = np.array(Image.open(file))
    padded = np.pad(mask, 3)
    free = [(y, x) for y in range(20, 76) for x in range(20, 76) if not padded[y:y + 7, x:x + 7].any()]
    assert not mask[:8, :8].any()
    mask[free[0]] = 255
    mask[:4, :4] = 255
    Image.fromarray(mask).save(file)


class Conventions(DemoTest):
    """Two data sets: two categories of the demo, and one that stands for MVTec's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.root = cls.shared_folder / "two"
        for category in "bracket", "fabric":
            shutil.copytree(cls.data / "mvtec-like" / category, cls.root / "mvtec-like" / category)
        shutil.copytree(cls.data / "mvtec-like/gelcap", cls.root / "mvtec/pill")
        add_dot_and_corner(next((cls.root / "mvtec/pill/ground_truth").rglob("*.png")))
        cls.run_folder, cls.store = cls.shared_folder / "run", cls.shared_folder / "store"
        patchead("sweep", "--data-root", cls.root, "--store", cls.store, "--output", cls.run_folder, *POINTS)
        cls.cold = cls.shared_folder / "cold"
        shutil.copytree(cls.store, cls.cold)
        cls.told = patchead("conventions", cls.run_folder, "--data-root", cls.root, "--store", cls.store)
        cls.tables = cls.run_folder / "conventions/tables"

    def of_base(self, output, *options):
        """The summaries of a sweep with other options, as CSV lines."""
        patchead("sweep", "--data-root", self.root, "--store", self.store, "--output", self.folder / output, *POINTS,
                 *options)
        return {name: (self.folder / output / f"tables/summary_{name}.csv").read_text().splitlines()[1:]
                for name in ("mvtec-like", "mvtec")}

    def test_nothing_is_embedded_or_matched(self):
        state = run_state(self.run_folder / "conventions")
        self.assertEqual((state["forwards"], state["matrix_products"]), (0, 0))
        self.assertIn("18 readings; 0 forwards, 0 matrix products", self.told.stderr)
        varied, _ = table(self.tables / "conventions.json")
        found = {}
        for row in varied:
            if not row["base"]:
                found.setdefault(row["option"].removeprefix("--"), set()).add(row["value"])
        self.assertEqual(found, VALUES)

    def test_bytes_do_not_depend_on_ranks_and_a_run_is_its_options(self):
        output = self.folder / "two"
        patchead("conventions", "--data-root", self.root, "--store", self.cold, "--output", output, *POINTS, ranks=2)
        self.assertEqual(files(output / "tables"), files(self.tables))

    def test_a_value_is_what_a_sweep_with_the_option_gives(self):
        for option, convention, value in (("mask-resize", "mask rule", "any"), ("eval-crop", "centre crop", "0.875"),
                                          ("detector-maps", "maps of detectors", "common")):
            direct = self.of_base(option, f"--{option}", value)
            for name, expected in direct.items():
                start = f"{convention},{value},"
                text = (self.tables / f"ablation_{name}.csv").read_text().splitlines()
                self.assertEqual([line[len(start):] for line in text if line.startswith(start)], expected)

    def test_the_swing_is_that_of_the_means_over_methods(self):
        for name in "mvtec-like", "mvtec":
            readings = {}
            for row in lines(self.tables / f"ablation_{name}.csv"):
                for metric in "P-AUROC", "AUPRO":
                    place = readings.setdefault((row["convention"], metric), {})
                    place.setdefault(row["value"], []).append(float(row[metric]))
            rows, notes = table(self.tables / f"swing_{name}.json")
            found = {(row["convention"], row["metric"]): row for row in rows}
            for (convention, metric), values in readings.items():
                if convention == "base":
                    continue
                base = readings["base", metric][""]
                means = [np.mean(base), *(np.mean(value) for value in values.values())]
                ranges = np.ptp([base, *values.values()], axis=0)
                if ranges.max() == 0:
                    self.assertNotIn((convention, metric), found)
                    continue
                row = found[convention, metric]
                self.assertAlmostEqual(row["lowest"], min(means), delta=1e-12)
                self.assertAlmostEqual(row["highest"], max(means), delta=1e-12)
                self.assertAlmostEqual(row["swing"], max(means) - min(means), delta=1e-12)
                self.assertAlmostEqual(row["largest"], ranges.max(), delta=1e-12)
                self.assertEqual(row["pairs"], 1, "patchead and padim, one shot")
            self.assertIn("No convention moves I-AP, I-AUROC, I-F1max.", notes)
            self.assertIn(("PRO computed as", "AUPRO"), found)
        self.assertTrue((self.tables / "swing_all.json").exists())

    def test_regions_are_lost_by_size_and_crop(self):
        rows, _ = table(self.tables / "regions_mvtec.json")
        base = next(row for row in rows if row["convention"] == "base")
        masks = [np.asarray(Image.open(file)) > 0 for file in sorted((self.root / "mvtec/pill/ground_truth").rglob("*.png"))]
        self.assertEqual(base["regions in files"], len(regions_of(np.stack(masks).astype(np.uint8), 8)))
        self.assertEqual(base["defective images"], len(masks))
        lost = {(row["convention"], row["value"]): row["lost"] for row in rows}
        self.assertEqual(lost["base", ""], 1, "the dot")
        self.assertEqual(lost["evaluation size", "native"], 0)
        self.assertEqual(lost["mask rule", "any"], 0)
        self.assertEqual(lost["centre crop", "0.875"], 2, "the corner, too")

    def test_the_report_has_a_page_of_it(self):
        run = self.folder / "run"
        shutil.copytree(self.run_folder, run)
        patchead("report", run, "--html")
        page = (run / "report/evaluation.html").read_text()
        for text in "What a convention is worth", "PRO computed as", "mask-resize", "defective images":
            self.assertIn(text, page)
        self.assertIn("evaluation.html", (run / "report/index.html").read_text())

    def test_what_cannot_be_read_is_told(self):
        def refusal(*arguments):
            done = patchead("conventions", *arguments, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            return done.stderr
        self.assertIn("nowhere", refusal("nowhere", "--store", self.store))
        self.assertIn("store", refusal(self.run_folder, "--data-root", self.root))
        where = ["--data-root", self.root, "--store", self.store, "--output", self.folder / "out"]
        self.assertIn("did you mean 'mask-resize'", refusal(self.run_folder, *where, "--only", "mask-resise"))
        self.assertIn("run patchead sweep", refusal(self.run_folder, *where, "--image-size", 96))
        grid = self.folder / "points.grid"
        grid.write_text("dataset = mvtec\nimage-size = 64\nshots = 1\nseeds = 0\n")
        patchead("sweep", *where, "--grid", grid)
        self.assertIn("is of a sweep with --grid", refusal(self.folder / "out", *where))

    def ablate(self, output, *options, check=True):
        return patchead("ablate", "--data-root", self.root, "--store", self.store, "--output", self.folder / output,
                        *POINTS, "--over", "rho=0.2,0,0.5", *options, check=check)

    def test_a_choice_is_made_on_the_other_data_set(self):
        self.ablate("chosen", "--choose", "leave-one-dataset-out", "--by", "AUPRO")  # Which rho does not move.
        rows, notes = table(self.folder / "chosen/tables/selection_dataset.json")
        self.assertEqual((rows, notes[-1]), ([], "Which choice is made changes nothing for patchead, batch zero-shot; "
                                             "patchead, 1-shot; padim, 1-shot."))
        self.ablate("chosen", "--choose", "leave-one-dataset-out")
        values = {}
        for name in "mvtec-like", "mvtec":
            for row in lines(self.folder / f"chosen/tables/ablation_{name}.csv"):
                if row["detector"] == "patchead":
                    values.setdefault(row["shots"], {}).setdefault(name, []).append(
                        (f"rho={row['rho']}", float(row["I-AUROC"])))
        rows, _ = table(self.folder / "chosen/tables/selection_dataset.json")
        for shots, method in ("0", "patchead, batch zero-shot"), ("1", "patchead, 1-shot"):
            optimism = []
            for here, other in ("mvtec-like", "mvtec"), ("mvtec", "mvtec-like"):
                (row,) = [row for row in rows if (row["method"], row["held out"]) == (method, here)]
                chosen = max(values[shots][other], key=lambda item: item[1])[0]  # The first of several.
                best = max(values[shots][here], key=lambda item: item[1])
                self.assertEqual((row["chosen elsewhere"], row["best here"]), (chosen, best[0]))
                self.assertAlmostEqual(row["it gives here"], dict(values[shots][here])[chosen], delta=1e-12)
                self.assertAlmostEqual(row["optimism"], best[1] - dict(values[shots][here])[chosen], delta=1e-12)
                optimism.append(row["optimism"])
            (mean,) = [row for row in rows if (row["method"], row["held out"]) == (method, "Mean")]
            self.assertAlmostEqual(mean["optimism"], np.mean(optimism), delta=1e-12)
            if shots == "1":
                (row,) = [row for row in rows if (row["method"], row["held out"]) == (method, "mvtec")]
                self.assertEqual(row["defaults"], dict(values["1"]["mvtec"])["rho=0"], "few-shot: rho is 0 by default")

    def test_or_on_the_other_categories(self):
        self.ablate("chosen", "--choose", "leave-one-category-out")
        rows, _ = table(self.folder / "chosen/tables/selection_category.json")
        self.assertEqual({row["held out"] for row in rows},
                         {"mvtec/pill", "mvtec-like/bracket", "mvtec-like/fabric", "Mean"})

    def test_one_data_set_leaves_nothing_to_choose_on(self):
        done = patchead("ablate", "--data-root", self.root, "--store", self.store, "--output", self.folder / "out",
                        "--dataset", "mvtec", "--over", "rho=0,0.1", "--choose", "leave-one-dataset-out", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is one data set only, 'mvtec'", done.stderr)
        done = self.ablate("out", "--choose", "leave-one-category-out", "--by", "AUROC", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("'AUROC' is no metric of these results; one of: I-AUROC", done.stderr)


if __name__ == "__main__":
    main()
