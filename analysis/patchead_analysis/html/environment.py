"""What all pages are made with: templates in which everything is escaped, and counted nouns."""
import pathlib

import jinja2

TEMPLATES = pathlib.Path(__file__).parent / "templates"


def counted(number, noun, plural=""):
    """"1 point", "2 points"; `plural` where it is no "s" more."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def make_environment():
    """An unknown name in a template is an error."""
    made = jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True,
                              undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    made.filters["counted"] = counted
    return made
