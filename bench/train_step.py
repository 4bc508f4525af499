#!/usr/bin/python3
"""A joint training step beside the same step written in python3-torch: the same networks, batches, losses, optimisers.

usage: bench/train_step.py SET [--preset rooms|scannet] [--clouds N] [--rounds N] [--steps N] [--program FOLDER]
                           [--no-python] [--no-threads] [--set OPTION=VALUE …]

  SET        a data set of scans with tags, for example from `tagscape synth SET --preset rooms`
  --preset   rooms: the small networks. scannet: ResNet38, the full PointNet++, crops of 256 pixels, 40,000 points
  --clouds   clouds (and crops) of a step (default: the preset's)
  --rounds   how often both sides are measured, alternately (default: 4)
  --steps    steps of a round (default: 8)
  --program  where bench_train_step was built (default: build/release/bench)
  --set      any training option (`tagscape train --help`)

Both sides begin with the same weights and take the same batches in the same order; both losses between the networks are
on from the first step. The losses of both and the lengths of their gradients are compared: work that gives others is
not the same. Labels are those of single points by single frames (lift=frame), the form that both sides have; what labels
of superpoints cost besides is told by a training's log. On one thread
each; "processor" is the time of the stepping thread alone, which other programs on the machine hardly change, "clock"
is what passes. Our side makes its batches itself meanwhile, on a thread of its own; the other has them in memory.
Ratios are of medians over all steps; above 1 we are faster.
"""

import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time

for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]:
    os.environ[name] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "reference"))

import torch  # noqa: E402
import torch.nn as nn  # noqa: E402
import torch.nn.functional as F  # noqa: E402

import networks  # noqa: E402

WARM_UP = {"rooms": 2, "scannet": 1}
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
    if o["pseudo_labels"] == "logits" and o["score"] == "share":
        scores, labels = shares.max(2)
    elif o["pseudo_labels"] == "cam" and o["score"] == "tagged":
        largest, labels = cams_at_places(maps, batch, o).max(2)
        tagged = shares * torch.sigmoid(maps[batch["crops"]].mean((2, 3)))[:, None]
        scores = tagged.gather(2, labels[..., None]).squeeze(2) * (largest > 1e-4)
    else:
        sys.exit("error: these pseudo-labels are not written in Python")
    rows = point_maps.flatten(0, 1)[batch["rows"]]
    return balanced_entropy(rows, labels.flatten(), scores.flatten(), o["balance_exponent"])


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
            masked.flatten(0, 1), labels.flatten(), scores.flatten(), o["reverse_balance_exponent"]
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


