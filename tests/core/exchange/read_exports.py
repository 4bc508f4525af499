"""Reads exported labels with programs that are not ours and compares them with what was meant.

usage: read_exports.py READER FOLDER

FOLDER holds the export of the scene "boxes" in all formats, and expected/: ids.npy, instances.npy, confidence.npy and
positions.npy of the points; frame_<number>_ids.npy and frame_<number>_instances.npy. Exit codes: 0 the same; 1 another;
77 the reader is not installed (the reason is the last line of stdout).
"""

import importlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

SCENE = "boxes"
NAMES = ["wall", "floor", "cabinet", "bed", "chair", "sofa", "table", "door", "window", "bookshelf", "picture", "counter",
         "desk", "curtain", "refrigerator", "shower curtain", "toilet", "sink", "bathtub", "otherfurniture"]
NYU40 = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 16, 24, 28, 33, 34, 36, 39]
VALID_IDS = set(NYU40)


def skip(reason):
    print(reason)
    sys.exit(77)


def module(name):
    try:
        return importlib.import_module(name)
    except ImportError as error:
        skip(f"{name} is not installed ({error})")


np = module("numpy")


class Export:
    def __init__(self, folder):
        self.folder = folder
        self.ids = self.expected("ids")
        self.instances = self.expected("instances")
        self.confidence = self.expected("confidence")
        self.positions = self.expected("positions")
        names = os.listdir(os.path.join(folder, "expected"))
        self.frames = sorted(int(name.split("_")[1]) for name in names if re.fullmatch(r"frame_\d+_ids\.npy", name))
        assert self.frames, "no frame was exported"

    def expected(self, name):
        return np.load(os.path.join(self.folder, "expected", name + ".npy"))

    def frame(self, number):
        return self.expected(f"frame_{number}_ids"), self.expected(f"frame_{number}_instances")

    def path(self, *parts):
        return os.path.join(self.folder, *parts)


def same(found, meant, what):
    found, meant = np.asarray(found), np.asarray(meant)
    assert found.shape == meant.shape, f"{what}: {found.shape} values of {meant.shape}"
    assert np.array_equal(found, meant), f"{what}: {np.count_nonzero(found != meant)} of {meant.size} differ"


def same_partition(found, meant, what):
    """The same elements belong together where `meant` is not 0."""
    found, meant = np.asarray(found).ravel()[np.ravel(meant) != 0], np.ravel(meant)[np.ravel(meant) != 0]
    pairs = {tuple(pair) for pair in np.unique(np.stack([found, meant]), axis=1).T.tolist()}
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs}), f"{what}: other objects"


def near(found, meant, tolerance, what):
    worst = np.abs(np.asarray(found, np.float64) - meant).max()
    assert worst <= tolerance, f"{what}: off by {worst}"


# ---- points --------------------------------------------------------------------------------------------------------


def open3d_ply(export):
    o3d = module("open3d")
    cloud = o3d.t.io.read_point_cloud(export.path("ply", SCENE + "_labels.ply"))
    same(cloud.point["scalar_Classification"].numpy().ravel().astype(int), export.ids, "classes")
    same(cloud.point["scalar_Instance"].numpy().ravel().astype(int), export.instances, "instances")
    same(cloud.point["scalar_Confidence"].numpy().ravel(), export.confidence, "confidences")
    mesh = o3d.io.read_triangle_mesh(export.path("ply", SCENE + "_labels.ply"))
    near(np.asarray(mesh.vertices), export.positions, 1e-6, "vertices")
    assert len(mesh.triangles) > 0


def open3d_pcd(export):
    o3d = module("open3d")
    cloud = o3d.t.io.read_point_cloud(export.path("pcd", SCENE + ".pcd"))
    near(cloud.point["positions"].numpy(), export.positions, 1e-6, "positions")
    same(cloud.point["label"].numpy().ravel().astype(int), export.ids, "classes")
    names = json.load(open(export.path("pcd", "class_mapping.json")))
    assert names == {str(i): name for i, name in zip(NYU40, NAMES)}


