#!/usr/bin/env python3
"""Golden numbers of windows: an image tower of CLIP's kind in which attention to all tokens but a
window's is masked, token by token of the whole sequence, in double precision.

The program sends the tokens of a window through the network alone; here all of them go, and the
mask says which count. Run in tests/data/parity/open_clip: writes windows_64x64.
"""

import json
import pathlib
import struct
import sys

import numpy
import torch

SOURCE = pathlib.Path("../clip_text/openclip_gelu")
FOLDER = pathlib.Path("windows_64x64")
HEADS, BLOCKS, PATCH = 4, 3, 16


def read(path):
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8:8 + size])
    header.pop("__metadata__", None)
    tensors = {}
    for name, entry in header.items():
        if entry["dtype"] != "F32":
            continue
        begin, end = (8 + size + offset for offset in entry["data_offsets"])
        values = numpy.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
        tensors[name] = torch.tensor(values.astype("f8"))
    return tensors


def write(path, tensors):
    header, data = {}, b""
    for name, values in sorted(tensors.items()):
        content = values.numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


class Tower:
    def __init__(self, weights):
        self.weights = {name.removeprefix("visual."): values for name, values in weights.items()}

    def norm(self, name, x):
        return torch.nn.functional.layer_norm(x, x.shape[-1:], self.weights[f"{name}.weight"], self.weights[f"{name}.bias"], 1e-5)

    def linear(self, name, x):
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def embed(self, image):
        patches = torch.nn.functional.conv2d(image, self.weights["conv1.weight"], stride=PATCH).flatten(2).transpose(1, 2)
        first = self.weights["class_embedding"].expand(len(image), 1, -1)
        return torch.cat([first, patches], 1) + self.weights["positional_embedding"]

    def attend(self, block, x, mask):
        images, tokens, width = x.shape
        qkv = x @ self.weights[f"{block}.attn.in_proj_weight"].T + self.weights[f"{block}.attn.in_proj_bias"]
        q, k, v = qkv.view(images, tokens, 3, HEADS, -1).permute(2, 0, 3, 1, 4)
        scores = q @ k.transpose(-1, -2) / (width // HEADS) ** 0.5
        weights = (scores + mask).softmax(-1)
        return self.linear(f"{block}.attn.out_proj", (weights @ v).transpose(1, 2).reshape(x.shape)), weights

    def run(self, image, seen):
        """All tokens at the end with the final norm, and the last attention; `seen`: tokens that may be looked at."""
        mask = torch.full((1 + (image.shape[2] // PATCH) * (image.shape[3] // PATCH),), -torch.inf, dtype=torch.float64)
        mask[seen] = 0
        x = self.norm("ln_pre", self.embed(image))
        for number in range(BLOCKS):
            block = f"transformer.resblocks.{number}"
            mixed, weights = self.attend(block, self.norm(f"{block}.ln_1", x), mask)
            x = x + mixed
            hidden = torch.nn.functional.gelu(self.linear(f"{block}.mlp.c_fc", self.norm(f"{block}.ln_2", x)))
            x = x + self.linear(f"{block}.mlp.c_proj", hidden)
        return self.norm("ln_post", x), weights

    def feature(self, image, seen):
        return self.run(image, seen)[0][:, 0] @ self.weights["proj"]


def windows(rows, cols, side):
    for row in range(rows - side + 1):
        for col in range(cols - side + 1):
            yield [0] + [1 + y * cols + x for y in range(row, row + side) for x in range(col, col + side)]


def main():
    tower = Tower(read(SOURCE / "weights.safetensors"))
    image = read(SOURCE / "inputs.safetensors")["image"]
    rows, cols = image.shape[2] // PATCH, image.shape[3] // PATCH
    everything = list(range(1 + rows * cols))
    tokens, attention = tower.run(image, everything)
    outputs = {"patch_tokens": tokens[:, 1:], "cls_attention": attention[:, :, 0, 1:], "image_feature": tower.feature(image, everything)}
    for side in (1, 2, 3, 4):
        outputs[f"windows.{side}"] = torch.stack([tower.feature(image, seen) for seen in windows(rows, cols, side)], 1)
    FOLDER.mkdir(exist_ok=True)
    write(FOLDER / "inputs.safetensors", {"image": image})
    write(FOLDER / "outputs.safetensors", outputs)
    config = json.loads((SOURCE / "config.json").read_text())
    kept = {name: config[name] for name in ("family", "depth", "embed_dim", "num_heads", "mlp", "patch_size", "output_dim", "grid", "image")}
    (FOLDER / "config.json").write_text(json.dumps(kept, indent=1) + "\n")
    if not (FOLDER / "weights.safetensors").exists():
        (FOLDER / "weights.safetensors").symlink_to(pathlib.Path("../..") / SOURCE.relative_to("..") / "weights.safetensors")


if __name__ == "__main__":
    sys.exit(main())
