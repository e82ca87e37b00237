"""SmartChef, the demo rice cooker: model and packshots.

python product_rice_cooker.py [--samples 96] [--scale 1.0] [--side left|right|both] [--out DIR]

The model stands with its front foot on the anchor and is seen by the sets' camera, magnified,
so that a packshot can be scaled down onto a set without a change of perspective.
"""

from __future__ import annotations

import argparse
import functools
import math
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import bpy
import numpy as np
import yaml
from bpy_extras.object_utils import world_to_camera_view
from fontpkg_inter import __file__ as inter_package
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import OverlapMode, instantiateVariableFont
from mathutils import Matrix, Vector
from PIL import Image

import kit
import passes

HERE = Path(__file__).resolve().parent
WIDTH, HEIGHT, DEPTH = 0.25, 0.22, 0.29
TURN_DEG = 20.0
MARGIN = 0.02
LONG_SIDE = 1400
LEAN_DEG = 10.6  # how far the front face leans forward at the dial
WEIGHTS = {"Light": 300, "Medium": 500, "SemiBold": 600}

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
Ring = tuple[float, float, float, float]


def smooth_rings(rings: Sequence[Ring], times: int = 2) -> list[Ring]:
    """Refine a stack of rings with a curve through them (Catmull-Rom)."""
    for _ in range(times):
        out: list[Ring] = []
        for i in range(len(rings) - 1):
            a, b = rings[max(0, i - 1)], rings[i]
            c, d = rings[i + 1], rings[min(len(rings) - 1, i + 2)]
            middle = tuple(
                (9 * (q + r) - p - s) / 16 for p, q, r, s in zip(a, b, c, d, strict=True)
            )
            out += [b, middle]  # type: ignore[list-item]
        rings = [*out, rings[-1]]
    return list(rings)


BODY_SMOOTH = smooth_rings(BODY, 3)


def ring_points(
    half_width: float, half_depth: float, square: float, z: float, steps: int
) -> list[tuple[float, float, float]]:
    """A superellipse."""
    points = []
    for i in range(steps):
        t = 2 * math.pi * i / steps
        c, s = math.cos(t), math.sin(t)
        points.append(
            (
                half_width * math.copysign(abs(c) ** (2 / square), c),
                half_depth * math.copysign(abs(s) ** (2 / square), s),
                z,
            )
        )
    return points


def even(points: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """The same closed line with evenly spaced points."""
    line = np.array([*points, points[0]])
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.linspace(0, lengths[-1], len(points), endpoint=False)
    return [tuple(float(np.interp(d, lengths, line[:, k])) for k in range(3)) for d in at]  # type: ignore[misc]


def loft(
    name: str,
    rings: Sequence[Ring],
    mat: bpy.types.Material,
    steps: int = 192,
    smooth_deg: float = 50,
) -> bpy.types.Object:
    """Skin over a stack of rings, open at both ends."""
    v: list[tuple[float, float, float]] = []
    for z, w, d, n in rings:
        v += even(ring_points(w, d, n, z, steps * 4))[::4]
    f = [
        (
            r * steps + i,
            r * steps + (i + 1) % steps,
            (r + 1) * steps + (i + 1) % steps,
            (r + 1) * steps + i,
        )
        for r in range(len(rings) - 1)
        for i in range(steps)
    ]
    return kit.mesh_object(name, v, f, mat, smooth_deg=smooth_deg)


def front(x: float, z: float, out: float = 0.0) -> tuple[float, float, float]:
    """Point of the body's front face over (x, z), lifted by `out` metres."""
    heights = [r[0] for r in BODY_SMOOTH]
    w, d, n = (float(np.interp(z, heights, [r[k] for r in BODY_SMOOTH])) for k in (1, 2, 3))
    y = -d * max(0.0, 1 - abs(x / w) ** n) ** (1 / n)
    return (x, y - out, z)


def rounded_rectangle(
    width: float, height: float, radius: float, steps: int = 12
) -> list[tuple[float, float]]:
    """Outline around the origin, counter-clockwise."""
    out = []
    for cx, cy, start in ((1, 1, 0), (-1, 1, 90), (-1, -1, 180), (1, -1, 270)):
        for i in range(steps + 1):
            t = math.radians(start + 90 * i / steps)
            out.append(
                (
                    cx * (width / 2 - radius) + radius * math.cos(t),
                    cy * (height / 2 - radius) + radius * math.sin(t),
                )
            )
    return out


def finely(
    outline: Sequence[tuple[float, float]], step: float = 0.0025
) -> list[tuple[float, float]]:
    """The same closed outline without any edge longer than `step`."""
    out: list[tuple[float, float]] = []
    for (x0, y0), (x1, y1) in zip(outline, [*outline[1:], outline[0]], strict=True):
        pieces = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / step))
        out += [
            (x0 + (x1 - x0) * i / pieces, y0 + (y1 - y0) * i / pieces) for i in range(pieces)
        ]
    return out


