"""--threshold: scores of left-out prompts and the tables of thresholds, against NumPy."""

import csv
import json

import h5py
import numpy as np

from support import DemoTest, main, outcome, patchead, rows, run_state

GRID = ["--category", "fabric", "gelcap", "--image-size", 64, "--seeds", 0, 1, "--cache-dtype", "fp32"]
POINTS = [*GRID, "--shots", 0, 1, 2, 4, "--modules", "none", "align", "mask", "--detector", "patchead", "aprilgan"]
RULES = {"max": np.max, "mean3sigma": lambda s: s.mean() + 3 * s.std(),
         "quantile:0.05": lambda s: np.quantile(s, 0.95), "p95x1.421": lambda s: np.quantile(s, 0.95) * 1.421,
         "robust": lambda s: np.median(s) + 3 * 1.4826 * np.median(np.abs(s - np.median(s)))}
LABELS = "category", "setting", "shots", "seed", "modules", "detector"


class Points:
    """results.h5 by (category, setting, shots, seed, modules, detector), all as texts."""

    def __init__(self, output):
        with h5py.File(output / "results.h5") as file:
            def texts(name):
                return [value.decode() if isinstance(value, bytes) else str(value) for value in file[name][...]]

            points = len(file["points/seed"])
            self.labels = list(zip(*(texts(f"points/{name}") if name in file["points"] else ["patchead"] * points
                                     for name in LABELS)))
            self.prompts = self._by_point(file["prompts/point"][...], texts("prompts/id"))
            self.left_out = self._by_point(file["left_out/point"][...],
                                           zip(texts("left_out/id"), file["left_out/score"][...].astype(float)))
            anomalous = file["images/anomalous"][...][file["scores/image"][...]]
            self.scores = self._by_point(file["scores/point"][...],
                                         zip(file["scores/score"][...].astype(float), anomalous))

    def _by_point(self, points, values):
        found = {label: [] for label in self.labels}
        for point, value in zip(points, values):
            found[self.labels[point]].append(value)
        return found


def embeddings(store):
    """id -> patches [L, D] of unit length."""
    found = {}
    for path in (store / "features").rglob("*.h5"):
        with h5py.File(path) as file:
            if "versions" in json.loads(file.attrs["key"]):
                continue  # Turned or aligned copies go by the ids of their images.
            for id, patches in zip(file["ids"][...], file["embeddings"][...].astype(float)):
                found[id.decode()] = patches / np.linalg.norm(patches, axis=1, keepdims=True)
    return found


