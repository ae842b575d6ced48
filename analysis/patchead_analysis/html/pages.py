"""Writes the pages of the report."""
import dataclasses
import hashlib
import pathlib
import shutil
import tempfile

from patchead_analysis.figures import draw_all
from patchead_analysis.figures.drawing import write as write_figure
from patchead_analysis.html import prompts, tables, thresholds
from patchead_analysis.html.environment import TEMPLATES, counted, make_environment
from patchead_analysis.html.gallery import GalleryWriter, labels_of, read_category, thumbnail_path
from patchead_analysis.html.overlays import heat_uri, truth_uri
from patchead_analysis.html.plain import evaluation_sections
from patchead_analysis.html.ranking import ANOMALOUS, NORMAL, UNLABELLED
from patchead_analysis.results import ResultsError

WORST = 8       # False positives, and as many false negatives, on the page of a category.
METRIC = "I-AUROC"
METRICS = (METRIC, "I-AP", "P-AUROC", "AUPRO", "PRO@200")  # In the order of the paper's tables.
TITLES = {NORMAL: "Worst false positives", ANOMALOUS: "Worst false negatives",
          UNLABELLED: "Unlabelled images with the highest scores"}
DRAWS = {"worst": "worst", "in the middle": "middle", "best": "best"}  # As pages and tables call them.
RUN_STATE = ("state", "ranks", "started", "seconds", "forwards", "forwards_saved", "units_by_kind", "rank_seconds")
MOST_ROWS = 40  # Of a table on the first page.
MOST_MISSING = 200


@dataclasses.dataclass
class Card:
    """An image with its maps, as a page that needs no scripts shows it."""
    entry: object
    path: str
    truth: str
    maps: list  # (modules, score, data URI)
    wrong: float


@dataclasses.dataclass
class Section:
    """The images of one label that stand out in a group of maps, and what of them cannot be shown."""
    title: str
    label: int
    cards: list
    recorded: int  # Of the images with this label,
    images: int    # which are so many.
    unseen: list   # (id, wrongness) of those that were not recorded, among the `top` that stand out most.
    top: int


@dataclasses.dataclass
class Draw:
    """Prompts of which a page says what they gave, with their pictures (path from the report; empty: there is none)."""
    title: str
    value: str
    prompts: list  # (id, path)


