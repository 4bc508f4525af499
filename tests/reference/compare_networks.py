"""Compares the C++ networks with the same ones in Python, and the weight files that each writes.

usage: compare_networks.py REFERENCE_DUMP TAGSCAPE [CASE…]

Exit code 77: python3-torch is not installed, nothing was compared.
"""

import copy
import json
import os
import struct
import subprocess
import sys
import tempfile
import time

try:
    import numpy
    import torch
except ImportError as missing:
    print(f"skipped: {missing}; install Debian's python3-torch to compare with it")
    sys.exit(77)

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import networks  # noqa: E402
import weight_files  # noqa: E402

OUTPUT_TOLERANCE = 1e-4  # of the largest value; float32, sums in another order
DEEP_TOLERANCE = 5e-4  # the same through the 50 to 65 layers of EfficientNet-Lite, with random weights or statistics of a batch
# Gradients are compared in float64, parameter by parameter. In float32 a value at the bend of a ReLU lies on the one
# side here and on the other there, as rounding decides, and so do the two nearest neighbours of a pooling: the gradient
# of that unit is then there or not, whoever computes. Of the thousands of units of a layer that is a few, so that the
# gradient as a whole stays within a tenth, unless Python's own in float32 is further off; a formula that is wrong is off
# by more than that, and by as much in float64.
GRADIENT_TOLERANCE = 0.1
GRADIENT_TOLERANCE_64 = 1e-9

dump, tagscape = sys.argv[1:3]
problems = []


