"""A warm living room seen low over an oak floor: sofa, rug, plant and window light from the
left."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="living-room",
    title="Warm living room with an oak floor",
    family="living",
    surface={"material": "oak parquet", "gloss": 0.2},
    light={
        "from": "left",
        "azimuth_deg": -60,
        "elevation_deg": 30,
        "softness": 0.6,
        "temperature_k": 4400,
    },
    masks={"r": "wall", "g": "floor", "b": "rug and cushions"},
    tags=("living room", "daylight", "warm", "floor", "family"),
    product_cm=(22.0, 60.0),
    categories=("robot_vacuum", "air_purifier", "cordless_vacuum"),
)

WALL_Y = 3.1


def floor() -> None:
    """Narrow oak boards along the wall, staggered, over a dark joint."""
    oak = kit.wood("floor oak", (0.38, 0.25, 0.145), (0.60, 0.44, 0.285), 0.32, 7, "x", 1.15)
    joint = kit.plain("floor joint", (0.16, 0.10, 0.06), 0.9)
    kit.mask(kit.sheet("subfloor", (-4, 4), (-1.8, 3.6), -0.0006, joint), "g")
    rng = random.Random(2)
    wide, y = 0.13, -1.65
    while y < WALL_Y:
        x = -3.6 + rng.uniform(-0.9, 0)
        while x < 3.6:
            long = rng.uniform(0.9, 1.9)
            ends, sides = (x, x + long - 0.0018), (y, y + wide - 0.0018)
            kit.mask(kit.sheet("board", ends, sides, 0.0, oak), "g")
            x += long
        y += wide


def rug() -> None:
    """A hand-woven wool rug that reaches under the sofa from the right."""
    wool, g, shader = kit.material("wool", (0.68, 0.60, 0.50), 0.95, Sheen_Weight=0.4)
    v = g.coords((1, 1, 1), vary=False)
    rows = g.noise(g.coords((18, 230, 1), vary=False), 1.0, 2)
    tufts = g.noise(v, 120, 2)
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.remap(rows, 0.3, 0.7), (0.58, 0.50, 0.41, 1), (0.74, 0.67, 0.57, 1)),
    )
    g.set(shader.inputs["Normal"], g.bump(tufts, 0.7, 0.01, g.bump(rows, 0.6, 0.006)))

    def shape(u: float, t: float) -> tuple[float, float, float]:
        edge = min(u * 2.6, t * 2.2, (1 - t) * 2.2)
        wave = 0.002 * math.sin(9 * u + 5 * t) * math.sin(7 * t)
        ragged = 0.006 * math.sin(60 * t) if u == 0 else 0.0
        return (0.62 + ragged + 2.6 * u, 0.50 + 1.9 * t, 0.018 * min(1, edge * 24) + wave)

    kit.mask(kit.grid("rug", 60, 60, shape, wool), "b")
    thread = kit.plain("fringe", (0.72, 0.66, 0.57), 0.9)
    rng = random.Random(3)
    for i in range(86):
        y = 0.515 + 1.87 * i / 85
        tip = (0.62 - rng.uniform(0.06, 0.075), y + rng.uniform(-0.008, 0.008), 0.003)
        points = [(0.635, y, 0.012), (0.60, y, 0.009), tip]
        kit.mask(kit.tube("fringe", points, [0.004, 0.004, 0.0025], thread), "b")


def sofa() -> None:
    """A low sofa on wooden legs along the wall, with a knitted throw and cushions."""
    cloth = kit.linen("sofa linen", (0.50, 0.425, 0.345), 2.6)
    timber = kit.wood("sofa legs", (0.24, 0.14, 0.075), (0.40, 0.25, 0.15), 0.45, 8, "z")
    x0, x1, y = 0.30, 2.9, 2.45
    middle, long = (x0 + x1) / 2, x1 - x0
    kit.box("sofa base", (long, 0.86, 0.15), (middle, y, 0.225), cloth, 0.03)
    for i in range(2):
        wide = (long - 0.20) / 2
        seat = (x0 + 0.20 + wide * (i + 0.5), y - 0.05, 0.36)
        kit.box("seat", (wide - 0.012, 0.80, 0.16), seat, cloth, 0.05)
        kit.cushion(
            f"back {i}",
            (wide - 0.01, 0.22, 0.40),
            cloth,
            (seat[0], y + 0.29, 0.585),
            (-10, 0, 0),
            0.26,
        )
    kit.box("arm", (0.20, 0.90, 0.42), (x0 + 0.09, y, 0.355), cloth, 0.06)
    kit.box("back", (long, 0.14, 0.56), (middle, y + 0.42, 0.42), cloth, 0.05)
    for x in (x0 + 0.10, middle, x1 - 0.1):
        for dy in (-0.36, 0.36):
            kit.lathe(
                "leg",
                [(0, 0), (0.013, 0), (0.023, 0.15), (0, 0.15)],
                timber,
                (x, y + dy, 0),
                0.002,
                32,
            )
    loose = kit.linen("cushion linen", (0.63, 0.51, 0.42), 2.0)
    kit.mask(
        kit.cushion("loose", (0.42, 0.16, 0.42), loose, (0.76, y, 0.60), (-22, 6, 8), 0.33), "b"
    )


def plant(x: float, y: float) -> None:
    """A rubber plant in a woven basket."""
    straw, g, shader = kit.material("basket", (0.58, 0.42, 0.25), 0.75)
    weave = g.noise(g.coords((30, 30, 110)), 1.0, 2)
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.remap(weave, 0.3, 0.7), (0.38, 0.255, 0.14, 1), (0.68, 0.52, 0.33, 1)),
    )
    g.set(shader.inputs["Normal"], g.bump(weave, 1.0, 0.012))
    basket = [(0, 0), (0.15, 0), (0.185, 0.13), (0.175, 0.29), (0.16, 0.29), (0.15, 0.25)]
    kit.lathe("basket", [*basket, (0, 0.25)], straw, (x, y, 0), 0.015, wobble=0.012)
    bark = kit.plain("bark", (0.16, 0.11, 0.075), 0.8)
    green = kit.varied("rubber leaf", (0.035, 0.085, 0.03), (0.085, 0.17, 0.055), 0.28)
    mesh = kit.leaf("rubber leaf", 0.25, 0.125, green, 0.22)
    rng = random.Random(14)
    for i in range(9):
        turn, lean, high = i * 2.4, rng.uniform(0.10, 0.38), rng.uniform(0.60, 1.10)
        tip = (x + lean * math.cos(turn), y + lean * math.sin(turn) * 0.7, 0.25 + high)
        middle = (x + 0.35 * (tip[0] - x), y + 0.35 * (tip[1] - y), 0.25 + high * 0.55)
        kit.tube("stem", [(x, y, 0.2), middle, tip], [0.011, 0.009, 0.005], bark)
        for k in range(13):
            t = 0.25 + 0.75 * k / 12
            base = [a + (b - a) * t for a, b in zip((x, y, 0.25), tip, strict=True)]
            turned = k * 2.4 + i
            kit.instance(
                mesh,
                base,
                (rng.uniform(-0.3, 0.3), rng.uniform(-0.75, 0.05), turned),
                rng.uniform(0.7, 1.1) * (1.1 - 0.35 * t),
            )


def left_side() -> None:
    """A linen curtain at the window, books and a framed print that leans on the wall."""
    sheer = kit.linen("curtain", (0.85, 0.79, 0.70), 2.0, translucent=0.45)

    def shape(u: float, t: float) -> tuple[float, float, float]:
        swing = 0.040 * math.sin(u * 39 + 0.7 * math.sin(7 * u)) + 0.016 * math.sin(u * 83 + 2)
        return (-2.75 + 0.75 * u, WALL_Y - 0.16 + swing * (1.1 - 0.3 * t), 0.015 + 2.9 * t)

    kit.grid("curtain", 300, 8, shape, sheer)
    oak = kit.wood("frame oak", (0.34, 0.22, 0.13), (0.52, 0.37, 0.235), 0.5, 8, "z")
    paper = kit.plain("paper", (0.80, 0.76, 0.69), 0.8)
    ink = kit.plain("print", (0.42, 0.30, 0.22), 0.8)
    at = (-1.52, WALL_Y - 0.12, 0.40)
    kit.box("frame", (0.62, 0.025, 0.80), at, oak, 0.003, (-8, 0, 0))
    kit.box(
        "sheet", (0.56, 0.025, 0.74), (at[0], at[1] - 0.006, at[2]), paper, 0.002, (-8, 0, 0)
    )
    round_shape = [
        (0.15 * math.cos(t), 0.15 * math.sin(t))
        for t in (2 * math.pi * i / 64 for i in range(64))
    ]
    kit.prism(
        "print", round_shape, 0.025, ink, (at[0] - 0.03, at[1] - 0.019, 0.47), 0, (-8, 0, 0)
    )


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.6, focus_offset=0.12, px_per_cm=12.0)
    scene.view_settings.exposure = 0.12
    wall = kit.plaster("wall paint", (0.80, 0.74, 0.665), relief=0.4, cloud=0.035)
    kit.mask(kit.sheet("wall", (-4, 4), WALL_Y, (0, 3), wall), "r")
    skirting = kit.plain("skirting", (0.80, 0.76, 0.70), 0.4)
    kit.mask(
        kit.box("skirting", (8, 0.018, 0.09), (0, WALL_Y - 0.008, 0.045), skirting, 0.004), "r"
    )
    floor()
    rug()
    sofa()
    plant(-0.80, 2.30)
    left_side()

    az, el = -60, 30
    key = kit.sun(az, el, 6.2, 3900, angle_deg=1.8)
    kit.softbox(-75, 28, 4.6, (2.6, 2.4), 150, 5000, (0, 0.9, 0.3))
    kit.softbox(60, 35, 5.2, (3.0, 3.0), 45, 5900, (0, 0.9, 0.3))
    kit.world((0.95, 0.95, 0.97), (0.86, 0.78, 0.68), 0.45)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (0.0, 1.45, 0.32), 4.0)
    kit.gobo(kit.window_gobo(frame, dark, (0.72, 0.80), (5, 4), 0.10), key)
