"""The joint training step of train_step.py in python3-torch: networks, losses and optimisers, one step at a time."""

import json
import os
import struct
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "reference"))

import networks  # noqa: E402

TYPES = {"F32": torch.float32, "I64": torch.int64}


def read_safetensors(path):
    with open(path, "rb") as file:
        content = bytearray(file.read())
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        values = torch.frombuffer(content[begin:end], dtype=TYPES[entry["dtype"]])
        tensors[name] = values.reshape(entry["shape"])
    return tensors


# ------------------------------------------------------------------------------------------------ networks


def convolution(before, after, halve, dilation=1):
    if halve:
        layer = nn.Conv2d(before, after, 4, 2, 1, bias=False)
    else:
        layer = nn.Conv2d(before, after, 3, 1, dilation, dilation, bias=False)
    return nn.Sequential(layer, nn.BatchNorm2d(after))


class SmallBlock(nn.Module):
    def __init__(self, before, after, halve, dilation):
        super().__init__()
        self.first = convolution(before, after, halve, dilation)
        self.second = convolution(after, after, False, dilation)
        layers = [nn.AvgPool2d(2)] if halve else []
        if halve or before != after:
            layers += [nn.Conv2d(before, after, 1, bias=False), nn.BatchNorm2d(after)]
        self.shortcut = nn.Sequential(*layers)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


class SmallImages(nn.Module):
    def __init__(self, w, num_classes):
        super().__init__()
        self.stem = convolution(3, w, True)
        self.blocks = nn.Sequential(
            SmallBlock(w, 2 * w, True, 1),
            SmallBlock(2 * w, 3 * w, True, 1),
            SmallBlock(3 * w, 4 * w, False, 1),
            SmallBlock(4 * w, 4 * w, False, 2),
        )
        self.classifier = nn.Conv2d(4 * w, num_classes, 1, bias=False)

    def forward(self, images):
        features = self.blocks(F.relu(self.stem(images)))
        return features, self.classifier(features)


def per_point(*widths):
    layers = []
    for before, after in zip(widths[:-1], widths[1:]):
        layers += [nn.Linear(before, after, bias=False), nn.BatchNorm1d(after), nn.ReLU(inplace=True)]
    return nn.Sequential(*layers)


class SmallPoints(nn.Module):
    CHANNELS = 4

    def __init__(self, w, num_classes):
        super().__init__()
        self.down1 = per_point(3 + self.CHANNELS, w, w, 2 * w)
        self.down2 = per_point(3 + 2 * w, 2 * w, 2 * w, 4 * w)
        self.down3 = per_point(3 + 4 * w, 4 * w, 8 * w)
        self.up1 = per_point(2 * w + self.CHANNELS, 2 * w, 2 * w)
        self.up2 = per_point(4 * w + 2 * w, 4 * w, 2 * w)
        self.up3 = per_point(8 * w + 4 * w, 4 * w)
        self.classifier = nn.Linear(2 * w, num_classes, bias=False)

    def forward(self, batch):
        positions, by_level = batch["positions"], [batch["features"]]
        for number, level in enumerate(batch["levels"], 1):
            centres = positions[level["centres"]]
            around = level["neighbours"].view(len(centres), -1)
            offsets = (positions[around] - centres[:, None]).flatten(0, 1)
            rows = torch.cat([offsets, by_level[-1][level["neighbours"]]], 1)
            layers = getattr(self, f"down{number}")
            by_level.append(layers(rows).view(*around.shape, -1).max(1)[0])
            positions = centres
        carried = by_level[-1]
        for number in (3, 2, 1):
            level = batch["levels"][number - 1]
            near = carried[level["interpolate_from"]].view(-1, 3, carried.shape[1])
            blended = (near * level["interpolate_weight"]).sum(1)
            carried = getattr(self, f"up{number}")(torch.cat([blended, by_level[number - 1]], 1))
        num_clouds = len(batch["scene_tags"])
        return tuple(rows.view(num_clouds, -1, rows.shape[1]) for rows in (carried, self.classifier(carried)))


class FullImages(networks.ResNet38):
    def forward(self, images):
        found = self.taps(images)
        return found["conv6"], found["maps"]


