"""The tables of a run (tables/*.json, paper/*.json) as the pages show them."""
import dataclasses
import decimal
import itertools
import json
import pathlib

from patchead_analysis.results import ResultsError


@dataclasses.dataclass
class Cell:
    text: str
    sort: str = ""    # What the column is sorted by, if not the text.
    kind: str = ""    # CSS classes.
    note: str = ""    # What else must be said of it; its number stands beside it.
    extra: str = ""   # Smaller, beside the text,
    below: str = ""   # and below it.


@dataclasses.dataclass
class Table:
    name: str
    caption: str
    heads: list       # Rows of (text, columns it spans).
    rows: list        # Rows of Cells; the first `labels` are row heads.
    labels: int
    footnotes: list
    constant: str = ""  # What is the same in all rows, said once above them.
    texts: tuple = ()   # Columns beside the labels that hold texts.

    @property
    def notes(self):
        """Notes of cells, each once, in the order in which they are met."""
        return list(dict.fromkeys(cell.note for row in self.rows for cell in row if cell.note))

    def mark(self, cell):
        """The number of a cell's note, as "[1]"."""
        return f"[{self.notes.index(cell.note) + 1}]" if cell.note else ""


def percent(value):
    """Half to even on the exact double, as in the Markdown tables."""
    return "–" if value is None else tenths_of_percent(value)


def tenths_of_percent(value, sign=""):
    with decimal.localcontext() as context:
        context.prec = 60  # A double has up to 53 bits, and so many digits and more.
        return format((decimal.Decimal(value) * 100).quantize(decimal.Decimal("0.1"), decimal.ROUND_HALF_EVEN), sign)


