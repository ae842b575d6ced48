"""Reads what a sweep leaves: results.h5 and the recorded maps beside it."""
import contextlib
import dataclasses
import io
import pathlib

import h5py
import numpy as np
from PIL import Image

from patchead_analysis.costs import costs_of
from patchead_analysis.program import UserError

RESULTS = ("patchead table", 1)
MAPS_SCHEMA = "1"
# Shots of full-shot, in place of the size of the training set, which is another in each category.
ALL_SHOTS = float("inf")
# Those of a point whose one prompt is any of the training images in its turn: before all that were drawn.
EACH_PROMPT = 0.5
# Those of maps that were measured without saying how many normal images they were made with.
GIVEN_MAPS = -1
# Names of test folders of which their owner does not know what is in them.
UNLABELLED = {"unlabelled", "unlabeled", "unknown", "unsorted", "unchecked", "uninspected"}


class ResultsError(UserError):
    """A file that cannot be used, and what to do about it."""


@dataclasses.dataclass(frozen=True)
class Point:
    """One ablation point on one category: what a row of the results is about."""
    dataset: str
    category: str
    backbone: str
    image_size: int | str  # px; the word of several sizes: "224+448-mean"
    setting: str
    shots: int | float  # ALL_SHOTS of full-shot, EACH_PROMPT of each-prompt, GIVEN_MAPS where nobody said it.
    seed: int
    modules: str  # Of PatchEAD; of another detector its name, which tells its points from these.


POINT_COLUMNS = [field.name for field in dataclasses.fields(Point)]


@contextlib.contextmanager
def open_table(path):
    """The open file, if it is a whole table of a known version. What it then lacks is told, too."""
    try:
        with open(path, "rb"):  # HDF5's own messages do not tell a file that is not there from a damaged one.
            pass
    except FileNotFoundError as error:
        raise ResultsError(f"cannot read '{path}' (there is no such file); check the path, which is what was given to "
                           "`patchead sweep --output`, or run the sweep again") from error
    try:
        file = h5py.File(path)
    except OSError as error:
        raise damaged(path, error) from error
    with file:
        attributes = texts_of(file.attrs)
        if (attributes.get("format"), attributes.get("schema")) != RESULTS or not attributes.get("complete"):
            raise ResultsError(f"'{path}' is no table of this version (its format is "
                               f"{attributes.get('format')!r} {attributes.get('schema')}); run the sweep again")
        try:
            yield file
        except (KeyError, IndexError, ValueError, OSError, RuntimeError, UnicodeDecodeError) as error:
            raise damaged(path, error) from error


def damaged(path, error):
    reason = " ".join(str(error).split())
    return ResultsError(f"cannot read '{path}' (it is damaged: {reason}); run the sweep again: it takes all from the "
                        "store")


def texts_of(attributes):
    return {name: value.decode() if isinstance(value, bytes) else value
            for name, value in attributes.items()}


def columns_of(group):
    """Name -> values of a group; texts as str."""
    return {name: [text.decode() for text in column[...]] if column.dtype.kind == "S"
            else column[...] for name, column in group.items()}


def is_unlabelled(defect_type):
    """Whether a test folder says by its name that nobody knows what its images show."""
    return defect_type.lower().replace("-", "_").replace(" ", "_") in UNLABELLED


def type_of(id):
    """The defect type of an id, `category/split/defect_type/stem`."""
    parts = id.split("/")
    return parts[2] if len(parts) > 3 else ""


def points_of(columns):
    lists = {name: np.asarray(columns[name]).tolist() for name in POINT_COLUMNS}
    words = {"full-shot": ALL_SHOTS, "each-prompt": EACH_PROMPT, "maps": GIVEN_MAPS}
    lists["shots"] = [words.get(setting, shots) for setting, shots in zip(lists["setting"], lists["shots"])]
    if "sizes" in columns:  # Only where some are made of several.
        lists["image_size"] = [sizes or size for sizes, size in zip(columns["sizes"], lists["image_size"])]
    if "detector" in columns:  # Only where there are others than PatchEAD.
        lists["modules"] = [modules if detector == "patchead" else detector
                            for detector, modules in zip(columns["detector"], lists["modules"])]
    lists = list(lists.values())
    return [Point(*values) for values in zip(*lists)]


class Results:
    """A results.h5 in memory. Points are in the order of the plan."""

    def __init__(self, path):
        with open_table(path) as file:
            self.provenance = {name: text for name, text in texts_of(file.attrs).items()
                               if isinstance(text, str) and name != "format"}
            self.metric_names = columns_of(file["metric_names"])["name"]
            points = columns_of(file["points"])
            self.points = points_of(points)
            self.costs = costs_of(self.points, points)
            missing = columns_of(file["missing"])
            metrics = columns_of(file["metrics"])
            images = columns_of(file["images"])
            self.missing = list(zip(points_of(missing), missing["reason"]))
            self.values = {(self.points[point], name): value for point, name, value
                           in zip(metrics["point"], metrics["metric"], metrics["value"])}
            self._ids = np.array(images["id"], dtype=object)
            self._anomalous = images["anomalous"].astype(bool)
            self._scores = self._by_point(columns_of(file["scores"]))

    def __contains__(self, point):
        return point in self._scores

    def _by_point(self, scores):
        order = np.argsort(scores["point"], kind="stable")
        ends = np.searchsorted(scores["point"][order], np.arange(len(self.points)), side="right")
        parts = np.split(order, ends[:-1])
        return {point: (scores["image"][part], scores["score"][part])
                for point, part in zip(self.points, parts)}

    def scores(self, point):
        """Ids, labels and scores of the test images of a point."""
        images, scores = self._scores[point]
        return self._ids[images], self._anomalous[images], scores

    def value(self, point, metric):
        """None if it is undefined or was not measured."""
        value = self.values.get((point, metric), np.nan)
        return None if np.isnan(value) else float(value)

    def dataset_values(self, metric, **where):
        """Seed -> mean over the categories of a data set at one setting.

        As in the tables: undefined values are left out of the mean of their seed, a seed that lacks
        a category is left out as a whole.
        """
        chosen = [point for point in self.points if agrees(point, where)]
        incomplete = {point.seed for point, _ in self.missing if agrees(point, where)}
        by_seed = {}
        for point in chosen:
            if point.seed not in incomplete:
                by_seed.setdefault(point.seed, []).append(self.values.get((point, metric), np.nan))
        return {seed: float(np.nanmean(values)) for seed, values in by_seed.items()
                if not np.all(np.isnan(values))}


