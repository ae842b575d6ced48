"""The figures: which are made, of what numbers, and that they are the same bytes every time."""

import dataclasses
import json
import subprocess
import sys

import h5py
import numpy as np

from made_run import Made, value_of, write_run
from patchead_analysis import panels
from patchead_analysis.figures import (
    FIGURES, Study, contamination, draw_all, histograms, pareto, prompts, shots, similarity)
from patchead_analysis.results import EACH_PROMPT, RecordedMaps, Results, ResultsError
from support import SOURCE, FolderTest, files, main

MADE = Made(["bolt", "nut"], shots=(0, 1, 4), modules=("none", "align", "mask", "align+mask"),
            backbones=("net", "other"))


class Figures(FolderTest):
    def study(self, **options):
        return Study(Results(self.folder / "results.h5"), RecordedMaps([self.folder]), **options)

    def make(self, *options, check=True):
        done = subprocess.run([sys.executable, SOURCE / "analysis/make_figures.py", self.folder, *options],
                              capture_output=True, text=True, timeout=300)
        self.assertEqual(done.returncode == 0, check, done.stderr)
        return done

    def test_every_figure_of_the_registry_is_made_as_png_and_pdf(self):
        write_run(self.folder, MADE, side=64)
        self.make("--output", self.folder / "a")
        made = files(self.folder / "a")
        for stem in ("figure3_attention_made", "figure4_shots", "figure5_overview", "figure7d_scores_made",
                     "figure8_heatmaps_made_0-shot", "figure8_heatmaps_made_4-shot",
                     "figure17_modules_made_bolt_4-shot"):
            self.assertEqual(made[f"{stem}.png"][:4], b"\x89PNG")
            self.assertEqual(made[f"{stem}.pdf"][:5], b"%PDF-")
            self.assertNotIn(b"CreationDate", made[f"{stem}.pdf"])
        self.make("--output", self.folder / "b", "--only", "4,7d,17")
        for name, data in files(self.folder / "b").items():
            self.assertEqual(data, made[name], f"{name} is the same bytes every time")

    def attack(self):
        """The table of an ablation over shares and sizes, in a folder below the run's; "nut" has no batches of 4 at 0."""
        def cell(category, share, size):
            there = (category, share, size) != ("nut", "0", "4")
            value = 0.9 if share == "natural" else 0.8 - 0.01 * int(size) - 0.1 * float(share)
            return {"mean": value, "std": 0.02, "seeds": 2} if there else {"mean": None, "std": None, "seeds": 0, "note": "small"}
        rows = [{"company-share": share, "company-size": size, "backbone": "net", "image_size": "224", "setting": setting,
                 "shots": "0", "modules": modules, "category": category, "values": {"I-AUROC": cell(category, share, size)}}
                for share in ("natural", "0", "0.5", "0.7") for size in ("2", "4") for setting in ("batch-zero-shot", "few-shot")
                for modules in ("none", "mask") for category in ("bolt", "nut", "Average")]
        folder = self.folder / "attack/tables"
        folder.mkdir(parents=True)
        (folder / "ablation_categories_made.json").write_text(json.dumps({
            "name": "ablation_categories_made", "rows": rows, "value_columns": ["I-AUROC"],
            "row_columns": ["company-share", "company-size", "backbone", "image_size", "setting", "shots", "modules", "category"]}))
        return folder / "ablation_categories_made.json"

    def test_contamination_has_a_curve_for_each_size_and_gaps_where_a_category_is_too_small(self):
        write_run(self.folder, MADE, side=32)
        path = self.attack()
        share, size = contamination.draw(self.study(folders=[self.folder]))
        self.assertEqual([drawing.name for drawing in (share, size)],
                         ["figure_contamination_share_made", "figure_contamination_size_made"])
        nut = share.figure.axes[1]
        self.assertEqual(nut.get_title(), "nut")
        small, large = [line for line in nut.lines if line.get_linestyle() == "-"]
        np.testing.assert_allclose(small.get_xdata(orig=False), [0, 50, 70])
        np.testing.assert_allclose(small.get_ydata(orig=False), [78, 73, 71])
        np.testing.assert_allclose(large.get_ydata(orig=False), [np.nan, 71, 69])
        natural = [line for line in nut.lines if line.get_markerfacecolor() == "none"]
        self.assertEqual([(*line.get_xdata(orig=False), *line.get_ydata(orig=False)) for line in natural], [(50, 90)] * 2, "half are anomalous")
        self.assertIn("nut is too small for batches of 4 at 0.", share.caption)
        self.assertNotIn("bolt is too small", share.caption)
        self.assertEqual([text.get_text() for text in size.figure.axes[0].get_xticklabels()], ["2", "4"])
        path.write_text("{}")
        with self.assertRaises(ResultsError):
            list(contamination.draw(self.study(folders=[self.folder])))

    def test_each_has_a_caption_and_an_alternative_text(self):
        write_run(self.folder, MADE, side=32)
        drawings = list(draw_all(self.study()))
        self.assertEqual({number for number, _ in drawings},
                         set(FIGURES) - {"sizes", "pareto", "prompts", "7ab", "iclub", "contamination"},
                         "no size is fused, nothing says what it costs, no prompts were tried one by one, no sentences compared, "
                         "nothing was attacked")
        self.assertEqual(len({drawing.name for _, drawing in drawings}), len(drawings))
        for _, drawing in drawings:
            self.assertTrue(drawing.caption.endswith("."), drawing.name)
            self.assertGreater(len(drawing.alt), 40, drawing.name)

    def test_figure_4_shows_mean_and_deviation_of_the_data_set_means(self):
        write_run(self.folder, MADE, side=32)
        curve = shots.curves_of(self.study().results)["made, other, 224 px"]
        self.assertEqual([count for count, _, _ in curve], [1, 4], "0 prompts are another setting")
        for count, mean, std in curve:
            known = [np.mean([value_of(p) for p in MADE.points()
                              if p[2] == "other" and p[5:] == (count, seed, "none")]) for seed in MADE.seeds]
            self.assertAlmostEqual(mean, np.mean(known), places=12)
            self.assertAlmostEqual(std, np.std(known), places=12)

    def test_fused_sizes_are_drawn_beside_single_ones(self):
        write_run(self.folder, MADE, side=32)
        with h5py.File(self.folder / "results.h5", "r+") as file:
            backbone = file["points/backbone"][...]
            # What was another backbone is now the same one at two sizes fused.
            file["points/sizes"] = np.where(backbone == b"other", b"112+224-mean", b"")
            file["points/backbone"][...] = b"net"
        study = self.study()
        self.assertEqual({p.image_size for p in study.results.points}, {224, "112+224-mean"})
        drawing = dict(draw_all(study, ["sizes"]))["sizes"]
        self.assertIn("I-AUROC of nut at 112+224-mean px", drawing.alt)
        known = np.mean([value_of(p) for p in MADE.points()
                         if (p[1], p[2], p[5], p[7]) == ("nut", "other", 4, "none")])
        self.assertIn(f"I-AUROC of nut at 112+224-mean px: {100 * known:.1f} %", drawing.alt)
        made = self.make("--only", "7d", "--image-size", "112+224-mean")
        self.assertIn("figure7d_scores_made.png", made.stdout)

    def test_the_front_of_cost_and_value_is_drawn(self):
        write_run(self.folder, MADE, side=32)
        flops = {"none": 1e9, "align": 2e9, "mask": 4e9, "align+mask": 8e9}
        with h5py.File(self.folder / "results.h5", "r+") as file:
            points = file["points"]
            modules = [text.decode() for text in points["modules"][...]]
            points["network_flop"] = np.full(len(modules), 5e9)
            points["scoring_flop"] = [flops[name] for name in modules]
            points["memory_bytes"] = np.full(len(modules), np.nan)
            # Points of another detector have its name there.
            points["detector"] = np.array([b"musc:published" if name == "align" else b"patchead" for name in modules])
        study = self.study()
        drawing = dict(draw_all(study, ["pareto"]))["pareto"]
        places = {place.label: place for place in pareto.places_of(study.results, "made", 4)}
        self.assertEqual(places["PatchEAD mask, net 224 px"].gflop, 9)
        self.assertIn("musc (tuned), other 224 px", places)
        # Masks alone are as good as with alignment, and nothing is cheaper than nothing.
        self.assertTrue(places["musc (tuned), other 224 px"].tuned)
        front = {place.label for place in pareto.front_of(list(places.values()))}
        self.assertEqual(front, {f"{name}, {network} 224 px" for name in ("PatchEAD", "PatchEAD mask")
                                 for network in ("net", "other")})
        self.assertIn("PatchEAD mask, net 224 px", drawing.alt)
        made = self.make("--only", "pareto")
        self.assertIn("figure_pareto_made.png", made.stdout)

    def test_every_prompt_is_a_point(self):
        made = dataclasses.replace(MADE, shots=(1,), seeds=tuple(range(5)), modules=("none", "mask"))
        write_run(self.folder, made, side=32)
        with h5py.File(self.folder / "results.h5", "r+") as file:
            setting = np.full(file["points/setting"].shape, b"each-prompt")
            del file["points/setting"]
            file["points/setting"] = setting
        study = self.study()
        self.assertEqual({p.shots for p in study.results.points}, {EACH_PROMPT})
        found = prompts.draws_of(study.results, "made", "bolt")
        self.assertEqual(list(found), [f"PatchEAD{name}, {network} 224 px" for network in ("net", "other") for name in ("", " mask")])
        known = [value_of(p) for p in made.points() if (p[1], p[2], p[7]) == ("bolt", "net", "mask")]
        self.assertEqual(list(found["PatchEAD mask, net 224 px"]), known)
        drawing = dict(draw_all(study, ["prompts"]))["prompts"]
        self.assertIn(f"bolt, PatchEAD mask, net 224 px: {100 * min(known):.1f} to {100 * max(known):.1f} %", drawing.alt)
        self.assertIn("figure_prompts_made.png", self.make("--only", "prompts").stdout)
    def with_detectors(self, names):
        """A run whose choices of modules are other detectors."""
        write_run(self.folder, MADE, side=32)
        with h5py.File(self.folder / "results.h5", "r+") as file:
            modules = [text.decode() for text in file["points/modules"][...]]
            file["points/detector"] = np.array([names.get(name, "patchead").encode() for name in modules])
        return self.study()

    def test_figure_7ab_shows_similarities_to_either_kind_of_sentences(self):
        study = self.with_detectors({"align": "clip:side=normal", "mask": "clip:side=anomalous",
                                     "align+mask": "winclip"})
        drawing = dict(draw_all(study, ["7ab"]))["7ab"]
        self.assertEqual(drawing.name, "figure7ab_similarity_made")
        self.assertIn("image (a) to normal sentences", drawing.alt)
        points = [p for p in study.results.points if study.shows(p) and (p.shots, p.seed) == (4, 0)
                  and p.modules == "clip:side=normal"]
        scores = np.concatenate(histograms.pooled(study.results, points))
        near = np.concatenate(similarity.similarities(study.results, points, "normal"))
        np.testing.assert_allclose(near, 1 - scores)
        far = np.concatenate(similarity.similarities(study.results, points, "anomalous"))
        np.testing.assert_allclose(far, scores)
        self.assertNotIn("clip:side", dict(draw_all(study, ["7d"]))["7d"].alt, "no method of its own")
        self.assertIn("PatchEAD, ", dict(draw_all(study, ["7d"]))["7d"].alt)

    def test_one_side_of_sentences_is_no_figure_7ab(self):
        self.assertFalse(list(draw_all(self.with_detectors({"align": "clip:side=normal"}), ["7ab"])))

    def test_the_bounds_are_those_of_the_table(self):
        write_run(self.folder, MADE, side=32)
        study = self.study(folders=[self.folder])
        self.assertFalse(list(draw_all(study, ["iclub"])), "there is no table")
        value = {"value": 0.5, "low": 0.25, "high": 0.75}
        row = {"backbone": "net", "image_size": "224", "setting": "few-shot", "shots": "1", "critic": "patchead",
               "modules": "none", "augmented": "patches", "term": "U1", "bound": value}
        rows = [row, {**row, "critic": "clip", "term": "U2"}, {**row, "backbone": "other"}, {**row, "term": ""}]
        (self.folder / "text").mkdir()
        for name, content in (("text_made", {"rows": rows}), ("text_made_categories", {"rows": rows})):
            (self.folder / f"text/{name}.json").write_text(json.dumps(content))
        ((_, drawing),) = draw_all(study, ["iclub"])
        self.assertEqual(drawing.name, "figure_iclub_made")
        self.assertEqual(drawing.alt.count("0.50 (0.25 to 0.75)"), 2)
        self.assertIn("PatchEAD, 1-shot U1", drawing.alt)
        (self.folder / "text/text_made.json").write_text("[]")
        self.assertIn("run patchead text again", self.make("--only", "iclub", check=False).stderr)

    def test_figure_7d_pools_all_images_by_label(self):
        write_run(self.folder, MADE, side=32)
        study = self.study()
        points = [p for p in study.results.points if study.shows(p) and (p.shots, p.seed, p.modules) == (4, 0, "none")]
        normal, anomalous = histograms.pooled(study.results, points)
        self.assertEqual((len(normal), len(anomalous)), (12, 12))
        self.assertLess(normal.mean(), anomalous.mean())

    def test_figure_7d_says_how_much_the_histograms_share(self):
        zeros, ones = np.zeros(4), np.ones(8)
        self.assertEqual(histograms.overlap(zeros, ones), 0)
        self.assertEqual(histograms.overlap(ones, ones), 1)
        self.assertEqual(histograms.overlap(np.array([0, 0, 0, 1.0]), ones), 0.25)
        self.assertTrue(np.isnan(histograms.overlap(zeros, np.array([]))))

    def test_what_cannot_be_made_is_told(self):
        write_run(self.folder, Made(["bolt"], shots=(0,), modules=("none",)), side=32)
        done = self.make()
        for number in "3", "4", "17":
            self.assertIn(f"no figure {number}:", done.stderr)
        self.assertIn("there is no figure 6", self.make("--only", "6", check=False).stderr)
        (self.folder / "results.h5").unlink()
        self.assertIn("run the sweep again", self.make(check=False).stderr)

    def test_backbone_and_size_can_be_chosen(self):
        write_run(self.folder, MADE, side=32)
        points = self.study(backbone="other").maps_of("made", "bolt")
        self.assertEqual({maps.point.backbone for maps in points}, {"other"})


