"""`patchead datasets`: what a user sees of checks, lists, Table 6 and frozen splits."""

import json
import pathlib
import shutil
import tempfile
import unittest

from support import DemoTest, main, patchead, require_shared, rows


class Datasets(DemoTest):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "data"
        shutil.copytree(self.data, self.root)
        self.image = next((self.root / "mvtec-like/fabric/test/good").glob("*.png"))

    def check(self, *arguments, root=None, **options):
        return patchead("datasets", "check", "--data-root", root or self.root, "--dataset",
                        "mvtec-like", *arguments, **options)

    def refuse(self, done, *parts):
        self.assertEqual(done.returncode, 1, done.stderr)
        for part in parts:
            self.assertIn(str(part), done.stderr)
        self.assertNotIn("internal error", done.stderr)

    def test_a_sound_data_set_passes_even_strictly(self):
        done = self.check("--strict")
        self.assertIn("no findings", done.stdout)
        self.assertIn("96 x 96", done.stdout)

    def test_an_unreadable_image_is_an_error_and_the_rest_is_checked(self):
        self.image.write_bytes(self.image.read_bytes()[:50])
        done = self.check(check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"error: the image file '{self.image}'", done.stdout)
        self.assertIn("gelcap", done.stdout)
        self.assertEqual(self.check("--fast").returncode, 0)

    def test_warnings_fail_only_strictly(self):
        shutil.copy(next((self.root / "mvtec-like/fabric/train/good").glob("*.png")), self.image)
        self.assertIn("warning: fabric: 1 test image also in train", self.check().stdout)
        self.assertEqual(self.check("--strict", check=False).returncode, 1)

    def test_json_says_the_same_and_does_not_depend_on_threads(self):
        self.image.write_bytes(b"")
        texts = [self.check("--json", "-", "--threads", n, check=False).stdout for n in (1, 3)]
        self.assertEqual(*texts)
        (found,) = json.loads(texts[0])
        self.assertEqual(len(found["errors"]), 1)
        self.assertIn(str(self.image), found["errors"][0])
        self.assertEqual(found["warnings"], [])
        self.assertEqual({c["name"] for c in found["categories"]},
                         {p.name for p in (self.root / "mvtec-like").iterdir() if p.is_dir()})
        self.assertTrue(all(c["found"]["train"] == 4 for c in found["categories"]))
        file = self.folder / "out/check.json"
        self.check("--json", file, check=False)
        self.assertEqual(json.loads(file.read_text()), [found])

    def test_a_frozen_split_is_the_same_wherever_the_data_lies(self):
        manifests = []
        for root in self.data, self.root:
            manifests.append(self.folder / f"{len(manifests)}.tsv")
            patchead("datasets", "freeze", "--data-root", root, "--dataset", "mvtec-like",
                     "--output", manifests[-1])
        self.assertEqual(*[m.read_bytes() for m in manifests])
        text = manifests[0].read_text()
        (found,) = json.loads(self.check("--json", "-", "--fast").stdout)
        self.assertTrue(text.startswith(f"# id_digest\tmvtec-like\t{found['id_digest']}\n"))
        self.assertNotIn(str(self.folder), text)

    def test_list_names_every_set_and_what_is_there(self):
        done = patchead("datasets", "list", "--data-root", self.root)
        for name in "mvtec", "visa", "mpdd", "btad", "ksdd", "dagm", "dtd-synthetic", "folder":
            self.assertIn(f"\n{name} (", "\n" + done.stdout)
        self.assertIn(f"layout 'mvtec' in '{self.root / 'mvtec-like'}'", done.stdout)
        self.assertIn("CC BY-NC-SA 4.0", done.stdout)

    def test_table6_has_a_gap_where_a_set_is_not_there(self):
        done = patchead("datasets", "table6", "--data-root", self.root)
        self.assertIn("| VisA | object | – | 12 | – | 962 | – | 1200 |", done.stdout)

    def test_wrong_input(self):
        self.refuse(self.check(root=self.folder / "nowhere", check=False), "nowhere")
        self.refuse(self.check("--threads", 0, check=False), "--threads")
        self.refuse(self.check("--category", "fabrik", "--strict", check=False))
        self.refuse(patchead("datasets", "chek", check=False), "did you mean 'check'")
        self.refuse(patchead("datasets", "check", "--data-root", self.root, check=False),
                    "no published data set", self.root)
        self.refuse(patchead("datasets", "freeze", "--data-root", self.root, "--output",
                             self.folder / "x", check=False), "--dataset")
        self.refuse(patchead("datasets", "check", "--data-root", self.root, "--dataset", "vsia",
                             check=False), "did you mean 'visa'")

    def test_help_of_every_part(self):
        for part in "list", "check", "freeze", "table6":
            self.assertIn(f"usage: patchead datasets {part}",
                          patchead("datasets", part, "--help").stdout)
            self.assertIn(part, patchead("datasets", "--help").stdout)


