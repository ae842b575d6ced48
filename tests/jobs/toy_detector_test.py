"""A detector is one file and one line: command, sweep, tables and report have it unasked."""

import os

os.environ["PATCHEAD_BINARY"] = os.environ["PATCHEAD_TOY_BINARY"]

from support import DemoTest, main, patchead, rows, value  # noqa: E402 (reads the environment)


class ToyDetector(DemoTest):
    def test_a_file_and_a_line_are_all_of_it(self):
        self.assertIn("toy", patchead("detectors").stdout)
        self.sweep("--image-size", 64, "--shots", 1, 2, "--seeds", 0, "--category", "fabric",
                   "--detector", "patchead", "toy")
        found = rows(self.folder / "output")
        self.assertEqual({row["detector"] for row in found}, {"patchead", "toy"})
        for shots in 1, 2:
            self.assertGreater(value(found, "P-AUROC", detector="toy", shots=shots), 0.5)
        table = (self.folder / "output/tables/summary_mvtec-like.md").read_text()
        self.assertIn("toy", table)
        self.assertIn("nothing that anybody published", table)
        costs = (self.folder / "output/tables/costs_mvtec-like.csv").read_text().splitlines()
        self.assertEqual(sum(",toy," in line for line in costs), 2, "what it costs is reckoned from its model")
        self.assertFalse(any("nan" in line for line in costs))
        patchead("report", self.folder / "output", "--rivals", "--html")
        rivals = (self.folder / "output/rivals/rivals_I-AUROC.md").read_text()
        self.assertIn("| Toy ", rivals)
        self.assertIn("nothing that anybody published", rivals)
        page = (self.folder / "output/report/rivals.html").read_text()
        self.assertIn("Toy", page)
        self.assertIn("toy", page[page.index('id="pareto"'):])
        self.assertIn("toy", (self.folder / "output/report/index.html").read_text())


if __name__ == "__main__":
    main()
