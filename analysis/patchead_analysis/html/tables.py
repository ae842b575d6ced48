"""The tables of a run (tables/*.json, paper/*.json) as the pages show them."""
import dataclasses
import decimal
import itertools
import json
import pathlib


@dataclasses.dataclass
class Cell:
    text: str
    sort: str = ""    # What the column is sorted by, if not the text.
    kind: str = ""    # CSS classes.
    note: str = ""    # What else must be said of it; its number stands beside it.
    extra: str = ""   # Smaller, beside the text.


@dataclasses.dataclass
class Table:
    name: str
    caption: str
    heads: list       # Rows of (text, columns it spans).
    rows: list        # Rows of Cells; the first `labels` are row heads.
    labels: int
    footnotes: list

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


def read_tables(folder, pattern):
    paths = sorted(pathlib.Path(folder).glob(pattern), key=lambda path: (len(path.stem), path.stem))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]


def run_table(table, keep=lambda row: True):
    """A table of tables/*.json; `keep` chooses rows."""
    return table_of(table, table["caption"], table["row_columns"], filter(keep, table["rows"]))


def category_table(table, category):
    """The rows of one category of a categories table."""
    columns = [name for name in table["row_columns"] if name != "category"]
    dataset = table["name"].removeprefix("categories_")
    return table_of(table, f"{dataset}: {category}", columns,
                    (row for row in table["rows"] if row["category"] == category))


def table_of(table, caption, columns, rows):
    metrics = table["value_columns"]
    cells = [[Cell(row[column]) for column in columns] + [run_cell(row["values"][metric]) for metric in metrics]
             for row in rows]
    heads = [(name.replace("_", " "), 1) for name in columns + metrics]
    return Table(table["name"], caption, [heads], cells, len(columns), table["footnotes"])


def run_cell(value):
    beside = [f"± {percent(value['std'])}"] if value["mean"] is not None and value["seeds"] > 1 else []
    if "interval" in value:  # Of `report --bootstrap`.
        beside.append("({}–{})".format(*map(percent, value["interval"])))
    return Cell(percent(value["mean"]), sort_key(value["mean"]), "number", value.get("note", ""), " ".join(beside))


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
