#!/usr/bin/env python3
"""What `patchead fit` and `score` are worth to a quality engineer: the tables of docs/factory.md.

    measure_factory.py PATCHEAD SCRATCH --datasets DIR [--draws N] [--image-size PX]   # real photos, hidden labels
    measure_factory.py PATCHEAD SCRATCH --disturbed [--draws N]                         # the demo's photos, disturbed

PATCHEAD is the program, SCRATCH an empty folder. --datasets is the folder with pill, metal_plate, screw and
magnetic_tile (tests/jobs/engineer.py). Each draw takes eight other good photos as the normal ones.
"""
import argparse
import json
import pathlib
import subprocess
import sys

import numpy as np
from PIL import Image, ImageFilter
from sklearn.metrics import roc_auc_score

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "jobs"))

from engineer import by_name, make_job, photos, save  # noqa: E402

# Category, options of both commands.
REAL = [("more/mpdd_256/metal_plate", []), ("more/mvtec_ad_320/pill", []), ("mvtec_ad_512/screw", []),
        ("mvtec_ad_512/screw", ["--align"]), ("more/magnetic_tile_as_mvtec/magnetic_tile", [])]
DEMO = "bracket", "gelcap", "fabric"


def run(*command):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}:\n{done.stdout}{done.stderr}")


def fit(program, normal, model, options):
    run(program, "fit", "--normal", normal, *options, "--output", model)


def score(program, model, images, output, options):
    run(program, "score", "--model", model, "--images", images, *options, "--output", output)
    return json.loads((output / "scores.json").read_text())


def judged(labels, content):
    """AUROC, false alarms, misses (shares) at the model's threshold."""
    found = by_name(content["images"])
    names = sorted(labels)
    truth = np.array([labels[name] for name in names])
    scores = np.array([found[name]["score"] for name in names])
    reported = scores > content["model"]["threshold"]
    auroc = roc_auc_score(truth, scores) if 0 < truth.sum() < len(truth) else np.nan
    return auroc, reported[truth == 0].mean(), 1 - reported[truth == 1].mean()


def line(name, counts, figures):
    """A row of a Markdown table: means over draws, with the lowest and highest AUROC."""
    figures = 100 * np.array(figures)
    mean = figures.mean(0)
    print(f"| {name} | {counts} | {mean[0]:.1f} ({figures[:, 0].min():.1f} to {figures[:, 0].max():.1f}) | "
          f"{mean[1]:.1f} | {mean[2]:.1f} |", flush=True)


def real(options):
    print("| photos | good, defective | AUROC (lowest, highest draw) | false alarms % | misses % |\n|---|---:|---:|---:|---:|")
    for place, extra in REAL:
        figures, name = [], " ".join([pathlib.Path(place).name, *extra])
        for seed in range(options.draws):
            folder = options.scratch / f"{name}-{seed}"
            job = make_job(options.datasets / place, folder, seed=seed)
            settings = ["--image-size", options.image_size, *extra]
            fit(options.program, job.normal, folder / "model.h5", settings)
            figures.append(judged(job.labels, score(options.program, folder / "model.h5", job.images, folder / "out", [])))
        bad = sum(job.labels.values())
        line(name, f"{len(job.labels) - bad}, {bad}", figures)


def pixels(change):
    """A disturbance of the grey values 0 to 255 [h, w, c]."""
    def disturb(image):
        return Image.fromarray(np.clip(change(np.asarray(image, np.float32)), 0, 255).astype(np.uint8))
    return disturb


def gradient(image):
    return image * np.linspace(0.8, 1.2, image.shape[1])[None, :, None]


def turned(degrees):
    return lambda image: Image.fromarray(np.asarray(padded(image).rotate(degrees, Image.BICUBIC).crop(inner(image))))


def padded(image, share=0.25):
    """With its edge repeated, so that a turn or shift brings no black corners."""
    pad = [int(share * side) for side in image.size]
    return Image.fromarray(np.pad(np.asarray(image), ((pad[1],) * 2, (pad[0],) * 2, (0, 0)), "edge"))


def inner(image, share=0.25, x=0, y=0):
    left, top = int(share * image.width) + x, int(share * image.height) + y
    return left, top, left + image.width, top + image.height


def shifted(share):
    return lambda image: padded(image).crop(inner(image, x=int(share * image.width), y=int(share * image.height)))


def nearer(scale):
    def disturb(image):
        width, height = image.size
        cut_x, cut_y = (width - width / scale) / 2, (height - height / scale) / 2
        return image.resize((width, height), Image.BICUBIC, (cut_x, cut_y, width - cut_x, height - cut_y))
    return disturb


DISTURBANCES = [
    ("as it was", lambda image: image),
    ("light 20 % weaker", pixels(lambda image: 0.8 * image)), ("light 20 % stronger", pixels(lambda image: 1.2 * image)),
    ("light 40 % weaker", pixels(lambda image: 0.6 * image)),
    ("light from the right (80 % to 120 %)", pixels(gradient)),
    ("warmer light (red + 10 %, blue - 10 %)", pixels(lambda image: image * [1.1, 1, 0.9])),
    ("noise, σ 5 of 255", pixels(lambda image: image + np.random.default_rng(0).normal(0, 5, image.shape))),
    ("noise, σ 13 of 255", pixels(lambda image: image + np.random.default_rng(0).normal(0, 13, image.shape))),
    ("out of focus (blur of 1 px)", lambda image: image.filter(ImageFilter.GaussianBlur(1))),
    ("out of focus (blur of 2 px)", lambda image: image.filter(ImageFilter.GaussianBlur(2))),
    ("shifted by 5 %", shifted(0.05)), ("shifted by 15 %", shifted(0.15)),
    ("turned by 5°", turned(5)), ("turned by 20°", turned(20)),
    ("nearer by 10 %", nearer(1.1)), ("nearer by 25 %", nearer(1.25)),
]


def disturbed(options):
    data = options.scratch / "data"
    run(options.program, "demo-data", "--output", data, "--train", 16, "--test-good", 16, "--per-defect", 6)
    figures = {name: [] for name, _ in DISTURBANCES}
    for category in DEMO:
        for seed in range(options.draws):
            folder = options.scratch / f"{category}-{seed}"
            job = make_job(data / "mvtec-like" / category, folder, seed=seed)
            fit(options.program, job.normal, folder / "model.h5", ["--image-size", options.image_size])
            for number, (name, disturb) in enumerate(DISTURBANCES):
                images = folder / f"images{number}"
                for path in job.images.iterdir():
                    save(disturb(Image.open(path).convert("RGB")), images / path.name)
                content = score(options.program, folder / "model.h5", images, folder / f"out{number}", [])
                figures[name].append((category, *judged(job.labels, content)))
    print("| what changed | " + " | ".join(f"{category}: AUROC, false alarms, misses" for category in DEMO) + " |")
    print("|---|" + "---:|" * len(DEMO))
    for name, found in figures.items():
        cells = [100 * np.mean([figure[1:] for figure in found if figure[0] == category], axis=0) for category in DEMO]
        print(f"| {name} | " + " | ".join(f"{auroc:.1f}, {alarms:.0f}, {misses:.0f}" for auroc, alarms, misses in cells) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("scratch", type=pathlib.Path)
    parser.add_argument("--datasets", type=pathlib.Path)
    parser.add_argument("--disturbed", action="store_true")
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--image-size", type=int, default=224)
    options = parser.parse_args()
    if options.datasets:
        real(options)
    if options.disturbed:
        disturbed(options)


if __name__ == "__main__":
    main()
