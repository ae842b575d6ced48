"""Anomaly maps of your own program as `patchead measure` reads them."""
import csv
import io
import os
import pathlib

import numpy as np

from patchead_analysis.program import UserError


def write_maps(folder, maps, scores=None):
    """Writes `maps` into `folder`, one .npy of float32 for each image, and `list.csv` beside them.

    `maps`: image -> array [height, width], as a dict or as pairs that come one after the other, so that not all need to be
    in memory. An image is called by its path within the data set, `<category>/<split>/<defect>/<stem>`, with or without
    ending. Higher is more anomalous. `scores`: image -> number; without it `patchead measure` makes scores of the maps.

    Returns the options of `patchead measure` that are about them. Raises UserError about a map that it would refuse.
    """
    folder = pathlib.Path(folder)
    lines = []
    for image, values in maps.items() if hasattr(maps, "items") else maps:
        name = without_ending(str(image))
        write_map(folder / f"{name}.npy", map_of(values, name))
        lines.append([name, f"{name}.npy"] + ([] if scores is None else [score_of(scores, image, name)]))
    if not lines:
        raise UserError("there are no maps to write (`maps` is empty); give one for each test image")
    if len({name for name, *_ in lines}) < len(lines):
        raise UserError("an image has two maps (its name comes twice); give one for each test image")
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["image", "map"] + ([] if scores is None else ["score"]))
    table.writerows(lines)
    (folder / "list.csv").write_text(text.getvalue())
    return ["--maps", str(folder), "--list", str(folder / "list.csv")]


def without_ending(image):
    """Of a picture, if it has one."""
    stem, ending = os.path.splitext(image)
    return stem if ending.lower() in (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff") else image


def map_of(values, name):
    """float32 [height, width]; sides of 1 around them go."""
    if hasattr(values, "detach"):  # A tensor of PyTorch, on any device.
        values = values.detach().cpu().numpy()
    values = np.asarray(values)
    while values.ndim > 2 and 1 in (values.shape[0], values.shape[-1]):
        values = values[0] if values.shape[0] == 1 else values[..., 0]
    if values.ndim != 2 or values.size == 0:
        raise UserError(f"the map of '{name}' has the shape {list(values.shape)} (a map has height and width); give one map "
                        "for each image")
    with np.errstate(over="ignore"):
        values = values.astype(np.float32)
    if not np.isfinite(values).all():
        raise UserError(f"the map of '{name}' is not finite everywhere, as float32 (every pixel needs a score); mend what "
                        "made it")
    return np.ascontiguousarray(values)


def write_map(path, values):
    """Whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(path.name + ".tmp")
    with open(temporary, "wb") as file:
        np.save(file, values)
    os.replace(temporary, path)


def score_of(scores, image, name):
    """The shortest text that reads back as the same float32."""
    try:
        score = np.float32(scores[image])
    except KeyError:
        raise UserError(f"the image '{name}' has a map and no score (scores are given for all images or none); add it") from None
    if not np.isfinite(score):
        raise UserError(f"the score of '{name}' is {score}, which is not finite; mend what made it")
    return str(score)
