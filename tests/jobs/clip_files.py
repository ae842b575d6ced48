"""A small network of CLIP's kind, image and text tower, with seeded numbers and the names of published
files."""

import json
import shutil

import numpy

from support import SOURCE

VOCABULARY = SOURCE / "tests/data/parity/tokenizer/small"
WIDTH, SHARED, PATCH, SIDE, BLOCKS, CONTEXT, TOKENS = 64, 32, 16, 4, 2, 77, 634


def write_safetensors(path, tensors):
    header, data = {}, b""
    for name, values in tensors.items():
        content = numpy.ascontiguousarray(values, "<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(values.shape), "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + data)
    return path


class SmallClip:
    """Tensors of both towers by OpenCLIP's names."""

    def __init__(self, seed=0):
        self.random = numpy.random.default_rng(seed)
        self.tensors = {}
        self.add("visual.conv1.weight", WIDTH, 3, PATCH, PATCH, scale=0.05)
        self.add("visual.class_embedding", WIDTH)
        self.add("visual.positional_embedding", 1 + SIDE * SIDE, WIDTH)
        self.add_norm("visual.ln_pre")
        self.add_blocks("visual.transformer.resblocks.")
        self.add_norm("visual.ln_post")
        self.add("visual.proj", WIDTH, SHARED)
        self.add("token_embedding.weight", TOKENS, WIDTH)
        self.add("positional_embedding", CONTEXT, WIDTH)
        self.add_blocks("transformer.resblocks.")
        self.add_norm("ln_final")
        self.add("text_projection", WIDTH, SHARED)
        self.tensors["logit_scale"] = numpy.array(2.5)

    def add(self, name, *shape, scale=0.1, middle=0.0):
        self.tensors[name] = middle + scale * self.random.standard_normal(shape)

    def add_norm(self, name):
        self.add(f"{name}.weight", WIDTH, middle=1.0)
        self.add(f"{name}.bias", WIDTH)

    def add_blocks(self, prefix):
        for name in (f"{prefix}{i}." for i in range(BLOCKS)):
            self.add_norm(f"{name}ln_1")
            self.add(f"{name}attn.in_proj_weight", 3 * WIDTH, WIDTH)
            self.add(f"{name}attn.in_proj_bias", 3 * WIDTH)
            self.add(f"{name}attn.out_proj.weight", WIDTH, WIDTH)
            self.add(f"{name}attn.out_proj.bias", WIDTH)
            self.add_norm(f"{name}ln_2")
            self.add(f"{name}mlp.c_fc.weight", 4 * WIDTH, WIDTH)
            self.add(f"{name}mlp.c_fc.bias", 4 * WIDTH)
            self.add(f"{name}mlp.c_proj.weight", WIDTH, 4 * WIDTH)
            self.add(f"{name}mlp.c_proj.bias", WIDTH)

    def write(self, folder, vocabulary=True):
        """The checkpoint in `folder`, and its vocabulary beside it."""
        folder.mkdir(exist_ok=True)
        if vocabulary:
            for name in ("vocab.json", "merges.txt"):
                shutil.copy(VOCABULARY / name, folder / name)
        return write_safetensors(folder / "open_clip_model.safetensors", self.tensors)
