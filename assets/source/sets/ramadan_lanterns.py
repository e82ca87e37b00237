"""An evening table with pierced-metal lanterns, dates and coffee cups on a woven cloth."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="ramadan-lanterns",
    title="Evening table with pierced-metal lanterns, dates and coffee cups",
    family="festive",
    surface={"material": "dark wood", "gloss": 0.25},
    light={
        "from": "left",
        "azimuth_deg": -58,
        "elevation_deg": 32,
        "softness": 0.7,
        "temperature_k": 3600,
    },
    masks={"r": "none", "g": "none", "b": "table cloth"},
    tags=("festive", "evening", "lanterns", "hospitality", "warm"),
    text_areas=((0.03, 0.04, 0.97, 0.30),),
    categories=(
        "rice_cooker",
        "air_fryer",
        "electric_kettle",
        "coffee_maker",
        "smart_speaker",
    ),
    season="Ramadan",
)

WALL_Y = 1.75


def pierced(
    name: str,
    profile: list[tuple[float, float]],
    rows: tuple[float, float],
    around: int,
    mat: bpy.types.Material,
    location: tuple[float, float, float],
) -> None:
    """A turned metal shell with staggered lozenge holes between the shares `rows` of its
    height."""
    low, high = profile[0][1], profile[-1][1]
    steps, rings = around * 6, 66

    def at(share: float) -> tuple[float, float]:
        z = low + (high - low) * share
        for (r0, z0), (r1, z1) in zip(profile, profile[1:], strict=False):
            if z0 <= z <= z1:
                return r0 + (r1 - r0) * (z - z0) / max(z1 - z0, 1e-6), z
        return profile[-1]

    v, f = [], []
    for j in range(rings + 1):
        r, z = at(j / rings)
        for i in range(steps):
            a = 2 * math.pi * i / steps
            v.append((r * math.cos(a), r * math.sin(a), z))
    for j in range(rings):
        share = (j + 0.5) / rings
        for i in range(steps):
            row = (share - rows[0]) / (rows[1] - rows[0]) * 7
            across = (i + 0.5) / 6 + (0.5 if int(row) % 2 else 0)
            hole = 0 < row < 7 and abs(across % 1 - 0.5) / 0.36 + abs(row % 1 - 0.5) / 0.42 < 1
            if not hole:
                a, b = j * steps + i, j * steps + (i + 1) % steps
                f.append((a, b, b + steps, a + steps))
    shell = kit.mesh_object(name, v, f, mat, location)
    solid = shell.modifiers.new("sheet metal", "SOLIDIFY")
    solid.thickness = 0.0012


def lantern(x: float, y: float, scale: float, mat: bpy.types.Material, watts: float) -> None:
    """A lantern that stands: foot, pierced belly, pierced dome, ring."""
    s = scale
    foot = [(0, 0), (0.062, 0), (0.064, 0.008), (0.048, 0.018), (0.052, 0.030), (0, 0.030)]
    kit.lathe("lantern foot", [(r * s, z * s) for r, z in foot], mat, (x, y, 0), 0.003, 64)
    belly = [(0.052, 0.030), (0.072, 0.075), (0.078, 0.115), (0.070, 0.160), (0.054, 0.190)]
    pierced(
        "lantern belly", [(r * s, z * s) for r, z in belly], (0.06, 0.94), 16, mat, (x, y, 0)
    )
    band = [(0.050, 0.188), (0.062, 0.190), (0.062, 0.198), (0.050, 0.200)]
    kit.lathe("lantern band", [(r * s, z * s) for r, z in band], mat, (x, y, 0), 0.002, 64)
    dome = [(0.052, 0.199), (0.049, 0.225), (0.036, 0.250), (0.018, 0.268), (0.012, 0.276)]
    pierced("lantern dome", [(r * s, z * s) for r, z in dome], (0.05, 0.72), 12, mat, (x, y, 0))
    tip = [(0.012, 0.274), (0.016, 0.280), (0.008, 0.290), (0.006, 0.302), (0, 0.304)]
    kit.lathe("lantern tip", [(r * s, z * s) for r, z in tip], mat, (x, y, 0), 0.002, 32)
    ring = [
        (0.020 * s * math.cos(t), 0, (0.322 + 0.020 * math.sin(t)) * s)
        for t in (2 * math.pi * k / 24 for k in range(25))
    ]
    kit.tube("lantern ring", ring, 0.0022 * s, mat, (x, y, 0), (0, 0, 35))
    inner = [(0, 0.034), (0.030, 0.040), (0.044, 0.11), (0.034, 0.18), (0.02, 0.24), (0, 0.262)]
    lit = kit.glow("lantern light", (1.0, 0.46, 0.12), 3.4)
    kit.lathe("lantern light", [(r * s, z * s) for r, z in inner], lit, (x, y, 0), 0.01, 32)
    kit.lamp((x, y - 0.10 * s, 0.10 * s), watts, 0.05, 2200)


def hanging(x: float, y: float, z: float, size: float, mat: bpy.types.Material) -> None:
    """A pierced globe on a chain in the back, out of focus."""
    ball = [
        (size * math.sin(t), -size * 1.15 * math.cos(t))
        for t in (math.pi * (0.10 + 0.80 * i / 14) for i in range(15))
    ]
    pierced("globe", ball, (0.08, 0.92), 14, mat, (x, y, z))
    lit = kit.glow("globe light", (1.0, 0.46, 0.12), 3.2)
    kit.lathe(
        "globe light",
        [(r * 0.62, h * 0.72) for r, h in [(0, ball[0][1]), *ball, (0, ball[-1][1])]],
        lit,
        (x, y, z),
        0,
        32,
    )
    cap = [
        (0, size * 1.08),
        (size * 0.34, size * 1.05),
        (size * 0.12, size * 1.35),
        (0, size * 1.4),
    ]
    kit.lathe("globe cap", cap, mat, (x, y, z), 0.003, 32)
    kit.tube("chain", [(x, y, z + size * 1.35), (x, y, z + 2.5)], 0.004, mat)


def dates(x: float, y: float) -> None:
    """A brass bowl heaped with dates."""
    brass = kit.plain("bowl brass", (0.62, 0.43, 0.21), 0.28, Metallic=1.0)
    kit.lathe("bowl", kit.bowl_profile(0.088, 0.050, 0.040, 0.0035), brass, (x, y, 0), 0.0015)
    skin = kit.varied("date", (0.085, 0.028, 0.012), (0.27, 0.105, 0.036), 0.24)
    shader = next(n for n in skin.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
    g = kit.Graph(skin.node_tree)
    wrinkles = g.noise(g.coords((140, 140, 34)), 1.0, 3)
    g.set(shader.inputs["Normal"], g.bump(wrinkles, 0.55, 0.0014))
    profile = [
        (0.0105 * math.sin(t) ** 0.75, -0.0195 * math.cos(t))
        for t in (math.pi * i / 18 for i in range(19))
    ]
    mesh = kit.detached(kit.lathe("date", profile, skin, (0, 0, 0), 0, 24))
    rng = random.Random(8)
    heap = ((12, 0.066, 0.045), (9, 0.047, 0.054), (7, 0.040, 0.066), (4, 0.02, 0.075))
    for count, ring, z in heap:
        for i in range(count):
            a = 6.283 * i / count + rng.uniform(-0.2, 0.2) + z * 60
            turn = (
                1.57 + rng.uniform(-0.35, 0.35),
                rng.uniform(-0.3, 0.3),
                rng.random() * 6.283,
            )
            at = (
                x + ring * math.cos(a),
                y + ring * math.sin(a),
                z + rng.uniform(-0.002, 0.003),
            )
            kit.instance(mesh, at, turn, rng.uniform(0.9, 1.12))
    for dx, dy, turn in ((-0.085, -0.075, 0.4), (-0.055, -0.105, 1.9)):
        kit.instance(mesh, (x + dx, y + dy, 0.0115), (1.57, 0.1, turn))


def cups(x: float, y: float) -> None:
    """Two coffee cups without handles on a small round tray."""
    brass = kit.plain("tray brass", (0.62, 0.43, 0.21), 0.26, Metallic=1.0)
    tray = [(0, 0), (0.098, 0), (0.105, 0.011), (0.102, 0.012), (0.096, 0.004), (0, 0.004)]
    kit.lathe("tray", tray, brass, (x, y, 0), 0.001)
    glaze = kit.ceramic("cup", (0.74, 0.71, 0.65), 0.2)
    cup = [
        (0.0, 0.002),
        (0.014, 0.002),
        (0.0145, 0.0),
        (0.016, 0.0),
        (0.022, 0.012),
        (0.029, 0.036),
        (0.0315, 0.050),
        (0.030, 0.050),
        (0.027, 0.036),
        (0.019, 0.012),
        (0.0, 0.008),
    ]
    coffee = kit.plain("coffee", (0.28, 0.17, 0.06), 0.08, 0.01)
    for dx, dy in ((-0.036, 0.022), (0.042, -0.014)):
        kit.lathe("cup", cup, glaze, (x + dx, y + dy, 0.0045), 0.002)
        kit.lathe(
            "cup band", [(0.0297, 0.038), (0.0306, 0.0415)], brass, (x + dx, y + dy, 0.0045), 0
        )
        kit.lathe("coffee", [(0.0285, 0.042), (0, 0.042)], coffee, (x + dx, y + dy, 0.0045), 0)


def cloth() -> None:
    """A runner across the table's back, woven in quiet stripes, its fringe at the sides."""
    wool, g, shader = kit.material("runner", (0.30, 0.21, 0.16), 0.92, Sheen_Weight=0.3)
    y = g.add(
        "ShaderNodeSeparateXYZ", Vector=g.add("ShaderNodeTexCoord").outputs["Object"]
    ).outputs["Y"]
    stripes = g.math("SINE", g.math("MULTIPLY", y, 150.0))
    slub = g.noise(g.coords((60, 420, 1), vary=False), 1.0, 2)
    tone = g.mix(g.remap(stripes, 0.55, 0.75), (0.25, 0.165, 0.125, 1), (0.42, 0.31, 0.235, 1))
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.remap(slub, 0.3, 0.7, 0, 0.35), tone, (0.28, 0.2, 0.16, 1)),
    )
    g.set(shader.inputs["Normal"], g.bump(slub, 0.5, 0.0015))

    def shape(u: float, t: float) -> tuple[float, float, float]:
        wave = 0.0014 * math.sin(31 * u + 2 * t) * math.sin(4 * t)
        return (2.4 * (u - 0.5), 0.105 + 0.33 * t, 0.0032 + wave)

    kit.mask(kit.grid("runner", 160, 20, shape, wool), "b")


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.4, focus_offset=0.08)
    scene.view_settings.exposure = 0.15
    walnut = kit.wood(
        "table walnut", (0.115, 0.068, 0.042), (0.225, 0.142, 0.09), 0.32, 9, "x", 1.1
    )
    kit.planks(walnut, (-0.85, -0.64, -0.42, -0.21, 0.0, 0.22, 0.45), 2.6, 0.036)
    wall = kit.plaster("wall plaster", (0.20, 0.155, 0.145), relief=0.6, cloud=0.08)
    low = -1.0
    kit.wall_with_arch(
        "wall", 6.0, 3.8, (1.30, 0.80 - low), 0.0, 0.16, wall, (0, WALL_Y, low), 96
    )
    niche = kit.plaster("niche plaster", (0.235, 0.18, 0.165), relief=0.6, cloud=0.08)
    kit.sheet("niche", (-0.8, 0.8), WALL_Y + 0.16, (low, 1.2), niche)

    brass = kit.plain("lantern brass", (0.50, 0.33, 0.15), 0.34, Metallic=1.0)
    bronze = kit.plain("lantern bronze", (0.30, 0.185, 0.095), 0.36, Metallic=1.0)
    lantern(-0.285, 0.33, 0.98, brass, 1.6)
    lantern(-0.46, 0.55, 1.30, bronze, 2.2)
    lantern(0.50, 0.62, 1.15, brass, 2.0)
    hanging(0.96, 1.35, 0.42, 0.105, bronze)
    hanging(-0.98, 1.42, 0.50, 0.115, brass)
    cloth()
    dates(0.275, 0.25)
    cups(0.43, 0.115)

    kit.softbox(-58, 32, 1.9, (1.0, 1.1), 26, 3300, (0, 0.15, 0.1))
    kit.softbox(60, 28, 2.4, (1.2, 1.4), 9, 4300, (0, 0.3, 0.1), False)
    kit.softbox(135, 34, 1.9, (0.4, 1.2), 13, 2800, (0, 0.2, 0.1))
    for x in (-0.42, 0.42):
        kit.lamp((x, WALL_Y - 0.12, -0.1), 9, 0.12, 2400)
    kit.world((0.36, 0.36, 0.46), (0.30, 0.22, 0.18), 0.30)
