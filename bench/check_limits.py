#!/usr/bin/env python3
"""What `tagscape info --check` says of scans whose poses, axes, units of depth or cameras were made wrong.

usage: check_limits.py TAGSCAPE SCAN... [--every N]

TAGSCAPE is the program. Each SCAN is a folder of exported frames (color/, depth/, pose/, intrinsic/), with a mesh
beside them (mesh.ply) or without: then one is fused from its own poses first, and stays while the poses change. Prints
a table in Markdown.
"""
import json
import math
import pathlib
import shutil
import subprocess
import sys
import tempfile


def read_pose(path):
    numbers = [float(word) for word in path.read_text().replace(",", " ").split()]
    return [numbers[4 * row:4 * row + 4] for row in range(4)]


def write_pose(path, matrix):
    path.write_text("\n".join(" ".join(f"{value:.9g}" for value in row) for row in matrix) + "\n")


def times(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(4)) for j in range(4)] for i in range(4)]


def yawed(degrees):
    """Turns a camera about its own place and the world's vertical axis."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def change(pose):
        turned = times([[c, -s, 0, 0], [s, c, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], pose)
        for row in range(3):
            turned[row][3] = pose[row][3]
        return turned
    return change


def inverted(pose):
    rotation = [[pose[j][i] for j in range(3)] for i in range(3)]
    place = [-sum(rotation[i][k] * pose[k][3] for k in range(3)) for i in range(3)]
    return [rotation[i] + [place[i]] for i in range(3)] + [[0, 0, 0, 1]]


def opengl(pose):
    return [[row[0], -row[1], -row[2], row[3]] for row in pose]


def scale_cameras(factor):
    def change(folder):
        for path in folder.glob("intrinsic/intrinsic_*.txt"):
            matrix = read_pose(path)
            matrix[0][0] *= factor
            matrix[1][1] *= factor
            write_pose(path, matrix)
    return change


# name, change of a pose, change of the folder, options of the program
CHANGES = [
    ("as given", None, None, []),
    ("yawed by 1°", yawed(1), None, []),
    ("yawed by 2°", yawed(2), None, []),
    ("yawed by 3°", yawed(3), None, []),
    ("poses inverted", inverted, None, []),
    ("other axes", opengl, None, []),
    ("inverted, other axes", lambda pose: inverted(opengl(pose)), None, []),
    ("depth × 1/5", None, None, ["--depth-scale", "5000"]),
    ("depth × 4", None, None, ["--depth-scale", "250"]),
    ("focal lengths × 2", None, scale_cameras(2), []),
    ("focal lengths × 0.5", None, scale_cameras(0.5), []),
    ("focal lengths × 1.1", None, scale_cameras(1.1), []),
]


def copied(scan, mesh, folder, change_pose, change_folder):
    for part in ("color", "depth"):
        (folder / part).symlink_to((scan / part).resolve())
    shutil.copytree(scan / "intrinsic", folder / "intrinsic")
    (folder / "mesh.ply").symlink_to(mesh.resolve())
    (folder / "pose").mkdir()
    for path in (scan / "pose").glob("*.txt"):
        if change_pose is None:
            shutil.copy(path, folder / "pose")
        else:
            write_pose(folder / "pose" / path.name, change_pose(read_pose(path)))
    for path in [folder / "intrinsic", *folder.glob("intrinsic/*")]:
        path.chmod(0o755)
    if change_folder is not None:
        change_folder(folder)


def check(program, folder, every, options):
    run = subprocess.run([program, "info", "--check", "--json", "--no-cache", "--every", every, *options, folder],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return json.loads(run.stdout)["check"] if run.stdout else {"refused": run.stderr.strip()}


def main(program, scans, every):
    print("| scan | change | within 5 cm | in front | colour | gain if turned | verdict | remedy |")
    print("|---|---|---|---|---|---|---|---|")
    for scan in map(pathlib.Path, scans):
        with tempfile.TemporaryDirectory() as temporary:
            work = pathlib.Path(temporary)
            mesh = scan / "mesh.ply"
            if not mesh.exists():
                mesh = work / "fused.ply"
                subprocess.run([program, "fuse", scan, "--out", mesh, "--no-cache", "--quiet"], check=True,
                               stdout=subprocess.DEVNULL)
            for number, (name, change_pose, change_folder, options) in enumerate(CHANGES):
                folder = work / f"{number}"
                folder.mkdir()
                copied(scan, mesh, folder, change_pose, change_folder)
                found = check(program, folder, every, options)
                if "refused" in found:
                    print(f"| {scan.name} | {name} | | | | | refused | {found['refused']} |")
                    continue
                share = found.get("fraction_close_unhidden", found["fraction_close"])
                remedy = found["remedy"]["option"] if found["remedy"] else ""
                print(f"| {scan.name} | {name} | {100 * share:.0f} % | {100 * found['fraction_in_front']:.0f} % "
                      f"| {found['color_correlation']:.2f} | {100 * found['gain_if_turned']:+.1f} % "
                      f"| {found['consistency']} | {remedy} |", flush=True)


if __name__ == "__main__":
    arguments = sys.argv[1:]
    frames = "4"
    if "--every" in arguments:
        place = arguments.index("--every")
        frames = arguments[place + 1]
        del arguments[place:place + 2]
    main(arguments[0], arguments[1:], frames)
