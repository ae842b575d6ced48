"""The recorded maps as a browser of heat maps: thumbnails, scripts that hold the maps, and their index.

Pages opened from a disk may not fetch files, but may load scripts. So the maps lie in scripts of CHUNK
images each, loaded when one of their images is shown.
"""
import dataclasses
import json
import pathlib

import numpy as np

from patchead_analysis.figures.choice import setting_text, shown_by_all
from patchead_analysis.html.overlays import heat_uri, truth_uri
from patchead_analysis.html.ranking import ANOMALOUS, NORMAL, UNLABELLED, wrongness
from patchead_analysis.results import is_unlabelled, module_rank, type_of

CHUNK = 32


@dataclasses.dataclass(frozen=True)
class Group:
    """Maps that are shown side by side: points that differ in modules only."""
    backbone: str
    image_size: int | str
    shots: int

    @property
    def label(self):
        return f"{self.backbone}, {self.image_size} px, {setting_text(self.shots)}"

    def holds(self, point):
        return (point.backbone, point.image_size, point.shots) == (self.backbone, self.image_size, self.shots)


@dataclasses.dataclass
class Entry:
    """A test image as the pages show it."""
    number: int
    thumbnail: object
    label: int    # NORMAL, ANOMALOUS or UNLABELLED
    scores: dict  # Point -> image score
    wrong: dict   # Point -> wrongness


@dataclasses.dataclass
class Labels:
    """What the folders of a category say of its test images: id -> NORMAL, ANOMALOUS or UNLABELLED."""
    of: dict

    def count(self, label):
        return sum(known == label for known in self.of.values())


def labels_of(results, thumbnails, point):
    """A folder whose name says that nobody knows its images is no claim about them, whatever the metrics count."""
    ids, anomalous, _ = results.scores(point)

    def label(id, is_anomalous):
        defect_type = thumbnails[id].defect_type if id in thumbnails else type_of(id)
        return NORMAL if not is_anomalous else UNLABELLED if is_unlabelled(defect_type) else ANOMALOUS

    return Labels({id: label(id, is_anomalous) for id, is_anomalous in zip(ids, anomalous)})


@dataclasses.dataclass
class CategoryMaps:
    """What was recorded of a category, in memory while its files are written."""
    dataset: str
    category: str
    entries: list
    points: list   # PointMaps
    labels: Labels
    wrong: dict    # Point -> id -> wrongness, of all test images

    def groups(self):
        found = (Group(m.point.backbone, m.point.image_size, m.point.shots) for m in self.points)
        return list(dict.fromkeys(found))

    def of(self, group):
        return [maps for maps in self.points if group.holds(maps.point)]

    def ranked(self, point, label):
        """(id, wrongness) of all test images with a label, recorded or not: the worst first."""
        found = [(id, wrong) for id, wrong in self.wrong[point].items() if self.labels.of[id] == label]
        return sorted(found, key=lambda item: (-item[1], item[0]))


def read_category(results, recorded, dataset, category):
    """None if the results know none of the recorded points."""
    points = [maps for maps in recorded.points(dataset, category) if maps.point in results]
    if not points:
        return None
    thumbnails = recorded.thumbnails(dataset, category)
    labels = labels_of(results, thumbnails, points[0].point)
    wrong, scores = {}, {}
    for maps in points:
        ids, _, values = results.scores(maps.point)
        known = np.array([labels.of.get(id, UNLABELLED) for id in ids])
        wrong[maps.point] = dict(zip(ids, wrongness(known, values)))
        scores[maps.point] = dict(zip(ids, values))
    shown = list(shown_by_all(thumbnails, points).values())
    # Neighbours in a list of the worst should lie in the same script.
    first = points[0].point
    shown.sort(key=lambda thumbnail: (-wrong[first][thumbnail.id], thumbnail.id))
    entries = [Entry(number, thumbnail, labels.of[thumbnail.id], {p: float(of[thumbnail.id]) for p, of in scores.items()},
                     {p: float(of[thumbnail.id]) for p, of in wrong.items()})
               for number, thumbnail in enumerate(shown)]
    return CategoryMaps(dataset, category, entries, points, labels, wrong)


def thumbnail_path(dataset, category, number):
    return f"thumbnails/{dataset}/{category}/{number}.jpg"


class GalleryWriter:
    """Writes category after category, and the index at the end."""

    def __init__(self, folder):
        self._folder = pathlib.Path(folder)
        self._groups, self._points, self._categories, self._types, self._images = [], [], [], [], []

    def add(self, maps):
        self._write_thumbnails(maps)
        for group in maps.groups():
            self._write_maps(maps, group)
        self._add_to_index(maps)

    def finish(self):
        index = {"chunk": CHUNK, "groups": [group.label for group in self._groups],
                 "points": [[self._groups.index(group), modules] for group, modules in self._points],
                 "categories": self._categories, "types": self._types, "images": self._images}
        write(self._folder / "maps/index.js", f"patchead.index = {compact(index)};\n")

    def _write_thumbnails(self, maps):
        for entry in maps.entries:
            write(self._folder / thumbnail_path(maps.dataset, maps.category, entry.number), entry.thumbnail.jpeg)

    def _write_maps(self, maps, group):
        number = place_in(self._groups, group)
        points = sorted(maps.of(group), key=lambda m: module_rank(m.point.modules))
        for start in range(0, len(maps.entries), CHUNK):
            name = f"maps/{maps.dataset}/{maps.category}/{number}-{start // CHUNK}.js"
            images = [[truth_uri(entry.thumbnail), *(heat_uri(point, entry.thumbnail.id) for point in points)]
                      for entry in maps.entries[start:start + CHUNK]]
            write(self._folder / name, f"patchead.maps({compact(name)}, {compact(images)});\n")

    def _add_to_index(self, maps):
        category = place_in(self._categories, [maps.dataset, maps.category])
        groups = {m.point: (next(g for g in self._groups if g.holds(m.point)), m.point.modules) for m in maps.points}
        places = {point: place_in(self._points, found) for point, found in groups.items()}
        for entry in maps.entries:
            scores = {places[point]: [float(f"{entry.scores[point]:.4g}"), round(1000 * wrong)]
                      for point, wrong in entry.wrong.items()}
            self._images.append([category, place_in(self._types, entry.thumbnail.defect_type),
                                 entry.label, entry.number, entry.thumbnail.id, scores])


def place_in(items, item):
    """The place of `item` in the list, to whose end it is added if it is new."""
    if item not in items:
        items.append(item)
    return items.index(item)


def compact(value):
    """JSON that may stand in a script."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=True).replace("</", "<\\/")


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
