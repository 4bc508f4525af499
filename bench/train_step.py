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
not the same. Labels are those of single points by single frames (views=single), the form that both sides have; what labels
of superpoints cost besides is told by a training's log. On one thread
each; "processor" is the time of the stepping thread alone, which other programs on the machine hardly change, "clock"
is what passes. Our side makes its batches itself meanwhile, on a thread of its own; the other has them in memory.
Ratios are of medians over all steps; above 1 we are faster.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile

for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]:
    os.environ[name] = "1"
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch  # noqa: E402

from train_step_torch import PythonSteps  # noqa: E402

WARM_UP = {"rooms": 2, "scannet": 1}


# ------------------------------------------------------------------------------------------------ steps


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
    choices = {"warmup_fraction": 0, "loader_threads": 1, "views": "single"}
    choices |= {"min_tag_area": 0, "superpoint_lda": "false", "superpoint_mlp": "false"}
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