class Report:
    """A report of `study`, whose tables lie below `made` (an output folder), into `folder`."""

    def __init__(self, study, made, runs, folder):
        self.study, self._tables, self._runs = study, pathlib.Path(made), runs
        self.folder = pathlib.Path(folder)
        self._templates = make_environment()

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
            shutil.copyfile(TEMPLATES / name, self.folder / name)
        figures = self._write_figures()
        paper = [(table, list(tables.paper_tables(table)))
                 for table in tables.read_tables(self._tables, "paper/*.json", "blocks", "counts", "footnotes")]
        summaries = tables.read_tables(self._tables, "tables/summary_*.json", *tables.RUN_TABLE)
        categories = tables.read_tables(self._tables, "tables/categories_*.json", *tables.RUN_TABLE)
        rivals = sorted(tables.read_tables(self._tables, "rivals/rivals_*.json", *tables.RIVALS),
                        key=lambda table: METRICS.index(table["metric"]) if table["metric"] in METRICS else len(METRICS))
        costs = tables.read_tables(self._tables, "tables/costs_*.json", *tables.COST_TABLE)
        self._prompts = {table["name"].removeprefix("prompts_"): table
                         for table in tables.read_tables(self._tables, "tables/prompts_*.json", *prompts.PROMPT_TABLE)}
        evaluation = evaluation_sections(self._tables)
        self._thresholds = {table["name"].removeprefix("thresholds_"): table for table in tables.read_tables(
            self._tables, "tables/thresholds_*.json", *thresholds.THRESHOLD_TABLE)}
        differences = self._differences(summaries)
        self._pages = {"has_paper": bool(paper), "has_figures": bool(figures),
                       "has_maps": bool(self.study.maps.categories()), "has_tables": bool(summaries),
                       "has_rivals": bool(rivals or costs), "has_evaluation": bool(evaluation)}
        shown = self._write_categories(categories, differences)
        states = run_states(self._runs)
        missing = self.study.results.missing
        self._page("index.html", figures=figures, summaries=[short(table) for table in summaries],
                   differences=[found for table in differences if (found := average_differences(table))],
                   categories=shown, unlabelled=sum(item["unlabelled"] for item in shown), runs=states,
                   missing=len(missing), points=len(self.study.results.points))
        if summaries:
            self._page("tables.html", tables=[tables.run_table(table) for table in summaries],
                       differences=[tables.difference_table(table) for table in differences if table["lines"]],
                       prompts=[found for table in self._prompts.values() if (found := prompts.prompt_table(table, METRIC))],
                       thresholds=[found for table in self._thresholds.values() if (found := thresholds.threshold_table(table))])
        if rivals or costs:
            self._page("rivals.html", rivals=[tables.rivals_table(table) for table in rivals],
                       costs=[tables.cost_table(table) for table in costs],
                       resampled=any("interval" in value for table in rivals for row in table["rows"]
                                     for value in row["values"].values()),
                       pareto=[drawing for number, drawing in figures if number == "pareto"])
        if evaluation:
            self._page("evaluation.html", sections=evaluation)
        if paper:
            self._page("paper.html", tables=paper)
        if figures:
            self._page("figures.html", figures=figures)
        self._page("about.html", provenance=self.study.results.provenance, runs=states,
                   missing=missing[:MOST_MISSING], more=max(0, len(missing) - MOST_MISSING))

    def _differences(self, summaries):
        """Tables of `report --bootstrap`. Where the summaries have no intervals, what lies there is of an earlier one."""
        resampled = any("interval" in value for table in summaries for row in table["rows"]
                        for value in row["values"].values())
        return tables.read_tables(self._tables, "tables/differences_*.json", *tables.DIFFERENCES) if resampled else []

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
            write_figure(drawing, self.folder / "figures", ("webp",))
        return figures

    def _write_categories(self, categories, differences):
        """A page for each category, and the browser of heat maps. Returns what the first page lists."""
        gallery = GalleryWriter(self.folder)
        by_dataset = {table["name"].removeprefix("categories_"): table for table in categories}
        differences = {table["name"].removeprefix("differences_"): table for table in differences}
        listed = []
        for dataset, category in dict.fromkeys((p.dataset, p.category) for p in self.study.results.points):
            maps = None
            if (dataset, category) in self.study.maps.categories():
                maps = read_category(self.study.results, self.study.maps, dataset, category)
            if maps:
                gallery.add(maps)
            listed.append(self._summary_of(dataset, category, maps, by_dataset.get(dataset)))
            self._write_category(listed[-1], by_dataset.get(dataset), differences.get(dataset), maps)
        if self._pages["has_maps"]:
            gallery.finish()
            self._page("maps.html", recorded=sum(item["maps"] for item in listed), unlabelled=sum(
                item["unlabelled"] for item in listed), images=sum(item["images"] for item in listed if item["maps"]))
        return listed

    def _write_category(self, item, table, differences, maps):
        dataset, category = item["dataset"], item["category"]
        rows = tables.category_table(table, category) if table else None
        compared = tables.difference_table(differences, lambda line: line["category"] == category,
                                           f"{differences['caption']}: {category}") if differences else None
        groups = [(group, maps.of(group)[0].point, self._sections(maps, maps.of(group)))
                  for group in (maps.groups() if maps else [])]
        limits = thresholds.threshold_table(self._thresholds[dataset], category) if dataset in self._thresholds else None
        self._page(f"categories/{dataset}/{category}.html", "category.html.j2", item=item, table=rows,
                   thresholds=limits, differences=compared, groups=groups, **self._prompt_study(dataset, category))

    def _prompt_study(self, dataset, category):
        """What the choice of prompts is worth in a category, and the prompts that gave least and most of each row."""
        table = self._prompts.get(dataset, {"rows": []})
        rows = [row for row in table["rows"] if row["category"] == category and row["metric"] == METRIC]
        draws = [(" ".join(str(row[name]) for name in table["row_columns"] if name != "category"),
                  [self._draw(dataset, title, row[name]) for title, name in DRAWS.items()]) for row in rows]
        return {"prompts": prompts.prompt_table(table, METRIC, category) if rows else None, "draws": draws}

    def _draw(self, dataset, title, draw):
        return Draw(title, tables.percent(draw["value"]), [(id, self._picture_of(dataset, id)) for id in draw["prompts"]])

    def _picture_of(self, dataset, id):
        """A run leaves pictures of the prompts that its tables name; they become part of the report."""
        place = pathlib.PurePath("prompts", dataset)
        short = f"*~{hashlib.sha256(id.encode()).hexdigest()[:8]}.jpg"  # How the program calls the file of a long id.
        for run in [self._tables, *self._runs]:
            folder = pathlib.Path(run) / place
            for path in [folder / f"{id.replace('/', '_')}.jpg", *folder.glob(short)]:
                if path.exists():
                    (self.folder / place).mkdir(parents=True, exist_ok=True)
                    shutil.copyfile(path, self.folder / place / path.name)
                    return (place / path.name).as_posix()
        return ""

    def _sections(self, maps, points):
        """Of each label the images that stand out at the first of `points`."""
        point, entries = points[0].point, {entry.thumbnail.id: entry for entry in maps.entries}
        sections = []
        for label, title in TITLES.items():
            ranked = maps.ranked(point, label)
            # An unlabelled image stands out the other way round: by normal images that it lies above.
            found = ranked[::-1] if label == UNLABELLED else [item for item in ranked if item[1] > 0]
            cards = [self._card(maps, entries[id], points) for id, _ in found if id in entries][:WORST]
            unseen = [(id, wrong) for id, wrong in found[:WORST] if id not in entries]
            if cards or unseen:
                recorded = sum(id in entries for id, _ in ranked)
                sections.append(Section(title, label, cards, recorded, len(ranked), unseen,
                                        min(WORST, len(found))))
        return sections

    def _card(self, maps, entry, points):
        id = entry.thumbnail.id
        shown = [(m.point.modules, entry.scores[m.point], heat_uri(m, id)) for m in points]
        return Card(entry, thumbnail_path(maps.dataset, maps.category, entry.number), truth_uri(entry.thumbnail),
                    shown, entry.wrong[points[0].point])

    def _summary_of(self, dataset, category, maps, table):
        results = self.study.results
        point = next(p for p in results.points if (p.dataset, p.category) == (dataset, category))
        labels = maps.labels if maps else labels_of(results, {}, point)
        highest = tables.highest(table, category, METRIC) if table else None
        return {"dataset": dataset, "category": category, "images": len(labels.of), "normal": labels.count(NORMAL),
                "anomalous": labels.count(ANOMALOUS), "unlabelled": labels.count(UNLABELLED),
                "maps": len(maps.entries) if maps else 0, "highest": highest,
                "of": setting_of(*highest[:2]) if highest else ""}


