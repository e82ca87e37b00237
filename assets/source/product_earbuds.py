"""Pebla, the demo earbuds: an open case with one bud in its place and one beside it.

python product_earbuds.py --help
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence

import bpy
import numpy as np
from mathutils import Vector

import kit
import packshot as ps

WIDTH, DEPTH, HEIGHT = 0.0620, 0.0275, 0.0470
SPLIT = 0.0310  # height of the joint between case and lid
HINGE_Y = 0.0126
LID_DEG = 99.0
WELL_X, WELL_Y = 0.0145, -0.0004
Materials = dict[str, bpy.types.Material]


def materials() -> Materials:
    """Everything case and buds are made of."""
    return {
        "case": ps.shell("case", (0.78, 0.735, 0.665), 0.24),
        "inside": ps.shell("inside", (0.86, 0.83, 0.785), 0.30),
        "bud": ps.gloss("bud", (0.86, 0.845, 0.82), 0.16),
        "tip": ps.shell("silicone", (0.56, 0.54, 0.51), 0.52),
        "copper": ps.satin("copper", (0.88, 0.66, 0.48)),
        "mesh": mesh_cloth(),
        "slot": kit.plain("slot", (0.030, 0.030, 0.032), 0.55, 0.05),
        "gap": kit.plain("gap", (0.010, 0.010, 0.010), 0.75),
        "well": kit.plain("well", (0.045, 0.042, 0.040), 0.7),
        "lit": kit.glow("lamp", (0.75, 1.0, 0.85), 3.0),
    }


def mesh_cloth() -> bpy.types.Material:
    """Fine dark wire mesh."""
    mat, g, shader = kit.material("mesh", (0.05, 0.05, 0.052), 0.45, Metallic=0.6)
    xyz = g.add("ShaderNodeSeparateXYZ", Vector=g.coords(vary=False))
    waves = [
        g.math("ABSOLUTE", g.math("SINE", g.math("MULTIPLY", xyz.outputs[a], 6000.0)))
        for a in ("X", "Z")
    ]
    height = g.math("MULTIPLY", *waves)
    g.set(shader.inputs["Normal"], g.bump(height, 0.8, 0.0006))
    return mat


# --------------------------------------------------------------------------- case


def bulge(z: float) -> float:
    """How wide the pebble is at a height, in shares of its widest."""
    share = abs((z - HEIGHT * 0.50) / (HEIGHT * 0.50))
    return max(0.0, 1 - min(1.0, share) ** 2.9) ** (1 / 2.9)


def pebble_ring(z: float, inset: float = 0.0) -> ps.Ring:
    """The case's outline at a height."""
    k = bulge(z)
    return (z, max(WIDTH / 2 * k - inset, 1e-5), max(DEPTH / 2 * k - inset, 1e-5), 2.5)


def heights(low: float, high: float, *, steps: int = 48) -> list[float]:
    """Heights that lie close together near the pebble's poles."""
    turns = np.linspace(
        math.acos(1 - 2 * low / HEIGHT), math.acos(1 - 2 * high / HEIGHT), steps
    )
    return [float(HEIGHT / 2 * (1 - math.cos(t))) for t in turns]


def lower(m: Materials) -> list[bpy.types.Object]:
    """The case with its tray, wells and lamp."""
    outside = [pebble_ring(z) for z in heights(0.0009, SPLIT - 0.0004)]
    outside.insert(0, (0.0009, 1e-4, 1e-4, 2.5))
    _, w, d, n = pebble_ring(SPLIT)
    lip = [(SPLIT - 0.0001, w - 0.0001, d - 0.0001, n), (SPLIT, w - 0.0004, d - 0.0004, n)]
    tray = [
        (SPLIT, w - 0.0004, d - 0.0004, n),
        (SPLIT, w - 0.0012, d - 0.0012, n),
        (SPLIT - 0.0002, w - 0.0015, d - 0.0015, n),
        (SPLIT - 0.0012, w - 0.0017, d - 0.0017, n),
        (SPLIT - 0.0016, w - 0.0022, d - 0.0022, n),
        (SPLIT - 0.0017, w - 0.0050, d - 0.0050, n),
        (SPLIT - 0.0017, 1e-4, 1e-4, n),
    ]

    def deck(x: float, v: float, out: float) -> ps.Point:
        return (x, v, SPLIT - 0.0017 + out)

    def front(x: float, z: float, out: float) -> ps.Point:
        _, half_w, half_d, square = pebble_ring(z)
        y = -half_d * max(0.0, 1 - abs(x / half_w) ** square) ** (1 / square)
        return (x, y - out, z)

    band = [
        (z, a + 0.00012, b + 0.00012, c) for z, a, b, c in map(pebble_ring, (0.0292, 0.0304))
    ]
    band = [pebble_ring(0.0291), *band, pebble_ring(0.0305)]
    parts = [
        ps.loft("case", [*outside, *lip], m["case"]),
        ps.loft("tray", tray, m["inside"]),
        ps.loft("band", band, m["copper"], smooth_deg=30),
    ]
    for x in (-WELL_X, WELL_X):
        edge = [(u, w * 0.90) for u, w in ps.circle(0.0092, 64)]
        hole = [(u, w * 0.90) for u, w in ps.circle(0.0085, 64)]
        parts += [
            ps.inlay("well edge", deck, edge, (x, WELL_Y), m["inside"], 0.0005, 0.0004),
            ps.inlay("well", deck, hole, (x, WELL_Y), m["well"], 0.00055, 0.0001, 6),
        ]
    parts.append(
        ps.inlay("lamp", front, ps.circle(0.0006, 32), (0, 0.0225), m["lit"], 0.0002, 0.0001, 4)
    )
    return parts


