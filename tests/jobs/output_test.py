"""Output folders that hold results already: what may replace them, and what is refused."""

from support import DemoTest, files, main, outcome, patchead, rows

QUICK = ["--image-size", 96, "--shots", 1, "--seeds", 0]


class Outputs(DemoTest):
    def refuse(self, *arguments, words):
        before = files(self.folder / "output")
        done = self.sweep(*arguments, check=False)
        self.assertEqual(done.returncode, 1, done.stderr)
        for word in (str(self.folder / "output/results.h5"), "--overwrite", "--output", *words):
            self.assertIn(word, done.stderr)
        self.assertEqual(files(self.folder / "output"), before, "nothing there has changed")

    def test_only_the_same_sweep_or_a_larger_one_replaces_results_unasked(self):
        self.sweep(*QUICK)
        first = outcome(self.folder / "output")
        self.assertNotIn("replace", self.sweep(*QUICK, ranks=2).stderr)
        self.assertEqual(outcome(self.folder / "output"), first)
        more = ["--image-size", 96, "--shots", 1, 2, "--seeds", 0, 1]
        self.assertNotIn("replace", self.sweep(*more).stderr)
        self.refuse(*QUICK, words=["points are not in this sweep"])
        self.refuse(*more, "--rho-few", 0.2, words=["--rho-few", "0.2 now"])
        self.assertNotIn("replace", self.sweep(*more, "--rho-zero", 0.2).stderr, "of no effect")
        self.refuse("--image-size", 112, "--shots", 1, 2, "--seeds", 0, 1, words=["points"])
        self.sweep(*QUICK, "--overwrite")
        self.assertEqual(outcome(self.folder / "output"), first)

    def test_units_that_are_cut_otherwise_and_options_of_the_engine_change_nothing(self):
        self.sweep(*QUICK)
        first = (self.folder / "output/results.csv").read_bytes()
        done = self.sweep(*QUICK, "--block-images", 3, "--forward-batch", 2, "--trace")
        self.assertNotIn("replaced", done.stderr)
        self.assertEqual((self.folder / "output/results.csv").read_bytes(), first)

    def test_the_same_of_other_images_is_told(self):
        self.sweep(*QUICK)
        other = self.folder / "data"
        patchead("demo-data", "--output", other, "--side", 96, "--train", 4, "--test-good", 2,
                 "--per-defect", 2)
        done = self.sweep(*QUICK, data=other)
        self.assertIn("other images in data set mvtec-like", done.stderr)
        self.assertTrue(rows(self.folder / "output"))


if __name__ == "__main__":
    main()
