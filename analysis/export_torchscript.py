#!/usr/bin/env python3
"""Exports an encoder, a vision transformer or a CNN, for `patchead --backbone torchscript:OUTPUT`.

    export_torchscript.py SOURCE OUTPUT.pt [options]
    export_torchscript.py SOURCE OUTPUT.pt2 [options]    for --backbone pt2:OUTPUT; PyTorch 2.6 or newer

SOURCE is one of
    timm:NAME          a model of timm                e.g. timm:vit_small_patch16_224.dino
    hf:NAME            a model of transformers        e.g. hf:facebook/dinov2-small
    hub:REPO:ENTRY     a model of torch.hub           e.g. hub:facebookresearch/dinov2:dinov2_vits14
    MODULE:CALLABLE    your own, or ./FILE.py:CALLABLE: an importable function or class that gives a torch.nn.Module; the
                       module takes [B, 3, H, W] and returns tokens [B, prefix + patches, D], or a
                       tuple of them and the class token's attention [B, heads, patches]

Writes OUTPUT.pt, a TorchScript module that returns patch tokens and, where it could be had, the
last block's class-token attention, and OUTPUT.json, which describes it. What a library does not
tell (patch and image size, normalisation) must be given as an option. The file is read back and
compared with the original at several image sizes; if it is right at one only, OUTPUT.json says so.
OUTPUT.pt2 is a package that AOTInductor compiles for machines like this one.

Of a CNN, --layers names modules whose maps [B, C, h, w] are its layers, e.g. of a ResNet
    export_torchscript.py torchvision.models:wide_resnet50_2 wrn50.pt --arg weights=IMAGENET1K_V1
        --layers layer1 layer2 layer3 layer4 --embedding-layer layer3 --image-token avgpool --image-size 224
        --mean 0.485 0.456 0.406 --std 0.229 0.224 0.225 --interpolation bilinear
"""
import argparse
import json
import pathlib
import sys
import warnings

try:
    import torch
    from torch import nn
except ImportError as failure:
    sys.exit(f"export: {sys.executable} cannot import torch ({failure}); install python3-torch (pip install torch), or "
             "start it with another Python")

from encoder_checks import difference, images_of, is_right, other_sides, parts
from encoder_layers import with_layers
from encoder_package import compile_for_sides, compile_package, least_side, require_compiler
from encoder_sources import SOURCES, TOLERANCE, from_callable, note

PACKAGE = ".pt2"


class Pair(nn.Module):
    """Returns (tokens, attention), or the tokens alone: TorchScript has no tuple with a maybe."""

    def __init__(self, network):
        super().__init__()
        self.network = network

    def forward(self, images):
        output = self.network(images)
        if isinstance(output, torch.Tensor):
            return output
        tokens, attention = output
        return tokens if attention is None else (tokens, attention)


# What may be given in place of what the library says, and the name of the option.
GIVEN = {"patch_px": "patch_size", "image_px": "image_size", "mean": "mean", "std": "std",
         "interpolation": "interpolation", "licence": "licence", "depth": "depth"}


def find_encoder(options):
    scheme, _, name = options.source.partition(":")
    if scheme in SOURCES:
        encoder = SOURCES[scheme](name, options)
    else:
        encoder = from_callable(options.source, options)
    for field, option in GIVEN.items():
        if getattr(options, option) is not None:
            setattr(encoder, field, getattr(options, option))
    if options.layers and encoder.image_px is not None:
        encoder.network = with_layers(encoder.network, options, images_of(encoder.image_px))
        encoder.patch_px = encoder.network.strides[encoder.network.embedding]
    for field in ("image_px", "mean", "std") if options.layers else ("patch_px", "image_px", "mean", "std"):
        if getattr(encoder, field) is None:
            option = GIVEN[field].replace("_", "-")
            sys.exit(f"export: {options.source} does not tell its {option}; give --{option}")
    if encoder.image_px % encoder.patch_px:
        sys.exit(f"export: image size {encoder.image_px} is no multiple of the patch size "
                 f"{encoder.patch_px}; give --image-size")
    return encoder


