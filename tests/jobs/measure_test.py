"""`patchead measure`: maps of other programs, and recorded ones, have the sweep's numbers to the last bit."""

import csv
import io

import h5py
import numpy as np
from PIL import Image
from sklearn.metrics import average_precision_score, roc_auc_score

from patchead_analysis.maps import write_maps
from patchead_analysis.program import UserError
from support import DemoTest, files, main, patchead, rows, value

GRID = ["--image-size", 96, "--shots", 0, 1, "--seeds", 0, "--modules", "none", "mask", "--batch-size", 8,
        "--maps", "all"]
SIDE = 96


def widened(patches, side):
    """A grid as a map: bilinear with half-pixel centres in float32, written down from docs/method.md."""
    def taps(count):
        half = np.float32(0.5)
        at = np.float32(count) / np.float32(side) * (np.arange(side, dtype=np.float32) + half) - half
        at = np.clip(at, np.float32(0), np.float32(count - 1))
        low = at.astype(int)
        return low, np.minimum(low + 1, count - 1), at - low.astype(np.float32)

    low, high, weight = taps(patches.shape[1])
    wide = (np.float32(1) - weight) * patches[:, low] + weight * patches[:, high]
    low, high, weight = taps(patches.shape[0])
    weight = weight[:, None]
    return (np.float32(1) - weight) * wide[low] + weight * wide[high]


def contrast_map(path):
    """An anomaly map that knows nothing of patchead: distance of the colour from the median of the image."""
    pixels = np.asarray(Image.open(path).convert("RGB"), np.float32)
    return np.abs(pixels - np.median(pixels, axis=(0, 1))).sum(axis=2) / np.float32(7)


def save_png(path, values):
    Image.fromarray(np.round(values).astype(np.uint16)).save(path)


