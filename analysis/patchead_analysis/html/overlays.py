"""What the pages lay over a thumbnail: heat maps and outlines of the ground truth, as data URIs."""
import matplotlib
import numpy as np

from patchead_analysis.html.png import data_uri, palette_png
from patchead_analysis.panels import COLD_WEIGHT, HOT_WEIGHT, OUTLINE, Scale, edge_of

LEVELS = 64  # Of colours: the browser interpolates between patches, and so between levels, too.
FRACTIONS = np.linspace(0, 1, LEVELS)
COLOURS = (matplotlib.colormaps["inferno"](FRACTIONS)[:, :3] * 255).astype(np.uint8)
ALPHAS = (255 * (COLD_WEIGHT + (HOT_WEIGHT - COLD_WEIGHT) * FRACTIONS)).astype(np.uint8)
EDGE_COLOURS = np.stack([np.zeros(3, np.uint8), OUTLINE])
EDGE_ALPHAS = np.array([0, 255], np.uint8)


def heat_uri(maps, id):
    """One pixel a patch; the page enlarges it. The scale is that of the category."""
    fractions = Scale(maps.low, maps.high).fractions(maps.of(id))
    return data_uri(palette_png(np.rint(fractions * (LEVELS - 1)).astype(np.uint8), COLOURS, ALPHAS))


def truth_uri(thumbnail):
    """Empty for a normal image."""
    if not thumbnail.truth_png:
        return ""
    return data_uri(palette_png(edge_of(thumbnail.truth(), 3).astype(np.uint8), EDGE_COLOURS, EDGE_ALPHAS))
