"""The page of `patchead score`: index.html beside scores.json, one file that loads only the pictures beside it."""
import base64
import dataclasses
import hashlib
import json
import math
import os
import pathlib
import statistics

from markupsafe import Markup

from patchead_analysis.html.environment import TEMPLATES, make_environment
from patchead_analysis.program import UserError

VERSION = 1
KEYS = ("version", "program", "model", "options", "exif", "images", "failed", "notes")
OF_IMAGE = ("path", "score", "distance", "highest", "width", "height", "heatmap", "thumbnail", "rotated_by_exif")
BINS = 80
HEIGHT = 100      # Of the histogram, in its own units; it is 1000 wide.
SHORTEST = 6      # Of a bar that stands for any image: the few defects among thousands must be seen.
MARGIN = 0.02     # Of the range of scores, on either side.
WITHOUT_SCRIPTS = 50
MOST_FAILED = 1000


@dataclasses.dataclass(frozen=True)
class Line:
    """The score above which an image stands out when the page is opened. Where there is no threshold it is no verdict."""
    at: float
    source: str
    is_threshold: bool


def write_page(folder):
    """Makes `folder`/index.html; an old one stays until the new one is whole. Returns its path."""
    folder = pathlib.Path(folder)
    text = make_page(read_scores(folder / "scores.json"))
    temporary = folder / f"index.html.tmp.{os.getpid()}"
    try:
        temporary.write_bytes(text.encode("utf-8", "replace"))
        return temporary.replace(folder / "index.html")
    finally:
        temporary.unlink(missing_ok=True)


def read_scores(path):
    """The content of scores.json. An image whose score is no number is one that failed."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UserError(f"'{path}' is damaged ({error}); run `patchead score` again") from error
    fault = fault_of(found)
    if fault:
        raise UserError(f"'{path}' is not what this page is made of ({fault}); run `patchead score` of this version again")
    wrong = [image for image in found["images"] if not is_number(image["score"])]
    found["images"] = [image for image in found["images"] if is_number(image["score"])]
    found["failed"] += [{"path": image["path"], "reason": "its score is not a number"} for image in wrong]
    return found


def fault_of(found):
    """Why `found` is no content of scores.json; empty if it is."""
    if not isinstance(found, dict) or found.get("version") != VERSION:
        return f"it is not of version {VERSION}"
    lacks = [key for key in KEYS if key not in found]
    lacks += [f"{key} of an image" for key in OF_IMAGE if any(key not in image for image in found.get("images", []))]
    return f"it has no {', '.join(lacks)}" if lacks else ""


def is_number(value):
    return isinstance(value, (int, float)) and math.isfinite(value)


def make_page(scores):
    """The text of the page."""
    images = sorted(scores["images"], key=lambda image: (-image["score"], image["path"]))
    values = [image["score"] for image in images]
    normals = [score for score in scores["model"].get("normal_scores") or [] if is_number(score)]
    line = line_of(scores["model"], normals, values)
    low, high = range_of([*values, *normals, line.at])
    style = Markup("\n".join(part(name) for name in ("style.css", "score_page.css")))
    scripts = [Markup(part(name)) for name in ("report.js", "score_parts.js", "score_page.js")]
    folder = folder_of([*images, *scores["failed"]])
    data = {"images": [row_of(image, folder) for image in images], "line": line.at, "low": low, "high": high,
            "judged": line.is_threshold}
    environment = make_environment()
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return environment.get_template("score_page.html.j2").render(
        scores=scores, folder=folder, images=images, line=line, low=low, high=high, data=data, style=style, scripts=scripts,
        policy=policy_of(style, scripts), bars=bars_of(values, low, high), ticks=ticks_of(normals, low, high),
        normals=normals, above=sum(value > line.at for value in values), failed=scores["failed"][:MOST_FAILED],
        turned=sum(bool(image["rotated_by_exif"]) for image in images), first=WITHOUT_SCRIPTS)


def line_of(model, normals, values):
    if is_number(model.get("threshold")):
        return Line(model["threshold"], model.get("threshold_rule") or "given", True)
    if normals:
        return Line(max(normals), "the highest score of a normal image", False)
    return Line(statistics.median(values) if values else 0.0, "the median of these images", False)


def range_of(values):
    """A little more than from the lowest to the highest, never empty."""
    low, high = min(values), max(values)
    margin = MARGIN * (high - low) or 0.01 * abs(high) or 0.01
    return low - margin, high + margin


def folder_of(files):
    """Where all of them lie, with a slash at its end; empty if there is no such place."""
    try:
        found = os.path.commonpath([os.path.dirname(file["path"]) for file in files])
    except ValueError:  # None, or some by their full paths and some not.
        return ""
    return found and os.path.join(found, "")


def row_of(image, folder):
    """In the order in which score_parts.js takes it."""
    place = image["highest"] or {"x": None, "y": None}
    panel = image.get("map_panel")  # Without one the heat map is all of its picture.
    return [image["path"].removeprefix(folder), image["score"], image["distance"], place["x"], place["y"], image["width"], image["height"],
            image["heatmap"] or "", image["thumbnail"] or "", int(bool(image["rotated_by_exif"])),
            [round(panel[name], 5) for name in ("x", "y", "width", "height")] if panel else None]


def bars_of(values, low, high):
    """The histogram as the path of an SVG; bars grow from below."""
    counts = [0] * BINS
    for value in values:
        counts[min(BINS - 1, int((value - low) / (high - low) * BINS))] += 1
    width, most = 1000 / BINS, max(counts)
    bars = []
    for number, count in enumerate(counts):
        if count:
            height = max(SHORTEST, HEIGHT * count / most)
            bars.append(f"M{number * width + 0.5:.2f} {HEIGHT}v-{height:.2f}h{width - 1:.2f}v{height:.2f}z")
    return "".join(bars)


def ticks_of(normals, low, high):
    """A short line below the bars for each normal image."""
    return "".join(f"M{1000 * (value - low) / (high - low):.2f} {HEIGHT + 6}v14" for value in sorted(normals))


def part(name):
    """A style or script, as it stands in the page."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


def policy_of(style, scripts):
    """Nothing is loaded but pictures beside the page, and nothing runs but what this module put there."""
    def digest(text):
        return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"

    return (f"default-src 'none'; img-src 'self' file: data:; style-src {digest(style)}; "
            f"script-src {' '.join(map(digest, scripts))}; base-uri 'none'; form-action 'none'")
