"""The reference library's statement of every family as a module, for tests of the exporter."""

import json
import pathlib

import torch


class Reference(torch.nn.Module):
    def __init__(self, fixture):
        super().__init__()
        import common  # Of the reference library, as vit_reference.
        import vit_reference
        self.run = vit_reference.forward
        self.weights = common.load_safetensors(fixture / "weights.safetensors")
        self.config = json.loads((fixture / "config.json").read_text())

    def forward(self, images):
        tokens, attention, _ = self.run(self.weights, self.config, images)
        return tokens, attention


def load(fixture):
    return Reference(pathlib.Path(fixture)).eval()


def nothing(x):
    return [x]
