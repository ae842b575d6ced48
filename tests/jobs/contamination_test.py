"""Batches under attack (--company-share, --company-size, --company-order): the same test images in chosen company."""

import csv
import itertools
import json

import h5py
import numpy as np

from support import DemoTest, files, main, outcome, patchead, rows, run_state

GRID = ["--category", "fabric", "--image-size", 64, "--shots", 0, "--seeds", 0, 1, "--batch-size", 0]
ATTACK = ["--company-share", 0.5, "--company-size", 5]
ALL = ["--over", "company-share=natural,0,0.5", "--over", "company-size=2,5,8,all"]
POINT = "patchead_tiny_64px_batch-zero-shot_none.h5"


class Contamination(DemoTest):
    def ablate(self, *arguments, output, ranks=0, check=True):
        return patchead("ablate", "--data-root", self.data, "--dataset", "mvtec-like", "--store", self.folder / "store",
                        *GRID, "--output", self.folder / output, *arguments, ranks=ranks, check=check)

    def matches(self):
        """Ids and similarities [tests, tests, patches] of the batch of all, whose order is that of the ids."""
        with h5py.File(next((self.folder / "store/match").rglob("*.h5"))) as file:
            queries, references = ([id.decode() for id in file[name][...]] for name in ("query_ids", "reference_ids"))
            order = np.argsort(queries)
            self.assertEqual(queries, references)
            return sorted(queries), file["similarity"][...].astype(float)[np.ix_(order, order)]

    def recorded(self, output):
        """Patch scores [tests, patches] and image scores of a sweep with --maps all."""
        with h5py.File(self.folder / output / "maps/mvtec-like/fabric" / POINT) as file:
            ids = [id.decode() for id in file["images/id"][...]]
            return ids, file["patches/score"][...].reshape(len(ids), -1), file["images/score"][...]

    def test_curves_are_reductions_of_one_batch_and_the_same_for_any_number_of_ranks(self):
        self.sweep(*GRID)
        for ranks in 1, 2:
            self.ablate(*ALL, output=f"curves{ranks}", ranks=ranks)
            run = run_state(self.folder / f"curves{ranks}")
            self.assertEqual((run["forwards"], run["matrix_products"], run["state"]), (0, 0, "finished"))
        self.assertEqual(*(files(self.folder / f"curves{ranks}/tables") for ranks in (1, 2)))
        with open(self.folder / "curves1/tables/ablation_categories_mvtec-like.csv", newline="") as file:
            table = [row for row in csv.DictReader(file) if row["category"] == "fabric"]
        self.assertEqual(len(table), 3 * 4)
        values = {(row["company-share"], row["company-size"]): row["I-AUROC"] for row in table}
        small = {choice for choice, number in values.items() if number == "nan"}
        self.assertEqual(small, {("0", "5"), ("0", "8"), ("0.5", "8")}, "each normal image has 2 normal others")
        self.assertGreater(len(set(values.values())), 3)
        told = json.loads((self.folder / "curves1/tables/ablation_categories_mvtec-like.json").read_text())
        notes = {value["note"] for row in told["rows"] for value in row["values"].values() if "note" in value}
        self.assertTrue(any("mvtec-like/fabric is too small for batches of 8 images with a share of 0 " in note for note in notes))
        self.assertTrue(any(note.startswith("Under attack") for note in told["footnotes"]), told["footnotes"])
        with open(self.folder / "output/tables/categories_mvtec-like.csv", newline="") as file:
            plain = next(row for row in csv.DictReader(file) if row["category"] == "fabric")
        self.assertEqual(values["natural", "all"], plain["I-AUROC"], "all others, as they are")

    def test_scores_are_those_of_a_company_with_exactly_the_share(self):
        self.sweep(*GRID, *ATTACK, "--maps", "all")
        ids, similarity = self.matches()
        found, patches, _ = self.recorded("output")
        self.assertEqual(found, ids, "fixed test images")
        anomalous = {place for place, id in enumerate(ids) if "/good/" not in id}
        nearest = 1 - similarity  # max(1, floor(0.3 * 4)) = 1 reference counts.
        # Two normal others and two anomalous ones; there is a company of these that gives the patches to the last bit.
        for place in range(len(ids)):
            others = set(range(len(ids))) - {place}
            companies = [one + two for one in itertools.combinations(sorted(others & anomalous), 2)
                         for two in itertools.combinations(sorted(others - anomalous), 2)]
            gaps = [np.abs(nearest[place, list(company)].min(axis=0) - patches[place]).max() for company in companies]
            self.assertLess(min(gaps), 1e-6, ids[place])

    def test_order_by_defect_is_that_of_sorted_folders(self):
        self.sweep(*GRID, "--company-size", 4, "--company-order", "defect", "--maps", "all")
        ids, similarity = self.matches()
        _, patches, images = self.recorded("output")
        for place in range(len(ids)):
            first = min(place // 4 * 4, len(ids) - 4)
            company = [other for other in range(first, first + 4) if other != place]
            expected = (1 - similarity[place, company]).min(axis=0)
            np.testing.assert_allclose(patches[place], expected, atol=1e-6)
            self.assertAlmostEqual(images[place], expected.max(), places=6)

    def test_defaults_change_nothing_and_ranks_no_bit(self):
        self.sweep(*GRID)
        results = files(self.folder / "store/result")
        self.sweep(*GRID, "--company-share", "natural", "--company-size", "all", "--company-order", "shuffle", output="same")
        self.assertEqual(outcome(self.folder / "output"), outcome(self.folder / "same"))
        self.assertEqual(files(self.folder / "store/result"), results, "no key is new")
        for ranks in 1, 2:
            self.sweep(*GRID, *ATTACK, ranks=ranks, output=f"run{ranks}", store=f"store{ranks}")
        self.assertEqual(outcome(self.folder / "run1"), outcome(self.folder / "run2"))
        told = patchead("explain", self.folder / "run1",
                        "summary_mvtec-like/patchead_tiny/64/batch-zero-shot/0/none/I-AUROC", "--json").stdout
        self.assertIn("--company-share 0.5", json.loads(told)["commands"][0])

    def test_rows_that_saw_other_test_images_say_so(self):
        self.sweep("--category", "fabric", "--image-size", 64, "--shots", 0, 1, "--seeds", 0, *ATTACK, "--detector", "patchead",
                   "musc", "aprilgan", output="run")
        table = json.loads((self.folder / "run/tables/summary_mvtec-like.json").read_text())
        marks = {(row["detector"], row["setting"]): row.get("transductive", False) for row in table["rows"]}
        self.assertEqual(marks, {("patchead", "batch-zero-shot"): True, ("patchead", "few-shot"): False,
                                 ("aprilgan", "few-shot"): False})
        self.assertTrue(any(note.startswith("Transductive: ") for note in table["footnotes"]))
        self.assertTrue(any("--company-share 0.5" in note for note in table["footnotes"]))
        self.sweep("--category", "fabric", "--image-size", 64, "--shots", 0, 1, "--seeds", 0, "--detector", "musc", "aprilgan",
                   output="plain")
        table = json.loads((self.folder / "plain/tables/summary_mvtec-like.json").read_text())
        self.assertEqual([row["detector"] for row in table["rows"] if row.get("transductive")], ["musc"])
        self.assertFalse(any("Under attack" in note for note in table["footnotes"]))

    def test_figures_and_the_report_show_the_curves(self):
        self.sweep(*GRID)
        self.ablate(*ALL, output="output/attack")
        patchead("report", self.folder / "output", "--figures", "--html")
        names = {path.name for path in (self.folder / "output/figures").iterdir()}
        for name in "share", "size":
            self.assertIn(f"figure_contamination_{name}_mvtec-like.png", names)
        page = (self.folder / "output/report/figures.html").read_text()
        self.assertIn("figure_contamination_share_mvtec-like.webp", page)
        self.assertIn("fabric is too small for batches of 5 at 0; batches of 8 at 0, 0.5.", page)
        self.assertIn("batch-zero-shot ᵀ", (self.folder / "output/report/tables.html").read_text())

    def test_bad_values_get_one_message_before_work_starts(self):
        for option, value, part in (("--company-share", 1.5, "1.5 is no share; give a number from 0 to 1, or natural"),
                                    ("--company-size", 1, "give at least 2"), ("--company-order", "label", "label")):
            done = self.sweep(*GRID, option, value, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(part, done.stderr)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertFalse((self.folder / "output/results.csv").exists())

    def test_an_ablation_needs_the_batch_of_all(self):
        self.sweep(*GRID[:-1], 4)
        done = self.ablate(*ALL, output="curves", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("run patchead sweep", done.stderr)

    def test_a_category_that_is_too_small_is_missing_by_name(self):
        done = self.sweep(*GRID, "--company-share", 0, "--company-size", 8)
        self.assertIn("mvtec-like/fabric is too small", done.stderr)
        self.assertEqual({row["value"] for row in rows(self.folder / "output")}, {"nan"})
        self.assertTrue(all("too small" in row["reason"] for row in rows(self.folder / "output")))


if __name__ == "__main__":
    main()
