"""Lufto, the demo air purifier: a slatted tower with a glass eye and a leather strap.

python product_air_purifier.py --help
"""

from __future__ import annotations

import math
import sys

import bpy
import numpy as np

import kit
import packshot as ps

HALF, SQUARE = 0.130, 3.0
SLATS = 132
SLANT = math.tan(math.radians(11))
UPPER = (
    (0.3440, 0.1262, 0.1262, SQUARE),
    (0.3455, 0.1292, 0.1292, SQUARE),
    (0.3500, 0.1300, 0.1300, SQUARE),
    (0.4100, 0.1300, 0.1300, SQUARE),
    (0.4500, 0.1294, 0.1294, SQUARE),
    (0.4720, 0.1278, 0.1278, SQUARE),
    (0.4850, 0.1250, 0.1250, 2.9),
    (0.4930, 0.1200, 0.1200, 2.8),
    (0.4955, 0.1150, 0.1150, 2.8),
    (0.4950, 0.1110, 0.1110, 2.7),
    (0.4900, 0.1085, 0.1085, 2.7),
    (0.4780, 0.1070, 0.1070, 2.6),
)


def slanted(x: float, y: float, z: float) -> ps.Point:
    """Tilt the top towards the camera."""
    share = float(np.clip((z - 0.400) / 0.090, 0, 1))
    return (x, y, z + SLANT * y * share * share * (3 - 2 * share))


def front(x: float, z: float, out: float) -> ps.Point:
    """The upper housing's front face."""
    y = -HALF * max(0.0, 1 - abs(x / HALF) ** SQUARE) ** (1 / SQUARE)
    return (x, y - out, z)


def slats(mat: bpy.types.Material) -> bpy.types.Object:
    """Upright slats all around, every one a rounded bar."""
    outline = np.array(ps.even(ps.ring_points(HALF, HALF, SQUARE, 0, SLATS * 40)))[:, :2]
    section = ((0.0, 0.0), (0.10, 0.80), (0.24, 1.0), (0.40, 1.0), (0.54, 0.80), (0.64, 0.0))
    depth = 0.0062
    lines = []
    for z in (0.030, 0.034, 0.342):
        inset = depth + (0.0030 if z == 0.030 else 0.0)
        line = []
        for i in range(SLATS):
            for along, out in section:
                x, y = outline[round((i + along) * 40) % len(outline)]
                k = 1 - (inset - depth * out) / HALF
                line.append((float(x * k), float(y * k), z))
        lines.append(line)
    return ps.skin("slats", lines, mat, smooth_deg=40)


def outlet(mat: bpy.types.Material) -> list[bpy.types.Object]:
    """Curved blades over the dark air outlet, and rings that hold them."""
    parts = []
    for i in range(56):
        start = 2 * math.pi * i / 56
        path = []
        for k in range(9):
            r = 0.034 + (0.1075 - 0.034) * k / 8
            turn = start + 0.55 * (k / 8) ** 1.2
            path.append((r * math.cos(turn), r * math.sin(turn), 0.4850))
        blade = ps.swept("blade", path, ps.rounded_rectangle(0.0014, 0.0090, 0.0006, 3), mat)
        parts.append(ps.warped(blade, slanted))
    for radius in (0.058, 0.082):
        band = [
            (radius - 0.0012, 0.482),
            (radius + 0.0012, 0.482),
            (radius + 0.0012, 0.4895),
            (radius - 0.0012, 0.4895),
            (radius - 0.0012, 0.482),
        ]
        parts.append(ps.warped(kit.lathe("band", band, mat, (0, 0, 0), 0.0004, 96), slanted))
    hub = [(0.0, 0.4905), (0.026, 0.4900), (0.034, 0.4880), (0.0355, 0.480), (0.0, 0.478)]
    parts.append(ps.warped(kit.lathe("hub", hub, mat, (0, 0, 0), 0.003, 96), slanted))
    return parts


