"""Packages of AOTInductor (.pt2), as export_torchscript.py writes them for `patchead --backbone pt2:FILE`."""

import sys

import torch
from torch import nn

MOST_IMAGES = 4096  # That patchead gives a network at a time.
MOST_PX = 16384


def require_compiler():
    """Before work: the first PyTorch that writes what patchead reads is 2.6."""
    if tuple(map(int, torch.__version__.split(".")[:2])) < (2, 6):
        sys.exit(f"export: a .pt2 package needs PyTorch 2.6 or newer, this is {torch.__version__}; give OUTPUT.pt, "
                 "which is TorchScript, or take a newer PyTorch")


def least_side(network, patch):
    """Below it some layer would have one row of patches, which compiled code takes for a number that never varies."""
    return 2 * max([patch, *getattr(network, "strides", {}).values()])


class FromPatches(nn.Module):
    """Takes images as [B, 3, rows, patch, cols, patch]: sides that are whole patches, so that both numbers may vary.
    PyTorch 2.6 compiles nothing for sides that are multiples, and networks rarely take all sides."""

    def __init__(self, network, patch):
        super().__init__()
        self.network = network
        self.patch = patch

    def forward(self, pixels):
        batch, colours, rows, _, cols, _ = pixels.shape
        return self.network(pixels.reshape(batch, colours, rows * self.patch, cols * self.patch))

    def cut(self, images):
        batch, colours, height, width = images.shape
        return images.reshape(batch, colours, height // self.patch, self.patch, width // self.patch, self.patch)


def compile_package(network, images, shapes, path):
    """Writes the package at `path`; what it returns computes as the file does. Raises whatever PyTorch does."""
    batch = torch.export.Dim("batch", min=1, max=MOST_IMAGES)
    program = torch.export.export(network, (images,), dynamic_shapes=({0: batch, **shapes},), strict=False)
    # patchead runs one image a thread. Loops that share an image would wait for each other, and sums of several
    # threads would depend on how many there are.
    torch._inductor.aoti_compile_and_package(program, package_path=str(path), inductor_configs={"cpp.threads": 1})
    return torch._inductor.aoti_load_package(str(path))


def compile_for_sides(network, images, patch, path):
    """The same for images of any sides from `least_side` on, in whole patches."""
    least = -(-least_side(network, patch) // patch)
    rows, cols = (torch.export.Dim(name, min=least, max=MOST_PX // patch) for name in ("rows", "cols"))
    wrapped = FromPatches(network, patch)
    package = compile_package(wrapped, wrapped.cut(images), {2: rows, 4: cols}, path)
    return lambda others: package(wrapped.cut(others))
