"""Where export_torchscript.py gets networks from, and how it makes them give attention, too."""

import dataclasses
import importlib
import importlib.util
import inspect
import os
import pathlib
import sys

import torch
from torch import nn

TOLERANCE = 1e-4
IMAGENET = ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])


@dataclasses.dataclass
class Encoder:
    """A network that returns (tokens, attention or None), and what its library says about it."""
    network: nn.Module
    source: str
    patch_px: int = None
    image_px: int = None
    mean: list = None
    std: list = None
    interpolation: str = None
    licence: str = None
    depth: int = None


def note(text):
    print(f"note: {text}", file=sys.stderr)


def side_of(size):
    """The side of a square that is given as a number or as (height, width)."""
    sides = set(size) if isinstance(size, (tuple, list)) else {size}
    if len(sides) != 1:
        sys.exit(f"export: sides {tuple(size)} are not square; patchead feeds square images")
    return int(sides.pop())


class KeepsRow(nn.Module):
    """Stands in for a fused-qkv attention and keeps the class token's row of the weights."""

    def __init__(self, attention):
        super().__init__()
        self.attention = attention
        self.row = None
        self.error = 0.0  # Of the output that these weights give: are they the right ones?

    def forward(self, x, *args, **kwargs):
        inner = self.attention
        batch, count, _ = x.shape
        q, k, v = inner.qkv(x).reshape(batch, count, 3, inner.num_heads, -1).permute(2, 0, 3, 1, 4)
        q = getattr(inner, "q_norm", nn.Identity())(q)
        k = getattr(inner, "k_norm", nn.Identity())(k)
        self.row = (q[:, :, :1] * inner.scale @ k.transpose(-2, -1)).softmax(-1)[:, :, 0]
        output = inner(x, *args, **kwargs)
        if not torch.jit.is_tracing():
            mixed = (q * inner.scale @ k.transpose(-2, -1)).softmax(-1) @ v
            again = inner.proj(mixed.transpose(1, 2).flatten(2))
            self.error = (again - output).abs().max().item()
        return output


class BlocksEncoder(nn.Module):
    """A network with `blocks` and `forward_features`, as timm and DINOv2 write them."""

    def __init__(self, network, side):
        super().__init__()
        self.network = network
        self.keeper = keep_row(network)
        if self.keeper is not None and not self.agrees(torch.randn(1, 3, side, side)):
            self.keeper = None

    @torch.no_grad()
    def agrees(self, images):
        """Whether the kept row belongs to what the last block really computes."""
        try:
            self.network.forward_features(images)
            error, why = self.keeper.error, "is computed in another way"
        except (AttributeError, RuntimeError, TypeError, ValueError) as failure:
            error, why = float("inf"), failure
        if error <= TOLERANCE:
            return True
        self.network.blocks[-1].attn = self.keeper.attention
        note(f"no attention: that of the last block, {type(self.keeper.attention).__name__}, {why}")
        return False

    def forward(self, images):
        output = self.network.forward_features(images)
        tokens = output["x_norm_patchtokens"] if isinstance(output, dict) else output
        if self.keeper is None:
            return tokens, None
        row = self.keeper.row
        return tokens, row[:, :, row.shape[2] - tokens.shape[1]:]  # Of the tokens that are given.


def keep_row(network):
    """The stand-in for the last block's attention, put in place; None if it is of another kind."""
    attention = getattr(network.blocks[-1], "attn", None)
    needed = ("qkv", "num_heads", "scale", "proj")
    if not all(hasattr(attention, name) for name in needed):
        note(f"no attention: the last block has none with {', '.join(needed)}")
        return None
    network.blocks[-1].attn = KeepsRow(attention)
    return network.blocks[-1].attn


