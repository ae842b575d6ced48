"""MVTec LOCO AD and Real-IAD from tree to number: sPRO, S-AUROC and types of defects against NumPy and scikit-learn."""

import json

import h5py
import numpy as np
from PIL import Image
from sklearn.metrics import roc_auc_score

from patchead_analysis.maps import write_maps
from support import SOURCE, FolderTest, main, patchead, rows, value

HEIGHT, WIDTH = 40, 56
AREAS = {255: (30, False), 254: (0.25, True), 253: (10000, False)}


def saturated_pro(maps, regions, normal, limit):
    """Area under the mean saturated overlap, from every threshold there is.

    maps: [n, h, w]; regions: (image, mask, saturation area); normal: [n, h, w]."""
    thresholds = np.unique(maps)[::-1]
    rates = np.array([(maps[normal] >= t).mean() for t in thresholds])
    overlaps = np.mean([[min((maps[i][mask] >= t).sum() / area, 1) for t in thresholds]
                        for i, mask, area in regions], axis=0)
    rates, overlaps = np.r_[0, rates], np.r_[0, overlaps]
    inside = rates <= limit
    x, y = rates[inside], overlaps[inside]
    if x[-1] < limit:
        x, y = np.r_[x, limit], np.r_[y, np.interp(limit, rates, overlaps)]
    return float(((x[1:] - x[:-1]) * (y[1:] + y[:-1]) / 2).sum() / limit)


