"""The tables of what the choice of prompts is worth (tables/prompts_*.json), as the pages show them."""
from patchead_analysis.html import tables
from patchead_analysis.html.environment import counted

PROMPT_TABLE = ("row_columns", "rows", "footnotes")


def prompt_table(table, metric, category=None):
    """The rows of tables/prompts_*.json of a metric, of one category or of all. None if there are none."""
    rows = [row for row in table["rows"] if row["metric"] == metric and category in (None, row["category"])]
    if not rows:
        return None
    labels = {name: [row[name] for row in rows] for name in table["row_columns"]}
    heads = ["draws", f"{metric} %", "lowest", "5 %", "median", "95 %", "highest", "wins", "by"]
    return tables.labelled_table(table, table["caption"], labels, heads, [prompt_cells(row) for row in rows])


def prompt_cells(row):
    def number(value):
        return tables.Cell(tables.percent(value), tables.sort_key(value), "number")

    left_out = f"without {counted(row['undefined'], 'draw')} whose value is undefined" if row["undefined"] else ""
    paired = row["wins"] is not None
    return [tables.Cell(str(row["draws"]), kind="number", note=left_out),
            tables.Cell(tables.percent(row["mean"]), tables.sort_key(row["mean"]), "number", extra=f"± {tables.percent(row['std'])}"),
            number(row["worst"]["value"]), number(row["low"]), number(row["median"]), number(row["high"]),
            number(row["best"]["value"]),
            tables.Cell(f"{row['wins']} of {row['paired_draws']}" if paired else "–", tables.sort_key(row["wins"]), "number"),
            tables.Cell(tables.signed_points(row["difference"]) if paired else "–", tables.sort_key(row["difference"]), "number")]
