"""Figure 5: heat maps at a glance, an anomalous image of each data set."""
from patchead_analysis.figures.choice import by_shots, setting_text
from patchead_analysis.figures.drawing import Drawing
from patchead_analysis.figures.heatmaps import columns_of, gallery

MOST = 14


def draw(study):
    columns, titles, settings = [], [], set()
    for dataset, category in evenly(study.maps.categories()):
        shots, points = next(iter(by_shots(study.maps_of(dataset, category)).items()), (None, []))
        for column in columns_of(study, category, points, 1):
            columns.append(column)
            titles.append(f"{dataset}\n{category}")
            settings.add(setting_text(shots))
    if not columns:
        return
    figure, methods = gallery(study, columns, titles)
    yield Drawing(
        "figure5_overview", figure,
        f"Heat maps with modules {' and '.join(methods)} over the data sets ({', '.join(sorted(settings))}), {study.text}.",
        "Grid with one anomalous image of each data set or category, its ground truth and its heat maps with modules "
        f"{' and '.join(methods)}.")


def evenly(categories):
    """Of each data set the same number of categories, MOST in all."""
    by_dataset = {}
    for dataset, category in categories:
        by_dataset.setdefault(dataset, []).append((dataset, category))
    each = max(1, MOST // max(1, len(by_dataset)))
    return [found for group in by_dataset.values() for found in group[:each]]
