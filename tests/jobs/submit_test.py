"""MVTec AD 2 from end to end: a generated tree, a sweep that scores private images, a submission and its checks."""

import csv
import gzip
import pathlib
import shutil
import struct
import tarfile
import tempfile
import unittest

import h5py
import numpy as np
from PIL import Image

from support import files, main, outcome, patchead, rows

SPLITS = {"test_private": "regular", "test_private_mixed": "mixed"}
CATEGORIES = {"can": (48, 64), "rice": (60, 40)}  # Height and width of images.
PRIVATE = 3
POINT = ["--dataset", "mvtec-ad2", "--image-size", 64, "--seeds", 0, "--modules", "none", "--shots", 2]


def draw(folder):
    """Stripes with noise; defects are bright squares."""
    random = np.random.default_rng(7)
    for category, (height, width) in CATEGORIES.items():
        def save(name, defect=False):
            pixels = np.full((height, width, 3), 90.0) + 30 * np.sin(np.arange(width) / 3)[None, :, None]
            pixels += random.normal(0, 4, pixels.shape)
            if defect:
                pixels[10:22, 12:26] = 240
            path = folder / "mvtec_ad_2" / category / name
            path.parent.mkdir(parents=True, exist_ok=True)
            Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)

        for i in range(3):
            save(f"train/good/{i:03}_regular.png")
            save(f"validation/good/{i:03}_regular.png")
        for i in range(2):
            save(f"test_public/good/{i:03}_regular.png")
            save(f"test_public/bad/{i:03}_regular.png", defect=True)
            mask = np.zeros((height, width), np.uint8)
            mask[10:22, 12:26] = 255
            place = folder / "mvtec_ad_2" / category / "test_public/ground_truth/bad"
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(mask).save(place / f"{i:03}_regular_mask.png")
        for split, word in SPLITS.items():
            for i in range(PRIVATE):
                save(f"{split}/{i:03}_{word}.png", defect=i == 1)


def tiff_tags(data):
    """Tag -> values of the first directory of a little-endian TIFF. TIFF 6.0, section 2."""
    order, magic, at = struct.unpack_from("<2sHI", data)
    assert (order, magic) == (b"II", 42)
    tags = {}
    for i in range(struct.unpack_from("<H", data, at)[0]):
        tag, kind, count = struct.unpack_from("<HHI", data, at + 2 + 12 * i)
        code, size = {3: ("H", 2), 4: ("I", 4)}.get(kind, (None, 0))
        if code is None:
            continue
        where = at + 10 + 12 * i
        if size * count > 4:
            where = struct.unpack_from("<I", data, where)[0]
        tags[tag] = struct.unpack_from(f"<{count}{code}", data, where)
    return tags


def read_half(data):
    """The map of an uncompressed TIFF of one channel of 16-bit real numbers."""
    tags = tiff_tags(data)
    assert tags.get(277, (1,)) == (1,), "one channel"
    assert tags[258] == (16,) and tags.get(339) == (3,), "float16"
    assert tags.get(259, (1,)) == (1,), "not compressed"
    strips = b"".join(data[at:at + size] for at, size in zip(tags[273], tags[279]))
    return np.frombuffer(strips, "<f2").reshape(tags[257][0], tags[256][0])


