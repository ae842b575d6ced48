"""What the HTML report claims, of runs of any kind: means, what was recorded, unlabelled images, differences."""

import json
import re
import subprocess
import sys

import numpy as np

from made_run import Made, make_report, write_differences, write_results, write_run, write_tables
from pages import broken_links, pages
from patchead_analysis.html import tables
from patchead_analysis.html.pages import setting_of
from patchead_analysis.html.ranking import ANOMALOUS, NORMAL, UNLABELLED, wrongness
from support import SOURCE, FolderTest, main


def row(shots, mean, seeds=3, **changes):
    return {"backbone": "net", "image_size": "224", "setting": "few-shot", "shots": str(shots), "modules": "align+mask",
            "category": "bolt", "values": {"M": {"mean": mean, "std": 0.077, "seeds": seeds}}, **changes}


class Highest(FolderTest):
    def test_it_is_the_highest_mean_over_all_seeds_with_its_setting(self):
        table = {"rows": [row(1, 0.859), row(2, 0.84), row(4, 0.961, seeds=1), row(0, None, seeds=0)]}
        found, equal, cell = tables.highest(table, "bolt", "M")
        self.assertEqual((cell.text, cell.extra, cell.kind), ("85.9", "± 7.7", "number"))
        self.assertEqual(setting_of(found, equal), "net, 224 px, 1-shot, align+mask")

    def test_what_prints_the_same_is_counted_and_what_is_sure_is_marked(self):
        sure = row(1, 0.9)
        sure["values"]["M"]["best"] = True
        self.assertEqual(tables.highest({"rows": [row(2, 0.5), sure]}, "bolt", "M")[2].kind, "number best")
        zero = row(0, 1.0, setting="batch-zero-shot")
        found, equal, _ = tables.highest({"rows": [zero, row(1, 0.99999), row(2, 1.0)]}, "bolt", "M")
        self.assertEqual(setting_of(found, equal), "net, 224 px, batch zero-shot, align+mask, and 2 others as high")
        self.assertIsNone(tables.highest({"rows": [row(1, None, seeds=0)]}, "bolt", "M"))
        self.assertIsNone(tables.highest({"rows": [row(1, 0.5)]}, "bolt", "AUPRO"))


class Pages(FolderTest):
    def report(self, made, *extra):
        run = self.folder / "run"
        write_run(run, made, side=32)
        write_tables(run, made)
        for write in extra:
            write(run, made)
        make_report(run)
        self.assertEqual(broken_links(run / "report"), [])
        return {name: " ".join(page.text.split()) for name, page in pages(run / "report").items()}

    def test_the_first_page_has_all_backbones_and_sizes_and_says_once_what_is_the_same(self):
        made = Made(["bolt", "nut"], backbones=("net", "other"), sizes=(224, 448),
                    modules=("none", "align", "mask", "align+mask"))
        text = self.report(made)["index.html"]
        for words in ("net 224", "net 448", "other 224", "other 448"):
            self.assertIn(words, text)
        self.assertIn("All rows: seeds 2", text)
        self.assertIn("highest I-AUROC", text)
        self.assertIn("82.1 ± 1.8 (75.0–90.0) net, 224 px, batch zero-shot, none", text)

    def test_differences_are_shown_with_their_p_where_the_tables_are_resampled(self):
        found = self.report(Made(["bolt", "nut"]), write_differences)
        for name in ("index.html", "tables.html", "categories/made/bolt.html"):
            self.assertIn("+5.0 -1.3 to +10.0 0.042", found[name], name)
        self.assertNotIn("category bolt", found["index.html"], "averages only")
        self.assertNotIn("category nut", found["categories/made/bolt.html"])

    def test_differences_of_an_earlier_report_are_not_shown(self):
        def forget_intervals(run, made):
            for path in (run / "tables").glob("*_made.json"):
                path.write_text(re.sub(r', "interval": \[[^]]*\]', "", path.read_text()))
        found = self.report(Made(["bolt"]), write_differences, forget_intervals)
        self.assertNotIn("0.042", found["index.html"] + found["tables.html"])

    def test_what_was_not_recorded_is_said_and_the_worst_of_it_named(self):
        found = self.report(Made(["bolt"], images=40, recorded=8))
        page = found["categories/made/bolt.html"]
        self.assertIn("the worst of the 8 images whose maps were recorded, of 40 test images", page)
        self.assertIn("4 of the 20 images with this label were recorded", page)
        # Every fifth image is wrong, the later the more: 30 is the worst normal one and has no map.
        self.assertIn("bolt/test/good/030: normal · above 80 % of the anomalous images", page)
        self.assertIn("Recorded are 8 of 40 test images", found["maps.html"])
        self.assertIn("that is all of them", self.report(Made(["bolt"]))["categories/made/bolt.html"])

    def test_of_unlabelled_images_nothing_is_claimed(self):
        for name in ("unlabelled", "Unsorted"):
            found = self.report(Made(["bolt"], images=40, anomaly=name))
            page = found["categories/made/bolt.html"]
            self.assertIn("20 test images of 40 are unlabelled", page)
            self.assertNotIn("false negative", page)
            self.assertNotIn("false positive", page)
            self.assertRegex(page, r"unlabelled · above \d+ % of the normal images")
            self.assertRegex(found["index.html"], r"bolt 20\s*0\s*20\s*40", "normal, anomalous, unlabelled, recorded")

    def test_one_is_one(self):
        text = self.report(Made(["bolt"], seeds=(0,), shots=(0,), modules=("none",)))["index.html"]
        self.assertIn("1 point measured on 1 category.", text)

    def test_wrongness_is_told_by_labelled_images_only(self):
        labels = [NORMAL, NORMAL, ANOMALOUS, UNLABELLED, UNLABELLED]
        np.testing.assert_array_equal(wrongness(labels, np.array([1, 3, 2, 0, 9])), [0, 1, 0.5, 1, 0])


