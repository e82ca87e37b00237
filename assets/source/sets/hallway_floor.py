"""A bright Scandinavian hallway seen low over herringbone parquet: bench, baskets, pegs and
light from a door at the right."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="hallway-floor",
    title="Bright Scandinavian hallway with herringbone parquet",
    family="living",
    surface={"material": "herringbone parquet", "gloss": 0.22},
    light={
        "from": "right",
        "azimuth_deg": 58,
        "elevation_deg": 34,
        "softness": 0.6,
        "temperature_k": 5200,
    },
    masks={"r": "wall", "g": "floor", "b": "bench cushion"},
    tags=("hallway", "daylight", "scandinavian", "floor", "bright"),
    text_areas=((0.03, 0.04, 0.97, 0.30),),
    product_cm=(22.0, 60.0),
    categories=("robot_vacuum", "cordless_vacuum", "air_purifier"),
)

WALL_Y = 1.95


def parquet() -> None:
    """Herringbone blocks of pale oak over a dark joint."""
    long, wide = 0.42, 0.07
    oak = kit.wood("parquet oak", (0.42, 0.295, 0.185), (0.64, 0.49, 0.335), 0.30, 6, "x", 1.15)
    joint = kit.plain("parquet joint", (0.20, 0.13, 0.08), 0.9)
    kit.mask(kit.sheet("subfloor", (-3.5, 3.5), (-2.1, 2.9), -0.0006, joint), "g")
    u, w = long / 2 - 0.0010, wide / 2 - 0.0010
    corners = [(-u, -w, 0), (u, -w, 0), (u, w, 0), (-u, w, 0)]
    block = kit.detached(kit.mesh_object("block", corners, [(0, 1, 2, 3)], oak))
    ratio, eighth = round(long / wide), math.pi / 4
    for j in range(-60, 61):
        for m in range(-5, 6):
            column = j + 2 * ratio * m
            for px, py, turn in (
                (column * wide + long / 2, (j + 0.5) * wide, 0.0),
                ((column + 0.5) * wide, (j + 1) * wide + long / 2, math.pi / 2),
            ):
                x = (px - py) * math.cos(eighth)
                y = (px + py) * math.sin(eighth)
                if abs(x) < 2.9 and -1.7 < y < WALL_Y + 0.3:
                    kit.mask(kit.instance(block, (x, y, 0), (0, 0, turn + eighth)), "g")


def panelling() -> None:
    """A painted wall with a low board and battens, a peg rail above."""
    paint = kit.plaster("wall paint", (0.82, 0.80, 0.765), relief=0.3, cloud=0.025)
    kit.mask(kit.sheet("wall", (-4, 4), WALL_Y, (0, 3), paint), "r")
    board = kit.plain("panelling", (0.81, 0.79, 0.755), 0.5)
    kit.mask(
        kit.box("skirting", (8, 0.02, 0.11), (0, WALL_Y - 0.008, 0.055), board, 0.004), "r"
    )
    kit.mask(kit.box("dado", (8, 0.024, 0.045), (0, WALL_Y - 0.010, 0.90), board, 0.006), "r")
    for i in range(-9, 10):
        x = i * 0.31 + 0.10
        kit.mask(
            kit.box("batten", (0.040, 0.014, 0.80), (x, WALL_Y - 0.006, 0.49), board, 0.004),
            "r",
        )


def basket(x: float, y: float, radius: float, high: float) -> None:
    """A round woven basket with two loops."""
    straw, g, shader = kit.material("basket", (0.60, 0.45, 0.28), 0.75)
    weave = g.noise(g.coords((26, 26, 120)), 1.0, 2)
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.remap(weave, 0.3, 0.7), (0.42, 0.295, 0.17, 1), (0.72, 0.57, 0.38, 1)),
    )
    g.set(shader.inputs["Normal"], g.bump(weave, 1.0, 0.012))
    rows = 16
    profile = [(0, 0), (radius * 0.86, 0)]
    for k in range(rows):
        t = (k + 0.5) / rows
        r = radius * (0.86 + 0.14 * math.sin(math.pi * (0.15 + 0.7 * t)))
        profile += [(r - 0.004, high * (t - 0.4 / rows)), (r + 0.003, high * t)]
    inside = radius * 0.84
    profile += [(radius * 0.90, high), (inside, high), (inside, high * 0.55), (0, high * 0.55)]
    kit.lathe("basket", profile, straw, (x, y, 0), 0.004, 72, wobble=0.012)
    for side in (-1, 1):
        loop = [
            (side * radius * 0.86, -0.05, high * 0.96),
            (side * radius * 0.92, -0.035, high * 1.16),
            (side * radius * 0.92, 0.035, high * 1.16),
            (side * radius * 0.86, 0.05, high * 0.96),
        ]
        kit.tube("loop", loop, 0.009, straw, (x, y, 0), (0, 0, 20))


def bench(x: float, y: float) -> None:
    """A slim oak bench with a seat cushion; baskets stand below and beside it."""
    oak = kit.wood("bench oak", (0.40, 0.275, 0.165), (0.58, 0.43, 0.285), 0.42, 8, "x", 0.8)
    leg = kit.wood("bench leg", (0.40, 0.275, 0.165), (0.58, 0.43, 0.285), 0.42, 8, "z", 0.8)
    long = 1.25
    kit.box("bench seat", (long, 0.36, 0.032), (x, y, 0.425), oak, 0.008)
    for dx in (-long / 2 + 0.07, long / 2 - 0.07):
        for dy in (-0.13, 0.13):
            stretch = [
                (x + dx * 1.03, y + dy * 1.12, 0.0),
                (x + dx * 0.97, y + dy * 0.95, 0.415),
            ]
            kit.tube("bench leg", stretch, [0.015, 0.021], leg)
        kit.box("bench rail", (0.022, 0.27, 0.028), (x + dx * 1.01, y, 0.20), leg, 0.006)
    wool = kit.linen("bench cushion", (0.60, 0.53, 0.45), 2.2)
    kit.mask(
        kit.box("bench cushion", (0.62, 0.33, 0.055), (x - 0.16, y, 0.468), wool, 0.024), "b"
    )
    kit.mask(
        kit.cushion(
            "loose", (0.38, 0.14, 0.38), wool, (x - 0.36, y + 0.08, 0.66), (-20, 5, 10), 0.33
        ),
        "b",
    )
    basket(x + 0.27, y - 0.01, 0.165, 0.23)


def pegs(x: float) -> None:
    """A peg rail with a linen bag and a straw hat, well above the middle of the wall."""
    oak = kit.wood("peg rail", (0.40, 0.275, 0.165), (0.58, 0.43, 0.285), 0.45, 8, "x", 0.8)
    kit.box("peg rail", (0.95, 0.022, 0.075), (x, WALL_Y - 0.013, 1.16), oak, 0.006)
    for i in range(5):
        at = (x - 0.38 + 0.19 * i, WALL_Y - 0.02, 1.16)
        kit.lathe(
            "peg",
            [(0, 0), (0.011, 0), (0.010, 0.055), (0.017, 0.062), (0.017, 0.072), (0, 0.074)],
            oak,
            at,
            0.003,
            24,
            (84, 0, 0),
        )
    cloth = kit.linen("bag linen", (0.70, 0.635, 0.54), 1.6)

    def bag(u: float, t: float) -> tuple[float, float, float]:
        wide = 0.30 * (1 + 0.10 * (1 - t)) * (1 - 0.05 * math.sin(math.pi * t))
        fold = 0.012 * math.sin(17 * u + 3 * t) * (0.4 + t)
        return (
            wide * (u - 0.5),
            -0.05 * math.sin(math.pi * u) * (1 - 0.6 * t) + fold,
            0.36 * t + 0.015 * math.sin(math.pi * u) * (1 - t) * -1,
        )

    kit.grid("bag", 50, 30, bag, cloth, (x - 0.19, WALL_Y - 0.07, 0.62))
    for side in (-1, 1):
        strap = [
            (x - 0.19 + side * 0.075, WALL_Y - 0.085, 0.975),
            (x - 0.19 + side * 0.045, WALL_Y - 0.075, 1.10),
            (x - 0.19, WALL_Y - 0.065, 1.185),
        ]
        kit.tube("strap", strap, 0.008, cloth)


def plant(x: float, y: float) -> None:
    """A tall olive tree in a pale pot."""
    clay = kit.ceramic("pot", (0.52, 0.40, 0.31), 0.6, 0.2)
    pot = [(0, 0), (0.115, 0), (0.150, 0.27), (0.155, 0.27), (0.155, 0.30), (0.14, 0.30)]
    kit.lathe("pot", [*pot, (0.13, 0.26), (0, 0.26)], clay, (x, y, 0), 0.006)
    bark = kit.plain("olive bark", (0.22, 0.175, 0.13), 0.85)
    green = kit.varied("olive leaf", (0.115, 0.155, 0.085), (0.25, 0.29, 0.19), 0.5)
    mesh = kit.leaf("olive leaf", 0.068, 0.017, green, 0.2)
    rng = random.Random(31)
    trunk = [(x, y, 0.25), (x + 0.015, y, 0.5), (x - 0.015, y, 0.72), (x, y, 0.9)]
    kit.tube("trunk", trunk, [0.016, 0.014, 0.012, 0.010], bark)
    for i in range(22):
        turn, start = 2.4 * i, 0.62 + 0.28 * (i / 22)
        reach, rise = rng.uniform(0.12, 0.32), rng.uniform(0.10, 0.42)
        path = []
        for k in range(5):
            t = k / 4
            path.append(
                (
                    x + reach * t * math.cos(turn + 0.3 * t),
                    y + reach * t * math.sin(turn + 0.3 * t),
                    start + rise * (t - 0.25 * t * t),
                )
            )
        kit.tube("olive twig", path, [0.006, 0.005, 0.004, 0.003, 0.002], bark)
        kit.sprig(mesh, path[1:], 34, rng, (-0.9, 0.4))


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.6, focus_offset=0.10, px_per_cm=14.0)
    scene.view_settings.exposure = 0.08
    parquet()
    panelling()
    bench(0.92, 1.66)
    basket(0.37, 1.68, 0.15, 0.30)
    pegs(1.02)
    plant(-0.72, 1.60)

    az, el = 58, 34
    key = kit.sun(az, el, 5.6, 4600, angle_deg=1.9)
    kit.softbox(74, 28, 4.2, (2.4, 2.4), 110, 5700, (0, 0.8, 0.3))
    kit.softbox(-58, 34, 4.6, (3.0, 3.0), 50, 6300, (0, 0.8, 0.3))
    kit.world((0.95, 0.97, 1.0), (0.88, 0.84, 0.78), 0.55)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (-0.1, 0.80, 0.22), 3.4)
    kit.gobo(kit.window_gobo(frame, dark, (0.46, 0.62), (5, 4), 0.07), key)