def numpy_arrays(export):
    folder = export.path("npy", SCENE)
    same(np.load(os.path.join(folder, "labels.npy")), export.ids, "classes")
    same(np.load(os.path.join(folder, "confidence.npy")), export.confidence, "confidences")
    same(np.load(os.path.join(folder, "instance.npy")), export.instances, "instances")
    near(np.load(os.path.join(folder, "points.npy")), export.positions, 1e-6, "points")
    for number in export.frames:
        ids, instances = export.frame(number)
        same(np.load(os.path.join(folder, "frames", f"{number}.npy")), ids, f"frame {number}")
        same(np.load(os.path.join(folder, "frames", f"{number}_instance.npy")), instances, f"objects of frame {number}")


def pointcept(export):
    """As Pointcept's DefaultDataset loads a scene: every asset by its file's name."""
    folder = export.path("pointcept", SCENE)
    data = {name[:-4]: np.load(os.path.join(folder, name)) for name in os.listdir(folder) if name.endswith(".npy")}
    segment = data["segment20"].reshape(-1).astype(np.int32)
    ids = np.array([0] + NYU40)[segment + 1]
    same(ids, export.ids, "segment20")
    same(data["segment"].reshape(-1), segment, "segment")
    assert data["segment"].shape == (len(ids), 1) and data["color"].shape == data["coord"].shape == (len(ids), 3)
    near(data["coord"].astype(np.float32), export.positions, 1e-6, "coord")
    same(data["instance"].reshape(-1).astype(np.int32) + 1, export.instances, "instance")


def semantic_kitti(export):
    """As semantic-kitti-api's laserscan.py reads a scan."""
    folder = export.path("semantickitti", "sequences", SCENE)
    points = np.fromfile(os.path.join(folder, "velodyne", "000000.bin"), dtype=np.float32).reshape((-1, 4))
    label = np.fromfile(os.path.join(folder, "labels", "000000.label"), dtype=np.uint32).reshape(-1)
    near(points[:, :3], export.positions, 1e-6, "points")
    same(label & 0xFFFF, export.ids, "classes")
    same(label >> 16, export.instances, "instances")
    assert (points[:, 3] >= 0).all() and (points[:, 3] <= 1).all()
    poses = [line.split() for line in open(os.path.join(folder, "poses.txt"))]
    assert len(poses) == 1 and len(poses[0]) == 12
    calibration = dict(line.split(":") for line in open(os.path.join(folder, "calib.txt")))
    assert len(calibration["Tr"].split()) == 12
    import xml.etree.ElementTree as xml
    labels = xml.parse(export.path("semantickitti", "labels.xml")).getroot()
    names = {int(label.find("id").text): label.find("name").text for label in labels.iter("label")}
    assert labels.tag == "config" and [names[i] for i in NYU40] == NAMES


def label_cloud(export):
    """As labelCloud's NumpySegmentationFormat reads labels: bytes, as many as the cloud has points."""
    labels = np.fromfile(export.path("labelcloud", "labels", "segmentation", SCENE + ".bin"), dtype=np.int8)
    same(labels, export.ids, "classes")
    config = json.load(open(export.path("labelcloud", "labels", "segmentation", "_classes.json")))
    assert config["default"] == 0 and [c["name"] for c in config["classes"]][1:] == NAMES
    assert all(re.fullmatch("#[0-9a-f]{6}", c["color"]) for c in config["classes"])


def supervisely(export):
    annotation = json.load(open(export.path("supervisely", "scenes", "ann", SCENE + ".pcd.json")))
    meta = json.load(open(export.path("supervisely", "meta.json")))
    assert meta["projectType"] == "point_clouds" and [c["title"] for c in meta["classes"]] == NAMES
    title_of = {o["key"]: o["classTitle"] for o in annotation["objects"]}
    ids, instances = np.zeros_like(export.ids), np.zeros_like(export.instances)
    for number, figure in enumerate(annotation["figures"]):
        assert figure["geometryType"] == "point_cloud" and re.fullmatch("[0-9a-f]{32}", figure["key"])
        indices = figure["geometry"]["indices"]
        assert (ids[indices] == 0).all(), "figures overlap"
        ids[indices] = NYU40[NAMES.index(title_of[figure["objectKey"]])]
        instances[indices] = number + 1
    same(ids, export.ids, "classes")
    same_partition(instances, export.instances, "figures")


