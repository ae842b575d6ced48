"""configs/table*.cfg, figure4.cfg, figures.cfg and paper.cfg: they parse, and hold the points of their tables."""

import csv
import itertools
import json
import re

from support import SOURCE, FolderTest, fixed_rates, main, patchead

CONFIGS = SOURCE / "configs"
TABLES = [f"table{n}" for n in range(1, 11)]
CATEGORIES = {"mvtec": 15, "visa": 12, "mpdd": 6, "btad": 3, "ksdd": 1, "dagm": 10,
              "dtd-synthetic": 12}


def grid(name):
    """What a config asks for, by option."""
    lines = [line for line in (CONFIGS / f"{name}.cfg").read_text().splitlines()
             if line and not line.startswith("#")]
    return {key.strip(): value.split() for key, value in (line.split("=", 1) for line in lines)}


def points(name):
    options = grid(name)
    return set(itertools.product(*(options.get(key, ["default"]) for key in (
        "dataset", "backbone", "image-size", "shots", "seeds", "modules"))))


def backbones():
    text = (SOURCE / "src/report/paper/backbones.def").read_text()
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
        for name in [*TABLES, "figure4", "figure7", "figures", "paper"]:
            first = grid("table1" if name == "paper" else name)["dataset"][0]
            (self.folder / "empty").mkdir(exist_ok=True)
            done = patchead("sweep", "--config", CONFIGS / f"{name}.cfg", "--data-root",
                            self.folder / "empty", "--store", self.folder / "store", "--output",
                            self.folder / "output", check=False)
            self.assertEqual(done.returncode, 1, name)
            self.assertIn(f"no data set '{first}'", done.stderr, name)

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

    def plan_paper(self, *arguments):
        done = patchead("plan", "--json", "--published", "--ranks", 512, "--config",
                        CONFIGS / "paper.cfg", "--store", self.folder / "none", "--rates",
                        fixed_rates(self.folder), *arguments)
        return json.loads(done.stdout)

    def count(self, found):
        """Ablation points of all categories, each once."""
        own = {"dinov2_vitb14_reg": "448"}  # Table 4 asks for it by number.
        distinct = {(dataset, backbone, own.get(backbone, side) if side == "default" else side,
                     *rest) for dataset, backbone, side, *rest in found}
        return sum(CATEGORIES[point[0]] for point in distinct)

    def test_paper_is_the_union_of_all(self):
        names = [*TABLES, "figure4"]
        plan = self.plan_paper()
        self.assertEqual(plan["points"], self.count(set().union(*map(points, names))))
        asked = sum(self.count(points(name)) for name in names)
        self.assertEqual(plan["merged_points"], asked - plan["points"])
        self.assertGreaterEqual(plan["runs"][0]["efficiency"], 0.95, "on 512 ranks")

    def test_options_narrow_it(self):
        plan = self.plan_paper("--dataset", "btad", "--seeds", 1)
        wanted = {point for name in [*TABLES, "figure4"] for point in points(name)
                  if point[0] == "btad" and point[4] == "1"}
        self.assertEqual(plan["points"], self.count(wanted))
        done = patchead("plan", "--published", "--config", CONFIGS / "paper.cfg", "--store",
                        self.folder / "none", "--shots", 3, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no point is left", done.stderr)

    def test_a_grid_file_that_is_none_is_named(self):
        for text, words in (("shots = 1", ["grid.cfg", "no data set"]),
                            ("dataset = mvtec\nstore = x", ["grid.cfg", "--store"]),
                            (None, ["grid.cfg", "no such file"])):
            file = self.folder / "grid.cfg"
            file.unlink(missing_ok=True)
            if text:
                file.write_text(text)
            done = patchead("plan", "--published", "--grid", file, "--store", self.folder / "none",
                            check=False)
            self.assertEqual(done.returncode, 1, text)
            for word in words:
                self.assertIn(word, done.stderr)

    def test_tables_6_to_10_ask_for_nothing_of_their_own(self):
        union = set().union(*(points(name) for name in [*TABLES, "figure4"]))
        five = set().union(*(points(f"table{n}") for n in range(1, 6)), points("figure4"))
        self.assertEqual(five, union)


if __name__ == "__main__":
    main()
