#!/usr/bin/env python3
"""Makes configs/selftest: the fixtures of `patchead selftest`, by code that is not this project's.

    PATCHEAD_SHARED=<reference library> /usr/bin/python3 tests/setup/make_selftest_fixtures.py [FOLDER]

Needs the reference library's reference/vit_reference.py and vit_reference_more.py (plain torch
operations). The networks are
tiny, their weights made from a seed and rounded to float16. Tokens are small where a LayerNorm gets
them (variance about 1e-3), so that a wrong epsilon shows; heads differ, so that a swap of two does.
`match.json` is NumPy alone: similarities of whole-numbered embeddings, summed as scoring/match.hpp
says, as the bits of float32.
"""
import json
import math
import os
import pathlib
import sys

import numpy as np
import torch

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHARED = pathlib.Path(os.environ.get("PATCHEAD_SHARED", ROOT / "../shared"))
sys.path.insert(0, str(SHARED / "reference"))
from common import save_safetensors, unit  # noqa: E402
from vit_reference import forward  # noqa: E402
import vit_reference_more as more  # noqa: E402

DIM, HEADS, DEPTH, HIDDEN, PATCH, SIDE, OUT = 32, 2, 2, 64, 8, 4, 24
ROWS, COLS, IMAGES = 5, 7, 2
SMALL = 0.03
CUBIC = {"mode": "bicubic", "antialias": False}

FAMILIES = {
    "mae": {"pos_interpolation": CUBIC},
    "dinov2": {"pos_interpolation": {**CUBIC, "offset": 0.1}},
    "dinov2_reg": {"pos_interpolation": {"mode": "bicubic", "antialias": True}},
    "open_clip": {"layer_norm_eps": 1e-5, "pos_interpolation": {"mode": "bicubic", "antialias": True}},
    "beitv2": {"rel_pos_resize": "timm", "pretrain_grid": [SIDE, SIDE]},
    "eva02": {"pos_interpolation": CUBIC, "rope": {"reference_grid": SIDE}},
    "pe_spatial": {"layer_norm_eps": 1e-5, "pos_interpolation": {"mode": "bilinear", "antialias": False}},
    "dinov3": {"layer_norm_eps": 1e-5},
}
BILINEAR = {"mode": "bilinear", "antialias": False}
FAMILIES_MORE = {
    "pe_core": {"layer_norm_eps": 1e-5, "pos_interpolation": BILINEAR, "use_cls_token": True,
                "output_dim": OUT, "pool": {"num_heads": HEADS}, "mlp": "gelu_exact"},
    "siglip2": {"pos_interpolation": CUBIC, "pool": {"num_heads": HEADS}, "mlp": "gelu_tanh"},
    "tipsv2": {"pos_interpolation": {"mode": "bilinear", "antialias": True}, "mlp": "gelu_exact"},
    "c_radio": {"pos_interpolation": BILINEAR, "num_cls_tokens": 2, "summary_idxs": [0, 1],
                "mlp": "gelu_exact"},
}


class Maker:
    """Tensors by name: (offset, spread) of a uniform distribution from the seed."""

    def __init__(self, seed):
        self.seed, self.tensors = seed, {}

    def add(self, name, shape, spread, offset=0.0):
        values = offset + spread * unit(name, math.prod(shape), self.seed)
        self.tensors[name] = torch.from_numpy(values.astype(np.float16).reshape(shape))

    def matrix(self, name, out, into, gain=1.0, extra=()):
        self.add(name, (out, into, *extra), gain * math.sqrt(3 / (into * math.prod(extra))))

    def linear(self, name, out, into, gain=1.0):
        self.matrix(f"{name}.weight", out, into, gain)
        self.add(f"{name}.bias", (out,), 0.3 * gain)

    def norm(self, name, dim=DIM, gain=1.0):
        self.add(f"{name}.weight", (dim,), 0.3 * gain, gain)
        self.add(f"{name}.bias", (dim,), 0.3 * gain)