def compile_at(network, side, script):
    if script:
        return torch.jit.script(network)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", torch.jit.TracerWarning)  # Sizes are checked below.
        return torch.jit.trace(network, images_of(side), check_trace=False)


def first_output(network, source, side):
    """What the original gives for one image, if it gives what it should."""
    try:
        output = parts(network(images_of(side)))
    except (RuntimeError, ValueError, TypeError, AttributeError, IndexError) as error:
        sys.exit(f"export: {source} fails for an image of {side} px ({' '.join(str(error).split())}); check "
                 "--image-size and --patch-size, or mend the module")
    if not all(isinstance(part, torch.Tensor) for part in output) or output[0].dim() != 3:
        sys.exit(f"export: {source} does not return tokens [B, prefix + patches, D]; wrap it in a module that does")
    return output


def export(network, side, patch, script):
    """(module, whether it is right at one size only).

    Traced at another size than its own first, so that the resizing of positions, which is skipped
    at its own, gets into the trace.
    """
    sides = other_sides(network, side, patch)
    for start in (sides[0], side) if sides else ():
        exported = compile_at(network, start, script)
        if is_right(exported, network, side, [side, *sides]):
            return exported, False
    exported = compile_at(network, side, script)
    for batch, hint in ((1, "does it decide by values of tensors?"),
                        (2, "does it ask for len(x) instead of x.shape[0]?")):
        error = difference(exported, network, side, batch)
        if error > TOLERANCE:
            sys.exit(f"export: the exported module differs from the original by {error:g} for "
                     f"{batch} images of {side} px ({hint}); mend the network, or try --script. "
                     "Nothing was written")
    note(f"right at {side} px only; export once for each size, with --image-size")
    return exported, True


def write_script(network, side, patch, options):
    """(the module as the file has it, whether it is right at one size only)"""
    exported, fixed_size = export(network, side, patch, options.script)
    torch.jit.save(exported, str(options.output))
    return torch.jit.load(str(options.output)), fixed_size


def write_package(network, side, patch, options):
    """The same of a package. Its sums are in another order than PyTorch's, so values count by their size."""
    if options.layers:
        network.run_through(images_of(side))
    least, why = least_side(network, patch), "its numbers are not those of the original"
    sides = [other for other in other_sides(network, side, patch) if other >= least]
    for any_size in (True, False) if sides and side >= least else (False,):
        try:
            package = (compile_for_sides(network, images_of(sides[0], 2), patch, options.output) if any_size
                       else compile_package(network, images_of(side, 2), {}, options.output))
        except OSError:
            raise
        except Exception as error:  # Whatever PyTorch's compiler does.
            why = f"{type(error).__name__}: {' '.join(str(error).split())[:400]}"
            continue
        if is_right(package, network, side, [side, *sides] if any_size else [side], scaled=True):
            if not any_size:
                note(f"right at {side} px only; export once for each size, with --image-size")
            return package, not any_size
    options.output.unlink(missing_ok=True)
    sys.exit(f"export: cannot compile {options.source} ({why}); mend the network, or give OUTPUT.pt. Nothing was written")


def describe(encoder, options, prefix, fixed_size):
    description = {"patch_px": encoder.patch_px, "prefix_tokens": prefix,
                   "image_px": encoder.image_px, "mean": encoder.mean, "std": encoder.std,
                   "interpolation": encoder.interpolation or "bicubic", "fixed_size": fixed_size,
                   "depth": encoder.depth or 0, "source": encoder.source}
    for key, value in (("name", options.name), ("title", options.title),
                       ("licence", encoder.licence)):
        if value:
            description[key] = value
    if options.layers:
        description["layers"] = encoder.network.described(images_of(encoder.image_px))
    if options.image_token:
        description["image_token"] = True
    if options.output.suffix == PACKAGE:
        description["parameters"] = sum(tensor.numel() for tensor in encoder.network.parameters())
        description["input"] = "image" if fixed_size else "patches"
    return description