class MeasureTest(DemoTest):
    """With a sweep whose maps are recorded, and maps of a program that has nothing to do with it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.swept = cls.shared_folder / "run"
        patchead("sweep", "--data-root", cls.data, "--dataset", "mvtec-like", "--store", cls.shared_folder / "store",
                 "--output", cls.swept, *GRID)
        root = cls.data / "mvtec-like"
        cls.images = {str(path.relative_to(root))[:-4]: path for path in sorted(root.glob("*/test/*/*.png"))}
        cls.maps = {id: contrast_map(path) for id, path in cls.images.items()}
        cls.foreign = cls.shared_folder / "contrast"
        write_maps(cls.foreign, cls.maps)
        (cls.foreign / "list.csv").unlink()

    def measure(self, *arguments, maps=None, output="measured", **options):
        return patchead("measure", "--maps", maps or self.foreign, "--dataset", "mvtec-like", "--data-root", self.data,
                        "--output", self.folder / output, *arguments, **options)

    def truth(self, id):
        path = self.data / "mvtec-like" / (id.replace("/test/", "/ground_truth/") + "_mask.png")
        return np.asarray(Image.open(path)) > 0 if path.exists() else np.zeros((SIDE, SIDE), bool)


class Values(MeasureTest):
    def recorded(self, name):
        """Image -> (patch scores, image score) of a point, over all categories."""
        found = {}
        for path in sorted(self.swept.glob(f"maps/mvtec-like/*/{name}.h5")):
            with h5py.File(path) as file:
                grid = (-1, file["point/grid_rows"][0], file["point/grid_cols"][0])
                patches = file["patches/score"][...].reshape(grid)
                for id, patch, score in zip(file["images/id"], patches, file["images/score"][...]):
                    found[id.decode()] = patch, score
        return found

    def lines(self, output, **where):
        return [row for row in rows(output) if all(row[name] == str(text) for name, text in where.items())]

    def test_recorded_maps_give_the_bytes_of_the_sweep(self):
        done = self.measure(maps=self.swept)
        self.assertEqual(sorted(rows(self.folder / "measured"), key=str), sorted(rows(self.swept), key=str))
        self.assertIn("interpolated (bilinear)", done.stderr)
        compared = patchead("compare", self.swept, self.folder / "measured", "--exit-code")
        self.assertIn("12 points in both: 0 of 96 values differ", compared.stdout)
        # The options of metrics are those of a sweep.
        other = ["--eval-size", 40, "--smooth-sigma", 2, "--interpolation", "nearest", "--pixel-good", "no", "--eval-crop", 0.75,
                 "--metrics", "AUPRO@0.05", "P-AP", "pro:musc200", "I-TPR@FPR0.05"]
        again = self.shared_folder / "other"
        patchead("sweep", "--data-root", self.data, "--dataset", "mvtec-like", "--store", self.shared_folder / "store",
                 "--output", again, *GRID, *other)
        self.measure(*other, maps=self.swept, output="others")
        self.assertEqual(sorted(rows(self.folder / "others"), key=str), sorted(rows(again), key=str))
        self.measure("--point", "patchead_tiny_96px_1-shot_none", maps=self.swept / "maps", output="one")
        self.assertEqual(rows(self.folder / "one"), self.lines(self.swept, shots=1, modules="none"))

    def test_maps_that_python_widened_give_the_bytes_of_the_sweep(self):
        recorded = self.recorded("patchead_tiny_96px_1-shot_none")
        self.assertEqual(recorded.keys(), self.maps.keys())
        maps = ((id, widened(patches, SIDE)) for id, (patches, _) in recorded.items())
        options = write_maps(self.folder / "widened", maps, {id: score for id, (_, score) in recorded.items()})
        labels = ["--name", "patchead", "--backbone-label", "patchead_tiny", "--image-size", SIDE, "--shots", 1]
        done = self.measure(*options[2:], *labels, maps=self.folder / "widened")
        self.assertIn("0 of 33 maps interpolated", done.stderr)
        self.assertEqual(rows(self.folder / "measured"), self.lines(self.swept, shots=1, modules="none"))
        # Few-shot, rho 0: the image score is the highest patch score, so the grids themselves need no list.
        write_maps(self.folder / "grids", {id: patches for id, (patches, _) in recorded.items()})
        (self.folder / "grids/list.csv").unlink()
        self.measure(*labels, maps=self.folder / "grids", output="grids-measured")
        self.assertEqual(rows(self.folder / "grids-measured"), rows(self.folder / "measured"))

    def test_a_top_share_is_that_of_batch_zero_shot(self):
        recorded = self.recorded("patchead_tiny_96px_batch-zero-shot_none")
        write_maps(self.folder / "grids", {id: patches for id, (patches, _) in recorded.items()})
        (self.folder / "grids/list.csv").unlink()
        self.measure("--name", "patchead", "--backbone-label", "patchead_tiny", "--image-size", SIDE, "--shots", 0,
                     "--image-score", "top:0.01", maps=self.folder / "grids")
        self.assertEqual(rows(self.folder / "measured"), self.lines(self.swept, shots=0, modules="none"))

    def test_scikit_learn_agrees(self):
        self.measure("--image-score", "max")
        table = rows(self.folder / "measured")
        for category in ("bracket", "fabric", "gelcap"):
            ids = [id for id in self.maps if id.startswith(f"{category}/")]
            truth = np.concatenate([self.truth(id).ravel() for id in ids])
            scores = np.concatenate([self.maps[id].ravel() for id in ids])
            labels = [not id.split("/")[2] == "good" for id in ids]
            highest = [self.maps[id].max() for id in ids]
            for metric, expected in (("P-AUROC", roc_auc_score(truth, scores)),
                                     ("P-AP", average_precision_score(truth, scores)),
                                     ("I-AUROC", roc_auc_score(labels, highest)),
                                     ("I-AP", average_precision_score(labels, highest))):
                self.assertAlmostEqual(value(table, metric, category=category), expected, places=12)

    def test_every_format_and_name_gives_the_same(self):
        self.measure()
        expected = (self.folder / "measured/results.csv").read_bytes()
        whole = {id: np.round(values) for id, values in self.maps.items()}
        write_maps(self.folder / "rounded", whole)
        (self.folder / "rounded/list.csv").unlink()
        self.measure("--name", "contrast", maps=self.folder / "rounded", output="rounded-measured")
        rounded = (self.folder / "rounded-measured/results.csv").read_bytes()
        for folder, same, save in (
                ("npz", expected, lambda path, m: np.savez(path.with_suffix(".npz"), other=m + 1, map=m)),
                ("packed", expected, lambda path, m: np.savez_compressed(path.with_suffix(".npz"), m)),
                ("wide", expected, lambda path, m: np.save(path.with_suffix(".npy"), m.astype(">f8"))),
                ("columns", expected, lambda path, m: np.save(path.with_suffix(".npy"), np.asfortranarray(m))),
                ("batch", expected, lambda path, m: np.save(path.with_suffix(".npy"), m[None, None])),
                ("last", expected, lambda path, m: np.save(path.with_suffix(".npy"), m[:, :, None])),
                ("double", expected, lambda path, m: np.save(f"{path}.png.npy", m)),
                ("tiff", expected, lambda path, m: Image.fromarray(m).save(path.with_suffix(".tiff"))),
                ("half", rounded, lambda path, m: np.save(path.with_suffix(".npy"), np.round(m).astype("<f2"))),
                ("whole", rounded, lambda path, m: np.save(path.with_suffix(".npy"), np.round(m).astype(">u4"))),
                ("png", rounded, lambda path, m: save_png(path.with_suffix(".PNG"), m))):
            for id, values in self.maps.items():
                category, _, defect, stem = id.split("/")
                # Three ways to call an image.
                name = {"tiff": f"mvtec-like/{id}", "npz": f"{category}/{defect}/{stem}"}.get(folder, id)
                path = self.folder / folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                save(path.with_name(path.name + ".x") if folder != "double" else path, values)
            self.measure("--name", "contrast", maps=self.folder / folder, output=f"{folder}-measured")
            self.assertEqual((self.folder / f"{folder}-measured/results.csv").read_bytes(), same, folder)

    def test_ranks_and_memory_make_no_difference(self):
        self.measure("--eval-size", 64, "--smooth-sigma", 1)
        expected = files(self.folder / "measured")
        self.assertIn("maps.csv", expected)
        for ranks in 1, 2, 4:
            self.measure("--eval-size", 64, "--smooth-sigma", 1, "--map-memory", 0, ranks=ranks, output=str(ranks))
            self.assertEqual(files(self.folder / str(ranks)), expected, f"{ranks} ranks")

    def test_a_list_says_which_map_is_whose_and_gives_scores(self):
        flat = self.folder / "flat"
        flat.mkdir()
        lines = [["score", "image", "map"]]
        for number, (id, values) in enumerate(self.maps.items()):
            np.save(flat / f"m{number}.npy", values)
            lines.append([repr(float(values.mean())), f"{id}.png", f"m{number}.npy"])
        text = io.StringIO()
        csv.writer(text).writerows(lines)
        (self.folder / "list.csv").write_text(text.getvalue())
        self.measure("--list", self.folder / "list.csv", maps=flat)
        with h5py.File(self.folder / "measured/results.h5") as file:
            scores = dict(zip(file["images/id"].asstr()[...], file["scores/score"][...]))
            self.assertIn("image-score = given\n", file.attrs["config"].decode())
        self.assertEqual(scores, {id: np.float32(repr(float(m.mean()))) for id, m in self.maps.items()})
        self.measure("--list", self.folder / "list.csv", "--image-score", "max", "--name", "contrast", maps=flat,
                     output="largest")
        self.measure(output="by-name")
        self.assertEqual(rows(self.folder / "largest"), rows(self.folder / "by-name"))


class AsARun(MeasureTest):
    def test_report_compare_and_explain_take_it(self):
        self.measure("--shots", 1, "--image-size", SIDE)
        merged = self.folder / "merged"
        report = patchead("report", self.swept, self.folder / "measured", "--output", merged, "--bootstrap", 200,
                          "--against", "detector=contrast").stdout
        self.assertIn("contrast", report)
        self.assertTrue((merged / "bootstrap.csv").exists())
        cell = f"summary_mvtec-like/–/{SIDE}/few-shot/1/none/contrast/"
        told = patchead("explain", self.folder / "measured", f"{cell}I-AUROC").stdout
        self.assertIn("the same to the last bit", told)
        self.assertIn("patchead measure", told)
        self.assertIn("--image-score max", told)
        self.assertNotIn("STORE", told)
        # Of several runs, the one that it is of.
        told = patchead("explain", merged, f"{cell}P-AUROC").stdout
        self.assertIn("--name contrast", told)
        self.assertNotIn("patchead sweep", told)
        other = f"summary_mvtec-like/patchead_tiny/{SIDE}/few-shot/1/none/patchead/I-AUROC"
        told = patchead("explain", merged, other).stdout
        self.assertIn("patchead sweep", told)
        self.assertNotIn("patchead measure", told)
        self.measure("--shots", 1, "--image-size", SIDE, "--smooth-sigma", 3, output="smooth")
        compared = patchead("compare", self.folder / "measured", self.folder / "smooth", check=False).stdout
        self.assertIn("smooth-sigma = 3", compared)
        self.assertIn("3 points in both", compared)

    def test_maps_of_unknown_shots_are_called_so(self):
        self.measure()
        rivals = patchead("report", self.folder / "measured", "--rivals").stdout
        self.assertIn("| maps as given", rivals)
        self.assertNotIn("zero-shot", rivals)

    def test_other_results_are_kept(self):
        self.measure()
        before = (self.folder / "measured/results.h5").read_bytes()
        self.assertNotIn("held other results", self.measure().stderr)
        self.assertIn("held other results", self.measure("--smooth-sigma", 2).stderr)
        self.assertEqual((self.folder / "measured/results.before-1.h5").read_bytes(), before)

    def test_the_example_can_be_measured_as_it_says(self):
        example = self.folder / "my example"
        printed = patchead("measure", "--example", example).stdout
        command = printed.strip().splitlines()[-1].strip()
        self.assertIn(command, (example / "README.txt").read_text())
        words = command.replace("'", "").split(" --")
        arguments = [part for word in words[1:] for part in ("--" + word).split(" ", 1)]
        patchead("measure", *arguments)
        self.assertEqual(len(rows(example / "results")), 3 * 8)
        again = patchead("measure", "--example", example, check=False)
        self.assertEqual((again.returncode, again.stderr.count("patchead:")), (1, 1), again.stderr)

    def test_maps_of_python_are_checked_as_they_are_written(self):
        one = np.ones((2, 2))
        for maps, scores, what in (({"a": one * np.nan}, None, "not finite"),
                                   ({"a": np.ones((3, 4, 5))}, None, "shape"), ({"a": one}, {}, "no score"),
                                   ({}, None, "no maps"), ([("a", one), ("a.png", one)], None, "two maps")):
            with self.assertRaisesRegex(UserError, what):
                write_maps(self.folder / "checked", maps, scores)


if __name__ == "__main__":
    main()
