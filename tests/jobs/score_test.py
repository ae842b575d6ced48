"""`patchead fit` and `patchead score`: the numbers of a sweep to the last bit, and what engineers' folders hold."""

import csv
import json
import pathlib
import shutil

import h5py
import numpy as np
from PIL import Image

from support import DemoTest, files, main, patchead

SIZE = ["--image-size", 64]
EXIF_ORIENTATION = 0x0112
FAILURES, DEFECT = 76, 3


def scores_of(output):
    return json.loads((output / "scores.json").read_text())


def by_name(content):
    return {pathlib.Path(image["path"]).name: image for image in content["images"]}


class ScoreTest(DemoTest):
    def setUp(self):
        super().setUp()
        self.part = next(self.data.rglob("gelcap/train/good")).parents[1]
        self.normal, self.images = self.part / "train/good", self.part / "test"

    def fit(self, *options, normal=None, model="model.h5", **how):
        return patchead("fit", "--normal", normal or self.normal, "--output", self.folder / model, *SIZE, *options, **how)

    def score(self, *options, model="model.h5", images=None, output="scored", **how):
        given = ["--model", self.folder / model] if model else []
        done = patchead("score", *given, "--images", images or self.images, "--output", self.folder / output,
                        "--page", "no", *options, **how)
        self.printed = done.stdout + done.stderr
        return scores_of(self.folder / output) if done.returncode in (0, FAILURES, DEFECT) else done

    def photos(self):
        """A folder of a few photos, to be spoilt."""
        folder = self.folder / "photos"
        folder.mkdir()
        for number, path in enumerate(sorted(self.images.rglob("*.png"))[:5]):
            shutil.copy(path, folder / f"{number}.png")
        return folder


class SameAsSweep(ScoreTest):
    def swept(self, *options, shots=4):
        """id -> (score, recorded patch scores) of a sweep whose prompts are those of the model, and its left-out scores."""
        prompts = self.folder / "prompts.tsv"
        prompts.write_text("".join(f"mvtec-like\tgelcap\t{path.relative_to(self.part)}\n"
                                   for path in sorted(self.normal.iterdir())))
        self.sweep("--category", "gelcap", "--prompts", prompts, "--shots", shots, "--seeds", 0, "--maps", "all", "--threshold",
                   "max", *SIZE, *options)
        recorded = self.folder / "output/maps/mvtec-like/gelcap"
        with h5py.File(next(path for path in recorded.glob("*.h5") if path.name != "images.h5")) as file:
            grid = [file["point"][name][0] for name in ("grid_rows", "grid_cols")]
            maps = dict(zip((id.decode() for id in file["images/id"][...]), file["patches/score"][...].reshape(-1, *grid)))
        with h5py.File(self.folder / "output/results.h5") as file:
            ids = np.array([id.decode() for id in file["images/id"][...]])
            scores = dict(zip(ids[file["scores/image"][...]], file["scores/score"][...]))
            left_out = file["left_out/score"][...] if "left_out" in file else None
        return {id: (scores[id], maps[id]) for id in scores}, left_out

    def check(self, *options, sweep_options=None, fit_options=None):
        expected, left_out = self.swept(*(options if sweep_options is None else sweep_options))
        self.fit(*(options if fit_options is None else fit_options))
        content = self.score("--record-maps", "--pictures", "none")
        self.assertEqual(len(content["images"]), len(expected))
        for image in content["images"]:
            path = pathlib.Path(image["path"]).relative_to(self.part.parent).with_suffix("")
            score, patches = expected[str(path)]
            self.assertEqual(np.float32(image["score"]), score, path)
            np.testing.assert_array_equal(np.load(self.folder / "scored" / image["map"]), patches)
        normals = np.array(content["model"]["normal_scores"], np.float32)
        if left_out is not None and len(left_out):
            np.testing.assert_array_equal(normals, left_out)
        self.assertEqual(content["model"]["threshold"], float(normals.max()))
        return content

    def test_scores_and_maps_are_those_of_a_sweep_to_the_last_bit(self):
        self.check()

    def test_so_they_are_with_masks(self):
        self.check(sweep_options=["--modules", "mask"], fit_options=["--mask"])

    def test_so_they_are_with_alignment_though_photos_are_gone(self):
        normal = shutil.copytree(self.normal, self.folder / "normal")
        expected, _ = self.swept("--modules", "align")
        self.fit("--align", normal=normal)
        shutil.rmtree(normal)
        content = self.score("--pictures", "none")
        for image in content["images"]:
            path = pathlib.Path(image["path"]).relative_to(self.part.parent).with_suffix("")
            self.assertEqual(np.float32(image["score"]), expected[str(path)][0], path)
        self.assertEqual(len(content["model"]["normal_scores"]), 4)

    def test_so_they_are_of_other_detectors_and_options(self):
        for detector in ("aprilgan", "patchcore"):
            with self.subTest(detector):
                shutil.rmtree(self.folder / "output", ignore_errors=True)
                self.check("--detector", detector, "--resize", "shorter")