def clip_like(make, prefix, final):
    make.add(f"{prefix}class_embedding", (DIM,), SMALL)
    make.matrix(f"{prefix}conv1.weight", DIM, 3, SMALL, (PATCH, PATCH))
    make.add(f"{prefix}positional_embedding", (SIDE * SIDE + 1, DIM), SMALL)
    make.norm(f"{prefix}ln_pre", gain=SMALL)
    for i in range(DEPTH):
        block = f"{prefix}transformer.resblocks.{i}."
        make.norm(f"{block}ln_1")
        make.matrix(f"{block}attn.in_proj_weight", 3 * DIM, DIM, 1.6)
        make.add(f"{block}attn.in_proj_bias", (3 * DIM,), 0.3)
        make.linear(f"{block}attn.out_proj", DIM, DIM, SMALL)
        make.norm(f"{block}ln_2")
        make.linear(f"{block}mlp.c_fc", HIDDEN, DIM)
        make.linear(f"{block}mlp.c_proj", DIM, HIDDEN, SMALL)
    if final:
        make.norm(f"{prefix}ln_post")
        make.matrix(f"{prefix}proj", DIM, OUT)


def pool_like(make, names):
    """Pooling attention: probe, projection of query, key and value, output, norm, MLP."""
    make.add(names["probe"], (1, 1, DIM), 1.0)
    make.matrix(names["qkv"] + "_weight", 3 * DIM, DIM, 1.6)
    make.add(names["qkv"] + "_bias", (3 * DIM,), 0.3)
    make.linear(names["proj"], DIM, DIM, SMALL)
    make.norm(names["norm"])
    make.linear(names["fc1"], HIDDEN, DIM)
    make.linear(names["fc2"], DIM, HIDDEN, SMALL)


def pe_core(make):
    clip_like(make, "", True)
    pool_like(make, {"probe": "attn_pool.probe", "qkv": "attn_pool.attn.in_proj",
                     "proj": "attn_pool.attn.out_proj", "norm": "attn_pool.layernorm",
                     "fc1": "attn_pool.mlp.c_fc", "fc2": "attn_pool.mlp.c_proj"})


def siglip2(make):
    make.matrix("vision_model.embeddings.patch_embedding.weight", DIM, 3, SMALL, (PATCH, PATCH))
    make.add("vision_model.embeddings.patch_embedding.bias", (DIM,), SMALL)
    make.add("vision_model.embeddings.position_embedding.weight", (SIDE * SIDE, DIM), SMALL)
    for i in range(DEPTH):
        block = f"vision_model.encoder.layers.{i}."
        make.norm(f"{block}layer_norm1")
        for part in "qkv":
            make.linear(f"{block}self_attn.{part}_proj", DIM, DIM, 1.6)
        make.linear(f"{block}self_attn.out_proj", DIM, DIM, SMALL)
        make.norm(f"{block}layer_norm2")
        make.linear(f"{block}mlp.fc1", HIDDEN, DIM)
        make.linear(f"{block}mlp.fc2", DIM, HIDDEN, SMALL)
    make.norm("vision_model.post_layernorm")
    head = "vision_model.head."
    pool_like(make, {"probe": f"{head}probe", "qkv": f"{head}attention.in_proj",
                     "proj": f"{head}attention.out_proj", "norm": f"{head}layernorm",
                     "fc1": f"{head}mlp.fc1", "fc2": f"{head}mlp.fc2"})


