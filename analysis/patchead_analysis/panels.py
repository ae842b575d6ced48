"""Pictures of maps: how patch scores become colours over an image."""
import dataclasses

import matplotlib
import numpy as np
from PIL import Image

COLD_WEIGHT, HOT_WEIGHT = 0.4, 0.9  # of the colour over the grey input, as in heatmaps/
OUTLINE = np.array([60, 255, 80], np.uint8)


@dataclasses.dataclass(frozen=True)
class Scale:
    """Which scores are the coldest and the hottest colour."""
    low: float
    high: float

    def fractions(self, scores):
        if not self.high > self.low:
            return np.zeros_like(scores, dtype=np.float32)
        return np.clip((scores - self.low) / (self.high - self.low), 0, 1).astype(np.float32)


def scale_of(maps, id, kind):
    """`category`: one scale for all images; `image`: each its own, as in the paper's figures."""
    if kind == "category":
        return Scale(maps.low, maps.high)
    return Scale(float(maps.of(id).min()), float(maps.of(id).max()))


def ends_of(points, kind):
    """What the lowest and the highest colour of the maps of `points` mean, for beside a colour bar."""
    if kind == "image":
        return "lowest of\nthe image", "highest of\nthe image"
    if len(points) == 1:
        return f"{points[0].low:.3g}", f"{points[0].high:.3g}"
    return "median of\nthe category", "99.8th\npercentile"


def enlarged(patches, shape):
    """Linear interpolation of patch scores to the size of an image (paper, section F)."""
    height, width = shape
    image = Image.fromarray(np.asarray(patches, np.float32))
    return np.asarray(image.resize((width, height), Image.BILINEAR))


def heat(pixels, maps, id, kind="category"):
    """The map over the grey image."""
    fractions = scale_of(maps, id, kind).fractions(enlarged(maps.of(id), pixels.shape[:2]))
    colours = matplotlib.colormaps["inferno"](fractions)[..., :3] * 255
    weight = (COLD_WEIGHT + (HOT_WEIGHT - COLD_WEIGHT) * fractions)[..., None]
    grey = pixels.mean(axis=2, keepdims=True)
    return (weight * colours + (1 - weight) * grey).astype(np.uint8)


def outlined(pixels, truth):
    """The image with a line around the defects, which stay visible."""
    result = pixels.copy()
    result[edge_of(truth)] = OUTLINE
    return result


def edge_of(truth, width=2):
    """Pixels within `width` of the ground truth, but outside of it."""
    grown = truth
    for _ in range(width):
        padded = np.pad(grown, 1)
        grown = padded[1:-1, 1:-1] | padded[:-2, 1:-1] | padded[2:, 1:-1] | padded[1:-1, :-2] | padded[1:-1, 2:]
    return grown & ~truth


def masked(pixels, foreground):
    """The image with the background dimmed; patches have hard edges, as masking does."""
    height, width = pixels.shape[:2]
    image = Image.fromarray(foreground.astype(np.uint8) * 255)
    inside = np.asarray(image.resize((width, height), Image.NEAREST)) > 0
    dimmed = (0.25 * pixels + 0.75 * np.array([20, 20, 60])).astype(np.uint8)
    return np.where(inside[..., None], pixels, dimmed)
