"""A European family's dining table in low evening light."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="family-dining",
    title="Family dining table",
    family="dining",
    surface={"material": "oak", "gloss": 0.16},
    light={
        "from": "left",
        "azimuth_deg": -62,
        "elevation_deg": 22,
        "softness": 0.6,
        "temperature_k": 3900,
    },
    masks={"r": "wall", "g": "table", "b": "table linen"},
    tags=("dining", "family", "evening", "warm", "wood"),
    categories=("rice_cooker", "air_fryer", "electric_kettle", "coffee_maker"),
)

WALL_Y = 2.0


def chair(x: float, y: float, turn: float, mat: bpy.types.Material) -> None:
    """The back of a spindle chair that stands behind the table."""
    root = bpy.data.objects.new("chair", None)
    bpy.context.scene.collection.objects.link(root)
    crest = [
        (-0.215, 0.03, 0.0),
        (-0.11, 0.065, 0.008),
        (0.0, 0.075, 0.010),
        (0.11, 0.065, 0.008),
        (0.215, 0.03, 0.0),
    ]
    parts = [
        kit.tube(
            "crest",
            [(px, py, 0.145 + pz) for px, py, pz in crest],
            [0.017, 0.021, 0.022, 0.021, 0.017],
            mat,
        )
    ]
    for i in range(7):
        u = i / 6 * 2 - 1
        top = (0.19 * u, 0.068 - 0.034 * u * u, 0.15)
        parts.append(
            kit.tube(
                "spindle",
                [(0.15 * u, 0.02, -0.30), (0.165 * u, 0.04, -0.08), top],
                [0.007, 0.010, 0.006],
                mat,
            )
        )
    for part in parts:
        part.parent = root
    root.location = (x, y, 0)
    root.rotation_euler = (0, 0, math.radians(turn))


def props() -> None:
    """Left: plates and a folded napkin. Right: a loaf on a board and a tumbler of water."""
    glaze = kit.ceramic("plate glaze", (0.76, 0.73, 0.68), 0.26, 0.5)
    blue = kit.ceramic("bowl glaze", (0.30, 0.36, 0.40), 0.30, 0.35)
    plate = [
        (0.0, 0.004),
        (0.062, 0.004),
        (0.066, 0.0),
        (0.070, 0.0),
        (0.078, 0.006),
        (0.118, 0.018),
        (0.119, 0.0205),
        (0.080, 0.011),
        (0.0, 0.009),
    ]
    x, y = -0.305, 0.235
    for i in range(3):
        kit.lathe(
            "plate",
            plate,
            glaze,
            (x + 0.002 * i, y - 0.001 * i, 0.0085 * i),
            0.002,
            128,
            wobble=0.002,
        )
    for i in range(2):
        kit.lathe(
            "bowl",
            kit.bowl_profile(0.072, 0.055, 0.032),
            blue,
            (x, y, 0.0275 + 0.012 * i),
            0.0015,
            wobble=0.006,
        )
    cloth = kit.linen("napkin linen", (0.66, 0.545, 0.455), 0.9)
    for i in range(3):

        def fold(u: float, t: float, level: int = i) -> tuple[float, float, float]:
            wave = 0.0012 * math.sin(9 * u + level) * math.sin(7 * t + 2 * level)
            edge = 0.0035 * (1 - min(1, 14 * min(u, 1 - u, t, 1 - t)))
            return (0.15 * (u - 0.5), 0.11 * (t - 0.5), 0.0045 * (level + 1) + wave - edge)

        kit.mask(
            kit.grid("napkin", 40, 30, fold, cloth, (-0.255, 0.060, 0.0), (0, 0, 14 + 1.5 * i)),
            "b",
        )

    board = kit.wood("bread board", (0.22, 0.125, 0.07), (0.40, 0.26, 0.155), 0.45, 8, "x")
    kit.box(
        "bread board", (0.30, 0.19, 0.016), (0.320, 0.285, 0.008), board, 0.005, (0, 0, -14)
    )
    crust, g, shader = kit.material("crust", (0.42, 0.21, 0.075), 0.75)
    v = g.coords()
    flour = g.remap(g.noise(v, 30, 4), 0.45, 0.68)
    g.set(
        shader.inputs["Base Color"], g.mix(flour, (0.34, 0.155, 0.05, 1), (0.66, 0.47, 0.28, 1))
    )
    g.set(shader.inputs["Normal"], g.bump(g.noise(v, 90, 4), 0.8, 0.004))

    def loaf(u: float, t: float) -> tuple[float, float, float]:
        lon, lat = 2 * math.pi * u, math.pi * (t - 0.5)
        px, py, pz = math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)
        score = 0.06 * max(0.0, math.sin(9 * px + 2.2 * py)) ** 6 * max(0.0, pz)
        flat = 0.35 if pz < 0 else 1.0
        return (0.115 * px, 0.066 * py, (0.062 + 0.06 * score) * pz * flat * (1 + score))

    kit.grid("loaf", 96, 48, loaf, crust, (0.320, 0.285, 0.036), (0, 0, -20))

    candle = kit.plain("candle", (0.80, 0.75, 0.64), 0.5)
    holder = kit.plain("brass", (0.66, 0.48, 0.26), 0.3, Metallic=1.0)
    for cx, cy, high in ((-0.235, 0.40, 0.22), (-0.175, 0.445, 0.17)):
        stem = [
            (0, 0),
            (0.034, 0),
            (0.034, 0.004),
            (0.010, 0.010),
            (0.008, 0.04),
            (0.015, 0.046),
            (0.015, 0.062),
            (0.0115, 0.062),
            (0.0115, 0.05),
            (0, 0.05),
        ]
        kit.lathe("candlestick", stem, holder, (cx, cy, 0), 0.002, 64)
        kit.lathe(
            "candle",
            [(0, 0.05), (0.0110, 0.05), (0.0100, high), (0.0, high + 0.001)],
            candle,
            (cx, cy, 0),
            0.002,
            48,
        )


def background() -> None:
    """Panelled wall, a sideboard and a vase, far out of focus."""
    wall = kit.plaster("wall paint", (0.72, 0.665, 0.585), relief=0.25, cloud=0.025)
    kit.mask(
        kit.mesh_object(
            "wall",
            [(-3, WALL_Y, -1), (3, WALL_Y, -1), (3, WALL_Y, 3), (-3, WALL_Y, 3)],
            [(0, 1, 2, 3)],
            wall,
        ),
        "r",
    )
    walnut = kit.wood(
        "sideboard", (0.17, 0.095, 0.055), (0.32, 0.195, 0.115), 0.42, 8, "x", 0.8
    )
    kit.box("sideboard", (2.0, 0.42, 0.52), (0.45, WALL_Y - 0.22, -0.27), walnut, 0.006)
    for x in (0.0, 0.5, 1.0):
        kit.box(
            "sideboard door", (0.485, 0.012, 0.44), (x, WALL_Y - 0.435, -0.275), walnut, 0.003
        )
    clay = kit.ceramic("vase", (0.66, 0.60, 0.52), 0.55, 0.2)
    vase = [
        (0, 0),
        (0.05, 0),
        (0.078, 0.07),
        (0.070, 0.13),
        (0.032, 0.175),
        (0.036, 0.20),
        (0.028, 0.20),
        (0.026, 0.17),
        (0, 0.16),
    ]
    at = (0.555, WALL_Y - 0.22, -0.01)
    kit.lathe("vase", vase, clay, at, 0.015)
    twig = kit.plain("dry stem", (0.48, 0.34, 0.20), 0.8)
    mesh = kit.leaf("dry leaf", 0.045, 0.016, twig, 0.2)
    rng = random.Random(6)
    for _ in range(11):
        dx, dy, high = (
            rng.uniform(-0.15, 0.15),
            rng.uniform(-0.05, 0.05),
            rng.uniform(0.28, 0.40),
        )
        tip = (at[0] + dx, at[1] + dy, at[2] + high)
        kit.tube(
            "stem",
            [
                (at[0], at[1], at[2] + 0.15),
                (at[0] + dx * 0.3, at[1] + dy * 0.3, at[2] + high * 0.7),
                tip,
            ],
            0.0018,
            twig,
        )
        for _ in range(7):
            t = rng.uniform(0.55, 1.0)
            place = tuple(
                a + (b - a) * t for a, b in zip((at[0], at[1], at[2] + 0.15), tip, strict=True)
            )
            kit.instance(
                mesh,
                place,
                (rng.uniform(-1, 1), rng.uniform(-0.9, 0.2), rng.random() * 6.28),
                rng.uniform(0.7, 1.2),
            )


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.4, focus_offset=0.07)
    scene.view_settings.exposure = 0.12
    oak = kit.wood("table oak", (0.41, 0.265, 0.155), (0.62, 0.45, 0.295), 0.40, 9, "x", 1.4)
    edges = (-0.85, -0.66, -0.44, -0.27, -0.075, 0.12, 0.31, 0.50)
    for i, (near, far) in enumerate(zip(edges, edges[1:], strict=False)):
        board = kit.box(
            f"board {i}",
            (2.6, far - near - 0.0008, 0.036),
            (0.17 * ((i * 5) % 4 - 2), (near + far) / 2, -0.018),
            oak,
            0.0013,
        )
        kit.mask(board, "g")
    background()
    painted = kit.plain("chair paint", (0.15, 0.135, 0.12), 0.45)
    chair(-0.40, 0.86, 8, painted)
    chair(0.36, 0.90, -7, painted)
    props()

    az, el = -62, 22
    key = kit.sun(az, el, 6.8, 3300, angle_deg=2.0)
    kit.softbox(-75, 25, 2.4, (1.6, 1.6), 30, 4300, (0, 0.4, 0.1))
    kit.softbox(60, 35, 2.6, (2.0, 2.0), 10, 5600, (0, 0.4, 0.1))
    kit.world((0.93, 0.92, 0.95), (0.86, 0.74, 0.60), 0.40)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (0.0, 1.05, 0.20), 2.2)
    kit.gobo(kit.window_gobo(frame, dark, (0.52, 0.36), (4, 4), 0.06), key)
