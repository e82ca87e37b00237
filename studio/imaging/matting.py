"""Alpha at the edge of a mask: the share of each pixel that belongs to the product."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from studio.imaging.colour import Bytes, Floats, bytes_from_linear, linear_from_bytes
from studio.imaging.masks import Mask

TILE_PX: Final = 224
"""Side of the squares that are solved one by one, so that memory stays bounded."""
OVERLAP_PX: Final = 24
SNAP: Final = 0.05
"""Alpha this close to 0 or 1 is taken as that."""
SMOOTHNESS: Final = 1e-5
"""Regularisation of closed-form matting; pymatting's own 1e-7 lets grain fray the edge."""
SUREST_COVER: Final = 0.35
"""Below this alpha a pixel says too little of the product's colour to be divided by it."""
PARTS: Final = (
    "pymatting.alpha.estimate_alpha_cf",
    "pymatting.foreground.estimate_foreground_ml",
)
PACKAGES: Final = ("alpha", "foreground", "laplacian", "preconditioner", "solver", "util")


@dataclass(frozen=True, slots=True)
class Solvers:
    """The two functions of pymatting that are used."""

    alpha: Callable[..., Any]
    """Closed-form matting: Levin, Lischinski and Weiss (2008)."""
    foreground: Callable[..., Any]
    """Multi-level foreground estimation: Germer et al. (2020)."""


def matted(rgb: Bytes, mask: Mask, *, band_px: int) -> Bytes:
    """RGBA whose alpha is solved within `band_px` of the mask's edge; colours freed of ground.

    Alpha is a share of linear light, as `studio.imaging.compose` mixes it. Where it is 1, the
    photo's own pixels stay.
    """
    known = trimap(mask, band_px=band_px)
    linear = linear_from_bytes(rgb).astype(np.float64)
    alpha, colours = mask.astype(np.float32), linear.astype(np.float32)
    for outer, inner in _tiles(known):
        solved, freed = _solved(linear[outer], known[outer])
        alpha[inner.place] = solved[inner.part]
        colours[inner.place] = freed[inner.part]
    return joined(rgb, alpha, colours)


def joined(rgb: Bytes, alpha: Floats, colours: Floats) -> Bytes:
    """RGBA of alpha and linear colours; opaque pixels keep the photo's own bytes."""
    snapped = np.where(alpha < SNAP, 0, np.where(alpha > 1 - SNAP, 1, alpha))
    cover = np.rint(snapped * 255).astype(np.uint8)[:, :, None]
    kept = np.where(cover == 255, rgb, bytes_from_linear(np.clip(colours, 0, 1)))
    return np.concatenate([kept, cover], axis=2)


def trimap(mask: Mask, *, band_px: int) -> NDArray[np.float64]:
    """1 inside, 0 outside, 0.5 within `band_px` of the mask's edge."""
    solid = mask.astype(np.uint8)
    inside = cv2.distanceTransform(solid, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - solid, cv2.DIST_L2, 5)
    return np.where(inside > band_px, 1.0, np.where(outside > band_px, 0.0, 0.5))


def projected(rgb: Bytes, mask: Mask, *, reach_px: int) -> Bytes:
    """RGBA whose edge lies where each pixel stands between its two neighbouring colours.

    For plain grounds, without pymatting: the nearest sure product and ground colours span a
    line, on which the pixel's own colour is projected.
    """
    known = trimap(mask, band_px=reach_px)
    linear = linear_from_bytes(rgb)
    product, ground = _nearest(linear, known == 1), _nearest(linear, known == 0)
    span = product - ground
    length = np.maximum((span**2).sum(axis=2), 1e-6)
    share = ((linear - ground) * span).sum(axis=2) / length
    plain = _by_distance(mask, reach_px)
    told = np.where(length > MIN_SPAN**2, np.clip(share, 0, 1), plain)
    alpha = np.where(known == 0.5, told, known).astype(np.float32)
    cover = np.maximum(alpha, SUREST_COVER)[:, :, None]
    freed = (linear - (1 - alpha[:, :, None]) * ground) / cover
    return joined(rgb, alpha, np.where(alpha[:, :, None] > 0, freed, product))


