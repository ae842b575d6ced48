"""Whether an exported encoder is the original: what both give for images of several sizes."""

import torch

from encoder_sources import TOLERANCE


def images_of(side, batch=1):
    generator = torch.Generator().manual_seed(side)
    return torch.randn(batch, 3, side, side, generator=generator)


def parts(output):
    return tuple(output) if isinstance(output, (tuple, list)) else (output,)


def difference(exported, network, side, batch=1, scaled=False):
    """Largest absolute difference, if `scaled` in units of an output's largest value above 1; infinite if the exported
    module fails or gives other shapes."""
    images = images_of(side, batch)
    expected = parts(network(images))
    try:
        actual = parts(exported(images))
    except RuntimeError:
        return float("inf")
    if [part.shape for part in actual] != [part.shape for part in expected]:
        return float("inf")
    return max(((a - b).abs().max() / (b.abs().max().clamp(min=1) if scaled else 1)).item()
               for a, b in zip(actual, expected))


def is_right(exported, network, side, sides, scaled=False):
    """Whether it agrees with the original at `side`, also in a batch, and at all `sides`."""
    checks = [(side, 2), *((other, 1) for other in sides)]
    return all(difference(exported, network, *check, scaled) <= TOLERANCE for check in checks)


def other_sides(network, side, patch):
    """Sides at which the original works at all, one above and one below its own."""
    sides = []
    for other in (side + 3 * patch, max(2 * patch, side - 2 * patch)):
        try:
            network(images_of(other))
            if not hasattr(network, "keeps_strides") or network.keeps_strides(images_of(other)):
                sides.append(other)
        except (AssertionError, RuntimeError, ValueError):
            continue
    return sides