def lid(m: Materials) -> list[bpy.types.Object]:
    """The lid, hollow, folded back."""
    wall = 0.0014
    outside = [pebble_ring(z) for z in heights(SPLIT + 0.0004, HEIGHT - 0.00002)]
    _, w, d, n = pebble_ring(SPLIT)
    rim = [
        (SPLIT, w - wall, d - wall, n),
        (SPLIT, w - 0.0004, d - 0.0004, n),
        (SPLIT + 0.0001, w - 0.0001, d - 0.0001, n),
    ]
    inner = [pebble_ring(z, wall) for z in heights(SPLIT, HEIGHT - 0.0002)]
    inside = [(min(z, HEIGHT - wall), a, b, c) for z, a, b, c in inner]
    inside = [r for r in inside if r[1] > 0.0015 and r[2] > 0.0015]
    top = inside[-1][0]
    inside += [(top, 0.0008, 0.0008, 2.0), (top, 1e-6, 1e-6, 2.0)]
    parts = [
        ps.loft("lid", [*rim[1:], *outside], m["case"]),
        ps.loft("lid lining", [rim[1], rim[0], *inside], m["inside"]),
    ]
    hinge = (0.0, HINGE_Y, SPLIT)
    for part in parts:
        for vertex in part.data.vertices:
            vertex.co -= Vector(hinge)
    return ps.placed(parts, hinge, (-LID_DEG, 0, 0))


def hinge(m: Materials) -> bpy.types.Object:
    """A metal bar between case and lid."""
    bar = [(0.0, -0.0115), (0.0011, -0.0115), (0.0011, 0.0115), (0.0, 0.0115)]
    return kit.lathe(
        "hinge", bar, m["copper"], (0, HINGE_Y + 0.0004, SPLIT), 0.0003, 32, (0, 90, 0)
    )


# --------------------------------------------------------------------------- bud


def capsule(start: ps.Point, end: ps.Point, radii: Sequence[float]) -> tuple[list, list]:
    """Vertices and faces of a round-ended rod whose radius runs through `radii`."""
    a, b = Vector(start), Vector(end)
    along = (b - a).normalized()
    side = along.orthogonal().normalized()
    up = along.cross(side)
    arc = np.linspace(0, math.pi / 2, 8)
    stations = [(a - along * radii[0] * math.cos(t), radii[0] * math.sin(t)) for t in arc]
    stations += [
        (a.lerp(b, k), float(np.interp(k, np.linspace(0, 1, len(radii)), radii)))
        for k in np.linspace(0, 1, 12)[1:-1]
    ]
    stations += [(b + along * radii[-1] * math.sin(t), radii[-1] * math.cos(t)) for t in arc]
    turns = np.linspace(0, 2 * math.pi, 40, endpoint=False)
    vertices = [
        tuple(p + (side * math.cos(t) + up * math.sin(t)) * max(r, 1e-6))
        for p, r in stations
        for t in turns
    ]
    return vertices, ps.skin_faces(len(stations), 40, caps=True)


def merged(
    name: str, pieces: Sequence[tuple[list, list]], mat: bpy.types.Material
) -> bpy.types.Object:
    """One skin over overlapping closed pieces, their joints smoothed to fillets."""
    vertices: list = []
    faces: list = []
    for points, polygons in pieces:
        shift = len(vertices)
        vertices += points
        faces += [tuple(i + shift for i in polygon) for polygon in polygons]
    obj = kit.mesh_object(name, vertices, faces, mat)
    remesh = obj.modifiers.new("remesh", "REMESH")
    remesh.mode, remesh.voxel_size, remesh.use_smooth_shade = "VOXEL", 0.00020, True
    soften = obj.modifiers.new("soften", "SMOOTH")
    soften.factor, soften.iterations = 0.5, 26
    return obj


def ball(centre: ps.Point, radii: ps.Point) -> tuple[list, list]:
    """Vertices and faces of an ellipsoid."""
    turns = np.linspace(0, 2 * math.pi, 48, endpoint=False)
    poles = np.linspace(-math.pi / 2, math.pi / 2, 26)[1:-1]
    vertices = [
        tuple(
            c + r * u
            for c, r, u in zip(
                centre,
                radii,
                (math.cos(p) * math.cos(t), math.cos(p) * math.sin(t), math.sin(p)),
                strict=True,
            )
        )
        for p in poles
        for t in turns
    ]
    return vertices, ps.skin_faces(len(poles), 48, caps=True)