class FullPoints(networks.PointNet2):
    """With the neighbourhoods of the batch, and batches of several clouds: [B, channels, centres, neighbours]."""

    def forward(self, batch):
        num_clouds = len(batch["scene_tags"])
        positions, by_level = batch["positions"], [batch["features"]]
        for (name, _, _), level, radius in zip(self.table["levels"], batch["levels"], batch["radii_m"]):
            centres = positions[level["centres"]]
            around = level["neighbours"].view(len(centres), -1)
            offsets = (positions[around] - centres[:, None]) / radius
            rows = torch.cat([offsets, by_level[-1][around]], 2)
            grid = rows.view(num_clouds, -1, *rows.shape[1:]).permute(0, 3, 1, 2)
            pooled = getattr(self, name).mlp_module(grid).max(3)[0]
            by_level.append(pooled.transpose(1, 2).flatten(0, 1))
            positions = centres
        carried = by_level[-1]
        for i, (name, _) in enumerate(self.table["up"]):
            level = batch["levels"][-1 - i]
            near = carried[level["interpolate_from"]].view(-1, 3, carried.shape[1])
            rows = torch.cat([(near * level["interpolate_weight"]).sum(1), by_level[-2 - i]], 1)
            grid = rows.view(num_clouds, -1, rows.shape[1]).transpose(1, 2)[..., None]
            carried = getattr(self, name).mlp(grid)[..., 0].transpose(1, 2).flatten(0, 1)
        rows = carried.view(num_clouds, -1, carried.shape[1]).transpose(1, 2)
        features = F.relu(self.classifier.bn(rows))
        return features.transpose(1, 2), self.classifier.conv(features).transpose(1, 2)


def make_networks(o, weights):
    classes = weights["image.fc8.weight" if o["image_network"] == "resnet38" else "image.classifier.weight"].shape[0]
    if o["image_network"] == "resnet38":
        images = FullImages(o["image_width"] / 64, num_classes=classes)
        for module in images.modules():
            if isinstance(module, networks.FixedBatchNorm):
                module.requires_grad_(False)
        points = FullPoints(networks.VOTENET, SmallPoints.CHANNELS, classes)
    else:
        images, points = SmallImages(o["image_width"], classes), SmallPoints(o["points_width"], classes)
    for prefix, module in (("image.", images), ("points.", points)):
        own = {name[len(prefix) :]: value for name, value in weights.items() if name.startswith(prefix)}
        unknown = module.load_state_dict(own, strict=False)
        missing = [name for name in unknown.missing_keys if not name.endswith("num_batches_tracked")]
        if missing or unknown.unexpected_keys:
            sys.exit(f"error: the networks differ: {missing + unknown.unexpected_keys}")
        module.train()
    return images, points


# ------------------------------------------------------------------------------------------------ losses


def at_places(maps, batch, o):
    size = torch.tensor([maps.shape[3], maps.shape[2]], dtype=maps.dtype)
    grid = ((batch["places"] - o["first_px"]) / o["stride_px"] + 0.5) / size * 2 - 1
    values = F.grid_sample(maps, grid[:, None], padding_mode="border", align_corners=False)
    return values.squeeze(2).transpose(1, 2)


def cams_at_places(maps, batch, o):
    positive = F.relu(maps[batch["crops"]])
    cams = positive / (positive.detach().amax((2, 3), True) + 1e-5)
    return at_places(cams, batch, o) * batch["match_image_tags"][:, None]


def tagged_shares(logits, tags):
    return F.softmax(logits - 1e4 * (1 - tags[:, None]), 2)


def of_points(values, batch):
    return values.flatten(0, 1)[batch["rows"]].view(len(batch["crops"]), -1, values.shape[2])


def balanced_entropy(logits, labels, scores, exponent):
    weights = scores.detach()
    if exponent > 0:
        mass = torch.zeros(logits.shape[1]).index_add_(0, labels, weights)
        weights = weights * (mass + 1e-3).pow(-exponent)[labels]
    return (weights * F.cross_entropy(logits, labels, reduction="none")).sum() / (weights.sum() + 1e-6)


def images_teach(maps, point_maps, batch, o):
    maps = maps.detach()
    shares = tagged_shares(at_places(maps[batch["crops"]], batch, o), batch["match_image_tags"])
    if o["pseudo_labels"] == "logits" and o["confidence"] == "probability":
        scores, labels = shares.max(2)
    elif o["pseudo_labels"] == "cam" and o["confidence"] == "tagged":
        largest, labels = cams_at_places(maps, batch, o).max(2)
        tagged = shares * torch.sigmoid(maps[batch["crops"]].mean((2, 3)))[:, None]
        scores = tagged.gather(2, labels[..., None]).squeeze(2) * (largest > 1e-4)
    else:
        sys.exit("error: these pseudo-labels are not written in Python")
    rows = point_maps.flatten(0, 1)[batch["rows"]]
    return balanced_entropy(rows, labels.flatten(), scores.flatten(), o["class_balance"])


def points_teach(maps, features, point_maps, batch, o):
    own = of_points(features.detach(), batch)
    if o["similarity_centred"]:
        own = own - own.mean(1, keepdim=True)
    unit = F.normalize(own, dim=2, eps=1e-6)
    similarity = F.relu(unit @ unit.transpose(1, 2)).clamp(max=1) ** o["similarity_power"]
    tags = batch["match_image_tags"]
    if o["refinement"] == "labels":
        logits = at_places(maps[batch["crops"]], batch, o)
        mixed = similarity / (similarity.sum(2, keepdim=True) + 1e-6) @ tagged_shares(logits.detach(), tags)
        scores, labels = mixed.max(2)
        masked = logits - 1e4 * (1 - tags[:, None])
        return balanced_entropy(
            masked.flatten(0, 1), labels.flatten(), scores.flatten(), o["reverse_class_balance"]
        )
    if o["refinement"] != "cam":
        sys.exit("error: this refinement is not written in Python")
    scores = tagged_shares(of_points(point_maps.detach(), batch), batch["match_scene_tags"]).amax(2)
    cams = cams_at_places(maps, batch, o)
    weights = similarity * scores[:, None]
    refined = weights / (weights.sum(2, keepdim=True) + 1e-6) @ cams.detach()
    differences = ((cams - refined).abs() * tags[:, None]).sum(2) / tags.sum(1, keepdim=True).clamp(min=1)
    return (scores * differences).sum() / (scores.sum() + 1e-6)


