"""A folder of many photos streams through `patchead score`: what a rank holds does not grow with them."""

import csv
import os
import subprocess

from support import BINARY, DemoTest, main, patchead

PHOTOS = int(os.environ.get("PATCHEAD_MANY_PHOTOS", "600"))
A_ROW, NOISE = 8 << 10, 48 << 20  # Bytes: of a photo's line in all outputs; what an allocator keeps, more or less.


def peak_of(*command):
    """Runs it; the largest resident memory of the process in bytes."""
    process = subprocess.Popen([BINARY, *map(str, command)], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    printed = process.stderr.read()
    process.stderr.close()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise AssertionError(f"{command} exited with {process.returncode}: {printed}")
    return usage.ru_maxrss << 10


class ManyPhotos(DemoTest):
    def setUp(self):
        super().setUp()
        part = next(self.data.rglob("gelcap/train/good")).parents[1]
        self.photos = sorted((part / "test").rglob("*.png"))
        patchead("fit", "--normal", part / "train/good", "--output", self.folder / "model.h5", "--image-size", 64)

    def score(self, count):
        """Peak memory, and the rows of scores.csv."""
        images, output = self.folder / f"{count}-images", self.folder / f"{count}-scored"
        for number in range(count):
            photo = images / f"{number // 500:03d}" / f"{number:06d}.png"
            photo.parent.mkdir(parents=True, exist_ok=True)
            os.link(self.photos[number % len(self.photos)], photo)
        peak = peak_of("score", "--model", self.folder / "model.h5", "--images", images, "--output", output, "--page", "no")
        with open(output / "scores.csv") as file:
            return peak, list(csv.DictReader(file)), output

    def test_memory_is_that_of_a_block(self):
        few, _, _ = self.score(PHOTOS // 10)
        many, rows, output = self.score(PHOTOS)
        print(f"{PHOTOS // 10} photos: {few >> 20} MiB; {PHOTOS} photos: {many >> 20} MiB")
        self.assertLess(many - few, PHOTOS * A_ROW + NOISE)
        self.assertEqual(len({row["path"] for row in rows}), PHOTOS)
        self.assertEqual(len(list((output / "heatmaps").iterdir())), PHOTOS)
        by_photo = {}
        for number, row in enumerate(rows):
            by_photo.setdefault(number % len(self.photos), set()).add(row["score"])
        self.assertEqual({len(scores) for scores in by_photo.values()}, {1}, "one photo, several scores")


if __name__ == "__main__":
    main()
