"""PatchEAD+: what must hold of alignment whatever the estimator, and that it helps on the demo."""

import csv
import json

from support import DemoTest, files, main, patchead, rows, value

SMALL = ["--image-size", 96, "--seeds", 0, "--batch-size", 8, "--align-size", 96]
OBJECTS = ["--category", "bracket", "gelcap"]
MODULES = ["--modules", "none", "align", "mask", "align+mask"]
KEPT = ("dataset", "category", "shots", "seed", "metric", "value")


def points(table, modules):
    """The rows of one module set without the names of the modules."""
    return [{key: row[key] for key in KEPT} for row in table if row["modules"] == modules]


def scores(folder):
    """(category, shots, modules) -> image scores, in the order of results.h5."""
    import h5py

    result = {}
    with h5py.File(folder / "results.h5") as file:
        at, score = file["scores/point"][:], file["scores/score"][:]
        names = [file["points"][name][:] for name in ("category", "shots", "modules")]
        for i, name in enumerate(zip(*names)):
            result[name[0].decode(), int(name[1]), name[2].decode()] = score[at == i]
    return result


class Align(DemoTest):
    def run_json(self, output="output"):
        return json.loads((self.folder / output / "run.json").read_text())

    def test_results_are_the_same_for_any_number_of_ranks(self):
        arguments = [*SMALL, *MODULES, "--shots", 0, 1, 2, "--align-pictures", 2]
        kept = {}
        for ranks in 1, 2, 4:
            self.sweep(*arguments, ranks=ranks, store=f"store{ranks}", output=str(ranks))
            kept[ranks] = {name: content for name, content in
                           files(self.folder / str(ranks)).items()
                           if name != "run.json" and not name.startswith("logs/")}
        self.assertEqual(kept[2], kept[1])
        self.assertEqual(kept[4], kept[1])
        self.assertEqual(files(self.folder / "store1"), files(self.folder / "store4"), "artifacts")
        self.assertTrue([name for name in kept[1] if name.startswith("alignment/") and
                         "few-shot" in name], "pictures of aligned pairs")

    def test_masks_by_objects_leave_textures_alone(self):
        grid = [*SMALL, *MODULES, "--shots", 0, 1, "--mask-source", "object"]
        self.sweep(*grid)
        found = scores(self.folder / "output")
        for (category, shots, modules), score in found.items():
            if "mask" in modules:
                plain = found[category, shots, "align" if "align" in modules else "none"]
                self.assertTrue((score <= plain).all(), (category, shots, modules))
                self.assertEqual((score == plain).all(), category == "fabric", (category, shots, modules))
        self.sweep(*grid, ranks=2, store="store2", output="2")
        self.assertEqual((self.folder / "2/results.csv").read_bytes(),
                         (self.folder / "output/results.csv").read_bytes())

    def test_what_tells_the_foreground_can_be_ablated(self):
        grid = ["--data-root", self.data, "--dataset", "mvtec-like", *SMALL, "--modules", "mask", "--shots", 1,
                "--store", self.folder / "store"]
        self.sweep(*SMALL, "--modules", "mask", "--shots", 1)
        done = patchead("ablate", *grid, "--output", self.folder / "effects", "--over",
                        "mask-source=attention,object")
        self.assertIn("0 forwards", done.stderr)
        self.assertIn("object", done.stdout)

    def test_more_references_can_only_lower_few_shot_scores(self):
        self.sweep(*SMALL, "--modules", "none", "align", "--shots", 1, 2,
                   "--align-estimator", "identity")
        found = scores(self.folder / "output")
        lower = 0
        for (category, shots, modules), plain in found.items():
            if modules == "none":
                with_copies = found[category, shots, "align"]
                self.assertTrue((with_copies <= plain).all(), (category, shots))
                lower += (with_copies < plain).sum()
        self.assertGreater(lower, 0, "a rotated prompt is new")

    def test_identity_without_rotations_changes_nothing_in_any_reading(self):
        common = [*SMALL, "--modules", "none", "align", "--shots", 0, 2, "--align-estimator",
                  "identity", "--align-rotate", "no"]
        for reading in "z1", "z2", "z3", "z4":
            with self.subTest(reading):
                self.sweep(*common, "--zero-align", reading, output=reading)
                table = rows(self.folder / reading)
                self.assertEqual(points(table, "align"), points(table, "none"))

    def test_masking_with_weight_one_changes_nothing(self):
        self.sweep(*SMALL, *MODULES, "--shots", 0, 1, "--mask-weight", 1)
        table = rows(self.folder / "output")
        self.assertEqual(points(table, "mask"), points(table, "none"))
        self.assertEqual(points(table, "align+mask"), points(table, "align"))
        self.assertNotEqual(points(table, "align"), points(table, "none"))

    def test_copies_are_embedded_once_and_never_where_nothing_was_aligned(self):
        arguments = [*SMALL, "--category", "gelcap", "--shots", 1, 2]
        tests = 3 + 4 * 2
        self.sweep(*arguments, output="plain", store="plain")
        self.sweep(*arguments, "--modules", "align", "--align-estimator", "identity", output="no",
                   store="no")
        plain, identity = self.run_json("plain"), self.run_json("no")
        self.assertEqual(plain["forwards"], tests + 2)
        self.assertEqual(identity["forwards"], tests + 2 + 2, "each prompt rotated once")
        done = self.sweep(*arguments, "--modules", "align", "--align-estimator", "moments")
        with open(self.folder / "output/alignment.csv", newline="") as file:
            (summary,) = csv.DictReader(file)
        self.assertEqual(int(summary["attempts"]), 2 * tests)
        accepted = int(summary["accepted"])
        self.assertEqual(self.run_json()["forwards"], tests + 2 + 2 + 2 * accepted)
        self.assertIn(f"{tests + 2 + 2 + 2 * accepted} forwards", done.stderr)

    def test_every_ablation_of_scoring_uses_the_tensors_that_are_there(self):
        arguments = [*SMALL, *MODULES, "--category", "bracket", "--shots", 0, 1, 2, 4,
                     "--align-estimator", "moments"]
        self.sweep(*arguments)
        self.assertGreater(self.run_json()["forwards"], 0)
        self.assertGreater(self.run_json()["matrix_products"], 0)
        done = patchead("ablate", "--data-root", self.data, "--dataset", "mvtec-like", "--store",
                        self.folder / "store", "--output", self.folder / "effects", *arguments,
                        "--over", "rho=0,0.005,0.01,0.02,0.05", "--over", "align-rotate=yes,no")
        self.assertIn("10 choices; 0 forwards, 0 matrix products done", done.stderr)
        with open(self.folder / "effects/tables/ablation_mvtec-like.csv", newline="") as file:
            effects = list(csv.DictReader(file))
        self.assertEqual(len(effects), 5 * 2 * 4 * 4)
        self.assertEqual(len({tuple(row.values()) for row in effects}), len(effects))

    def test_alignment_helps_on_objects_in_any_position(self):
        self.sweep("--image-size", 96, "--seeds", 0, *OBJECTS, "--modules", "none", "align",
                   "--shots", 4, "--align-size", 224)
        table = rows(self.folder / "output")
        gain = {category: value(table, "P-AUROC", category=category, modules="align") -
                value(table, "P-AUROC", category=category, modules="none")
                for category in OBJECTS[1:]}
        print("P-AUROC gained by alignment:", gain)
        self.assertGreater(sum(gain.values()), 0)

    def test_patchead_plus_is_what_the_paper_uses_on_the_data_set(self):
        self.sweep(*SMALL, "--modules", "align+mask", "patchead+", "--shots", 0, 1)
        table = rows(self.folder / "output")
        self.assertEqual(points(table, "patchead+"), points(table, "align+mask"))

    def test_the_literal_profile_gives_way_to_options(self):
        common = [*SMALL, "--category", "fabric", "--shots", 0, 2]
        self.sweep(*common, "--reading", "C", output="reading")
        self.sweep(*common, "--profile", "paper-literal", output="profile")
        self.assertEqual(rows(self.folder / "profile"), rows(self.folder / "reading"))
        self.sweep(*common, "--profile", "paper-literal", "--reading", "A", output="option")
        self.sweep(*common, output="plain")
        self.assertEqual(rows(self.folder / "option"), rows(self.folder / "plain"))
        done = self.sweep(*common, "--profile", "paper", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("paper-literal", done.stderr)

    def test_a_damaged_alignment_is_made_again(self):
        arguments = [*SMALL, "--category", "gelcap", "--modules", "align", "--shots", 0, 1,
                     "--align-estimator", "moments"]
        self.sweep(*arguments)
        expected = rows(self.folder / "output")
        for file in (self.folder / "store/alignment").rglob("*.h5"):
            content = bytearray(file.read_bytes())
            content[len(content) // 2] ^= 1
            file.write_bytes(content)
        for kind in "match", "result":
            for file in (self.folder / "store" / kind).rglob("*.h5"):
                file.unlink()
        runs = [self.sweep(*arguments, check=False).returncode for _ in range(3)]
        self.assertEqual(runs[-1], 0)
        self.assertEqual(rows(self.folder / "output"), expected)


if __name__ == "__main__":
    main()
