"""Reading results and maps, and what is computed of them."""

import random

import numpy as np

from made_run import Made, attention_of, patches_of, score_of, table, value_of, write_run
from patchead_analysis.html.ranking import wrongness
from patchead_analysis.figures.choice import setting_text, shots_word
from patchead_analysis.results import ALL_SHOTS, POINT_COLUMNS, RecordedMaps, Results, ResultsError, points_of
from support import FolderTest, main

MADE = Made(["bolt", "nut"])


class ReadResults(FolderTest):
    def setUp(self):
        super().setUp()
        write_run(self.folder, MADE)
        self.results = Results(self.folder / "results.h5")

    def test_points_have_their_values_and_scores(self):
        self.assertEqual(len(self.results.points), len(MADE.points()))
        for point, known in zip(self.results.points, MADE.points()):
            self.assertEqual((point.dataset, point.category, point.shots, point.seed, point.modules),
                             (*known[:2], *known[5:]))
            self.assertEqual(self.results.values[point, "I-AUROC"], value_of(known))
            ids, anomalous, scores = self.results.scores(point)
            self.assertEqual(list(ids), MADE.ids(point.category))
            self.assertEqual(list(anomalous), ["/good/" not in id for id in ids])
            np.testing.assert_allclose(scores, [score_of(i, known) for i in range(len(ids))], rtol=1e-6)

    def test_a_data_set_mean_is_the_mean_of_its_categories(self):
        values = self.results.dataset_values("I-AUROC", shots=4, modules="none")
        self.assertEqual(set(values), {0, 1})
        for seed, value in values.items():
            known = [value_of(point) for point in MADE.points() if point[5:] == (4, seed, "none")]
            self.assertAlmostEqual(value, sum(known) / len(known), places=12)

    def test_the_whole_training_set_is_one_number_of_shots(self):
        names = ["made", "bolt", "net", 64, "full-shot", 7, 0, "none"], ["made", "nut", "net", 64, "few-shot", 7, 0, "none"]
        full, few = points_of(dict(zip(POINT_COLUMNS, zip(*names))))
        self.assertEqual((full.shots, few.shots), (ALL_SHOTS, 7))
        self.assertEqual([setting_text(point.shots) for point in (full, few)], ["full-shot", "7-shot"])
        self.assertEqual(shots_word(0), "0-shot")

    def test_a_seed_that_lacks_a_category_is_left_out(self):
        missing = next(p for p in self.results.points
                       if (p.category, p.shots, p.seed, p.modules) == ("nut", 4, 1, "none"))
        self.results.points.remove(missing)
        self.results.missing.append((missing, "disk full"))
        self.assertEqual(set(self.results.dataset_values("I-AUROC", shots=4, modules="none")), {0})

    def test_maps_and_foreground_are_what_was_recorded(self):
        recorded = RecordedMaps([self.folder])
        self.assertEqual(recorded.categories(), [("made", "bolt"), ("made", "nut")])
        points = recorded.points("made", "nut")
        self.assertEqual([(m.point.shots, m.point.modules) for m in points],
                         [(0, "none"), (0, "mask"), (4, "none"), (4, "mask")])
        for i, id in enumerate(MADE.ids("nut")):
            np.testing.assert_array_equal(points[1].of(id), patches_of(MADE, i, None))
            attention = attention_of(MADE, i).astype(float)
            normalised = (attention - attention.min()) / (attention.max() - attention.min())
            np.testing.assert_array_equal(points[1].foreground(id), normalised > 0.05)
        self.assertIsNone(points[0].attention)

    def test_thumbnails_tell_label_type_and_ground_truth(self):
        thumbnails = RecordedMaps([self.folder]).thumbnails("made", "bolt")
        self.assertEqual(list(thumbnails), sorted(MADE.ids("bolt")))
        for i, id in enumerate(MADE.ids("bolt")):
            thumbnail = thumbnails[id]
            self.assertEqual((thumbnail.anomalous, thumbnail.defect_type), (bool(i % 2), MADE.type_of(i)))
            self.assertEqual(thumbnail.pixels().shape, (224, 224, 3))
            self.assertEqual(thumbnail.truth().sum(), 56 * 38 if i % 2 else 0)

    def test_maps_of_several_runs_are_one(self):
        more = write_run(self.folder / "more", Made(["screw"]))
        self.assertEqual([category for _, category in RecordedMaps([self.folder, more]).categories()],
                         ["bolt", "nut", "screw"])

    def test_files_that_cannot_be_used_are_told(self):
        with self.assertRaisesRegex(ResultsError, "nothing.h5.*run the sweep again"):
            Results(self.folder / "nothing.h5")
        (self.folder / "text.h5").write_text("no HDF5")
        with self.assertRaisesRegex(ResultsError, "cannot read"):
            Results(self.folder / "text.h5")
        with self.assertRaisesRegex(ResultsError, "no table of this version"):
            Results(table(self.folder / "other.h5", {}, {"format": "another"}))
        place = self.folder / "maps/made/bolt"
        table(place / "net_224px_0-shot_none.h5", {}, {"maps_schema": "2"})
        with self.assertRaisesRegex(ResultsError, "version 1 .its version is 2"):
            RecordedMaps([self.folder]).points("made", "bolt")


class Wrongness(FolderTest):
    def test_it_is_the_share_of_pairs_that_are_ordered_wrongly(self):
        chance = random.Random(1)
        for _ in range(20):
            anomalous = np.array([chance.random() < 0.5 for _ in range(30)])
            scores = np.array([chance.randrange(8) for _ in range(30)], np.float32)
            expected = []
            for label, score in zip(anomalous, scores):
                others = scores[anomalous != label]
                sign = 1 if label else -1
                wrong = [1 if sign * (score - other) < 0 else 0.5 if score == other else 0 for other in others]
                expected.append(np.mean(wrong))
            np.testing.assert_allclose(wrongness(anomalous, scores), expected, atol=1e-12)

    def test_nothing_is_wrong_where_all_have_one_label(self):
        self.assertEqual(list(wrongness(np.zeros(3, bool), np.arange(3.0))), [0, 0, 0])


if __name__ == "__main__":
    main()
