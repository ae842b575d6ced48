"""What all figures share: style, grids of pictures, writing files."""
import dataclasses
import pathlib

import matplotlib
import numpy as np
from matplotlib.figure import Figure

matplotlib.rcParams.update({
    "font.family": "DejaVu Sans", "font.size": 9, "axes.spines.top": False,
    "axes.spines.right": False, "axes.grid": True, "grid.alpha": 0.3, "axes.axisbelow": True,
    "pdf.fonttype": 42, "legend.frameon": False,
    "text.parse_math": False})  # A name may hold "$".
# Told apart also without colour vision (Okabe and Ito), and by marker.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
NORMAL, ANOMALOUS = COLOURS[0], COLOURS[1]


@dataclasses.dataclass
class Drawing:
    """A figure with its name as a file, what it shows, and what a reader who cannot see it is told."""
    name: str
    figure: Figure
    caption: str
    alt: str


def chart(width, height, rows=1, columns=1, **options):
    """A figure and its axes [rows, columns]."""
    figure = Figure(figsize=(width, height), dpi=150, layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **options)


# Of grids of pictures, in inches.
CELL, GAP, LEFT, TOP = 1.3, 0.06, 0.5, 0.36
BAR, BAR_TEXT = 0.12, 0.75


def picture_grid(rows, row_labels, column_labels, bars=()):
    """A grid of images: rows[r][c] is an array, or None for an empty place.

    `bars`: row -> what the lowest and the highest colour of its heat maps mean, beside a bar of the colours.
    """
    columns = max(len(row) for row in rows)
    tallest = max(image.shape[0] / image.shape[1] for row in rows for image in row if image is not None)
    height = CELL * min(tallest, 1.6)
    total = (LEFT + columns * (CELL + GAP) + (GAP + BAR + BAR_TEXT if bars else 0), TOP + len(rows) * (height + GAP))
    figure = Figure(figsize=total, dpi=150)
    axes = figure.add_axes([0, 0, 1, 1], xlim=(0, total[0]), ylim=(0, total[1]))  # In inches.
    axes.set_axis_off()
    for r, row in enumerate(rows):
        bottom = total[1] - TOP - (r + 1) * height - r * GAP
        axes.text(LEFT - 0.06, bottom + height / 2, row_labels[r], fontsize=8, rotation=90, ha="right",
                  va="center", multialignment="center")
        for c, image in enumerate(row):
            if image is not None:
                place(axes, image, LEFT + c * (CELL + GAP), bottom, height)
        if r in bars:
            colour_bar(axes, LEFT + columns * (CELL + GAP) + GAP, bottom, height, bars[r])
    for c, label in enumerate(column_labels):
        middle = LEFT + c * (CELL + GAP) + CELL / 2
        axes.text(middle, total[1] - TOP + 0.05, label, fontsize=7, ha="center", va="bottom")
    return figure


def colour_bar(axes, left, bottom, height, ends):
    """The colours of heat maps from bottom to top, and what their ends mean."""
    colours = matplotlib.colormaps["inferno"](np.linspace(1, 0, 256))[:, None, :3]
    axes.imshow(colours, extent=(left, left + BAR, bottom, bottom + height), aspect="auto", zorder=1)
    for text, y, side in ((ends[0], bottom, "bottom"), (ends[1], bottom + height, "top")):
        axes.text(left + BAR + 0.05, y, text, fontsize=7, ha="left", va=side)


def place(axes, image, left, bottom, height):
    """Puts `image` into the middle of a cell; its aspect is kept."""
    scale = min(CELL / image.shape[1], height / image.shape[0])
    width, tall = scale * image.shape[1], scale * image.shape[0]
    x, y = left + (CELL - width) / 2, bottom + (height - tall) / 2
    axes.imshow(image, interpolation="antialiased", extent=(x, x + width, y, y + tall), aspect="auto", zorder=1)


# Without dates. WebP, for pages, has an eighth of the bytes of PNG.
HOW = {"png": {"metadata": {"Software": None}},
       "pdf": {"metadata": {"CreationDate": None, "Creator": None, "Producer": None}},
       "webp": {"pil_kwargs": {"quality": 90}}}


def write(drawing, folder, kinds=("png", "pdf")):
    """The same bytes every time. Returns the paths."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{drawing.name}.{kind}" for kind in kinds]
    for path, kind in zip(paths, kinds):
        drawing.figure.savefig(path, **HOW[kind])
    return paths
