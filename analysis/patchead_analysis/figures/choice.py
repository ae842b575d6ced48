"""Which images and points a figure shows."""
from patchead_analysis.results import ALL_SHOTS, EACH_PROMPT, GIVEN_MAPS, module_rank

def shown_by_all(thumbnails, points):
    """The images whose maps are in all of `points`: runs may have recorded different numbers."""
    return {id: thumbnail for id, thumbnail in thumbnails.items() if all(id in maps for maps in points)}


def in_turn(thumbnails, count, anomalous=True):
    """The first `count` ids: one of each defect type, then the next of each."""
    by_type = {}
    for thumbnail in thumbnails.values():
        if thumbnail.anomalous == anomalous:
            by_type.setdefault(thumbnail.defect_type, []).append(thumbnail.id)
    turns = max((len(ids) for ids in by_type.values()), default=0)
    return [ids[turn] for turn in range(turns) for ids in by_type.values() if turn < len(ids)][:count]


def plain_and_plus(points):
    """(without modules, with all of them) among PointMaps that differ in modules only; None if one is not there."""
    by_modules = {maps.point.modules: maps for maps in points}
    plus = next((by_modules[name] for name in ("patchead+", "align+mask", "mask") if name in by_modules), None)
    return by_modules.get("none"), plus


def by_shots(points):
    """Shots -> the PointMaps with them, ascending."""
    groups = {}
    for maps in points:
        groups.setdefault(maps.point.shots, []).append(maps)
    return dict(sorted(groups.items()))


def setting_text(shots):
    return {0: "batch zero-shot", GIVEN_MAPS: "maps as given"}.get(shots) or shots_word(shots)


def shots_word(shots):
    """In names of files: "0-shot", "full-shot", "each-prompt", "maps"."""
    return {ALL_SHOTS: "full-shot", EACH_PROMPT: "each-prompt", GIVEN_MAPS: "maps"}.get(shots) or f"{shots}-shot"


def options_of(modules):
    """What the name of a detector says of its options: {"side": "normal"} of "clip:side=normal"."""
    return dict(part.split("=", 1) for part in modules.partition(":")[2].split(",") if "=" in part)


def is_anomaly_score(modules):
    """Whether a point is a method of its own: no similarity to one kind of sentences, no paraphrase."""
    return not {"side", "paraphrase"} & options_of(modules).keys()


def plus_text(points):
    """The modules that stand for "all of them" at some of `points`: "align+mask"."""
    return " or ".join(sorted({maps.point.modules for maps in points}, key=module_rank))


def short_name(id):
    """The end of an image id, which tells it apart within its category."""
    return "/".join(id.split("/")[-2:])