class Messages(FolderTest):
    """What goes wrong is one line with its mend, never a traceback."""

    def run_script(self, name, *arguments):
        done = subprocess.run([sys.executable, SOURCE / "analysis" / name, *map(str, arguments)], capture_output=True,
                              text=True, timeout=300)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertNotIn("Traceback", done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        return done.stderr

    def test_results_that_are_missing_or_damaged(self):
        run = self.folder / "run"
        for script in ("make_report.py", "make_figures.py", "example.py"):
            self.assertRegex(self.run_script(script, run), "is no output folder|no such file")
        write_results(run, Made(["bolt"]))
        (run / "results.csv").write_text("dataset,category\n")
        whole = (run / "results.h5").read_bytes()
        (run / "results.h5").write_bytes(whole[:len(whole) // 2])
        for script in ("make_report.py", "make_figures.py", "example.py"):
            self.assertRegex(self.run_script(script, run), "damaged.*run the sweep again")

    def test_a_damaged_table_or_state(self):
        run = self.folder / "run"
        write_run(run, Made(["bolt"]), side=32)
        (run / "run.json").write_text('{"state": "finished"')
        self.assertIn("run.json' is damaged", self.run_script("make_report.py", run))
        (run / "run.json").unlink()
        (run / "tables").mkdir()
        (run / "tables/summary_made.json").write_text(json.dumps({"name": "summary_made", "caption": "c"}))
        self.assertRegex(self.run_script("make_report.py", run), "has no row_columns.*patchead report")

    def test_damaged_maps(self):
        run = self.folder / "run"
        write_run(run, Made(["bolt"]), side=32)
        path = run / "maps/made/bolt/images.h5"
        path.write_bytes(path.read_bytes()[:3000])
        self.assertRegex(self.run_script("make_report.py", run), "images.h5.*damaged")

    def test_a_backbone_that_the_results_lack(self):
        write_run(self.folder, Made(["bolt"]), side=32)
        self.assertRegex(self.run_script("make_figures.py", self.folder, "--backbone", "vit"), "no vit.*net at 224 px")
        self.assertRegex(self.run_script("make_figures.py", self.folder, "--image-size", 7), "no net at 7 px")


if __name__ == "__main__":
    main()