def inlay(
    name: str,
    outline: Sequence[tuple[float, float]],
    at: tuple[float, float],
    mat: bpy.types.Material,
    out: float,
    edge: float = 0.0008,
    rings: int = 10,
) -> bpy.types.Object:
    """A panel that follows the front face: concentric copies of a star-shaped outline, with a
    rounded edge."""
    outline = finely(outline)
    n = len(outline)
    levels = [(1.0, -0.002), (1.0, out - edge), (0.9985, out - edge * 0.35)]
    levels += [(k, out) for k in np.linspace(0.994, 0.0, rings)]
    v = [front(at[0] + x * k, at[1] + z * k, lift) for k, lift in levels for x, z in outline]
    f = [
        (r * n + i, r * n + (i + 1) % n, (r + 1) * n + (i + 1) % n, (r + 1) * n + i)
        for r in range(len(levels) - 1)
        for i in range(n)
    ]
    return kit.mesh_object(name, v, f, mat, smooth_deg=40)


def lettering(
    name: str,
    text: str,
    size: float,
    at: tuple[float, float],
    mat: bpy.types.Material,
    out: float,
    weight: str = "Medium",
    spacing: float = 1.0,
) -> bpy.types.Object:
    """Letters laid on the front face, centred on `at`."""
    data = bpy.data.curves.new(name, "FONT")
    data.body = text
    data.size = size
    data.align_x = "CENTER"
    data.align_y = "CENTER"
    data.space_character = spacing
    data.resolution_u = 6
    data.font = bpy.data.fonts.load(str(font_file(weight)))
    obj = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.update()
    mesh = bpy.data.meshes.new_from_object(
        obj.evaluated_get(bpy.context.evaluated_depsgraph_get())
    )
    bpy.data.objects.remove(obj)
    for vertex in mesh.vertices:
        x, z = at[0] + vertex.co.x, at[1] + vertex.co.y
        vertex.co = front(x, z, out)
    mesh.materials.clear()
    mesh.materials.append(mat)
    result = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(result)
    return result


@functools.cache
def font_file(weight: str) -> Path:
    """A static cut of the variable font Inter from its PyPI package."""
    source = Path(inter_package).parent / "files" / "Inter[opsz,wght].ttf"
    font = instantiateVariableFont(
        TTFont(source), {"wght": WEIGHTS[weight], "opsz": 32}, overlap=OverlapMode.REMOVE
    )
    path = Path(tempfile.mkdtemp(prefix="inter-")) / f"Inter-{weight}.ttf"
    font.save(path)
    return path


