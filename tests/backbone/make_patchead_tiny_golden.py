#!/usr/bin/env python3
"""Makes tests/data/parity/patchead_tiny: the embedded backbone's numbers by independent code.

    PATCHEAD_SHARED=<reference library> /usr/bin/python3 make_patchead_tiny_golden.py

Needs the reference library's reference/vit_reference.py (plain torch operations, no code of this
project). The picture is made up: waves, a bright block and noise; stored as float16, so exact.
"""
import json
import os
import pathlib
import sys

import numpy as np
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("PATCHEAD_SHARED", ROOT / "../shared"))
sys.path.insert(0, str(SHARED / "reference"))
from common import load_safetensors, save_safetensors, unit  # noqa: E402
from vit_reference import forward  # noqa: E402

CONFIG = {"family": "mae", "num_heads": 3, "depth": 6, "embed_dim": 192, "patch_size": 16,
          "layer_norm_eps": 1e-6, "pos_interpolation": {"mode": "bicubic", "antialias": False}}


def picture(height, width):
    y, x = np.meshgrid(np.arange(height), np.arange(width), indexing="ij")
    image = 0.6 * np.stack([np.sin(x / 17 + c) + np.cos(y / (11 + 3 * c)) for c in range(3)])
    image[:, height // 3:height // 2, width // 4:width // 2] += 1.2
    image += 0.15 * unit("patchead_tiny", image.size, 1).reshape(image.shape)
    return torch.from_numpy(image.astype(np.float16))[None]


def main():
    weights = load_safetensors(ROOT / "configs/backbones/patchead_tiny/model.safetensors")
    for height, width in ((224, 224), (96, 160)):
        folder = ROOT / f"tests/data/parity/patchead_tiny/{height}x{width}"
        folder.mkdir(parents=True, exist_ok=True)
        image = picture(height, width)
        tokens, attention, _ = forward(weights, CONFIG, image.float())
        save_safetensors(folder / "inputs.safetensors", {"image": image})
        save_safetensors(folder / "outputs.safetensors",
                         {"patch_tokens": tokens, "cls_attention": attention})
        (folder / "config.json").write_text(json.dumps(CONFIG, indent=1) + "\n")


if __name__ == "__main__":
    main()
