#!/usr/bin/env python3
"""Writes the LAZ files of tests/golden/laz, with the writers that others use: laspy and lazrs from PyPI.

usage: make_laz.py FOLDER [--random SEED]

Without --random the points are those that tests/core/clouds/laz_test.cpp computes again. With it they are random, many,
and each file lies beside the same points as LAS, to compare both.
"""
import sys

import laspy
import numpy as np

FORMATS = (0, 1, 2, 3, 6, 7, 8)
NUM_POINTS = 400


def numbers(seed, count):
    """The upper halves of a linear congruential sequence, as tests/core/clouds/laz_test.cpp has it."""
    state, out = seed, []
    for _ in range(count):
        state = (state * 1664525 + 1013904223) % 2**32
        out.append(state >> 16)
    return np.array(out, np.int64)


def columns(count, source):
    """A dictionary of whole numbers for `count` points; `source(k)` gives column k of numbers in 0 ... 65535."""
    returns = source(3) % 5 + 1
    return {
        "X": np.cumsum(source(0) % 200 - 90), "Y": np.cumsum(source(1) % 60 - 25), "Z": source(2) % 2500,
        "number_of_returns": returns, "return_number": np.minimum(source(4) % 5 + 1, returns),
        "classification": source(5)[np.arange(count) // 20] % 19, "intensity": source(6),
        "user_data": source(7) % 4, "point_source_id": source(8)[np.arange(count) // 50] % 9,
        "red": (np.cumsum(source(9) % 2000) + 500) % 65536, "green": (np.cumsum(source(9) % 2000) + source(10) % 300) % 65536,
        "blue": np.where(np.arange(count) % 7 == 0, 0, source(11)), "nir": source(12), "extra": source(13),
        "channel": source(14)[np.arange(count) // 3] % 4, "step": source(15),
        "withheld": source(16) % 10 == 0,
    }


def make(point_format, values, has_channels):
    header = laspy.LasHeader(point_format=point_format, version="1.4" if point_format >= 6 else "1.2")
    header.scales, header.offsets = [0.001] * 3, [700000, 4500000, 0]
    header.add_extra_dim(laspy.ExtraBytesParams(name="extra", type=np.uint16))
    las = laspy.LasData(header)
    for name in ("X", "Y", "Z", "number_of_returns", "return_number", "classification", "intensity", "user_data",
                 "point_source_id", "extra", "withheld"):
        setattr(las, name, values[name].astype(np.int32 if name in "XYZ" else np.uint16 if name != "withheld" else np.uint8))
    dimensions = set(las.point_format.dimension_names)
    for name in ("red", "green", "blue", "nir"):
        if name in dimensions:
            setattr(las, name, values[name].astype(np.uint16))
    if "gps_time" in dimensions:  # mostly equal steps, some long ones
        las.gps_time = 1e5 + np.cumsum(np.where(values["step"] % 50 == 0, values["step"], values["step"] % 3 * 2e-5))
    if has_channels and "scanner_channel" in dimensions:
        las.scanner_channel = values["channel"].astype(np.uint8)
    return las


def main(folder, seed=None):
    if seed is None:
        for point_format in FORMATS:
            values = columns(NUM_POINTS, lambda k: numbers(k + 1, NUM_POINTS))
            make(point_format, values, False).write(f"{folder}/format{point_format}.laz")
        make(7, values, True).write(f"{folder}/format7_channels.laz")
        return
    count, random = 120_000, np.random.default_rng(seed)
    for point_format in FORMATS:
        values = columns(count, lambda k: random.integers(0, 65536, count))
        las = make(point_format, values, True)
        for extension in ("las", "laz"):
            las.write(f"{folder}/random{point_format}.{extension}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[3]) if "--random" in sys.argv else None)
