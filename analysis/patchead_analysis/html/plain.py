"""Tables of `patchead conventions`, `ablate --choose` and `datasets duplicates` (tables/*.json of texts and single numbers)."""
import pathlib

from patchead_analysis.html.tables import Cell, Table, percent, read_tables, sort_key, tenths_of_percent

KEYS = ("columns", "labels", "rows", "footnotes")
# Name of the files -> title and explanation of the section, in the order of the page.
SECTIONS = {
    "swing": ("What a convention is worth",
              "The same maps measured by the conventions that publications differ in, one at a time."),
    "order": ("Which methods change places", "Pairs whose order is another by the convention than in the base."),
    "regions": ("What is left of the defects", "Resizing and cropping lose small regions, and those at borders."),
    "selection": ("Chosen without the test set",
                  "Options chosen on the other data sets or categories, and what choosing on the test set would claim."),
    "duplicates": ("Near-duplicates", "Images that show nearly the same thing, by features; pictures are in pairs/ beside the table."),
    "conventions": ("Conventions", "What is varied, and who publishes numbers with it."),
}
FOLDERS = (".", "conventions", "ablation", "duplicates")  # Of a run, where the commands write.


def evaluation_sections(folder):
    """(title, explanation, tables) of each kind of which there are files below an output folder."""
    found = []
    for kind, (title, explanation) in SECTIONS.items():
        tables = [table for place in FOLDERS
                  for table in read_tables(pathlib.Path(folder) / place, f"tables/{kind}*.json", *KEYS)]
        if tables:
            found.append((title, explanation, [plain_table(table) for table in tables]))
    return found


def plain_table(table):
    """Labels that are the same in all of several rows are said once."""
    columns, rows, labels = table["columns"], table["rows"], table["labels"]
    same = [i for i in range(labels) if len(rows) > 1 and len({row[i] for row in rows}) == 1]
    shown = [i for i in range(len(columns)) if i not in same]
    cells = [[plain_cell(row[i], columns[i]["kind"]) for i in shown] for row in rows]
    constant = ", ".join(f"{columns[i]['name']} {rows[0][i]}" for i in same)
    texts = tuple(place for place, i in enumerate(shown) if columns[i]["kind"] == "text")
    return Table(table["name"], table["caption"], [[(columns[i]["name"], 1) for i in shown]], cells,
                 labels - len(same), table["footnotes"], constant, texts)


def plain_cell(value, kind):
    if kind == "text":
        return Cell(value, value)
    if value is None:
        return Cell("–", "", "number")
    text = {"percent": percent, "points": points, "count": lambda number: f"{number:.0f}"}[kind](value)
    return Cell(text, sort_key(value), "number")


def points(value):
    """With its sign, unless it is zero as printed; as in the Markdown tables."""
    text = tenths_of_percent(value, "+")
    return "0.0" if text in ("+0.0", "-0.0") else text