class OwnData(DemoTest):
    """What a sweep says and does with images as users have them."""

    def setUp(self):
        super().setUp()
        self.root = self.folder / "data"
        shutil.copytree(self.data / "mvtec-like/fabric", self.root / "fabric")

    def sweep(self, *arguments, dataset="mvtec-like", **options):
        self.output = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        return patchead("sweep", "--dataset", dataset, "--data-root", self.root, "--shots", 1,
                        "--seeds", 0, "--modules", "none", "--image-size", 32, "--store",
                        self.folder / "store", "--output", self.output, *arguments, **options)

    def test_without_masks_image_metrics_are_computed_and_pixel_metrics_say_why_not(self):
        masks = sorted((self.root / "fabric/ground_truth").rglob("*.png"))
        masks[0].unlink()
        for reason in f"1 of {len(masks)} anomalous images have no mask", "no anomalous image has a mask":
            self.assertIn("no pixel-level metrics", self.sweep().stderr)
            found = {row["metric"]: (row["value"], row["reason"]) for row in rows(self.output)}
            self.assertEqual(found["P-AUROC"][1], reason)
            self.assertEqual(found["I-AUROC"][1], "")
            self.assertNotIn("nan", found["I-AUROC"][0].lower())
            shutil.rmtree(self.root / "fabric/ground_truth", ignore_errors=True)

    def test_what_is_left_out_is_said(self):
        defect = next(path for path in (self.root / "fabric/test").iterdir() if path.name != "good")
        for name in "a.webp", "b.gif":
            (defect / name).write_bytes(b"x")
        (defect / "more").mkdir()
        shutil.copy(next(defect.glob("*.png")), defect / "more/x.png")
        notes = self.sweep().stderr
        for part in "(webp)", "(gif)", "more/x.png":
            self.assertIn(part, notes)

    def test_test_images_that_are_prompts_are_refused_or_said(self):
        good = self.root / "fabric/train/good"
        own = ("--normal-dir", good, "--abnormal-dir",
               next(path for path in (self.root / "fabric/test").iterdir() if path.name != "good"))
        for same in good, self.root / "fabric/test/../train/good":
            done = self.sweep(*own, "--normal-test-dir", same, dataset="folder", check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("pass different folders", done.stderr)
        copy = self.folder / "copy"
        copy.mkdir()
        shutil.copy(next(good.glob("*.png")), copy / "other.png")
        done = self.sweep(*own, "--normal-test-dir", copy, dataset="folder")
        self.assertIn("1 test image also in train, the same bytes", done.stderr)


class RealFiles(unittest.TestCase):
    def test_real_files_raise_no_false_alarm(self):
        data = require_shared("datasets")
        for name, folder in (("mvtec", "mvtec_ad_512"), ("ksdd", "ksdd"), ("visa", "visa_samples"),
                             ("mpdd", "more/mpdd_256"), ("mvtec", "more/mvtec_ad_320"),
                             ("mvtec-like", "more/magnetic_tile_as_mvtec")):
            done = patchead("datasets", "check", "--data-root", data / folder, "--dataset", name)
            self.assertNotIn("error:", done.stdout)
            for line in done.stdout.splitlines():
                if "warning:" in line:
                    self.assertTrue("published" in line or "no masks" in line, line)


if __name__ == "__main__":
    main()