def bud(m: Materials, side: int) -> list[bpy.types.Object]:
    """An earbud around the middle of its head; the nozzle points to the camera and, by `side`,
    inwards; the stem hangs down."""
    nozzle = Vector((-side * 0.42, -0.90, 0.06)).normalized()
    stem_top, stem_foot = (side * 0.0016, 0.0040, 0.001), (side * 0.0016, 0.0046, -0.0235)
    shell = merged(
        "bud",
        [
            ball((0, 0, 0), (0.0082, 0.0076, 0.0086)),
            ball((-side * 0.0008, -0.0022, 0.0004), (0.0066, 0.0066, 0.0068)),
            capsule(tuple(nozzle * 0.002), tuple(nozzle * 0.0072), (0.0056, 0.0040, 0.0034)),
            capsule(stem_top, stem_foot, (0.0034, 0.0031, 0.0030)),
        ],
        m["bud"],
    )
    tip = [
        (0.0024, 0.0066),
        (0.0024, 0.0062),
        (0.0036, 0.0048),
        (0.0052, 0.0042),
        (0.0061, 0.0050),
        (0.0060, 0.0068),
        (0.0050, 0.0090),
        (0.0036, 0.0106),
        (0.0026, 0.0109),
        (0.0022, 0.0104),
        (0.0021, 0.0080),
    ]
    angle = nozzle.to_track_quat("Z", "Y").to_euler()
    turn = tuple(math.degrees(a) for a in angle)
    at = tuple(nozzle * 0.0030)
    parts = [
        shell,
        kit.lathe("tip", tip, m["tip"], at, 0.0007, 96, turn),
        kit.lathe("nozzle mesh", [(0.0, 0.0092), (0.0024, 0.0090)], m["mesh"], at, 0, 48, turn),
    ]
    return [*parts, *stem_details(m, stem_foot), *vent(m, side)]


def stem_details(m: Materials, foot: ps.Point) -> list[bpy.types.Object]:
    """A copper foot ring with the microphone in it, a touch plate on the outside."""
    x, y, z = foot
    ring = [(0.00285, 0.0), (0.00318, 0.0002), (0.00318, 0.0013), (0.00285, 0.0015)]
    cap = [
        (0.0, -0.0030),
        (0.0016, -0.0027),
        (0.0026, -0.0017),
        (0.00302, 0.0),
        (0.00302, 0.0004),
    ]
    mesh = [(0.0, -0.00315), (0.0012, -0.00305)]
    at = (x, y, z)
    parts = [
        kit.lathe("foot ring", ring, m["copper"], at, 0.0001, 64),
        kit.lathe("foot", cap, m["bud"], at, 0.0002, 64),
        kit.lathe("microphone", mesh, m["mesh"], at, 0, 32),
    ]

    def back(u: float, v: float, out: float) -> ps.Point:
        r = 0.0031 + out
        return (x - r * math.sin(u / 0.0031), y + r * math.cos(u / 0.0031), v)

    plate = ps.rounded_rectangle(0.0027, 0.0105, 0.0013, 8)
    parts.append(
        ps.inlay("touch plate", back, plate, (0, z + 0.0090), m["copper"], 0.00025, 0.0001, 6)
    )
    return parts


def vent(m: Materials, side: int) -> list[bpy.types.Object]:
    """The pressure vent on the head's outside: a dark mesh slot."""

    def face(u: float, v: float, out: float) -> ps.Point:
        t, p = u / 0.0080, v / 0.0080
        r = 1 + out / 0.008
        return (
            side * 0.0082 * r * math.cos(p) * math.cos(t),
            -0.0076 * r * math.cos(p) * math.sin(t),
            0.0086 * r * math.sin(p),
        )

    slot = ps.rounded_rectangle(0.0022, 0.0062, 0.00105, 8)
    return [ps.inlay("vent", face, slot, (0.0022, 0.0026), m["slot"], 0.00040, 0.00012, 6)]


def build() -> list[bpy.types.Object]:
    """Case, lid and two buds."""
    m = materials()
    parts = [*lower(m), *lid(m), hinge(m)]
    parts += ps.placed(bud(m, 1), (WELL_X, WELL_Y, SPLIT + 0.0038), (0, 0, -40))
    loose = ps.placed(bud(m, -1), (0, 0, 0), (0, 0, 0))
    parts += laid(loose, (-0.0265, -0.0330), (62, 0, -58))
    return parts


def laid(
    parts: list[bpy.types.Object], at: tuple[float, float], rotation_deg: ps.Point
) -> list[bpy.types.Object]:
    """Turn a group and lower it until it rests on the table."""
    ps.placed(parts, (0, 0, 0), rotation_deg)
    low = float(ps.world_points(parts)[:, 2].min())
    return ps.placed(parts, (*at, -low))


PRODUCT = ps.Product(
    id="pebla-earbuds",
    name="Pebla earbuds with case",
    category="earbuds",
    size_cm=(6.2, 4.7, 2.8),
    view_cm=7.0,
    turn_deg=18.0,
    build=build,
)

if __name__ == "__main__":
    sys.exit(ps.run(PRODUCT))
