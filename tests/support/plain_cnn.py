"""A small CNN of plain torch.nn modules: stages of different grids and channels, as a ResNet has them."""

import torch
from torch import nn


class Stage(nn.Module):
    """Two convolutions with a shortcut; the first one steps over `stride` positions."""

    def __init__(self, inner, channels, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inner, channels, 3, stride, 1)
        self.conv2 = nn.Conv2d(channels, channels, 3, 1, 1)
        self.down = nn.Conv2d(inner, channels, 1, stride)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, x):
        out = self.conv2(self.relu(self.conv1(x)))
        out += self.down(x)
        return self.relu(out)


class PlainCnn(nn.Module):
    """`layer1` to `layer4` with strides 4, 8, 16 and 32, and a classifier that no layer needs."""

    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(3, channels, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.relu = nn.ReLU(inplace=True)
        self.maxpool = nn.MaxPool2d(3, 2, 1)
        self.layer1 = Stage(channels, channels, 1)
        self.layer2 = Stage(channels, 2 * channels, 2)
        self.layer3 = Stage(2 * channels, 4 * channels, 2)
        self.layer4 = Stage(4 * channels, 8 * channels, 2)
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc = nn.Linear(8 * channels, 1000)

    def forward(self, images):
        x = self.maxpool(self.relu(self.bn1(self.conv1(images))))
        x = self.layer4(self.layer3(self.layer2(self.layer1(x))))
        return self.fc(torch.flatten(self.avgpool(x), 1))


def make(channels=8, seed=0):
    """The network with seeded weights, and statistics of its normalisation as training would leave them."""
    generator = torch.Generator().manual_seed(seed)
    network = PlainCnn(channels).eval()
    for name, tensor in network.state_dict().items():
        if tensor.dim() >= 2:
            tensor.normal_(0, (2 / tensor[0].numel()) ** 0.5, generator=generator)
        elif name.endswith((".bias", "running_mean")):
            tensor.normal_(0, 0.1, generator=generator)
    return network
