"""--shots all: the whole training set as prompts, for PatchEAD and for other detectors."""

import json

import h5py

from support import DemoTest, main, outcome, patchead, rows, run_state, value

GRID = ["--category", "fabric", "gelcap", "--image-size", 64, "--seeds", 0, 1]
SOME = ["--detector", "patchead", "patchcore", "aprilgan"]


def points(output, **where):
    """(detector, setting, shots, seed) of the rows that agree with `where`, each once."""
    return sorted({(row["detector"], row["setting"], row["shots"], row["seed"]) for row in rows(output)
                   if all(row[name] == text for name, text in where.items())})


class FullShot(DemoTest):
    def test_every_rank_count_gives_the_same_bytes_and_a_second_run_computes_nothing(self):
        expected = None
        for ranks in 1, 2:
            self.sweep(*GRID, *SOME, "--shots", 1, "all", store=f"store{ranks}", output=f"run{ranks}", ranks=ranks)
            bytes_now = outcome(self.folder / f"run{ranks}")
            expected = expected or bytes_now
            self.assertEqual(bytes_now, expected, f"{ranks} ranks")
        self.sweep(*GRID, *SOME, "--shots", 1, "all", store="store2", output="again")
        self.assertEqual(outcome(self.folder / "again"), expected)
        self.assertEqual(run_state(self.folder / "again")["forwards"], 0)
        self.check_points(self.folder / "run1")
        self.check_tables(self.folder / "run1")

    def check_points(self, output):
        full = points(output, setting="full-shot")
        self.assertEqual(full, [("aprilgan", "full-shot", "4", "0"), ("patchcore", "full-shot", "4", "0"),
                                ("patchcore", "full-shot", "4", "1"), ("patchead", "full-shot", "4", "0")],
                         "one point for all seeds where nothing is drawn")
        with h5py.File(output / "results.h5") as file:
            settings = file["points/setting"][...]
            prompts = {}
            for point, id in zip(file["prompts/point"][...], file["prompts/id"][...]):
                if settings[point] == b"full-shot":
                    prompts.setdefault(point, []).append(id.decode())
        self.assertEqual(len(prompts), 2 * 4)
        for ids in prompts.values():
            self.assertEqual(ids, sorted(ids))
            self.assertEqual(len(ids), 4)

    def check_tables(self, output):
        table = json.loads((output / "tables/summary_mvtec-like.json").read_text())
        found = [(row["setting"], row["shots"], row["detector"]) for row in table["rows"]]
        self.assertEqual(found, [(setting, shots, detector) for setting, shots in (("few-shot", "1"), ("full-shot", "all"))
                                 for detector in ("patchead", "aprilgan", "patchcore")])
        told = patchead("explain", output, "summary_mvtec-like/patchead_tiny/64/full-shot/all/none/patchcore/I-AUROC").stdout
        self.assertIn("--shots all", told)
        again = patchead("report", output, "--bootstrap", 100, "--against", "shots=all").stdout
        self.assertIn("shots=all", again)

    def test_other_points_stay_as_they_are(self):
        self.sweep(*GRID, "--shots", 1, store="plain", output="plain")
        self.sweep(*GRID, "--shots", 1, "all")
        few = [line for line in (self.folder / "output/results.csv").read_text().splitlines() if ",full-shot," not in line]
        self.assertEqual(few, (self.folder / "plain/results.csv").read_text().splitlines())

    def test_as_many_shots_as_there_are_give_the_same_numbers(self):
        self.sweep(*GRID, "--detector", "patchead", "aprilgan", "--shots", 4, "all")
        table = rows(self.folder / "output")
        for detector in "patchead", "aprilgan":
            for metric in "I-AUROC", "P-AUROC":
                for category in "fabric", "gelcap":
                    where = {"detector": detector, "category": category, "seed": 0}
                    self.assertAlmostEqual(value(table, metric, setting="few-shot", **where),
                                           value(table, metric, setting="full-shot", **where), delta=1e-6)

    def test_memory_is_bounded_by_an_option(self):
        for detector in "aprilgan", "visionad", "rad", "spade", "anomalydino", "patchcore", "fastrecon":
            self.sweep("--category", "fabric", "--image-size", 64, "--seeds", 0, 1, "--shots", "all", "--detector", detector,
                       "--detector-options", f"{detector}:max_memory_rows=16", output=detector)
            # What is drawn depends on the seed.
            self.assertEqual(len(points(self.folder / detector)), 2, detector)
        for path in (self.folder / "store/model").rglob("*.h5"):
            with h5py.File(path) as file:
                shapes = {}
                file.visititems(lambda name, node: shapes.update({name: getattr(node, "shape", ())}))
            for name, shape in shapes.items():
                if any(word in name for word in ("memory", "supports", "bank.0", "features.")):
                    self.assertLessEqual(shape[0] * (shape[1] if len(shape) > 2 else 1), 16, name)

    def test_plan_tells_what_it_takes(self):
        arguments = ["plan", "--data-root", self.data, "--dataset", "mvtec-like", "--category", "fabric", "--image-size", 64,
                     "--seeds", 0, "--store", self.folder / "store", "--json"]
        few, full = (json.loads(patchead(*arguments, "--shots", shots).stdout)["kinds"] for shots in (1, "all"))
        self.assertEqual(full["embed"]["forwards"] - few["embed"]["forwards"], 3)
        self.assertEqual(full["match"]["bytes"], 4 * few["match"]["bytes"])

    def test_slips_get_one_clear_message(self):
        done = self.sweep(*GRID, "--shots", "every", check=False, ranks=2)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stderr.count("'every'"), 1, done.stderr)
        self.assertIn("all", done.stderr)


if __name__ == "__main__":
    main()