class Folders(ScoreTest):
    def test_any_number_of_ranks_writes_the_same_bytes_and_normal_photos_serve_as_their_model(self):
        self.fit()
        self.score("--record-maps", images=self.part, output="ranks0")
        expected = files(self.folder / "ranks0")
        for ranks in 2, 4:
            self.score("--record-maps", images=self.part, output=f"ranks{ranks}", ranks=ranks)
            self.assertEqual(files(self.folder / f"ranks{ranks}"), expected, f"{ranks} ranks")
        content = self.score("--normal", self.normal, *SIZE, "--record-maps", images=self.part, model=None, output="direct")
        self.assertEqual((self.folder / "direct/model.h5").read_bytes(), (self.folder / "model.h5").read_bytes())
        self.assertEqual([image["score"] for image in content["images"]],
                         [image["score"] for image in scores_of(self.folder / "ranks0")["images"]])
        self.assertIn("among the normal ones", " ".join(content["notes"]))

    def test_what_one_photo_scores_depends_on_no_other(self):
        self.fit()
        together = {image["path"]: image["score"] for image in self.score("--pictures", "none")["images"]}
        one = str(sorted(self.images.rglob("*.png"))[3])
        alone = self.score("--pictures", "none", images=one, output="alone")
        self.assertEqual([(image["path"], image["score"]) for image in alone["images"]], [(one, together[one])])

    def test_verdicts_places_and_distances(self):
        self.fit("--threshold", "quantile:0.5")  # Low enough that there are defects, so small.
        content = self.score("--fail-on", "defect", check=False)
        normals = np.array(content["model"]["normal_scores"])
        threshold = content["model"]["threshold"]
        self.assertAlmostEqual(threshold, np.quantile(normals, 0.5), places=9)
        with open(self.folder / "scored/scores.csv", newline="") as file:
            lines = {row["path"]: row for row in csv.DictReader(file)}
        self.assertEqual(len(lines), len(content["images"]))
        for image in content["images"]:
            self.assertEqual(image["verdict"], "defect" if image["score"] > threshold else "ok")
            self.assertAlmostEqual(image["distance"], (image["score"] - normals.mean()) / normals.std(), places=9)
            row = lines[image["path"]]
            self.assertEqual((float(row["score"]), row["verdict"], float(row["distance"]), int(row["x"]), int(row["y"])),
                             (image["score"], image["verdict"], image["distance"], image["highest"]["x"], image["highest"]["y"]))
            self.assertTrue(0 <= image["highest"]["x"] < image["width"] and 0 <= image["highest"]["y"] < image["height"])
            with Image.open(image["path"]) as photo:
                self.assertEqual((image["width"], image["height"]), photo.size)
            for picture in "heatmap", "thumbnail":
                Image.open(self.folder / "scored" / image[picture]).verify()
        defects = [image for image in content["images"] if image["verdict"] == "defect"]
        self.assertTrue(defects)
        done = patchead("score", "--model", self.folder / "model.h5", "--images", self.images, "--output",
                        self.folder / "again", "--page", "no", "--pictures", "none", "--fail-on", "defect", check=False)
        self.assertEqual(done.returncode, DEFECT)
        given = self.score("--threshold", 0, "--pictures", "defects", output="given")
        self.assertEqual(given["model"]["threshold"], 0)
        self.assertTrue(all(image["heatmap"] for image in given["images"]))

    def test_broken_foreign_and_odd_files_are_named_and_stop_nothing(self):
        self.fit()
        folder = self.photos()
        whole = (folder / "0.png").read_bytes()
        (folder / "half.png").write_bytes(whole[:len(whole) // 2])
        (folder / "phone.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
        (folder / "renamed.jpg").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
        (folder / "camera.NEF").write_bytes(b"II*\0")
        (folder / "empty.jpg").write_bytes(b"")
        (folder / "Thumbs.db").write_bytes(b"?")
        web = Image.open(folder / "1.png").convert("RGB")
        web.save(folder / "web.webp", lossless=True)
        torn = (folder / "web.webp").read_bytes()
        (folder / "torn.webp").write_bytes(torn[:len(torn) * 2 // 3])
        web.resize((97, 61)).save(folder / "odd.bmp")
        web.convert("L").save(folder / "gray.tiff")
        done = patchead("score", "--model", self.folder / "model.h5", "--images", folder, folder / "gone.png", "--output",
                        self.folder / "scored", "--page", "no", check=False)
        self.assertEqual(done.returncode, FAILURES, done.stderr)
        content = scores_of(self.folder / "scored")
        failed = {pathlib.Path(file["path"]).name: file["reason"] for file in content["failed"]}
        self.assertEqual(set(failed), {"half.png", "phone.heic", "renamed.jpg", "camera.NEF", "empty.jpg", "gone.png", "torn.webp"})
        for name in failed:
            self.assertIn(name, done.stderr)
        for name, word in {"phone.heic": "HEIC", "renamed.jpg": "HEIC", "camera.NEF": "RAW", "gone.png": "no such file"}.items():
            self.assertIn(word, failed[name])
        found = by_name(content)
        self.assertEqual(set(found), {*(f"{number}.png" for number in range(5)), "web.webp", "odd.bmp", "gray.tiff"})
        self.assertEqual(found["web.webp"]["score"], found["1.png"]["score"], "the same pixels")
        self.assertEqual((found["odd.bmp"]["width"], found["odd.bmp"]["height"]), (97, 61))
        self.assertIn("Thumbs.db", " ".join(content["notes"]))
        self.score("--allow-failed", images=folder, output="allowed")

    def test_photos_are_turned_as_their_cameras_say(self):
        self.fit()
        folder = self.folder / "turned"
        folder.mkdir()
        upright = Image.open(sorted(self.images.rglob("*.png"))[0]).convert("RGB").resize((96, 72))
        upright.save(folder / "upright.png")
        turns = {2: Image.FLIP_LEFT_RIGHT, 3: Image.ROTATE_180, 4: Image.FLIP_TOP_BOTTOM, 5: Image.TRANSPOSE,
                 6: Image.ROTATE_90, 7: Image.TRANSVERSE, 8: Image.ROTATE_270}
        for orientation, turn in turns.items():
            exif = Image.Exif()
            exif[EXIF_ORIENTATION] = orientation
            upright.transpose(turn).save(folder / f"{orientation}.png", exif=exif)
            upright.transpose(turn).save(folder / f"{orientation}.webp", exif=exif, lossless=True)
        found = by_name(self.score(images=folder))
        for name, image in found.items():
            self.assertEqual(image["score"], found["upright.png"]["score"], name)
            self.assertEqual((image["width"], image["height"]), (96, 72), name)
            self.assertEqual(image["highest"], found["upright.png"]["highest"], name)
            self.assertEqual(image["rotated_by_exif"], name != "upright.png", name)
        self.fit("--exif", "no", model="stored.h5")
        stored = self.score(model="stored.h5", images=folder, output="stored")
        self.assertFalse(any(image["rotated_by_exif"] for image in stored["images"]))
        self.assertFalse(stored["exif"])
        self.assertEqual(by_name(stored)["6.png"]["width"], 72)

    def test_few_normal_photos_give_scores_without_verdicts(self):
        few = self.folder / "few"
        few.mkdir()
        for path in sorted(self.normal.iterdir())[:3]:
            shutil.copy(path, few)
        shutil.copy(next(few.iterdir()), few / "twin.png")
        done = self.fit(normal=few)
        self.assertIn("no threshold", done.stderr)
        self.assertIn("twin.png", done.stderr)
        content = self.score("--pictures", "none", "--fail-on", "defect")
        self.assertIsNone(content["model"]["threshold"])
        self.assertEqual({image["verdict"] for image in content["images"]}, {"unknown"})
        self.assertEqual(content["model"]["prompts"], 3)

    def test_without_normal_photos_the_folder_is_one_batch(self):
        content = self.score(*SIZE, model=None)
        self.sweep("--category", "gelcap", "--shots", 0, "--seeds", 0, "--batch-size", 0, *SIZE)
        with h5py.File(self.folder / "output/results.h5") as file:
            ids = [id.decode() for id in file["images/id"][...]]
            expected = dict(zip(np.array(ids)[file["scores/image"][...]], file["scores/score"][...]))
        for image in content["images"]:
            path = pathlib.Path(image["path"]).relative_to(self.part.parent).with_suffix("")
            self.assertAlmostEqual(image["score"], float(expected[str(path)]), places=6)
        self.assertEqual(content["model"]["prompts"], 0)


class Mistakes(ScoreTest):
    def refused(self, *arguments, words):
        done = patchead(*arguments, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)
        self.assertLess(len(done.stderr.strip().splitlines()), 4, done.stderr)

    def test_models_are_whole_and_of_the_network_at_hand(self):
        self.fit()
        model = self.folder / "model.h5"
        score = ["score", "--images", self.images, "--output", self.folder / "scored", "--page", "no", "--model"]
        whole = model.read_bytes()
        for place in range(64, len(whole), len(whole) // 12):
            (self.folder / "bad.h5").write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1:])
            done = patchead(*score, self.folder / "bad.h5", check=False)
            if done.returncode == 0:  # A byte that nothing reads.
                continue
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("bad.h5", done.stderr)
        (self.folder / "bad.h5").write_bytes(whole[:len(whole) // 2])
        self.refused(*score, self.folder / "bad.h5", words=["bad.h5"])
        (self.folder / "bad.h5").write_bytes(b"no model")
        self.refused(*score, self.folder / "bad.h5", words=["bad.h5"])
        self.refused(*score, self.folder / "gone.h5", words=["gone.h5"])
        weights = self.weights_in(model)
        other = self.folder / "other.safetensors"
        content = bytearray(weights.read_bytes())
        content[-1] ^= 1
        other.write_bytes(content)
        self.refused(*score, model, "--weights", f"patchead_tiny={other}", words=["other.safetensors", "--weights"])

    def weights_in(self, model):
        with h5py.File(model) as file:
            facts = dict(zip((n.decode() for n in file["facts/name"][...]), (t.decode() for t in file["facts/text"][...])))
        return pathlib.Path(facts["weights.path"])

    def test_what_cannot_be_is_said(self):
        self.fit()
        given = ["score", "--model", self.folder / "model.h5", "--output", self.folder / "scored"]
        self.refused(*given, "--images", self.images, "--image-size", 96, words=["--image-size", "model"])
        self.refused(*given, words=["--images", "--watch"])
        self.refused(*given, "--images", self.images, "--normal", self.normal, words=["--normal"])
        self.refused(*given, "--images", self.images, "--threshold", "all", words=["--threshold"])
        empty = self.folder / "empty"
        empty.mkdir()
        self.refused(*given, "--images", empty, words=["no photo"])
        self.refused("fit", "--normal", empty, "--output", self.folder / "none.h5", words=["no normal photo"])
        self.refused("fit", "--normal", self.normal, "--detector", "musc", *SIZE, "--output", self.folder / "none.h5",
                     words=["musc"])
        self.assertFalse((self.folder / "none.h5").exists())


if __name__ == "__main__":
    main()