def read_json(path, *keys):
    """An object that has `keys`."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        lacks = [key for key in keys if key not in content]
    except (ValueError, TypeError) as error:
        raise ResultsError(f"'{path}' is damaged ({error}); make it again with `patchead report RUN`, or the sweep if "
                           "it is run.json") from error
    if lacks:
        raise ResultsError(f"'{path}' has no {', '.join(lacks)} (it is damaged, or of another version); make it again "
                           "with `patchead report RUN`, or the sweep if it is run.json")
    return content


def read_tables(folder, pattern, *keys):
    paths = sorted(pathlib.Path(folder).glob(pattern), key=lambda path: (len(path.stem), path.stem))
    return [read_json(path, "name", "caption", *keys) for path in paths]


RUN_TABLE = ("row_columns", "value_columns", "rows", "footnotes")


def run_table(table):
    """A table of tables/*.json."""
    return table_of(table, table["caption"], table["row_columns"], table["rows"])


def category_table(table, category):
    """The rows of one category of a categories table."""
    columns = [name for name in table["row_columns"] if name != "category"]
    dataset = table["name"].removeprefix("categories_")
    return table_of(table, f"{dataset}: {category}", columns,
                    [row for row in table["rows"] if row["category"] == category])


def table_of(table, caption, columns, rows):
    metrics = table["value_columns"]  # ᵀ: scores saw other test images, as a footnote says.
    labels = {name: [row[name] + " ᵀ" * (name == "setting" and row.get("transductive", False)) for row in rows] for name in columns}
    labels["seeds"] = [str(max((value["seeds"] for value in row["values"].values()), default=0)) for row in rows]
    values = [[run_cell(row["values"][metric]) for metric in metrics] for row in rows]
    return labelled_table(table, caption, labels, metrics, values)


def labelled_table(table, caption, labels, value_heads, values):
    """`labels`: name -> a text for each row. Of several rows, what is the same in all is said once."""
    same = {name: texts[0] for name, texts in labels.items() if len(texts) > 1 and len(set(texts)) == 1}
    columns = {name: texts for name, texts in labels.items() if name not in same}
    tuned = [is_tuned(name) for name in labels.get("detector", [""] * len(values))]
    rows = [[*label_cells(texts, kind), *cells] for texts, cells, kind in zip(zip(*columns.values()), values, tuned)] \
        if columns else values
    heads = [(name.replace("_", " "), 1) for name in [*columns, *value_heads]]
    constant = ", ".join(f"{name.replace('_', ' ')} {text}" for name, text in same.items())
    return Table(table["name"], caption, [heads], rows, len(columns), table["footnotes"], constant)


def is_tuned(detector):
    """Whether its options were chosen by data set: on the test images."""
    return detector.endswith(":published")


def label_cells(texts, tuned):
    """Of a row, which looks different if it was tuned on the test data."""
    return [Cell(text, kind="tuned" if tuned else "") for text in texts]


def run_cell(value):
    beside = f"± {percent(value['std'])}" if value["mean"] is not None and value["seeds"] > 1 else ""
    # Of `report --bootstrap`. Beside the rest it would make tables too wide for a screen.
    interval = "({}–{})".format(*map(percent, value["interval"])) if "interval" in value else ""
    kind = "number best" if value.get("best") else "number"
    return Cell(percent(value["mean"]), sort_key(value["mean"]), kind, value.get("note", ""), beside, interval)


def highest(table, category, metric):
    """The row of a categories table with the highest mean over seeds of a category, how many more rows print the
    same, and its cell. Only rows with all seeds compete: others are means of something else. None if there is none."""
    rows = [row for row in table["rows"] if row["category"] == category and metric in row["values"]
            and row["values"][metric]["mean"] is not None]
    seeds = max((row["values"][metric]["seeds"] for row in rows), default=0)
    rows = [row for row in rows if row["values"][metric]["seeds"] == seeds]
    if not rows:
        return None
    best = max(rows, key=lambda row: row["values"][metric]["mean"])
    text = percent(best["values"][metric]["mean"])
    equal = sum(percent(row["values"][metric]["mean"]) == text for row in rows) - 1
    return best, equal, run_cell(best["values"][metric])


DIFFERENCES = ("one", "other", "lines", "footnotes")


def difference_table(table, keep=lambda line: True, caption=""):
    """A table of differences_*.json; `keep` chooses lines. None if none is left."""
    lines = [line for line in table["lines"] if keep(line)]
    if not lines:
        return None
    names = list(itertools.takewhile(lambda name: name != "seeds", lines[0]))
    labels = {name: [str(line[name]) for line in lines] for name in [*names, "seeds"]}
    heads = [table["one"], table["other"], "difference", "95 % interval", "p"]
    return labelled_table(table, caption or table["caption"], labels, heads, [difference_cells(line) for line in lines])


def difference_cells(line):
    def mean(which):
        beside = f"± {percent(line[f'{which}_std'])}" if line[which] is not None and line["seeds"] > 1 else ""
        return Cell(percent(line[which]), sort_key(line[which]), "number", extra=beside)

    difference, p = line["difference"], line["p"]
    sure = p is not None and p < 0.05
    kind = f"number {colour_of(difference)}" if sure else "number"
    interval = "" if line["low"] is None else f"{signed_points(line['low'])} to {signed_points(line['high'])}"
    return [mean("one"), mean("other"),
            Cell("–" if difference is None else signed_points(difference), sort_key(difference), kind, line["note"]),
            Cell(interval, sort_key(line["low"]), "number"),
            Cell("" if p is None else f"{p:.3f}", sort_key(p), "number")]


def signed_points(value):
    """With its sign, unless it is zero as printed, as in the Markdown tables."""
    text = tenths_of_percent(value, "+")
    return text[1:] if text[1:] == "0.0" else text


COST_TABLE = ("metric", "row_columns", "rows", "footnotes")


def cost_table(table):
    """A table of tables/costs_*.json."""
    labels = {name: [row[name] for row in table["rows"]] for name in table["row_columns"]}
    heads = ["network GFLOP", "scoring GFLOP", "memory MB", f"{table['metric']} %", "front"]
    return labelled_table(table, table["caption"], labels, heads, [cost_cells(row) for row in table["rows"]])


def cost_cells(row):
    beside = f"± {percent(row['std'])}" if row["mean"] is not None and row["seeds"] > 1 else ""
    return [*amounts(row), Cell(percent(row["mean"]), sort_key(row["mean"]), "number", extra=beside),
            Cell("✓" if row["front"] else "", "1" if row["front"] else "0")]


def amounts(row):
    return [Cell(amount(row[name], unit), sort_key(row[name]), "number")
            for name, unit in (("network_flop", 1e9), ("scoring_flop", 1e9), ("memory_bytes", 1e6))]


def amount(value, unit=1):
    """Three digits, or whole; as in the Markdown tables."""
    if value is None:
        return "–"
    return f"{value / unit:.3g}" if value < 100 * unit else f"{value / unit:.0f}"


RIVALS = ("metric", "columns", "with_costs", "rows", "footnotes")


def rivals_table(table):
    """A table of rivals/*.json: measured numbers, and beside them what the paper quotes."""
    rows = table["rows"]
    quoting = [name for name in table["columns"] if any(row["values"][name]["quoted"] is not None for row in rows)]
    timed = table["with_costs"] and any(row["network_ms"] is not None or row["scoring_ms"] is not None for row in rows)
    heads = [head for name in table["columns"] for head in ([name, f"{name} ‡"] if name in quoting else [name])]
    heads += ["network GFLOP", "scoring GFLOP", "memory MB"] if table["with_costs"] else []
    heads += ["network ms", "scoring ms"] if timed else []
    labels = {"backbone": [row["backbone"] for row in rows], "image_size": [row["image_size"] for row in rows],
              "shots": [row.get("shots_text", f"{row['shots']}-shot") + " ᵀ" * row.get("transductive", False) for row in rows],
              "method": [row["method"] for row in rows], "detector": [row["detector"] for row in rows]}
    values = []
    for row in rows:
        cells = []
        for name in table["columns"]:
            cells.append(run_cell(row["values"][name]))
            cells += [quoted_cell(row["values"][name])] if name in quoting else []
        cells += amounts(row) if table["with_costs"] else []
        cells += [Cell(amount(row[name]), sort_key(row[name]), "number") for name in ("network_ms", "scoring_ms")] \
            if timed else []
        values.append(cells)
    return labelled_table(table, table["caption"], labels, heads, values)


def quoted_cell(value):
    if value["quoted"] is None:
        return Cell("", "", "number")
    beside = "" if value["quoted_std"] is None else f"± {percent(value['quoted_std'])}"
    return Cell(percent(value["quoted"]), sort_key(value["quoted"]), "number quoted", extra=beside)


def sort_key(value):
    return "" if value is None else repr(value)


def paper_tables(table):
    """The blocks of a paper table, a Table each."""
    for number, block in enumerate(table["blocks"]):
        depth = max(len(head) for head in block["heads"])
        labels = 1 + len(block["label_heads"])
        heads = [spans([""] * labels + [head[level] if level < len(head) else "" for head in block["heads"]])
                 for level in range(depth - 1)]
        heads.append([(text, 1) for text in ["group", *block["label_heads"], *[head[-1] for head in block["heads"]]]])
        rows = [[Cell(row["group"]), *map(Cell, row["labels"])]
                + [paper_cell(cell, row["quoted"], table["counts"]) for cell in row["cells"]] for row in block["rows"]]
        title = f"{table['caption']} {block['title']}".strip()
        yield Table(f"{table['name']}-{number}", title, heads, rows, labels, table["footnotes"])


def spans(texts):
    """Equal neighbours as one head over several columns."""
    return [(text, len(list(group))) for text, group in itertools.groupby(texts)]


def paper_cell(cell, quoted, counts):
    show = (lambda value: "–" if value is None else f"{value:.0f}") if counts else percent
    if quoted:
        mark = " ‡" if cell["paper"] is not None else ""
        return Cell(show(cell["paper"]) + mark, sort_key(cell["paper"]), "number quoted")
    kind = "number best" if cell["best"] else "number"
    text = show(cell["ours"])
    if cell["ours"] is not None and cell["seeds"] > 1 and not counts:
        text += f" ± {percent(cell['ours_std'])}"
    beside = beside_cell(cell, show)
    if cell["difference"] is not None:
        beside.append(f"{cell['difference']:+.0f}" if counts else tenths_of_percent(cell["difference"], "+"))
        kind += " " + colour_of(cell["difference"] / (100 if counts else 1))
        text += " †" if cell["outside"] else ""
    return Cell(text, sort_key(cell["ours"]), kind, cell["note"], f"({'; '.join(beside)})" if beside else "")


def beside_cell(cell, show):
    """The paper's value; where it prints a cumulative mean, what was recovered from it, too."""
    if cell["paper"] is None:
        return []
    if cell["recovered"] is not None and show(cell["recovered"]) != show(cell["paper"]):
        return [f"{show(cell['recovered'])}, printed {show(cell['paper'])}"]
    spread = "" if cell["paper_std"] is None else f" ± {show(cell['paper_std'])}"
    return [show(cell["paper"]) + spread]


def colour_of(difference):
    """A class for the difference to the paper: better or worse, by how many points."""
    points = abs(difference) * 100
    if points < 0.5:
        return "same"
    return ("better" if difference > 0 else "worse") + ("-much" if points >= 3 else "")