def model() -> bpy.types.Object:
    """Build the cooker around an empty that turns it, front foot on the anchor."""
    white, g, shader = kit.material("shell", (0.84, 0.795, 0.725), 0.36)
    grain = g.noise(g.coords(), 900.0, 1)
    g.set(shader.inputs["Normal"], g.bump(grain, 0.05, 0.0003))
    dark = kit.plain("dark trim", (0.030, 0.030, 0.032), 0.42, 0.04)
    gap = kit.plain("gap", (0.012, 0.012, 0.012), 0.7)
    rubber = kit.plain("rubber", (0.05, 0.05, 0.05), 0.75)

    metal, g, shader = kit.material("brushed metal", (0.72, 0.70, 0.67), 0.30, Metallic=1.0)
    brushed = g.noise(g.coords((6, 6, 4200)), 1.0, 2)
    g.set(shader.inputs["Roughness"], g.remap(brushed, 0.3, 0.7, 0.22, 0.38))
    g.set(shader.inputs["Normal"], g.bump(brushed, 0.06, 0.0003))

    glass, _, _ = kit.material("display glass", (0.004, 0.0045, 0.006), 0.08)
    steel, _, _ = kit.material("polished edge", (0.80, 0.79, 0.77), 0.16, Metallic=1.0)
    lit = kit.glow("digits", (0.86, 0.95, 1.0), 2.6)
    dim = kit.glow("icons", (0.70, 0.85, 0.95), 0.75)
    warm = kit.glow("indicator", (1.0, 0.36, 0.07), 1.5)
    ink = kit.plain("wordmark", (0.16, 0.155, 0.15), 0.4)

    parts = [
        loft("body", BODY_SMOOTH, white),
        loft("underside", [(0.0044, 0.060, 0.075, 3), (0.0046, 0.093, 0.111, 3.4)], dark),
        loft("band", smooth_rings(BAND, 1), metal, smooth_deg=30),
        loft("seam", [(0.1495, 0.118, 0.138, 3.6), (0.1630, 0.118, 0.138, 3.6)], gap),
        loft("lid", smooth_rings(LID), white),
    ]

    # Lid: an inset top plate with its own seam, steam vent at the back, button in front.
    def on_lid(
        w: float, d: float, lift: float, n: float = 2.9, shift: float = 0.0
    ) -> list[tuple[float, float, float]]:
        heights = [(r[1], r[0]) for r in reversed(smooth_rings(LID)) if r[0] > 0.17]
        points = []
        for x, y, _ in even(ring_points(w, d, n, 0, 160)):
            y += shift
            k = max(abs(x) / 0.1228, abs(y) / 0.1428, 1e-6)
            scale = (abs(x / 0.1228) ** 3.1 + abs(y / 0.1428) ** 3.1) ** (1 / 3.1)
            z = float(
                np.interp(
                    max(scale, 0.3 * k) * 0.1228,
                    [h[0] for h in heights],
                    [h[1] for h in heights],
                )
            )
            points.append((x, y, z + lift))
        return points

    def cap(
        name: str,
        w: float,
        d: float,
        lift: float,
        mat: bpy.types.Material,
        shift: float = 0.0,
        n: float = 2.9,
        edge: float = 0.0012,
    ) -> bpy.types.Object:
        levels = [
            (1.0, -0.003),
            (1.0, lift - edge),
            (1 - 0.4 * edge / w, lift - edge * 0.3),
            *((float(k), lift) for k in np.linspace(1 - 1.2 * edge / w, 0.001, 14)),
        ]
        v = [p for k, h in levels for p in on_lid(w * k, d * k, h, n, shift)]
        steps = 160
        f = [
            (
                r * steps + i,
                r * steps + (i + 1) % steps,
                (r + 1) * steps + (i + 1) % steps,
                (r + 1) * steps + i,
            )
            for r in range(len(levels) - 1)
            for i in range(steps)
        ]
        return kit.mesh_object(name, v, f, mat, smooth_deg=40)

    parts += [
        cap("top plate gap", 0.0805, 0.0985, 0.0003, gap, edge=0.0002),
        cap("top plate", 0.0792, 0.0972, 0.0016, white),
        cap("vent gap", 0.0285, 0.0190, 0.0022, gap, 0.050, 2.6, 0.0003),
        cap("vent", 0.0275, 0.0180, 0.0055, dark, 0.050, 2.6, 0.0020),
        cap("vent slot", 0.0195, 0.0055, 0.0058, gap, 0.046, 2.4, 0.0003),
        cap("button gap", 0.0265, 0.0125, 0.0020, gap, -0.0735, 3.2, 0.0003),
        cap("button", 0.0257, 0.0117, 0.0045, metal, -0.0735, 3.2, 0.0014),
    ]

    # Carry handle, folded back around the lid's rear edge, on two round pivots.
    arc = []
    for i in range(41):
        t = math.pi * i / 40
        c, s = math.cos(t), math.sin(t)
        x = 0.1285 * math.copysign(abs(c) ** (2 / 3.6), c)
        y = 0.012 + 0.1400 * abs(s) ** (2 / 3.6)
        arc.append((x, y, 0.1700 + 0.010 * math.sin(t)))
    handle_v, section = [], rounded_rectangle(0.0085, 0.017, 0.0038, 5)
    for i, p in enumerate(arc):
        a, b = Vector(arc[max(0, i - 1)]), Vector(arc[min(40, i + 1)])
        along = (b - a).normalized()
        side = along.cross(Vector((0, 0, 1))).normalized()
        up = side.cross(along).normalized()
        handle_v += [tuple(Vector(p) + side * u + up * w) for u, w in section]
    n = len(section)
    handle_f = [
        (r * n + i, r * n + (i + 1) % n, (r + 1) * n + (i + 1) % n, (r + 1) * n + i)
        for r in range(len(arc) - 1)
        for i in range(n)
    ]
    parts.append(kit.mesh_object("handle", handle_v, handle_f, dark, smooth_deg=60))
    pivot = [(0.0, 0.0), (0.0125, 0.0), (0.0125, 0.0095), (0.0105, 0.0110), (0.0, 0.0114)]
    for side in (-1, 1):
        parts.append(
            kit.lathe(
                "pivot",
                pivot,
                dark,
                (side * 0.1215, 0.012, 0.1700),
                0.0015,
                48,
                (0, side * 90, 0),
            )
        )
        parts.append(
            kit.lathe(
                "pivot pin",
                [(0, 0), (0.006, 0), (0.006, 0.0122), (0, 0.0126)],
                steel,
                (side * 0.1215, 0.012, 0.1700),
                0.0008,
                40,
                (0, side * 90, 0),
            )
        )

    # Front: glass panel with clock, icons and touch keys; a dial with a metal rim; wordmark.
    panel_at = (0.0, 0.1060)
    outline = rounded_rectangle(0.122, 0.052, 0.013)
    rim = rounded_rectangle(0.1244, 0.0544, 0.0142)
    parts.append(inlay("panel rim", rim, panel_at, steel, 0.0006, 0.0005))
    parts.append(inlay("panel", outline, panel_at, glass, 0.0013, 0.0006, 16))
    lift = 0.0017
    parts.append(
        lettering("clock", "12:30", 0.0225, (-0.0005, 0.1095), lit, lift, "Light", 1.02)
    )
    for i, x in enumerate((-0.0450, 0.0450)):
        circle = [
            (0.0060 * math.cos(t), 0.0060 * math.sin(t))
            for t in (2 * math.pi * k / 40 for k in range(40))
        ]
        ring_v = [
            front(x + px * s, 0.1095 + pz * s, lift) for s in (1.0, 0.86) for px, pz in circle
        ]
        ring_f = [(k, (k + 1) % 40, 40 + (k + 1) % 40, 40 + k) for k in range(40)]
        parts.append(kit.mesh_object("key ring", ring_v, ring_f, dim))
        bars = (
            [(-0.0022, -0.0004, 0.0044, 0.0008)]
            if i == 0
            else [(-0.0022, -0.0004, 0.0044, 0.0008), (-0.0004, -0.0022, 0.0008, 0.0044)]
        )
        for bx, bz, bw, bh in bars:
            corners = [(bx, bz), (bx + bw, bz), (bx + bw, bz + bh), (bx, bz + bh)]
            parts.append(
                kit.mesh_object(
                    "key sign",
                    [front(x + cx, 0.1095 + cz, lift) for cx, cz in corners],
                    [(0, 1, 2, 3)],
                    dim,
                )
            )
    for i in range(5):
        w = 0.0070
        x0 = (i - 2) * 0.0102 - w / 2
        corners = [(x0, 0.0925), (x0 + w, 0.0925), (x0 + w, 0.0935), (x0, 0.0935)]
        parts.append(
            kit.mesh_object(
                "programme",
                [front(x, z, lift) for x, z in corners],
                [(0, 1, 2, 3)],
                warm if i == 1 else dim,
            )
        )

    dial_at = front(0.0, 0.0530)
    dial = [
        (0.0, 0.0),
        (0.0205, 0.0),
        (0.0205, 0.0030),
        (0.0185, 0.0040),
        (0.0178, 0.0125),
        (0.0162, 0.0138),
        (0.0, 0.0132),
    ]
    parts.append(
        kit.lathe(
            "dial gap",
            [(0, 0), (0.0222, 0), (0.0222, 0.0008), (0, 0.0009)],
            gap,
            dial_at,
            0.0003,
            96,
            (LEAN_DEG + 90, 0, 0),
        )
    )
    parts.append(kit.lathe("dial", dial, metal, dial_at, 0.0010, 128, (LEAN_DEG + 90, 0, 0)))
    mark = kit.box("dial mark", (0.0014, 0.0006, 0.0060), (0, 0, 0), ink, 0.0002)
    mark.location = Vector(dial_at) + Matrix.Rotation(math.radians(LEAN_DEG), 3, "X") @ Vector(
        (0.0, -0.0136, 0.0110)
    )
    parts.append(mark)
    parts.append(
        lettering(
            "wordmark", "SmartChef", 0.0125, (0.0, 0.1405), ink, 0.00045, "SemiBold", 1.03
        )
    )

    for x in (-0.066, 0.066):
        for y in (-0.082, 0.082):
            parts.append(
                kit.lathe(
                    "foot",
                    [(0, 0), (0.012, 0), (0.013, 0.006), (0, 0.007)],
                    rubber,
                    (x, y, 0),
                    0.001,
                    40,
                )
            )

    root = bpy.data.objects.new("cooker", None)
    bpy.context.scene.collection.objects.link(root)
    for part in parts:
        part.parent = root
    stretch = HEIGHT / 0.2155
    root.scale = (WIDTH / 0.2570, DEPTH / 0.2950, stretch)
    root.rotation_euler = (0, 0, math.radians(TURN_DEG))
    bpy.context.view_layer.update()
    feet = [
        p.matrix_world @ Vector(c)
        for p in parts
        if p.name.startswith("foot")
        for c in p.bound_box
    ]
    root.location = (0, -min(p.y for p in feet), 0)
    return root


