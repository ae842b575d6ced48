"""Makes every number of the paper's tables anew and compares: argv is a folder with results.csv and
paper/, the folder of the reference, "population" or "sample", and the metric that stands for PRO.

Exits with an assertion if a cell of a CSV, Markdown or LaTeX table differs, or if a printed number
of the paper is in no cell or in two.
"""

import collections
import csv
import decimal
import json
import math
import pathlib
import re
import sys

BACKBONES = {"CLIP": ("openclip_vitb16_plus_240", 240), "DINOv2": ("dinov2_vitb14_reg", 448),
             "MAE": ("mae_vitb16", 224), "BEiTv2": ("beitv2_vitb16", 224),
             "EVA-02": ("eva02_vitb14_448", 448), "PE_spatial": ("pe_spatial_b16_512", 512),
             "DINOv3": ("dinov3_vitb16", 448)}
TRAINED = {"AprilGAN", "AnomalyGPT", "PromptAD", "InCTRL", "AnomalyCLIP", "AdaCLIP"}
SETS = ["MVTec", "VisA", "MPDD", "BTAD", "KSDD", "DAGM", "DTD-Synthetic"]
UNDEFINED = "no normal image"  # What the sample says of a value that is undefined.
POINT = ["method", "backbone", "modules", "shots", "image_size", "dataset", "category", "metric"]


