"""A plain network behind the interfaces of other libraries, for tests of the exporter where those
are not installed. Written from their documentation, with nothing of theirs but names."""

import os
import types

import torch
from torch import nn

import plain_network


class FusedAttention(nn.Module):
    """What timm and DINOv2 call Attention: fused qkv, returns its output only."""

    def __init__(self, plain):
        super().__init__()
        self.qkv, self.proj, self.num_heads = plain.qkv, plain.proj, plain.heads
        self.scale = (plain.proj.in_features // plain.heads) ** -0.5

    def scores(self, x):
        batch, count, _ = x.shape
        q, k, v = self.qkv(x).reshape(batch, count, 3, self.num_heads, -1).permute(2, 0, 3, 1, 4)
        return q @ k.transpose(-2, -1) * self.scale, v

    def forward(self, x):
        scores, v = self.scores(x)
        return self.proj((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))


class BiasedAttention(FusedAttention):
    """The same attributes, but not what they seem: a bias is added to the scores."""

    def forward(self, x):
        scores, v = self.scores(x)
        scores = scores + 0.5 * torch.eye(scores.shape[-1])
        return self.proj((scores.softmax(-1) @ v).transpose(1, 2).flatten(2))


class LibraryBlock(nn.Module):
    def __init__(self, plain, attention):
        super().__init__()
        self.norm1, self.ls1, self.norm2 = plain.norm1, plain.ls1, plain.norm2
        self.attn, self.mlp, self.ls2 = attention(plain.attn), plain.mlp, plain.ls2

    def forward(self, x):
        x = x + self.ls1(self.attn(self.norm1(x)))
        return x + self.ls2(self.mlp(self.norm2(x)))


class LibraryVit(nn.Module):
    """Gives all tokens, or a dictionary as DINOv2 does."""

    def __init__(self, attention=FusedAttention, as_dictionary=False):
        super().__init__()
        self.plain = network_of_environment()
        self.patch_embed = self.plain.patch_embed
        self.patch_embed.patch_size = self.patch_embed.proj.kernel_size
        self.blocks = nn.ModuleList(LibraryBlock(block, attention) for block in self.plain.blocks)
        self.as_dictionary = as_dictionary

    def forward_features(self, images):
        x, prefix = self.plain.embed(images)
        for block in self.blocks:
            x = block(x)
        x = self.plain.norm(x)
        return {"x_norm_patchtokens": x[:, prefix:]} if self.as_dictionary else x


class TransformersVit(nn.Module):
    """ViTMAE of transformers: masks and shuffles patches, unless told how."""

    def __init__(self):
        super().__init__()
        self.plain = network_of_environment()
        patch = self.plain.patch_embed.proj.kernel_size[0]
        self.config = types.SimpleNamespace(
            patch_size=patch, image_size=self.plain.side * patch, mask_ratio=0.75,
            num_hidden_layers=len(self.plain.blocks))

    def forward(self, pixel_values, noise=None, output_attentions=None, return_dict=None,
                interpolate_pos_encoding=False):
        side = self.config.image_size
        if not interpolate_pos_encoding and pixel_values.shape[2:] != (side, side):
            raise ValueError("Input image size doesn't match model")
        x, prefix = self.plain.embed(pixel_values)
        count = x.shape[1] - prefix
        noise = torch.rand(x.shape[0], count) if noise is None else noise
        kept = noise.argsort(1)[:, :int(count * (1 - self.config.mask_ratio))]
        patches = x[:, prefix:].gather(1, kept[:, :, None].expand(-1, -1, x.shape[2]))
        x = torch.cat([x[:, :prefix], patches], 1)
        attentions = []
        for block in self.plain.blocks:
            x, weights = block(x)
            attentions.append(weights)
        return types.SimpleNamespace(last_hidden_state=self.plain.norm(x),
                                     attentions=attentions if output_attentions else None)


def network_of_environment():
    return plain_network.load(os.environ["LIBRARY_WEIGHTS"], int(os.environ["LIBRARY_HEADS"]))
