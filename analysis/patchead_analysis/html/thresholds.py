"""The tables of thresholds from normal images (tables/thresholds_*.json), as the pages show them."""
import statistics

from patchead_analysis.html import tables

THRESHOLD_TABLE = ("row_columns", "rows", "footnotes")
HEADS = ["rule", "scores", "threshold", "false alarms %", "misses %", "F1 %", "F1max %", "gap"]


def threshold_table(table, category=None):
    """The rows of tables/thresholds_*.json of one category or of all. None if there are none."""
    rows = [row for row in table["rows"] if category in (None, row["category"])]
    if not rows:
        return None
    labels = {name: [row[name] for row in rows] for name in table["row_columns"]}
    return tables.labelled_table(table, table["caption"], labels, HEADS, [threshold_cells(row) for row in rows])


def threshold_cells(row):
    def mean(name):
        return statistics.fmean(draw[name] for draw in row["draws"])

    def counts(part, whole):
        return f"{mean(part):.3g} of {mean(whole):.0f}" if row["draws"] else ""

    def number(value, extra=""):
        return tables.Cell(tables.percent(value), tables.sort_key(value), "number", extra=extra)

    made = bool(row["draws"])  # An average has no threshold of its own.
    gap = row["gap"]
    return [tables.Cell(row["rule"]),
            tables.Cell(f"{mean('scores'):.0f}" if made else "–", kind="number"),
            tables.Cell(f"{mean('threshold'):.4f}" if made else "–", repr(mean("threshold")) if made else "", "number"),
            number(row["false_alarms"], counts("false_alarms", "normal")),
            number(row["misses"], counts("misses", "anomalous")), number(row["f1"]), number(row["f1_max"]),
            tables.Cell("–" if gap is None else tables.signed_points(gap), tables.sort_key(gap), "number")]
