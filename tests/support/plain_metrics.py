"""Metrics of masks and maps [n, side, side] in the plainest form, with scikit-learn and scikit-image:
what those of the program are compared with, in their numbers and in their speed."""

import math

import numpy as np
from skimage.measure import label, regionprops
from sklearn.metrics import auc, precision_recall_curve


def f1_max(labels, values):
    precision, recall, _ = precision_recall_curve(labels, values)
    both = precision + recall
    return np.max(np.divide(2 * precision * recall, both, out=np.zeros_like(both), where=both > 0))


def regions_of(masks, connectivity):
    """(image, rows, columns) of each region of each image."""
    return [(i, *region.coords.T) for i, mask in enumerate(masks)
            for region in regionprops(label(mask, connectivity=connectivity // 4))]


def pro_curve(masks, maps, regions, thresholds, selected):
    """False positive rates and mean region overlaps of `selected(map, threshold)`."""
    rates, overlaps = [], []
    for threshold in thresholds:
        chosen = selected(maps, threshold)
        rates.append(chosen[masks == 0].mean())
        overlaps.append(np.mean([chosen[i, y, x].mean() for i, y, x in regions]))
    return np.array(rates), np.array(overlaps)


def pro_at_200(masks, maps, regions, limit):
    """The function that cflow-ad, MuSc, AnomalyCLIP and others share."""
    low, high = maps.min(), maps.max()
    if low == high:
        return math.nan
    thresholds = [low + i * ((high - low) / 200) for i in range(200)]
    rates, overlaps = pro_curve(masks, maps, regions, thresholds, np.greater)
    kept = rates < limit
    rates, overlaps = rates[kept], overlaps[kept]
    if len(rates) == 0 or rates.max() == rates.min():
        return math.nan
    return auc((rates - rates.min()) / (rates.max() - rates.min()), overlaps)


def aupro_by_sorting(masks, maps, regions, limit):
    """The curve at every distinct score from one sort of all pixels, cut at the limit."""
    weights = np.zeros(maps.shape)
    for i, y, x in regions:
        weights[i, y, x] = 1 / (len(regions) * len(y))
    order = np.argsort(-maps, axis=None, kind="stable")
    values = maps.ravel()[order]
    last_of_tie = np.r_[values[1:] != values[:-1], True]
    rates = np.cumsum(masks.ravel()[order] == 0)[last_of_tie] / np.count_nonzero(masks == 0)
    overlaps = np.cumsum(weights.ravel()[order])[last_of_tie]
    rates, overlaps = np.r_[0, rates], np.r_[0, overlaps]
    inside = np.count_nonzero(rates <= limit)
    if inside < len(rates):
        share = (limit - rates[inside - 1]) / (rates[inside] - rates[inside - 1])
        step = overlaps[inside] - overlaps[inside - 1]
        overlaps = np.r_[overlaps[:inside], overlaps[inside - 1] + share * step]
        rates = np.r_[rates[:inside], limit]
    return np.trapz(overlaps, rates) / limit
