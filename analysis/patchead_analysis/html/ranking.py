"""How wrong an image's score is."""
import numpy as np


def wrongness(anomalous, scores):
    """Of each image, the share of the images of the other label that its score is on the wrong side of.

    0 is perfect, 1 means below all normal (or above all anomalous) images; ties count half. The mean over
    all normal, or over all anomalous, images is 1 - I-AUROC. Comparable between categories, as scores
    are not.
    """
    normal, defective = np.sort(scores[~anomalous]), np.sort(scores[anomalous])
    result = np.zeros(len(scores))
    if len(normal) and len(defective):
        result[anomalous] = share_above(normal, scores[anomalous])
        result[~anomalous] = 1 - share_above(defective, scores[~anomalous])
    return result


def share_above(ordered, scores):
    """The share of `ordered` above each of `scores`, ties counting half."""
    below = np.searchsorted(ordered, scores, side="left")
    up_to = np.searchsorted(ordered, scores, side="right")
    return 1 - (below + up_to) / (2 * len(ordered))
