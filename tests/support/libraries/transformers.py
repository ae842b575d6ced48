"""Stands in for transformers in tests of the exporter."""

import library_vit

__version__ = "0.test"


class AutoModel:
    @staticmethod
    def from_pretrained(name, attn_implementation):
        assert name == "test/vit" and attn_implementation == "eager"
        return library_vit.TransformersVit()


class AutoImageProcessor:
    def __init__(self, values):
        self.values = values

    @classmethod
    def from_pretrained(cls, name):
        return cls({"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5], "resample": 2})

    def to_dict(self):
        return self.values
