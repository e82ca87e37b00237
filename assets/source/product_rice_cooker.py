"""SmartChef, the demo rice cooker: clock, dial, carrying handle.

python product_rice_cooker.py --help
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

import bpy
import numpy as np
from mathutils import Matrix, Vector

import kit
import packshot as ps

WIDTH, HEIGHT, DEPTH = 0.25, 0.22, 0.29
DRAWN = (0.2570, 0.2950, 0.2155)
"""Width, depth and height of the model as drawn below; it is stretched to its true size."""
LEAN_DEG = 10.6  # how far the front face leans forward at the dial
PANEL = (0.0, 0.1060)
Materials = dict[str, bpy.types.Material]

# Height, half width, half depth and squareness of the body's rings.
BODY = (
    (0.0045, 0.092, 0.110, 3.4),
    (0.0075, 0.099, 0.118, 3.4),
    (0.015, 0.1045, 0.1235, 3.5),
    (0.033, 0.1095, 0.1295, 3.6),
    (0.065, 0.1155, 0.1355, 3.6),
    (0.100, 0.1195, 0.1395, 3.6),
    (0.130, 0.1215, 0.1415, 3.6),
    (0.1500, 0.1220, 0.1420, 3.6),
)
BAND = (
    (0.1500, 0.1232, 0.1432, 3.6),
    (0.1508, 0.1240, 0.1440, 3.6),
    (0.1582, 0.1240, 0.1440, 3.6),
    (0.1590, 0.1232, 0.1432, 3.6),
)
LID = (
    (0.1612, 0.1195, 0.1395, 3.6),
    (0.1614, 0.1215, 0.1415, 3.6),
    (0.1622, 0.1225, 0.1425, 3.6),
    (0.1700, 0.1228, 0.1428, 3.6),
    (0.1780, 0.1215, 0.1415, 3.5),
    (0.1860, 0.1175, 0.1375, 3.4),
    (0.1930, 0.1105, 0.1305, 3.3),
    (0.1985, 0.1000, 0.1200, 3.1),
    (0.2020, 0.0870, 0.1060, 3.0),
    (0.2045, 0.0700, 0.0870, 2.8),
    (0.2062, 0.0450, 0.0580, 2.6),
    (0.2068, 0.0200, 0.0260, 2.2),
    (0.2070, 0.0010, 0.0013, 2.0),
)
BODY_SMOOTH = ps.smooth_rings(BODY, 3)
LID_SMOOTH = ps.smooth_rings(LID)


def materials() -> Materials:
    """Everything the cooker is made of."""
    return {
        "white": ps.shell("shell", (0.84, 0.795, 0.725)),
        "dark": kit.plain("dark trim", (0.030, 0.030, 0.032), 0.42, 0.04),
        "gap": kit.plain("gap", (0.012, 0.012, 0.012), 0.7),
        "rubber": kit.plain("rubber", (0.05, 0.05, 0.05), 0.75),
        "metal": ps.brushed("brushed metal"),
        "glass": ps.gloss("display glass", (0.004, 0.0045, 0.006)),
        "steel": kit.material("polished edge", (0.80, 0.79, 0.77), 0.16, Metallic=1.0)[0],
        "lit": kit.glow("digits", (0.86, 0.95, 1.0), 2.6),
        "dim": kit.glow("icons", (0.70, 0.85, 0.95), 0.75),
        "warm": kit.glow("indicator", (1.0, 0.36, 0.07), 1.5),
        "ink": kit.plain("wordmark", (0.16, 0.155, 0.15), 0.4),
    }


def front(x: float, z: float, out: float = 0.0) -> ps.Point:
    """Point of the body's front face over (x, z), lifted by `out` metres."""
    heights = [r[0] for r in BODY_SMOOTH]
    w, d, n = (float(np.interp(z, heights, [r[k] for r in BODY_SMOOTH])) for k in (1, 2, 3))
    y = -d * max(0.0, 1 - abs(x / w) ** n) ** (1 / n)
    return (x, y - out, z)


def body(m: Materials) -> list[bpy.types.Object]:
    """Shell, metal band and the joint to the lid."""
    under = [(0.0044, 0.060, 0.075, 3), (0.0046, 0.093, 0.111, 3.4)]
    seam = [(0.1495, 0.118, 0.138, 3.6), (0.1630, 0.118, 0.138, 3.6)]
    return [
        ps.loft("body", BODY_SMOOTH, m["white"]),
        ps.loft("underside", under, m["dark"]),
        ps.loft("band", ps.smooth_rings(BAND, 1), m["metal"], smooth_deg=30),
        ps.loft("seam", seam, m["gap"]),
        ps.loft("lid", LID_SMOOTH, m["white"]),
    ]