def eye() -> list[bpy.types.Object]:
    """Round display: air quality as a figure, a ring and five bars."""
    steel = ps.satin("eye rim")
    glass = ps.gloss("glass", (0.004, 0.0045, 0.006))
    lit = kit.glow("figure", (0.88, 0.96, 1.0), 2.4)
    good = kit.glow("good air", (0.20, 0.95, 0.55), 2.0)
    dim = kit.glow("bars", (0.50, 0.56, 0.60), 0.5)
    at = (0.0, 0.4060)
    parts = [
        ps.inlay("eye rim", front, ps.circle(0.0350, 128), at, steel, 0.0016, 0.0008),
        ps.inlay("eye", front, ps.circle(0.0330, 128), at, glass, 0.0022, 0.0006, 16),
        ps.lettering("figure", front, "08", 0.0250, (0, 0.4075), lit, 0.0026, "Light"),
    ]
    arc = [
        front(0.0285 * math.cos(t), at[1] + 0.0285 * math.sin(t), 0.0026)
        for t in np.linspace(math.radians(-50), math.radians(230), 90)
    ]
    inner = [
        front(0.0270 * math.cos(t), at[1] + 0.0270 * math.sin(t), 0.0026)
        for t in np.linspace(math.radians(-50), math.radians(230), 90)
    ]
    parts.append(ps.skin("air ring", [arc, inner], good, closed=False))
    for i in range(3):
        outline = ps.rounded_rectangle(0.0050, 0.0014, 0.0006, 4)
        place = ((i - 1) * 0.0072, at[1] - 0.0150)
        mat = good if i == 0 else dim
        parts.append(ps.inlay("bar", front, outline, place, mat, 0.0026, 0.0001, 3, depth=0))
    return parts


def strap() -> list[bpy.types.Object]:
    """A leather carrying strap on the side, with two steel studs."""
    leather, g, shader = kit.material("leather", (0.40, 0.205, 0.095), 0.55)
    hide = g.noise(g.coords(), 420.0, 4)
    g.set(shader.inputs["Normal"], g.bump(hide, 0.25, 0.0006))
    steel = ps.satin("stud")
    parts = []
    for side in (-1, 1):
        path = [
            (side * (HALF + 0.0015 + 0.016 * math.sin(math.pi * t) ** 0.8), y, 0.4200)
            for t, y in ((i / 32, -0.058 + 0.116 * i / 32) for i in range(33))
        ]
        section = ps.rounded_rectangle(0.0034, 0.0230, 0.0012, 4)
        parts.append(ps.swept("strap", path, section, leather))
        for y in (-0.054, 0.054):
            stud = [(0, 0), (0.0062, 0), (0.0058, 0.0030), (0.0, 0.0036)]
            at = (side * (HALF + 0.0015), y, 0.4200)
            parts.append(kit.lathe("stud", stud, steel, at, 0.001, 40, (0, side * 90, 0)))
    return parts


def build() -> list[bpy.types.Object]:
    """The purifier."""
    white = ps.shell("shell", (0.86, 0.85, 0.83), 0.40)
    slat = ps.shell("slats", (0.80, 0.785, 0.76), 0.45)
    blade = kit.plain("blades", (0.10, 0.10, 0.10), 0.45, 0.04)
    dark = kit.plain("core", (0.020, 0.020, 0.021), 0.8)
    base = kit.plain("base", (0.055, 0.055, 0.057), 0.5, 0.05)
    copper = ps.brushed("ring", (0.86, 0.66, 0.50), (6, 6, 3000))

    def core(name: str, low: float, high: float, inset: float) -> bpy.types.Object:
        half = HALF - inset
        return ps.loft(name, [(low, half, half, SQUARE), (high, half, half, SQUARE)], dark)

    ring = [
        (0.3400, 0.1290, 0.1290, SQUARE),
        (0.3404, 0.1300, 0.1300, SQUARE),
        (0.3435, 0.1300, 0.1300, SQUARE),
        (0.3439, 0.1290, 0.1290, SQUARE),
    ]
    plinth = [
        (0.0000, 0.108, 0.108, SQUARE),
        (0.0100, 0.109, 0.109, SQUARE),
        (0.0115, 0.124, 0.124, SQUARE),
        (0.0150, 0.1275, 0.1275, SQUARE),
        (0.0270, 0.1285, 0.1285, SQUARE),
        (0.0295, 0.1270, 0.1270, SQUARE),
        (0.0300, 0.1200, 0.1200, SQUARE),
    ]
    parts = [
        ps.loft("plinth", plinth, base, smooth_deg=35),
        core("filter", 0.030, 0.346, 0.0052),
        slats(slat),
        ps.loft("ring", ring, copper, smooth_deg=30),
        ps.warped(ps.loft("upper", ps.smooth_rings(UPPER, 2), white), slanted),
        *eye(),
        *outlet(blade),
        *strap(),
    ]
    well = kit.lathe("well", [(0.108, 0.4770), (0.0, 0.4700)], dark, (0, 0, 0), 0, 96)
    parts.append(ps.warped(well, slanted))
    return parts


PRODUCT = ps.Product(
    id="lufto-air-purifier",
    name="Lufto air purifier",
    category="air_purifier",
    size_cm=(26.0, 52.0, 26.0),
    view_cm=52.0,
    turn_deg=22.0,
    build=build,
)

if __name__ == "__main__":
    sys.exit(ps.run(PRODUCT))
