"""Cutting out with a network from rembg, where that extra is installed."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

import numpy as np
from PIL import Image

from studio.errors import InputError
from studio.imaging.colour import Bytes
from studio.imaging.masks import Mask

MODEL = "isnet-general-use"
"""Which of rembg's networks; it is downloaded once, some 170 MB.

Not its default one, whose licence forbids commercial use.
"""


def found_by_network(rgb: Bytes, name: str) -> Mask:
    """Where the product is, as the network sees it; raises `InputError` without it."""
    session = _session()
    shown = _rembg().remove(Image.fromarray(rgb), session=session, only_mask=True)
    mask = np.asarray(shown.convert("L")) > 127
    if not mask.any():
        raise InputError(
            f"product.photos: rembg finds no product in {name}; draw a frame around it instead."
        )
    return mask


def _rembg() -> Any:
    try:
        return import_module("rembg")
    except (ImportError, SystemExit) as error:
        # Without its own engine rembg ends the whole program.
        raise InputError(
            "rembg isn't installed; run `pip install 'studio[cutout]'`, or draw a frame around "
            "the product instead."
        ) from error


@lru_cache(maxsize=1)
def _session() -> Any:
    rembg = _rembg()
    try:
        return rembg.new_session(MODEL)
    except (OSError, ValueError) as error:
        # What its downloader raises is of these kinds: no network, no room, a broken file.
        raise InputError(
            f"rembg's network {MODEL} can't be downloaded or read ({str(error)[:160]}). Go "
            "online once; or draw a frame around the product instead."
        ) from error
