"""--shots each: every training image as the only prompt in its turn, and the tables of prompts."""

import csv
import json

import h5py
import numpy as np

from support import DemoTest, main, outcome, patchead, rows, run_state

GRID = ["--category", "fabric", "gelcap", "--image-size", 64, "--seeds", 0, 1]
SOME = ["--detector", "patchead", "aprilgan"]


def point_prompts(output):
    """Prompts by (category, detector, setting, seed)."""
    with h5py.File(output / "results.h5") as file:
        names = ("category", "detector", "setting", "seed")
        columns = [[text.decode() if isinstance(text, bytes) else text for text in file[f"points/{name}"][...]]
                   for name in names]
        labels = list(zip(*columns))
        prompts = {}
        for point, id in zip(file["prompts/point"][...], file["prompts/id"][...]):
            prompts.setdefault(labels[point], []).append(id.decode())
    return prompts


class EachPrompt(DemoTest):
    def test_every_rank_count_gives_the_same_bytes_and_a_second_run_computes_nothing(self):
        expected = None
        for ranks in 1, 2:
            self.sweep(*GRID, *SOME, "--shots", 1, "each", store=f"store{ranks}", output=f"run{ranks}", ranks=ranks)
            bytes_now = outcome(self.folder / f"run{ranks}")
            expected = expected or bytes_now
            self.assertEqual(bytes_now, expected, f"{ranks} ranks")
        self.sweep(*GRID, *SOME, "--shots", 1, "each", store="store2", output="again")
        self.assertEqual(outcome(self.folder / "again"), expected)
        self.assertEqual(run_state(self.folder / "again")["forwards"], 0)
        output = self.folder / "run1"
        self.check_points(output)
        self.check_table(output)
        self.check_report(output)

    def check_points(self, output):
        prompts = point_prompts(output)
        each = {key: ids for key, ids in prompts.items() if key[2] == "each-prompt"}
        self.assertEqual(len(each), 2 * 2 * 4, "categories, detectors, training images")
        for (category, _, _, seed), ids in each.items():
            training = sorted(path.stem for path in (self.data / "mvtec-like" / category / "train/good").iterdir())
            self.assertEqual([id.split("/")[-1] for id in ids], [training[seed]])
        self.check_same_as_drawn(output, prompts)

    def check_same_as_drawn(self, output, prompts):
        """One shot that was drawn has the numbers of the same image in its turn."""
        values = {}
        for row in rows(output):
            key = row["category"], row["detector"], row["setting"], int(row["seed"])
            values.setdefault((*key[:3], tuple(prompts[key])), {})[row["metric"]] = row["value"]
        drawn = [key for key in values if key[2] == "few-shot"]
        self.assertGreater(len(drawn), 3)
        for category, detector, _, ids in drawn:
            self.assertEqual(values[category, detector, "few-shot", ids], values[category, detector, "each-prompt", ids])

    def check_table(self, output):
        """Against NumPy, from results.csv."""
        with open(output / "tables/prompts_mvtec-like.csv", newline="") as file:
            table = list(csv.DictReader(file))
        metrics = {row["metric"] for row in rows(output)}
        self.assertEqual(len(table), 2 * 2 * len(metrics))
        for line in table:
            values = [float(row["value"]) for row in rows(output) if row["setting"] == "each-prompt"
                      and all(row[name] == line[name] for name in ("category", "detector", "metric"))]
            self.assertEqual(int(line["draws"]), 4)
            expected = [np.mean(values), np.std(values), *np.quantile(values, [0.05, 0.5, 0.95]), min(values), max(values)]
            found = [float(line[name]) for name in ("mean", "std", "low", "median", "high", "worst", "best")]
            np.testing.assert_allclose(found, expected, atol=1e-12)

    def check_report(self, output):
        told = patchead("report", output).stdout
        self.assertIn("what the choice of prompts is worth", told)
        table = json.loads((output / "tables/prompts_mvtec-like.json").read_text())
        shown = {id for row in table["rows"] if row["metric"] == "I-AUROC"
                 for draw in ("worst", "middle", "best") for id in row[draw]["prompts"]}
        pictures = {path.name for path in (output / "prompts/mvtec-like").iterdir()}
        self.assertEqual(pictures, {id.replace("/", "_") + ".jpg" for id in shown})
        told = patchead("explain", output, "summary_mvtec-like/patchead_tiny/64/each-prompt/each/none/patchead/I-AUROC").stdout
        self.assertIn("--shots each", told)
        again = patchead("report", output, "--bootstrap", 100, "--against", "shots=each").stdout
        self.assertIn("shots=each", again)

    def test_plan_tells_one_forward_of_each_image(self):
        arguments = ["plan", "--data-root", self.data, "--dataset", "mvtec-like", "--category", "fabric", "--image-size", 64,
                     "--seeds", 0, "--store", self.folder / "store", "--json"]
        few, each = (json.loads(patchead(*arguments, "--shots", shots).stdout)["kinds"] for shots in (1, "each"))
        self.assertEqual(each["embed"]["forwards"] - few["embed"]["forwards"], 3)

    def test_alignment_is_left_out_and_said(self):
        done = self.sweep("--category", "fabric", "--image-size", 64, "--shots", "each", "--modules", "none", "align")
        self.assertIn("each", done.stderr)
        self.assertEqual({row["modules"] for row in rows(self.folder / "output")}, {"none"})


if __name__ == "__main__":
    main()
