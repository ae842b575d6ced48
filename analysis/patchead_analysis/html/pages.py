"""Writes the pages of the report."""
import dataclasses
import json
import pathlib
import shutil
import tempfile

import jinja2

from patchead_analysis.figures import draw_all
from patchead_analysis.figures.choice import METHODS
from patchead_analysis.figures.drawing import write as write_figure
from patchead_analysis.html.gallery import GalleryWriter, read_category, thumbnail_path
from patchead_analysis.html.overlays import heat_uri, truth_uri
from patchead_analysis.html.tables import category_table, paper_tables, percent, read_tables, run_table
from patchead_analysis.results import ResultsError

HERE = pathlib.Path(__file__).parent
WORST = 8       # False positives, and as many false negatives, on the page of a category.
MOST_ROWS = 40  # Of a table on the first page.
MOST_MISSING = 200


@dataclasses.dataclass
class Card:
    """An image with its maps, as a page that needs no scripts shows it."""
    entry: object
    path: str
    truth: str
    maps: list  # (name, score, data URI)
    wrong: float


class Report:
    """A report of `study`, whose tables lie below `tables` (an output folder), into `folder`."""

    def __init__(self, study, tables, runs, folder):
        self.study, self._tables, self._runs = study, pathlib.Path(tables), runs
        self.folder = pathlib.Path(folder)
        loader = jinja2.FileSystemLoader(HERE / "templates")
        self._templates = jinja2.Environment(loader=loader, autoescape=True, undefined=jinja2.StrictUndefined,
                                             trim_blocks=True, lstrip_blocks=True)
        self._templates.filters["percent"] = percent

    def write(self):
        """Makes the folder anew; the old one stays until the new one is whole."""
        final = self.folder
        require_report(final)
        final.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f"{final.name}.tmp.", dir=final.parent) as place:
            self.folder = pathlib.Path(place) / "report"
            self.folder.mkdir()
            self._write_all()
            if final.exists():
                shutil.rmtree(final)
            self.folder.rename(final)

    def _write_all(self):
        for name in ("style.css", "report.js", "browser.js"):
            shutil.copyfile(HERE / "templates" / name, self.folder / name)
        figures = self._write_figures()
        paper = [(table, list(paper_tables(table))) for table in read_tables(self._tables, "paper/*.json")]
        summaries = read_tables(self._tables, "tables/summary_*.json")
        categories = read_tables(self._tables, "tables/categories_*.json")
        self._pages = {"has_paper": bool(paper), "has_figures": bool(figures),
                       "has_maps": bool(self.study.maps.categories()), "has_tables": bool(summaries)}
        shown = self._write_categories(categories)
        states = run_states(self._runs)
        missing = self.study.results.missing
        self._page("index.html", backbone=f"{self.study.backbone}, {self.study.image_size} px", figures=figures,
                   summaries=[self._short(table) for table in summaries], categories=shown, runs=states,
                   missing=len(missing), points=len(self.study.results.points))
        if summaries:
            self._page("tables.html", tables=[run_table(table) for table in summaries])
        if paper:
            self._page("paper.html", tables=paper)
        if figures:
            self._page("figures.html", figures=figures)
        self._page("about.html", provenance=self.study.results.provenance, runs=states,
                   missing=missing[:MOST_MISSING], more=max(0, len(missing) - MOST_MISSING))

    def _page(self, name, template=None, **values):
        text = self._templates.get_template(template or name + ".j2").render(
            page=name, root="../" * name.count("/"), **self._pages, **values)
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def _write_figures(self):
        """(number, drawing) of each; the pictures go to figures/."""
        figures = list(draw_all(self.study))
        for _, drawing in figures:
            write_figure(drawing, self.folder / "figures", ("png",))
        return figures

    def _short(self, table):
        """The rows of the chosen backbone and size, as many as one can read at a glance."""
        short = run_table(table, lambda row: row["backbone"] == self.study.backbone
                          and row["image_size"] == str(self.study.image_size))
        short.rows = short.rows[:MOST_ROWS]
        return short

    def _write_categories(self, tables):
        """A page for each category, and the browser of heat maps. Returns what the first page lists."""
        gallery = GalleryWriter(self.folder)
        by_dataset = {table["name"].removeprefix("categories_"): table for table in tables}
        listed = []
        for dataset, category in dict.fromkeys((p.dataset, p.category) for p in self.study.results.points):
            maps = None
            if (dataset, category) in self.study.maps.categories():
                maps = read_category(self.study.results, self.study.maps, dataset, category)
            if maps:
                gallery.add(maps)
            self._write_category(dataset, category, by_dataset.get(dataset), maps)
            listed.append(self._summary_of(dataset, category, maps))
        if self._pages["has_maps"]:
            gallery.finish()
            self._page("maps.html")
        return listed

    def _write_category(self, dataset, category, table, maps):
        rows = category_table(table, category) if table else None
        sections = []
        for group in maps.groups() if maps else []:
            points = maps.of(group)
            point = points[0].point
            worst = sorted(maps.entries, key=lambda entry: (-entry.wrong[point], entry.number))
            chosen = [[entry for entry in worst if entry.thumbnail.anomalous == anomalous and entry.wrong[point] > 0]
                      for anomalous in (False, True)]
            sections.append((group, point, *([self._card(maps, entry, points) for entry in entries[:WORST]]
                                             for entries in chosen)))
        self._page(f"categories/{dataset}/{category}.html", "category.html.j2", dataset=dataset, category=category,
                   table=rows, sections=sections, methods=METHODS)

    def _card(self, maps, entry, points):
        id = entry.thumbnail.id
        shown = [(METHODS[m.point.modules], entry.scores[m.point], heat_uri(m, id)) for m in points]
        return Card(entry, thumbnail_path(maps.dataset, maps.category, entry.number), truth_uri(entry.thumbnail),
                    shown, entry.wrong[points[0].point])

    def _summary_of(self, dataset, category, maps):
        results = self.study.results
        points = [p for p in results.points if (p.dataset, p.category) == (dataset, category)]
        _, anomalous, _ = results.scores(points[0])
        best = max((p for p in points if results.values[p, "I-AUROC"] == results.values[p, "I-AUROC"]),
                   key=lambda p: results.values[p, "I-AUROC"], default=None)
        return {"dataset": dataset, "category": category, "normal": int((~anomalous).sum()),
                "anomalous": int(anomalous.sum()), "maps": len(maps.entries) if maps else 0, "best": best,
                "best_value": results.values[best, "I-AUROC"] if best else None}


def require_report(folder):
    """Only a report is replaced: a folder of other things would be lost."""
    if folder.exists() and any(folder.iterdir()) and not (folder / "report.js").exists():
        raise ResultsError(f"'{folder}' holds other things than a report (they would be lost); name another folder")


def run_states(folders):
    """(name, content of run.json) of the runs that have one."""
    states = []
    for folder in folders:
        path = pathlib.Path(folder) / "run.json"
        if path.exists():
            states.append((pathlib.Path(folder).resolve().name, json.loads(path.read_text(encoding="utf-8"))))
    return states