def c_radio(make):
    make.add("base_model.patch_generator.cls_token.token", (5, DIM), SMALL)
    make.matrix("base_model.patch_generator.embedder.weight", DIM, 3 * PATCH * PATCH, SMALL)
    make.add("base_model.patch_generator.pos_embed", (1, SIDE * SIDE, DIM), SMALL)
    make.add("input_conditioner.norm_mean", (3, 1, 1), 0.1, 0.45)
    make.add("input_conditioner.norm_std", (3, 1, 1), 0.02, 0.26)
    for i in range(DEPTH):
        block = f"base_model.blocks.{i}."
        make.norm(f"{block}norm1")
        attention(make, "c_radio", f"{block}attn.")
        make.norm(f"{block}norm2")
        mlp(make, "c_radio", f"{block}mlp.")
    make.norm("base_model.norm")


def attention(make, family, name):
    if family == "eva02":
        for part in "qkv":
            make.matrix(f"{name}{part}_proj.weight", DIM, DIM, 1.6)
    else:
        make.matrix(f"{name}qkv.weight", 3 * DIM, DIM, 1.6)
    if family in ("beitv2", "eva02"):
        for part in "qv":
            make.add(f"{name}{part}_bias", (DIM,), 0.3)
    else:
        make.add(f"{name}qkv.bias", (3 * DIM,), 0.3)
    if family == "beitv2":
        make.add(f"{name}relative_position_bias_table", ((2 * SIDE - 1) ** 2 + 3, HEADS), 1.0)
    if family == "dinov3":
        mask = np.repeat([1, 0, 1], DIM).astype(np.float16)
        make.tensors[f"{name}qkv.bias_mask"] = torch.from_numpy(mask)
    make.linear(f"{name}proj", DIM, DIM, SMALL)


def mlp(make, family, name):
    if family == "eva02":
        make.linear(f"{name}w1", HIDDEN, DIM, 0.2)
        make.linear(f"{name}w2", HIDDEN, DIM, 0.2)
        make.norm(f"{name}ffn_ln", HIDDEN)
        make.linear(f"{name}w3", DIM, HIDDEN, SMALL)
    else:
        make.linear(f"{name}fc1", HIDDEN, DIM)
        make.linear(f"{name}fc2", DIM, HIDDEN, SMALL)


