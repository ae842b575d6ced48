"""How wrong an image's score is."""
import numpy as np

NORMAL, ANOMALOUS, UNLABELLED = 0, 1, 2  # What is known of an image; in the scripts of the pages, too.


def wrongness(labels, scores):
    """Of each image, the share of the images of the other label that its score is on the wrong side of.

    0 is perfect, 1 means below all normal (or above all anomalous) images; ties count half. The mean over
    all normal, or over all anomalous, images is 1 - I-AUROC. Comparable between categories, as scores
    are not. Of an unlabelled image it is the share of normal images above it, which is no fault of it.
    """
    labels = np.asarray(labels).astype(int)
    normal, anomalous = labels == NORMAL, labels == ANOMALOUS
    result = np.zeros(len(scores))
    if normal.any():
        result[~normal] = share_above(np.sort(scores[normal]), scores[~normal])
    if anomalous.any():
        result[normal] = 1 - share_above(np.sort(scores[anomalous]), scores[normal])
    return result


def share_above(ordered, scores):
    """The share of `ordered` above each of `scores`, ties counting half."""
    below = np.searchsorted(ordered, scores, side="left")
    up_to = np.searchsorted(ordered, scores, side="right")
    return 1 - (below + up_to) / (2 * len(ordered))
