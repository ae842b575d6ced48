"""Figure 17: what alignment and masking do to the maps."""
from patchead_analysis.figures.choice import by_shots, in_turn, setting_text, short_name, shots_word, shown_by_all
from patchead_analysis.figures.drawing import Drawing, picture_grid
from patchead_analysis.panels import ends_of, heat, outlined

ANOMALOUS, NORMAL = 6, 2
MOST_CATEGORIES = 6


def draw(study):
    for dataset, category in study.maps.categories()[:MOST_CATEGORIES]:
        for shots, points in by_shots(study.maps_of(dataset, category)).items():
            by_modules = {maps.point.modules: maps for maps in points}
            thumbnails = shown_by_all(study.maps.thumbnails(dataset, category), by_modules.values())
            if "none" in by_modules and len(by_modules) > 1 and thumbnails:
                yield drawing_of(study, (dataset, category, shots), thumbnails, by_modules)


def drawing_of(study, where, thumbnails, by_modules):
    dataset, category, shots = where
    ids = in_turn(thumbnails, ANOMALOUS) + in_turn(thumbnails, NORMAL, anomalous=False)
    pixels = {id: thumbnails[id].pixels() for id in ids}
    rows = [[outlined(pixels[id], thumbnails[id].truth()) for id in ids]]
    labels, bars = ["image and\nground truth"], {}
    for modules, maps in by_modules.items():
        rows.append([heat(pixels[id], maps, id, study.scale) for id in ids])
        bars[len(labels)] = ends_of([maps], study.scale)
        labels.append(modules)
    return Drawing(
        f"figure17_modules_{dataset}_{category}_{shots_word(shots)}",
        picture_grid(rows, labels, [short_name(id) for id in ids], bars),
        f"Effect of alignment and masking on {dataset} {category} ({setting_text(shots)}), {study.text}. The bars tell "
        "which patch scores the colours stand for.",
        f"Grid of images of {category}: the input with its ground truth on top, below it the heat map of each "
        f"combination of modules ({', '.join(labels[1:])}).")
