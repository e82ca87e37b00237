"""A warm winter evening: fir twigs, plain glass baubles, candles and wrapped boxes on a wooden
table, a tree's lights far behind."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="winter-holidays",
    title="Winter evening table with fir twigs, glass baubles, candles and wrapped boxes",
    family="festive",
    surface={"material": "oak", "gloss": 0.2},
    light={
        "from": "right",
        "azimuth_deg": 56,
        "elevation_deg": 34,
        "softness": 0.75,
        "temperature_k": 3700,
    },
    masks={"r": "none", "g": "none", "b": "wrapping paper"},
    tags=("festive", "winter", "evening", "fir", "candles", "warm"),
    text_areas=((0.03, 0.04, 0.66, 0.30),),
    season="Christmas",
)

WALL_Y = 2.6


def fir_leg(mat: bpy.types.Material) -> bpy.types.Mesh:
    """A twig of fir 16 cm long along +x: needles in two dense ranks and some on top."""
    rng = random.Random(4)
    v: list[tuple[float, float, float]] = []
    f: list[tuple[int, ...]] = []
    for k in range(230):
        t = k / 230
        side = rng.choice((-1, 1, -1, 1, 0))
        angle = rng.uniform(0.75, 1.15)
        long = rng.uniform(0.014, 0.020) * (1.0 - 0.45 * t**3)
        up = rng.uniform(-0.15, 0.35) if side else rng.uniform(0.5, 0.9)
        d = kit.Vector((math.cos(angle), side * math.sin(angle), up)).normalized() * long
        wide = kit.Vector((-d.y, d.x, 0.001)).normalized() * 0.0015
        at = kit.Vector((0.16 * t, 0, -0.012 * t * t))
        start = len(v)
        v += [tuple(at - wide), tuple(at + wide), tuple(at + d * 0.9 + wide), tuple(at + d)]
        f.append((start, start + 1, start + 2, start + 3))
    for k in range(12):
        t0, t1 = k / 12, (k + 1) / 12
        start = len(v)
        for t in (t0, t1):
            for a in (0, 2.1, 4.2):
                r = 0.0017 * (1.1 - t)
                v.append((0.16 * t, r * math.cos(a), -0.012 * t * t + r * math.sin(a)))
        for i in range(3):
            j = (i + 1) % 3
            f.append((start + i, start + j, start + 3 + j, start + 3 + i))
    return kit.detached(kit.mesh_object("fir twig", v, f, mat))


def branch(
    mesh: bpy.types.Mesh, x: float, y: float, turn: float, rng: random.Random, size: float = 1.0
) -> None:
    """A fir branch that lies on the table: a spine with side twigs."""
    a = math.radians(turn)
    for k in range(3):
        d = 0.085 * k * size
        at = (x + d * math.cos(a), y + d * math.sin(a), 0.012)
        kit.instance(mesh, at, (0, -0.05, a), size)
        for side in (-1, 1):
            pose = (rng.uniform(-0.3, 0.3), rng.uniform(-0.14, 0.02), a + side * 0.72)
            kit.instance(mesh, at, pose, size * rng.uniform(0.55, 0.8))


def bauble(
    x: float, y: float, radius: float, mat: bpy.types.Material, cap: bpy.types.Material
) -> None:
    """A glass ball with its cap, lying a little turned."""
    ball = [
        (radius * math.sin(t), radius - radius * math.cos(t))
        for t in (math.pi * i / 40 for i in range(41))
    ]
    kit.lathe("bauble", ball, mat, (x, y, 0), 0, 72)
    pitch = math.radians(62)
    head = [(0, -0.001), (0.0075, 0), (0.0075, 0.009), (0.002, 0.010), (0, 0.010)]
    spin = math.atan2(-0.6 * x - 0.1, 0.8)
    out = (radius - 0.001) * math.sin(pitch)
    at = (
        x + out * math.sin(spin),
        y - out * math.cos(spin),
        radius + (radius - 0.001) * math.cos(pitch),
    )
    kit.lathe("bauble cap", head, cap, at, 0.001, 24, (62, 0, math.degrees(spin)))


def parcel(
    size: tuple[float, float, float],
    at: tuple[float, float, float],
    turn: float,
    paper: bpy.types.Material,
    ribbon: bpy.types.Material,
) -> None:
    """A wrapped box with a ribbon both ways and a bow of loops."""
    w, d, h = size
    x, y, z = at
    pose = (0, 0, turn)
    kit.mask(kit.box("parcel", size, (x, y, z + h / 2), paper, 0.003, pose), "b")
    kit.box("ribbon", (0.019, d + 0.0022, h + 0.0022), (x, y, z + h / 2), ribbon, 0.001, pose)
    kit.box("ribbon", (w + 0.0022, 0.019, h + 0.0022), (x, y, z + h / 2), ribbon, 0.001, pose)
    for k in range(6):
        a = math.radians(turn) + k * math.pi / 3 + 0.3
        tall = 0.030 if k % 2 else 0.022

        def loop(
            u: float, t: float, a: float = a, tall: float = tall
        ) -> tuple[float, float, float]:
            s = 2 * math.pi * u
            reach = 0.022 * (1 - math.cos(s))
            width = 0.017 * (t - 0.5) * (0.35 + 0.65 * math.sin(s / 2))
            rise = tall * 0.5 * math.sin(s) * (1 if u < 0.5 else 0.45) + 0.006
            return (
                reach * math.cos(a) - width * math.sin(a),
                reach * math.sin(a) + width * math.cos(a),
                rise,
            )

        bow = kit.grid("bow", 28, 3, loop, ribbon, (x, y, z + h + 0.003))
        thick = bow.modifiers.new("thick", "SOLIDIFY")
        thick.thickness = 0.0008


def candle(
    x: float, y: float, radius: float, high: float, wax: bpy.types.Material, watts: float
) -> None:
    """A pillar candle whose top glows from its flame."""
    profile = [(0, 0), (radius, 0), (radius, high), (radius * 0.82, high), (0, high - 0.006)]
    kit.lathe("candle", profile, wax, (x, y, 0), 0.003, 64)
    wick = kit.plain("wick", (0.03, 0.025, 0.02), 0.9)
    kit.tube("wick", [(x, y, high - 0.006), (x + 0.001, y, high + 0.008)], 0.0011, wick)
    kit.flame((x, y, high + 0.006), 0.028, 16)
    kit.lamp((x, y - 0.01, high + 0.03), watts, 0.02, 2100)


def background(mesh: bpy.types.Mesh) -> None:
    """A tree with warm lights at the left edge, a dim wall, a window with blue dusk."""
    wall = kit.plaster("wall plaster", (0.185, 0.135, 0.105), relief=0.5, cloud=0.08)
    kit.sheet("wall", (-4, 4), WALL_Y, (-1, 3), wall)
    rng = random.Random(13)
    lit = kit.glow("tree light", (1.0, 0.52, 0.17), 10.0)
    dot = kit.detached(kit.ball("tree light", 0.020, lit, (0, 0, 0)))
    glass = kit.plain("tree bauble", (0.34, 0.055, 0.045), 0.2, Metallic=0.7)
    hung = kit.detached(kit.ball("tree bauble", 0.045, glass, (0, 0, 0)))
    x0, y0 = 1.08, 1.95
    for _ in range(430):
        z = -0.75 + 1.95 * rng.random() ** 1.25
        reach = 0.62 * (1 - (z + 0.75) / 2.0) + 0.03
        a = rng.uniform(math.pi * 0.9, math.pi * 2.1)
        r = reach * rng.uniform(0.55, 1.0)
        at = (x0 + r * math.cos(a), y0 + r * math.sin(a) * 0.8, z)
        pose = (rng.uniform(-0.5, 0.5), rng.uniform(0.0, 0.5), a + rng.uniform(-0.5, 0.5))
        kit.instance(mesh, at, pose, rng.uniform(1.4, 2.2))
    for i in range(74):
        z = -0.70 + 1.85 * (i / 74) ** 1.1
        reach = 0.66 * (1 - (z + 0.75) / 2.0) + 0.05
        a = math.pi * 1.5 + 1.5 * math.sin(i * 2.4)
        at = (x0 + reach * math.cos(a), y0 + reach * math.sin(a) * 0.85 - 0.06, z)
        kit.instance(dot if i % 5 else hung, at, (0, 0, 0), rng.uniform(0.8, 1.15))
    core = kit.plain("tree core", (0.016, 0.032, 0.020), 0.95)
    kit.lathe("tree core", [(0.50, -0.8), (0.02, 1.2), (0, 1.22)], core, (x0, y0, 0), 0, 40)
    kit.lamp((x0 - 0.45, y0 - 0.5, 0.25), 7, 0.3, 2300)
    for i in range(17):
        t = i / 16
        z = 0.27 - 0.22 * 4 * t * (1 - t) + rng.uniform(-0.015, 0.015)
        kit.instance(dot, (-0.62 + 1.30 * t, WALL_Y - 0.06, z), (0, 0, 0), 0.85)
    for x in (-0.3, 0.3):
        kit.lamp((x, WALL_Y - 0.14, 0.12), 3.0, 0.2, 2300)

    frame = kit.plain("window frame", (0.11, 0.085, 0.07), 0.6)
    dusk = kit.glow("dusk", (0.055, 0.085, 0.16), 0.8)
    x0, x1, low, high = -1.28, -0.60, -0.02, 1.6
    kit.sheet("dusk", (x0, x1), WALL_Y - 0.01, (low, high), dusk)
    for x in (x0, (x0 + x1) / 2, x1):
        kit.box("stile", (0.045, 0.05, high - low), (x, WALL_Y - 0.03, (low + high) / 2), frame)
    for z in (low, 0.42, 0.86):
        kit.box("rail", (x1 - x0, 0.05, 0.04), ((x0 + x1) / 2, WALL_Y - 0.03, z), frame)
    kit.box("sill", (0.86, 0.16, 0.035), ((x0 + x1) / 2, WALL_Y - 0.08, low - 0.02), frame)
    flame = kit.glow("far flame", (1.0, 0.55, 0.20), 14.0)
    wax = kit.plain("far candle", (0.55, 0.46, 0.34), 0.6)
    for x, h in ((-1.10, 0.15), (-0.95, 0.10), (-0.76, 0.13)):
        pillar = [(0, 0), (0.035, 0), (0.035, h), (0, h)]
        kit.lathe("far candle", pillar, wax, (x, WALL_Y - 0.11, low), 0.004, 32)
        drop = [(0, h), (0.012, h + 0.015), (0, h + 0.05)]
        kit.lathe("far flame", drop, flame, (x, WALL_Y - 0.11, low + 0.008), 0.004, 16)
        kit.lamp((x, WALL_Y - 0.22, low + h + 0.05), 1.6, 0.04, 2200)


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.4, focus_offset=0.08)
    scene.view_settings.exposure = 0.2
    oak = kit.wood("table oak", (0.165, 0.098, 0.056), (0.300, 0.195, 0.120), 0.36, 9, "x", 1.2)
    kit.planks(oak, (-0.85, -0.63, -0.42, -0.20, 0.02, 0.25, 0.47, 0.70), 2.6, 0.036)

    green = kit.varied("fir needles", (0.030, 0.095, 0.040), (0.075, 0.165, 0.065), 0.5)
    twig = fir_leg(green)
    background(twig)
    rng = random.Random(7)
    for x, y, turn, size in (
        (-0.255, 0.40, 178, 1.0),
        (-0.33, 0.48, 150, 1.1),
        (-0.44, 0.34, 200, 1.0),
        (-0.62, 0.44, 170, 1.1),
        (0.255, 0.46, 20, 1.0),
        (0.47, 0.52, -14, 1.1),
        (0.60, 0.40, 8, 1.1),
        (-0.225, 0.175, 196, 0.8),
    ):
        branch(twig, x, y, turn, rng, size)

    gold = kit.plain("bauble gold", (0.66, 0.43, 0.20), 0.16, 0.02, Metallic=1.0)
    red = kit.plain("bauble red", (0.36, 0.028, 0.026), 0.10, 0.02, Coat_Weight=0.8)
    pearl = kit.plain("bauble pearl", (0.62, 0.56, 0.49), 0.22, 0.02, Coat_Weight=0.6)
    cap = kit.plain("bauble cap", (0.60, 0.46, 0.26), 0.3, Metallic=1.0)
    bauble(-0.245, 0.255, 0.034, red, cap)
    bauble(-0.325, 0.185, 0.029, gold, cap)
    bauble(-0.54, 0.27, 0.036, pearl, cap)
    bauble(0.265, 0.145, 0.030, gold, cap)

    wax = kit.plain(
        "wax",
        (0.62, 0.47, 0.31),
        0.5,
        Emission_Color=(1.0, 0.45, 0.16, 1),
        Emission_Strength=0.10,
    )
    candle(-0.385, 0.355, 0.036, 0.145, wax, 0.9)
    candle(-0.475, 0.445, 0.036, 0.085, wax, 0.9)
    candle(-0.66, 0.33, 0.032, 0.115, wax, 0.8)

    paper = kit.plain("wrapping", (0.54, 0.46, 0.38), 0.7)
    ribbon = kit.plain("ribbon", (0.32, 0.03, 0.03), 0.42, Sheen_Weight=0.4)
    parcel((0.20, 0.16, 0.085), (0.385, 0.325, 0), -18, paper, ribbon)
    parcel((0.13, 0.11, 0.060), (0.375, 0.335, 0.0875), 14, paper, ribbon)
    parcel((0.13, 0.13, 0.070), (0.545, 0.20, 0), 24, paper, ribbon)

    kit.softbox(56, 34, 1.9, (1.0, 1.1), 30, 3500, (0, 0.15, 0.1))
    kit.softbox(-60, 32, 2.4, (1.4, 1.4), 8, 6400, (0, 0.3, 0.1), False)
    kit.softbox(-132, 30, 1.8, (0.4, 1.2), 12, 2800, (0, 0.2, 0.1), False)
    kit.world((0.36, 0.38, 0.50), (0.28, 0.22, 0.18), 0.30)
