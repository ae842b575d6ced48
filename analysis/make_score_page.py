#!/usr/bin/env python3
"""Makes the page of scored images: `patchead score` calls it.

    make_score_page.py FOLDER

FOLDER holds scores.json. Writes FOLDER/index.html, which needs no network.
"""
import argparse
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))  # For `python -I`, too.

from patchead_analysis.program import require_modules, run  # noqa: E402


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="with scores.json")
    options = parser.parse_args(arguments)
    require_modules("jinja2")
    from patchead_analysis.score_page import write_page
    print(write_page(options.folder))


if __name__ == "__main__":
    run("make_score_page", main)
