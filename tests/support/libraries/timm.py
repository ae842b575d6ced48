"""Stands in for timm in tests of the exporter."""

import types

import library_vit

__version__ = "0.test"


def create_model(name, pretrained, dynamic_img_size=False):
    if name == "vit_biased":
        return library_vit.LibraryVit(library_vit.BiasedAttention)
    assert name == "vit_test" and pretrained and dynamic_img_size
    return library_vit.LibraryVit()


def resolve_model_data_config(network):
    side = network.plain.side * network.patch_embed.patch_size[0]
    return {"input_size": (3, side, side), "interpolation": "bilinear", "mean": (0.1, 0.2, 0.3),
            "std": (0.4, 0.5, 0.6), "crop_pct": 1.0}


data = types.SimpleNamespace(resolve_model_data_config=resolve_model_data_config)