def short(table):
    """As many rows as one can read at a glance, and how many there are."""
    found = tables.run_table({**table, "rows": table["rows"][:MOST_ROWS]})
    return found, len(table["rows"])


def average_differences(table):
    """The lines over all categories; of a single category, which has no average, its own."""
    averages = any(line["category"] == "Average" for line in table["lines"])
    found = tables.difference_table(table, lambda line: not averages or line["category"] == "Average")
    if found:
        found.name += "-average"
        found.rows = found.rows[:MOST_ROWS]
    return found


def setting_of(row, equal):
    """ "net, 224 px, 4-shot, align+mask", and how many more are as high."""
    shots = {"batch-zero-shot": "batch zero-shot", "full-shot": "full-shot",
             "each-prompt": "1-shot, each prompt", "maps": "maps as given"}.get(row["setting"], f"{row['shots']}-shot")
    detector = row.get("detector", "patchead")  # Not there if PatchEAD is the only one.
    what = row["modules"] if detector == "patchead" else detector
    text = f"{row['backbone']}, {row['image_size']} px, {shots}, {what}"
    return f"{text}, and {counted(equal, 'other')} as high" if equal else text


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
            states.append((pathlib.Path(folder).resolve().name, tables.read_json(path, *RUN_STATE)))
    return states
