"""Vision transformers of plain torch.nn modules (MAE, and DINOv2 with or without its registers'
way of resizing positions): what the native networks are measured against and compared with."""

import json
import math

import numpy as np
import torch
from torch import nn


class Attention(nn.Module):
    def __init__(self, dim, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x):
        batch, count, dim = x.shape
        q, k, v = self.qkv(x).reshape(batch, count, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        weights = (q * q.shape[-1] ** -0.5 @ k.transpose(-2, -1)).softmax(-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(batch, count, dim)), weights


class Mlp(nn.Module):
    def __init__(self, dim, hidden):
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x):
        return self.fc2(nn.functional.gelu(self.fc1(x)))


class LayerScale(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(dim))

    def forward(self, x):
        return x * self.gamma


class Block(nn.Module):
    def __init__(self, dim, heads, hidden, scaled):
        super().__init__()
        self.norm1 = nn.LayerNorm(dim, eps=1e-6)
        self.attn = Attention(dim, heads)
        self.ls1 = LayerScale(dim) if scaled else nn.Identity()
        self.norm2 = nn.LayerNorm(dim, eps=1e-6)
        self.mlp = Mlp(dim, hidden)
        self.ls2 = LayerScale(dim) if scaled else nn.Identity()

    def forward(self, x):
        mixed, weights = self.attn(self.norm1(x))
        x = x + self.ls1(mixed)
        return x + self.ls2(self.mlp(self.norm2(x))), weights


class PlainVit(nn.Module):
    """A network of the sizes that `shapes` (key -> shape, official key names) tell."""

    def __init__(self, shapes, heads):
        super().__init__()
        dim, _, patch, _ = shapes["patch_embed.proj.weight"]
        self.side = math.isqrt(shapes["pos_embed"][1] - 1)
        self.patch_embed = nn.Module()
        self.patch_embed.proj = nn.Conv2d(3, dim, patch, patch)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(shapes["pos_embed"]))
        if "register_tokens" in shapes:
            self.register_tokens = nn.Parameter(torch.zeros(shapes["register_tokens"]))
        self.has_registers = "register_tokens" in shapes
        hidden, scaled = shapes["blocks.0.mlp.fc1.weight"][0], "blocks.0.ls1.gamma" in shapes
        depth = sum(key.endswith(".norm1.weight") for key in shapes)
        self.blocks = nn.ModuleList(Block(dim, heads, hidden, scaled) for _ in range(depth))
        self.norm = nn.LayerNorm(dim, eps=1e-6)

    def positions(self, rows, cols):
        table = self.pos_embed[:, 1:]
        if (rows, cols) == (self.side, self.side):
            return table
        table = table.reshape(1, self.side, self.side, -1).permute(0, 3, 1, 2)
        table = nn.functional.interpolate(table, (rows, cols), mode="bicubic",
                                          antialias=self.has_registers)
        return table.permute(0, 2, 3, 1).flatten(1, 2)

    def embed(self, images):
        """What enters the first block, and how many tokens stand before the patches."""
        x = self.patch_embed.proj(images)
        x = x.flatten(2).transpose(1, 2) + self.positions(x.shape[2], x.shape[3])
        prefix = self.cls_token + self.pos_embed[:, :1]
        if self.has_registers:
            prefix = torch.cat([prefix, self.register_tokens], 1)
        return torch.cat([prefix.expand(x.shape[0], -1, -1), x], 1), prefix.shape[1]

    def forward(self, images):
        """Patch embeddings [B, L, D] and the last block's class-token attention [B, heads, L]."""
        x, count = self.embed(images)
        for block in self.blocks:
            x, weights = block(x)
        return self.norm(x)[:, count:], weights[:, :, 0, count:]


def read_header(path):
    """Header of a safetensors file without its metadata, and where its data begin."""
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
    return {key: entry for key, entry in header.items() if key != "__metadata__"}, 8 + size


def read_safetensors(path):
    """Key -> tensor, one at a time, so that no more than one lies in memory beside the network."""
    header, start = read_header(path)
    for key, entry in header.items():
        begin, end = entry["data_offsets"]
        kind = np.dtype({"F32": "<f4", "F16": "<f2"}[entry["dtype"]])
        values = np.fromfile(path, kind, (end - begin) // kind.itemsize, offset=start + begin)
        yield key, torch.from_numpy(values.reshape(entry["shape"]).astype(np.float32, copy=False))


def load(weights, heads):
    """The network in the file `weights`: safetensors, or a pickle that holds `model`."""
    if str(weights).endswith(".pth"):
        tensors = torch.load(weights, map_location="cpu")["model"]
        shapes, tensors = {key: tensor.shape for key, tensor in tensors.items()}, tensors.items()
    else:
        shapes = {key: entry["shape"] for key, entry in read_header(weights)[0].items()}
        tensors = read_safetensors(weights)
    network = PlainVit(shapes, heads).eval()
    parameters = network.state_dict()
    for key, tensor in tensors:
        if key != "mask_token" and not key.startswith("decoder"):
            parameters.pop(key).copy_(tensor)
    assert not parameters, f"{weights} lacks {list(parameters)}"
    return network


class TokensOnly(nn.Module):
    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        return self.network(images)[0]


def load_tokens_only(weights, heads):
    return TokensOnly(load(weights, heads))