def light(side: str) -> None:
    """A soft key from one side, a strip for the edge of the other, a room to reflect and a pale
    table."""
    sign = -1 if side == "left" else 1
    kit.softbox(sign * 50, 45, 1.5, (0.8, 1.0), 47, 5400, (0, 0.12, 0.12))
    kit.softbox(sign * 95, 25, 1.2, (0.35, 1.2), 7, 5300, (0, 0.12, 0.12))
    kit.softbox(-sign * 70, 20, 1.6, (0.8, 1.4), 5, 6300, (0, 0.12, 0.12))
    kit.softbox(sign * 18, 8, 1.9, (1.6, 0.7), 13, 5600, (0, 0.12, 0.08))
    kit.softbox(-sign * 150, 35, 1.5, (0.5, 1.2), 15, 6000, (0, 0.12, 0.16))
    kit.softbox(0, 88, 1.3, (0.8, 0.9), 8, 6000, (0, 0.20, 0.12))
    kit.world((0.95, 0.96, 1.0), (0.62, 0.60, 0.57), 0.30)
    table = kit.plain("table", (0.55, 0.53, 0.50), 0.6)
    floor = kit.mesh_object(
        "table", [(-2, -2, 0), (2, -2, 0), (2, 3, 0), (-2, 3, 0)], [(0, 1, 2, 3)], table
    )
    floor.visible_camera = False


