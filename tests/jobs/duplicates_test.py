"""patchead datasets duplicates, and sweeps without what it found."""

import csv
import io
import shutil

import numpy as np
from PIL import Image

from support import DemoTest, main, patchead, rows, run_state


def jpeg_copy(path):
    """The same picture, written and read as a JPEG file."""
    buffer = io.BytesIO()
    Image.open(path).convert("RGB").save(buffer, "JPEG", quality=85)
    return Image.open(io.BytesIO(buffer.getvalue()))


def moved(path):
    """The same picture, a pixel to the right, and a little brighter."""
    pixels = np.asarray(Image.open(path).convert("RGB"))
    return Image.fromarray(np.clip(np.roll(pixels, 1, axis=1) * 1.05, 0, 255).astype(np.uint8))


class Duplicates(DemoTest):
    def plant(self):
        """A data root with near-duplicates within and across the splits of fabric. Returns their stems."""
        root = self.folder / "data"
        shutil.copytree(self.data, root, dirs_exist_ok=True)
        category = root / "mvtec-like/fabric"
        train, good = (sorted((category / split / "good").iterdir()) for split in ("train", "test"))
        defect = next(path for path in sorted((category / "test").iterdir()) if path.name != "good")
        broken = sorted(defect.iterdir())[0]
        jpeg_copy(good[0]).save(category / "train/good/900.png")     # A test image among the prompts.
        moved(train[0]).save(category / "train/good/901.png")
        shutil.copyfile(broken, category / f"test/{defect.name}/902.png")
        masks = category / "ground_truth" / defect.name
        shutil.copyfile(masks / f"{broken.stem}_mask.png", masks / "902_mask.png")
        return root, [{f"fabric/test/good/{good[0].stem}", "fabric/train/good/900"},
                      {f"fabric/train/good/{train[0].stem}", "fabric/train/good/901"},
                      {f"fabric/test/{defect.name}/{broken.stem}", f"fabric/test/{defect.name}/902"}]

    def find(self, root, output="found", ranks=1, store="store"):
        return patchead("datasets", "duplicates", "--data-root", root, "--dataset", "mvtec-like", "--category", "fabric", "gelcap",
                        "--image-size", 112, "--store", self.folder / store, "--output", self.folder / output, ranks=ranks)

    def pairs(self, output="found"):
        with open(self.folder / output / "duplicates.csv", newline="") as file:
            return list(csv.DictReader(file))

    def test_finds_what_was_planted_and_nothing_else(self):
        root, planted = self.plant()
        told = self.find(root).stdout
        found = self.pairs()
        self.assertEqual(sorted(map(sorted, planted)), sorted([row["one"], row["other"]] for row in found), told)
        self.assertEqual({row["splits"]: row["same_file"] for row in found},
                         {"test-train": "no", "train-train": "no", "test-test": "yes"})
        self.assertIn("3 pairs", told)
        self.assertEqual(len(list((self.folder / "found/pairs/mvtec-like/fabric").iterdir())), 3)
        self.same_for_two_ranks(root)
        self.sweep_without(root, planted)

    def same_for_two_ranks(self, root):
        self.find(root, "two", 2, "store2")
        for name in "duplicates.csv", "tables/duplicates.md", "without.tsv":
            self.assertEqual((self.folder / "two" / name).read_bytes(), (self.folder / "found" / name).read_bytes(), name)
        self.find(root, "again")
        self.assertEqual(run_state(self.folder / "again")["forwards"], 0)

    def sweep_without(self, root, planted):
        """A list that was found takes one image of each pair out, a training image where there is one."""
        arguments = ["sweep", "--data-root", root, "--dataset", "mvtec-like", "--category", "fabric", "--image-size", 64,
                     "--shots", "each", "--store", self.folder / "store3"]
        patchead(*arguments, "--output", self.folder / "all")
        done = patchead(*arguments, "--without", self.folder / "found/without.tsv", "--output", self.folder / "fewer")
        self.assertIn("3 images left out", done.stderr)
        prompts = [{row["seed"] for row in rows(self.folder / name)} for name in ("all", "fewer")]
        self.assertEqual(len(prompts[0]) - len(prompts[1]), 2)
        again = patchead("report", self.folder / "all", self.folder / "fewer", "--output", self.folder / "both", check=False)
        self.assertEqual(again.returncode, 1, "they saw different samples")

    def test_untouched_demo_data_has_none(self):
        told = self.find(self.data).stdout
        self.assertEqual(self.pairs(), [], told)

    def test_slips_get_one_clear_message(self):
        (self.folder / "list.tsv").write_text("mvtec-like\tfabric\tno/such/image\n")
        for words, expected in ((["--without", self.folder / "list.tsv"], "no/such/image"),
                                (["--without", self.folder / "nothing.tsv"], "nothing.tsv")):
            done = self.sweep("--category", "fabric", "--image-size", 64, "--shots", 1, *words, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(expected, done.stderr)
        done = patchead("datasets", "duplicates", "--data-root", self.data, "--dataset", "mvtec-like", "--image-size", 64, 112,
                        "--category", "fabric", "--store", self.folder / "store", "--output", self.folder / "x", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("one backbone at one size", done.stderr)


if __name__ == "__main__":
    main()
