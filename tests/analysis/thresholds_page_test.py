"""Thresholds from normal images on the pages of the HTML report."""

import re

from made_run import Made, make_report, put, write_run, write_tables
from pages import broken_links
from support import FolderTest, main

MADE = Made(["bolt", "nut & co"], images=10)


def draw(seed, **changes):
    return {"seed": seed, "threshold": 0.25, "scores": 4, "normal": 8, "anomalous": 10, "false_alarms": 1, "misses": 2,
            "f1": 0.8, "f1_max": 0.9, **changes}


def row(category, draws):
    about = {"category": category, "backbone": "net", "image_size": "224", "setting": "few-shot", "shots": "4",
             "modules": "none", "rule": "mean3sigma"}
    return {**about, "false_alarms": 0.1875, "misses": 0.2, "f1": 0.8, "f1_max": 0.9, "gap": 0.1, "draws": draws}


class ThresholdPages(FolderTest):
    def test_each_category_and_the_tables_show_them(self):
        write_run(self.folder, MADE, side=32)
        write_tables(self.folder, MADE)
        unlabelled = row("nut & co", [draw(0, anomalous=0, misses=0)])
        unlabelled.update(misses=None, f1=None, f1_max=None, gap=None)
        put(self.folder / "tables/thresholds_made.json", {
            "name": "thresholds_made", "caption": "made: thresholds that know no anomaly",
            "row_columns": ["category", "backbone", "image_size", "setting", "shots", "modules"],
            "rows": [row("bolt", [draw(0), draw(1, false_alarms=2, threshold=0.5)]), unlabelled, row("Average", [])],
            "footnotes": ["No threshold at few-shot 1: a single prompt has no others."]})
        make_report(self.folder)
        self.assertEqual(broken_links(self.folder / "report"), [])
        tables = self.rows_of("tables.html")
        self.assertIn(["bolt", "mean3sigma", "4", "0.3750", "18.8 1.5 of 8", "20.0 2 of 10", "80.0", "90.0", "+10.0"], tables)
        self.assertIn(["nut &amp; co", "mean3sigma", "4", "0.2500", "18.8 1 of 8", "– 0 of 0", "–", "–", "–"], tables)
        self.assertIn(["Average", "mean3sigma", "–", "–", "18.8", "20.0", "80.0", "90.0", "+10.0"], tables)
        self.assertEqual(len([cells for cells in self.rows_of("categories/made/bolt.html") if "mean3sigma" in cells]), 1)
        self.assertIn("a single prompt has no others", (self.folder / "report/tables.html").read_text())

    def test_a_run_without_them_does_not_speak_of_them(self):
        write_run(self.folder, MADE, side=32)
        write_tables(self.folder, MADE)
        make_report(self.folder)
        for name in "tables.html", "categories/made/bolt.html":
            self.assertNotIn("Thresholds", (self.folder / "report" / name).read_text())

    def rows_of(self, name):
        source = (self.folder / "report" / name).read_text()
        rows = [re.findall(r"<td[^>]*>(.*?)</td>", text, re.S) for text in re.findall(r"<tr>(.*?)</tr>", source, re.S)]
        return [[" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells] for cells in rows]


if __name__ == "__main__":
    main()