def faults_of(folder):
    """What is wrong with a submission of the generated tree, by no code of the program."""
    faults, expected = [], set()
    for category, (height, width) in CATEGORIES.items():
        for split, word in SPLITS.items():
            for i in range(PRIVATE):
                stem = f"{category}/{split}/{i:03}_{word}"
                names = f"anomaly_images/{stem}.tiff", f"anomaly_images_thresholded/{stem}.png"
                expected.update(names)
                shape = None
                try:
                    values = read_half((folder / names[0]).read_bytes())
                    shape = values.shape
                    assert np.isfinite(values).all(), "finite"
                    assert abs(shape[0] * width - shape[1] * height) <= max(height, width), "shape"
                except (AssertionError, OSError, KeyError, ValueError, struct.error) as error:
                    faults.append(f"{names[0]}: {error}")
                try:
                    with Image.open(folder / names[1]) as picture:
                        assert picture.mode == "L", "one channel of 8 bits"
                        pixels = np.asarray(picture)
                    assert set(np.unique(pixels)) <= {0, 255}, "0 and 255"
                    assert shape is None or pixels.shape == shape, "the size of its map"
                except (AssertionError, OSError) as error:
                    faults.append(f"{names[1]}: {error}")
    there = {f"{root}/{path.relative_to(folder / root)}" for root in ("anomaly_images", "anomaly_images_thresholded")
             for path in (folder / root).rglob("*") if path.is_file()}
    return faults + sorted(there - expected)


def bilinear(values, height, width):
    """Between the centres of pixels, and flat beyond the outermost ones."""
    def weights(size, count):
        at = ((np.arange(size) + 0.5) * count / size - 0.5).clip(0, count - 1)
        first = np.floor(at).astype(int).clip(0, max(count - 2, 0))
        matrix = np.zeros((size, count))
        matrix[np.arange(size), first] += 1 - (at - first)
        matrix[np.arange(size), np.minimum(first + 1, count - 1)] += at - first
        return matrix

    return weights(height, values.shape[0]) @ values @ weights(width, values.shape[1]).T


def float_tiff(path, dtype="<f4", channels=1, shape=(24, 32), value=0.5):
    """A TIFF as other programs might write it: a header, the pixels, a directory."""
    pixels = np.full((*shape, channels), value, dtype).tobytes()
    bits = np.dtype(dtype).itemsize * 8
    at = 8 + len(pixels)
    values = {256: shape[1], 257: shape[0], 259: 1, 262: 1, 273: 8, 277: channels, 278: shape[0],
              279: len(pixels), 339: 3}
    entries, more = [], b""
    for tag, number in sorted({**values, 258: bits}.items()):
        count = channels if tag in (258, 339) else 1
        if count > 2:
            entries.append(struct.pack("<HHII", tag, 3, count, at + 2 + 12 * 10 + 4 + len(more)))
            more += struct.pack(f"<{count}H", *[number] * count)
        else:
            entries.append(struct.pack("<HHII", tag, 4 if tag in (273, 279) else 3, 1, number))
    path.write_bytes(struct.pack("<2sHI", b"II", 42, at) + pixels + struct.pack("<H", len(entries)) +
                     b"".join(entries) + struct.pack("<I", 0) + more)