def read(path):
    with open(path, newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


def percent(fraction):
    exact = decimal.Decimal(fraction) * 100
    return str(exact.quantize(decimal.Decimal("0.1"), decimal.ROUND_HALF_EVEN))


def words_for(modules, dataset):
    """What the sample calls the modules of a table's point."""
    masking_only = dataset in ("MPDD", "BTAD")
    if modules in ("patchead+", "align+mask"):
        return ["patchead+", "mask" if masking_only else "align+mask"]
    return [modules]


class Values:
    def __init__(self, folder, pro):
        self.pro = pro
        self.values = collections.defaultdict(dict)
        self.categories = collections.defaultdict(set)
        for line in read(folder / "results.csv"):
            self.categories[line["dataset"]].add(line["category"])
            key = tuple(line[c] for c in ("dataset", "backbone", "image_size", "modules", "shots",
                                          "metric"))
            place = (line["category"], int(line["seed"]))
            if line["reason"] in ("", UNDEFINED):  # Else the point is missing.
                self.values[key][place] = UNDEFINED if line["reason"] else float(line["value"])

    def seeds(self, cell, dataset):
        """Means over the categories (or the one category) of each seed, and whether all of them are
        behind them. A seed that lacks a category is left out, undefined values are."""
        backbone, side = BACKBONES[cell["backbone"]]
        if cell["image_size"] != "0":
            side = cell["image_size"]
        metric = self.pro if cell["metric"] == "P-PRO" else cell["metric"]
        found = [self.values[key] for modules in words_for(cell["modules"], dataset)
                 if (key := (dataset.lower(), backbone, str(side), modules, cell["shots"],
                             metric)) in self.values]
        assert len(found) <= 1, cell
        wanted = [cell["category"]] if cell["category"] else self.categories[dataset.lower()]
        means, whole = {}, True
        for seed in range(3) if found else ():
            values = [found[0].get((category, seed)) for category in wanted]
            defined = [value for value in values if value not in (None, UNDEFINED)]
            if None in values or not defined:
                continue
            whole = whole and len(defined) == len(wanted)
            means[seed] = sum(defined) / len(defined)
        return means, whole

    def of(self, cell):
        if cell["dataset"] != "Average":
            means, whole = self.seeds(cell, cell["dataset"])
            return list(means.values()), whole
        by_set = [self.seeds(cell, dataset) for dataset in SETS]
        shared = set.intersection(*(set(means) for means, _ in by_set))
        return ([sum(means[seed] for means, _ in by_set) / len(SETS) for seed in sorted(shared)],
                all(whole for _, whole in by_set))


def deviation(values, kind):
    mean = sum(values) / len(values)
    return math.sqrt(sum((v - mean) ** 2 for v in values)
                     / (len(values) - (1 if kind == "sample" else 0)))


def printed_numbers(reference):
    """By table and point: (mean, std, recovered) in percent as text."""
    def point(line):
        plus = line["method"] == "PatchEAD+"
        return (line["method"], line["backbone"], "patchead+" if plus else line["modules"],
                line["shots"], line.get("image_size") or "0", line["dataset"],
                line["category"].replace("Average", ""), line["metric"])
    recovered = {(line["table"], point(line)): line["recovered"]
                 for line in read(reference / "recovered.csv") if line["shots"] != "1"}
    numbers = {}
    for line in read(reference / "reference.csv"):
        key = (line["table"], point(line))
        assert key not in numbers
        numbers[key] = (line["mean"], line["std"], recovered.get(key, ""))
    return numbers


def close(text, expected):
    assert abs(float(text) - expected) < 1e-12, (text, expected)


def check_cell(cell, values, numbers, kind):
    key = (cell["table"], tuple(cell[c] for c in POINT))
    mean, std, recovered = numbers.pop(key, ("", "", ""))
    for column, text in (("paper", mean), ("paper_std", std), ("recovered", recovered)):
        assert (cell[column] == "nan") == (text == ""), cell
        if text:
            close(cell[column], float(text) / 100)
    if cell["quoted"] == "1":
        assert cell["ours"] == cell["difference"] == "nan" and cell["outside"] == "0", cell
        return
    seeds, whole = values.of(cell)
    assert int(cell["seeds"]) == len(seeds), cell
    assert len(seeds) == 3 or cell["note"], cell
    if not seeds:
        assert cell["ours"] == cell["ours_std"] == cell["difference"] == "nan", cell
        assert cell["outside"] == cell["best"] == "0", cell
        return
    ours = sum(seeds) / len(seeds)
    close(cell["ours"], ours)
    close(cell["ours_std"], deviation(seeds, kind))
    if not whole:
        assert cell["difference"] == "nan" and cell["outside"] == "0" and cell["note"], cell
        return
    difference = ours - float(recovered or mean) / 100
    close(cell["difference"], difference)
    paper_std = 0 if recovered or not std else float(std) / 100
    sigma = math.sqrt(deviation(seeds, kind) ** 2 + paper_std ** 2)
    assert cell["outside"] == str(int(abs(difference) > max(2 * sigma, 0.005))), cell


def check_best(cells):
    """Bold is what is highest as printed among those that compete."""
    groups = collections.defaultdict(list)
    quotes = any(cell["quoted"] == "1" for cell in cells)
    for cell in cells:
        value = cell["paper"] if cell["quoted"] == "1" else cell["ours"]
        by_average = cell["table"] in ("table7", "table8", "table9", "table10")
        # A mean over other categories than the paper's does not compete with quoted ones.
        if quotes and cell["quoted"] == "0" and cell["difference"] == "nan":
            value = "nan"
        if value == "nan" or cell["method"] in TRAINED or (by_average and cell["category"]):
            assert cell["best"] == "0", cell
            continue
        where = ((cell["group"], cell["metric"]) if by_average
                 else (cell["block"], cell["group"], cell["column"]))
        groups[where].append((float(percent(float(value))), cell))
    for members in groups.values():
        most = max(value for value, _ in members)
        for value, cell in members:
            assert cell["best"] == str(int(value == most)), cell


def check_counts(cells, folder, reference):
    expected = {(line["dataset"], what): float(line[what])
                for line in read(reference / "datasets.csv")
                for what in ("categories", "test_normal", "test_abnormal")}
    per_category = {"categories": 1, "test_normal": 2, "test_abnormal": 1}
    for cell in cells:
        paper = expected.pop((cell["dataset"], cell["metric"]))
        assert float(cell["paper"]) == paper
        ours = paper if cell["dataset"] == "KSDD" else (
            per_category[cell["metric"]] * expected_categories(cells, cell["dataset"]))
        assert float(cell["ours"]) == ours, cell
        assert float(cell["difference"]) == ours - paper
        assert cell["outside"] == str(int(ours != paper)), cell
    assert not expected


def expected_categories(cells, dataset):
    return next(float(cell["paper"]) for cell in cells
                if cell["dataset"] == dataset and cell["metric"] == "categories")


def shown(cell, counts):
    """Value, its std, what stands beside it, and whether it is bold: as texts."""
    def number(text):
        return "" if text == "nan" else (f"{float(text):.0f}" if counts else percent(float(text)))
    if cell["quoted"] == "1":
        return number(cell["paper"]) or "–", number(cell["paper_std"]), "", cell["best"] == "1"
    std = "" if counts else number(cell["ours_std"])
    beside = number(cell["paper"] if cell["recovered"] == "nan" else cell["recovered"])
    return number(cell["ours"]) or "–", std, beside, cell["best"] == "1"


MARKDOWN = re.compile(r"(\*\*)?([\d.]+|–)(?: ± ([\d.]+))?(?:\*\*)?"
                      r"(?: \(([\d.]+)[^;)]*(?:; ([-+]?[\d.]+))?\))?( †)?")


def check_markdown(text, cells, counts):
    rows = [line.strip("| ").split(" | ") for line in text.splitlines()
            if line.startswith("| ") and not line.startswith("| ---")]
    columns = len({cell["column"] for cell in cells if cell["block"] == cells[0]["block"]})
    found = [text for row in rows for text in row[-columns:]
             if not re.search("[A-Za-z]{2}", re.sub("printed", "", text))]
    assert len(found) == len(cells), (len(found), len(cells))
    for text, cell in zip(found, cells):
        bold, value, std, beside, difference, outside = MARKDOWN.match(text).groups(default="")
        assert (value, std, beside, bold != "") == shown(cell, counts), (text, cell)
        assert (outside != "") == (cell["outside"] == "1"), (text, cell)
        if difference:
            exact = decimal.Decimal(float(cell["difference"])) * (1 if counts else 100)
            assert abs(decimal.Decimal(difference) - exact) <= decimal.Decimal("0.0501"), text


LATEX = re.compile(r"(?:\\patcheadcell\{)?(\\textbf\{)?([\d.]+|--)\}?(?:\$_\{\\pm ([\d.]+)\}\$)?"
                   r"(?:\\textsuperscript\{[^}]*\})?(?:\}\{([\d.]+).*)?$")


def check_latex(text, cells, counts):
    rows = [line[:-3].split(" & ") for line in text.splitlines()
            if line.endswith(r" \\") and "multicolumn" not in line]
    found = [text for row in rows for text in row[-(len(cells) // len(rows)):]]
    assert len(found) == len(cells), (len(found), len(cells))
    for text, cell in zip(found, cells):
        bold, value, std, beside = LATEX.match(text).groups(default="")
        assert (value.replace("--", "–"), std, beside, bold != "") == shown(cell, counts), text
        assert ("dagger" in text) == (cell["outside"] == "1"), text


def check_json(document, cells):
    flat = [cell for block in document["blocks"] for row in block["rows"] for cell in row["cells"]]
    assert len(flat) == len(cells)
    for found, cell in zip(flat, cells):
        for name in ("ours", "ours_std", "paper", "paper_std", "recovered", "difference"):
            assert found[name] == (None if cell[name] == "nan" else float(cell[name])), cell
        assert [str(int(found[n])) for n in ("outside", "best")] == [cell["outside"], cell["best"]]


def main():
    folder, reference = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    kind, pro = sys.argv[3:5]
    values, numbers = Values(folder, pro), printed_numbers(reference)
    flags = collections.Counter()
    for number in range(1, 11):
        name, counts = f"table{number}", number == 6
        cells = read(folder / "paper" / f"{name}.csv")
        if counts:
            check_counts(cells, folder, reference)
        else:
            for cell in cells:
                check_cell(cell, values, numbers, kind)
                flags[cell["outside"]] += 1
            check_best(cells)
        check_markdown((folder / "paper" / f"{name}.md").read_text(), cells, counts)
        check_latex((folder / "paper" / f"{name}.tex").read_text(), cells, counts)
        check_json(json.loads((folder / "paper" / f"{name}.json").read_text()), cells)
    assert not numbers, f"in no table: {list(numbers)[:5]}"
    assert min(flags.values()) > 100, f"the sample should have both kinds of cell: {flags}"


main()
