"""`patchead fit --images`: what a model is worth where photos come from, before it is trusted."""

import shutil

import numpy as np

from score_test import ScoreTest
from support import main


class NewPhotos(ScoreTest):
    def test_fit_says_how_other_photos_compare_with_the_normal_ones(self):
        shutil.copy(self.normal.parents[2] / "readme.txt", self.photos() / "broken.png")
        for images in self.images, self.normal, self.folder / "photos":
            printed = self.fit("--images", images).stderr
            content = self.score("--allow-failed", images=images)
            scores = [image["score"] for image in content["images"]]
            above = sum(image["verdict"] == "defect" for image in content["images"])
            normal = np.median(content["model"]["normal_scores"])
            self.assertIn(f"{len(scores)} photos of --images: median score {np.median(scores):.4g}, of the normal photos "
                          f"{normal:.4g}; above the threshold {above}", printed)
            self.assertEqual("warning: more than half" in printed, 2 * above > len(scores))
            self.assertEqual("; 1 cannot be read" in printed, "photos" == images.name)
        done = self.fit("--images", self.folder / "nowhere", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("check --images", done.stderr)


if __name__ == "__main__":
    main()