def parse():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("source", metavar="SOURCE")
    add("output", metavar="OUTPUT.pt", type=pathlib.Path)
    add("--patch-size", type=int, metavar="PX")
    add("--image-size", type=int, metavar="PX", help="default side of the square input")
    add("--mean", type=float, nargs=3, metavar="X")
    add("--std", type=float, nargs=3, metavar="X")
    add("--interpolation", choices=("bicubic", "bilinear"))
    add("--licence")
    add("--depth", type=int, help="blocks; only used to estimate run times")
    add("--name", help="in results; default: the file name")
    add("--title", help="in tables; default: the name")
    add("--arg", dest="arguments", action="append", default=[], metavar="KEY=VALUE",
        help="argument of CALLABLE or of the hub entry; VALUE is JSON or a text")
    add("--script", action="store_true", help="torch.jit.script instead of a trace")
    add("--random", action="store_true", help="timm: random weights, to try the export")
    add("--layers", nargs="+", default=[], metavar="MODULE", help="of a CNN: modules whose maps are its layers, first "
        "to last; patchead counts them from 1")
    add("--embedding-layer", metavar="MODULE", help="whose map is the patch embeddings; default: the last of --layers")
    add("--image-token", metavar="MODULE", help="with --layers: whose output, averaged over positions, stands for the "
        "whole image, e.g. avgpool")
    options = parser.parse_args()
    check(parser, options)
    options.arguments = dict(parse_argument(parser, text) for text in options.arguments)
    return options


def check(parser, options):
    if options.output.suffix not in (".pt", PACKAGE):
        parser.error(f"OUTPUT '{options.output}' does not end in .pt or {PACKAGE}")
    if not options.layers and (options.embedding_layer or options.image_token):
        parser.error("--embedding-layer and --image-token are of a network with --layers")
    if len(set(options.layers)) < len(options.layers):
        parser.error("--layers names a module twice")
    if options.layers and options.patch_size:
        parser.error("--patch-size is measured where --layers are given; leave it out")
    if options.script and (options.layers or options.output.suffix == PACKAGE):
        parser.error(f"--script goes neither with --layers nor with {PACKAGE}; leave it out")
    if options.output.suffix == PACKAGE:
        require_compiler()


def parse_argument(parser, text):
    key, equals, value = text.partition("=")
    if not equals:
        parser.error(f"--arg {text} is not of the form KEY=VALUE")
    try:
        return key, json.loads(value)
    except ValueError:
        return key, value


def main():
    options = parse()
    torch.set_grad_enabled(False)
    # Each image size is run a few times only: optimising the module for it takes minutes.
    with torch.jit.optimized_execution(False):
        write_module(options)


def write_module(options):
    encoder = find_encoder(options)
    network = encoder.network if options.layers else Pair(encoder.network).eval()
    side, patch = encoder.image_px, encoder.patch_px
    tokens, *others = first_output(network, options.source, side)
    attention = [] if options.layers else others
    prefix = tokens.shape[1] - (side // patch) ** 2
    if prefix < 0:
        sys.exit(f"export: {tokens.shape[1]} tokens at {side} px are fewer than its patches of "
                 f"{patch} px; check --patch-size")
    is_package = options.output.suffix == PACKAGE
    try:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        written, fixed_size = (write_package if is_package else write_script)(network, side, patch, options)
    except (OSError, RuntimeError) as error:
        sys.exit(f"export: cannot write '{options.output}' ({' '.join(str(error).split())[:200]}); give another place")
    error = difference(written, network, side, scaled=is_package)
    if error > TOLERANCE:
        sys.exit(f"export: {options.output} differs from the original by {error:g}; do not use it")
    description = describe(encoder, options, prefix, fixed_size)
    options.output.with_suffix(".json").write_text(json.dumps(description, indent=1) + "\n")
    layers = "".join(f", {layer['name']} {layer['channels']} on {layer['stride']} px"
                     for layer in description.get("layers", []))
    print(f"{options.output}: {tokens.shape[2]} channels{layers}, {prefix} prefix tokens, "
          f"{f'{attention[0].shape[1]} heads' if attention else 'no attention (no masking)'}, "
          f"{'this size only' if fixed_size else 'any image size'}, differs by {error:.1e}")


if __name__ == "__main__":
    main()
