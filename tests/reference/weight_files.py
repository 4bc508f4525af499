"""Writers of weight files, by hand where PyTorch has none: what the C++ readers are tried on."""

import json
import struct

import torch

SAFETENSORS_NAME = {torch.float32: "F32", torch.float64: "F64", torch.float16: "F16", torch.int64: "I64"}
MXNET_TYPE = {torch.float32: 0, torch.float64: 1, torch.float16: 2, torch.int64: 6}


def write_safetensors(path, tensors):
    header, blobs, offset = {}, [], 0
    for name, tensor in tensors.items():
        data = tensor.detach().contiguous().numpy().tobytes()
        header[name] = {
            "dtype": SAFETENSORS_NAME[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        blobs.append(data)
        offset += len(data)
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def write_pth(path, tensors, legacy):
    torch.save(tensors, path, _use_new_zipfile_serialization=not legacy)


def mxnet_array(tensor, layout):
    """layout 0 is the oldest; 1, 2, 3 have a mark."""
    shape = list(tensor.shape)
    out = b"" if layout == 0 else struct.pack("<I", 0xF993FAC7 + layout)
    out += struct.pack("<i", 0) if layout >= 2 else b""
    out += struct.pack("<I", len(shape)) + struct.pack(("<%dI" if layout == 0 else "<%dq") % len(shape), *shape)
    out += struct.pack("<iii", 1, 0, MXNET_TYPE[tensor.dtype])
    return out + tensor.detach().contiguous().numpy().tobytes()


def write_mxnet(path, tensors, layout):
    with open(path, "wb") as file:
        file.write(struct.pack("<QQQ", 0x112, 0, len(tensors)))
        for tensor in tensors.values():
            file.write(mxnet_array(tensor, layout))
        file.write(struct.pack("<Q", len(tensors)))
        for name in tensors:
            file.write(struct.pack("<Q", len(name)) + name.encode())


def mxnet_name(name):
    """The name that MXNet's ResNet38 has for a parameter of PyTorch's; None for what it does not have."""
    parts = name.split(".")
    if parts[0] == "fc8" or parts[-1] == "num_batches_tracked":
        return None
    norm = {"weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_var"}
    store = "aux:" if parts[-1].startswith("running") else "arg:"
    if parts[0] == "conv1a":
        return "arg:conv1a_weight"
    if parts[0] == "bn7":
        return f"{store}bn7_{norm[parts[1]]}"
    block = parts[0][1:]
    block = block.replace("_", "b") if "_" in block else block + "a"
    kind, branch = parts[1].split("_branch")
    if kind == "bn":
        return f"{store}bn{block}_branch{branch}_{norm[parts[2]]}"
    return f"arg:res{block}_branch{branch}_weight"


def mxnet_named(state):
    return {mxnet_name(name): tensor for name, tensor in state.items() if mxnet_name(name)}