class Submission(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="patchead-submit-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        draw(cls.folder)
        cls.run_folder = cls.folder / "run"
        cls.sweep(cls.run_folder, "--maps", 1, "--score-also", "unlabelled", "--threshold", "validation", "max")
        cls.submission = cls.folder / "submission"
        cls.said = patchead("submit", cls.run_folder, "--output", cls.submission, "--shrink", 2, "--incomplete",
                            "yes").stdout

    @classmethod
    def sweep(cls, output, *options, store="store", **how):
        return patchead("sweep", "--data-root", cls.folder, *POINT, "--store", cls.folder / store, "--output", output,
                        *options, **how)

    def check(self, folder):
        return patchead("submit", self.run_folder, "--check", folder, "--incomplete", "yes", check=False)

    def unmeasured(self):
        with open(self.run_folder / "unmeasured.csv", newline="") as file:
            return list(csv.DictReader(file))

    def test_images_that_are_not_asked_for_change_nothing(self):
        plain, also = self.folder / "plain", self.folder / "also"
        self.sweep(plain)
        self.sweep(also, "--score-also", "validation", "unlabelled")
        self.assertEqual(outcome(plain), outcome(also))
        self.assertFalse((plain / "unmeasured.csv").exists())
        self.assertTrue((also / "unmeasured.csv").exists())
        self.assertFalse((also / "unmeasured").exists(), "maps were not asked for")

    def test_private_and_validation_images_are_scored_and_in_no_metric(self):
        self.assertEqual({row["category"] for row in rows(self.run_folder)}, set(CATEGORIES))
        found = self.unmeasured()
        self.assertEqual(len(found), len(CATEGORIES) * (2 * PRIVATE + 3))
        for category in CATEGORIES:
            scores = {row["image"]: float(row["score"]) for row in found if row["category"] == category}
            odd = scores.pop(f"{category}/test_private/unlabelled/001_regular")
            scores.pop(f"{category}/test_private_mixed/unlabelled/001_mixed")
            self.assertGreater(odd, max(scores.values()), "the defect is seen")
        with h5py.File(self.run_folder / "results.h5") as file:
            self.assertFalse([id for id in file["images/id"][...] if b"private" in id or b"validation" in id])

    def test_the_threshold_of_validation_is_that_of_numpy(self):
        with open(self.run_folder / "tables/thresholds_mvtec-ad2.csv", newline="") as file:
            table = [row for row in csv.DictReader(file) if row["rule"] == "validation:mean3sigma"]
        self.assertEqual(len(table), len(CATEGORIES))
        for row in table:
            scores = np.array([float(found["score"]) for found in self.unmeasured()
                               if (found["category"], found["split"]) == (row["category"], "validation")])
            self.assertEqual(len(scores), 3)
            self.assertAlmostEqual(float(row["threshold"]), scores.mean() + 3 * scores.std(), places=6)

    def test_ranks_do_not_matter(self):
        other = self.folder / "two_ranks"
        self.sweep(other, "--maps", 1, "--score-also", "unlabelled", "--threshold", "validation", "max", store="store2",
                   ranks=2)
        self.assertEqual(outcome(self.run_folder), outcome(other))
        self.assertEqual(files(self.run_folder / "unmeasured"), files(other / "unmeasured"))

    def test_both_checks_pass_and_maps_are_those_of_the_sweep(self):
        self.assertEqual(faults_of(self.submission), [])
        self.assertIn("has all 24 files", self.check(self.submission).stdout)
        with open(self.submission / "thresholds.csv", newline="") as file:
            thresholds = {row["category"]: row for row in csv.DictReader(file)}
        point = next((self.run_folder / "unmeasured/mvtec-ad2/can").iterdir()).name
        for category, (height, width) in CATEGORIES.items():
            maps = {}
            for split in (*SPLITS, "validation"):
                with h5py.File(self.run_folder / "unmeasured/mvtec-ad2" / category / point / f"{split}.h5") as file:
                    side = int(file["point/grid_rows"][0])
                    patches = file["patches/score"][...].reshape(-1, side, side)
                    maps[split] = [bilinear(patch, height // 2, width // 2) for patch in patches]
            pixels = np.stack(maps["validation"]).astype(float)
            threshold = float(thresholds[category]["threshold"])
            self.assertAlmostEqual(threshold, pixels.mean() + 3 * pixels.std(), places=4)
            scale = 2.0 ** int(thresholds[category]["exponent"])
            for split, word in SPLITS.items():
                for i, expected in enumerate(maps[split]):
                    stem = f"{category}/{split}/{i:03}_{word}"
                    found = read_half((self.submission / f"anomaly_images/{stem}.tiff").read_bytes())
                    np.testing.assert_allclose(found / scale, expected, atol=2e-3)
                    picture = np.array(Image.open(self.submission / f"anomaly_images_thresholded/{stem}.png"))
                    np.testing.assert_array_equal(picture == 255, found.astype(float) > threshold * scale)

    def test_the_archive_holds_the_files_and_is_the_same_bytes_again(self):
        expected = {name: data for name, data in files(self.submission).items() if name.startswith("anomaly_images")}
        with tarfile.open(self.submission / "submission.tar.gz") as archive:
            members = archive.getmembers()
            self.assertEqual([member.name for member in members], sorted(expected))
            self.assertEqual({member.name: archive.extractfile(member).read() for member in members}, expected)
            self.assertEqual({(m.mtime, m.uid, m.gid, m.mode) for m in members}, {(0, 0, 0, 0o644)})
        packed = (self.submission / "submission.tar.gz").read_bytes()
        self.assertEqual(len(gzip.decompress(packed)) % 512, 0)
        again = self.folder / "again"
        patchead("submit", self.run_folder, "--output", again, "--shrink", 2, "--incomplete", "yes")
        self.assertEqual((again / "submission.tar.gz").read_bytes(), packed)

    def test_ten_mistakes_are_found_by_both_checks(self):
        maps, pictures = "anomaly_images/can/test_private", "anomaly_images_thresholded/can/test_private"

        def picture(change):
            def plant(folder):
                path = folder / pictures / "001_regular.png"
                Image.fromarray(change(np.array(Image.open(path)))).save(path)
            return plant

        mistakes = {
            "a missing map": lambda f: (f / maps / "002_regular.tiff").unlink(),
            "a wrong name": lambda f: (f / maps / "002_regular.tiff").rename(f / maps / "002.tiff"),
            "a gap": lambda f: (f / maps / "001_regular.tiff").rename(f / maps / "003_regular.tiff"),
            "float32": lambda f: float_tiff(f / maps / "001_regular.tiff"),
            "three channels": lambda f: float_tiff(f / maps / "001_regular.tiff", "<f2", 3),
            "NaN": lambda f: float_tiff(f / maps / "001_regular.tiff", "<f2", value=np.nan),
            "a square map": lambda f: float_tiff(f / maps / "001_regular.tiff", "<f2", shape=(32, 32)),
            "a value of 1": picture(lambda p: np.where(p > 0, p, 1).astype(np.uint8)),
            "a coloured picture": picture(lambda p: np.stack([p, p, p], -1)),
            "a picture of another size": picture(lambda p: p[:-1]),
            "a file too many": lambda f: shutil.copy(f / maps / "001_regular.tiff", f / "anomaly_images/x.tiff"),
            "no pictures of a split": lambda f: shutil.rmtree(f / "anomaly_images_thresholded/rice/test_private_mixed"),
        }
        for mistake, plant in mistakes.items():
            with self.subTest(mistake):
                copy = self.folder / "copy"
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(self.submission, copy)
                plant(copy)
                self.assertNotEqual(faults_of(copy), [])
                done = self.check(copy)
                self.assertEqual(done.returncode, 1)
                self.assertIn("the server would refuse it", done.stderr)

    def test_what_the_server_would_refuse_is_refused_before_anything_is_written(self):
        done = patchead("submit", self.run_folder, "--output", self.folder / "whole", check=False)
        self.assertEqual(done.returncode, 1)
        for part in ("can/test_private: 3 images in place of 321", "fabric/test_private: missing"):
            self.assertIn(part, done.stderr)
        self.assertFalse((self.folder / "whole").exists())
        done = patchead("submit", "--check", self.submission, check=False)
        self.assertIn("anomaly_images/can/test_private/003_regular.tiff' is missing", done.stderr)

    def test_mistakes_are_named_with_the_mend(self):
        for arguments, part in (
                (["submit", self.folder / "plain_run", "--output", self.folder / "x"], "--score-also validation"),
                (["submit", self.run_folder], "either --output or --check"),
                (["submit", self.run_folder, "--output", self.submission, "--incomplete", "yes"], "is there already"),
                (["submit", self.run_folder, "--output", self.folder / "x", "--point", "y"], "no maps of a point 'y'"),
                (["submit", self.run_folder, "--format", "visa", "--output", "x"], "unknown --format 'visa'")):
            done = patchead(*arguments, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(part, done.stderr)


if __name__ == "__main__":
    main()
