"""Figure 7(a, b): histograms of the similarity of normal and of anomalous images to normal sentences (a) and to
anomalous ones (b), of detector clip (docs/method.md)."""
from patchead_analysis.figures.choice import options_of
from patchead_analysis.figures.drawing import Drawing, chart
from patchead_analysis.figures.histograms import auroc_text, draw_panel, overlap, pooled

PANELS = (("normal", "(a) to normal sentences"), ("anomalous", "(b) to anomalous sentences"))


def draw(study):
    """One figure for each data set that has both sides: a row for what is compared (images, windows, patches)."""
    by_dataset = {}
    for point in study.results.points:
        options = options_of(point.modules)
        if study.shows(point) and point.modules.startswith("clip:") and "paraphrase" not in options:
            by_dataset.setdefault(point.dataset, {}).setdefault(options.get("of", "image"), {}).setdefault(
                options.get("side"), []).append(point)
    for dataset, rows in by_dataset.items():
        rows = {of: sides for of, sides in sorted(rows.items()) if all(side in sides for side, _ in PANELS)}
        if rows:
            yield drawing_of(study, dataset, rows)


def drawing_of(study, dataset, rows):
    figure, axes = chart(0.6 + 2.9 * len(PANELS), 0.4 + 2.4 * len(rows), len(rows), len(PANELS))
    told = []
    for places, (of, sides) in zip(axes, rows.items()):
        for place, (side, title) in zip(places, PANELS):
            points = first_seed(sides[side])
            normal, anomalous = similarities(study.results, points, side)
            draw_panel(place, normal, anomalous)
            text, shared = auroc_text(study.results, points), f"{100 * overlap(normal, anomalous):.0f} %"
            place.set_title(f"{title}, {of}\n(mean I-AUROC {text}, overlap {shared})", fontsize=8)
            told.append(f"{of} {title} {text} (overlap {shared})")
        places[0].set_ylabel("share of the images [%]")
    for place in axes[-1]:
        place.set_xlabel("image-text similarity (cosine)")
    axes[0][0].legend(fontsize=7)
    return Drawing(
        f"figure7ab_similarity_{dataset}", figure,
        f"Similarity of images of {dataset} to sentences ({study.text}), all categories pooled.",
        "Histograms of the cosine similarity of normal and anomalous images to normal and to anomalous sentences. Mean "
        "image AUROC of the categories, of dissimilarity to normal and of similarity to anomalous sentences: "
        + "; ".join(told) + ".")


def first_seed(points):
    return [point for point in points if point.seed == points[0].seed]


def similarities(results, points, side):
    """Of the normal and of the anomalous images. The detector's score is high for anomalous ones: to normal sentences
    it is 1 less the similarity."""
    return [1 - scores if side == "normal" else scores for scores in pooled(results, points)]