def read_safetensors(path):
    with open(path, "rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
        data = file.read()
    found = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        dtype = {"F32": numpy.float32, "F64": numpy.float64}[entry["dtype"]]
        found[name] = torch.from_numpy(numpy.frombuffer(data[begin:end], dtype).reshape(entry["shape"]).copy())
    return found


def check(what, own, reference, tolerance):
    own, reference = own.detach().reshape(-1), reference.detach().reshape(-1)
    if own.shape != reference.shape:
        problems.append(f"{what}: {tuple(own.shape)} values instead of {tuple(reference.shape)}")
        return
    scale = reference.abs().max().clamp(min=1e-12)
    error = ((own - reference).abs().max() / scale).item()
    verdict = "ok" if error <= tolerance else "TOO FAR"
    print(f"  {what:<44} {error:.1e} {verdict}")
    if not error <= tolerance:
        problems.append(f"{what}: differs by {error:.1e} of its largest value")


def run_own(folder, network, weights, inputs, mode="eval", *more):
    weight_files.write_safetensors(f"{folder}/inputs", inputs)
    subprocess.run([dump, network, weights, f"{folder}/inputs", f"{folder}/outputs", mode, *more], check=True)
    return read_safetensors(f"{folder}/outputs")


def compare_taps(title, own, taps, tolerance=OUTPUT_TOLERANCE):
    for name, tensor in taps.items():
        check(f"{title} {name}", own["tap." + name], tensor, tolerance)


def distance(gradient, exact, floor=1e-30):
    return ((gradient.reshape(-1).double() - exact.reshape(-1)).norm() / exact.norm().clamp(min=floor)).item()


def compare_gradients(title, own, module, exact):
    pairs = zip(module.named_parameters(), exact.parameters())
    pairs = [(name, parameter, twin) for (name, parameter), twin in pairs if parameter.requires_grad]
    whole = torch.cat([twin.grad.reshape(-1) for _, _, twin in pairs])
    mine = distance(torch.cat([own["grad." + name].reshape(-1) for name, _, _ in pairs]), whole)
    theirs = distance(torch.cat([parameter.grad.reshape(-1) for _, parameter, _ in pairs]), whole)
    print(f"  {title + ' gradients':<44} {mine:.1e} (Python in float32: {theirs:.1e})")
    if not mine <= max(GRADIENT_TOLERANCE, 10 * theirs):
        problems.append(f"{title}: the gradients are {mine:.1e} off, Python's own {theirs:.1e}")


def compare_gradients_64(title, own, exact):
    # What the next normalisation takes away again, as the shift of a layer without activation, has a gradient of zero up
    # to rounding.
    floor = 1e-6 * max(twin.grad.norm() for twin in exact.parameters())
    worst = 0.0
    for name, twin in exact.named_parameters():
        mine = distance(own["grad." + name], twin.grad, floor)
        worst = max(worst, mine)
        if not mine <= GRADIENT_TOLERANCE_64:
            problems.append(f"{title}: the gradient of {name} in float64 is {mine:.1e} off")
    print(f"  {title + ' gradients in float64, worst':<44} {worst:.1e}")


def compare_statistics(title, own, module):
    for statistic, tensor in module.named_buffers():
        if tensor.dtype == torch.float32:
            after = own["after." + statistic]
            error = ((after - tensor).abs().max() / tensor.abs().max()).item()
            if not error <= OUTPUT_TOLERANCE:
                problems.append(f"{title}: {statistic} differs by {error:.1e} after a step")


def resnet38_outputs(folder):
    """The whole network at width 1 on 256 x 256 pixels, weights through MXNet's oldest layout."""
    module = networks.randomise(networks.ResNet38()).eval()
    count = sum(p.numel() for name, p in module.named_parameters() if not name.startswith("fc8"))
    if count != 105070912:
        problems.append(f"the Python network has {count} parameters")
    named = weight_files.mxnet_named(module.state_dict())
    named["fc8.weight"] = module.fc8.weight
    weight_files.write_mxnet(f"{folder}/full.params", named, 0)
    images = torch.randn(1, 3, 256, 256)
    with torch.no_grad():
        compare_taps("resnet38", run_own(folder, "resnet38", f"{folder}/full.params", {"images": images}), module.taps(images))
    os.remove(f"{folder}/full.params")


def resnet38_gradients(folder):
    for size in [(64, 64), (50, 70)]:
        module = networks.randomise(networks.ResNet38(0.125)).freeze().eval()
        exact = copy.deepcopy(module).double()
        weight_files.write_safetensors(f"{folder}/w", module.state_dict())
        images = torch.randn(2, 3, *size)
        maps = module(images)
        upstream = torch.randn(maps.shape)
        (maps * upstream).sum().backward()
        (exact(images.double()) * upstream.double()).sum().backward()
        own = run_own(folder, "resnet38", f"{folder}/w", {"images": images, "upstream": upstream})
        check(f"resnet38 {size} maps", own["tap.logits"], maps, OUTPUT_TOLERANCE)
        compare_gradients(f"resnet38 {size}", own, module, exact)


def efficientnet_outputs(folder):
    """Both variants at every output stride, on sides that every reduction divides, and on odd ones."""
    for variant in networks.LITE_VARIANTS:
        module = networks.randomise(networks.EfficientNetLite(variant)).eval()
        weight_files.write_pth(f"{folder}/w.pth", module.state_dict(), legacy=True)
        for stride, size in [(32, (224, 224)), (16, (96, 128)), (8, (65, 90)), (32, (71, 130))]:
            twin = networks.EfficientNetLite(variant, stride).eval()
            twin.load_state_dict(module.state_dict())
            inputs = {"images": torch.randn(2, 3, *size)}
            with torch.no_grad():
                taps = twin.double().taps(inputs["images"].double())
            title = f"{variant} stride {stride} {size}"
            own = run_own(folder, variant, f"{folder}/w.pth", inputs, "eval64", str(stride))
            compare_taps(title + " float64", own, taps, GRADIENT_TOLERANCE_64)
            own = run_own(folder, variant, f"{folder}/w.pth", inputs, "eval", str(stride))
            compare_taps(title, own, taps, DEEP_TOLERANCE)


def weight_folder():
    """Where `tagscape weights fetch` keeps what it gets."""
    data = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    return os.environ.get("TAGSCAPE_WEIGHTS") or os.path.join(data, "tagscape", "weights")


def published_weights(folder):
    """The released weights of EfficientNet-Lite, as they are, on an image that is no noise."""
    for variant, name in [("efficientnet-lite0", "57934424"), ("efficientnet-lite2", "9656183e")]:
        path = os.path.join(weight_folder(), f"{variant}-{name}.pth")
        if not os.path.exists(path):
            print(f"  skipped: {path} is not there; `tagscape weights fetch {variant}` gets it")
            continue
        module = networks.EfficientNetLite(variant, 16).eval()
        module.load_state_dict(torch.load(path))
        rows = torch.linspace(-1, 1, 192)[:, None] + torch.sin(torch.linspace(0, 9, 256))[None]
        images = torch.stack([rows / 2, rows.abs() - 0.5, -rows / 2])[None]
        with torch.no_grad():
            taps = module.taps(images)
        own = run_own(folder, variant, path, {"images": images}, "eval", "16")
        compare_taps(f"{variant} published", own, taps)


def efficientnet_gradients(folder):
    variant = "efficientnet-lite0"
    for mode, stride, size in [("eval", 16, (64, 64)), ("train", 16, (64, 64)), ("train", 8, (50, 70))]:
        title = f"{variant} {mode} stride {stride}"
        module = networks.randomise(networks.EfficientNetLite(variant, stride, 10)).train(mode == "train")
        exact = copy.deepcopy(module).double()
        weight_files.write_safetensors(f"{folder}/w", module.state_dict())
        images = torch.randn(3, 3, *size)
        logits = module(images)
        upstream = torch.randn(logits.shape)
        (logits * upstream).sum().backward()
        (exact(images.double()) * upstream.double()).sum().backward()
        inputs = {"images": images, "upstream": upstream}
        own = run_own(folder, variant, f"{folder}/w", inputs, mode, str(stride))
        check(f"{title} logits", own["tap.logits"], logits, DEEP_TOLERANCE)
        if mode == "eval":
            compare_gradients(title, own, module, exact)
        compare_gradients_64(title, run_own(folder, variant, f"{folder}/w", inputs, mode + "64", str(stride)), exact)
        if mode == "train":
            compare_statistics(title, own, module)


def weight_formats(folder):
    """Every format must bring the same weights across."""
    module = networks.randomise(networks.ResNet38(0.0625)).eval()
    images = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        expected = module(images)
    state = module.state_dict()
    with_classes = dict(weight_files.mxnet_named(state), **{"fc8.weight": state["fc8.weight"]})
    doubled = {name: tensor.double() for name, tensor in with_classes.items()}
    nested = {"epoch": 3, "model_state_dict": {"module." + name: tensor for name, tensor in state.items()}}
    transposed = {name: t.transpose(0, 1).contiguous().transpose(0, 1) if t.dim() > 1 else t for name, t in state.items()}
    cases = {
        "safetensors": lambda path: weight_files.write_safetensors(path, state),
        "zip": lambda path: weight_files.write_pth(path, state, legacy=False),
        "legacy": lambda path: weight_files.write_pth(path, state, legacy=True),
        "zip, nested": lambda path: weight_files.write_pth(path, nested, legacy=False),
        "legacy, transposed": lambda path: weight_files.write_pth(path, transposed, legacy=True),
        "mxnet V1": lambda path: weight_files.write_mxnet(path, with_classes, 1),
        "mxnet V2, doubles": lambda path: weight_files.write_mxnet(path, doubled, 2),
        "mxnet V3": lambda path: weight_files.write_mxnet(path, with_classes, 3),
    }
    for title, write in cases.items():
        write(f"{folder}/w")
        own = run_own(folder, "resnet38", f"{folder}/w", {"images": images})
        check(f"weights: {title}", own["tap.logits"], expected, OUTPUT_TOLERANCE)
    halves = {name: tensor.half() for name, tensor in with_classes.items()}
    weight_files.write_mxnet(f"{folder}/w", halves, 0)
    own = run_own(folder, "resnet38", f"{folder}/w", {"images": images})
    check("weights: mxnet, halves", own["tap.logits"], expected, 5e-2)


def room(count, seed):
    """Points on the surfaces of a room, and their colours."""
    generator = torch.Generator().manual_seed(seed)
    xyz = torch.rand(count, 3, generator=generator) * torch.tensor([5.0, 4.0, 2.5])
    side = torch.randint(0, 4, (count,), generator=generator)
    for axis, wall in [(2, 0), (0, 1), (1, 2)]:
        xyz[side == wall, axis] *= 0.01
    xyz[side == 3, 2] = 0.7 + 0.2 * torch.sin(xyz[side == 3, 0])
    return xyz, torch.rand(count, 3, generator=generator)


def compare_points(folder, title, name, table, count, channels, mode, gradients=True):
    module = networks.randomise(networks.PointNet2(table, channels))
    module.train(mode == "train")
    exact = copy.deepcopy(module).double()
    weight_files.write_safetensors(f"{folder}/w", module.state_dict())
    xyz, colours = room(count, 7)
    features = colours[:, :channels] if channels else None
    taps = module.taps(xyz, features)
    upstream = torch.randn(taps["logits"].shape)
    inputs = {"positions": xyz}
    if gradients:
        inputs["upstream"] = upstream
        (taps["logits"] * upstream).sum().backward()
        wide = exact.taps(xyz.double(), None if features is None else features.double())["logits"]
        (wide * upstream.double()).sum().backward()
    if channels:
        inputs["features"] = features
    own = run_own(folder, name, f"{folder}/w", inputs, mode)
    compare_taps(title, own, taps)
    if gradients:
        compare_gradients(title, own, module, exact)
        compare_gradients_64(title, run_own(folder, name, f"{folder}/w", inputs, mode + "64"), exact)
    if mode == "train":
        compare_statistics(title, own, module)


def pointnet2_outputs(folder):
    compare_points(folder, "votenet, 40000 points", "pointnet2-votenet", networks.VOTENET, 40000, 3, "eval", gradients=False)


def pointnet2_gradients(folder):
    compare_points(folder, "votenet, training", "pointnet2-votenet", networks.VOTENET, 3000, 3, "train")
    compare_points(folder, "votenet, few points", "pointnet2-votenet", networks.VOTENET, 300, 0, "eval")
    compare_points(folder, "ssg", "pointnet2-ssg", networks.SSG, 2500, 3, "eval")
    compare_points(folder, "msg", "pointnet2-msg", networks.MSG, 2500, 1, "eval")


def program(folder):
    """`tagscape features` on an image, normalised as the field does, and on a cloud with colours."""
    module = networks.randomise(networks.ResNet38(0.125)).eval()
    weight_files.write_pth(f"{folder}/w.pth", module.state_dict(), legacy=False)
    pixels = torch.randint(0, 256, (48, 61, 3), dtype=torch.uint8)
    write_png(f"{folder}/image.png", pixels.numpy())
    subprocess.run(
        [tagscape, "features", "resnet38", "--weights", f"{folder}/w.pth", "--image", f"{folder}/image.png", "--tap", "conv5"]
        + ["--out", f"{folder}/out.npy", "--quiet"],
        check=True,
    )
    mean, deviation = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])
    images = ((pixels / 255.0 - mean) / deviation).permute(2, 0, 1)[None]
    with torch.no_grad():
        expected = module.taps(images)["conv5"][0]
    own = torch.from_numpy(numpy.load(f"{folder}/out.npy"))
    if own.shape != expected.shape:
        problems.append(f"tagscape features: {tuple(own.shape)} instead of {tuple(expected.shape)}")
    check("tagscape features conv5", own, expected, OUTPUT_TOLERANCE)

    module = networks.randomise(networks.PointNet2(networks.VOTENET, 3)).eval()
    weight_files.write_pth(f"{folder}/w.pth", module.state_dict(), legacy=True)
    xyz, colours = room(700, 11)
    colours = torch.randint(0, 256, (700, 3), dtype=torch.uint8)
    write_ply(f"{folder}/cloud.ply", xyz, colours)
    subprocess.run(
        [tagscape, "features", "pointnet2-votenet", "--weights", f"{folder}/w.pth", "--cloud", f"{folder}/cloud.ply"]
        + ["--tap", "features", "--out", f"{folder}/out.npy", "--quiet"],
        check=True,
    )
    with torch.no_grad():
        expected = module.taps(xyz, colours / 255.0)["features"]
    check("tagscape features of a cloud", torch.from_numpy(numpy.load(f"{folder}/out.npy")), expected, OUTPUT_TOLERANCE)


def write_ply(path, xyz, colours):
    names = "".join(f"property float {axis}\n" for axis in "xyz")
    names += "".join(f"property uchar {name}\n" for name in ["red", "green", "blue"])
    rows = b"".join(p.numpy().tobytes() + c.numpy().tobytes() for p, c in zip(xyz, colours))
    with open(path, "wb") as file:
        file.write(f"ply\nformat binary_little_endian 1.0\nelement vertex {len(xyz)}\n{names}end_header\n".encode() + rows)


def write_png(path, pixels):
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + row.tobytes() for row in pixels)
    head = struct.pack(">IIBBBBB", pixels.shape[1], pixels.shape[0], 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


CASES = [
    weight_formats,
    published_weights,
    resnet38_gradients,
    efficientnet_gradients,
    pointnet2_gradients,
    program,
    resnet38_outputs,
    efficientnet_outputs,
    pointnet2_outputs,
]


def main():
    wanted = sys.argv[3:]
    torch.set_num_threads(2)
    torch.manual_seed(5)
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            if wanted and case.__name__ not in wanted:
                continue
            begin = time.time()
            case(folder)
            print(f"{case.__name__}: {time.time() - begin:.1f} s", flush=True)
    for problem in problems:
        print("PROBLEM:", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
