"""EfficientNet-Lite in PyTorch, to compare the C++ network with; parameters have the names of the published weights."""

import torch.nn as nn
import torch.nn.functional as F


class SameConv2d(nn.Conv2d):
    """TensorFlow's SAME padding: ceil(side / stride) values come out, the odd zero stands after."""

    def forward(self, x):
        pads = []
        for axis in (3, 2):
            side, stride = x.shape[axis], self.stride[axis - 2]
            reach = (self.kernel_size[axis - 2] - 1) * self.dilation[axis - 2] + 1
            total = max((-(-side // stride) - 1) * stride + reach - side, 0)
            pads += [total // 2, total - total // 2]
        return super().forward(F.pad(x, pads))


def lite_norm(channels):
    return nn.BatchNorm2d(channels, eps=1e-3, momentum=0.01)


class InvertedResidual(nn.Module):
    def __init__(self, before, expansion, after, kernel, stride, dilation, shortcut):
        super().__init__()
        mid = before * expansion
        self.shortcut = shortcut
        if expansion > 1:
            self._expand_conv = nn.Conv2d(before, mid, 1, bias=False)
            self._bn0 = lite_norm(mid)
        self._depthwise_conv = SameConv2d(mid, mid, kernel, stride, dilation=dilation, groups=mid, bias=False)
        self._bn1 = lite_norm(mid)
        self._project_conv = nn.Conv2d(mid, after, 1, bias=False)
        self._bn2 = lite_norm(after)

    def forward(self, x):
        y = F.relu6(self._bn0(self._expand_conv(x))) if hasattr(self, "_expand_conv") else x
        y = F.relu6(self._bn1(self._depthwise_conv(y)))
        y = self._bn2(self._project_conv(y))
        return x + y if self.shortcut else y


# Stages: expansion, kernel, stride. Variants: the channels and the number of blocks of every stage.
LITE_STAGES = [(1, 3, 1), (6, 3, 2), (6, 5, 2), (6, 3, 2), (6, 5, 1), (6, 5, 2), (6, 3, 1)]
LITE_VARIANTS = {
    "efficientnet-lite0": ([16, 24, 40, 80, 112, 192, 320], [1, 2, 2, 3, 3, 4, 1]),
    "efficientnet-lite2": ([16, 24, 48, 88, 120, 208, 352], [1, 3, 3, 4, 4, 5, 1]),
}


class EfficientNetLite(nn.Module):
    def __init__(self, variant, output_stride=32, num_classes=1000):
        super().__init__()
        self._conv_stem = SameConv2d(3, 32, 3, 2, bias=False)
        self._bn0 = lite_norm(32)
        self._blocks = nn.ModuleList()
        self.ends = []
        before, reached, dilation = 32, 2, 1
        for (expansion, kernel, stride), after, count in zip(LITE_STAGES, *LITE_VARIANTS[variant]):
            for i in range(count):
                step, reach = (stride if i == 0 else 1), dilation
                if step == 2 and reached == output_stride:
                    step, dilation = 1, dilation * 2
                reached *= step
                self._blocks.append(InvertedResidual(before, expansion, after, kernel, step, reach, i > 0))
                before = after
            self.ends.append(len(self._blocks) - 1)
        self._conv_head = nn.Conv2d(before, 1280, 1, bias=False)
        self._bn1 = lite_norm(1280)
        self._fc = nn.Linear(1280, num_classes)

    def taps(self, images):
        """images [B, 3, H, W], (RGB - 127) / 128."""
        x = F.relu6(self._bn0(self._conv_stem(images)))
        found = {}
        for i, block in enumerate(self._blocks):
            x = block(x)
            if i in self.ends:
                found[f"stage{self.ends.index(i) + 1}"] = x
        found["features"] = F.relu6(self._bn1(self._conv_head(x)))
        found["logits"] = self._fc(found["features"].permute(0, 2, 3, 1)).permute(0, 3, 1, 2)
        return found

    def forward(self, images):
        return self.taps(images)["logits"]
