#!/usr/bin/env python3
"""Writes golden.tsv: digests of what Pillow makes of generated images. Made with Pillow 9.4.0.

Normalised as torchvision's ToTensor and Normalize do it, in float32: / 255, - mean, / std.
Columns: height width new_height new_width filter normalisation sha256. The image is the low byte
of each value of patchead::Random("<height>x<width>", 0), row by row, RGB. Without a normalisation
("bytes") the digest is that of the bytes [h, w, 3], else that of the float32 tensor [3, h, w].
"""

import hashlib
import pathlib

import numpy as np
from PIL import Image

SIZES = [
    (64, 64, 15, 15), (90, 75, 28, 42), (20, 17, 42, 28), (33, 48, 33, 20), (48, 33, 20, 33),
    (31, 31, 31, 31), (1, 1, 5, 3), (5, 3, 1, 1), (2, 500, 7, 224), (300, 1, 224, 224),
    (512, 512, 224, 224), (512, 512, 448, 448), (900, 900, 448, 448), (1024, 1024, 240, 240),
    (601, 799, 224, 224), (97, 101, 96, 102),
]
FILTERS = {"bicubic": Image.BICUBIC, "bilinear": Image.BILINEAR}
STATISTICS = {
    "imagenet": ((0.485, 0.456, 0.406), (0.229, 0.224, 0.225)),
    "clip": ((0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)),
}
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def fnv1a(text: str) -> int:
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 % 2**64
    return value


def generated(height: int, width: int) -> Image.Image:
    count = np.arange(1, height * width * 3 + 1, dtype=np.uint64)
    z = np.uint64(fnv1a(f"{height}x{width}")) + count * GOLDEN
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return Image.fromarray((z & np.uint64(255)).astype(np.uint8).reshape(height, width, 3))


def normalised(pixels: np.ndarray, mean: tuple, std: tuple) -> np.ndarray:
    values = pixels.transpose(2, 0, 1).astype(np.float32) / np.float32(255)
    shape = (3, 1, 1)
    return (values - np.float32(mean).reshape(shape)) / np.float32(std).reshape(shape)


def lines():
    for height, width, new_height, new_width in SIZES:
        image = generated(height, width)
        for name, pil_filter in FILTERS.items():
            resized = image.resize((new_width, new_height), pil_filter)
            case = f"{height}\t{width}\t{new_height}\t{new_width}\t{name}"
            yield f"{case}\tbytes\t{hashlib.sha256(np.asarray(resized).tobytes()).hexdigest()}"
            if new_height != new_width:
                continue
            for label, (mean, std) in STATISTICS.items():
                values = normalised(np.asarray(resized), mean, std)
                yield f"{case}\t{label}\t{hashlib.sha256(values.tobytes()).hexdigest()}"


if __name__ == "__main__":
    path = pathlib.Path(__file__).with_name("golden.tsv")
    path.write_text("\n".join(lines()) + "\n")
