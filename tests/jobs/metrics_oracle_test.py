#!/usr/bin/env python3
"""Metrics that are asked for by name against their definitions, written with NumPy and scikit-learn.

`oracle_dump` writes maps with many ties, empty masks, constant maps and defects at borders, and what
the C++ code makes of them.
"""

import math
import os
import subprocess
import sys
import tempfile
import unittest
import pathlib

import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from plain_metrics import aupro_by_sorting, regions_of
from scoring_oracle_test import METRIC_TOLERANCE, Dump, both_classes


def rates(labels, scores):
    """False positive and false negative rates at every distinct score, the highest first."""
    thresholds = np.unique(scores)[::-1]
    chosen = scores[None, :] >= thresholds[:, None] if len(scores) < 100 else None
    if chosen is not None:
        positives, negatives = chosen[:, labels == 1].sum(1), chosen[:, labels == 0].sum(1)
    else:
        positives, negatives = (np.searchsorted(np.sort(-scores[labels == k]), -thresholds, "right")
                                for k in (1, 0))
    return negatives / np.sum(labels == 0), 1 - positives / np.sum(labels == 1), positives


def tpr_at(labels, scores, rate):
    false_positive, _, found = rates(labels, scores)
    return max([0, *(found[false_positive <= rate] / np.sum(labels == 1))])


def tnr_at(labels, scores, rate):
    false_positive, _, found = rates(labels, scores)
    missed = (np.sum(labels == 1) - found) / np.sum(labels == 1)
    return 1 - false_positive[missed <= rate].min()


def staircase(rate, recall, low, high):
    """Area over log rates of the recall at the last of the ascending rates that is at most x."""
    ends = np.r_[rate[1:], np.inf]
    with np.errstate(divide="ignore"):
        width = np.log(np.clip(ends, low, high)) - np.log(np.clip(rate, low, high))
    return np.sum(recall * width) / math.log(high / low)


def aupimo(labels, masks, maps, low, high):
    """Of each image; NaN without anomalous pixels."""
    normal = maps[labels == 0]
    thresholds = np.r_[np.inf, np.unique(maps)[::-1]]
    rate = np.mean([[(m >= t).mean() for t in thresholds] for m in normal], axis=0)
    values = np.full(len(labels), math.nan)
    for i, (mask, m) in enumerate(zip(masks, maps)):
        if mask.any():
            recall = np.array([(m[mask == 1] >= t).mean() for t in thresholds])
            values[i] = staircase(rate, recall, low, high)
    return values


