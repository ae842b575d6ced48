#!/usr/bin/env python3
"""Scoring and metrics against their definitions, written with NumPy, SciPy and scikit-*.

`oracle_dump` writes random inputs with many ties and what the C++ code makes of them; here
everything is computed again in float64, in the plainest way, and compared.
"""

import math
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
from fractions import Fraction

import numpy as np
from scipy.ndimage import gaussian_filter
from sklearn.metrics import average_precision_score, roc_auc_score

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from plain_metrics import f1_max, pro_at_200, pro_curve, regions_of

SIMILARITY_TOLERANCE = 2e-6  # float32 products of unit vectors.
METRIC_TOLERANCE = 1e-9


# --- scoring ---------------------------------------------------------------------------------

def similarities(queries, references, extreme):
    """Shape: features [q, L, D] and [r, L, D] to [q, r, L]."""
    def unit(x):
        x = x.astype(np.float64)
        norm = np.linalg.norm(x, axis=-1, keepdims=True)
        return np.divide(x, norm, out=np.zeros_like(x), where=norm > 0)
    queries, references = unit(queries), unit(references)
    return np.array([[extreme(q @ r.T, axis=1) for r in references] for q in queries])


def count_of(fraction, n, rounding):
    exact = Fraction(fraction).limit_denominator(10**6) * n
    return max(1, {"floor": math.floor, "ceil": math.ceil,
                   "round": lambda x: math.floor(x + Fraction(1, 2))}[rounding](exact))


def mask_weights(attention, threshold, weight):
    low, high = attention.min(), attention.max()
    if low == high:
        return np.ones_like(attention)
    return np.where((attention - low) / (high - low) > threshold, 1, weight)


def scores(similarity, attention, case):
    """m [q, L] and S [q]; similarity of an image and itself is NaN."""
    patches, images = [], []
    for query, own_attention in zip(similarity, attention.astype(np.float64)):
        query = query[:case["references"]]
        others = query[~np.isnan(query).any(axis=1)]
        distances = np.clip(1 - others, 0, 2)
        if case["euclidean"]:
            distances = np.sqrt(2 * distances)
        distances = np.sort(distances, axis=0)
        k = count_of(case["reference_fraction"], len(others), case["rounding"])
        chosen = distances[:k] if case["select"] == "closest" else distances[len(others) - k:]
        m = chosen.mean(axis=0)
        if case["threshold"] >= 0:
            m = m * mask_weights(own_attention, case["threshold"], case["weight"])
        top = count_of(case["patch_fraction"], len(m), "floor")
        patches.append(m)
        images.append(np.sort(m)[::-1][:top].mean())
    return np.array(patches), np.array(images)


# --- maps ------------------------------------------------------------------------------------

