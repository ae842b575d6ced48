"""Words against patches end to end with a small seeded CLIP: similarities, Figure 7 and I_CLUB by an oracle in NumPy."""

import json
import shutil
import subprocess
import sys

import h5py
import numpy as np

from clip_files import SmallClip
from statistics_test import auroc, resample
from support import SOURCE, DemoTest, files, main, outcome, patchead, run_state

BASE = "mvtec-like"
PERTURBATIONS = ["rotation-15", "crop-0.8", "noise-0.1"]
DATASETS = [BASE, *(f"{BASE}+{each}" for each in PERTURBATIONS)]
PARAPHRASES = [f"{name}:paraphrase={sign}{k}" for name, most in (("clip", 2), ("winclip", 1))
               for k in range(1, most + 1) for sign in ("", "-")]
DETECTORS = ["patchead", "winclip", "clip", "clip:side=normal", "clip:side=anomalous", *PARAPHRASES]
MEASURES = ["mean_normal", "mean_anomalous", "overlap", "auroc", "bound", "shift"]
RESAMPLES = 100


def units(values):
    return values / np.linalg.norm(values, axis=-1, keepdims=True)


class Points:
    """Scores of results.h5 by data set, category, shots and detector."""

    def __init__(self, path):
        with h5py.File(path) as file:
            points = {name: values[...] for name, values in file["points"].items()}
            images = {name: values[...] for name, values in file["images"].items()}
            scores = {name: values[...] for name, values in file["scores"].items()}
        self.found = {}
        for number in range(len(points["dataset"])):
            rows = scores["point"] == number
            place = scores["image"][rows]
            key = *(points[name][number].decode() for name in ("dataset", "category")), int(points["shots"][number]), \
                points["detector"][number].decode()
            self.found[key] = ([id.decode() for id in images["id"][place]], images["anomalous"][place].astype(bool),
                               scores["score"][rows].astype(float))

    def scores(self, dataset, shots, detector, category="fabric"):
        return self.found[dataset, category, shots, detector][2]

    def labels(self, category="fabric"):
        return self.found[BASE, category, 0, "patchead"][1]


def deviation(values, labels):
    """Where both kinds weigh the same."""
    normal, anomalous = values[~labels], values[labels]
    square = ((normal**2).mean() + (anomalous**2).mean()) / 2
    return np.sqrt(square - ((normal.mean() + anomalous.mean()) / 2)**2)


def measures(times, labels, scores, positive=None, plain=None):
    """What `patchead text` says of a point, of images that are there `times` times."""
    normal, anomalous = (np.repeat(np.arange(len(scores)), times * (labels == kind)) for kind in (False, True))
    chosen = np.concatenate([normal, anomalous])
    kinds = labels[chosen]
    edges = np.linspace(scores.min(), scores.max(), 31)
    shares = [np.histogram(scores[part], edges)[0] / len(part) for part in (normal, anomalous)]
    agreement = scores if positive is None else positive
    difference = agreement[anomalous].mean() - agreement[normal].mean()
    found = {"mean_normal": scores[normal].mean(), "mean_anomalous": scores[anomalous].mean(),
             "overlap": np.minimum(*shares).sum(), "auroc": auroc(scores[chosen], kinds),
             "bound": difference / deviation(scores[chosen], kinds), "shift": np.nan}
    if plain is not None:
        moved = scores - plain
        moved = np.abs(moved - (moved[normal].mean() + moved[anomalous].mean()) / 2)
        found["shift"] = (moved[normal].mean() + moved[anomalous].mean()) / 2 / deviation(plain[chosen], kinds)
    return np.array([found[name] for name in MEASURES])


