"""The paper's figures. A new one is a module with `draw` and a line in FIGURES.

`draw(study)` gives the figures it can make of a study, and none if what it needs is not there.
"""
import dataclasses

from patchead_analysis.figures import (
    attention, bounds, contamination, heatmaps, histograms, modules, overview, pareto, prompts, shots, similarity, sizes)

# Number in the paper, or a word for what the paper has not -> module.
FIGURES = {
    "3": attention,
    "4": shots,
    "5": overview,
    "7ab": similarity,
    "7d": histograms,
    "iclub": bounds,
    "8-16": heatmaps,
    "17": modules,
    "sizes": sizes,
    "pareto": pareto,
    "prompts": prompts,
    "contamination": contamination,
}


@dataclasses.dataclass
class Study:
    """What figures are made of."""
    results: object   # Results
    maps: object      # RecordedMaps
    scale: str = "category"  # of heat maps: "category" or "image"
    backbone: str = ""       # of heat maps and histograms; empty: the first one of the results
    image_size: int | str = 0  # 0: its first one
    folders: list = dataclasses.field(default_factory=list)  # Of the runs; tables of other commands lie in them, or below.

    def __post_init__(self):
        points = self.results.points
        self.backbone = self.backbone or next((p.backbone for p in points), "")
        self.image_size = self.image_size or next((p.image_size for p in points if self.shows(p)), 0)

    @property
    def text(self):
        return f"{self.backbone}, {self.image_size} px"

    def shows(self, point):
        """Whether the point is of the chosen backbone and size."""
        return point.backbone == self.backbone and self.image_size in (0, point.image_size)

    def maps_of(self, dataset, category):
        """The PointMaps of the chosen backbone and size."""
        return [maps for maps in self.maps.points(dataset, category) if self.shows(maps.point)]


def draw_all(study, numbers=None):
    """All figures that can be made of `study`: (number, Drawing)."""
    for number, module in FIGURES.items():
        if numbers is None or number in numbers:
            for drawing in module.draw(study):
                yield number, drawing
