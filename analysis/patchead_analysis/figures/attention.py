"""Figure 3: what masking takes for foreground, by backbone, on normal and anomalous images."""
from patchead_analysis.figures.choice import in_turn, short_name, shown_by_all
from patchead_analysis.figures.drawing import Drawing, picture_grid
from patchead_analysis.panels import masked, outlined

EACH = 2  # normal and anomalous images of a category
MOST_CATEGORIES = 3


def first_of_each_backbone(points):
    """Attention does not depend on shots or modules: the first masked point tells it."""
    found = {}
    for maps in points:
        if maps.attention is not None:
            found.setdefault((maps.point.backbone, maps.point.image_size), maps)
    return found


def draw(study):
    for dataset, categories in study.maps.datasets().items():
        columns = [column for category in categories[:MOST_CATEGORIES]
                   for column in columns_of(study.maps, dataset, category)]
        if columns:
            yield drawing_of(dataset, columns)


def columns_of(recorded, dataset, category):
    """(title, image, (backbone, size) -> image with the background dimmed) of some images."""
    backbones = first_of_each_backbone(recorded.points(dataset, category))
    if not backbones:
        return
    thumbnails = shown_by_all(recorded.thumbnails(dataset, category), backbones.values())
    for id in in_turn(thumbnails, EACH, anomalous=False) + in_turn(thumbnails, EACH):
        pixels = thumbnails[id].pixels()
        yield (f"{category}\n{short_name(id)}", outlined(pixels, thumbnails[id].truth()),
               {name: masked(pixels, maps.foreground(id)) for name, maps in backbones.items()})


def drawing_of(dataset, columns):
    names = list(dict.fromkeys(name for _, _, masks in columns for name in masks))
    rows = [[image for _, image, _ in columns]]
    rows += [[masks.get(name) for _, _, masks in columns] for name in names]
    labels = ["image"] + [f"{backbone}\n{size} px" for backbone, size in names]
    return Drawing(
        f"figure3_attention_{dataset}", picture_grid(rows, labels, [title for title, _, _ in columns]),
        f"Attention masks of the backbones on normal and anomalous images of {dataset}. Patches whose "
        "class-token attention, min-max normalised, is above the threshold are foreground; the rest is dimmed.",
        f"Grid of images of {dataset}: the input on top, below it one row for each of "
        f"{', '.join(backbone for backbone, _ in names)} with the background dimmed.")
