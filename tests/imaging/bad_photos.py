"""Photos as they come from phones, printers and chats, made here so that no file is binary."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

# Display P3 with the D65 white adapted to D50 (ICC.1:2010, s15Fixed16), as Apple writes it.
P3_PRIMARIES = {
    b"rXYZ": (0.51512, 0.24120, -0.00105),
    b"gXYZ": (0.29198, 0.69225, 0.04189),
    b"bXYZ": (0.15710, 0.06657, 0.78407),
}
D50 = (0.96420, 1.0, 0.82491)


def a_studio_picture(
    *, ground: str = "#F4F4F2", product: str = "#7A3B2E", mode: str = "RGB"
) -> Image.Image:
    """A disc of 200 px on a light ground of 400 px, with a soft grey shadow under it."""
    image = Image.new("RGB", (400, 400), ground)
    shadow = Image.new("L", (400, 400), 0)
    ImageDraw.Draw(shadow).ellipse((110, 280, 290, 320), fill=60)
    shadow = shadow.filter(ImageFilter.GaussianBlur(18))
    image.paste("#8C8C8C", mask=shadow)
    ImageDraw.Draw(image).ellipse((100, 100, 299, 299), fill=product)
    return image.filter(ImageFilter.GaussianBlur(0.7)).convert(mode)


def saved(image: Image.Image, path: Path, **options: object) -> Path:
    image.save(path, **options)  # type: ignore[arg-type]
    return path


def png_of(
    pixels: np.ndarray, *, colour_type: int, bits: int = 16, extra: tuple[bytes, ...] = ()
) -> bytes:
    """A PNG written by hand: Pillow writes sixteen bits of grey only."""
    height, width = pixels.shape[:2]
    raw = pixels.astype(">u2" if bits == 16 else "u1")
    rows = b"".join(b"\0" + row.tobytes() for row in raw)
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)
    chunks = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", zlib.compress(rows))]
    return b"\x89PNG\r\n\x1a\n" + b"".join([*chunks, chunk(b"IEND", b"")])


def chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def a_huge_png(path: Path, width: int, height: int) -> Path:
    """A valid PNG header without the pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", b""), chunk(b"IEND", b""))
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + b"".join(parts))
    return path


def display_p3() -> bytes:
    """An ICC profile of Display P3 with gamma 2.2, as small as the format allows."""
    text = b"Display P3\0"
    described = (
        b"desc" + bytes(4) + struct.pack(">I", len(text)) + text + bytes(4 + 4 + 2 + 1 + 67)
    )
    curve = b"curv" + bytes(4) + struct.pack(">IH", 1, round(2.2 * 256)) + bytes(2)
    tags = {b"desc": described, b"cprt": b"text" + bytes(4) + b"none\0", b"wtpt": _xyz(D50)}
    tags |= {name: _xyz(value) for name, value in P3_PRIMARIES.items()}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, data, start = b"", b"", 128 + 4 + 12 * len(tags)
    for name, body in tags.items():
        table += name + struct.pack(">II", start + len(data), len(body))
        data += body + bytes(-len(body) % 4)
    size = start + len(data)
    header = struct.pack(">I4sI", size, b"lcms", 0x02400000) + b"mntrRGB XYZ "
    header += bytes(12) + b"acsp" + bytes(28)
    header += struct.pack(">iii", *(round(each * 65536) for each in D50))
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def _xyz(value: tuple[float, float, float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">iii", *(round(each * 65536) for each in value))


def half_of(image: Image.Image, path: Path, kind: str) -> Path:
    """The first half of a file, as a broken transfer leaves it."""
    out = io.BytesIO()
    image.save(out, kind)
    path.write_bytes(out.getvalue()[: len(out.getvalue()) // 2])
    return path
