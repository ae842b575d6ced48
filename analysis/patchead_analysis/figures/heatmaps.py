"""Figures 8 to 16: galleries of heat maps, one for each data set and setting."""
from patchead_analysis.figures.choice import (by_shots, in_turn, plain_and_plus, setting_text, short_name,
                                               shown_by_all)
from patchead_analysis.figures.drawing import Drawing, picture_grid
from patchead_analysis.panels import heat, outlined

COLUMNS = 12
ROWS = ["image", "ground truth", "PatchEAD", "PatchEAD+"]


def draw(study):
    for dataset, categories in study.maps.datasets().items():
        each = max(1, COLUMNS // len(categories))
        galleries = {}
        for category in categories:
            for shots, points in by_shots(study.maps_of(dataset, category)).items():
                columns = columns_of(study, dataset, category, points, each)
                galleries.setdefault(shots, []).extend(columns)
        for shots, columns in galleries.items():
            if columns:
                yield drawing_of(study, dataset, shots, columns)


def columns_of(study, dataset, category, points, count):
    """(title, four pictures) of `count` anomalous images."""
    pair = plain_and_plus(points)
    there = [maps for maps in pair if maps]
    if not there:
        return
    thumbnails = shown_by_all(study.maps.thumbnails(dataset, category), there)
    for id in in_turn(thumbnails, count):
        pixels = thumbnails[id].pixels()
        maps = [heat(pixels, point, id, study.scale) if point else None for point in pair]
        yield (f"{category}\n{short_name(id)}", [pixels, outlined(pixels, thumbnails[id].truth()), *maps])


def drawing_of(study, dataset, shots, columns):
    rows = [[pictures[r] for _, pictures in columns] for r in range(len(ROWS))]
    scale = "one colour scale for each category and method" if study.scale == "category" \
        else "each map normalised by itself"
    return Drawing(
        f"figure8_heatmaps_{dataset}_{shots}-shot", picture_grid(rows, ROWS, [title for title, _ in columns]),
        f"Heat maps of PatchEAD and PatchEAD+ ({setting_text(shots)}) on {dataset}: image, outline of the ground "
        f"truth, maps. Patch scores are interpolated linearly; {scale}.",
        f"Grid of {len(columns)} anomalous images of {dataset} with their ground truth and the heat maps of "
        "PatchEAD and PatchEAD+ below.")
