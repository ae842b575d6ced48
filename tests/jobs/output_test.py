"""Output folders that hold results already: what may replace them, and what is kept."""

from support import DemoTest, main, outcome, patchead, rows

QUICK = ["--image-size", 96, "--shots", 1, "--seeds", 0]


class Outputs(DemoTest):
    def replaces(self, *arguments, words):
        """The results that were there are kept, and said to be."""
        before = (self.folder / "output/results.h5").read_bytes()
        said = self.sweep(*arguments).stderr
        for word in (str(self.folder / "output/results.h5"), "results.before-", *words):
            self.assertIn(word, said)
        kept = [file for file in (self.folder / "output").glob("results.before-*.h5")
                if file.read_bytes() == before]
        self.assertEqual(len(kept), 1)
        return kept[0]

    def test_results_of_another_sweep_are_kept_and_said_to_be(self):
        self.sweep(*QUICK)
        first = outcome(self.folder / "output")
        self.assertNotIn("before-", self.sweep(*QUICK, ranks=2).stderr)
        self.assertEqual(outcome(self.folder / "output"), first)
        more = ["--image-size", 96, "--shots", 1, 2, "--seeds", 0, 1]
        self.assertNotIn("before-", self.sweep(*more).stderr)
        table = (self.folder / "output/results.csv").read_bytes()
        self.assertNotIn("before-", self.sweep(*more, "--rho-zero", 0.2).stderr, "of no effect")
        kept = self.replaces(*more, "--rho-few", 0.2, words=["--rho-few", "0.2 now"])
        patchead("report", kept, "--output", self.folder / "again")
        self.assertEqual((self.folder / "again/results.csv").read_bytes(), table)
        self.replaces("--image-size", 112, "--shots", 1, 2, "--seeds", 0, 1, words=["points"])
        self.replaces(*QUICK, words=["points are not in this sweep"])
        self.sweep("--image-size", 112, "--shots", 1, "--seeds", 0, "--overwrite")
        self.assertEqual(len(list((self.folder / "output").glob("results.before-*"))), 3)

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
