"""A set: a photographed-looking scene rendered in passes, and how it is cropped."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Literal

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from studio.domain.geometry import Box
from studio.errors import BriefError, NotFound
from studio.imaging.colour import Bytes

SET_FILE = "set.yaml"
MAX_SET_FILE_BYTES = 64_000
MAX_PASS_PIXELS = 16_000_000
DECODED_SETS = 6
"""Sets whose decoded passes stay in memory: about 50 MB each."""
READ_SPECS = 256
STAGE_CM = 25.0
"""Longer side that a product has on a stage of free scale, at the stage's `px_per_cm`."""
PASSES = {"beauty": "RGB", "masks": "RGB", "depth": "L", "occlusion": "L"}

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Surface(_Strict):
    """What the product stands on."""

    material: str
    gloss: Share
    """0: matt, 1: a mirror."""


class Light(_Strict):
    """The set's main light."""

    side: Literal["left", "right", "front", "back", "top"] = Field(alias="from")
    azimuth_deg: float = Field(ge=-180, le=180)
    """Around the product from the camera: 0 behind the camera, negative left."""
    elevation_deg: float = Field(ge=0, le=90)
    softness: Share
    """0: hard sun, 1: an overcast sky."""
    temperature_k: float = Field(ge=1500, le=15000)


class Camera(_Strict):
    """Where the set was seen from; with the anchor on the floor plane z = 0."""

    distance_cm: float = Field(gt=0)
    """From the lens to the anchor, along the optical axis."""
    pitch_deg: float = Field(ge=0, le=90)
    """How far it looks down."""
    focal_px: float = Field(gt=0)
    """Focal length in pixels of the canvas."""


class MaskNames(_Strict):
    """What each channel of the mask picture covers, in words."""

    r: str
    """Takes the palette's wall colour."""
    g: str
    """Takes the surface colour; the product stands on it."""
    b: str
    """Takes the accent colour."""


class SceneSpec(_Strict):
    """`set.yaml`: what the picture alone doesn't say."""

    schema_version: Literal[1, 2] = Field(alias="schema")
    id: str = Field(pattern=r"[a-z0-9][a-z0-9-]*")
    title: str
    family: str
    size_px: tuple[int, int]
    anchor: tuple[Share, Share]
    """Where the middle of the product's foot stands, in shares of the canvas."""
    px_per_cm: float = Field(gt=0)
    """Pixels of the canvas per centimetre at the anchor."""
    scale: Literal["true", "free"] = "true"
    """`free`: a stage of no size of its own; all stands on it as large as looks best."""
    product_cm: tuple[float, float] = (8.0, 45.0)
    """Least and largest width of a product that belongs here; not asked at free scale."""
    categories: tuple[str, ...] = ()
    """Keys of the benefit catalogue whose products belong here; empty: all."""
    season: str = ""
    """Name of the feast that it is dressed for; empty: all year."""
    camera: Camera | None = None
    horizon_y: float
    surface: Surface
    light: Light
    text_areas: tuple[tuple[Share, Share, Share, Share], ...] = ()
    tags: tuple[str, ...] = ()
    masks: MaskNames

    def px_per_cm_for(self, width_cm: float, height_cm: float) -> float:
        """Canvas pixels per centimetre at the anchor for a product of this size."""
        if self.scale == "true":
            return self.px_per_cm
        return self.px_per_cm * STAGE_CM / max(width_cm, height_cm)