# --------------------------------------------------------------------------- lid


def on_lid(w: float, d: float, lift: float, square: float, shift: float) -> list[ps.Point]:
    """A superellipse laid on the lid, `shift` behind its middle and lifted."""
    rings = [(r[1], r[0]) for r in reversed(LID_SMOOTH) if r[0] > 0.17]
    widths, heights = [r[0] for r in rings], [r[1] for r in rings]
    points = []
    for x, flat_y, _ in ps.even(ps.ring_points(w, d, square, 0, 160)):
        y = flat_y + shift
        k = max(abs(x) / 0.1228, abs(y) / 0.1428, 1e-6)
        scale = (abs(x / 0.1228) ** 3.1 + abs(y / 0.1428) ** 3.1) ** (1 / 3.1)
        z = float(np.interp(max(scale, 0.3 * k) * 0.1228, widths, heights))
        points.append((x, y, z + lift))
    return points


def cap(
    name: str,
    size: tuple[float, float],
    lift: float,
    mat: bpy.types.Material,
    shift: float = 0.0,
    square: float = 2.9,
    edge: float = 0.0012,
) -> bpy.types.Object:
    """A plate on the lid with a rounded edge; `size` is its half width and half depth."""
    w, d = size
    levels = [(1.0, -0.003), (1.0, lift - edge), (1 - 0.4 * edge / w, lift - edge * 0.3)]
    levels += [(float(k), lift) for k in np.linspace(1 - 1.2 * edge / w, 0.001, 14)]
    lines = [on_lid(w * k, d * k, h, square, shift) for k, h in levels]
    return ps.skin(name, lines, mat, smooth_deg=40)


def lid_plates(m: Materials) -> list[bpy.types.Object]:
    """An inset top plate, the steam vent behind and the button before it."""
    return [
        cap("top plate gap", (0.0805, 0.0985), 0.0010, m["gap"], edge=0.0002),
        cap("top plate", (0.0792, 0.0972), 0.0018, m["white"]),
        cap("vent gap", (0.0285, 0.0190), 0.0024, m["gap"], 0.050, 2.6, 0.0003),
        cap("vent", (0.0275, 0.0180), 0.0055, m["dark"], 0.050, 2.6, 0.0020),
        cap("vent slot", (0.0195, 0.0055), 0.0058, m["gap"], 0.046, 2.4, 0.0003),
        cap("button gap", (0.0265, 0.0125), 0.0022, m["gap"], -0.0735, 3.2, 0.0003),
        cap("button", (0.0257, 0.0117), 0.0045, m["metal"], -0.0735, 3.2, 0.0014),
    ]


def handle(m: Materials) -> list[bpy.types.Object]:
    """Carrying handle, folded back around the lid's rear edge, on two round pivots."""
    arc = []
    for i in range(41):
        t = math.pi * i / 40
        x = 0.1285 * math.copysign(abs(math.cos(t)) ** (2 / 3.6), math.cos(t))
        y = 0.012 + 0.1400 * abs(math.sin(t)) ** (2 / 3.6)
        arc.append((x, y, 0.1700 + 0.010 * math.sin(t)))
    section = ps.rounded_rectangle(0.0085, 0.017, 0.0038, 5)
    pivot = [(0.0, 0.0), (0.0125, 0.0), (0.0125, 0.0095), (0.0105, 0.0110), (0.0, 0.0114)]
    pin = [(0, 0), (0.006, 0), (0.006, 0.0122), (0, 0.0126)]
    parts = [ps.swept("handle", arc, section, m["dark"])]
    for side in (-1, 1):
        at, turn = (side * 0.1215, 0.012, 0.1700), (0, side * 90, 0)
        parts.append(kit.lathe("pivot", pivot, m["dark"], at, 0.0015, 48, turn))
        parts.append(kit.lathe("pivot pin", pin, m["steel"], at, 0.0008, 40, turn))
    return parts


# --------------------------------------------------------------------------- front


def bar(
    corner: tuple[float, float], size: tuple[float, float], mat: bpy.types.Material
) -> bpy.types.Object:
    """A lit stroke on the display by its lower left corner."""
    (x, z), (w, h) = corner, size
    points = [front(u, v, 0.0017) for u, v in ((x, z), (x + w, z), (x + w, z + h), (x, z + h))]
    return kit.mesh_object("stroke", points, [(0, 1, 2, 3)], mat)