def timm_like(make, family):
    scales = {"beitv2": ("gamma_1", "gamma_2")}.get(family, ("ls1.gamma", "ls2.gamma"))
    make.add("cls_token", (1, 1, DIM), SMALL)
    make.matrix("patch_embed.proj.weight", DIM, 3, SMALL, (PATCH, PATCH))
    make.add("patch_embed.proj.bias", (DIM,), SMALL)
    if family in ("dinov2_reg", "dinov3", "tipsv2"):
        name = "storage_tokens" if family == "dinov3" else "register_tokens"
        make.add(name, (1, 1 if family == "tipsv2" else 4, DIM), SMALL)
    if family == "dinov3":
        periods = 100.0 ** (2 * torch.arange(DIM // HEADS // 4) / (DIM // HEADS // 2))
        make.tensors["rope_embed.periods"] = periods.to(torch.bfloat16)
    elif family != "beitv2":
        make.add("pos_embed", (1, SIDE * SIDE + 1, DIM), SMALL)
    for i in range(DEPTH):
        block = f"blocks.{i}."
        make.norm(f"{block}norm1")
        attention(make, family, f"{block}attn.")
        make.norm(f"{block}norm2")
        mlp(make, family, f"{block}mlp.")
        if family in ("dinov2", "dinov2_reg", "dinov3", "beitv2", "tipsv2"):
            for scale in scales:
                make.add(f"{block}{scale}", (DIM,), 0.4, 0.6)
    make.norm("fc_norm" if family in ("beitv2", "eva02") else "norm")


def write_network(folder, family, seed):
    config = {"family": family, "embed_dim": DIM, "num_heads": HEADS, "depth": DEPTH,
              "patch_size": PATCH, "layer_norm_eps": 1e-6, "seed": seed, **FAMILIES[family]}
    make = Maker(seed)
    if family in ("open_clip", "pe_spatial"):
        clip_like(make, "visual." if family == "open_clip" else "", family == "open_clip")
    else:
        timm_like(make, family)
    picture = Maker(seed)
    picture.add("image", (IMAGES, 3, ROWS * PATCH, COLS * PATCH), 2.0)
    tokens, rows, _ = forward(make.tensors, config, picture.tensors["image"].float())
    write(folder, config, make, picture, {"patch_tokens": tokens, "cls_attention": rows})


def write_network_more(folder, family, seed):
    """The same of families that came later; with layers and what stands for the whole image."""
    config = {"family": family, "embed_dim": DIM, "num_heads": HEADS, "depth": DEPTH,
              "patch_size": PATCH, "layer_norm_eps": 1e-6, "seed": seed, "layers": [0],
              **FAMILIES_MORE[family]}
    make = Maker(seed)
    if family == "tipsv2":
        timm_like(make, family)
    else:
        {"pe_core": pe_core, "siglip2": siglip2, "c_radio": c_radio}[family](make)
    picture = Maker(seed)
    picture.add("image", (IMAGES, 3, ROWS * PATCH, COLS * PATCH), 2.0)
    outputs = more.forward(dict(make.tensors), config, {"image": picture.tensors["image"].float()})
    wanted = ("patch_tokens", "cls_attention", "image_token", "image_feature", "pool_attention",
              "summary", "cls_attention_all", "layer0_patch_norm", "layer0_cls_norm")
    write(folder, config, make, picture,
          {name: outputs[name].contiguous() for name in wanted if name in outputs})


def write(folder, config, make, picture, outputs):
    folder.mkdir(parents=True, exist_ok=True)
    save_safetensors(folder / "weights.safetensors", make.tensors)
    save_safetensors(folder / "inputs.safetensors", picture.tensors)
    save_safetensors(folder / "outputs.safetensors", outputs)
    (folder / "config.json").write_text(json.dumps(config, indent=1) + "\n")


def normalised(values):
    """Embeddings [..., D] of length 1: the norm in double, rounded to float32 once."""
    lanes = values.astype(np.float64) ** 2  # Whole numbers: any order of the sum is exact.
    return (values * (1 / np.sqrt(lanes.sum(-1, keepdims=True)))).astype(np.float32)


def similarity(a, b):
    """Of each row of `a` with each of `b`: products in double, 32 lanes, the lanes in order."""
    lanes = np.zeros((len(a), len(b), 32))
    for start in range(0, a.shape[1], 32):
        part = a[:, None, start:start + 32].astype(np.float64) * b[None, :, start:start + 32]
        lanes[:, :, :part.shape[2]] += part
    total = np.zeros(lanes.shape[:2])
    for lane in range(32):
        total += lanes[:, :, lane]
    return total.astype(np.float32)


def write_match(file, seed):
    rows, cols, dim, queries, references = 4, 5, 40, 2, 3
    count = (queries + references) * rows * cols * dim
    whole = np.round(99 * unit("match", count, seed)).astype(np.int64)
    blocks = whole.reshape(queries + references, rows * cols, dim)
    unit_length = normalised(blocks.astype(np.float64))
    table = np.array([[similarity(q, r) for r in unit_length[queries:]] for q in unit_length[:queries]])
    bits = {name: pick(table, axis=-1).view(np.uint32).ravel().tolist()
            for name, pick in (("nearest", np.max), ("farthest", np.min))}
    file.write_text(json.dumps({
        "rows": rows, "cols": cols, "dim": dim, "seed": seed,
        "queries": blocks[:queries].ravel().tolist(),
        "references": blocks[queries:].ravel().tolist(), **bits}, separators=(",", ":")) + "\n")


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "configs/selftest")
    for i, family in enumerate(FAMILIES):
        write_network(folder / family, family, 7000 + i)
    for i, family in enumerate(FAMILIES_MORE):
        write_network_more(folder / family, family, 7050 + i)
    write_match(folder / "match.json", 7100)


if __name__ == "__main__":
    main()