def frame_on(root: bpy.types.Object, scale: float) -> float:
    """Magnify the sets' view and cut it to the model; returns pixels per centimetre at the
    anchor."""
    scene = bpy.context.scene
    graph = bpy.context.evaluated_depsgraph_get()
    seen = []
    for part in root.children:
        mesh = part.evaluated_get(graph).to_mesh()
        matrix = part.matrix_world
        seen += [
            world_to_camera_view(scene, scene.camera, matrix @ v.co) for v in mesh.vertices
        ]
    x0, x1 = min(p.x for p in seen), max(p.x for p in seen)
    y0, y1 = min(p.y for p in seen), max(p.y for p in seen)
    size = max((x1 - x0) * kit.SIZE_PX[0], (y1 - y0) * kit.SIZE_PX[1])
    zoom = LONG_SIDE * scale / size * (1 - 2 * MARGIN)
    passes.resolution(zoom)
    render = scene.render
    render.use_border = render.use_crop_to_border = True
    pad = 0.004
    render.border_min_x, render.border_max_x = x0 - pad, x1 + pad
    render.border_min_y, render.border_max_y = y0 - pad, y1 + pad
    return kit.PX_PER_CM * zoom


def straight_and_cropped(image: Image.Image) -> tuple[Image.Image, tuple[int, int]]:
    """Cut to the alpha box plus the margin; returns the picture and the box's size in
    pixels."""
    pixels = np.asarray(image.convert("RGBA")).copy()
    pixels[pixels[:, :, 3] < 2] = 0
    ys, xs = np.nonzero(pixels[:, :, 3] > 8)
    x0, x1, y0, y1 = int(xs.min()), int(xs.max()) + 1, int(ys.min()), int(ys.max()) + 1
    width, height = x1 - x0, y1 - y0
    margin = round(MARGIN * max(width, height))
    out = np.zeros((height + 2 * margin, width + 2 * margin, 4), np.uint8)
    out[margin : margin + height, margin : margin + width] = pixels[y0:y1, x0:x1]
    return Image.fromarray(out, "RGBA"), (width, height)


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--samples", type=int, default=96)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--side", choices=("left", "right", "both"), default="both")
    parser.add_argument(
        "--out", type=Path, default=HERE.parent / "products" / "smartchef-rice-cooker"
    )
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for side in ("left", "right") if args.side == "both" else (args.side,):
        started = time.monotonic()
        scene = kit.reset()
        scene.render.film_transparent = True
        scene.view_settings.exposure = 0.22
        kit.camera(scene, f_stop=0)
        root = model()
        light(side)
        kit.simplify_bounces()
        px_per_cm = frame_on(root, args.scale)
        picture, (width, height) = straight_and_cropped(passes.beauty(args.samples))
        picture.save(args.out / f"packshot-{side}.png", optimize=True)
        print(
            f"packshot {side}: {picture.size}, {time.monotonic() - started:.0f} s", flush=True
        )
    record = {
        "schema": 1,
        "id": "smartchef-rice-cooker",
        "name": "SmartChef rice cooker",
        "category": "rice_cooker",
        "width_cm": round(WIDTH * 100, 1),
        "height_cm": round(HEIGHT * 100, 1),
        "depth_cm": round(DEPTH * 100, 1),
        "visible_width_cm": round(width / px_per_cm, 2),
        "visible_height_cm": round(height / px_per_cm, 2),
        "margin": MARGIN,
        "packshots": {"left": "packshot-left.png", "right": "packshot-right.png"},
        "licence": "Apache-2.0",
    }
    (args.out / "product.yaml").write_text(
        yaml.safe_dump(record, sort_keys=False, width=110), encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
