"""The networks once more, in Python, from the layer tables of their papers: what the C++ ones are compared with.

Nothing here is shared with the C++ code. Parameter names are those of the public implementations, so that a state dict of
these modules is a weight file for the C++ networks.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F
from efficientnet_lite import LITE_VARIANTS, EfficientNetLite  # noqa: F401


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
        found["logits"] = self.fc8(found["conv6"])
        return found

    def forward(self, images):
        return self.taps(images)["logits"]

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


# ------------------------------------------------------------------------------------------------ PointNet++


def farthest_points(xyz, count):
    """Starts at 0; points with |x|^2 <= 1e-3 are padding. xyz [N, 3] -> [count]."""
    distance = torch.full((xyz.shape[0],), 1e10)
    distance[(xyz**2).sum(1) <= 1e-3] = -1
    chosen = torch.zeros(count, dtype=torch.long)
    for n in range(1, count):
        difference = xyz - xyz[chosen[n - 1]]
        square = difference * difference
        distance = torch.minimum(distance, square[:, 0] + square[:, 1] + square[:, 2])
        chosen[n] = distance.argmax()
    return chosen


def squared_distances(a, b):
    difference = a[:, None, :] - b[None, :, :]
    square = difference * difference
    return square[..., 0] + square[..., 1] + square[..., 2]


def ball_query(xyz, centres, radius, count):
    """Indices of the first `count` points with d^2 < r^2, padded with the first; 0 if there is none."""
    found = torch.zeros(centres.shape[0], count, dtype=torch.long)
    radius2 = torch.tensor(radius, dtype=torch.float32) ** 2
    for begin in range(0, centres.shape[0], 128):
        inside = squared_distances(centres[begin : begin + 128], xyz) < radius2
        for row, mask in enumerate(inside):
            hits = torch.nonzero(mask)[:count, 0]
            if len(hits) > 0:
                found[begin + row] = hits[0]
                found[begin + row, : len(hits)] = hits
    return found


def three_nearest(xyz, queries):
    """Indices and normalised weights 1 / (distance + 1e-8)."""
    indices, weights = [], []
    for begin in range(0, queries.shape[0], 2048):
        square, index = torch.topk(squared_distances(queries[begin : begin + 2048], xyz), 3, largest=False)
        closeness = 1 / (square.sqrt() + 1e-8)
        indices.append(index)
        weights.append(closeness / (closeness[:, 0] + closeness[:, 1] + closeness[:, 2])[:, None])
    return torch.cat(indices), torch.cat(weights)


class Normalised(nn.Module):
    """Batch normalisation one module deeper, as the public implementations name it."""

    def __init__(self, channels):
        super().__init__()
        self.bn = nn.BatchNorm2d(channels)

    def forward(self, x):
        return self.bn(x)


class Layer(nn.Module):
    def __init__(self, before, after):
        super().__init__()
        self.conv = nn.Conv2d(before, after, 1, bias=False)
        self.bn = Normalised(after)

    def forward(self, x):
        return F.relu(self.bn(self.conv(x)))


def shared_mlp(widths):
    layers = nn.Sequential()
    for i, (before, after) in enumerate(zip(widths[:-1], widths[1:])):
        layers.add_module(f"layer{i}", Layer(before, after))
    return layers


class Abstraction(nn.Module):
    """scales: a list of (radius, neighbours, widths). One scale alone is called mlp_module, several mlps."""

    def __init__(self, channels, count, scales, normalise):
        super().__init__()
        self.count, self.scales, self.normalise = count, scales, normalise
        modules = [shared_mlp([3 + channels] + widths) for _, _, widths in scales]
        if len(scales) == 1:
            self.mlp_module = modules[0]
        else:
            self.mlps = nn.ModuleList(modules)

    def forward(self, xyz, features):
        single = xyz.float()  # neighbourhoods are those of float32, whatever the precision of the rest
        chosen = farthest_points(single, min(self.count, xyz.shape[0]))
        centres = xyz[chosen]
        outputs = []
        for i, (radius, count, _) in enumerate(self.scales):
            index = ball_query(single, single[chosen], radius, count)
            offsets = xyz[index] - centres[:, None, :]
            if self.normalise:
                offsets = offsets / torch.tensor(radius, dtype=torch.float32).item()  # not 0.2 of float64
            rows = offsets if features is None else torch.cat([offsets, features[index]], 2)
            layers = self.mlp_module if len(self.scales) == 1 else self.mlps[i]
            outputs.append(layers(rows.permute(2, 0, 1)[None]).amax(3)[0].t())  # [centres, channels]
        return centres, torch.cat(outputs, 1)


class Propagation(nn.Module):
    def __init__(self, widths):
        super().__init__()
        self.mlp = shared_mlp(widths)

    def forward(self, fine_xyz, coarse_xyz, fine, coarse):
        index, weight = three_nearest(coarse_xyz.float(), fine_xyz.float())
        weight = weight.to(coarse.dtype)
        rows = (coarse[index] * weight[..., None]).sum(1)
        if fine is not None:
            rows = torch.cat([rows, fine], 1)
        return self.mlp(rows.t()[None, :, :, None])[0, :, :, 0].t()


VOTENET = {
    "levels": [
        ("sa1", 2048, [(0.2, 64, [64, 64, 128])]),
        ("sa2", 1024, [(0.4, 32, [128, 128, 256])]),
        ("sa3", 512, [(0.8, 16, [128, 128, 256])]),
        ("sa4", 256, [(1.2, 16, [128, 128, 256])]),
    ],
    "up": [("fp1", [256, 256]), ("fp2", [256, 256]), ("seg_fp1", [256, 256]), ("seg_fp2", [256, 256])],
    "normalise": True,
    "hidden": False,
}
SSG = {
    "levels": [
        ("sa1", 1024, [(0.1, 32, [32, 32, 64])]),
        ("sa2", 256, [(0.2, 32, [64, 64, 128])]),
        ("sa3", 64, [(0.4, 32, [128, 128, 256])]),
        ("sa4", 16, [(0.8, 32, [256, 256, 512])]),
    ],
    "up": [("fp1", [256, 256]), ("fp2", [256, 256]), ("fp3", [256, 128]), ("fp4", [128, 128, 128])],
    "normalise": False,
    "hidden": True,
}
MSG = {
    "levels": [
        ("sa1", 1024, [(0.05, 16, [16, 16, 32]), (0.1, 32, [32, 32, 64])]),
        ("sa2", 256, [(0.1, 16, [64, 64, 128]), (0.2, 32, [64, 96, 128])]),
        ("sa3", 64, [(0.2, 16, [128, 196, 256]), (0.4, 32, [128, 196, 256])]),
        ("sa4", 16, [(0.4, 16, [256, 256, 512]), (0.8, 32, [256, 384, 512])]),
    ],
    "up": [("fp1", [512, 512]), ("fp2", [512, 512]), ("fp3", [256, 256]), ("fp4", [128, 128])],
    "normalise": False,
    "hidden": True,
}


class Classifier(nn.Module):
    def __init__(self, channels, num_classes, hidden):
        super().__init__()
        if hidden:
            self.hidden = nn.Conv1d(channels, channels, 1, bias=False)
        self.bn = nn.BatchNorm1d(channels)
        self.conv = nn.Conv1d(channels, num_classes, 1, bias=False)

    def forward(self, rows):
        x = rows.t()[None]
        if hasattr(self, "hidden"):
            x = self.hidden(x)
        features = F.relu(self.bn(x))
        return features[0].t(), self.conv(features)[0].t()


class PointNet2(nn.Module):
    def __init__(self, table, channels, num_classes=20):
        super().__init__()
        self.table = table
        by_level = [channels]
        for name, count, scales in table["levels"]:
            setattr(self, name, Abstraction(by_level[-1], count, scales, table["normalise"]))
            by_level.append(sum(widths[-1] for _, _, widths in scales))
        carried = by_level[-1]
        for i, (name, widths) in enumerate(table["up"]):
            setattr(self, name, Propagation([carried + by_level[-2 - i]] + widths))
            carried = widths[-1]
        self.classifier = Classifier(carried, num_classes, table["hidden"])

    def taps(self, xyz, features):
        """xyz [N, 3], features [N, C] or None -> what each layer gives, [rows, channels]."""
        found = {}
        levels = [(xyz, features)]
        for name, _, _ in self.table["levels"]:
            levels.append(getattr(self, name)(*levels[-1]))
            found[name] = levels[-1][1]
        carried = levels[-1][1]
        for i, (name, _) in enumerate(self.table["up"]):
            (fine_xyz, fine), coarse_xyz = levels[-2 - i], levels[-1 - i][0]
            carried = getattr(self, name)(fine_xyz, coarse_xyz, fine, carried)
            found[name] = carried
        found["features"], found["logits"] = self.classifier(carried)
        return found