MIN_SPAN: Final = 0.02
"""Linear light between product and ground below which colour says nothing of alpha."""


def _nearest(linear: Floats, sure: Mask) -> Floats:
    """At every pixel the colour of the nearest sure one."""
    if not sure.any():
        return linear
    _, labels = cv2.distanceTransformWithLabels(
        (~sure).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    colour_of = np.zeros((int(labels.max()) + 1, 3), np.float32)
    smooth = cv2.blur(np.where(sure[:, :, None], linear, 0), (5, 5))
    weight = cv2.blur(sure.astype(np.float32), (5, 5))
    colour_of[labels[sure]] = smooth[sure] / weight[sure][:, None]
    return np.asarray(colour_of[labels], np.float32)


def _by_distance(mask: Mask, reach_px: int) -> Floats:
    inside = cv2.distanceTransform(mask.astype(np.uint8), cv2.DIST_L2, 3)
    return np.clip((inside - 0.5) / min(2, reach_px), 0, 1).astype(np.float32)


@dataclass(frozen=True, slots=True)
class _Inner:
    place: tuple[slice, slice]
    """Of the picture."""
    part: tuple[slice, slice]
    """Of the tile."""


def _tiles(known: NDArray[np.float64]) -> Iterator[tuple[tuple[slice, slice], _Inner]]:
    """Squares with something to solve: each with its surroundings, and without them."""
    height, width = known.shape
    for top in range(0, height, TILE_PX):
        for left in range(0, width, TILE_PX):
            inner = (
                slice(top, min(top + TILE_PX, height)),
                slice(left, min(left + TILE_PX, width)),
            )
            if not (known[inner] == 0.5).any():
                continue
            outer = tuple(
                slice(max(0, part.start - OVERLAP_PX), min(length, part.stop + OVERLAP_PX))
                for part, length in zip(inner, known.shape, strict=True)
            )
            part = tuple(
                slice(whole.start - around.start, whole.stop - around.start)
                for whole, around in zip(inner, outer, strict=True)
            )
            yield (outer[0], outer[1]), _Inner(inner, (part[0], part[1]))


def _solved(linear: NDArray[np.float64], known: NDArray[np.float64]) -> tuple[Floats, Floats]:
    solvers = _solvers()
    if not (known == 0).any() or not (known == 1).any():
        return np.where(known == 0.5, 0.5, known).astype(np.float32), linear.astype(np.float32)
    solved = solvers.alpha(linear, known, laplacian_kwargs={"epsilon": SMOOTHNESS})
    alpha = np.clip(solved, 0, 1)
    freed = solvers.foreground(linear, alpha)
    return alpha.astype(np.float32), np.asarray(freed, np.float32)


_importing = Lock()


@lru_cache(maxsize=1)
def _solvers() -> Solvers:
    with _importing, _without_the_rest():
        alpha, foreground = (import_module(name) for name in PARTS)
    return Solvers(alpha.estimate_alpha_cf, foreground.estimate_foreground_ml)


@contextmanager
def _without_the_rest() -> Iterator[None]:
    """Import parts of pymatting alone.

    The package imports all of itself, and numba compiles that for minutes the first time.
    """
    spec = find_spec("pymatting")
    root = Path(str(spec.origin)).parent if spec is not None else Path()
    before = {name: module for name, module in sys.modules.items() if _is_pymatting(name)}
    for name in ("pymatting", *(f"pymatting.{each}" for each in PACKAGES)):
        package = types.ModuleType(name)
        package.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
        sys.modules[name] = package
    try:
        yield
    finally:
        for name in [name for name in sys.modules if _is_pymatting(name)]:
            del sys.modules[name]
        sys.modules.update(before)


def _is_pymatting(name: str) -> bool:
    return name.partition(".")[0] == "pymatting"