class TransformersEncoder(nn.Module):
    """A model of transformers; it is asked for attention weights by name."""

    def __init__(self, network):
        super().__init__()
        self.network = network
        known = inspect.signature(network.forward).parameters
        self.options = {"output_attentions": True, "return_dict": True}
        if "interpolate_pos_encoding" in known:
            self.options["interpolate_pos_encoding"] = True
        self.needs_order = "noise" in known  # ViTMAE masks and shuffles patches by noise.
        if self.needs_order:
            network.config.mask_ratio = 0.0

    def forward(self, images):
        options = dict(self.options)
        if self.needs_order:
            patch = side_of(self.network.config.patch_size)
            count = (images.shape[2] // patch) * (images.shape[3] // patch)
            options["noise"] = torch.arange(count, dtype=torch.float32).expand(images.shape[0], -1)
        output = self.network(pixel_values=images, **options)
        if not output.attentions:
            return output.last_hidden_state, None
        return output.last_hidden_state, output.attentions[-1][:, :, 0]


def library(name, package):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        sys.exit(f"export: cannot import {name} ({error}); pip install {package}")


def from_timm(name, options):
    timm = library("timm", "timm")
    # Sizes other than the trained one need positions that are resized in forward.
    try:
        try:
            network = timm.create_model(name, pretrained=not options.random, dynamic_img_size=True)
        except TypeError:
            note(f"{name} takes no dynamic_img_size; other image sizes may not work")
            network = timm.create_model(name, pretrained=not options.random)
    except (OSError, RuntimeError, ValueError, ImportError) as error:
        sys.exit(f"export: cannot make timm:{name} ({' '.join(str(error).split())}); check the name and the network")
    network.eval()
    config = timm.data.resolve_model_data_config(network)
    side = options.image_size or side_of(config["input_size"][1:])
    if options.layers:
        return Encoder(network, f"timm {timm.__version__} {name}", None, side, list(config["mean"]), list(config["std"]),
                       config["interpolation"], (getattr(network, "pretrained_cfg", None) or {}).get("license"))
    if not hasattr(network, "blocks"):
        sys.exit(f"export: {name} has no transformer blocks; give a vision transformer, or name --layers")
    return Encoder(BlocksEncoder(network, side), f"timm {timm.__version__} {name}",
                   side_of(network.patch_embed.patch_size), side, list(config["mean"]),
                   list(config["std"]), config["interpolation"],
                   (getattr(network, "pretrained_cfg", None) or {}).get("license"),
                   len(network.blocks))


def from_transformers(name, options):
    transformers = library("transformers", "transformers")
    # Fused attention gives no weights.
    try:
        network = transformers.AutoModel.from_pretrained(name, attn_implementation="eager").eval()
    except (OSError, ValueError, ImportError) as error:
        sys.exit(f"export: cannot load hf:{name} ({' '.join(str(error).split())}); check the name and the network")
    network = getattr(network, "vision_model", network)
    config, values = network.config, {}
    try:
        values = transformers.AutoImageProcessor.from_pretrained(name).to_dict()
    except (OSError, ValueError, KeyError) as error:
        note(f"{name} has no image processor ({error}); give --mean and --std")
    side = options.image_size or side_of(getattr(config, "image_size", None) or 224)
    if options.layers:
        return Encoder(network, f"transformers {transformers.__version__} {name}", None, side,
                       values.get("image_mean"), values.get("image_std"),
                       {2: "bilinear", 3: "bicubic"}.get(values.get("resample")))
    return Encoder(TransformersEncoder(network), f"transformers {transformers.__version__} {name}",
                   side_of(config.patch_size), side_of(config.image_size),
                   values.get("image_mean"), values.get("image_std"),
                   {2: "bilinear", 3: "bicubic"}.get(values.get("resample")),
                   None, config.num_hidden_layers)


def from_hub(name, options):
    repository, _, entry = name.rpartition(":")
    if not repository:
        sys.exit(f"export: 'hub:{name}' is not of the form hub:REPO:ENTRY, e.g. "
                 "hub:facebookresearch/dinov2:dinov2_vits14")
    os.environ["XFORMERS_DISABLED"] = "1"  # Its attention cannot be traced.
    kind = "local" if os.path.isdir(repository) else "github"
    try:
        network = torch.hub.load(repository, entry, source=kind, **options.arguments).eval()
    except (OSError, RuntimeError, ValueError, TypeError, AttributeError, ImportError) as error:
        sys.exit(f"export: cannot load hub:{name} ({' '.join(str(error).split())}); check repository, entry and network")
    if options.layers:
        return Encoder(network, f"torch.hub {name}", None, options.image_size or 224, *IMAGENET)
    if not (hasattr(network, "blocks") and hasattr(network, "forward_features")):
        sys.exit(f"export: {entry} has no blocks and forward_features; name --layers of a CNN, or wrap it in a module "
                 "of your own that returns its tokens, and give MODULE:CALLABLE")
    patch = side_of(network.patch_embed.patch_size)
    side = options.image_size or 16 * patch
    return Encoder(BlocksEncoder(network, side), f"torch.hub {name}", patch, side, *IMAGENET,
                   "bicubic", None, len(network.blocks))


def module_of(name):
    """A module by its name, or by its file, `./myvit.py`."""
    path = pathlib.Path(name)
    if path.suffix != ".py" and "/" not in name:
        sys.path.insert(0, os.getcwd())
        return imported(name, f"no module '{name}'", f"give its file, ./{name}.py:CALLABLE, or pip install {name}")
    if not path.is_file():
        sys.exit(f"export: cannot read '{name}' (there is no such file); give ./FILE.py:CALLABLE or MODULE:CALLABLE")
    sys.path.insert(0, str(path.resolve().parent))  # What it imports itself may lie beside it.
    return imported(path.stem, f"cannot import '{name}'", "mend the file", path)


def imported(name, problem, mend, path=None):
    try:
        if path is None:
            return importlib.import_module(name)
        spec = importlib.util.spec_from_file_location(name, path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module
    except ModuleNotFoundError as error:
        if error.name == name.partition(".")[0] and path is None:
            sys.exit(f"export: {problem}; {mend}")
        sys.exit(f"export: '{path or name}' needs {error.name} (it is not installed); pip install {error.name}")
    except Exception as error:  # Whatever the user's module does when it is run.
        sys.exit(f"export: '{path or name}' fails when it is imported ({type(error).__name__}: "
                 f"{' '.join(str(error).split())}); mend it")


def from_callable(name, options):
    source, _, function = name.rpartition(":")
    if not source or not function:
        sys.exit(f"export: unknown source '{name}'; one of timm:NAME, hf:NAME, hub:REPO:ENTRY, "
                 "MODULE:CALLABLE, ./FILE.py:CALLABLE")
    module = module_of(source)
    if not callable(getattr(module, function, None)):
        there = [key for key, value in vars(module).items() if callable(value) and not key.startswith("_")]
        sys.exit(f"export: '{source}' has no callable '{function}'; it has {', '.join(there) or 'none'}")
    try:
        network = getattr(module, function)(**options.arguments)
    except Exception as error:  # Whatever the user's function does.
        sys.exit(f"export: {name} fails ({type(error).__name__}: {' '.join(str(error).split())}); mend it, or give "
                 "its arguments with --arg KEY=VALUE")
    if not isinstance(network, nn.Module):
        sys.exit(f"export: {name} gave a {type(network).__name__}; it must give a torch.nn.Module")
    return Encoder(network.eval(), name)


SOURCES = {"timm": from_timm, "hf": from_transformers, "hub": from_hub}