CHANNELS = {"wall": 0, "surface": 1, "accent": 2}
"""Channel of the mask picture that takes each colour of a palette."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """A set with its passes decoded; all have the canvas's size."""

    spec: SceneSpec
    beauty: Bytes
    """(height, width, 3), sRGB."""
    masks: Bytes
    """(height, width, 3): coverage of wall, surface and accent."""
    depth: Bytes
    """(height, width): near is white."""
    occlusion: Bytes
    """(height, width): open is white."""
    fingerprint: str
    """SHA-256 of the files."""

    def mask(self, name: str) -> Bytes:
        """Coverage of `wall`, `surface` or `accent`, (height, width)."""
        return self.masks[:, :, CHANNELS[name]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """A window of the canvas in pixels, and the size it is shown at."""

    left: float
    top: float
    width: float
    height: float
    width_px: int
    height_px: int
    px_per_cm: float
    """Canvas pixels per centimetre at the anchor."""

    @property
    def scale(self) -> float:
        """Shown pixels per canvas pixel."""
        return self.width_px / self.width

    def shown(self, x: float, y: float) -> tuple[float, float]:
        """A canvas point in shown pixels."""
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    def of(self, pixels: Bytes) -> Bytes:
        """The window of a pass, resampled to the shown size."""
        move = np.array(
            [[self.scale, 0, -self.left * self.scale], [0, self.scale, -self.top * self.scale]],
            np.float32,
        )
        if self.scale >= 1:
            size = (self.width_px, self.height_px)
            return np.asarray(
                cv2.warpAffine(
                    pixels, move, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
                ),
                np.uint8,
            )
        height, width = pixels.shape[:2]
        left, top = max(0, round(self.left)), max(0, round(self.top))
        right = min(width, left + round(self.width))
        bottom = min(height, top + round(self.height))
        return np.asarray(
            cv2.resize(
                pixels[top:bottom, left:right],
                (self.width_px, self.height_px),
                interpolation=cv2.INTER_AREA,
            ),
            np.uint8,
        )


def set_ids(folder: Path) -> tuple[str, ...]:
    """Ids of the sets in a folder, sorted."""
    if not folder.is_dir():
        return ()
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{SET_FILE}")))


def read_spec(folder: Path) -> SceneSpec:
    """`set.yaml` of one set, checked; errors name the file and the field."""
    path = folder / SET_FILE
    if not path.is_file():
        raise NotFound(f"There is no set {folder.name!r}: {path} is missing.")
    stat = path.stat()
    if stat.st_size > MAX_SET_FILE_BYTES:
        raise BriefError("is too large for a set's description", file=str(path))
    return _spec(path, stat.st_mtime_ns)


@lru_cache(maxsize=READ_SPECS)
def _spec(path: Path, changed_ns: int) -> SceneSpec:
    del changed_ns
    folder = path.parent
    try:
        data = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        spec = SceneSpec.model_validate(data)
    except (YAMLError, UnicodeDecodeError) as error:
        raise BriefError(f"is no readable YAML ({error})", file=str(path)) from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BriefError(first["msg"], file=str(path), field=field) from error
    if spec.id != folder.name:
        raise BriefError(
            f"must be the folder's name, {folder.name}", file=str(path), field="id"
        )
    return spec


def load_scene(folder: Path) -> Scene:
    """A set by its folder; decoded once and kept while it is in use."""
    spec = read_spec(folder)
    files = tuple(_pass_file(folder, name) for name in PASSES)
    stamps = tuple((file.stat().st_mtime_ns, file.stat().st_size) for file in files)
    return _decoded(spec.model_dump_json(by_alias=True), files, stamps)


@lru_cache(maxsize=DECODED_SETS)
def _decoded(
    spec_json: str, files: tuple[Path, ...], stamps: tuple[tuple[int, int], ...]
) -> Scene:
    del stamps
    spec = SceneSpec.model_validate_json(spec_json)
    digest = sha256(spec_json.encode())
    passes: dict[str, Bytes] = {}
    for (name, mode), file in zip(PASSES.items(), files, strict=True):
        digest.update(sha256(file.read_bytes()).digest())
        passes[name] = _read_pass(file, mode, spec.size_px)
    return Scene(
        spec,
        passes["beauty"],
        smooth_where_wide(passes["masks"]),
        passes["depth"],
        passes["occlusion"],
        digest.hexdigest(),
    )


def _pass_file(folder: Path, name: str) -> Path:
    for suffix in (".webp", ".png"):
        path = folder / f"{name}{suffix}"
        if path.is_file():
            return path
    raise BriefError(f"the set has no {name}.webp or {name}.png", file=str(folder))


def _read_pass(file: Path, mode: str, size: tuple[int, int]) -> Bytes:
    try:
        with Image.open(file, formats=("PNG", "WEBP")) as image:
            if image.width * image.height > MAX_PASS_PIXELS:
                raise BriefError(f"is {image.width} × {image.height} px", file=str(file))
            ratio = image.width / image.height
            if abs(ratio - size[0] / size[1]) > 0.01:
                raise BriefError(
                    f"is {image.width} × {image.height} px, not {size[0]} × {size[1]}",
                    file=str(file),
                    field="size_px",
                )
            pixels = np.asarray(image.convert(mode))
    except (UnidentifiedImageError, OSError, SyntaxError) as error:
        raise BriefError("is no readable PNG or WebP picture", file=str(file)) from error
    if (pixels.shape[1], pixels.shape[0]) == size:
        return pixels
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def smooth_where_wide(masks: Bytes) -> Bytes:
    """Masks without the grain that rendering leaves in wide, out-of-focus edges.

    Narrow edges stay as sharp as they are.
    """
    partial = np.asarray(((masks > 4) & (masks < 251)).any(axis=2), np.float32)
    wide = (cv2.boxFilter(partial, -1, (9, 9)) > 0.9).astype(np.uint8)
    if not wide.any():
        return masks
    reach = cv2.GaussianBlur(cv2.dilate(wide, np.ones((25, 25))).astype(np.float32), (0, 0), 3)
    smooth = cv2.GaussianBlur(masks, (0, 0), 4).astype(np.float32)
    share = reach[:, :, None]
    return np.asarray(np.rint(masks * (1 - share) + smooth * share), np.uint8)


FOOT_SHARE = ((0.56, 0.68), (0.8, 0.70), (1.0, 0.775), (2.0, 0.86))
"""How far down the product's foot stands, by aspect ratio (width / height)."""
PRODUCT_SHARE = ((0.56, 0.60), (0.8, 0.50), (1.0, 0.45), (1.78, 0.33), (2.0, 0.34))
"""Share of the width that the product is to fill, by aspect ratio."""
HEIGHT_SHARE = ((0.56, 0.36), (0.8, 0.42), (1.0, 0.46), (1.4, 0.62))
"""Most of the height that the product is to fill, by aspect ratio: words stand over it."""
BARE_HEIGHT_SHARE = 0.62
"""The same where no words stand on the picture."""
MAX_ZOOM = 1.7
JITTER_SHARE = 0.035
"""Most that a variant is cropped closer, which leaves room to move the window aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Framing:
    """How a picture is framed beyond its size."""

    jitter: float = 0.0
    """−1 to 1; crops a little closer and to one side, so that variants differ."""
    stand_x: float = 0.5
    """Share of the width at which the product is to stand, as far as the canvas reaches."""
    closeness: float = 1.0
    """Size of the product against the usual one, as far as the canvas reaches."""
    bare: bool = False
    """Whether no words will stand on the picture."""


USUAL = Framing()


def crop_for(
    spec: SceneSpec,
    *,
    size_px: tuple[int, int],
    product_cm: tuple[float, float],
    framing: Framing = USUAL,
) -> Crop:
    """The window of the canvas that composes well at this size.

    product_cm: width and height of the product, which should fill a good share of the picture.
    """
    canvas_w, canvas_h = spec.size_px
    aspect = size_px[0] / size_px[1]
    px_per_cm = spec.px_per_cm_for(*product_cm)
    widest = min(canvas_w, canvas_h * aspect)
    across, up = usual_share(aspect, bare=framing.bare)
    needed_cm = max(product_cm[0] / across, product_cm[1] / up * aspect)
    least = widest / MAX_ZOOM
    most = widest * (1 - JITTER_SHARE * abs(framing.jitter))
    width = min(max(needed_cm * px_per_cm / framing.closeness, least), most)
    height = width / aspect
    anchor_x, anchor_y = spec.anchor[0] * canvas_w, spec.anchor[1] * canvas_h
    left = anchor_x - width * (framing.stand_x - framing.jitter * JITTER_SHARE / 2)
    top = anchor_y - _between(FOOT_SHARE, aspect) * height
    return Crop(
        left=min(max(left, 0.0), canvas_w - width),
        top=min(max(top, 0.0), canvas_h - height),
        width=width,
        height=height,
        width_px=size_px[0],
        height_px=size_px[1],
        px_per_cm=px_per_cm,
    )


def usual_share(aspect: float, *, bare: bool = False) -> tuple[float, float]:
    """Shares of width and height that a product is to fill, one of them, at an aspect ratio."""
    up = BARE_HEIGHT_SHARE if bare else _between(HEIGHT_SHARE, aspect)
    return _between(PRODUCT_SHARE, aspect), up


def _between(table: tuple[tuple[float, float], ...], aspect: float) -> float:
    keys, values = zip(*table, strict=True)
    return float(np.interp(aspect, keys, values))


def shown_areas(spec: SceneSpec, crop: Crop) -> tuple[Box, ...]:
    """The set's calm areas for text, in shares of the cropped picture."""
    areas = []
    for x0, y0, x1, y1 in spec.text_areas:
        left, top = crop.shown(x0 * spec.size_px[0], y0 * spec.size_px[1])
        right, bottom = crop.shown(x1 * spec.size_px[0], y1 * spec.size_px[1])
        edges = [
            min(max(edge, 0.0), 1.0)
            for edge in (
                left / crop.width_px,
                top / crop.height_px,
                right / crop.width_px,
                bottom / crop.height_px,
            )
        ]
        if edges[0] < edges[2] and edges[1] < edges[3]:
            areas.append(Box(left=edges[0], top=edges[1], right=edges[2], bottom=edges[3]))
    return tuple(areas)
