"""The top of a mid-century sideboard in low afternoon light: books, a vase with dry grasses and
an abstract print."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="sideboard",
    title="Mid-century sideboard in afternoon light",
    family="living",
    surface={"material": "walnut", "gloss": 0.22},
    light={
        "from": "right",
        "azimuth_deg": 60,
        "elevation_deg": 26,
        "softness": 0.55,
        "temperature_k": 4200,
    },
    masks={"r": "wall", "g": "sideboard", "b": "books and print"},
    tags=("living room", "afternoon", "wood", "calm", "design"),
    text_areas=((0.36, 0.04, 0.97, 0.40),),
    product_cm=(8.0, 40.0),
    categories=("smart_speaker", "air_purifier", "electric_kettle"),
)

WALL_Y = 0.66


def wall() -> None:
    """A plastered wall close behind."""
    paint = kit.plaster("wall paint", (0.77, 0.70, 0.61), relief=0.55, cloud=0.04)
    kit.mask(kit.sheet("wall", (-3, 3), WALL_Y, (-1, 3), paint), "r")


def print_(x: float) -> None:
    """A framed print of cut-paper shapes that leans against the wall."""
    oak = kit.wood("frame", (0.20, 0.12, 0.07), (0.34, 0.22, 0.135), 0.45, 8, "z")
    paper = kit.plain("print paper", (0.79, 0.75, 0.68), 0.85)
    accent = kit.plain("print shape", (0.62, 0.50, 0.42), 0.85)
    dark = kit.plain("print dark", (0.13, 0.12, 0.115), 0.85)
    wide, high, lean = 0.36, 0.46, -7
    root = bpy.data.objects.new("print", None)
    bpy.context.scene.collection.objects.link(root)
    root.location, root.rotation_euler = (x, WALL_Y - 0.062, 0), (math.radians(lean), 0, 0)
    parts = [
        kit.box("sheet", (wide - 0.02, 0.006, high - 0.02), (0, 0.002, high / 2), paper, 0.001)
    ]
    for dx, dz, w, h in (
        (0, 0.008, wide, 0.016),
        (0, high - 0.008, wide, 0.016),
        (-wide / 2 + 0.008, high / 2, 0.016, high),
        (wide / 2 - 0.008, high / 2, 0.016, high),
    ):
        parts.append(kit.box("frame", (w, 0.022, h), (dx, 0, dz), oak, 0.0015))

    def half_moon(r: float, start: float) -> list[tuple[float, float]]:
        return [
            (r * math.cos(start + t), r * math.sin(start + t))
            for t in (math.pi * i / 40 for i in range(41))
        ]

    for shape, mat, dx, dz, tagged in (
        (half_moon(0.088, 0.0), accent, -0.022, 0.255, True),
        (half_moon(0.088, math.pi), dark, 0.026, 0.245, False),
        (half_moon(0.034, 0.0) + half_moon(0.034, math.pi), accent, 0.062, 0.375, True),
    ):
        obj = kit.prism("print shape", shape, 0.0012, mat, (dx, -0.0022, dz), 0)
        parts.append(kit.mask(obj, "b") if tagged else obj)
    for part in parts:
        part.parent = root


def books(x: float, y: float) -> None:
    """A low stack of cloth-bound books, a small bowl on top."""
    pages = kit.plain("pages", (0.74, 0.69, 0.59), 0.9)
    rng = random.Random(5)
    z = 0.0
    for i, (wide, deep, high, colour) in enumerate(
        (
            (0.235, 0.170, 0.026, (0.60, 0.49, 0.41)),
            (0.215, 0.160, 0.020, (0.30, 0.31, 0.30)),
            (0.195, 0.140, 0.024, (0.66, 0.60, 0.51)),
        )
    ):
        cloth = kit.linen(f"book cloth {i}", colour, 0.5)
        turn = (0, 0, rng.uniform(-9, 7))
        place = (x + rng.uniform(-0.006, 0.006), y + rng.uniform(-0.004, 0.004))
        kit.box(
            "pages",
            (wide - 0.010, deep - 0.010, high - 0.004),
            (*place, z + high / 2),
            pages,
            0.001,
            turn,
        )
        a = math.radians(turn[2])
        back = (
            place[0] + deep / 2 * math.sin(a),
            place[1] - deep / 2 * math.cos(a),
            z + high / 2,
        )
        covers = [
            kit.box("cover", (wide, deep, 0.0024), (*place, z + 0.0013), cloth, 0.0008, turn),
            kit.box(
                "cover", (wide, deep, 0.0024), (*place, z + high - 0.0013), cloth, 0.0008, turn
            ),
            kit.box("spine", (wide, 0.003, high), back, cloth, 0.0012, turn),
        ]
        if i != 1:
            for cover in covers:
                kit.mask(cover, "b")
        z += high
    brass = kit.plain("bowl brass", (0.64, 0.47, 0.26), 0.30, Metallic=1.0)
    kit.lathe(
        "bowl",
        kit.bowl_profile(0.046, 0.026, 0.020, 0.002),
        brass,
        (x + 0.01, y, z + 0.0003),
        0.001,
    )


def vase(x: float, y: float) -> None:
    """A stoneware vase with dry grasses, and a smaller bottle vase."""
    sand = kit.ceramic("vase", (0.60, 0.53, 0.45), 0.6, 0.4)
    profile = [
        (0, 0),
        (0.040, 0),
        (0.062, 0.030),
        (0.074, 0.085),
        (0.066, 0.140),
        (0.036, 0.178),
        (0.030, 0.196),
        (0.035, 0.208),
        (0.029, 0.208),
        (0.024, 0.19),
        (0, 0.18),
    ]
    kit.lathe("vase", profile, sand, (x, y, 0), 0.012, wobble=0.008)
    straw = kit.varied("grass", (0.56, 0.40, 0.22), (0.74, 0.58, 0.37), 0.8)
    plume = kit.leaf("plume", 0.030, 0.0046, straw, 0.3)
    rng = random.Random(17)
    for i in range(13):
        turn, reach = 2.4 * i, rng.uniform(0.05, 0.165)
        high = rng.uniform(0.20, 0.36)
        path = []
        for k in range(7):
            t = k / 6
            bend = reach * t**1.9
            path.append(
                (
                    x + bend * math.cos(turn),
                    y + 0.55 * bend * math.sin(turn),
                    0.185 + high * (t - 0.20 * t**4),
                )
            )
        kit.tube("stem", path, [0.0015, 0.0014, 0.0013, 0.0012, 0.001, 0.0009, 0.0006], straw)
        for k in range(46):
            t = 0.62 + 0.38 * k / 46
            j = min(5, int(t * 6))
            s = t * 6 - j
            at = [p + (q - p) * s for p, q in zip(path[j], path[j + 1], strict=True)]
            pose = (rng.uniform(-0.8, 0.8), rng.uniform(-1.25, -0.55), rng.random() * 6.283)
            kit.instance(
                plume, at, pose, rng.uniform(0.7, 1.1) * (1.25 - 0.6 * abs(t - 0.8) / 0.2)
            )

    smoke = kit.ceramic("small vase", (0.14, 0.135, 0.130), 0.45, 0.3, (0.34, 0.30, 0.26))
    small = [
        (0, 0),
        (0.030, 0),
        (0.042, 0.025),
        (0.040, 0.055),
        (0.014, 0.088),
        (0.012, 0.118),
        (0.017, 0.126),
        (0.012, 0.126),
        (0, 0.11),
    ]
    kit.lathe("small vase", small, smoke, (x - 0.125, y - 0.075, 0), 0.008, wobble=0.006)


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.2, focus_offset=0.05)
    scene.view_settings.exposure = 0.08
    walnut = kit.wood(
        "sideboard walnut", (0.30, 0.185, 0.11), (0.50, 0.345, 0.22), 0.34, 8, "x", 1.0
    )
    for board in kit.planks(walnut, (-0.90, -0.44, 0.02, 0.62), 3.0, 0.03):
        kit.mask(board, "g")
    wall()
    print_(-0.445)
    books(-0.345, 0.25)
    vase(0.355, 0.33)

    az, el = 60, 26
    key = kit.sun(az, el, 6.2, 3700, angle_deg=1.7)
    kit.softbox(76, 28, 2.2, (1.4, 1.6), 28, 4700, (0, 0.3, 0.1))
    kit.softbox(-58, 32, 2.4, (1.8, 1.8), 11, 6000, (0, 0.3, 0.1))
    kit.world((0.95, 0.95, 0.97), (0.86, 0.77, 0.66), 0.42)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (-0.05, 0.55, 0.16), 2.0)
    kit.gobo(kit.window_gobo(frame, dark, (0.30, 0.36), (4, 3), 0.045), key)
