"""What queries of detectors cost, and the table of rivals: from a sweep to the report."""

import csv
import json
import math

import h5py

from support import DemoTest, files, main, outcome, patchead, run_state

GRID = ["--image-size", 64, "--shots", 0, 1, "--seeds", 0, 1, "--category", "fabric", "--detector", "patchead", "padim",
        "anomalydino", "musc:published"]
FEW_SHOT = {"patchead", "padim", "anomalydino"}


def lines(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


class Rivals(DemoTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_folder, cls.store = cls.shared_folder / "run", cls.shared_folder / "store"
        patchead(*cls.sweep_arguments(cls.run_folder))
        cls.told = patchead("report", cls.run_folder, "--bootstrap", 200, "--rivals", "--html", "--figures").stdout

    @classmethod
    def sweep_arguments(cls, output, store=None):
        return ["sweep", "--data-root", cls.data, "--dataset", "mvtec-like", "--store", store or cls.store,
                "--output", output, *GRID]

    def table(self, name):
        return json.loads((self.run_folder / f"{name}.json").read_text())

    def test_costs_are_the_same_for_any_ranks_and_from_the_store(self):
        for ranks in 1, 2:
            output = self.folder / f"run{ranks}"
            patchead(*self.sweep_arguments(output, self.folder / f"store{ranks}"), ranks=ranks)
        one, two = self.folder / "run1", self.folder / "run2"
        self.assertEqual(outcome(one), outcome(two))
        self.assertIn("costs_mvtec-like.md", outcome(one))
        self.assertEqual((one / "costs.csv").read_bytes(), (two / "costs.csv").read_bytes())
        self.assertEqual((one / "costs.csv").read_bytes(), (self.run_folder / "costs.csv").read_bytes())
        patchead(*self.sweep_arguments(self.folder / "again", self.folder / "store1"))
        self.assertEqual(run_state(self.folder / "again")["forwards"], 0)
        self.assertEqual((self.folder / "again/costs.csv").read_bytes(), (one / "costs.csv").read_bytes())
        self.assertFalse((self.folder / "again/timings.json").exists(), "nothing was computed")

    def test_costs_follow_from_shapes(self):
        with h5py.File(next((self.store / "features").rglob("*.h5"))) as file:
            patches, dim = file["embeddings"].shape[1:]
        found = lines(self.run_folder / "costs.csv")
        self.assertEqual({(row["detector"], row["shots"]) for row in found},
                         {(name, "1") for name in FEW_SHOT} |
                         {(name, "0") for name in ("patchead", "anomalydino", "musc:published")})
        one = {row["detector"]: row for row in found if row["shots"] == "1" and row["seed"] == "0"}
        product = 2 * patches ** 2 * dim
        self.assertEqual(float(one["patchead"]["scoring_flop"]), product)
        self.assertEqual(float(one["patchead"]["memory_bytes"]), patches * dim * 2)
        # A reference and its seven turns, in float32.
        self.assertEqual(float(one["anomalydino"]["scoring_flop"]), 8 * product)
        self.assertEqual(float(one["anomalydino"]["memory_bytes"]), 8 * patches * dim * 4)
        self.assertEqual(len({row["network_flop"] for row in found}), 1, "one network, one size")
        self.assertTrue(all(float(row[name]) > 0 for row in found
                            for name in ("network_flop", "scoring_flop", "memory_bytes")))
        stored = 0
        for path in (self.store / "model").rglob("*.h5"):
            with h5py.File(path) as file:
                sizes = {name: file["arrays"][name].size for name in file["arrays"]}
            if "whitening" in sizes:
                stored += 1
                self.assertEqual(4 * sum(sizes.values()), float(one["padim"]["memory_bytes"]))
        self.assertEqual(stored, 2, "a model of each seed")

    def test_sweeps_of_patchead_alone_leave_what_they_left(self):
        arguments = self.sweep_arguments(self.folder / "alone")
        patchead(*arguments[:arguments.index("--detector")])
        self.assertFalse((self.folder / "alone/costs.csv").exists())
        self.assertFalse((self.folder / "alone/timings.json").exists())
        self.assertFalse([name for name in outcome(self.folder / "alone") if "costs" in name])
        with h5py.File(self.folder / "alone/results.h5") as file:
            self.assertNotIn("network_flop", file["points"])
        done = patchead("report", self.folder / "alone", "--rivals", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("the results have no rival of PatchEAD", done.stderr)

    def test_the_table_has_detectors_by_shots_with_intervals_and_marks(self):
        table = self.table("rivals/rivals_I-AUROC")
        self.assertEqual(table["columns"], ["mvtec-like"])
        self.assertEqual([(row["shots"], row["method"]) for row in table["rows"]],
                         [(0, "PatchEAD"), (0, "AnomalyDINO"), (0, "MuSc (tuned)"),
                          (1, "PatchEAD"), (1, "AnomalyDINO"), (1, "PaDiM")])
        for row in table["rows"]:
            value = row["values"]["mvtec-like"]
            self.assertLessEqual(value["interval"][0], value["interval"][1])
            self.assertEqual(value["seeds"], 2)
            self.assertGreater(row["network_flop"], 0)
            self.assertGreater(row["network_ms"], 0)
            self.assertGreater(row["scoring_ms"], 0)
            self.assertFalse(row["tuned"] and value["best"])
        self.assertIn("Training-free detectors: I-AUROC", self.told)
        self.assertIn("musc:published: tuned on the test data", self.told)
        self.assertIn("padim: published with WideResNet-50 or ResNet-18 at 224 px, here with patchead_tiny", self.told)
        self.assertIn("ms of a query, measured on ", self.told)
        self.assertIn("95 % interval over the test images (200 resamples", self.told)
        for kind in "md", "tex", "csv":
            self.assertTrue((self.run_folder / f"rivals/rivals_AUPRO.{kind}").exists())

    def test_a_footnote_names_the_published_network_in_every_table(self):
        for name, data in files(self.run_folder).items():
            if name.endswith(".md"):
                self.assertIn(b"published with WideResNet-50", data, name)

    def test_the_front_is_drawn_and_shown(self):
        table = self.table("tables/costs_mvtec-like")
        for shots in "0", "1":
            rows = [row for row in table["rows"] if row["shots"] == shots and row["detector"] != "musc:published"]
            cost = [(row["network_flop"] + row["scoring_flop"], -row["mean"]) for row in rows]
            front = [not any(other != own and other[0] <= own[0] and other[1] <= own[1] for other in cost) for own in cost]
            self.assertEqual([row["front"] for row in rows], front)
        self.assertEqual((self.run_folder / "figures/figure_pareto_mvtec-like.png").read_bytes()[:4], b"\x89PNG")
        page = (self.run_folder / "report/rivals.html").read_text()
        self.assertIn("figures/figure_pareto_mvtec-like.webp", page)
        self.assertIn('<td class="tuned">MuSc (tuned)</td>', page)
        self.assertIn("scoring ms", page)
        self.assertIn('href="rivals.html"', (self.run_folder / "report/index.html").read_text())

    def test_times_are_beside_results_and_not_in_them(self):
        times = json.loads((self.run_folder / "timings.json").read_text())["queries"]
        self.assertEqual({(time["detector"], time["shots"]) for time in times},
                         {(row["detector"], int(row["shots"])) for row in lines(self.run_folder / "costs.csv")})
        for time in times:
            self.assertTrue(math.isfinite(time["network_ms"]) and time["scoring_ms"] > 0)
            self.assertIn("1 thread", time["machine"])
        for path in [*self.run_folder.glob("tables/*"), self.run_folder / "results.csv"]:
            self.assertNotIn("_ms", path.read_text(), path)


if __name__ == "__main__":
    main()
