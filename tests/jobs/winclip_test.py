"""WinCLIP end to end with a small seeded CLIP: what its scores are made of, what they cost, and clear messages."""

import shutil

import h5py
import numpy as np

from clip_files import VOCABULARY, SmallClip, write_safetensors
from support import DemoTest, main, outcome, patchead, rows, run_state, value

PLAIN = ["--image-size", 64, "--seeds", 0, "--category", "fabric"]
SIDE = 4


def forwards(output):
    return run_state(output)["forwards"]


def units(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


def harmonic(values, side):
    """Of each patch over the windows of `side` that cover it. Shape: `values[n, n]` to `[SIDE, SIDE]`."""
    count, inverse = np.zeros((SIDE, SIDE)), np.zeros((SIDE, SIDE))
    for row in range(len(values)):
        for col in range(len(values)):
            count[row:row + side, col:col + side] += 1
            inverse[row:row + side, col:col + side] += 1 / values[row, col]
    return count / inverse


class WinClip(DemoTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.checkpoint = SmallClip().write(cls.shared_folder / "clip")

    def run_winclip(self, *arguments, detectors=("winclip",), file=None, **options):
        return self.sweep(*PLAIN, "--backbone", f"open_clip:{file or self.checkpoint}", "--detector", *detectors,
                          *arguments, **options)

    def test_every_rank_count_gives_the_same_bytes_and_a_second_run_computes_nothing(self):
        arguments = ["--shots", 0, 1, 2, 4, "--block-images", 3]
        expected = None
        for ranks in 1, 2, 4:
            self.run_winclip(*arguments, detectors=("patchead", "winclip"), store=f"store{ranks}",
                             output=f"run{ranks}", ranks=ranks)
            bytes_now = outcome(self.folder / f"run{ranks}")
            expected = expected or bytes_now
            self.assertEqual(bytes_now, expected, f"{ranks} ranks")
        self.run_winclip(*arguments, detectors=("patchead", "winclip"), store="store2", output="again")
        self.assertEqual(outcome(self.folder / "again"), expected)
        self.assertEqual(forwards(self.folder / "again"), 0)
        found = {row["shots"] for row in rows(self.folder / "run1") if row["detector"] == "winclip"}
        self.assertEqual(found, {"0", "1", "2", "4"})

    def test_an_image_scores_the_same_in_any_batch(self):
        for size in 0, 3:
            self.run_winclip("--shots", 0, "--batch-size", size, output=f"batch{size}")
        self.assertEqual(*(value(rows(self.folder / f"batch{size}"), "I-AUROC", detector="winclip") for size in (0, 3)))
        self.assertEqual(forwards(self.folder / "batch3"), 0)

    def test_windows_are_counted_by_their_tokens_and_made_once(self):
        self.run_winclip("--shots", 0, detectors=("patchead",), store="plain", output="plain")
        self.run_winclip("--shots", 0)
        images = forwards(self.folder / "plain")
        # 9 windows of 5 tokens and 4 of 10, an image has 17.
        self.assertEqual(forwards(self.folder / "output"), images * (1 + (9 * 5 + 4 * 10) // 17))
        self.run_winclip("--shots", 0, "--detector-options", "winclip:temperature=0.01", output="again")
        self.assertEqual(forwards(self.folder / "again"), 0)
        self.assertNotEqual(outcome(self.folder / "again"), outcome(self.folder / "output"))

    def images(self):
        """Id -> embeddings of the whole, of windows and of patches."""
        found = {}
        for path in (self.folder / "store" / "features").rglob("*.h5"):
            with h5py.File(path) as file:
                names = [next(name for name in file["layers"]), "2", "3"]
                parts = [file["image/feature"], file[f"layers/{names[0]}/patches"], file["windows/2/values"],
                         file["windows/3/values"]]
                parts = [part[...].astype(float) for part in parts]
                for row, id in enumerate(file["ids"][...]):
                    found[id.decode()] = [part[row] for part in parts]
        return found

    def texts(self):
        (path,) = (self.folder / "store" / "texts").rglob("*.h5")
        with h5py.File(path) as file:
            both = [file[f"arrays/{name}"][...].astype(float) for name in ("normal", "anomalous")]
        self.assertEqual([len(each) for each in both], [7 * 21, 4 * 21])
        return units(np.stack([each.mean(axis=0) for each in both]))

    def by_words(self, image, text):
        def likely(embeddings):
            exponents = np.exp(units(embeddings) @ text.T / 0.07)
            return exponents[..., 1] / exponents.sum(axis=-1)
        whole, _, two, three = image
        inverse = 1 / likely(whole) + 1 / harmonic(likely(two).reshape(3, 3), 2) + 1 / harmonic(likely(three).reshape(2, 2), 3)
        return likely(whole), 3 / inverse

    def by_references(self, image, references):
        def near(part):
            memory = units(np.concatenate([reference[part] for reference in references]))
            return (1 - (units(image[part]) @ memory.T).max(axis=-1)) / 2
        patches = near(1).reshape(SIDE, SIDE)
        return (patches + harmonic(near(2).reshape(3, 3), 2) + harmonic(near(3).reshape(2, 2), 3)) / 3

    def test_scores_are_what_words_and_references_say(self):
        self.run_winclip("--shots", 0, 2, "--cache-dtype", "fp32", "--maps", "all")
        images, text = self.images(), self.texts()
        with h5py.File(self.folder / "output/results.h5") as file:
            prompts = {id.decode() for id in file["prompts/id"][...]}
        self.assertEqual(len(prompts), 2)
        references = [images[id] for id in prompts]
        maps = self.folder / "output/maps/mvtec-like/fabric"
        for setting in "zero-shot", "2-shot":
            (path,) = maps.glob(f"*{setting}*winclip.h5")
            with h5py.File(path) as file:
                ids = [id.decode() for id in file["images/id"][...]]
                patches, scores = file["patches/score"][...].reshape(len(ids), SIDE, SIDE), file["images/score"][...]
            for id, own, score in zip(ids, patches, scores):
                whole, grid = self.by_words(images[id], text)
                if setting == "2-shot":
                    distances = self.by_references(images[id], references)
                    whole, grid = (whole + distances.max()) / 2, grid + distances
                np.testing.assert_allclose(own, grid, atol=1e-5)
                np.testing.assert_allclose(score, whole, atol=1e-5)

    def test_words_of_ones_own_change_scores(self):
        words = self.folder / "words.txt"
        words.write_text("[normal]\ngood {}\n[anomalous]\nbad {}\n[templates]\na {}\n")
        self.run_winclip("--shots", 0, output="published")
        self.run_winclip("--shots", 0, "--detector-options", f"winclip:prompts={words}", output="own")
        self.assertNotEqual(outcome(self.folder / "own"), outcome(self.folder / "published"))
        self.assertEqual(forwards(self.folder / "own"), 0, "windows are those of before")

    def test_what_it_needs_is_said_once(self):
        alone = SmallClip().write(self.folder / "alone", vocabulary=False)
        images = self.folder / "images.safetensors"
        write_safetensors(images, {name: values for name, values in SmallClip().tensors.items()
                                   if name.startswith("visual.")})
        for file, arguments, message in (
                (images, [], "the checkpoint brings no text tower"),
                (alone, [], "no vocabulary"),
                (self.checkpoint, ["--detector-options", "winclip:prompts=nowhere"], "there is no prompt set 'nowhere'"),
                (self.checkpoint, ["--detector-options", "winclip:scales=0"], "scales"),
                (self.checkpoint, ["--tile", "32:0"], "--tile")):
            with self.subTest(message):
                done = self.run_winclip("--shots", 0, *arguments, file=file, check=False, ranks=2)
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertEqual(done.stderr.count(message), 1, done.stderr)
        done = self.sweep(*PLAIN, "--shots", 0, "--detector", "winclip", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("detector winclip with backbone 'patchead_tiny'", done.stderr)
        shutil.copytree(VOCABULARY, self.folder / "words")
        self.run_winclip("--shots", 0, "--vocabulary", self.folder / "words", file=alone)
        self.assertTrue(rows(self.folder / "output"))


if __name__ == "__main__":
    main()
