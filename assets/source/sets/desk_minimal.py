"""An oak desk by a window: a closed notebook, a cup of coffee, a shelf out of focus."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="desk-minimal",
    title="Minimal oak desk in daylight",
    family="desk",
    surface={"material": "oak", "gloss": 0.16},
    light={
        "from": "left",
        "azimuth_deg": -60,
        "elevation_deg": 34,
        "softness": 0.6,
        "temperature_k": 5400,
    },
    masks={"r": "wall", "g": "desk", "b": "notebook"},
    tags=("desk", "office", "daylight", "minimal", "wood"),
    text_areas=((0.03, 0.04, 0.97, 0.22), (0.36, 0.04, 0.84, 0.37)),
    product_cm=(4.0, 16.0),
    categories=("earbuds", "smart_watch", "ar_glasses", "smart_speaker"),
)

WALL_Y = 1.15
SHELF_Z = -0.055


def notebook(x: float, y: float, turn: float) -> None:
    """A cloth-bound notebook, closed, with an elastic band and a metal pen on top."""
    cloth = kit.linen("notebook cloth", (0.62, 0.565, 0.50), 0.45)
    paper, g, shader = kit.material("page edge", (0.80, 0.77, 0.70), 0.9)
    lines = g.noise(g.coords((6, 6, 2600)), 1.0, 1)
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.remap(lines, 0.35, 0.65), (0.66, 0.62, 0.55, 1), (0.84, 0.81, 0.75, 1)),
    )
    w, d, h = 0.128, 0.186, 0.013
    kit.box("pages", (w - 0.005, d - 0.006, h - 0.004), (x, y, h / 2), paper, 0, (0, 0, turn))
    for z in (0.0011, h - 0.0011):
        cover = kit.box("cover", (w, d, 0.0022), (x, y, z), cloth, 0.0009, (0, 0, turn))
        kit.mask(cover, "b")
    a = math.radians(turn)

    def at(u: float, v: float, z: float) -> tuple[float, float, float]:
        return (x + u * math.cos(a) - v * math.sin(a), y + u * math.sin(a) + v * math.cos(a), z)

    spine = kit.box(
        "spine", (0.003, d, h), at(-w / 2 + 0.001, 0, h / 2), cloth, 0.0012, (0, 0, turn)
    )
    kit.mask(spine, "b")
    band = kit.plain("band", (0.10, 0.085, 0.07), 0.7)
    kit.box(
        "band", (0.006, d + 0.001, h + 0.0012), at(0.046, 0, h / 2), band, 0.0007, (0, 0, turn)
    )

    body = kit.plain("pen body", (0.055, 0.053, 0.05), 0.38, 0.04)
    brass = kit.plain("pen brass", (0.74, 0.55, 0.31), 0.28, 0.04, Metallic=1.0)
    z = h + 0.0044
    lie = turn + 24
    b = math.radians(lie)
    along = [(-0.068, 0.0014), (-0.058, 0.0030), (-0.050, 0.0041), (0.020, 0.0043)]

    def pen(u: float) -> tuple[float, float, float]:
        px, py, _ = at(-0.012, -0.012, 0)
        return (px - u * math.sin(b), py + u * math.cos(b), z)

    kit.tube("pen tip", [pen(u) for u, _ in along[:3]], [r for _, r in along[:3]], brass)
    kit.tube("pen", [pen(-0.050), pen(0.0), pen(0.070)], 0.0043, body)
    kit.tube("pen ring", [pen(0.012), pen(0.0145)], 0.0046, brass)
    kit.tube("pen end", [pen(0.070), pen(0.0745)], [0.0042, 0.0032], brass)


def cup(x: float, y: float) -> None:
    """A hand-thrown cup of black coffee on its saucer."""
    glaze = kit.ceramic("cup glaze", (0.78, 0.755, 0.71), 0.32, 0.55)
    saucer = [
        (0.0, 0.003),
        (0.030, 0.003),
        (0.031, 0.0),
        (0.035, 0.0),
        (0.052, 0.004),
        (0.066, 0.0075),
        (0.0665, 0.009),
        (0.050, 0.0065),
        (0.0, 0.006),
    ]
    kit.lathe("saucer", saucer, glaze, (x, y, 0), 0.0012, 128, wobble=0.003)
    wall = [
        (0.0, 0.002),
        (0.0235, 0.002),
        (0.0245, 0.0),
        (0.0275, 0.0),
        (0.036, 0.014),
        (0.0395, 0.034),
        (0.0405, 0.060),
        (0.0385, 0.060),
        (0.0370, 0.034),
        (0.030, 0.013),
        (0.0, 0.010),
    ]
    kit.lathe("cup", wall, glaze, (x, y, 0.0066), 0.0016, 128, wobble=0.005)
    coffee = kit.plain("coffee", (0.045, 0.020, 0.008), 0.06, 0.0)
    kit.lathe("coffee", [(0.0384, 0.050), (0.0, 0.050)], coffee, (x, y, 0.0066), 0)
    kit.tube(
        "cup handle",
        [
            (0.036, 0, 0.058),
            (0.056, 0, 0.060),
            (0.066, 0, 0.044),
            (0.056, 0, 0.026),
            (0.034, 0, 0.022),
        ],
        [0.0042, 0.0044, 0.0046, 0.0042, 0.0040],
        glaze,
        (x, y, 0),
        (0, 0, -35),
    )


def sprig(x: float, y: float) -> None:
    """A glazed bottle with two stems of eucalyptus."""
    glaze = kit.ceramic("bottle glaze", (0.50, 0.53, 0.50), 0.42, 0.3)
    bottle = [
        (0.0, 0.0),
        (0.026, 0.0),
        (0.033, 0.010),
        (0.034, 0.034),
        (0.026, 0.054),
        (0.0105, 0.066),
        (0.0095, 0.080),
        (0.0120, 0.087),
        (0.0100, 0.087),
        (0.0075, 0.078),
        (0.0, 0.070),
    ]
    kit.lathe("bottle", bottle, glaze, (x, y, 0), 0.004, 96, wobble=0.006)
    green, g, shader = kit.material("eucalyptus", (0.24, 0.33, 0.25), 0.6)
    tone = g.add("ShaderNodeObjectInfo").outputs["Random"]
    g.set(
        shader.inputs["Base Color"], g.mix(tone, (0.16, 0.25, 0.17, 1), (0.36, 0.44, 0.34, 1))
    )
    bark = kit.plain("stem", (0.26, 0.20, 0.13), 0.8)
    mesh = kit.leaf("eucalyptus leaf", 0.026, 0.020, green, 0.18)
    rng = random.Random(5)
    for dx, dy, high in ((-0.055, 0.01, 0.098), (0.020, 0.03, 0.112), (-0.02, -0.03, 0.082)):
        points = [
            (x + dx * t**1.6, y + dy * t, 0.075 + high * t * (1 - 0.12 * t))
            for t in (0.0, 0.3, 0.65, 1.0)
        ]
        kit.tube("eucalyptus stem", points, [0.0014, 0.0012, 0.001, 0.0006], bark)
        for i in range(9):
            t = 0.22 + 0.78 * i / 8
            place = (
                x + dx * t**1.6,
                y + dy * t,
                0.075 + high * t * (1 - 0.12 * t),
            )
            for side in (0.0, math.pi):
                kit.instance(
                    mesh,
                    place,
                    (
                        rng.uniform(-0.4, 0.4),
                        rng.uniform(-0.6, 0.0),
                        side + i * 1.4 + rng.gauss(0, 0.3),
                    ),
                    (1.15 - 0.55 * t) * rng.uniform(0.85, 1.1),
                )


def shelf() -> None:
    """A low shelf along the wall, far out of focus: books, a bowl, a plant."""
    oak = kit.wood("shelf oak", (0.40, 0.27, 0.165), (0.60, 0.44, 0.29), 0.5, 7, "x", 0.7)
    kit.box("shelf", (2.6, 0.24, 0.022), (0.0, WALL_Y - 0.12, SHELF_Z - 0.011), oak, 0.002)
    rng = random.Random(2)
    tones = [(0.70, 0.66, 0.60), (0.46, 0.50, 0.50), (0.60, 0.46, 0.36), (0.78, 0.75, 0.70)]
    mats = [kit.plain(f"book {i}", c, 0.75) for i, c in enumerate(tones)]
    x = -0.50
    for i in range(9):
        w, h = rng.uniform(0.014, 0.030), rng.uniform(0.115, 0.150)
        kit.box(
            "book",
            (w, 0.13, h),
            (x + w / 2, WALL_Y - 0.10, SHELF_Z + h / 2),
            mats[(i * 3) % 4],
            0.0015,
        )
        x += w + 0.001
    kit.box(
        "book",
        (0.022, 0.13, 0.145),
        (x + 0.030, WALL_Y - 0.10, SHELF_Z + 0.071),
        mats[0],
        0.0015,
        (0, 14, 0),
    )
    z = SHELF_Z
    for i, (w, h) in enumerate(((0.19, 0.024), (0.17, 0.020), (0.175, 0.016))):
        kit.box(
            "lying book",
            (w, 0.13, h),
            (0.36 + 0.006 * i, WALL_Y - 0.11, z + h / 2),
            mats[(i + 1) % 4],
            0.0015,
        )
        z += h
    clay = kit.ceramic("bowl", (0.66, 0.58, 0.49), 0.5, 0.3)
    kit.lathe(
        "bowl", kit.bowl_profile(0.052, 0.040, 0.022), clay, (0.365, WALL_Y - 0.11, z), 0.002
    )
    pot = kit.ceramic("pot", (0.74, 0.70, 0.64), 0.6)
    kit.lathe(
        "pot",
        [(0, 0), (0.040, 0), (0.048, 0.075), (0.044, 0.075), (0, 0.07)],
        pot,
        (0.60, WALL_Y - 0.11, SHELF_Z),
        0.004,
    )
    leafage = kit.plain("plant", (0.13, 0.24, 0.07), 0.5)
    kit.herb(
        "shelf plant", (0.60, WALL_Y - 0.11, SHELF_Z + 0.07), 0.12, leafage, 70, 0.075, 5.0
    )


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.6, focus_offset=0.02, px_per_cm=60)
    scene.view_settings.exposure = 0.10
    oak = kit.wood("desk oak", (0.45, 0.31, 0.195), (0.66, 0.50, 0.345), 0.40, 9, "x", 1.1)
    for plank in kit.planks(oak, (-0.40, -0.29, -0.165, -0.05, 0.075, 0.19, 0.32), 1.9, 0.026):
        kit.mask(plank, "g")
    wall = kit.plaster("wall paint", (0.80, 0.775, 0.735), relief=0.25, cloud=0.025)
    kit.mask(kit.sheet("wall", (-3, 3), WALL_Y, (-1, 3), wall), "r")
    shelf()
    notebook(-0.158, 0.060, 16)
    sprig(-0.150, 0.225)
    cup(0.148, 0.115)

    az, el = -60, 34
    key = kit.sun(az, el, 6.2, 4500, angle_deg=2.0)
    kit.softbox(-75, 28, 1.6, (1.1, 1.1), 16, 5600, (0, 0.2, 0.05))
    kit.softbox(60, 30, 1.8, (1.4, 1.4), 5, 6300, (0, 0.2, 0.05))
    kit.world((0.95, 0.97, 1.0), (0.86, 0.82, 0.77), 0.50)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (0.06, 0.62, 0.10), 1.5)
    kit.gobo(kit.window_gobo(frame, dark, (0.26, 0.34), (4, 3), 0.032), key)
