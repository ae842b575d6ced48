"""Figures 8 to 16: galleries of heat maps, one for each data set and setting."""
import dataclasses

from patchead_analysis.figures.choice import (by_shots, in_turn, plain_and_plus, plus_text, setting_text, short_name,
                                               shots_word, shown_by_all)
from patchead_analysis.figures.drawing import Drawing, picture_grid
from patchead_analysis.panels import ends_of, heat, outlined

COLUMNS = 12


@dataclasses.dataclass
class Column:
    """An anomalous image with its maps."""
    category: str
    title: str
    pictures: list  # The image, its ground truth, and the two maps.
    points: tuple   # (PointMaps without modules, with all of them); None where there is none.


def draw(study):
    for dataset, categories in study.maps.datasets().items():
        each = max(1, COLUMNS // len(categories))
        galleries = {}
        for category in categories:
            for shots, points in by_shots(study.maps_of(dataset, category)).items():
                galleries.setdefault(shots, []).extend(columns_of(study, category, points, each))
        for shots, columns in galleries.items():
            if columns:
                yield drawing_of(study, dataset, shots, columns)


def columns_of(study, category, points, count):
    """The Columns of `count` anomalous images."""
    pair = plain_and_plus(points)
    there = [maps for maps in pair if maps]
    if not there:
        return
    thumbnails = shown_by_all(study.maps.thumbnails(there[0].point.dataset, category), there)
    for id in in_turn(thumbnails, count):
        pixels = thumbnails[id].pixels()
        maps = [heat(pixels, point, id, study.scale) if point else None for point in pair]
        yield Column(category, f"{category}\n{short_name(id)}",
                     [pixels, outlined(pixels, thumbnails[id].truth()), *maps], pair)


def gallery(study, columns, titles):
    """The grid of `columns`, and the words for its two kinds of map; a kind that no column has gets no row."""
    rows = [[column.pictures[r] for column in columns] for r in range(4)]
    labels, bars = ["image", "ground truth"], {}
    for place in range(2):
        points = list(dict.fromkeys(column.points[place] for column in columns if column.points[place]))
        if points:
            bars[len(labels)] = ends_of(points, study.scale)
            labels.append(plus_text(points))
    rows = [row for row in rows if any(picture is not None for picture in row)]
    return picture_grid(rows, labels, titles, bars), labels[2:]


def drawing_of(study, dataset, shots, columns):
    figure, methods = gallery(study, columns, [column.title for column in columns])
    scale = "one colour scale for each category and method, from the median to the 99.8th percentile of its patch scores" \
        if study.scale == "category" else "each map normalised by itself"
    return Drawing(
        f"figure8_heatmaps_{dataset}_{shots_word(shots)}", figure,
        f"Heat maps with modules {' and '.join(methods)} ({setting_text(shots)}) on {dataset}, {study.text}: image, "
        f"outline of the ground truth, maps. Patch scores are interpolated linearly; {scale}.",
        f"Grid of {len(columns)} anomalous images of {dataset} with their ground truth and the heat maps with modules "
        f"{' and '.join(methods)} below.")
