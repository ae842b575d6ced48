#!/usr/bin/env python3
"""Exports a vision transformer for `patchead --backbone torchscript:OUTPUT`.

    export_torchscript.py SOURCE OUTPUT.pt [options]

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

from encoder_sources import SOURCES, TOLERANCE, from_callable, note


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
    for field in ("patch_px", "image_px", "mean", "std"):
        if getattr(encoder, field) is None:
            option = GIVEN[field].replace("_", "-")
            sys.exit(f"export: {options.source} does not tell its {option}; give --{option}")
    if encoder.image_px % encoder.patch_px:
        sys.exit(f"export: image size {encoder.image_px} is no multiple of the patch size "
                 f"{encoder.patch_px}; give --image-size")
    return encoder


def images_of(side, batch=1):
    generator = torch.Generator().manual_seed(side)
    return torch.randn(batch, 3, side, side, generator=generator)


def compile_at(network, side, script):
    if script:
        return torch.jit.script(network)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", torch.jit.TracerWarning)  # Sizes are checked below.
        return torch.jit.trace(network, images_of(side), check_trace=False)


def parts(output):
    return output if isinstance(output, tuple) else (output,)


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


def difference(exported, network, side, batch=1):
    """Largest absolute difference; infinite if the exported module fails or gives other shapes."""
    images = images_of(side, batch)
    expected = parts(network(images))
    try:
        actual = parts(exported(images))
    except RuntimeError:
        return float("inf")
    if [part.shape for part in actual] != [part.shape for part in expected]:
        return float("inf")
    return max((a - b).abs().max().item() for a, b in zip(actual, expected))


def is_right(exported, network, side, sides):
    """Whether it agrees with the original at `side`, also in a batch, and at all `sides`."""
    checks = [(side, 2), *((other, 1) for other in sides)]
    return all(difference(exported, network, *check) <= TOLERANCE for check in checks)


def other_sides(network, side, patch):
    """Sides at which the original works at all, one above and one below its own."""
    sides = []
    for other in (side + 3 * patch, max(2 * patch, side - 2 * patch)):
        try:
            network(images_of(other))
            sides.append(other)
        except (AssertionError, RuntimeError, ValueError):
            continue
    return sides


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


def describe(encoder, options, prefix, fixed_size):
    description = {"patch_px": encoder.patch_px, "prefix_tokens": prefix,
                   "image_px": encoder.image_px, "mean": encoder.mean, "std": encoder.std,
                   "interpolation": encoder.interpolation or "bicubic", "fixed_size": fixed_size,
                   "depth": encoder.depth or 0, "source": encoder.source}
    for key, value in (("name", options.name), ("title", options.title),
                       ("licence", encoder.licence)):
        if value:
            description[key] = value
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
    options = parser.parse_args()
    if options.output.suffix != ".pt":
        parser.error(f"OUTPUT '{options.output}' does not end in .pt")
    options.arguments = dict(parse_argument(parser, text) for text in options.arguments)
    return options


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
    network = Pair(encoder.network).eval()
    side, patch = encoder.image_px, encoder.patch_px
    tokens, *attention = first_output(network, options.source, side)
    prefix = tokens.shape[1] - (side // patch) ** 2
    if prefix < 0:
        sys.exit(f"export: {tokens.shape[1]} tokens at {side} px are fewer than its patches of "
                 f"{patch} px; check --patch-size")
    exported, fixed_size = export(network, side, patch, options.script)
    try:
        options.output.parent.mkdir(parents=True, exist_ok=True)
        torch.jit.save(exported, str(options.output))
    except (OSError, RuntimeError) as error:
        sys.exit(f"export: cannot write '{options.output}' ({' '.join(str(error).split())[:200]}); give another place")
    written = torch.jit.load(str(options.output))
    error = difference(written, network, side)
    if error > TOLERANCE:
        sys.exit(f"export: {options.output} differs from the original by {error:g}; do not use it")
    description = describe(encoder, options, prefix, fixed_size)
    options.output.with_suffix(".json").write_text(json.dumps(description, indent=1) + "\n")
    print(f"{options.output}: {tokens.shape[2]} channels, {prefix} prefix tokens, "
          f"{f'{attention[0].shape[1]} heads' if attention else 'no attention (no masking)'}, "
          f"{'this size only' if fixed_size else 'any image size'}, differs by {error:.1e}")


if __name__ == "__main__":
    main()
