"""Grids of pictures as PNG, with the standard library alone."""

import struct
import zlib
from pathlib import Path

import numpy as np


def write_png(path: Path, rgb: np.ndarray):
    """rgb [y, x, 3] u8."""
    height, width, _ = rgb.shape
    rows = np.concatenate([np.zeros((height, 1), np.uint8), rgb.reshape(height, width * 3)], axis=1)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows.tobytes(), 6)) + chunk(b"IEND", b"")
    Path(path).write_bytes(b"\x89PNG\r\n\x1a\n" + data)


def grid(images: np.ndarray, columns: int) -> np.ndarray:
    """images [picture, y, x, 3] u8 -> one picture; the last row may be short."""
    rows = -(-len(images) // columns)
    blank = np.zeros((rows * columns - len(images), *images.shape[1:]), np.uint8)
    _, h, w, c = images.shape
    return np.concatenate([images, blank]).reshape(rows, columns, h, w, c).swapaxes(1, 2).reshape(rows * h, columns * w, c)


def to_bytes(x) -> np.ndarray:
    """[picture, 3, y, x] float in [-1, 1] -> [picture, y, x, 3] u8."""
    return np.clip((np.asarray(x).transpose(0, 2, 3, 1) + 1) * 127.5 + 0.5, 0, 255).astype(np.uint8)