def save(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


class Loco(FolderTest):
    def setUp(self):
        super().setUp()
        self.random = np.random.default_rng(3)
        self.root = self.folder / "data/loco/screw_bag"
        self.images, self.regions = {}, []
        for split, count in (("train", 3), ("test", 4)):
            for i in range(count):
                self.draw(f"{split}/good/{i:03}", [])
        for i in range(3):
            boxes = [(254, 3, 3, 9, 12), (255, 5, 8, 20 + i, 30)] if i < 2 else [(253, 0, 0, 9, 9)]
            self.draw(f"test/logical_anomalies/{i:03}", boxes)
        for i in range(2):
            self.draw(f"test/structural_anomalies/{i:03}", [(254, 30, 40, 36, 50 + i)])
        config = [{"defect_name": str(level), "pixel_value": level, "saturation_threshold": area, "relative_saturation": share}
                  for level, (area, share) in AREAS.items()]
        (self.root / "defects_config.json").write_text(json.dumps(config))

    def draw(self, name, boxes):
        save(self.root / f"{name}.png", self.random.integers(0, 255, (HEIGHT, WIDTH, 3), dtype=np.uint8))
        if not name.startswith("test"):
            return
        whole = np.zeros((HEIGHT, WIDTH), bool)
        for n, (level, top, left, bottom, right) in enumerate(boxes):
            mask = np.zeros((HEIGHT, WIDTH), np.uint8)
            mask[top:bottom, left:right] = level
            mask[top, -1] = level  # A second piece of the same defect.
            save(self.root / f"{name.replace('test', 'ground_truth')}/{n:03}.png", mask)
            self.regions.append((name, mask > 0, level))
            whole |= mask > 0
        # Few levels, so that scores tie.
        noise = self.random.integers(0, 12, (HEIGHT, WIDTH)) + 4 * whole
        self.images[f"screw_bag/{name}"] = (noise.astype(np.float32), whole)

    def expected(self, kind):
        """sPRO and image AUROC of good images and those of one kind of anomaly."""
        names = [name for name in self.images if "/good/" in name or kind in name]
        maps = np.stack([self.images[name][0] for name in names])
        normal = ~np.stack([self.images[name][1] for name in names])
        regions = []
        for name, mask, level in self.regions:
            if kind not in name:
                continue
            area, is_share = AREAS[level]
            size = int(mask.sum())
            regions.append((names.index(f"screw_bag/{name}"), mask, max(1, int(area * size)) if is_share else min(area, size)))
        labels = [kind in name for name in names]
        return (saturated_pro(maps, regions, normal, 0.05),
                roc_auc_score(labels, [maps[i].mean() for i in range(len(names))]))

    def test_numbers_of_measure_are_those_of_numpy(self):
        write_maps(self.folder / "maps", {name: scores for name, (scores, _) in self.images.items()},
                   {name: float(scores.mean()) for name, (scores, _) in self.images.items()})
        patchead("measure", "--maps", self.folder / "maps", "--list", self.folder / "maps/list.csv", "--dataset", "loco",
                 "--data-root", self.folder / "data", "--output", self.folder / "measured", "--eval-size", "native",
                 "--metrics", "sPRO", "sPRO/types", "sPRO/logical_anomalies", "sPRO/structural_anomalies",
                 "I-AUROC/types", "I-AUROC/logical_anomalies", "I-AUROC/structural_anomalies", "P-AUROC")
        table = rows(self.folder / "measured")
        means = []
        for kind in "logical_anomalies", "structural_anomalies":
            spro, auroc = self.expected(kind)
            means.append((spro, auroc))
            self.assertAlmostEqual(value(table, f"sPRO/{kind}", category="screw_bag"), spro, delta=1e-9)
            self.assertAlmostEqual(value(table, f"I-AUROC/{kind}", category="screw_bag"), auroc, delta=1e-9)
        for metric, expected in zip(("sPRO/types", "I-AUROC/types"), np.mean(means, axis=0)):
            self.assertAlmostEqual(value(table, metric, category="screw_bag"), expected, delta=1e-9)
        self.assertAlmostEqual(value(table, "sPRO", category="screw_bag"), self.expected("anomalies")[0], delta=1e-9)
        # Pixels of all files together.
        maps, whole = (np.stack([entry[part] for entry in self.images.values()]) for part in (0, 1))
        self.assertAlmostEqual(value(table, "P-AUROC", category="screw_bag"), roc_auc_score(whole.ravel(), maps.ravel()), delta=1e-9)

    def test_a_sweep_has_them_in_its_tables_and_notes_the_data(self):
        done = patchead("sweep", "--data-root", self.folder / "data", "--dataset", "loco", "--store", self.folder / "store",
                        "--output", self.folder / "run", "--image-size", 64, "--shots", 0, 1, "--seeds", 0,
                        "--metrics", "I-AUROC", "sPRO", "sPRO/types", "I-AUROC/logical_anomalies")
        table = rows(self.folder / "run")
        for shots in 0, 1:
            for metric in "sPRO", "sPRO/types", "I-AUROC/logical_anomalies":
                self.assertTrue(0 <= value(table, metric, category="screw_bag", shots=shots) <= 1)
        self.assertIn("not here: breakfast_box", done.stderr)
        texts = [path.read_text() for path in (self.folder / "run/tables").glob("*.tex")]
        self.assertTrue(any("sPRO/types" in text for text in texts))
        self.assertTrue(all("I-AUROC/logical_anomalies" not in text for text in texts), "an underscore that LaTeX refuses")


class RealIad(FolderTest):
    """Six samples of five views; of a defective one, two views show no defect."""

    def setUp(self):
        super().setUp()
        random = np.random.default_rng(5)
        self.root = self.folder / "data/Real-IAD"
        split = {"meta": {"prefix": "mint/", "normal_class": "OK"}, "train": [], "test": []}
        for number in range(9):
            part, kind = ("train", "OK") if number < 4 else ("test", "OK") if number < 6 else ("test", "BX")
            for view in range(1, 6):
                stem = f"{'OK' if kind == 'OK' else 'NG/BX'}/S{number:04}/mint_{number:04}_{kind}_C{view}_2023"
                pixels = random.integers(100, 120, (HEIGHT, WIDTH, 3), dtype=np.uint8)
                mask = None
                if kind != "OK" and view < 4:
                    pixels[10:20, 10 + number:20 + number] = 250
                    shape = np.zeros((HEIGHT, WIDTH), np.uint8)
                    shape[10:20, 10 + number:20 + number] = 255
                    mask = f"{stem}_mask.png"
                    save(self.root / "realiad_256/mint" / mask, shape)
                save(self.root / f"realiad_256/mint/{stem}.jpg", pixels)
                split[part].append({"category": "mint", "anomaly_class": kind, "image_path": f"{stem}.jpg", "mask_path": mask})
        (self.root / "realiad_jsons").mkdir()
        (self.root / "realiad_jsons/mint.json").write_text(json.dumps(split))

    def test_a_sweep_draws_prompts_by_sample_and_scores_samples(self):
        done = patchead("sweep", "--data-root", self.folder / "data", "--dataset", "real-iad", "--store", self.folder / "store",
                        "--output", self.folder / "run", "--image-size", 64, "--shots", 0, 5, 7, "--seeds", 0, 1,
                        "--metrics", "default", "S-AUROC")
        self.assertIn("mint: 6 images anomalous by class and without mask", done.stderr)
        table = rows(self.folder / "run")
        with h5py.File(self.folder / "run/results.h5") as file:
            points, prompts, images, scores = ({name: file[f"{table}/{name}"][...] for name in file[table]}
                                               for table in ("points", "prompts", "images", "scores"))
        sample = np.array([id.decode().split("_C")[0] for id in images["id"]])
        for point, (shots, seed) in enumerate(zip(points["shots"], points["seed"])):
            drawn = [id.decode().rsplit("/", 1)[1] for id in prompts["id"][prompts["point"] == point]]
            self.assertEqual(len(drawn), shots)
            # Five shots are the five views of one sample, in their order; the other two begin the next.
            self.assertEqual([name.split("_C")[1][0] for name in drawn], list("1234512"[:shots]))
            self.assertEqual(len({name.split("_C")[0] for name in drawn}), (shots + 4) // 5)
            # Of each sample the highest view, and anomalous if any is.
            mine = scores["point"] == point
            views = scores["image"][mine]
            best = {name: max(s for s, v in zip(scores["score"][mine], views) if sample[v] == name) for name in set(sample)}
            labels = {name: max(images["anomalous"][sample == name]) for name in best}
            expected = roc_auc_score([labels[name] for name in best], list(best.values()))
            where = {"category": "mint", "shots": shots, "seed": seed}
            self.assertAlmostEqual(value(table, "S-AUROC", **where), expected, delta=1e-9)
            self.assertTrue(0 <= value(table, "AUPRO", **where) <= 1, "views without a mask leave the pixels defined")


class Configs(FolderTest):
    def test_the_shipped_ones_plan_the_published_images(self):
        for name in "loco", "realiad":
            done = patchead("plan", "--published", "--config", SOURCE / f"configs/{name}.cfg", "--store", self.folder / "store",
                            "--json")
            self.assertGreater(json.loads(done.stdout)["points"], 0, name)


if __name__ == "__main__":
    main()