def saturated_pro(masks, maps, regions, limit):
    """The curve at every distinct score, cut at the limit."""
    areas = [min(7, len(y)) if r % 2 == 0 else (len(y) + 1) // 2 for r, (_, y, _) in enumerate(regions)]
    thresholds = np.unique(maps)[::-1]
    normal = np.sort(-maps[masks == 0])
    x = np.r_[0, np.searchsorted(normal, -thresholds, "right") / len(normal)]
    found = [np.minimum(np.searchsorted(np.sort(-maps[i, rows, columns]), -thresholds, "right") / area, 1)
             for (i, rows, columns), area in zip(regions, areas)]
    y = np.r_[0, np.mean(found, axis=0)]
    inside = np.count_nonzero(x <= limit)
    if inside < len(x):
        step = (limit - x[inside - 1]) / (x[inside] - x[inside - 1])
        y = np.r_[y[:inside], y[inside - 1] + step * (y[inside] - y[inside - 1])]
        x = np.r_[x[:inside], limit]
    return np.trapz(y, x) / limit


def of_samples(labels, scores):
    """Image i is a view of sample i modulo half their number."""
    half = len(labels) // 2
    groups = np.arange(len(labels)) % half
    samples = np.unique(groups)
    label = np.array([labels[groups == s].max() for s in samples])
    score = np.array([scores[groups == s].max() for s in samples])
    return roc_auc_score(label, score) if both_classes(label) else math.nan


def image_values(labels, scores):
    if not both_classes(labels):
        return dict.fromkeys(["I-TPR@FPR0.25", "I-TPR@FPR0.1", "I-TNR@FNR0.25", "I-TNR@FNR0.1",
                              "ClassF1@2", "ClassF1"], math.nan)
    return {"I-TPR@FPR0.25": tpr_at(labels, scores, 0.25), "I-TPR@FPR0.1": tpr_at(labels, scores, 0.1),
            "I-TNR@FNR0.25": tnr_at(labels, scores, 0.25), "I-TNR@FNR0.1": tnr_at(labels, scores, 0.1),
            "ClassF1@2": f1_score(labels, scores > 2), "ClassF1": f1_score(labels, scores > 100)}


def pixel_values(masks, maps, connectivity):
    names = [*(f"AUPRO@{limit}" for limit in ("0.01", "0.05", "0.1", "0.3", "1")), "sPRO", "sPRO@0.3",
             "P-TPR@FPR0.05", "P-TNR@FNR0.05", "SegF1@0.25", "SegF1", "SegF1@-5", "auroc:max-fpr@0.05"]
    if not both_classes(masks):
        return dict.fromkeys(names, math.nan)
    regions, truth, pixels = regions_of(masks, connectivity), masks.ravel(), maps.ravel()
    values = {name: aupro_by_sorting(masks, maps, regions, float(name[6:])) for name in names[:5]}
    return values | {
        "sPRO": saturated_pro(masks, maps, regions, 0.05),
        "sPRO@0.3": saturated_pro(masks, maps, regions, 0.3),
        "P-TPR@FPR0.05": tpr_at(truth, pixels, 0.05), "P-TNR@FNR0.05": tnr_at(truth, pixels, 0.05),
        "SegF1@0.25": f1_score(truth, pixels > 0.25), "SegF1": f1_score(truth, pixels > -0.125),
        "SegF1@-5": f1_score(truth, pixels > -5),
        "auroc:max-fpr@0.05": roc_auc_score(truth, pixels, max_fpr=0.05)}


class AskedMetricsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.temporary.cleanup)
        subprocess.run([os.environ["PATCHEAD_ORACLE_DUMP"], cls.temporary.name], check=True)
        cls.dump = Dump(cls.temporary.name)

    def inputs(self, case):
        name = case["name"]
        labels, masks = self.dump.array(name + ".labels"), self.dump.array(name + ".masks")
        return (labels, self.dump.array(name + ".images"), masks,
                self.dump.array(name + ".maps").astype(np.float64))

    def assert_close(self, actual, expected):
        np.testing.assert_array_equal(np.isnan(actual), np.isnan(expected))
        np.testing.assert_allclose(actual, expected, rtol=0, atol=METRIC_TOLERANCE)

    def test_values(self):
        cases = self.dump.of_kind("asked")
        self.assertGreaterEqual(len(cases), 9)
        for case in cases:
            labels, scores, masks, maps = self.inputs(case)
            counted = labels == 1 if not case["normal_images"] else labels >= 0
            expected = image_values(labels, scores) | {"S-AUROC": of_samples(labels, scores)}
            expected |= pixel_values(masks[counted], maps[counted], case["connectivity"])
            for name, value in expected.items():
                with self.subTest(case["name"], metric=name):
                    self.assert_close(case[name], value)

    def test_areas_of_images_and_their_mean(self):
        seen = 0
        for case in self.dump.of_kind("asked"):
            labels, _, masks, maps = self.inputs(case)
            defined = case["normal_images"] and both_classes(labels) and both_classes(masks)
            for name, low, high in (("AUPIMO@0.01:0.2", 0.01, 0.2), ("AUPIMO@0.002:1", 0.002, 1)):
                with self.subTest(case["name"], metric=name):
                    if not defined:
                        self.assertTrue(math.isnan(case[name]))
                        continue
                    expected = aupimo(labels, masks, maps, low, high)
                    self.assert_close(self.dump.array(f"{case['name']}.{name}"), expected)
                    self.assert_close(case[name], np.nanmean(expected))
                    seen += 1
            self.assertTrue(math.isnan(case["AUPIMO"]), "so few pixels tell no rate of 1e-5")
        self.assertGreaterEqual(seen, 8)


if __name__ == "__main__":
    unittest.main()
