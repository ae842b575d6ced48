"""What `sweep --maps` records: the same bytes for any number of ranks, and what its columns say."""

import io
import json

import h5py
import numpy as np
from PIL import Image

from support import DemoTest, files, main

GRID = ["--image-size", 96, "--shots", 0, 1, 2, "--seeds", 0, 1, "--modules", "none", "mask", "--batch-size", 8]


def maps(folder):
    return {name: data for name, data in files(folder).items() if name.startswith("maps/")}


class Maps(DemoTest):
    def read(self, name, category="fabric", output="output"):
        return h5py.File(self.folder / output / f"maps/mvtec-like/{category}/{name}.h5")

    def test_they_are_the_same_for_any_number_of_ranks_and_a_cold_or_warm_store(self):
        self.sweep(*GRID, "--maps", 5, output="alone")
        expected = maps(self.folder / "alone")
        self.assertEqual(len(expected), 3 * (1 + 2 * 2), "images, and shots 0 and 2 with two sets of modules")
        for ranks in 2, 3:
            self.sweep(*GRID, "--maps", 5, ranks=ranks, output=str(ranks), store=f"store{ranks}")
            self.assertEqual(maps(self.folder / str(ranks)), expected, f"{ranks} ranks, cold")
        self.sweep(*GRID, "--maps", 5, ranks=2, output="warm")
        self.assertEqual(maps(self.folder / "warm"), expected, "warm store")

    def test_recording_them_later_computes_nothing_again(self):
        self.sweep(*GRID)
        self.assertEqual(maps(self.folder / "output"), {})
        self.sweep(*GRID, "--maps", "all")
        run = json.loads((self.folder / "output/run.json").read_text())
        self.assertEqual((run["forwards"], run["matrix_products"]), (0, 0))
        self.assertEqual(run["units_by_kind"]["evaluate"]["done"], run["units_by_kind"]["evaluate"]["total"])
        with self.read("images") as file:
            self.assertEqual(len(file["images/id"]), 3 + 4 * 2, "all test images of the category")

    def test_patch_scores_give_the_image_scores_and_masks_follow_from_attention(self):
        self.sweep(*GRID, "--maps", "all")
        side = 96 // 16
        with self.read("patchead_tiny_96px_2-shot_none") as plain, \
                self.read("patchead_tiny_96px_2-shot_mask") as masked:
            self.assertEqual((plain["point/grid_rows"][0], plain["point/grid_cols"][0]), (side, side))
            scores = plain["patches/score"][...].reshape(-1, side * side)
            # Few-shot, rho 0: the image score is the highest patch score.
            np.testing.assert_array_equal(scores.max(axis=1), plain["images/score"][...])
            self.assertNotIn("attention", plain["patches"])
            attention = masked["patches/attention"][...].reshape(-1, side * side).astype(float)
            low, high = attention.min(axis=1, keepdims=True), attention.max(axis=1, keepdims=True)
            foreground = (attention - low) / (high - low) > masked["point/mask_threshold"][0]
            self.assertTrue(foreground.any() and not foreground.all())
            expected = np.where(foreground, scores, scores * np.float32(masked["point/mask_weight"][0]))
            np.testing.assert_array_equal(masked["patches/score"][...].reshape(scores.shape), expected)
            ranked = np.sort(scores.ravel())
            self.assertEqual(plain["point/low"][0], ranked[int(0.5 * (ranked.size - 1))])
            self.assertEqual(plain["point/high"][0], ranked[int(0.998 * (ranked.size - 1))])

    def test_scores_are_those_of_the_results(self):
        self.sweep(*GRID, "--maps", 4)
        with self.read("patchead_tiny_96px_batch-zero-shot_none") as file, \
                h5py.File(self.folder / "output/results.h5") as results:
            points = {name: results["points"][name][...] for name in ("category", "shots", "seed", "modules")}
            point = next(i for i, row in enumerate(zip(*points.values())) if row == (b"fabric", 0, 0, b"none"))
            mine = results["scores/point"][...] == point
            ids = results["images/id"][...][results["scores/image"][mine]]
            known = dict(zip(ids, results["scores/score"][mine]))
            self.assertEqual([known[id] for id in file["images/id"]], list(file["images/score"]))
            self.assertEqual(file["point/seed"][0], 0)

    def test_thumbnails_and_ground_truth_are_images(self):
        self.sweep(*GRID, "--maps", 4)
        with self.read("images", "gelcap") as file:
            columns = {name: column[...] for name, column in file["images"].items()}
            self.assertEqual(sum(columns["anomalous"]), 2, "normal and anomalous images by turns")
            self.assertEqual(file.attrs["maps_schema"], b"1")
            begin = {"jpeg": 0, "truth": 0}
            for i, id in enumerate(columns["id"]):
                end = {name: columns[f"{name}_end"][i] for name in begin}
                jpeg, truth = (file[f"{name}/bytes"][begin[name]:end[name]].tobytes() for name in begin)
                image = Image.open(io.BytesIO(jpeg)).convert("RGB")
                self.assertEqual(image.size, (96, 96))
                source = Image.open(self.data / "mvtec-like" / f"{id.decode()}.png").convert("RGB")
                self.assertEqual((columns["height"][i], columns["width"][i]), source.size[::-1])
                difference = np.abs(np.asarray(image, int) - np.asarray(source, int)).mean()
                self.assertLess(difference, 6, "the same picture but for JPEG")
                self.assertEqual(bool(truth), bool(columns["anomalous"][i]))
                if truth:
                    path = id.decode().replace("/test/", "/ground_truth/") + "_mask.png"
                    mask = np.asarray(Image.open(self.data / "mvtec-like" / path)) > 0
                    np.testing.assert_array_equal(np.asarray(Image.open(io.BytesIO(truth))) > 0, mask)
                begin = end

    def test_wrong_options_are_told(self):
        for wrong, what in ((["--maps", "some"], "--maps"), (["--maps", "-1"], "--maps"),
                            (["--maps", 2, "--map-shots", 8], "none of --shots")):
            done = self.sweep(*GRID, *wrong, check=False)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(what, done.stderr)


if __name__ == "__main__":
    main()
