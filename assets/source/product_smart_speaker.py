"""Klanga, the demo smart speaker: woven cloth, an oak foot, a slanted glass top.

python product_smart_speaker.py --help
"""

from __future__ import annotations

import math
import sys

import bpy
import numpy as np

import kit
import packshot as ps

RADIUS, HEIGHT = 0.056, 0.165
SLANT = math.tan(math.radians(13))
# Radius over height, from the foot to the rim under the glass.
CLOTH = (
    (0.0490, 0.0135),
    (0.0515, 0.0145),
    (0.0535, 0.0175),
    (0.0550, 0.0240),
    (0.0558, 0.0360),
    (0.0560, 0.0550),
    (0.0560, 0.0900),
    (0.0556, 0.1150),
    (0.0547, 0.1340),
    (0.0536, 0.1460),
    (0.0524, 0.1510),
)


def slanted(x: float, y: float, z: float) -> ps.Point:
    """Tilt the upper part towards the camera."""
    share = np.clip((z - 0.050) / 0.100, 0, 1)
    return (x, y, z + SLANT * y * float(share * share * (3 - 2 * share)))


def top(x: float, v: float, out: float) -> ps.Point:
    """The glass disc, slightly dished; v runs from front to back."""
    dish = 0.0022 * min(1.0, (x * x + v * v) / 0.044**2)
    return slanted(x, v, 0.1512 + dish + out)


def sign(
    mat: bpy.types.Material, at: tuple[float, float], bars: list[tuple[float, float]]
) -> list[bpy.types.Object]:
    """A touch key's sign made of centred bars of (width, height)."""
    parts = []
    for width, height in bars:
        outline = ps.rounded_rectangle(width, height, min(width, height) / 2.01, 4)
        parts.append(ps.inlay("key sign", top, outline, at, mat, 0.0003, 0.0001, 3, depth=0))
    return parts


def build() -> list[bpy.types.Object]:
    """The speaker."""
    cloth = ps.knit("cloth", (0.62, 0.585, 0.53), (0.40, 0.375, 0.34), RADIUS, 0.00125)
    oak = kit.wood("oak", (0.40, 0.235, 0.115), (0.60, 0.405, 0.225), 0.40, 5.0, "x")
    champagne = ps.satin("champagne", (0.88, 0.76, 0.62))
    glass = ps.gloss("glass", (0.010, 0.010, 0.011), 0.10)
    gap = kit.plain("gap", (0.012, 0.012, 0.012), 0.7)
    lit = kit.glow("light ring", (0.42, 0.86, 1.0), 3.2)
    dim = kit.glow("signs", (0.9, 0.93, 0.95), 0.8)
    rubber = kit.plain("rubber", (0.05, 0.05, 0.05), 0.75)

    profile = ps.smooth_rings([(z, r, r, 2.0) for r, z in CLOTH], 2)
    body = ps.warped(ps.loft("cloth", profile, cloth, 256), slanted)
    seam = ps.swept(
        "seam",
        [(0.0, r - 0.0001, z) for z, r, _, _ in profile],
        ps.circle(0.0006, 8),
        cloth,
        (1, 0, 0),
    )
    foot = [
        (0.0, 0.0016),
        (0.0445, 0.0016),
        (0.0465, 0.0022),
        (0.0478, 0.0120),
        (0.0470, 0.0128),
        (0.0, 0.0128),
    ]
    pad = [(0.0, 0.0), (0.0420, 0.0), (0.0425, 0.0018), (0.0, 0.0018)]
    shadow = [(0.0455, 0.0126), (0.0455, 0.0140)]
    rim = [
        (0.0515, 0.1500),
        (0.0530, 0.1508),
        (0.0532, 0.1530),
        (0.0524, 0.1545),
        (0.0492, 0.1546),
        (0.0484, 0.1538),
        (0.0483, 0.1500),
    ]
    groove = [(0.0515, 0.1490), (0.0519, 0.1502)]
    parts = [
        body,
        ps.warped(seam, slanted),
        kit.lathe("foot", foot, oak, (0, 0, 0), 0.0012, 192),
        kit.lathe("pad", pad, rubber, (0, 0, 0), 0.0005, 96),
        kit.lathe("shadow gap", shadow, gap, (0, 0, 0), 0, 96),
        ps.warped(kit.lathe("rim", rim, champagne, (0, 0, 0), 0.0007, 256), slanted),
        ps.warped(kit.lathe("groove", groove, gap, (0, 0, 0), 0, 128), slanted),
        ps.inlay("glass", top, ps.circle(0.0483, 128), (0, 0), glass, 0.0, 0.0006, 24),
        ps.hoop("light ring", top, ps.circle(0.0448, 128), (0, 0), lit, 0.0004, 0.0016),
        *sign(dim, (-0.020, -0.004), [(0.0075, 0.0011)]),
        *sign(dim, (0.020, -0.004), [(0.0075, 0.0011), (0.0011, 0.0075)]),
        ps.hoop("action", top, ps.circle(0.0062, 48), (0, 0.008), dim, 0.0003, 0.0011),
    ]
    for x in (-0.0035, 0.0035):
        hole = ps.circle(0.0009, 20)
        parts.append(ps.inlay("microphone", top, hole, (x, -0.030), dim, 0.0002, 0.0001, 3))
    return parts


PRODUCT = ps.Product(
    id="klanga-smart-speaker",
    name="Klanga smart speaker",
    category="smart_speaker",
    size_cm=(11.2, 16.7, 11.2),
    view_cm=16.5,
    turn_deg=14.0,
    build=build,
)

if __name__ == "__main__":
    sys.exit(ps.run(PRODUCT))
