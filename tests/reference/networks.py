"""The networks once more, in Python, from the layer tables of their papers: what the C++ ones are compared with.

Nothing here is shared with the C++ code. Parameter names are those of the public implementations, so that a state dict of
these modules is a weight file for the C++ networks.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F


class FixedBatchNorm(nn.BatchNorm2d):
    """Uses the running statistics always, also in training."""

    def forward(self, x):
        return F.batch_norm(x, self.running_mean, self.running_var, self.weight, self.bias, False, 0.0, self.eps)


class ResidualBlock(nn.Module):
    def __init__(self, before, mid, after, stride=1, first_dilation=1, dilation=1):
        super().__init__()
        self.same_shape = before == after and stride == 1
        self.bn_branch2a = FixedBatchNorm(before)
        self.conv_branch2a = nn.Conv2d(before, mid, 3, stride, first_dilation, first_dilation, bias=False)
        self.bn_branch2b1 = FixedBatchNorm(mid)
        self.conv_branch2b1 = nn.Conv2d(mid, after, 3, 1, dilation, dilation, bias=False)
        if not self.same_shape:
            self.conv_branch1 = nn.Conv2d(before, after, 1, stride, bias=False)

    def forward(self, x):
        a = F.relu(self.bn_branch2a(x))
        shortcut = x if self.same_shape else self.conv_branch1(a)
        branch = self.conv_branch2b1(F.relu(self.bn_branch2b1(self.conv_branch2a(a))))
        return shortcut + branch, a


class Bottleneck(nn.Module):
    def __init__(self, before, quarter, half, after, dilation, dropout):
        super().__init__()
        self.bn_branch2a = FixedBatchNorm(before)
        self.conv_branch2a = nn.Conv2d(before, quarter, 1, bias=False)
        self.bn_branch2b1 = FixedBatchNorm(quarter)
        self.conv_branch2b1 = nn.Conv2d(quarter, half, 3, 1, dilation, dilation, bias=False)
        self.bn_branch2b2 = FixedBatchNorm(half)
        self.conv_branch2b2 = nn.Conv2d(half, after, 1, bias=False)
        self.conv_branch1 = nn.Conv2d(before, after, 1, bias=False)
        self.dropout = nn.Dropout2d(dropout)

    def forward(self, x):
        a = F.relu(self.bn_branch2a(x))
        branch = self.dropout(F.relu(self.bn_branch2b1(self.conv_branch2a(a))))
        branch = self.dropout(F.relu(self.bn_branch2b2(self.conv_branch2b1(branch))))
        return self.conv_branch1(a) + self.conv_branch2b2(branch), a


class ResNet38(nn.Module):
    def __init__(self, width=1.0, extra=(2, 2, 5, 2), num_classes=20):
        super().__init__()
        w = lambda channels: max(1, round(channels * width))
        self.conv1a = nn.Conv2d(3, w(64), 3, 1, 1, bias=False)
        self.blocks = []

        def add(name, block):
            setattr(self, name, block)
            self.blocks.append(name)

        add("b2", ResidualBlock(w(64), w(128), w(128), 2))
        for i in range(extra[0]):
            add(f"b2_{i + 1}", ResidualBlock(w(128), w(128), w(128)))
        add("b3", ResidualBlock(w(128), w(256), w(256), 2))
        for i in range(extra[1]):
            add(f"b3_{i + 1}", ResidualBlock(w(256), w(256), w(256)))
        add("b4", ResidualBlock(w(256), w(512), w(512), 2))
        for i in range(extra[2]):
            add(f"b4_{i + 1}", ResidualBlock(w(512), w(512), w(512)))
        add("b5", ResidualBlock(w(512), w(512), w(1024), 1, 1, 2))
        for i in range(extra[3]):
            add(f"b5_{i + 1}", ResidualBlock(w(1024), w(512), w(1024), 1, 2, 2))
        add("b6", Bottleneck(w(1024), w(512), w(1024), w(2048), 4, 0.3))
        add("b7", Bottleneck(w(2048), w(1024), w(2048), w(4096), 4, 0.5))
        self.bn7 = FixedBatchNorm(w(4096))
        self.fc8 = nn.Conv2d(w(4096), num_classes, 1, bias=False)

    def taps(self, images):
        x = self.conv1a(images)
        found = {}
        for name in self.blocks:
            x, activated = getattr(self, name)(x)
            if name == "b5":
                found["conv4"] = activated
            if name == "b6":
                found["conv5"] = activated
        found["conv6"] = F.relu(self.bn7(x))
        found["maps"] = self.fc8(found["conv6"])
        return found

    def forward(self, images):
        return self.taps(images)["maps"]

    def freeze(self):
        """What the field does not train: the first convolutions and every batch normalisation."""
        for module in self.modules():
            if isinstance(module, FixedBatchNorm):
                module.weight.requires_grad_(False)
                module.bias.requires_grad_(False)
        for name, parameter in self.named_parameters():
            if name.startswith(("conv1a.", "b2.", "b2_")):
                parameter.requires_grad_(False)
        return self


def randomise(module, seed=1):
    """Weights and statistics that are neither 0 nor 1 and keep values near 1 from layer to layer."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in list(module.named_parameters()) + list(module.named_buffers()):
            if tensor.dtype != torch.float32:
                continue
            if tensor.dim() >= 2:
                fan_in = tensor[0].numel()
                tensor.copy_(torch.randn(tensor.shape, generator=generator) * (2.0 / fan_in) ** 0.5)
            elif name.endswith("running_var") or name.endswith("weight"):
                tensor.copy_(0.8 + 0.4 * torch.rand(tensor.shape, generator=generator))
            else:
                tensor.copy_(0.1 * torch.randn(tensor.shape, generator=generator))
    return module