class Panels(FolderTest):
    def setUp(self):
        super().setUp()
        write_run(self.folder, MADE, side=32)
        self.maps = RecordedMaps([self.folder]).points("made", "bolt")[0]

    def test_interpolation_is_linear_between_patch_centres(self):
        grown = panels.enlarged(np.array([[0.0, 1.0]], np.float32), (1, 8))
        np.testing.assert_allclose(grown[0], [0, 0, 0.125, 0.375, 0.625, 0.875, 1, 1], atol=1e-6)

    def test_the_scale_is_the_categorys_or_the_images(self):
        id = MADE.ids("bolt")[3]
        self.assertEqual(panels.scale_of(self.maps, id, "category"), panels.Scale(self.maps.low, self.maps.high))
        own = panels.scale_of(self.maps, id, "image")
        self.assertEqual((own.low, own.high), (self.maps.of(id).min(), self.maps.of(id).max()))
        np.testing.assert_allclose(panels.Scale(1, 3).fractions(np.array([0, 1, 2, 3, 9])), [0, 0, 0.5, 1, 1])
        np.testing.assert_array_equal(panels.Scale(1, 1).fractions(np.array([0, 1, 2])), 0)

    def test_the_outline_lies_around_the_defect_and_not_on_it(self):
        truth = np.zeros((9, 9), bool)
        truth[4, 4] = True
        edge = panels.edge_of(truth, 1)
        self.assertEqual(sorted(zip(*np.nonzero(edge))), [(3, 4), (4, 3), (4, 5), (5, 4)])

    def test_masking_dims_background_only(self):
        pixels = np.full((4, 4, 3), 200, np.uint8)
        shown = panels.masked(pixels, np.array([[True, False], [False, False]]))
        self.assertTrue((shown[:2, :2] == 200).all())
        self.assertTrue((shown[2:] < 110).all())


if __name__ == "__main__":
    main()
