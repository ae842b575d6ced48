"""Reads the pages of a report as a browser without scripts would."""

import html.parser
import pathlib
import urllib.parse


class Page(html.parser.HTMLParser):
    """Elements, links, ids and text of a page."""

    def __init__(self, path):
        super().__init__()
        self.elements, self.links, self.ids, self.images, self.text = 0, [], [], [], ""
        self.lang = None
        self.feed(pathlib.Path(path).read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        self.elements += 1
        self.links += [found[name] for name in ("href", "src") if name in found]
        self.ids += [found["id"]] if "id" in found else []
        if tag == "img":
            self.images.append(found)
        if tag == "html":
            self.lang = found.get("lang")

    def handle_data(self, data):
        self.text += data


def pages(report):
    """Path below the report -> Page."""
    report = pathlib.Path(report)
    return {str(path.relative_to(report)): Page(path) for path in sorted(report.rglob("*.html"))}


def broken_links(report):
    """Links that lead out of the report, to nothing, or to an id that the page does not have."""
    report = pathlib.Path(report).resolve()
    found = pages(report)
    broken = []
    for name, page in found.items():
        for link in page.links:
            if link.startswith("data:"):
                continue
            parts = urllib.parse.urlsplit(link)
            path = urllib.parse.unquote(parts.path)
            target = ((report / name).parent / path).resolve() if path else report / name
            inside = not parts.scheme and not parts.netloc and target.is_relative_to(report) and target.is_file()
            ids = found[str(target.relative_to(report))].ids if inside and target.suffix == ".html" else []
            if not inside or (parts.fragment and "=" not in parts.fragment and parts.fragment not in ids):
                broken.append((name, link))
    return broken
