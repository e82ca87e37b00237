"""A set seen in a mirror, for a photo whose light comes from the other side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from typing import Final

import numpy as np

from studio.imaging.colour import Bytes
from studio.imaging.scene import Scene, SceneSpec

KEPT_MIRRORED = 3
"""Mirrored sets that stay in memory, about 50 MB each."""
OPPOSITE: Final[Mapping[str, str]] = {"left": "right", "right": "left"}


@lru_cache(maxsize=KEPT_MIRRORED)
def mirrored(scene: Scene) -> Scene:
    """The set with left and right exchanged: passes, anchor, light and areas for text."""
    return replace(
        scene,
        spec=_mirrored(scene.spec),
        beauty=_flipped(scene.beauty),
        masks=_flipped(scene.masks),
        depth=_flipped(scene.depth),
        occlusion=_flipped(scene.occlusion),
        fingerprint=sha256(f"mirrored {scene.fingerprint}".encode()).hexdigest(),
    )


def _mirrored(spec: SceneSpec) -> SceneSpec:
    side = OPPOSITE.get(spec.light.side, spec.light.side)
    light = spec.light.model_copy(update={"side": side, "azimuth_deg": -spec.light.azimuth_deg})
    areas = tuple((1 - x1, y0, 1 - x0, y1) for x0, y0, x1, y1 in spec.text_areas)
    anchor = (1 - spec.anchor[0], spec.anchor[1])
    return spec.model_copy(update={"light": light, "text_areas": areas, "anchor": anchor})


def _flipped(pixels: Bytes) -> Bytes:
    return np.ascontiguousarray(pixels[:, ::-1])
