"""Whether two pictures look alike: perceptual hashes, and colour that they don't see."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import imagehash
import numpy as np
from PIL import Image

from studio.imaging.difference import Doubles, delta_e, lab

MOST_ALIKE_BITS = 8
"""Of 64: at up to so many different bits of both hashes' nearer one, shapes are the same.

Krawetz (2011), Looks Like It, calls up to 5 the same picture and over 10 another one.
"""
MOST_ALIKE_DELTA_E = 6.0
"""Mean CIEDE2000 of two pictures up to which their colours are the same at a glance."""
GRID = 16
DECODED_PX = 256


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What stays of a picture when it is seen from afar."""

    perception: imagehash.ImageHash
    """pHash: the signs of its low frequencies."""
    gradient: imagehash.ImageHash
    """dHash: where it grows lighter from left to right."""
    colours: Doubles
    """(16, 16, 3), CIELAB."""

    def is_like(self, other: Look) -> bool:
        """Whether a person would call them the same picture."""
        bits = min(self.perception - other.perception, self.gradient - other.gradient)
        return bool(bits <= MOST_ALIKE_BITS and self.distance(other) <= MOST_ALIKE_DELTA_E)

    def distance(self, other: Look) -> float:
        """Mean CIEDE2000 over the picture."""
        return float(delta_e(self.colours, other.colours).mean())


def look_of(data: bytes) -> Look:
    """How the picture in a file looks; a JPEG is decoded only as finely as needed."""
    with Image.open(BytesIO(data)) as image:
        image.draft("RGB", (DECODED_PX, DECODED_PX))
        rgb = image.convert("RGB")
    return Look(
        imagehash.phash(rgb),
        imagehash.dhash(rgb),
        lab(np.asarray(rgb.resize((GRID, GRID), Image.Resampling.BOX))),
    )
