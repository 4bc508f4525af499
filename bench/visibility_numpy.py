"""Projects the points of one frame and tests their visibility in float32 numpy; run by bench_visibility.

usage: visibility_numpy.py FOLDER MILLISECONDS_OF_TAGSCAPE

Prints its own median time and the ratio, and fails where the two programs disagree on more than one point in 100,000.
"""

import sys
import time
from pathlib import Path

import numpy as np

VISIBLE, OUTSIDE, BEHIND, OCCLUDED, IN_FRONT, NO_DEPTH = range(6)


def evaluate(points, rotation, translation, color, depth_camera, depth):
    """The reason of every point; written as one would in numpy: whole arrays, no loop, float32."""
    camera = points @ rotation.T + translation
    z = camera[:, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        xy = camera[:, :2] / z[:, None]
    width, height, fx, fy, cx, cy = color
    u, v = fx * xy[:, 0] + cx, fy * xy[:, 1] + cy
    reason = np.full(len(points), BEHIND, np.uint8)
    before = z >= np.float32(0.05)
    inside = before & (u >= -0.5) & (u < width - 0.5) & (v >= -0.5) & (v < height - 0.5)
    reason[before] = OUTSIDE
    index = np.nonzero(inside)[0]
    width, height, fx, fy, cx, cy = depth_camera
    x = np.floor(fx * xy[index, 0] + cx + np.float32(0.5)).astype(np.int32)
    y = np.floor(fy * xy[index, 1] + cy + np.float32(0.5)).astype(np.int32)
    covered = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    measured = np.where(covered, depth[np.clip(y, 0, int(height) - 1), np.clip(x, 0, int(width) - 1)], np.float32(0))
    zi = z[index]
    difference = zi - measured
    tolerance = np.maximum(np.float32(0.05), np.float32(0.02) * zi)
    visibility = np.where(difference > tolerance, OCCLUDED, np.where(difference < -tolerance, IN_FRONT, VISIBLE))
    reason[index] = np.where(measured > 0, visibility, NO_DEPTH)
    return reason


def main():
    folder, ours_ms = Path(sys.argv[1]), float(sys.argv[2])
    rows = [list(map(float, line.split())) for line in (folder / "frame.txt").read_text().splitlines()]
    color, depth_camera = (tuple(np.float32(value) for value in row) for row in rows[:2])
    camera_from_world = np.linalg.inv(np.array(rows[2:6]))
    rotation, translation = camera_from_world[:3, :3].astype(np.float32), camera_from_world[:3, 3].astype(np.float32)
    points = np.fromfile(folder / "points.f32", np.float32).reshape(-1, 3)
    depth = np.fromfile(folder / "depth.f32", np.float32).reshape(int(depth_camera[1]), int(depth_camera[0]))
    times = []
    for _ in range(15):
        start = time.perf_counter()
        reason = evaluate(points, rotation, translation, color, depth_camera, depth)
        times.append(1e3 * (time.perf_counter() - start))
    numpy_ms = float(np.median(times))
    differing = int((reason != np.fromfile(folder / "reasons.u8", np.uint8)).sum())
    print(f"numpy {np.__version__}: {numpy_ms:.2f} ms; tagscape is {numpy_ms / ours_ms:.1f} times as fast; "
          f"{differing} of {len(points)} points are evaluated differently")
    return 0 if differing <= len(points) / 100_000 else 1


if __name__ == "__main__":
    sys.exit(main())
