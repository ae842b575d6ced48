"""Maps of layers inside a CNN, as export_torchscript.py --layers takes them out of it."""

import sys

import torch
from torch import nn


class Reached(Exception):
    """All layers that are wanted have been computed: the rest of the network is of no use."""


class Layers(nn.Module):
    """Returns patch embeddings [B, L, D], the map [B, C, h, w] of each layer and, if it is asked for, a token of the
    image [B, T]. Layers are modules inside `network`, by their names."""

    def __init__(self, network, layers, embedding, token=None):
        super().__init__()
        self.network = network
        self.layers = list(layers)
        self.embedding = embedding
        self.token = token
        self.wanted = list(dict.fromkeys([*layers, embedding, *([token] if token else [])]))
        self.strides = {}
        self.dropped = []  # (module, name of a module in it, what it was)
        self.stops = True

    def outputs(self, images):
        """Name -> output of each module that is wanted. Hooks are there in a pass alone: a trace takes no others."""
        found = {}

        def keep(name):
            def hook(module, inputs, output):  # A copy: what follows may change it in place.
                found.setdefault(name, output.clone() if isinstance(output, torch.Tensor) else output)
                if self.stops and len(found) == len(self.wanted):
                    raise Reached
            return hook

        handles = [self.network.get_submodule(name).register_forward_hook(keep(name)) for name in self.wanted]
        try:
            self.network(images)
        except Reached:
            pass
        finally:
            for handle in handles:
                handle.remove()
        return found

    def forward(self, images):
        found = self.outputs(images)
        parts = [found[self.embedding].flatten(2).transpose(1, 2), *(found[name] for name in self.layers)]
        if self.token:
            token = found[self.token]
            parts.append(token.mean((2, 3)) if token.dim() == 4 else token)
        return tuple(parts)

    def measure(self, images):
        """Finds the stride of each layer in pixels."""
        found, side = self.outputs(images), images.shape[-1]
        for name in self.wanted:
            if name not in found:
                sys.exit(f"export: the network never runs its module {name}; name one that it runs")
            is_tensor, is_map = isinstance(found[name], torch.Tensor), name in (*self.layers, self.embedding)
            shape = tuple(found[name].shape) if is_tensor else ()
            if len(shape) not in ((4,) if is_map else (2, 4)):
                what = f"shape {shape}" if is_tensor else f"a {type(found[name]).__name__}"
                sys.exit(f"export: {name} gives {what}, not a map [B, C, h, w]; name a module that does")
            if not is_map:
                continue
            if shape[2] != shape[3] or side % shape[2]:
                sys.exit(f"export: {name} has {shape[2]} x {shape[3]} patches of {side} px, so that they are no whole "
                         "pixels; give an --image-size that its stride divides, or pad convolutions")
            self.strides[name] = side // shape[2]

    def keeps_strides(self, images):
        """Whether strides are those of `measure` at this size, what is left over having a patch, too."""
        found, side = self.outputs(images), images.shape[-1]
        return all(tuple(found[name].shape[2:]) == (-(-side // stride),) * 2 for name, stride in self.strides.items())

    def drop_unused(self, images):
        """Takes modules, and so weights, out that no wanted layer needs."""
        used = set()
        handles = [module.register_forward_pre_hook(lambda module, _: used.add(module))
                   for module in self.network.modules()]
        expected = self(images)
        for handle in handles:
            handle.remove()
        self.dropped = [
            (parent, name, child) for parent in list(self.network.modules()) if parent in used
            for name, child in parent.named_children() if not any(inner in used for inner in child.modules())]
        for parent, name, _ in self.dropped:
            setattr(parent, name, nn.Identity())
        if not self.gives(images, expected):  # Something is used without being called.
            self.restore()

    def gives(self, images, expected):
        try:
            return all(map(torch.equal, self(images), expected))
        except (AttributeError, IndexError, RuntimeError, TypeError, ValueError):
            return False

    def restore(self):
        for parent, name, child in self.dropped:
            setattr(parent, name, child)
        self.dropped = []

    def run_through(self, images):
        """From now on a pass ends where the network ends: torch.export cannot follow one that is broken off."""
        expected, self.stops = self(images), False
        if not self.gives(images, expected):
            self.restore()

    def described(self, images):
        """As the description has them."""
        found = self.outputs(images)
        return [{"name": name, "stride": self.strides[name], "channels": found[name].shape[1]} for name in self.layers]


def with_layers(network, options, images):
    """`network` as one that gives the layers that the options name."""
    for name in filter(None, [*options.layers, options.embedding_layer, options.image_token]):
        try:
            network.get_submodule(name)
        except AttributeError:
            there = ", ".join(child for child, _ in network.named_children())
            sys.exit(f"export: {options.source} has no module '{name}'; it has {there or 'none'}, and those inside them "
                     "(layer1.0.conv1)")
    wrapped = Layers(network, options.layers, options.embedding_layer or options.layers[-1], options.image_token).eval()
    try:
        wrapped.measure(images)
    except (RuntimeError, ValueError, TypeError, AttributeError, IndexError) as error:
        sys.exit(f"export: {options.source} fails for an image of {images.shape[-1]} px "
                 f"({' '.join(str(error).split())}); check --image-size, or mend the module")
    wrapped.drop_unused(images)
    return wrapped