def agrees(point, where):
    return all(getattr(point, name) == value for name, value in where.items())


@dataclasses.dataclass
class Thumbnail:
    """A small picture of a test image, and of its ground truth."""
    id: str
    defect_type: str
    anomalous: bool
    jpeg: bytes
    truth_png: bytes

    def pixels(self):
        """Shape: [height, width, 3]."""
        return np.asarray(Image.open(io.BytesIO(self.jpeg)).convert("RGB"))

    def truth(self):
        """Where it is anomalous. Shape: [height, width]."""
        if not self.truth_png:
            return np.zeros(self.pixels().shape[:2], bool)
        return np.asarray(Image.open(io.BytesIO(self.truth_png))) > 0


class PointMaps:
    """The maps that one point recorded."""

    def __init__(self, path):
        with open_table(path) as file:
            require_maps(path, file)
            about = columns_of(file["point"])
            patches = columns_of(file["patches"])
            self.point = points_of(about)[0]
            self.low, self.high = float(about["low"][0]), float(about["high"][0])
            self.ids = columns_of(file["images"])["id"]
            shape = (len(self.ids), about["grid_rows"][0], about["grid_cols"][0])
            self.patches = patches["score"].reshape(shape)
            self.attention = patches["attention"].reshape(shape) if "attention" in patches else None
        self._threshold = about.get("mask_threshold", [None])[0]
        self._place = {id: place for place, id in enumerate(self.ids)}

    def __contains__(self, id):
        return id in self._place

    def of(self, id):
        """Patch scores of an image. Shape: [rows, cols]."""
        return self.patches[self._place[id]]

    def foreground(self, id):
        """Where masking leaves the scores as they are: min-max attention above the threshold."""
        attention = self.attention[self._place[id]].astype(np.float64)
        low, high = attention.min(), attention.max()
        if low == high:
            return np.ones(attention.shape, bool)
        return (attention - low) / (high - low) > self._threshold


class RecordedMaps:
    """The maps folders of one or several runs; a category is read when it is asked for."""

    def __init__(self, folders):
        self._images, self._points = {}, {}  # (data set, category) -> files
        for folder in folders:
            for path in sorted(pathlib.Path(folder).glob("maps/*/*/*.h5")):
                key = path.parent.parent.name, path.parent.name
                if path.name == "images.h5":
                    self._images.setdefault(key, []).append(path)
                else:  # A point that several runs recorded is taken of the first.
                    self._points.setdefault(key, {}).setdefault(path.name, path)

    def categories(self):
        """(data set, category) of which there are maps."""
        return sorted(self._images.keys() & self._points.keys())

    def datasets(self):
        """Data set -> its categories of which there are maps."""
        found = {}
        for dataset, category in self.categories():
            found.setdefault(dataset, []).append(category)
        return found

    def thumbnails(self, dataset, category):
        """Id -> Thumbnail, in the order of the ids."""
        found = {}
        for path in self._images[dataset, category]:
            found.update(read_thumbnails(path))
        return dict(sorted(found.items()))

    def points(self, dataset, category):
        """The PointMaps of a category: by backbone, size, shots, and modules from none to all."""
        found = map(PointMaps, self._points[dataset, category].values())
        return sorted(found, key=lambda maps: order_of(maps.point))


def read_thumbnails(path):
    with open_table(path) as file:
        require_maps(path, file)
        images = columns_of(file["images"])
        jpegs = split(file["jpeg/bytes"][...], images["jpeg_end"])
        truths = split(file["truth/bytes"][...], images["truth_end"])
    rows = zip(images["id"], images["defect_type"], images["anomalous"].astype(bool), jpegs, truths)
    return {row[0]: Thumbnail(*row) for row in rows}


# The words of the command line, and so of every table, figure and page.
MODULES = ["none", "align", "mask", "align+mask", "patchead+"]


def module_rank(modules):
    """From none to all; what is not known comes last."""
    return (MODULES.index(modules) if modules in MODULES else len(MODULES), modules)


def size_rank(size):
    """By the largest; one size before several."""
    sides = [int(side) for side in str(size).split("-")[0].split("+")]
    return max(sides), "" if isinstance(size, int) else size


def order_of(point):
    return (point.dataset, point.category, point.backbone, size_rank(point.image_size), point.shots,
            module_rank(point.modules))


def require_maps(path, file):
    schema = texts_of(file.attrs).get("maps_schema")
    if schema != MAPS_SCHEMA:
        raise ResultsError(f"'{path}' holds no maps of version {MAPS_SCHEMA} (its version is {schema}); "
                           "run the sweep again with --maps")


def split(data, ends):
    return [data[begin:end].tobytes() for begin, end in zip([0, *ends[:-1]], ends)]
