"""configs/table*.cfg, figure4.cfg, figures.cfg and paper.cfg: they parse, and hold the points of their tables."""

import csv
import itertools
import re

from support import SOURCE, FolderTest, main, patchead

CONFIGS = SOURCE / "configs"
TABLES = [f"table{n}" for n in range(1, 11)]


def grid(name):
    """What a config asks for, by option."""
    lines = [line for line in (CONFIGS / f"{name}.cfg").read_text().splitlines()
             if line and not line.startswith("#")]
    return {key.strip(): value.split() for key, value in (line.split("=") for line in lines)}


def points(name):
    options = grid(name)
    return set(itertools.product(*(options.get(key, ["default"]) for key in (
        "dataset", "backbone", "image-size", "shots", "seeds", "modules"))))


def backbones():
    text = (SOURCE / "src/report/paper_backbones.def").read_text()
    return dict(re.findall(r'PATCHEAD_PAPER_BACKBONE\("([^"]+)", "([^"]+)"', text))


def needed(table):
    """The points behind the numbers of a table, from the paper's numbers."""
    names, found = backbones(), set()
    with open(SOURCE / "analysis/reference/reference.csv", newline="", encoding="utf-8") as text:
        for line in csv.DictReader(text):
            if line["table"] != table or not line["backbone"] or line["dataset"] == "Average":
                continue
            modules = line["modules"]
            if line["method"] == "PatchEAD+" or modules == "align+mask":
                modules = "patchead+"
            found.add((line["dataset"].lower(), names[line["backbone"]],
                       line["image_size"] or "default", line["shots"], modules))
    return found


class PaperConfigs(FolderTest):
    def test_each_is_read_up_to_the_data_that_is_not_there(self):
        for name in [*TABLES, "figure4", "figures", "paper"]:
            (self.folder / "empty").mkdir(exist_ok=True)
            done = patchead("sweep", "--config", CONFIGS / f"{name}.cfg", "--data-root",
                            self.folder / "empty", "--store", self.folder / "store", "--output",
                            self.folder / "output", check=False)
            self.assertEqual(done.returncode, 1, name)
            self.assertIn(f"no data set '{grid(name)['dataset'][0]}'", done.stderr, name)

    def test_each_holds_the_points_of_its_table_and_hardly_more(self):
        more = {"table3": 2 + 2 * 2}  # CLIP with 0 shots, DINOv3 with 1 and 2, on two data sets.
        for name in TABLES:
            planned = {point[:4] + point[5:] for point in points(name)}
            wanted = needed(name)
            if name == "table6":  # It counts what is in the data sets.
                self.assertLess(planned, needed("table2"))
                continue
            self.assertLessEqual(wanted, planned, name)
            self.assertEqual(len(planned - wanted), more.get(name, 0), name)
            self.assertEqual(grid(name)["seeds"], ["0", "1", "2"])

    def test_paper_holds_them_all(self):
        union = set().union(*(points(name) for name in [*TABLES, "figure4"]))
        self.assertLess(union, points("paper"))
        five = set().union(*(points(f"table{n}") for n in range(1, 6)), points("figure4"))
        self.assertEqual(five, union, "Tables 6 to 10 ask for nothing of their own")


if __name__ == "__main__":
    main()
