"""Reads the files that h5py_test.cpp wrote into argv[1], as a user would, and checks every number.

Knows the layout from the documentation only; exits with an assertion if something differs.
"""

import json
import pathlib
import sys

import h5py
import numpy as np


def crc32c(data: bytes, crc: int = 0) -> int:
    """The checksum from its definition (RFC 3720), bit by bit."""
    crc ^= 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def text(value: bytes) -> str:
    return value.decode()


def check_checksums(name: str, node: h5py.HLObject) -> None:
    if not isinstance(node, h5py.Dataset):
        return
    values = node[...]
    slices = values if values.ndim > 1 else [values]
    assert node.attrs["crc32c"].tolist() == [crc32c(s.tobytes()) for s in slices], name
    assert node.chunks is None and node.compression is None, name


def check_header(file: h5py.File, kind: str) -> None:
    attrs = file.attrs
    assert text(attrs["format"]) == "patchead artifact"
    assert attrs["schema"] == 1 and attrs["complete"] == 1
    assert text(attrs["kind"]) == kind
    key = json.loads(attrs["key"])
    assert key == {"kind": "features", "backbone": "patchead_tiny", "image_size": "224"}
    assert json.loads(attrs["provenance"]) == {"version": "0.1.0", "Größe": 'ä"\\'}
    file.visititems(check_checksums)


def check_features(folder: pathlib.Path, name: str, dtype: type) -> None:
    with h5py.File(folder / name) as file:
        check_header(file, "features")
        assert (file.attrs["grid_rows"], file.attrs["grid_cols"]) == (2, 3)
        embeddings = file["embeddings"]
        assert embeddings.dtype == dtype and embeddings.shape == (3, 6, 4)
        expected = (np.arange(72) / 8 - 2).reshape(3, 6, 4)
        assert np.array_equal(embeddings[...], expected.astype(dtype))
        attention = file["attention"]
        assert attention.dtype == np.float32
        expected = 1 / (1 + np.arange(18, dtype=np.float32))
        assert np.array_equal(attention[...], expected.reshape(3, 6))
        ids = ["screw/test/good/0", "screw/test/good/01", "screw/test/good/002"]
        assert file["ids"].asstr()[...].tolist() == ids


def check_matches(folder: pathlib.Path) -> None:
    with h5py.File(folder / "match.h5") as file:
        check_header(file, "match")
        similarity = file["similarity"]
        assert similarity.dtype == np.float32 and similarity.shape == (3, 2, 2)
        assert np.isnan(similarity[1, 0, 0]) and similarity[2, 1, 1] == -1
        assert file["query_ids"].asstr()[...].tolist() == ["a", "b", "c"]
        assert file["reference_ids"].asstr()[...].tolist() == ["b", "dd"]


def check_result(folder: pathlib.Path) -> None:
    with h5py.File(folder / "result.h5") as file:
        check_header(file, "result")
        assert file["metrics/name"].asstr()[...].tolist() == ["I-AUROC", "AUPRO"]
        assert file["metrics/value"].dtype == np.float64
        assert file["metrics/value"][0] == 0.1 and np.isnan(file["metrics/value"][1])
        assert file["metrics/reason"].asstr()[...].tolist() == ["", "no anomalous pixel"]
        assert file["images/id"].asstr()[...].tolist() == ["x", "yy", "zzz"]
        assert file["images/anomalous"][...].tolist() == [0, 1, 1]
        assert file["images/score"][...].tolist() == [0.25, 0.5, 0.75]
        assert file["references"].asstr()[...].tolist() == ["train/0"]


def check_table(folder: pathlib.Path) -> None:
    with h5py.File(folder / "table.h5") as file:
        assert text(file.attrs["note"]) == "für alle"
        assert file["metrics/category"].asstr()[...].tolist() == ["screw", "Größe"]
        assert file["metrics/seed"].dtype == np.int64
        assert file["metrics/value"][...].tolist() == [0.1, 1.0]
        file.visititems(check_checksums)


if __name__ == "__main__":
    place = pathlib.Path(sys.argv[1])
    check_features(place, "fp16.h5", np.float16)
    check_features(place, "fp32.h5", np.float32)
    check_matches(place)
    check_result(place)
    check_table(place)