class TextStudy(DemoTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.checkpoint = SmallClip().write(cls.shared_folder / "clip")
        cls.swept, cls.store = cls.shared_folder / "run", cls.shared_folder / "store"
        cls.study(cls, "--shots", 0, 1, "--detector", *DETECTORS, store=cls.store, output=cls.swept)
        cls.told = patchead("text", cls.swept, "--bootstrap", RESAMPLES).stdout

    def study(self, *arguments, store, output, datasets=DATASETS, category="fabric", data=None, **options):
        return patchead("sweep", "--data-root", data or self.data, "--dataset", *datasets, "--image-size", 64, "--seeds", 0,
                        "--category", category, "--backbone", f"open_clip:{self.checkpoint}", "--cache-dtype", "fp32",
                        *arguments, "--store", store, "--output", output, **options)

    def rows(self, name=f"text_{BASE}"):
        return json.loads((self.swept / "text" / f"{name}.json").read_text())["rows"]

    def test_every_rank_count_gives_the_same_bytes_and_a_second_run_computes_nothing(self):
        arguments = ["--shots", 0, 1, 2, 4, "--detector", *DETECTORS, "--block-images", 3]
        expected = None
        for ranks in 1, 2, 4:
            output = self.folder / f"run{ranks}"
            self.study(*arguments, store=self.folder / f"store{ranks}", output=output, ranks=ranks)
            patchead("text", output, "--bootstrap", RESAMPLES)
            now = outcome(output), files(output / "text")
            expected = expected or now
            self.assertEqual(now, expected, f"{ranks} ranks")
        output = self.folder / "again"
        self.study(*arguments, store=self.folder / "store2", output=output)
        self.assertEqual(run_state(output)["forwards"], 0)
        self.assertEqual(outcome(output), expected[0])
        sets = {key[0] for key in Points(output / "results.h5").found}
        self.assertEqual(sets, set(DATASETS))

    def test_similarities_are_those_of_stored_embeddings(self):
        output, store = self.folder / "run", self.folder / "store"
        detectors = ["patchead", *(f"clip:of={of},side={side}" for of in ("image", "windows", "patches")
                                   for side in ("normal", "anomalous"))]
        self.study("--shots", 0, "--detector", *detectors, store=store, output=output, datasets=[BASE])
        texts = self.texts(store)
        embeddings = self.embeddings(store)
        points = Points(output / "results.h5")
        for of in ("image", "windows", "patches"):
            for side, text in zip(("normal", "anomalous"), texts):
                ids, _, scores = points.found[BASE, "fabric", 0, f"clip:of={of},side={side}"]
                for id, score in zip(ids, scores):
                    cosines = units(embeddings[of][id]) @ text
                    known = (1 - cosines).max() if side == "normal" else cosines.max()
                    self.assertAlmostEqual(score, known, places=5, msg=f"{id} {of} {side}")

    def texts(self, store):
        """Unit vectors of both kinds of sentences."""
        (path,) = (store / "texts").rglob("*.h5")
        with h5py.File(path) as file:
            return [units(file[f"arrays/{name}"][...].astype(float).mean(axis=0)) for name in ("normal", "anomalous")]

    def embeddings(self, store):
        """Of what -> id -> rows in the space of sentences."""
        found = {"image": {}, "windows": {}, "patches": {}}
        for path in (store / "features").rglob("*.h5"):
            with h5py.File(path) as file:
                ids = [id.decode() for id in file["ids"][...]]
                parts = {"image": "image/feature", "windows": "windows/2/values"}
                if "projected" in path.name:
                    (layer,) = [name for name in file["layers"] if name.endswith("projected")] or list(file["layers"])
                    parts["patches"] = f"layers/{layer}/patches"
                for of, name in parts.items():
                    if name in file:
                        for id, rows in zip(ids, file[name][...].astype(float)):
                            found[of][id] = rows.reshape(-1, rows.shape[-1])
        return found

    def members(self, row, points):
        """Arguments of `measures` for each point behind a row."""
        shots, critic = int(row["shots"]), row["critic"]
        plain = points.scores(BASE, shots, critic)
        if row["augmented"] == "words":
            for k in range(1, 3):
                if f"{critic}:paraphrase={k}" in DETECTORS:
                    own, other = (points.scores(BASE, shots, f"{critic}:paraphrase={sign}{k}") for sign in ("", "-"))
                    yield own, (own - other) / 2, plain
        elif row["augmented"] == "nothing":
            yield plain, None, None
        else:
            for each in PERTURBATIONS:
                if row["augmented"] in (each, "patches"):
                    yield points.scores(f"{BASE}+{each}", shots, critic), None, plain

    def test_each_number_and_interval_is_the_oracles(self):
        points = Points(self.swept / "results.h5")
        labels = points.labels()
        draws = [np.bincount(places, minlength=len(labels))
                 for places in resample(labels, f"{BASE}/fabric", 0)[:RESAMPLES]]
        once = np.ones(len(labels), int)
        seen = set()
        for row in self.rows():
            members = list(self.members(row, points))
            self.assertEqual(row["members"], len(members))
            seen.add((row["critic"], row["shots"], row["augmented"]))
            mean = lambda times: np.mean([measures(times, labels, *member) for member in members], axis=0)
            values, spread = mean(once), np.array([mean(times) for times in draws])
            for place, name in enumerate(MEASURES):
                found = row[name]
                if np.isnan(values[place]):
                    self.assertIsNone(found["value"])
                    continue
                message = f"{row['critic']} {row['shots']} {row['augmented']} {name}"
                self.assertAlmostEqual(found["value"], values[place], places=5, msg=message)
                if name == "overlap":
                    self.assertIsNone(found["low"], "resamples repeat images, so they share less")
                    continue
                low, high = np.percentile(spread[:, place], [2.5, 97.5])
                self.assertAlmostEqual(found["low"], low, places=5, msg=message)
                self.assertAlmostEqual(found["high"], high, places=5, msg=message)
        expected = {(critic, shots, augmented) for critic, shots in
                    (("patchead", "0"), ("patchead", "1"), ("winclip", "0"), ("winclip", "1"), ("clip", "0"),
                     ("clip:side=normal", "0"), ("clip:side=anomalous", "0"))
                    for augmented in ("nothing", *PERTURBATIONS, "patches", "words")
                    if augmented != "words" or critic in ("clip", "winclip")}
        self.assertEqual(seen, expected)

    def test_perturbed_images_are_others_and_prompts_the_same(self):
        points = Points(self.swept / "results.h5")
        plain = points.scores(BASE, 0, "clip")
        for each in PERTURBATIONS:
            self.assertFalse(np.array_equal(points.scores(f"{BASE}+{each}", 0, "clip"), plain), each)
        with h5py.File(self.swept / "results.h5") as file:
            point, id = file["prompts/point"][...], file["prompts/id"][...]
            chosen = {id[point == number].tobytes() for number in set(point)}
        self.assertEqual(len(chosen), 1, "one shot, one prompt, whatever is done to test images")

    def test_words_with_patches_say_half_of_what_they_say_alone(self):
        # WinCLIP's few-shot score is the mean of words and patches; a paraphrase touches one half.
        points = Points(self.swept / "results.h5")
        labels = points.labels()
        def told(shots):
            own, other = (points.scores(BASE, shots, f"winclip:paraphrase={k}") for k in (1, -1))
            half = (own - other) / 2
            return half[labels].mean() - half[~labels].mean()
        self.assertAlmostEqual(told(1), told(0) / 2, places=5)

    def test_tables_are_printed_and_options_are_read(self):
        self.assertIn(f"**Words and patches on {BASE}", self.told)
        self.assertIn("| U2", self.told)
        kept = files(self.swept / "text")
        self.assertEqual(len(kept), 8)
        done = patchead("text", self.swept, "--units", "scores", "--bins", 10, "--bootstrap", 0, "--categories",
                        "--output", self.folder / "other")
        self.assertIn("by category", done.stdout)
        row, other = self.rows()[0], json.loads((self.folder / f"other/text_{BASE}.json").read_text())["rows"][0]
        self.assertIsNone(other["bound"]["low"])
        self.assertAlmostEqual(other["bound"]["value"], other["mean_anomalous"]["value"] - other["mean_normal"]["value"])
        self.assertNotEqual(other["bound"]["value"], row["bound"]["value"])
        self.assertEqual(files(self.swept / "text"), kept)

    def test_figures_are_drawn(self):
        make = [sys.executable, SOURCE / "analysis/make_figures.py", self.swept, "--only", "7ab,7d,iclub"]
        drawn = []
        for output in "a", "b":
            subprocess.run([*map(str, make), "--output", str(self.folder / output)], check=True, timeout=300)
            drawn.append(files(self.folder / output))
        self.assertEqual(*drawn)
        for name in (f"figure7ab_similarity_{BASE}", f"figure7d_scores_{BASE}", f"figure_iclub_{BASE}"):
            self.assertEqual(drawn[0][f"{name}.png"][:4], b"\x89PNG")

    def test_a_category_without_anomalous_images_is_told(self):
        data = self.folder / "data"
        shutil.copytree(self.data, data)
        (root,) = (path.parent for path in data.rglob("fabric") if (path / "test").is_dir())
        for kind in (root / "fabric/test").iterdir():
            if kind.name != "good":
                shutil.rmtree(kind)
        shutil.rmtree(root / "fabric/ground_truth", ignore_errors=True)
        self.study("--shots", 0, "--detector", "patchead", "clip", store=self.folder / "store", output=self.folder / "run",
                   datasets=[BASE], data=data)
        done = patchead("text", self.folder / "run")
        self.assertIn("Without fabric", done.stdout)
        rows = json.loads((self.folder / f"run/text/text_{BASE}.json").read_text())["rows"]
        self.assertIsNone(rows[0]["bound"]["value"])

    def test_what_is_wrong_is_said_once(self):
        nothing = self.folder / "empty.txt"
        nothing.write_text("[normal]\n{}\n[anomalous]\n[templates]\na {}\n")
        plain = ["--shots", 0]
        for arguments, options, message in (
                ([*plain, "--detector", "clip"], {"datasets": [f"{BASE}+blur-1"]}, "perturbation 'blur'"),
                ([*plain, "--detector", "clip"], {"datasets": [f"{BASE}+noise-7"]}, "perturbation noise"),
                ([*plain, "--detector", "clip:side=left"], {}, "side"),
                ([*plain, "--detector", "clip:normal"], {}, "NAME:OPTION=VALUE"),
                ([*plain, "--detector", "clip", "--detector-options", f"clip:prompts={nothing}"], {}, "has nothing in [anomalous]"),
                ([*plain, "--detector", "clip", "--backbone", "patchead_tiny"], {}, "text tower")):
            with self.subTest(message):
                done = self.study(*arguments, store=self.folder / "store", output=self.folder / "run", check=False,
                                  ranks=2, **options)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertEqual(done.stderr.count(message), 1, done.stderr)
        for arguments, message in (([self.folder], "results.h5"), ([self.swept, "--bins", 1], "bins"),
                                   ([self.swept, "--units", "bits"], "--units"), ([self.swept, self.swept], "--output")):
            done = patchead("text", *arguments, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(message, done.stderr)


if __name__ == "__main__":
    main()