class Thresholds(DemoTest):
    def test_every_rank_count_gives_the_same_bytes_and_a_second_run_computes_nothing(self):
        expected = None
        for ranks in 1, 2:
            self.sweep(*POINTS, "--threshold", "all", store=f"store{ranks}", output=f"run{ranks}", ranks=ranks)
            bytes_now = outcome(self.folder / f"run{ranks}")
            expected = expected or bytes_now
            self.assertEqual(bytes_now, expected, f"{ranks} ranks")
        self.sweep(*POINTS, "--threshold", "all", store="store2", output="again")
        self.assertEqual(outcome(self.folder / "again"), expected)
        self.assertEqual(run_state(self.folder / "again")["units"]["done"], 0)
        points = Points(self.folder / "run1")
        self.check_scores(points)
        self.check_detector(points)
        self.check_table(points)
        self.check_footnotes()
        self.check_report(expected)
        self.check_without(expected)

    def check_scores(self, points):
        """Each prompt by its patch that is farthest from its nearest in the other prompts."""
        images = embeddings(self.folder / "store1")
        checked = 0
        for label, found in points.left_out.items():
            prompts = points.prompts[label]
            category, _, shots, _, modules, detector = label
            self.assertEqual(len(found), int(shots) if int(shots) > 1 and modules != "align" else 0, label)
            if not found or modules != "none" or detector != "patchead":
                continue
            self.assertEqual([id for id, _ in found], prompts)
            for id, score in found:
                nearest = np.max([(images[id] @ images[other].T).max(axis=1) for other in prompts if other != id], axis=0)
                self.assertAlmostEqual(score, 1 - nearest.min(), places=5)
                checked += 1
        self.assertEqual(checked, 2 * 2 * (2 + 4), "categories, seeds, prompts")

    def check_detector(self, points):
        """Of two prompts one scores the other as a model of one shot would: the fit is shared."""
        models = list((self.folder / "store1/model").rglob("*.h5"))
        lists = set()
        for label, prompts in points.prompts.items():
            category, _, shots, seed, _, detector = label
            if detector == "aprilgan" and prompts:
                lists |= {tuple(prompts), *(tuple(p for p in prompts if p != left) for left in prompts if len(prompts) > 1)}
        self.assertEqual(len(models), len(lists))

    def check_table(self, points):
        with open(self.folder / "run1/tables/thresholds_mvtec-like.csv", newline="") as file:
            table = list(csv.DictReader(file))
        best = {tuple(row[name] for name in LABELS): row["value"] for row in rows(self.folder / "run1")
                if row["metric"] == "I-F1max"}
        expected = {}
        for label in points.labels:
            scores, anomalous = np.array(points.scores[label]).T
            normals = np.array([score for _, score in points.left_out[label]])
            rules = RULES if len(normals) else {"robust": RULES["robust"]} if label[2] == "0" else {}
            for rule, formula in rules.items():
                source = normals if len(normals) else scores
                threshold = formula(source)
                reported = scores > threshold
                hits = np.count_nonzero(reported & (anomalous == 1))
                misses = np.count_nonzero(~reported & (anomalous == 1))
                alarms = np.count_nonzero(reported & (anomalous == 0))
                expected[(*label, rule)] = [threshold, len(source), alarms, misses, 2 * hits / (2 * hits + misses + alarms),
                                            float(best[label])]
        found = {(*(line[name] for name in LABELS), line["rule"]): line for line in table}
        self.assertEqual(found.keys(), expected.keys())
        for key, line in found.items():
            names = "threshold", "scores", "false_alarms", "misses", "f1", "f1_max"
            np.testing.assert_allclose([float(line[name]) for name in names], expected[key], rtol=1e-12, err_msg=str(key))
            self.assertLessEqual(float(line["f1"]), float(line["f1_max"]))

    def check_footnotes(self):
        notes = json.loads((self.folder / "run1/tables/thresholds_mvtec-like.json").read_text())["footnotes"]
        for reason in "a single prompt has no others", "aligned prompts are not", "only the rule robust":
            self.assertTrue(any(reason in note for note in notes), (reason, notes))

    def check_report(self, expected):
        told = patchead("report", self.folder / "run1", "--output", self.folder / "again").stdout
        self.assertIn("thresholds that know no anomaly", told)
        self.assertEqual(outcome(self.folder / "again"), expected)
        patchead("report", self.folder / "run1", "--output", self.folder / "some", "--threshold", "quantile:0.2", "max")
        table = json.loads((self.folder / "some/tables/thresholds_mvtec-like.json").read_text())
        self.assertEqual({row["rule"] for row in table["rows"]}, {"quantile:0.2", "max"})

    def check_without(self, expected):
        """Without the option all else is the same, and what the store has serves."""
        self.sweep(*POINTS, store="store1", output="plain")
        plain = outcome(self.folder / "plain")
        self.assertEqual(plain, {name: data for name, data in expected.items() if not name.startswith("thresholds_")})
        self.assertEqual(run_state(self.folder / "plain")["units"]["done"], 0)
        with h5py.File(self.folder / "plain/results.h5") as file:
            self.assertNotIn("left_out", file)
            self.assertNotIn("threshold_rules", file.attrs)

    def test_the_whole_training_set_is_scored_in_parts_like_any_prompts(self):
        self.sweep(*GRID, "--category", "fabric", "--shots", 4, "all", "--threshold", "max")
        points = Points(self.folder / "output")
        full = dict(next(found for label, found in points.left_out.items() if label[1] == "full-shot"))
        drawn = dict(next(found for label, found in points.left_out.items() if label[1] == "few-shot"))
        self.assertEqual(len(full), 4)
        self.assertEqual(full, drawn, "four shots of four are all of them")

    def test_bad_rules_get_one_message(self):
        for arguments, text in (["mox"], "did you mean 'max'"), (["quantile:2"], "no fraction"), (["max:3"], "takes no number"):
            done = self.sweep(*GRID, "--threshold", *arguments, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(text, done.stderr)
            self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)


if __name__ == "__main__":
    main()
