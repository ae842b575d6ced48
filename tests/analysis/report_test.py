"""The HTML report: what its pages say, and that they need nothing else."""

import base64
import io
import json
import pathlib
import re
import shutil
import sys
import tempfile

import numpy as np
from PIL import Image

from made_run import Made, make_report, patches_of, put, write_paper, write_results, write_rivals, write_run, write_tables
from pages import broken_links, pages
from patchead_analysis.html.png import palette_png
from patchead_analysis.html.ranking import wrongness
from patchead_analysis.results import Results
from support import FolderTest, files, main

MADE = Made(["bolt", "nut & co"], images=40)


def arguments_of(script):
    """What a script of the report hands over: JSON after `= ` or between parentheses."""
    text = script.decode()
    return json.loads(text.split(" = ", 1)[1].rstrip(";\n")) if " = " in text[:40] else \
        json.loads("[" + text[text.index("(") + 1:-3] + "]")


class Report(FolderTest):
    """`run_folder` and its `report` are made once and only read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_folder = pathlib.Path(tempfile.mkdtemp(prefix="patchead-report-"))
        cls.addClassCleanup(shutil.rmtree, cls.run_folder, ignore_errors=True)
        write_run(cls.run_folder, MADE, side=64)
        write_tables(cls.run_folder, MADE)
        write_paper(cls.run_folder)
        make_report(cls.run_folder)
        cls.report = cls.run_folder / "report"

    def test_pages_link_only_to_what_is_in_the_folder(self):
        self.assertEqual(broken_links(self.report), [])
        found = pages(self.report)
        self.assertLessEqual({"index.html", "paper.html", "tables.html", "figures.html", "maps.html", "about.html",
                              "categories/made/bolt.html", "categories/made/nut & co.html"}, set(found))
        for name, data in files(self.report).items():
            if name.endswith((".js", ".css", ".html")):
                self.assertIsNone(re.search(rb"https?://|fetch\(|XMLHttpRequest|@import|\bimport\b.*from", data), name)

    def test_pages_can_be_read_aloud(self):
        for name, page in pages(self.report).items():
            self.assertEqual(page.lang, "en", name)
            self.assertEqual(len(page.ids), len(set(page.ids)), f"ids of {name}")
            for image in page.images:
                self.assertIn("alt", image, name)
                self.assertTrue(image["alt"] or image["src"].startswith("data:"), f"{name}: only overlays go without")

    def test_tables_have_the_numbers_of_the_run(self):
        found = pages(self.report)
        for name in "tables.html", "index.html", "categories/made/bolt.html":
            text = " ".join(found[name].text.split())
            self.assertIn("82.1 ± 1.8 (75.0–90.0)", text, f"{name}: rounded half to even on the exact double")
            self.assertIn("–", text)
            self.assertIn("A footnote.", text)
        self.assertNotIn("Average", found["categories/made/bolt.html"].text)

    def test_the_papers_tables_show_differences_in_words_and_colours(self):
        source = (self.report / "paper.html").read_text()
        cells = re.findall(r'<td class="(number[^"]*)"[^>]*>(.*?)</td>', source)
        shown = [(kind, re.sub(r"<[^>]+>", "", text)) for kind, text in cells]
        self.assertEqual(shown[:2], [("number quoted", "93.1 ‡"), ("number quoted", "–")])
        self.assertEqual(shown[5:], [
            ("number same", "94.8 ± 0.7 (95.0 ± 0.6; -0.2)"), ("number worse-much", "90.0 ± 0.1 † (95.0; -5.0)"),
            ("number same", "88.4 ± 1.0 (88.0, printed 84.3; +0.4)"),
            ("number best better", "97.0 ± 1.0 (95.0; +2.0)"),
            ("number", "– (80.0) [1]")])
        self.assertIn("[1] 2 of 15 categories are there", source)

    def test_conventions_and_choices_have_a_page(self):
        run = self.folder / "evaluation"
        write_run(run, MADE, side=32)
        write_tables(run, MADE)
        put(run / "conventions/tables/swing_made.json", {
            "name": "swing_made", "caption": "a swing", "labels": 2, "footnotes": ["No convention moves I-AUROC."],
            "columns": [{"name": "metric", "kind": "text"}, {"name": "convention", "kind": "text"},
                        {"name": "base", "kind": "percent"}, {"name": "lead", "kind": "points"},
                        {"name": "pairs", "kind": "count"}],
            "rows": [["AUPRO", "<crop>", 0.82050000000000000711, -0.0123, 3.0], ["AUPRO", "size", None, 0.0001, 10]]})
        make_report(run)
        self.assertEqual(broken_links(run / "report"), [])
        source = (run / "report/evaluation.html").read_text()
        cells = [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td[^>]*>.*?</td>", source)]
        self.assertEqual(cells, ["&lt;crop&gt;", "82.1", "-1.2", "3", "size", "–", "0.0", "10"])
        self.assertIn("All rows: metric AUPRO", source)
        self.assertIn("No convention moves I-AUROC.", source)
        self.assertFalse((self.report / "evaluation.html").exists(), "there is none without")

    def test_detectors_have_a_page_with_costs_and_quoted_numbers(self):
        run = self.folder / "rivals"
        write_run(run, MADE, side=32)
        write_tables(run, MADE)
        write_rivals(run, MADE)
        make_report(run)
        self.assertEqual(broken_links(run / "report"), [])
        source = (run / "report/rivals.html").read_text()
        self.assertLess(source.index('id="rivals_I-AUROC"'), source.index('id="rivals_AUPRO"'), "the first metric first")
        rows = [[re.sub(r"<[^>]+>|\\s+", " ", cell).strip() for cell in re.findall(r"<td[^>]*>.*?</td>", row)]
                for row in re.findall(r"<tr>(.*?)</tr>", source, re.S)]
        rows = [[" ".join(cell.split()) for cell in row] for row in rows if row]
        self.assertEqual(rows[1], ["padim", "padim", "90.0 ± 1.0 (88.0–92.0)", "76.6 ± 3.1", "23.1", "0.0042", "150", "12.5",
                                   "–"])
        self.assertIn('<td class="tuned">MuSc (tuned)</td>', source)
        self.assertIn('<td class="number best"', source)
        self.assertIn('<td class="number quoted"', source)
        self.assertEqual(source.count("GFLOP</th>"), 4, "costs stand beside the first metric, and in their table")
        self.assertIn(["padim", "23.1", "–", "150", "80.0 ± 1.0", "✓"], rows)
        self.assertFalse((self.report / "rivals.html").exists(), "there is none without")

    def test_pages_run_nothing_but_the_scripts_beside_them(self):
        for page in self.report.rglob("*.html"):
            source = page.read_text()
            policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', source).group(1)
            self.assertIn("default-src 'none'", policy, page)
            self.assertNotIn("unsafe", policy, page)
            self.assertNotRegex(source, r"<script(?![^>]* src=)|<[^>]* (on[a-z]+|style)=", page)

    def test_what_comes_from_files_is_text_and_not_markup(self):
        source = (self.report / "about.html").read_text()
        self.assertNotIn("<script>alert", source)
        self.assertIn("&lt;/script&gt;", source)

    def test_the_index_of_maps_ranks_images_by_how_wrong_they_are(self):
        index = arguments_of((self.report / "maps/index.js").read_bytes())
        self.assertEqual(index["categories"], [["made", "bolt"], ["made", "nut & co"]])
        self.assertEqual(index["groups"], ["net, 224 px, batch zero-shot", "net, 224 px, 4-shot"])
        self.assertEqual(index["points"], [[0, "none"], [0, "mask"], [1, "none"], [1, "mask"]])
        results = Results(self.run_folder / "results.h5")
        point = next(p for p in results.points if (p.category, p.shots, p.seed, p.modules) == ("bolt", 4, 0, "mask"))
        ids, anomalous, scores = results.scores(point)
        wrong = np.rint(1000 * wrongness(anomalous, scores))
        known = {id: (label, share) for id, label, share in zip(ids, anomalous, wrong)}
        mine = [image for image in index["images"] if image[0] == 0]
        self.assertEqual({image[4]: (bool(image[2]), image[5]["3"][1]) for image in mine}, known)
        worst = [image[5]["0"][1] for image in mine]
        self.assertEqual(worst, sorted(worst, reverse=True), "neighbours in a list of the worst share a script")

    def test_scripts_hold_the_maps_of_the_images_in_order(self):
        index = arguments_of((self.report / "maps/index.js").read_bytes())
        images = [image for image in index["images"] if image[0] == 0]
        loaded = []
        for number in range(2):
            name, part = arguments_of((self.report / f"maps/made/bolt/1-{number}.js").read_bytes())
            self.assertEqual(name, f"maps/made/bolt/1-{number}.js")
            loaded += part
        self.assertEqual([len(part) for part in loaded], [3] * MADE.images, "ground truth and two maps")
        for image, (truth, plain, _) in zip(images, loaded):
            self.assertEqual(bool(truth), bool(image[2]))
            self.assertEqual(np.argmax(levels(plain)), np.argmax(clipped(patches_of(MADE, int(image[4][-3:]), None))))

    def test_the_page_of_a_category_shows_the_worst_without_scripts(self):
        page = (self.report / "categories/made/bolt.html").read_text()
        titles = re.findall(r"<summary>(.*?)</summary>|<h4>(.*?)</h4>", page)
        positives = titles.index(("Worst false positives", ""))
        negatives = titles.index(("Worst false negatives", ""))
        # Every fifth image is on the wrong side, the later the higher its score.
        self.assertEqual([id for _, id in titles[positives + 1:negatives]][:2],
                         ["bolt/test/good/030", "bolt/test/good/020"])
        self.assertEqual(titles[negatives + 1][1], "bolt/test/dent/005")
        self.assertIn("above 80 % of the anomalous images", page)

    def test_a_run_without_maps_or_tables_says_what_to_do(self):
        bare = self.folder / "bare"
        write_results(bare, MADE)
        make_report(bare)
        self.assertIn("--maps 24", (bare / "report/index.html").read_text())
        self.assertFalse((bare / "report/maps.html").exists())
        self.assertEqual(broken_links(bare / "report"), [])

    def test_it_is_made_anew_and_the_same_bytes(self):
        again = self.folder / "again"
        make_report(self.run_folder, "--output", again)
        (again / "stale.html").write_text("old")
        make_report(self.run_folder, "--output", again)
        self.assertEqual(files(again), files(self.report))
        self.assertEqual([path.name for path in self.folder.iterdir()], ["again"])

    def test_a_folder_of_other_things_is_not_replaced(self):
        (self.folder / "thesis.tex").write_text("years of work")
        done = make_report(self.run_folder, "--output", self.folder, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("holds other things than a report", done.stderr)
        self.assertEqual([path.name for path in self.folder.iterdir()], ["thesis.tex"])

    def test_missing_libraries_are_named(self):
        done = make_report(self.run_folder, python=(sys.executable, "-I", "-S"), check=False)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"lacks .*h5py.*jinja2.*install .*python3-jinja2.*--python")


class Png(FolderTest):
    def test_pillow_reads_what_is_written(self):
        indices = np.array([[0, 1, 2], [2, 1, 0]], np.uint8)
        colours = np.array([[1, 2, 3], [40, 50, 60], [255, 0, 9]], np.uint8)
        image = Image.open(io.BytesIO(palette_png(indices, colours, np.array([0, 100, 255], np.uint8)))).convert("RGBA")
        expected = np.concatenate([colours[indices], np.array([0, 100, 255])[indices][..., None]], axis=2)
        np.testing.assert_array_equal(np.asarray(image), expected)


def levels(uri):
    """Palette indices of a data URI."""
    return np.asarray(Image.open(io.BytesIO(base64.b64decode(uri.split(",")[1]))))


def clipped(patches):
    return np.rint(np.clip((patches - np.float32(0.05)) / np.float32(0.35), 0, 1) * 63)


if __name__ == "__main__":
    main()