def laspy_las(export):
    laspy = module("laspy")
    las = laspy.read(export.path("las", SCENE + ".las"))
    assert (las.header.version.major, las.header.version.minor, las.header.point_format.id) == (1, 4, 7)
    same(np.asarray(las.classification), export.ids, "classes")
    same(np.asarray(las["confidence"]), export.confidence, "confidences")
    same(np.asarray(las["instance"]), export.instances, "instances")
    near(las.xyz, export.positions, 5.1e-5, "positions in steps of .1 mm")
    lookup = [r for r in las.header.vlrs if r.record_id == 0 and r.user_id == "LASF_Spec"]
    assert len(lookup) == 1
    names = lookup[0].lookups
    texts = {k: (v if isinstance(v, str) else v.decode()).rstrip("\0") for k, v in names.items()}
    assert [texts[i] for i in NYU40] == NAMES, texts


def cloudcompare(export):
    """Opens the cloud with CloudCompare's command line and reads the text that it saves."""
    program, screen = shutil.which("CloudCompare"), shutil.which("xvfb-run")
    if not program or not screen:
        skip("CloudCompare or xvfb-run is not installed (apt-get install cloudcompare xvfb)")
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, SCENE + ".ply")
        shutil.copy(export.path("ply", SCENE + "_labels.ply"), copy)
        command = [screen, "-a", program, "-SILENT", "-AUTO_SAVE", "OFF", "-C_EXPORT_FMT", "ASC", "-PREC", "8", "-ADD_HEADER",
                   "-NO_TIMESTAMP", "-O", copy, "-EXTRACT_VERTICES", "-SAVE_CLOUDS"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240, cwd=folder)
        saved = [name for name in os.listdir(folder) if name.endswith(".asc")]
        assert saved, f"CloudCompare saved nothing: {done.stdout[-2000:]}{done.stderr[-2000:]}"
        with open(os.path.join(folder, saved[0])) as text:
            titles = text.readline().lstrip("/").split()
            rows = np.loadtxt(text)
        near(rows[:, :3], export.positions, 1e-6, "positions")
        column = {title.lower(): rows[:, i] for i, title in enumerate(titles)}  # no title has a blank
        same(column["classification"].astype(int), export.ids, "classes")
        near(column["confidence"], export.confidence, 1e-6, "confidences")
        same(column["instance"].astype(int), export.instances, "instances")


def scannet_rules(export):
    """The rules of ScanNet's evaluation scripts: evaluate_semantic_label.py and evaluate_semantic_instance.py."""
    predicted = np.array([int(line) for line in open(export.path("scannet", SCENE + ".txt"))])
    same(predicted, export.ids, "ids")
    truth = export.expected("truth")
    metrics = json.load(open(export.path("manifest", SCENE + ".json")))["metrics"]
    annotated = np.isin(truth, NYU40)  # what is not annotated is not looked at
    for name, label in zip(NAMES, NYU40):
        right = np.count_nonzero(annotated & (truth == label) & (predicted == label))
        missed = np.count_nonzero(annotated & (truth == label) & (predicted != label))
        wrong = np.count_nonzero(annotated & (truth != label) & (predicted == label))
        if right + missed + wrong == 0:
            assert name not in metrics["iou"], name
        else:
            near(metrics["iou"][name], right / (right + missed + wrong), 1e-12, name)
    same(np.unique(predicted[~np.isin(predicted, [0] + NYU40)]), np.array([], int), "ids outside the benchmark")

    root = export.path("scannet-instances")
    masks = np.zeros_like(export.instances)
    for number, line in enumerate(open(os.path.join(root, SCENE + ".txt"))):
        path, label, confidence = line.split(" ")  # util_3d.read_instance_prediction_file
        assert not os.path.isabs(path)
        path = os.path.realpath(os.path.join(root, path))
        assert os.path.commonpath([path, os.path.realpath(root)]) == os.path.realpath(root), "a path that leaves the folder"
        assert int(label) in VALID_IDS - {1, 2} and 0 <= float(confidence) <= 1
        mask = np.array([int(value) for value in open(path)])
        assert set(np.unique(mask)) <= {0, 1} and len(mask) == len(truth)
        assert (export.ids[mask == 1] == int(label)).all()
        masks[mask == 1] = number + 1
    same(masks != 0, export.instances != 0, "what is an object")
    same_partition(masks, export.instances, "masks")

    segments = json.load(open(export.path("scannet", "scans", SCENE, SCENE + "_vh_clean_2.0.010000.segs.json")))
    groups = json.load(open(export.path("scannet", "scans", SCENE, SCENE + ".aggregation.json")))
    nyu40_of = dict(zip(NAMES, NYU40)) | {"couch": 6, "furniture": 39}
    ids = np.zeros_like(export.ids)
    for group in groups["segGroups"]:  # export_train_mesh_for_evaluation.py
        ids[np.isin(segments["segIndices"], group["segments"])] = nyu40_of[group["label"]]
    same(ids, export.ids, "aggregation")


