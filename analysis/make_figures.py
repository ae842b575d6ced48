#!/usr/bin/env python3
"""Makes the paper's figures from what a sweep left: results.h5 and maps/ (sweep --maps).

    make_figures.py RUN [--only 3,4,17] [--scale category|image] [--backbone NAME] [--output DIR]
    patchead report RUN --figures

Writes PNG and PDF, the same bytes every time.
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))  # For `python -I`, too.

from patchead_analysis.program import UserError, require_modules, run  # noqa: E402


def size_of(text):
    """As results have it: a number, or the word of several sizes."""
    return int(text) if text.isdecimal() else text


def parse(arguments, known):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=pathlib.Path, help="output folder of a sweep")
    parser.add_argument("--results", type=pathlib.Path, help="default: RUN/results.h5")
    parser.add_argument("--maps", type=pathlib.Path, nargs="*", metavar="RUN",
                        help="output folders of sweeps, whose maps/ are taken; default: RUN")
    parser.add_argument("--only", default="", metavar="N,N", help=f"of {', '.join(known)}; default: all")
    parser.add_argument("--scale", choices=("category", "image"), default="category",
                        help="of heat maps: one for a category and method, or each image its own, as in the paper")
    parser.add_argument("--backbone", default="", help="of heat maps; default: the first")
    parser.add_argument("--image-size", type=size_of, default=0, help="of heat maps, e.g. 448 or 224+448-mean; default: the first")
    parser.add_argument("--output", type=pathlib.Path, help="default: RUN/figures")
    options = parser.parse_args(arguments)
    options.numbers = [number for number in options.only.split(",") if number] or list(known)
    unknown = [number for number in options.numbers if number not in known]
    if unknown:
        parser.error(f"there is no figure {', '.join(unknown)}; one of: {', '.join(known)}")
    return options


def require_choice(study):
    """The backbone and size that were named, if they were, must be among the results."""
    known = dict.fromkeys(f"{p.backbone} at {p.image_size} px" for p in study.results.points)
    if not any(study.shows(point) for point in study.results.points):
        raise UserError(f"the results have no {study.backbone} at {study.image_size or 'any'} px; they have "
                        f"{', '.join(known) or 'no points'}: give --backbone and --image-size of these")


def main(arguments=None):
    require_modules("h5py", "numpy", "PIL", "matplotlib")
    from patchead_analysis.figures import FIGURES, Study, draw_all
    from patchead_analysis.figures.drawing import write
    from patchead_analysis.results import RecordedMaps, Results
    options = parse(arguments, FIGURES)
    study = Study(Results(options.results or options.run / "results.h5"),
                  RecordedMaps(options.maps or [options.run]), options.scale, options.backbone, options.image_size,
                  list(dict.fromkeys(folder.resolve() for folder in [options.run, *(options.maps or [])])))
    require_choice(study)
    made = set()
    for number, drawing in draw_all(study, options.numbers):
        made.add(number)
        for path in write(drawing, options.output or options.run / "figures"):
            print(path)
    for number in options.numbers:
        if number not in made:
            print(f"note: no figure {number}: the run does not hold what it needs (docs/results.md)", file=sys.stderr)


if __name__ == "__main__":
    run("make_figures", main)
