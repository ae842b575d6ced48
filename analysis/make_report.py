#!/usr/bin/env python3
"""Makes the HTML report of a run: `patchead report RUN --html` calls it.

    make_report.py FOLDER [--results FILE] [--maps RUN...] [--output DIR]

FOLDER holds tables/ (and paper/, if it was asked for). Writes FOLDER/report, a folder of pages
that needs no network: open index.html.
"""
import argparse
import importlib.util
import pathlib
import sys

NEEDED = {"h5py": "python3-h5py", "numpy": "python3-numpy", "PIL": "python3-pil",
          "matplotlib": "python3-matplotlib", "jinja2": "python3-jinja2"}


def require_libraries():
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        sys.exit(f"make_report: {sys.executable} lacks {', '.join(missing)} (the report is made with them); install "
                 f"{' '.join(NEEDED[name] for name in missing)}, or name another Python with --python")


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="with tables/")
    parser.add_argument("--results", type=pathlib.Path, help="default: FOLDER/results.h5")
    parser.add_argument("--maps", type=pathlib.Path, nargs="*", metavar="RUN",
                        help="output folders of sweeps, whose maps/ and run.json are taken; default: FOLDER")
    parser.add_argument("--output", type=pathlib.Path, help="default: FOLDER/report")
    return parser.parse_args(arguments)


def main(arguments=None):
    options = parse(arguments)
    require_libraries()
    from patchead_analysis.figures import Study
    from patchead_analysis.html.pages import Report
    from patchead_analysis.results import RecordedMaps, Results, ResultsError
    runs = options.maps or [options.folder]
    output = options.output or options.folder / "report"
    try:
        study = Study(Results(options.results or options.folder / "results.h5"), RecordedMaps(runs))
        Report(study, options.folder, runs, output).write()
    except ResultsError as error:
        sys.exit(f"make_report: {error}")
    print(output / "index.html")


if __name__ == "__main__":
    main()