def interpolation_matrix(size, side, kind):
    """Hat functions around the inputs, taken at the outputs. Shape: [side, size]."""
    i = np.arange(side)
    if kind == "nearest":
        return (i[:, None] * size // side == np.arange(size)).astype(np.float64)
    x = i * (size - 1) / (side - 1) if kind == "bilinear-ac" else (i + 0.5) * size / side - 0.5
    return np.clip(1 - np.abs(np.clip(x, 0, size - 1)[:, None] - np.arange(size)), 0, 1)


def upsampled(patches, case):
    rows, cols = patches.shape
    side, kind = case["side"], case["interpolation"]
    result = (interpolation_matrix(rows, side, kind) @ patches.astype(np.float64) @
              interpolation_matrix(cols, side, kind).T)
    return gaussian_filter(result, case["sigma"], truncate=4) if case["sigma"] else result


# --- metrics ---------------------------------------------------------------------------------

def aupro(masks, maps, regions, limit):
    """The curve at every distinct score, cut at the limit by interpolation, and trapezoids."""
    thresholds = np.unique(maps)[::-1]
    rates, overlaps = pro_curve(masks, maps, regions, thresholds, np.greater_equal)
    rates, overlaps = np.r_[0, rates], np.r_[0, overlaps]
    inside = rates <= limit
    if not inside.all():
        # The segment that crosses the limit: np.interp would take the last of equal rates.
        a, b = inside.sum() - 1, inside.sum()
        share = (limit - rates[a]) / (rates[b] - rates[a])
        rates = np.r_[rates[inside], limit]
        overlaps = np.r_[overlaps[inside], overlaps[a] + share * (overlaps[b] - overlaps[a])]
    return np.trapz(overlaps, rates) / limit


def both_classes(labels):
    return 0 < np.count_nonzero(labels) < np.size(labels)


def metrics(labels, image_scores, masks, maps, case):
    """All metrics by name; NaN where a class is absent."""
    values = dict.fromkeys(["I-AUROC", "I-AP", "I-F1max", "P-AUROC", "P-AP", "P-F1max", "AUPRO",
                            "PRO@200"], math.nan)
    if both_classes(labels):
        values["I-AUROC"] = roc_auc_score(labels, image_scores)
        values["I-AP"] = average_precision_score(labels, image_scores)
        values["I-F1max"] = f1_max(labels, image_scores)
    if not case["normal_images"]:
        masks, maps = masks[labels == 1], maps[labels == 1]
    if both_classes(masks):
        truth, pixels = masks.ravel(), maps.ravel()
        regions = regions_of(masks, case["connectivity"])
        values["P-AUROC"] = roc_auc_score(truth, pixels)
        values["P-AP"] = average_precision_score(truth, pixels)
        values["P-F1max"] = f1_max(truth, pixels)
        values["AUPRO"] = aupro(masks, maps, regions, case["limit"])
        values["PRO@200"] = pro_at_200(masks, maps, regions, case["limit"])
    return values


# --- the comparison --------------------------------------------------------------------------

def parsed(text):
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text


class Dump:
    """What oracle_dump wrote."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.types = {}
        for line in (self.folder / "arrays.txt").read_text().splitlines():
            name, dtype, *shape = line.split()
            self.types[name] = dtype, [int(size) for size in shape]
        self.cases = []
        for line in (self.folder / "cases.txt").read_text().splitlines():
            kind, *fields = line.split()
            case = {key: parsed(value) for key, value in (field.split("=") for field in fields)}
            self.cases.append({"kind": kind, **case})

    def array(self, name):
        dtype, shape = self.types[name]
        return np.fromfile(self.folder / name, dtype).reshape(shape)

    def of_kind(self, kind):
        return [case for case in self.cases if case["kind"] == kind]


class OracleTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        subprocess.run([os.environ["PATCHEAD_ORACLE_DUMP"], cls.temporary.name], check=True)
        cls.dump = Dump(cls.temporary.name)

    def expected_similarities(self, match):
        extreme = np.max if match["reduce"] == "nearest" else np.min
        expected = similarities(self.dump.array(match["queries"]),
                                self.dump.array(match["references"]), extreme)
        if match["batch"]:
            expected[np.arange(len(expected)), np.arange(len(expected))] = np.nan
        return expected

    def assert_close(self, actual, expected, tolerance):
        np.testing.assert_array_equal(np.isnan(actual), np.isnan(expected))
        np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance)

    def test_similarities(self):
        matches = self.dump.of_kind("match")
        self.assertEqual(len(matches), 8)
        for match in matches:
            with self.subTest(match["name"]):
                self.assert_close(self.dump.array(match["name"]),
                                  self.expected_similarities(match), SIMILARITY_TOLERANCE)

    def test_features_do_tie(self):
        match = self.dump.of_kind("match")[0]
        u = self.dump.array(match["name"])
        self.assertTrue((u[:, 1] == u[:, 5])[~np.isnan(u[:, 1] + u[:, 5])].all(), "copied image")
        self.assertTrue((u[:, :, 0] == u[:, :, 1])[~np.isnan(u[:, :, 0])].all(), "copied patch")

    def test_scores(self):
        matches = {match["name"]: match for match in self.dump.of_kind("match")}
        cases = self.dump.of_kind("score")
        self.assertEqual(len(cases), 18 * len(matches))
        for case in cases:
            match = matches[case["match"]]
            attention = self.dump.array(match["queries"] + ".attention")
            # The root magnifies rounding without bound at distance 0: from the same similarities.
            u = (self.dump.array(match["name"]).astype(np.float64) if case["euclidean"]
                 else self.expected_similarities(match))
            patches, images = scores(u, attention, case)
            with self.subTest(case["name"]):
                self.assert_close(self.dump.array(case["name"] + ".patches"), patches,
                                  SIMILARITY_TOLERANCE)
                self.assert_close(self.dump.array(case["name"] + ".images"), images,
                                  SIMILARITY_TOLERANCE)

    def test_maps(self):
        """Computed in float32, so to a share of the largest score."""
        for case in self.dump.of_kind("metrics"):
            with self.subTest(case["name"]):
                patches = self.dump.array(case["name"] + ".patches")
                expected = np.array([upsampled(grid, case) for grid in patches])
                self.assert_close(self.dump.array(case["name"] + ".maps"), expected,
                                  1e-6 * np.abs(patches).max())

    def test_metrics(self):
        """On the C++ code's own maps, so that ties are the same."""
        cases = self.dump.of_kind("metrics")
        self.assertGreaterEqual(len(cases), 9)
        for case in cases:
            masks = self.dump.array(case["name"] + ".masks")
            labels = self.dump.array(case["name"] + ".labels")
            expected = metrics(labels, self.dump.array(case["name"] + ".images"), masks,
                               self.dump.array(case["name"] + ".maps").astype(np.float64), case)
            for name, value in expected.items():
                with self.subTest(case["name"], metric=name):
                    self.assert_close(case[name], value, METRIC_TOLERANCE)
            with self.subTest(case["name"]):
                self.assertEqual(case["regions"], len(regions_of(masks, case["connectivity"])))
                self.assertEqual(case["vanished"],
                                 sum(labels[i] and not masks[i].any() for i in range(len(masks))))


class OracleItselfTest(unittest.TestCase):
    """The hand-checked values of the specification."""

    def test_worked_example(self):
        masks = np.array([[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0, 0, 1, 1]]])
        maps = np.array([[[.9, .2, .1, .1], [.2, .8, .3, .1], [.1, .3, .2, .1], [.1, .1, .7, .2]]])
        case = {"normal_images": 1, "connectivity": 8, "limit": 0.3}
        values = metrics(np.array([1]), np.array([1.0]), masks, maps, case)
        self.assertAlmostEqual(values["P-AUROC"], 0.9270833, 7)
        self.assertAlmostEqual(values["P-AP"], 0.8611111, 7)
        self.assertAlmostEqual(values["AUPRO"], 0.7796296, 7)

    def test_half_pixel_centres(self):
        case = {"side": 4, "interpolation": "bilinear", "sigma": 0}
        rows = upsampled(np.array([[0, 1], [2, 3]]), case)
        np.testing.assert_allclose(rows[0], [0, .25, .75, 1])


if __name__ == "__main__":
    unittest.main()
