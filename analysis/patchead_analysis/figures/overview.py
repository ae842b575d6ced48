"""Figure 5: heat maps at a glance, an anomalous image of each data set."""
from patchead_analysis.figures.choice import by_shots, setting_text
from patchead_analysis.figures.drawing import Drawing, picture_grid
from patchead_analysis.figures.heatmaps import ROWS, columns_of

MOST = 14


def draw(study):
    columns, settings = [], set()
    for dataset, category in evenly(study.maps.categories()):
        shots, points = next(iter(by_shots(study.maps_of(dataset, category)).items()), (None, []))
        for title, pictures in columns_of(study, dataset, category, points, 1):
            columns.append((f"{dataset}\n{title.splitlines()[0]}", pictures))
            settings.add(setting_text(shots))
    if not columns:
        return
    rows = [[pictures[r] for _, pictures in columns] for r in range(len(ROWS))]
    yield Drawing(
        "figure5_overview", picture_grid(rows, ROWS, [title for title, _ in columns]),
        f"Heat maps of PatchEAD and PatchEAD+ over the data sets ({', '.join(sorted(settings))}).",
        "Grid with one anomalous image of each data set or category, its ground truth and two heat maps.")


def evenly(categories):
    """Of each data set the same number of categories, MOST in all."""
    by_dataset = {}
    for dataset, category in categories:
        by_dataset.setdefault(dataset, []).append((dataset, category))
    each = max(1, MOST // max(1, len(by_dataset)))
    return [found for group in by_dataset.values() for found in group[:each]]
