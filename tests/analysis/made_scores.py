"""Makes what `patchead score` leaves in its folder (docs/results.md), with known scores and no network."""

import json
import pathlib
import subprocess
import sys

import numpy as np
from PIL import Image

from support import SOURCE

FOLDER = "/data/new photos/"
NORMALS = [0.21, 0.24, 0.26, 0.27, 0.29, 0.31, 0.33, 0.35]
SIZES = ((320, 240), (200, 300), (256, 256), (400, 120))  # Width and height, by turns.


def score_of(i):
    """All different; every fourth image is a defect, well above the normal ones, but for one that is near."""
    return round((0.45 + 0.011 * (i % 17) if i % 4 == 3 else 0.22 + 0.007 * (i % 19)) + 1e-6 * i, 7)


def name_of(i):
    return f"line {1 + i % 2}/part_{i:05}.jpg"


def picture(folder, number, size):
    """A part of brushed metal with a spot, and its map over it."""
    random = np.random.default_rng(number)
    width, height = size
    rows, cols = np.mgrid[:height, :width]
    grey = 130 + 25 * np.sin(cols / 9) + random.normal(0, 6, (height, 1)) + random.normal(0, 4, (height, width))
    spot = np.exp(-((rows - 0.4 * height) ** 2 + (cols - 0.6 * width) ** 2) / (0.01 * width * height))
    image = np.clip(np.stack([grey - 70 * spot, grey - 90 * spot, grey - 95 * spot + 8], -1), 0, 255).astype(np.uint8)
    heat = np.clip(np.stack([80 + 175 * spot, 30 + 190 * spot ** 2, 90 * (1 - spot)], -1) + 0.2 * image, 0, 255)
    both = np.hstack([image, heat.astype(np.uint8)])  # The map is the right half.
    for place, pixels in ("thumbnails", image), ("heatmaps", both):
        path = folder / place / f"{number}.{'jpg' if place == 'thumbnails' else 'png'}"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(pixels).save(path)


def image_of(i, path, threshold, pictures):
    width, height = SIZES[i % pictures % len(SIZES)]
    score = score_of(i)
    verdict = "unknown" if threshold is None else "defect" if score > threshold else "ok"
    return {"path": FOLDER + path, "score": score, "threshold": threshold, "verdict": verdict,
            "distance": round((score - 0.2825) / 0.045, 4), "width": width, "height": height,
            "highest": {"x": int(0.6 * width), "y": int(0.4 * height)}, "heatmap": f"heatmaps/{i % pictures}.png",
            "thumbnail": f"thumbnails/{i % pictures}.jpg", "rotated_by_exif": i == 5,
            "map_panel": {"x": 0.5, "y": 0, "width": 0.5, "height": 1}}


def write_scores(folder, count, names=(), threshold=0.4, normals=NORMALS, failed=(), notes=(), pictures=8):
    """scores.json of `count` images, the first of them with these `names`. `pictures` different pictures take turns."""
    folder = pathlib.Path(folder)
    for number in range(pictures):
        picture(folder, number, SIZES[number % len(SIZES)])
    names = [*names, *map(name_of, range(len(names), count))]
    (folder / "scores.json").write_text(json.dumps({
        "version": 1, "program": {"version": "0.1.0", "revision": "0123abc"},
        "model": {"path": "model.h5", "digest": "9f" * 32, "backbone": "patchead_tiny", "detector": "patchead",
                  "image_size": 448, "prompts": len(normals), "threshold": threshold,
                  "threshold_rule": "max" if threshold else "none: as asked for", "normal_scores": list(normals)},
        "options": {"modules": "none", "k_p": "0.01"}, "exif": True,
        "images": [image_of(i, name, threshold, pictures) for i, name in enumerate(names)],
        "failed": [{"path": FOLDER + path, "reason": reason} for path, reason in failed], "notes": list(notes)}))
    return folder


def make_page(folder, check=True, python=(sys.executable,)):
    done = subprocess.run([*python, SOURCE / "analysis/make_score_page.py", folder], capture_output=True, text=True,
                          timeout=300)
    if check and done.returncode:
        raise AssertionError(done.stderr)
    return done
