"""From a real sweep: the example script, the figures and the report agree with the tables."""

import csv
import re
import shutil
import subprocess
import sys

import numpy as np

from pages import broken_links, pages
from patchead_analysis.figures import shots
from patchead_analysis.results import Results
from support import SOURCE, CalmTest, main, patchead

GRID = ["--image-size", 96, "--shots", 0, 1, 2, "--seeds", 0, 1, "--modules", "none", "mask", "--batch-size", 8]


class FromASweep(CalmTest):
    grid = [*GRID, "--maps", 4]

    def setUp(self):
        super().setUp()
        self.output = self.folder / "output"
        shutil.copytree(self.calm, self.output)
        with open(self.output / "tables/summary_mvtec-like.csv", newline="", encoding="utf-8") as file:
            self.summary = list(csv.DictReader(file))

    def script(self, name, *arguments):
        done = subprocess.run([sys.executable, SOURCE / "analysis" / name, *map(str, arguments)], capture_output=True,
                              text=True, timeout=300)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def test_the_example_prints_the_numbers_of_the_tables(self):
        text = self.script("example.py", self.output)
        self.assertEqual(len(self.summary), 6)
        for row in self.summary:
            line = next(line for line in text.splitlines() if f"{float(row['I-AUROC']):.4f}" in line
                        and f"{float(row['I-AUROC_std']):.4f}" in line and line.split()[-4] == row["modules"])
            self.assertEqual(line.split()[-1], row["seeds"])
        self.assertIn("maps of 4 images, the hottest patch is in", text)

    def test_figure_4_has_the_numbers_of_the_tables(self):
        curve = shots.curves_of(Results(self.output / "results.h5"))["mvtec-like, patchead_tiny, 96 px"]
        known = [(int(row["shots"]), float(row["I-AUROC"]), float(row["I-AUROC_std"])) for row in self.summary
                 if row["setting"] == "few-shot" and row["modules"] == "none"]
        np.testing.assert_allclose(curve, known, rtol=0, atol=1e-12)

    def test_report_writes_pages_with_figures_maps_and_the_papers_tables(self):
        patchead("report", self.output, "--html", "--python", sys.executable)
        self.assertEqual(broken_links(self.output / "report"), [])
        found = pages(self.output / "report")
        self.assertIn("maps.html", found)
        self.assertIn("categories/mvtec-like/fabric.html", found)
        row = self.summary[0]
        self.assertIn(f"{100 * float(row['I-AUROC']):.1f}", found["index.html"].text)
        revision = Results(self.output / "results.h5").provenance["git_revision"]
        self.assertIn(revision, found["about.html"].text)
        self.assertIn("finished after", found["about.html"].text)

    def test_the_highest_values_are_those_of_the_csv_and_p_is_shown(self):
        patchead("report", self.output, "--html", "--bootstrap", 100, "--python", sys.executable)
        means = {}
        with open(self.output / "results.csv", newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["metric"] == "I-AUROC":
                    setting = "batch zero-shot" if row["shots"] == "0" else f"{row['shots']}-shot"
                    key = row["category"], f"{row['backbone']}, {row['image_size']} px, {setting}, {row['modules']}"
                    means.setdefault(key, []).append(float(row["value"]))
        page = " ".join(pages(self.output / "report")["index.html"].text.split())
        for category in {category for category, _ in means}:
            best = max(np.mean(values) for (name, _), values in means.items() if name == category)
            shown = re.search(rf"mvtec-like ?{category} [\d ]+ (\d+\.\d)(?: ± \d+\.\d)?(?: \([^)]*\))? "
                              r"(\S+, \d+ px, [^,]+, [\w+]+)", page)
            self.assertTrue(shown, f"no {category} in: {page}")
            self.assertEqual(shown[1], f"{100 * best:.1f}", category)
            self.assertEqual(f"{100 * np.mean(means[category, shown[2]]):.1f}", shown[1], "the setting that it names")
        with open(self.output / "tables/differences_mvtec-like.csv", newline="", encoding="utf-8") as file:
            average = next(row for row in csv.DictReader(file) if row["category"] == "Average")
        self.assertIn(f"{float(average['p']):.3f}", page)

    def test_a_report_of_several_runs_has_the_maps_of_all(self):
        self.sweep("--image-size", 96, "--shots", 4, "--seeds", 0, "--maps", 2, output="more")
        merged = self.folder / "merged"
        patchead("report", self.output, self.folder / "more", "--output", merged, "--html", "--python", sys.executable)
        index = (merged / "report/maps/index.js").read_text()
        self.assertIn("batch zero-shot", index)
        self.assertIn("4-shot", index)

    def test_a_python_without_the_libraries_is_told_and_the_tables_are_there(self):
        python = self.folder / "bare-python"
        python.write_text(f'#!/bin/sh\nexec {sys.executable} -I -S "$@"\n')
        python.chmod(0o755)
        done = patchead("report", self.output, "--html", "--python", python, "--output", self.folder / "again",
                        check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("python3-jinja2", done.stderr)
        self.assertIn("the tables are done", done.stderr)
        self.assertTrue((self.folder / "again/results.csv").exists())
        done = patchead("report", self.output, "--html", "--python", self.folder / "none", check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("cannot start", done.stderr)


if __name__ == "__main__":
    main()
