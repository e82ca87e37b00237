"""A warm modern majlis: travertine table, cushioned bench, an arched niche and light through a
lattice screen."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="majlis-lounge",
    title="Majlis lounge",
    family="lounge",
    surface={"material": "travertine", "gloss": 0.18},
    light={
        "from": "right",
        "azimuth_deg": 54,
        "elevation_deg": 32,
        "softness": 0.5,
        "temperature_k": 4600,
    },
    masks={"r": "wall", "g": "table", "b": "cushions"},
    tags=("lounge", "gulf", "warm", "daylight", "hospitality"),
    categories=(
        "rice_cooker",
        "air_fryer",
        "electric_kettle",
        "coffee_maker",
        "smart_speaker",
    ),
)

WALL_Y = 1.80
NICHE_DEPTH = 0.075


def travertine() -> bpy.types.Material:
    """Filled travertine: long drifting bands and small pits."""
    mat, g, shader = kit.material("travertine", (0.74, 0.66, 0.56), 0.30)
    bands = g.noise(g.coords((1.3, 9, 9), vary=False), 1.6, 5, 0.6, 0.5)
    fine = g.noise(g.coords((3, 46, 46), vary=False), 1.0, 3, 0.6)
    tone = g.mix(g.remap(bands, 0.32, 0.68), (0.80, 0.73, 0.64, 1), (0.60, 0.505, 0.405, 1))
    tone = g.mix(g.remap(fine, 0.42, 0.72, 0, 0.45), tone, (0.58, 0.485, 0.385, 1))
    pits = g.remap(g.noise(g.coords((60, 170, 120), vary=False), 1.0, 2, 0.5), 0.68, 0.73)
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.math("MULTIPLY", pits, 0.55), tone, (0.33, 0.26, 0.20, 1)),
    )
    g.set(shader.inputs["Roughness"], g.remap(bands, 0.3, 0.7, 0.24, 0.40))
    return mat


def lattice(
    frame: kit.Matrix, mat: bpy.types.Material, cell: float, cells: tuple[int, int], bar: float
) -> list[bpy.types.Object]:
    """A carved screen of eight-pointed stars and crosses, as a flat for the shadow, with opaque
    surroundings."""
    reach = 5.0
    w, h = cell * cells[0] / 2, cell * cells[1] / 2
    v: list[tuple[float, float, float]] = []
    f: list[tuple[int, ...]] = []

    def quad(points: list[tuple[float, float]]) -> None:
        f.append(tuple(range(len(v), len(v) + 4)))
        v.extend((x, y, 0.0) for x, y in points)

    def stroke(a: tuple[float, float], b: tuple[float, float]) -> None:
        dx, dy = b[0] - a[0], b[1] - a[1]
        n = math.hypot(dx, dy)
        nx, ny = -dy / n * bar / 2, dx / n * bar / 2
        quad(
            [
                (a[0] + nx, a[1] + ny),
                (b[0] + nx, b[1] + ny),
                (b[0] - nx, b[1] - ny),
                (a[0] - nx, a[1] - ny),
            ]
        )

    for x0, x1, y0, y1 in (
        (-reach, -w, -reach, reach),
        (w, reach, -reach, reach),
        (-w, w, h, reach),
        (-w, w, -reach, -h),
    ):
        quad([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])
    r = cell / 2
    for i in range(cells[0]):
        for j in range(cells[1]):
            cx, cy = -w + cell * (i + 0.5), -h + cell * (j + 0.5)
            for turn in (0.0, math.pi / 4):
                corners = [
                    (
                        cx + r * math.cos(turn + k * math.pi / 2),
                        cy + r * math.sin(turn + k * math.pi / 2),
                    )
                    for k in range(4)
                ]
                for a, b in zip(corners, [*corners[1:], corners[0]], strict=True):
                    stroke(a, b)
    screen = kit.mesh_object("gobo lattice", v, f, mat)
    screen.matrix_world = frame
    return [screen]


def dallah(x: float, y: float) -> None:
    """A coffee pot with its long beak, and two small cups."""
    brass, g, shader = kit.material("brass", (0.80, 0.60, 0.33), 0.24, Metallic=1.0)
    g.set(shader.inputs["Roughness"], g.remap(g.noise(g.coords(), 30, 4), 0.3, 0.7, 0.17, 0.33))
    body = [
        (0.0, 0.0),
        (0.052, 0.0),
        (0.055, 0.006),
        (0.062, 0.022),
        (0.064, 0.042),
        (0.058, 0.070),
        (0.042, 0.098),
        (0.0315, 0.118),
        (0.029, 0.128),
        (0.032, 0.136),
        (0.041, 0.152),
        (0.044, 0.160),
        (0.0445, 0.164),
        (0.041, 0.167),
        (0.037, 0.178),
        (0.026, 0.196),
        (0.012, 0.208),
        (0.0055, 0.214),
        (0.0050, 0.222),
        (0.0075, 0.228),
        (0.0075, 0.233),
        (0.004, 0.239),
        (0.0022, 0.252),
        (0.0, 0.255),
    ]
    kit.lathe("dallah", body, brass, (x, y, 0), 0.004, 128)
    kit.lathe(
        "dallah ring",
        [(0.0295, 0.122), (0.0335, 0.125), (0.0335, 0.131), (0.0295, 0.134)],
        brass,
        (x, y, 0),
        0.0015,
    )
    beak = [
        (0.030, 0, 0.120),
        (0.055, 0, 0.140),
        (0.080, 0, 0.165),
        (0.108, 0, 0.178),
        (0.128, 0, 0.170),
    ]
    kit.tube(
        "dallah beak",
        beak,
        [0.016, 0.0145, 0.0105, 0.0070, 0.0030],
        brass,
        (x, y, 0),
        (0, 0, -32),
    )
    grip = [
        (-0.040, 0, 0.158),
        (-0.078, 0, 0.172),
        (-0.100, 0, 0.130),
        (-0.088, 0, 0.070),
        (-0.060, 0, 0.045),
    ]
    kit.tube(
        "dallah handle",
        grip,
        [0.006, 0.0075, 0.0080, 0.0070, 0.0055],
        brass,
        (x, y, 0),
        (0, 0, -32),
    )

    cup_glaze = kit.ceramic("finjan", (0.80, 0.775, 0.73), 0.2)
    cup = [
        (0.0, 0.002),
        (0.014, 0.002),
        (0.0145, 0.0),
        (0.016, 0.0),
        (0.022, 0.012),
        (0.029, 0.036),
        (0.0315, 0.048),
        (0.030, 0.048),
        (0.027, 0.036),
        (0.019, 0.012),
        (0.0, 0.008),
    ]
    rim = [(0.0300, 0.0478), (0.0311, 0.0486), (0.0319, 0.0476), (0.0312, 0.0450)]
    for cx, cy in ((x + 0.055, y - 0.135), (x - 0.030, y - 0.170)):
        kit.lathe("finjan", cup, cup_glaze, (cx, cy, 0.0), 0.002)
        kit.lathe("finjan rim", rim, brass, (cx, cy, 0.0), 0)


def dates(x: float, y: float) -> None:
    """A bowl of dates."""
    timber = kit.wood("bowl wood", (0.20, 0.115, 0.065), (0.36, 0.22, 0.13), 0.4, 9, "x")
    kit.lathe(
        "date bowl", kit.bowl_profile(0.098, 0.046, 0.050, 0.006), timber, (x, y, 0), 0.002
    )
    skin, g, shader = kit.material("date", (0.17, 0.062, 0.022), 0.26)
    tone = g.add("ShaderNodeObjectInfo").outputs["Random"]
    g.set(
        shader.inputs["Base Color"],
        g.mix(tone, (0.090, 0.030, 0.012, 1), (0.26, 0.105, 0.035, 1)),
    )
    wrinkles = g.noise(g.coords((140, 140, 34)), 1.0, 3)
    g.set(shader.inputs["Normal"], g.bump(wrinkles, 0.55, 0.0014))
    profile = [
        (0.0105 * math.sin(t) ** 0.75, -0.0195 * math.cos(t))
        for t in (math.pi * i / 18 for i in range(19))
    ]
    first = kit.lathe("date", profile, skin, (0, 0, 0), 0, 24)
    mesh = first.data
    bpy.data.objects.remove(first)
    rng = random.Random(8)
    for count, ring, z in (
        (11, 0.068, 0.042),
        (9, 0.050, 0.050),
        (7, 0.045, 0.061),
        (4, 0.022, 0.068),
        (2, 0.010, 0.078),
    ):
        for i in range(count):
            a = 6.283 * i / count + rng.uniform(-0.2, 0.2) + z * 60
            turn = (
                1.57 + rng.uniform(-0.35, 0.35),
                rng.uniform(-0.3, 0.3),
                rng.random() * 6.283,
            )
            kit.instance(
                mesh,
                (
                    x + ring * math.cos(a),
                    y + ring * math.sin(a),
                    z + rng.uniform(-0.002, 0.003),
                ),
                turn,
                rng.uniform(0.9, 1.12),
            )


def seating() -> None:
    """A low bench with bolsters and loose cushions."""
    cloth = kit.linen("bench linen", (0.66, 0.58, 0.49), 2.4)
    accent = kit.linen("cushion linen", (0.60, 0.475, 0.395), 2.0)
    base = kit.wood("bench wood", (0.22, 0.135, 0.08), (0.37, 0.24, 0.15), 0.45, 8, "x")
    kit.box("plinth", (4.0, 0.80, 0.16), (0, 1.38, -0.40), base, 0.006)
    for x in (-1.16, -0.0, 1.16):
        kit.box("seat", (1.15, 0.78, 0.16), (x + 0.25, 1.36, -0.235), cloth, 0.045)
    for i, x in enumerate((-1.02, -0.46, 0.10, 0.66, 1.22)):
        kit.cushion(
            f"back {i}", (0.58, 0.19, 0.40), cloth, (x, 1.655, 0.025), (-12, 0, 0), 0.28
        )
    for name, x, tilt, mat, size in (
        ("a", -0.50, -9, accent, 0.34),
        ("b", 0.455, 8, accent, 0.34),
        ("c", 0.80, -5, accent, 0.36),
        ("d", -0.86, 6, accent, 0.36),
    ):
        kit.mask(
            kit.cushion(
                f"loose {name}",
                (size, 0.15, size),
                mat,
                (x, 1.45, -0.005),
                (-20, tilt, tilt),
                0.33,
            ),
            "b",
        )


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.4, focus_offset=0.07)
    scene.view_settings.exposure = 0.15
    kit.mask(kit.box("table", (2.6, 1.50, 0.05), (0, -0.34, -0.025), travertine(), 0.006), "g")
    wall = kit.plaster("wall plaster", (0.73, 0.64, 0.54), relief=0.6, cloud=0.05)
    niche = kit.plaster("niche plaster", (0.77, 0.685, 0.59), relief=0.6, cloud=0.05)
    low = -1.0
    kit.mask(
        kit.wall_with_arch(
            "wall", 6.0, 3.6, (1.16, 0.66 - low), 0.0, NICHE_DEPTH, wall, (0, WALL_Y, low), 96
        ),
        "r",
    )
    back = [
        (-0.75, WALL_Y + NICHE_DEPTH, low),
        (0.75, WALL_Y + NICHE_DEPTH, low),
        (0.75, WALL_Y + NICHE_DEPTH, 1.0),
        (-0.75, WALL_Y + NICHE_DEPTH, 1.0),
    ]
    kit.mask(kit.mesh_object("niche", back, [(0, 1, 2, 3)], niche), "r")
    seating()
    dallah(-0.265, 0.340)
    dates(0.285, 0.250)

    az, el = 54, 32
    key = kit.sun(az, el, 5.4, 4100, angle_deg=1.5)
    kit.softbox(72, 28, 2.4, (1.4, 1.6), 34, 4900, (0, 0.4, 0.1))
    kit.softbox(-55, 30, 2.6, (2.0, 2.0), 13, 5400, (0, 0.4, 0.1))
    kit.world((0.98, 0.95, 0.90), (0.88, 0.77, 0.65), 0.56)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (0.0, 1.05, 0.22), 1.7)
    kit.gobo(lattice(frame, dark, 0.185, (12, 11), 0.026), key)