# ------------------------------------------------------------------------------------------------ steps


def make_optimiser(o, prefix, module):
    kind, decay = o[prefix + "_optimizer"], o[prefix + "_weight_decay"]
    parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
    if kind == "sgd":
        return torch.optim.SGD(parameters, 1, momentum=o[prefix + "_momentum"], weight_decay=decay)
    return {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[kind](parameters, 1, weight_decay=decay)


def gradient_norm(module):
    norms = [parameter.grad.norm() for parameter in module.parameters() if parameter.grad is not None]
    return torch.stack(norms).norm().item()


class PythonSteps:
    def __init__(self, folder):
        with open(os.path.join(folder, "options.json")) as file:
            self.o = json.load(file)
        self.images, self.points = make_networks(self.o, read_safetensors(os.path.join(folder, "weights.safetensors")))
        self.optimisers = {
            "image": make_optimiser(self.o, "image", self.images),
            "points": make_optimiser(self.o, "points", self.points),
        }
        self.batches = self.read_batches(os.path.join(folder, "batches.safetensors"))
        self.step = 0

    def read_batches(self, path):
        batches = {}
        for name, tensor in read_safetensors(path).items():
            number, *parts = name.split(".")
            batch = batches.setdefault(int(number), {"levels": [{} for _ in self.o["radii_m"]]})
            place = batch["levels"][int(parts[0][len("level") :])] if len(parts) == 2 else batch
            place[parts[-1]] = tensor
            batch["radii_m"] = self.o["radii_m"]
        return [batches[number] for number in sorted(batches)]

    def set_rates(self):
        share = self.step / self.o["joint_steps"]
        for name, initial in (("image", self.o["joint_image_lr"]), ("points", self.o["joint_points_lr"])):
            poly = self.o[name + "_schedule"] == "poly"
            for group in self.optimisers[name].param_groups:
                group["lr"] = initial * (1 - share) ** 0.9 if poly else initial
        if self.o["batch_norm_schedule"]:
            for module in self.points.modules():
                if isinstance(module, nn.modules.batchnorm._BatchNorm):
                    module.momentum = max(0.5 * 0.5 ** int(10 * share), 0.001)

    def take(self, parts):
        """One step; adds the seconds of its parts, and gives its losses."""
        batch, times = self.batches[self.step % len(self.batches)], [time.thread_time()]
        mark = lambda: times.append(time.thread_time())
        torch.manual_seed(self.o["step_seeds"][self.step % len(self.batches)])
        self.set_rates()
        for optimiser in self.optimisers.values():
            optimiser.zero_grad()
        mark()
        _, maps = self.images(batch["images"])
        mark()
        features, point_maps = self.points(batch)
        mark()
        losses = {
            "loss_2d_cls": F.multilabel_soft_margin_loss(maps.mean((2, 3)), batch["image_tags"]),
            "loss_3d_cls": F.multilabel_soft_margin_loss(point_maps.mean(1), batch["scene_tags"]),
        }
        if "rows" in batch:
            losses["loss_2d_to_3d"] = images_teach(maps, point_maps, batch, self.o)
            losses["loss_3d_to_2d"] = points_teach(maps, features, point_maps, batch, self.o)
        total = sum(losses.values())
        mark()
        total.backward()
        mark()
        for optimiser in self.optimisers.values():
            optimiser.step()
        mark()
        names = ["zero gradients", "image forward", "points forward", "losses", "backward", "optimisers"]
        for name, begin, end in zip(names, times, times[1:]):
            parts.setdefault(name, []).append(end - begin)
        found = {name: loss.item() for name, loss in losses.items()}
        if self.step == 0:  # Never among the steps that are measured.
            found["grad_norm_2d"] = gradient_norm(self.images)
            found["grad_norm_3d"] = gradient_norm(self.points)
        self.step += 1
        return found

    def steps(self, count):
        answer = {"seconds": [], "thread_seconds": [], "losses": [], "parts": {}}
        for _ in range(count):
            begin, thread_begin = time.perf_counter(), time.thread_time()
            answer["losses"].append(self.take(answer["parts"]))
            answer["seconds"].append(time.perf_counter() - begin)
            answer["thread_seconds"].append(time.thread_time() - thread_begin)
        return answer
