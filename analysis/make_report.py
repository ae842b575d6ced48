#!/usr/bin/env python3
"""Makes the HTML report of a run: `patchead report RUN --html` calls it.

    make_report.py FOLDER [--results FILE] [--maps RUN...] [--output DIR]

FOLDER holds tables/ (and paper/, if it was asked for). Writes FOLDER/report, a folder of pages
that needs no network: open index.html.
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))  # For `python -I`, too.

from patchead_analysis.program import require_modules, run  # noqa: E402


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
    require_modules("h5py", "numpy", "PIL", "matplotlib", "jinja2")
    from patchead_analysis.figures import Study
    from patchead_analysis.html.pages import Report
    from patchead_analysis.results import RecordedMaps, Results
    runs = options.maps or [options.folder]
    output = options.output or options.folder / "report"
    study = Study(Results(options.results or options.folder / "results.h5"), RecordedMaps(runs),
                  folders=list(dict.fromkeys(folder.resolve() for folder in [options.folder, *runs])))
    Report(study, options.folder, runs, output).write()
    print(output / "index.html")


if __name__ == "__main__":
    run("make_report", main)