class OwnSteps:
    def __init__(self, folder, num_batches, choices):
        self.process = subprocess.Popen(
            [os.path.join(options.program, "bench_train_step"), options.set, folder, options.preset, str(num_batches)]
            + [f"{name}={value}" for name, value in choices.items()],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.answer()

    def answer(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("error: bench_train_step ended; its message is above")
        return json.loads(line)

    def ask(self, command, count=0):
        self.process.stdin.write(f"{command} {count}\n")
        self.process.stdin.flush()
        return self.answer()

    def end(self):
        self.process.stdin.close()
        self.process.wait()


# ------------------------------------------------------------------------------------------------ figures


def middle_ms(values):
    return 1e3 * statistics.median(values)


def compare_losses(mine, theirs):
    """The first step computes with equal weights: only rounding may differ, in the lengths of the gradients too. Later
    steps amplify it."""
    print("losses of both sides (and gradients of the first step): step, largest relative difference")
    for number, (own, other) in enumerate(zip(mine, theirs)):
        worst = max(abs(own[name] - value) / max(abs(value), 1e-3) for name, value in other.items())
        if number in (0, 1, 4, 9, 19):
            print(f"  {number + 1:>3}: {worst:.1e}   " + ", ".join(f"{name} {own[name]:.5f}" for name in other))
        limit = 1e-3 if number == 0 else 0.05 if number < 5 else None
        if limit and worst > limit:
            sys.exit(f"error: the losses of step {number + 1} differ by more than {limit}: this is not the same work")


def print_parts(title, parts):
    whole = sum(statistics.median(values) for values in parts.values())
    print(f"{title}: {1e3 * whole:.1f} ms")
    for name, values in parts.items():
        print(f"  {name:<16} {middle_ms(values):9.2f} ms  {100 * statistics.median(values) / whole:5.1f} %")


def alternate(own, python, rounds):
    mine = {"seconds": [], "thread_seconds": [], "losses": [], "waited_s": 0}
    theirs = {"seconds": [], "thread_seconds": [], "losses": [], "parts": {}}
    for number in range(-1, rounds):
        count = options.steps if number >= 0 else WARM_UP[options.preset]
        a, b = own.ask("steps", count), python.steps(count) if python else None
        mine["losses"] += a["losses"]
        theirs["losses"] += b["losses"] if b else []
        if number < 0:
            continue
        mine["waited_s"] += a["waited_s"]
        for name in ("seconds", "thread_seconds"):
            mine[name] += a[name]
            theirs[name] += b[name] if b else []
        for name, values in (b["parts"] if b else {}).items():
            theirs["parts"].setdefault(name, []).extend(values)
    return mine, theirs


def print_ratios(title, mine, theirs):
    print(title)
    for name, key in (("processor", "thread_seconds"), ("clock", "seconds")):
        other = ""
        if theirs[key]:
            ratio = statistics.median(theirs[key]) / statistics.median(mine[key])
            other = f"   python3-torch {middle_ms(theirs[key]):9.1f} ms   ratio {ratio:5.2f}"
        print(f"  {name:<10} own {middle_ms(mine[key]):9.1f} ms{other}")
    print(f"  waiting for data: {100 * mine['waited_s'] / sum(mine['seconds']):.1f} % of our steps")


def main():
    choices = {"reverse_after": 0, "loader_threads": 1, "lift": "frame"}
    choices |= {"lift_least_share": 0, "lift_appearance": "false", "lift_network": "false"}
    if options.preset == "scannet":
        # Random weights under fixed statistics give large gradients; the published rate is for pretrained ones.
        choices["joint_image_lr"] = 1e-7
    if options.clouds:
        choices["joint_batch"] = options.clouds
    choices.update(choice.split("=", 1) for choice in options.set_options)
    num_batches = WARM_UP[options.preset] + options.rounds * options.steps
    with tempfile.TemporaryDirectory() as folder:
        own = OwnSteps(folder, num_batches, choices)
        print("threads: " + own.ask("threads", 1)["choice"])
        torch.set_num_threads(1)
        python = None if options.no_python else PythonSteps(folder)
        mine, theirs = alternate(own, python, options.rounds)
        if python:
            compare_losses(mine["losses"], theirs["losses"])
        print_ratios(f"joint step, preset {options.preset}, one thread, {len(mine['seconds'])} steps", mine, theirs)
        print_parts("our parts, processor time", own.ask("parts", options.steps))
        if python:
            print_parts("python3-torch's parts, processor time", theirs["parts"])
        figures = own.ask("memory")
        print(f"memory: {figures['step_MiB']:.0f} MiB of tensors in a step beside weights, gradients and what optimisers")
        print(f"  remember; {figures['process_MiB']:.0f} MiB of the process at most")
        if not options.no_threads:
            choice = own.ask("threads", 2)["choice"]
            torch.set_num_threads(2)
            # The large networks' products are worth two threads of OpenBLAS, which python3-torch cannot be given here.
            both = python if options.preset == "rooms" else None
            mine, theirs = alternate(own, both, options.rounds)
            print_ratios(f"the same with {choice}", mine, theirs)
        own.end()


parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
parser.add_argument("set")
parser.add_argument("--preset", default="rooms", choices=["rooms", "scannet"])
parser.add_argument("--clouds", type=int)
parser.add_argument("--rounds", type=int, default=4)
parser.add_argument("--steps", type=int, default=8)
parser.add_argument("--program", default="build/release/bench")
parser.add_argument("--set", dest="set_options", action="append", default=[], metavar="OPTION=VALUE")
parser.add_argument("--no-python", action="store_true")
parser.add_argument("--no-threads", action="store_true")
options = parser.parse_args()
main()
