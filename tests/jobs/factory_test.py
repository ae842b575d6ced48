"""The engineer's job on real photos: eight good ones, a heap of new ones, two commands."""

import csv
import json
import pathlib
import shutil
import tempfile
import unittest

import numpy as np
from sklearn.metrics import roc_auc_score

from engineer import add_oddities, by_name, make_job
from support import main, patchead, require_shared


def by_chance(labels, times=2000):
    """The AUROC that a random score exceeds once in a thousand times."""
    random = np.random.default_rng(0)
    return np.quantile([roc_auc_score(labels, random.random(len(labels))) for _ in range(times)], 0.999)


class Factory(unittest.TestCase):
    """The job is done once; each test looks at something else of its outcome."""

    @classmethod
    def setUpClass(cls):
        source = require_shared("datasets", "more", "mpdd_256", "metal_plate")
        folder = pathlib.Path(tempfile.mkdtemp(prefix="patchead-factory-"))
        cls.addClassCleanup(shutil.rmtree, folder, ignore_errors=True)
        cls.job = add_oddities(make_job(source, folder, good=12, defects=14), source)
        cls.output = folder / "scored"
        cls.fitted = patchead("fit", "--normal", cls.job.normal, "--image-size", 224, "--output", folder / "model.h5")
        cls.scored = patchead("score", "--model", folder / "model.h5", "--images", cls.job.images, "--output", cls.output,
                              check=False)
        cls.content = json.loads((cls.output / "scores.json").read_text())
        cls.found = by_name(cls.content["images"])

    def test_scores_tell_defects_from_good_parts_as_no_random_score_would(self):
        names = sorted(self.job.labels)
        labels, scores = [self.job.labels[name] for name in names], [self.found[name]["score"] for name in names]
        auroc = roc_auc_score(labels, scores)
        print(f"AUROC {auroc:.4f} of {len(names)} photos; one random score in a thousand exceeds {by_chance(labels):.4f}")
        self.assertGreater(auroc, 0.9)
        self.assertGreater(auroc, by_chance(labels))

    def test_verdicts_are_those_of_the_threshold_and_mostly_right(self):
        threshold = self.content["model"]["threshold"]
        wrong = {0: 0, 1: 0}
        for name, label in self.job.labels.items():
            image = self.found[name]
            self.assertEqual(image["verdict"], "defect" if image["score"] > threshold else "ok", name)
            wrong[label] += (image["verdict"] == "defect") != label
        good = len(self.job.labels) - sum(self.job.labels.values())
        print(f"{wrong[0]} false alarms of {good}, {wrong[1]} misses of {len(self.job.labels) - good}")
        self.assertLessEqual(sum(wrong.values()), len(self.job.labels) // 4)

    def test_every_file_is_scored_or_named_with_its_reason(self):
        self.assertEqual(set(self.found), set(self.job.labels))
        failed = {pathlib.Path(file["path"]).name: file["reason"] for file in self.content["failed"]}
        self.assertEqual(self.scored.returncode, 76)
        self.assertEqual(set(failed), {self.job.broken, self.job.unread})
        self.assertIn("HEIC", failed[self.job.unread])
        for name in failed:
            self.assertIn(name, self.scored.stdout + self.scored.stderr)

    def test_photos_are_turned_as_their_cameras_say(self):
        turned, twin = self.found[self.job.turned], self.found[self.job.twin]
        self.assertTrue(turned["rotated_by_exif"])
        self.assertEqual([name for name, image in self.found.items() if image["rotated_by_exif"]], [self.job.turned])
        for name, image in self.found.items():
            self.assertEqual((image["width"], image["height"]), self.job.sizes[name], name)
        spread = np.std([image["score"] for image in self.found.values()])
        self.assertAlmostEqual(turned["score"], twin["score"], delta=0.01 * spread, msg="the same pixels")

    def test_the_table_says_the_same(self):
        with open(self.output / "scores.csv", newline="", encoding="utf-8") as file:
            table = by_name(csv.DictReader(file))
        self.assertEqual(set(table), set(self.found))
        for name, row in table.items():
            self.assertEqual(float(row["score"]), self.found[name]["score"], name)
            self.assertEqual(row["verdict"], self.found[name]["verdict"], name)

    def test_there_is_a_page_with_pictures_of_all(self):
        text = (self.output / "index.html").read_text(encoding="utf-8")
        for name, image in self.found.items():
            self.assertIn(name, text)
            for picture in image["heatmap"], image["thumbnail"]:
                self.assertTrue((self.output / picture).is_file(), picture)


if __name__ == "__main__":
    main()
