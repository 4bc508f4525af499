#!/usr/bin/python3
"""The studio, CloudCompare and Open3D's visualizer beside each other on one cloud, in one run, by what reaches the screen:

  - seconds from the command to the complete picture (the last change of the middle of the screen before it rests),
  - pictures a second while the user turns the cloud (changes of the middle of the screen while the mouse drags),
  - resident memory that a point adds to the process (this cloud against one of 1000 points).

All three run one after the other on the same virtual screen (Xvfb, 1400 x 1000; 3D views of about 660 x 540, the studio's 30 % larger), so with software OpenGL where there is no
graphics card; the studio's numbers while it draws all points are its own (--bench-orbit --all-points). Prints JSON lines.

usage: bench/viewers.py CLOUD.ply [BUILD_FOLDER] [--rounds N]

Needs xdotool, xvfb, python3-numpy; of CloudCompare (apt install cloudcompare) and python3-open3d those that are there.
"""
import argparse
import json
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import numpy

SCREEN = (1400, 1000)
MIDDLE = (slice(150, 540, 3), slice(560, 880, 3))  # Inside the 3D view of all three programs.
REST_S = 2.0
LONGEST_S = 60.0
TURN_S = 6.0

OPEN3D = """
import sys, open3d
cloud = open3d.io.read_point_cloud(sys.argv[1])
open3d.visualization.draw_geometries([cloud], width=662, height=540, left=321, top=62)
"""


class Screen:
    """A virtual screen whose pixels lie in a file."""

    def __init__(self, folder):
        self.name = ":" + str(90 + os.getpid() % 400)
        self.server = subprocess.Popen(
            ["Xvfb", self.name, "-screen", "0", f"{SCREEN[0]}x{SCREEN[1]}x24", "-fbdir", folder],
            stderr=subprocess.DEVNULL)
        path = os.path.join(folder, "Xvfb_screen0")
        while not os.path.exists(path) or os.path.getsize(path) < SCREEN[0] * SCREEN[1] * 4:
            time.sleep(0.05)
        raw = numpy.memmap(path, dtype=numpy.uint8, mode="r")
        offset = raw.size - SCREEN[0] * SCREEN[1] * 4  # After the header and colour table of an XWD file.
        self.pixels = raw[offset:].view(numpy.uint32).reshape(SCREEN[1], SCREEN[0])
        self.environment = dict(os.environ, DISPLAY=self.name, LIBGL_ALWAYS_SOFTWARE="1", QT_QPA_PLATFORM="xcb")

    def middle(self):
        return hash(self.pixels[MIDDLE].tobytes())

    def press(self, *words):
        subprocess.run(["xdotool", *map(str, words)], env=self.environment, check=False)

    def close(self):
        self.server.terminate()
        self.server.wait()


def rests(screen, started):
    """Waits until the middle has changed and then rests; returns when it changed last, seconds after `started`."""
    first = last = screen.middle()
    changed = None
    while time.time() - started < LONGEST_S:
        time.sleep(0.01)
        now = screen.middle()
        if now != last:
            last, changed = now, time.time()
        if changed and last != first and time.time() - changed > REST_S:
            return changed - started
    return None


def turning_rate(screen):
    """Pictures a second while the left button drags."""
    screen.press("mousemove", 700, 350, "mousedown", 1)
    mover = subprocess.Popen(
        ["bash", "-c", "for ((i = 0; i < 100000; i++)); do if ((i / 40 % 2)); then x=-4; else x=4; fi; "
                       "xdotool mousemove_relative -- $x 1 mousemove_relative -- $x 0; sleep 0.012; done"],
        env=screen.environment, start_new_session=True)
    time.sleep(1)
    started, last, pictures = time.time(), screen.middle(), 0
    while time.time() - started < TURN_S:
        now = screen.middle()
        pictures += now != last
        last = now
        time.sleep(0.003)
    os.killpg(mover.pid, signal.SIGTERM)
    mover.wait()
    screen.press("mouseup", 1)
    return pictures / TURN_S


def memory_bytes(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS"))


def confirm_import(screen):
    """CloudCompare asks which property is what; a user who knows presses Return at once."""
    found = subprocess.run(["xdotool", "search", "--sync", "--name", "Ply File Open"], env=screen.environment,
                           capture_output=True, text=True, timeout=LONGEST_S, check=False)
    if found.stdout.split():
        screen.press("windowfocus", found.stdout.split()[-1], "key", "Return")


def run(screen, command, after_start=None, turns=True):
    started = time.time()
    process = subprocess.Popen(command, env=screen.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    if after_start:
        after_start(screen)
    picture_s = rests(screen, started)
    result = {"picture_s": picture_s, "bytes": memory_bytes(process)}
    if turns:
        result["turning_fps"] = turning_rate(screen)
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    time.sleep(0.5)
    return result


def programs(build):
    found = {"studio": lambda cloud: [f"{build}/bin/tagscape-studio", "--size", "1280x800", cloud]}
    if shutil.which("CloudCompare"):
        found["CloudCompare"] = lambda cloud: ["CloudCompare", cloud]
    if subprocess.run(["/usr/bin/python3", "-c", "import open3d"], capture_output=True, check=False).returncode == 0:
        found["Open3D"] = lambda cloud: ["/usr/bin/python3", "-c", OPEN3D, cloud]
    return found


AFTER_START = {"CloudCompare": confirm_import}


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("cloud")
    parser.add_argument("build", nargs="?", default="build/release")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with open(options.cloud, "rb") as file:
        num_points = int(next(line.split()[2] for line in file if line.startswith(b"element vertex")))
    folder = tempfile.mkdtemp()
    small = os.path.join(folder, "small.ply")
    subprocess.run([os.path.join(os.path.dirname(__file__), "make_cloud.py"), small, "1000"], check=True)
    screen = Screen(folder)
    try:
        results = {name: [] for name in programs(options.build)}
        for _ in range(options.rounds):
            for name, command in programs(options.build).items():
                results[name].append(run(screen, command(options.cloud), AFTER_START.get(name)))
        for name, command in programs(options.build).items():
            empty = run(screen, command(small), AFTER_START.get(name), turns=False)["bytes"]
            rows = results[name]
            print(json.dumps({
                "program": name, "points": num_points, "load": round(os.getloadavg()[0], 1),
                "picture_s": [row["picture_s"] and round(row["picture_s"], 2) for row in rows],
                "turning_fps": [round(row["turning_fps"], 1) for row in rows],
                "median_turning_fps": round(statistics.median(row["turning_fps"] for row in rows), 1),
                "process_bytes_a_point": round((rows[-1]["bytes"] - empty) / num_points, 1)}), flush=True)
    finally:
        screen.close()
        shutil.rmtree(folder)


sys.exit(main())
