#!/usr/bin/python3
"""Writes a PLY of points on the surfaces of a furnished room (binary, float x y z, uchar red green blue), the same for the
same number: for comparing viewers on clouds of any size.

usage: bench/make_cloud.py OUT.ply NUM_POINTS
"""
import sys

import numpy

SIZE_M = numpy.array([6.0, 4.5, 2.6])


def faces_of_box(low, high):
    """The six faces of a box, each a corner and two edges."""
    size = high - low
    for axis in range(3):
        edges = [numpy.eye(3)[other] * size[other] for other in range(3) if other != axis]
        for end in (0.0, 1.0):
            yield low + numpy.eye(3)[axis] * size[axis] * end, edges[0], edges[1]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    path, count = sys.argv[1], int(sys.argv[2])
    random = numpy.random.default_rng(1)
    faces = [(face, numpy.array([190, 190, 180])) for face in faces_of_box(numpy.zeros(3), SIZE_M)]
    for _ in range(24):  # Furniture: boxes on the floor.
        size = random.uniform([0.3, 0.3, 0.3], [1.2, 1.0, 1.2])
        low = random.uniform(numpy.zeros(3), SIZE_M - size) * [1, 1, 0]
        color = random.integers(60, 230, 3)
        faces += [(face, color) for face in faces_of_box(low, low + size)]
    areas = numpy.array([numpy.linalg.norm(numpy.cross(u, v)) for (_, u, v), _ in faces])
    which = numpy.sort(random.choice(len(faces), count, p=areas / areas.sum()))
    corner, u, v = (numpy.array([face[part] for face, _ in faces])[which] for part in range(3))
    along = random.random((2, count, 1))
    points = corner + along[0] * u + along[1] * v + random.normal(0, 0.002, (count, 3))
    colors = numpy.array([color for _, color in faces])[which] + random.integers(-12, 13, (count, 3))
    vertices = numpy.zeros(count, dtype=[("xyz", "<f4", 3), ("rgb", "u1", 3)])
    vertices["xyz"], vertices["rgb"] = points, numpy.clip(colors, 0, 255)
    header = ["ply", "format binary_little_endian 1.0", f"element vertex {count}"]
    header += [f"property float {name}" for name in "xyz"] + [f"property uchar {name}" for name in ("red", "green", "blue")]
    with open(path, "wb") as file:
        file.write(("\n".join(header + ["end_header"]) + "\n").encode())
        vertices.tofile(file)


main()