def display(m: Materials) -> list[bpy.types.Object]:
    """Glass panel with a clock, two touch keys and the programme bars."""
    rim = ps.rounded_rectangle(0.1244, 0.0544, 0.0142)
    outline = ps.rounded_rectangle(0.122, 0.052, 0.013)
    clock_at, light = (-0.0005, 0.1095), "Light"
    parts = [
        ps.inlay("panel rim", front, rim, PANEL, m["steel"], 0.0006, 0.0005),
        ps.inlay("panel", front, outline, PANEL, m["glass"], 0.0013, 0.0006, 16),
        ps.lettering("clock", front, "12:30", 0.0225, clock_at, m["lit"], 0.0017, light, 1.02),
    ]
    for x in (-0.0450, 0.0450):
        ring = ps.circle(0.0060, 48)
        parts.append(ps.hoop("key", front, ring, (x, 0.1095), m["dim"], 0.0017, 0.00084))
        parts.append(bar((x - 0.0022, 0.1091), (0.0044, 0.0008), m["dim"]))
    parts.append(bar((0.0446, 0.1073), (0.0008, 0.0044), m["dim"]))
    for i in range(5):
        corner = ((i - 2) * 0.0102 - 0.0035, 0.0925)
        parts.append(bar(corner, (0.0070, 0.0010), m["warm" if i == 1 else "dim"]))
    return parts


def dial(m: Materials) -> list[bpy.types.Object]:
    """A turned metal dial with a pointer, square to the leaning front."""
    at, turn = front(0.0, 0.0530), (LEAN_DEG + 90, 0, 0)
    profile = [
        (0.0, 0.0),
        (0.0205, 0.0),
        (0.0205, 0.0030),
        (0.0185, 0.0040),
        (0.0178, 0.0125),
        (0.0162, 0.0138),
        (0.0, 0.0132),
    ]
    recess = [(0, 0), (0.0222, 0), (0.0222, 0.0008), (0, 0.0009)]
    pointer = kit.box("dial mark", (0.0014, 0.0006, 0.0060), (0, 0, 0), m["ink"], 0.0002)
    lean = Matrix.Rotation(math.radians(LEAN_DEG), 3, "X")
    pointer.location = Vector(at) + lean @ Vector((0.0, -0.0136, 0.0110))
    pointer.rotation_euler = (math.radians(LEAN_DEG), 0, 0)
    return [
        kit.lathe("dial gap", recess, m["gap"], at, 0.0003, 96, turn),
        kit.lathe("dial", profile, m["metal"], at, 0.0010, 128, turn),
        pointer,
    ]


def feet(m: Materials) -> list[bpy.types.Object]:
    """Four rubber feet."""
    profile = [(0, 0), (0.012, 0), (0.013, 0.006), (0, 0.007)]
    places = [(x, y, 0) for x in (-0.066, 0.066) for y in (-0.082, 0.082)]
    return [kit.lathe("foot", profile, m["rubber"], at, 0.001, 40) for at in places]


def stretched(parts: Sequence[bpy.types.Object]) -> list[bpy.types.Object]:
    """The parts under an empty that gives them their true size."""
    frame = bpy.data.objects.new("true size", None)
    bpy.context.scene.collection.objects.link(frame)
    frame.scale = (WIDTH / DRAWN[0], DEPTH / DRAWN[1], HEIGHT / DRAWN[2])
    for part in parts:
        part.parent = frame
    return [frame, *parts]


def build() -> list[bpy.types.Object]:
    """The cooker."""
    m = materials()
    at, weight = (0.0, 0.1405), "SemiBold"
    wordmark = ps.lettering(
        "wordmark", front, "SmartChef", 0.0125, at, m["ink"], 0.00045, weight, 1.03
    )
    parts = [*body(m), *lid_plates(m), *handle(m), *display(m), *dial(m), *feet(m), wordmark]
    return stretched(parts)


PRODUCT = ps.Product(
    id="smartchef-rice-cooker",
    name="SmartChef rice cooker",
    category="rice_cooker",
    size_cm=(WIDTH * 100, HEIGHT * 100, DEPTH * 100),
    view_cm=25.0,
    turn_deg=20.0,
    build=build,
)

if __name__ == "__main__":
    sys.exit(ps.run(PRODUCT))