# ---- frames --------------------------------------------------------------------------------------------------------


def opencv_images(export):
    cv2 = module("cv2")
    for number in export.frames:
        ids, instances = export.frame(number)
        label = cv2.imread(export.path("label-images", SCENE, "label", f"{number}.png"), cv2.IMREAD_UNCHANGED)
        assert label.dtype == np.uint8, "ScanNet's evaluation takes one channel of 8 bits"
        same(label, ids, f"label/{number}.png")
        objects = cv2.imread(export.path("label-images", SCENE, "instance", f"{number}.png"), cv2.IMREAD_UNCHANGED)
        assert objects.dtype == np.uint16
        same(objects // 1000, ids, f"classes of instance/{number}.png")
        same(objects % 1000 != 0, instances != 0, f"objects of instance/{number}.png")
        same_partition(objects, instances, f"instance/{number}.png")
        train = cv2.imread(export.path("label-images", SCENE, "label-train", f"{number}.png"), cv2.IMREAD_UNCHANGED)
        same(np.array([255] + list(range(20)))[[([0] + NYU40).index(i) for i in ids.ravel()]].reshape(ids.shape), train, "train ids")
        raw = cv2.imread(export.path("label-images", SCENE, "label-raw", f"{number}.png"), cv2.IMREAD_UNCHANGED)
        assert raw.dtype == np.uint16
        same(raw == 0, ids == 0, f"label-raw/{number}.png")
        picture = cv2.imread(export.path("overlays", SCENE, f"{number}.png"))
        assert picture.shape == ids.shape + (3,)
        panoptic = cv2.imread(export.path("coco", "panoptic_" + SCENE, f"{number}.png"))[:, :, ::-1].astype(int)
        segment = panoptic[:, :, 0] + 256 * panoptic[:, :, 1] + 65536 * panoptic[:, :, 2]
        document = json.load(open(export.path("coco", f"panoptic_{SCENE}.json")))
        annotation = next(a for a in document["annotations"] if a["image_id"] == number)
        category_of = {s["id"]: s["category_id"] for s in annotation["segments_info"]} | {0: 0}
        same(np.vectorize(category_of.get)(segment), ids, f"panoptic segments of frame {number}")
        for info in annotation["segments_info"]:
            assert info["area"] == np.count_nonzero(segment == info["id"])


def pycocotools(export):
    module("pycocotools")
    from pycocotools.coco import COCO
    coco = COCO(export.path("coco", f"instances_{SCENE}.json"))
    assert {c["id"]: c["name"] for c in coco.loadCats(coco.getCatIds())} == dict(zip(NYU40, NAMES))
    for number in export.frames:
        ids, instances = export.frame(number)
        found, objects = np.zeros_like(ids), np.zeros_like(instances)
        for k, annotation in enumerate(coco.loadAnns(coco.getAnnIds(imgIds=[number]))):
            mask = coco.annToMask(annotation).astype(bool)
            assert annotation["area"] == mask.sum() and not found[mask].any()
            x, y, width, height = annotation["bbox"]
            rows, columns = np.nonzero(mask)
            assert (columns.min(), rows.min(), columns.max() - columns.min() + 1, rows.max() - rows.min() + 1) == (x, y, width, height)
            found[mask] = annotation["category_id"]
            objects[mask] = k + 1
        same(found, ids, f"frame {number}")
        same_partition(objects, instances, f"objects of frame {number}")


def label_studio(export):
    brush = module("label_studio_converter.brush")
    tasks = json.load(open(export.path("label-studio", SCENE + ".json")))
    assert [task["data"]["frame"] for task in tasks] == export.frames
    for task in tasks:
        ids, instances = export.frame(task["data"]["frame"])
        found, objects = np.zeros_like(ids), np.zeros_like(instances)
        for k, region in enumerate(task["predictions"][0]["result"]):
            pixels = brush.decode_rle(region["value"]["rle"])
            mask = np.reshape(pixels, [region["original_height"], region["original_width"], 4])[:, :, 3] > 128
            found[mask] = NYU40[NAMES.index(region["value"]["brushlabels"][0])]
            objects[mask] = k + 1
        same(found, ids, f"frame {task['data']['frame']}")
        same_partition(objects, instances, "regions")
    config = open(export.path("label-studio", "label_config.xml")).read()
    assert all(f'value="{name}"' in config for name in NAMES)


def check_items(export, dataset, number_of):
    datumaro = module("datumaro")
    names = [label.name for label in dataset.categories()[datumaro.AnnotationType.label]]
    seen = []
    for item in dataset:
        number = number_of(item)
        seen.append(number)
        ids, _ = export.frame(number)
        found = np.zeros_like(ids)
        for annotation in item.annotations:
            if annotation.type == datumaro.AnnotationType.mask:
                found[np.asarray(annotation.image).astype(bool)] = NYU40[NAMES.index(names[annotation.label])]
        same(found, ids, f"frame {number}")
    assert sorted(seen) == export.frames, seen


def datumaro_own(export):
    datumaro = module("datumaro")
    dataset = datumaro.Dataset.import_from(export.path("datumaro", SCENE), "datumaro")
    check_items(export, dataset, lambda item: int(item.id))


def datumaro_cvat(export):
    """CVAT itself reads this format with Datumaro, as Pascal VOC with its own label map."""
    datumaro = module("datumaro")
    import zipfile
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(export.path("cvat", SCENE + ".zip")) as archive:
            assert archive.testzip() is None
            archive.extractall(folder)
        dataset = datumaro.Dataset.import_from(folder, "voc_segmentation")
        check_items(export, dataset, lambda item: int(item.id))


def jq(export):
    program = shutil.which("jq")
    if not program:
        skip("jq is not installed (apt-get install jq)")

    def ask(question, *parts):
        done = subprocess.run([program, "-e", question, export.path(*parts)], capture_output=True, text=True)
        assert done.returncode == 0, f"{parts}: {question}: {done.stdout}{done.stderr}"

    ask('.files | all(.sha256 | test("^[0-9a-f]{64}$"))', "manifest.json")
    ask(f'.scene == "{SCENE}" and .labelled_points > 0 and (.tags | index("table")) != null', "manifest", SCENE + ".json")
    ask(f'.images | length == {len(export.frames)}', "coco", f"panoptic_{SCENE}.json")
    ask('.categories | map(select(.isthing == 0).name) == ["wall", "floor"]', "coco", f"panoptic_{SCENE}.json")
    ask(f'.segIndices | length == {len(export.ids)}', "scannet", "scans", SCENE, SCENE + "_vh_clean_2.0.010000.segs.json")
    ask('.segGroups | all(.segments | length > 0)', "scannet", "scans", SCENE, SCENE + ".aggregation.json")
    ask('.figures | all(.geometryType == "point_cloud")', "supervisely", "scenes", "ann", SCENE + ".pcd.json")
    ask('type == "array"', "label-studio", SCENE + ".json")
    ask('.items | length > 0', "datumaro", SCENE, "annotations", "default.json")


READERS = {f.__name__: f for f in (open3d_ply, open3d_pcd, numpy_arrays, pointcept, semantic_kitti, label_cloud, supervisely,
                                   laspy_las, cloudcompare, scannet_rules, opencv_images, pycocotools, label_studio,
                                   datumaro_own, datumaro_cvat, jq)}

if __name__ == "__main__":
    READERS[sys.argv[1]](Export(sys.argv[2]))
