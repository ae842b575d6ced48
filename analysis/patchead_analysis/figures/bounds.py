"""I_CLUB of Eq. (8), the bounds of what patches (U1) and words (U2) know alone, from the tables of `patchead text`."""
import json
import pathlib

from patchead_analysis.figures.drawing import COLOURS, MARKERS, Drawing, chart
from patchead_analysis.program import UserError

TERMS = {"U1": ("patches augmented (U1)", COLOURS[0], MARKERS[0]),
         "U2": ("words paraphrased (U2)", COLOURS[1], MARKERS[1])}


def draw(study):
    """One figure for each data set with a table in RUN/text."""
    for path in sorted(path for folder in study.folders for path in pathlib.Path(folder).glob("text/text_*.json")):
        table = read(path)
        rows = [row for row in table["rows"] if row["term"] in TERMS and row["bound"]["value"] is not None
                and row["backbone"] == study.backbone and row["image_size"] == str(study.image_size)]
        if rows and not path.stem.endswith("_categories"):
            yield drawing_of(study, path.stem.removeprefix("text_"), rows)


def read(path):
    try:
        table = json.loads(path.read_text())
        return {"rows": [dict(row) for row in table["rows"]]}
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(f"'{path}' is no table of patchead text ({error}); run patchead text again") from error


def label_of(row):
    critic = "PatchEAD" if row["critic"] == "patchead" else row["critic"]
    modules = "" if row["modules"] == "none" or row["critic"] != "patchead" else f" {row['modules']}"
    setting = "batch zero-shot" if row["setting"] == "batch-zero-shot" else f"{row['shots']}-shot"
    return f"{critic}{modules}, {setting}"


def drawing_of(study, dataset, rows):
    labels = list(dict.fromkeys(label_of(row) for row in rows))
    figure, [[place]] = chart(6.2, 0.9 + 0.32 * len(labels))
    told = []
    for term, (title, colour, marker) in TERMS.items():
        chosen = [row for row in rows if row["term"] == term]
        for number, row in enumerate(chosen):
            value, low, high = (row["bound"][name] for name in ("value", "low", "high"))
            height = labels.index(label_of(row)) + (0.14 if term == "U2" else -0.14)
            if low is not None:
                place.plot([low, high], [height, height], color=colour, linewidth=1.5)
            place.plot([value], [height], marker, color=colour, markersize=5, label=title if number == 0 else None)
            told.append(f"{label_of(row)} {term} {value:.2f}"
                        + (f" ({low:.2f} to {high:.2f})" if low is not None else ""))
    place.axvline(0, color="black", linewidth=0.8)
    place.set_yticks(range(len(labels)), labels)
    place.set_ylim(len(labels) - 0.5, -0.5)
    place.set_xlabel("I_CLUB (0: nothing is told apart)")
    place.legend(fontsize=7, loc="lower center", bbox_to_anchor=(0.5, 1), ncol=len(TERMS))
    return Drawing(
        f"figure_iclub_{dataset}", figure,
        f"I_CLUB of Eq. (8) on {dataset} ({study.text}), mean of the categories, with 95 % intervals over test images.",
        "Expected score of negatives less that of positives, with augmented patches and with paraphrased sentences: "
        + "; ".join(told) + ".")
