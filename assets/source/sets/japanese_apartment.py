"""A compact Japanese apartment: pale timber table, clay-plastered wall, linen, and light
through a paper screen."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="japanese-apartment",
    title="Japanese apartment",
    family="apartment",
    surface={"material": "light wood", "gloss": 0.14},
    light={
        "from": "left",
        "azimuth_deg": -58,
        "elevation_deg": 33,
        "softness": 0.75,
        "temperature_k": 5000,
    },
    masks={"r": "wall", "g": "table", "b": "linen curtain"},
    tags=("apartment", "japan", "daylight", "calm", "wood"),
    categories=(
        "rice_cooker",
        "air_fryer",
        "electric_kettle",
        "coffee_maker",
        "smart_speaker",
    ),
)

WALL_Y = 1.75


def table() -> None:
    """Boards of pale ash with fine joints."""
    ash = kit.wood("table ash", (0.50, 0.355, 0.225), (0.70, 0.555, 0.395), 0.40, 8, "x", 1.5)
    edges = (-0.80, -0.60, -0.405, -0.215, -0.02, 0.165, 0.44)
    for i, (near, far) in enumerate(zip(edges, edges[1:], strict=False)):
        board = kit.box(
            f"board {i}",
            (2.4, far - near - 0.0006, 0.032),
            (0.13 * ((i * 7) % 5 - 2), (near + far) / 2, -0.016),
            ash,
            0.0011,
        )
        kit.mask(board, "g")
    kit.box("apron", (2.2, 0.02, 0.08), (0, 0.36, -0.072), ash, 0.002)


def screen(mat_wood: bpy.types.Material) -> None:
    """A sliding paper screen at the far left, lit from behind."""
    paper, g, shader = kit.material("paper", (0.90, 0.88, 0.83), 0.9)
    fibre = g.noise(g.coords((1, 1, 0.4)), 60, 3)
    g.set(
        shader.inputs["Emission Color"],
        g.mix(g.remap(fibre, 0.3, 0.7), (1.0, 0.93, 0.82, 1), (1.0, 0.96, 0.88, 1)),
    )
    shader.inputs["Emission Strength"].default_value = 0.85
    x0, x1, y = -1.30, -0.47, WALL_Y - 0.10
    kit.mesh_object(
        "paper",
        [(x0, y, -0.9), (x1, y, -0.9), (x1, y, 1.6), (x0, y, 1.6)],
        [(0, 1, 2, 3)],
        paper,
    )
    kit.box("stile", (0.034, 0.030, 2.6), (x1, y - 0.016, 0.35), mat_wood, 0.002)
    for x in (-0.67, -0.87, -1.07):
        kit.box("bar", (0.010, 0.018, 2.6), (x, y - 0.010, 0.35), mat_wood, 0.001)
    for z in (-0.44, -0.16, 0.12, 0.40, 0.68, 0.96):
        kit.box("rail", (0.9, 0.016, 0.010), ((x0 + x1) / 2, y - 0.010, z), mat_wood, 0.001)


def curtain(mat: bpy.types.Material) -> None:
    """Linen hanging in soft folds at the right."""

    def shape(u: float, t: float) -> tuple[float, float, float]:
        x = 0.42 + 0.75 * u
        swing = 0.030 * math.sin(u * 41 + 0.6 * math.sin(9 * u)) + 0.012 * math.sin(u * 97 + 2)
        return (
            x + 0.008 * math.sin(t * 5 + u * 20),
            WALL_Y - 0.13 + swing * (1 - 0.25 * t),
            -1.0 + 2.9 * t,
        )

    kit.mask(kit.grid("curtain", 320, 12, shape, mat), "b")


def rice_bowl(x: float, y: float) -> None:
    """A bowl of steamed rice, heaped."""
    glaze = kit.ceramic("rice bowl", (0.20, 0.235, 0.27), 0.30, 0.25, (0.05, 0.04, 0.035))
    kit.lathe(
        "rice bowl",
        kit.bowl_profile(0.061, 0.060, 0.027, 0.003),
        glaze,
        (x, y, 0),
        0.0012,
        wobble=0.006,
    )
    rice, _, _ = kit.material("rice", (0.86, 0.84, 0.79), 0.38, Subsurface_Weight=0.0)
    dome = [(0.0565, 0.052), (0.050, 0.063), (0.038, 0.0715), (0.022, 0.0765), (0.0, 0.078)]

    def surface_z(radius: float) -> float:
        """Height of the heap, straight between the points of its profile."""
        for (r0, z0), (r1, z1) in zip(dome, dome[1:], strict=False):
            if r1 <= radius <= r0:
                return z0 + (z1 - z0) * (r0 - radius) / (r0 - r1)
        return dome[0][1]

    kit.lathe("rice heap", dome, rice, (x, y, 0), 0.004)
    profile = [
        (0.0011 * math.sin(t) ** 0.8, -0.0030 * math.cos(t))
        for t in (math.pi * i / 10 for i in range(11))
    ]
    grain = kit.lathe("grain", profile, rice, (0, 0, 0), 0, 8)
    mesh = grain.data
    bpy.data.objects.remove(grain)
    rng = random.Random(4)
    for _ in range(2200):
        r = 0.0562 * math.sqrt(rng.random())
        a = rng.random() * 6.283
        z = surface_z(r) + rng.uniform(0.0, 0.0014)
        turn = (1.57 + rng.uniform(-0.5, 0.5), rng.uniform(-0.4, 0.4), rng.random() * 6.283)
        kit.instance(
            mesh, (x + r * math.cos(a), y + r * math.sin(a), z), turn, rng.uniform(0.85, 1.1)
        )


def props(mat_wood: bpy.types.Material) -> None:
    """Right: rice and chopsticks lying on their rest. Left: a cup on a tray and a vase with one
    branch."""
    rice_bowl(0.245, 0.180)
    lacquer = kit.plain("chopsticks", (0.085, 0.045, 0.03), 0.35, 0.05)
    rest = kit.ceramic("rest", (0.80, 0.78, 0.74), 0.3)
    kit.box("rest", (0.014, 0.044, 0.010), (0.205, 0.022, 0.005), rest, 0.004)
    for dy in (-0.006, 0.006):
        kit.tube(
            "chopstick",
            [(0.190, 0.022 + dy, 0.0125), (0.420, 0.022 + dy * 2.2, 0.0050)],
            [0.0019, 0.0036],
            lacquer,
        )

    tray = kit.wood("tray", (0.24, 0.14, 0.085), (0.40, 0.26, 0.165), 0.42, 8, "x")
    round_tray = [
        (0.0, 0.0),
        (0.118, 0.0),
        (0.124, 0.014),
        (0.119, 0.015),
        (0.114, 0.006),
        (0.0, 0.006),
    ]
    kit.lathe("tray", round_tray, tray, (-0.280, 0.245, 0.0), 0.002)
    celadon = kit.ceramic("cup", (0.58, 0.63, 0.575), 0.26, 0.2)
    cup = [
        (0.0, 0.002),
        (0.022, 0.002),
        (0.023, 0.0),
        (0.027, 0.0),
        (0.034, 0.016),
        (0.0365, 0.072),
        (0.0345, 0.072),
        (0.032, 0.018),
        (0.0, 0.012),
    ]
    kit.lathe("cup", cup, celadon, (-0.240, 0.215, 0.0062), 0.0025, wobble=0.01)
    tea = kit.plain("tea", (0.20, 0.24, 0.05), 0.05, 0.0)
    kit.lathe("tea", [(0.0340, 0.062), (0.0, 0.062)], tea, (-0.240, 0.215, 0.0062), 0)
    pot_glaze = kit.ceramic("teapot", (0.155, 0.145, 0.135), 0.48, 0.3, (0.35, 0.30, 0.24))
    pot = [
        (0.0, 0.0),
        (0.036, 0.0),
        (0.060, 0.022),
        (0.064, 0.042),
        (0.052, 0.066),
        (0.034, 0.076),
        (0.034, 0.079),
        (0.020, 0.085),
        (0.006, 0.087),
        (0.006, 0.092),
        (0.010, 0.098),
        (0.008, 0.104),
        (0.0, 0.105),
    ]
    kit.lathe("teapot", pot, pot_glaze, (-0.327, 0.285, 0.0062), 0.007)
    kit.tube(
        "spout",
        [(-0.283, 0.265, 0.038), (-0.265, 0.257, 0.050), (-0.253, 0.252, 0.074)],
        [0.013, 0.010, 0.0065],
        pot_glaze,
    )
    kit.tube(
        "teapot handle",
        [(-0.370, 0.25, 0.055), (-0.395, 0.205, 0.066), (-0.415, 0.165, 0.078)],
        [0.008, 0.0085, 0.0105],
        pot_glaze,
    )

    # A low chest before the wall carries the vase, far out of focus.
    dark = kit.wood("chest wood", (0.16, 0.095, 0.06), (0.27, 0.17, 0.11), 0.5, 8, "x", 0.7)
    kit.box("chest", (2.6, 0.36, 0.50), (0.0, WALL_Y - 0.31, -0.39), dark, 0.004)
    clay = kit.ceramic("vase", (0.36, 0.30, 0.25), 0.6, 0.3)
    vase = [
        (0.0, 0.0),
        (0.045, 0.0),
        (0.072, 0.05),
        (0.074, 0.09),
        (0.045, 0.145),
        (0.020, 0.17),
        (0.023, 0.19),
        (0.017, 0.19),
        (0.014, 0.16),
        (0.0, 0.15),
    ]
    at = (-0.315, WALL_Y - 0.30, -0.14)
    kit.lathe("vase", vase, clay, at, 0.015)
    bark = kit.plain("bark", (0.10, 0.065, 0.045), 0.8)
    leafage = kit.plain("leaf", (0.16, 0.23, 0.085), 0.5)
    mesh = kit.leaf("twig leaf", 0.050, 0.022, leafage, 0.25)
    rng = random.Random(9)
    for path in (
        [(0, 0, 0.16), (0.03, 0.0, 0.25), (0.10, -0.02, 0.335), (0.19, -0.03, 0.375)],
        [(0, 0, 0.16), (-0.02, 0, 0.24), (-0.045, 0.01, 0.34)],
    ):
        points = [tuple(a + b for a, b in zip(p, at, strict=True)) for p in path]
        kit.tube("branch", points, [0.0045, 0.004, 0.003, 0.0015][: len(points)], bark)
        for (x0, y0, z0), (x1, y1, z1) in zip(points[1:], points[2:], strict=False):
            for _ in range(7):
                t = rng.random()
                place = (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t, z0 + (z1 - z0) * t)
                kit.instance(
                    mesh,
                    place,
                    (rng.uniform(-0.6, 0.6), rng.uniform(-0.6, 0.3), rng.random() * 6.283),
                    rng.uniform(0.7, 1.1),
                )


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.6, focus_offset=0.07)
    scene.view_settings.exposure = 0.15
    cedar = kit.wood("cedar", (0.36, 0.225, 0.13), (0.55, 0.385, 0.245), 0.55, 7, "z", 0.7)
    table()
    wall = kit.plaster("clay plaster", (0.76, 0.70, 0.61), relief=0.9, cloud=0.05)
    kit.mask(
        kit.mesh_object(
            "wall",
            [(-3, WALL_Y, -1), (3, WALL_Y, -1), (3, WALL_Y, 3), (-3, WALL_Y, 3)],
            [(0, 1, 2, 3)],
            wall,
        ),
        "r",
    )
    screen(cedar)
    curtain(kit.linen("curtain linen", (0.80, 0.755, 0.68), 1.6))
    props(cedar)

    az, el = -58, 33
    key = kit.sun(az, el, 6.2, 4300, angle_deg=2.2)
    kit.softbox(-75, 25, 2.2, (1.8, 1.6), 40, 5400, (0, 0.4, 0.1))
    kit.softbox(60, 30, 2.6, (2.0, 2.0), 11, 6000, (0, 0.4, 0.1))
    kit.world((0.95, 0.96, 1.0), (0.84, 0.78, 0.70), 0.45)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (0.0, 1.00, 0.20), 2.0)
    kit.gobo(kit.window_gobo(frame, dark, (0.30, 0.42), (7, 5), 0.045), key)
