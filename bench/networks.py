#!/usr/bin/python3
"""The networks and point operators beside other programs', measured in turn in one run.

usage: bench/networks.py CLOUD [--program FOLDER] [--only operators|resnet38|efficientnet|pointnet2] [--rounds N]

  CLOUD      a mesh or cloud of real points, for example from `tagscape fuse SCAN --out room.ply`
  --program  where bench_networks was built (default: build/release/bench)
  --only     one part
  --rounds   how often each side is measured, alternately (default: 3)

Needs Debian's python3-torch, python3-open3d and python3-scipy. Two threads on both sides; ratios compare the medians
of all rounds. Above 1 we are faster.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "reference"))

import numpy  # noqa: E402
import open3d  # noqa: E402
import scipy.spatial  # noqa: E402
import torch  # noqa: E402

import networks  # noqa: E402

THREADS = 2


def own(*arguments):
    found = subprocess.run([options.bench, *map(str, arguments)], check=True, capture_output=True, text=True)
    return json.loads(found.stdout)


def seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def line(what, mine, theirs, unit="ms", whose=""):
    mine, theirs = statistics.median(mine), statistics.median(theirs)
    print(f"  {what:<46} {mine:9.2f} {unit}   {theirs:9.2f} {unit} {whose:<10} ratio {theirs / mine:6.2f}")


def sample(points, count):
    generator = numpy.random.default_rng(1)
    rows = generator.choice(len(points), count, replace=len(points) < count)
    return points[rows].astype(numpy.float32)


def write_points(folder, points):
    path = os.path.join(folder, "points")
    points.tofile(path)
    return path


def operators(points, folder):
    print("point operators, 40,000 points, 2,048 samples (own | other)")
    cloud = sample(points, 40000)
    path = write_points(folder, cloud)
    as_open3d = open3d.geometry.PointCloud(open3d.utility.Vector3dVector(cloud.astype(numpy.float64)))
    centres = numpy.asarray(as_open3d.farthest_point_down_sample(2048).points).astype(numpy.float32)
    mine = {"farthest": [], "ball": [], "nearest": []}
    theirs = {"farthest": [], "ball": [], "nearest": []}
    for _ in range(options.rounds):
        figures = own("operators", path, 2048, THREADS, 5)
        for name in mine:
            mine[name].append(figures[name]["median"])
        theirs["farthest"].append(1e3 * seconds(lambda: as_open3d.farthest_point_down_sample(2048)))
        theirs["ball"].append(1e3 * seconds(lambda: scipy.spatial.cKDTree(cloud).query_ball_point(centres, 0.2, workers=THREADS)))
        theirs["nearest"].append(1e3 * seconds(lambda: scipy.spatial.cKDTree(centres).query(cloud, 3, workers=THREADS)))
    line("farthest point sampling", mine["farthest"], theirs["farthest"], whose="Open3D")
    line("ball query, r 0.2, 64 neighbours", mine["ball"], theirs["ball"], whose="scipy")
    line("3 nearest, 2,048 to 40,000", mine["nearest"], theirs["nearest"], whose="scipy")
    figures = own("operators", path, 2048, THREADS, 1, "tensors")
    for name in mine:
        print(f"  {name + ', tensor formulation':<46} {figures[name + '_tensors']['median']:9.1f} ms")
    print("scaling: points, samples, threads: farthest, ball, nearest (ms)")
    for count, samples in [(10000, 512), (40000, 2048), (160000, 8192)]:
        path = write_points(folder, sample(points, count))
        for threads in [1, 2]:
            figures = own("operators", path, samples, threads, 3)
            print(f"  {count:>7} {samples:>5} {threads}: " + "  ".join(f"{figures[name]['median']:8.2f}" for name in mine))


def resnet38(points, folder):
    print("ResNet38, width 1, 256 x 256, one image, the same layers frozen (own | python3-torch)")
    module = networks.randomise(networks.ResNet38()).freeze().eval()
    images = torch.randn(1, 3, 256, 256)
    mine, theirs = {"forward": [], "both": []}, {"forward": [], "both": []}
    module(images).square().mean().backward()
    for _ in range(options.rounds):
        figures = own("resnet38", 256, THREADS, 2)
        mine["forward"].append(figures["forward_s"]["median"])
        mine["both"].append(figures["both_s"]["median"])
        for _ in range(2):
            module.zero_grad(set_to_none=True)
            begin = time.perf_counter()
            maps = module(images)
            theirs["forward"].append(time.perf_counter() - begin)
            maps.square().mean().backward()
            theirs["both"].append(time.perf_counter() - begin)
    line("forward", mine["forward"], theirs["forward"], "s ")
    line("forward and backward", mine["both"], theirs["both"], "s ")
    rate = figures["forward_gflop"] / statistics.median(mine["forward"])
    print(
        f"  forward {figures['forward_gflop']:.0f} GFLOP at {rate:.0f} GFLOP/s; one large convolution alone runs at "
        f"{figures['convolution_gflops']:.0f} GFLOP/s"
    )
    print(
        f"  peak: {figures['tensor_peak_MiB']:.0f} MiB of tensors beside the weights, "
        f"{figures['process_peak_MiB']:.0f} MiB of the process"
    )


def efficientnet(points, folder):
    print("EfficientNet-Lite, one frame of 512 x 384, frozen (own | python3-torch)")
    images = torch.randn(1, 3, 384, 512)
    for variant in networks.LITE_VARIANTS:
        for stride in [32, 16, 8]:
            module = networks.EfficientNetLite(variant, stride).eval()
            mine, theirs = [], []
            with torch.no_grad():
                module(images)
                for _ in range(options.rounds):
                    mine.append(own("efficientnet", variant, 384, 512, stride, THREADS, 3)["logits"]["median"])
                    theirs += [1e3 * seconds(lambda: module(images)) for _ in range(3)]
            line(f"{variant}, output stride {stride}", mine, theirs)


def pointnet2(points, folder):
    print("PointNet++ (votenet), 40,000 points, training step with search, forward and backward")
    path = write_points(folder, sample(points, 40000))
    rounds = [own("pointnet2", path, THREADS, 3) for _ in range(options.rounds)]
    middle = {name: statistics.median(r[name]["median"] for r in rounds) for name in rounds[0]}
    for name in ["step_s", "search_s", "forward_s", "backward_s", "gather_s", "products_s"]:
        print(f"  {name[:-2]:<10} {1e3 * middle[name]:8.0f} ms")
    share = (middle["search_s"] + middle["gather_s"]) / middle["step_s"]
    print(f"  operators (search, grouping, maxima, interpolation): {100 * share:.0f} % of the step;")
    print(f"  all matrix products alone: {100 * middle['products_s'] / middle['step_s']:.0f} %")


parser = argparse.ArgumentParser(usage=__doc__, add_help=True)
parser.add_argument("cloud")
parser.add_argument("--program", default="build/release/bench")
parser.add_argument("--only", choices=["operators", "resnet38", "efficientnet", "pointnet2"])
parser.add_argument("--rounds", type=int, default=3)
options = parser.parse_args()
options.bench = os.path.join(options.program, "bench_networks")
torch.set_num_threads(THREADS)
found = numpy.asarray(open3d.io.read_point_cloud(options.cloud).points)
if len(found) == 0:
    sys.exit(f"error: {options.cloud} holds no points. Name a mesh or cloud that Open3D reads")
print(f"{options.cloud}: {len(found)} points; {THREADS} threads; LibTorch {torch.__version__}")
with tempfile.TemporaryDirectory() as scratch:
    for part in [operators, resnet38, efficientnet, pointnet2]:
        if options.only in (None, part.__name__):
            part(found, scratch)
