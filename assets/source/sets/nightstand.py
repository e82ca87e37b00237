"""A bedside table in morning light: a linen-shaded lamp, books, the pillows of a made bed."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="nightstand",
    title="Bedside table in morning light",
    family="bedroom",
    surface={"material": "pale ash", "gloss": 0.15},
    light={
        "from": "left",
        "azimuth_deg": -56,
        "elevation_deg": 30,
        "softness": 0.7,
        "temperature_k": 4900,
    },
    masks={"r": "wall", "g": "bedside table", "b": "bed linen"},
    tags=("bedroom", "morning", "daylight", "calm", "linen"),
    text_areas=((0.03, 0.03, 0.68, 0.23), (0.50, 0.03, 0.66, 0.38)),
    product_cm=(5.0, 24.0),
    categories=("smart_speaker", "earbuds", "smart_watch", "air_purifier"),
)

WALL_Y = 1.30


def bed() -> None:
    """Left behind: two pillows before an upholstered head, a duvet whose edge rolls over."""
    cloth = kit.linen("headboard cloth", (0.54, 0.475, 0.405), 1.4)
    for i in range(3):
        panel = kit.box(
            "headboard",
            (0.40, 0.07, 0.80),
            (-1.02 + 0.405 * i, WALL_Y - 0.06, -0.16),
            cloth,
            0.025,
        )
        kit.mask(panel, "b")
    white = kit.linen("pillow linen", (0.80, 0.775, 0.74), 0.9)
    warm = kit.linen("cushion linen", (0.56, 0.435, 0.35), 1.1)
    for name, size, at, turn, mat in (
        ("pillow back", (0.58, 0.18, 0.38), (-0.66, 1.12, 0.02), (-16, 0, 3), white),
        ("pillow", (0.56, 0.18, 0.36), (-0.58, 0.96, -0.03), (-24, 0, -4), white),
        ("cushion", (0.30, 0.13, 0.30), (-0.50, 0.80, -0.05), (-26, 6, 5), warm),
    ):
        kit.mask(kit.cushion(name, size, mat, at, turn, 0.34), "b")

    def duvet(u: float, t: float) -> tuple[float, float, float]:
        x, y = -1.5 + 1.22 * u, 0.20 + 0.85 * t
        roll = max(0.0, u - 0.86) / 0.14
        puff = 0.022 * math.sin(5 * u + 7 * t) * math.sin(9 * t - 3 * u) + 0.012 * math.sin(
            19 * u + 5 * t
        )
        return (x - 0.02 * roll**3, y, -0.155 + puff - 0.26 * roll**2.4)

    kit.mask(kit.grid("duvet", 110, 60, duvet, white), "b")


def lamp(x: float, y: float) -> None:
    """A turned base with a pleated paper shade, off in the daylight."""
    clay = kit.ceramic("lamp base", (0.60, 0.56, 0.50), 0.5, 0.35)
    base = [
        (0.0, 0.0),
        (0.045, 0.0),
        (0.052, 0.010),
        (0.060, 0.045),
        (0.052, 0.085),
        (0.024, 0.112),
        (0.012, 0.122),
        (0.012, 0.140),
        (0.0, 0.140),
    ]
    kit.lathe("lamp base", base, clay, (x, y, 0), 0.008, 96, wobble=0.006)
    brass = kit.plain("lamp neck", (0.66, 0.49, 0.28), 0.3, 0.05, Metallic=1.0)
    kit.lathe(
        "lamp neck",
        [(0, 0.138), (0.008, 0.138), (0.008, 0.185), (0, 0.185)],
        brass,
        (x, y, 0),
        0.001,
    )
    paper, _, shader = kit.material("lamp shade", (0.76, 0.68, 0.57), 0.9)
    shader.inputs["Emission Color"].default_value = (1.0, 0.80, 0.58, 1)
    shader.inputs["Emission Strength"].default_value = 0.22

    def shade(u: float, t: float) -> tuple[float, float, float]:
        a = 2 * math.pi * u
        r = (0.118 - 0.040 * t) * (1 + 0.018 * math.sin(64 * a / 1.0))
        return (r * math.cos(a), r * math.sin(a), 0.150 + 0.150 * t)

    kit.grid("lamp shade", 640, 4, shade, paper, (x, y, 0))


def books_and_flowers() -> None:
    """Left: two cloth-bound books and a cup on them. Right: flowers in a bud vase."""
    tones = ((0.30, 0.34, 0.325), (0.60, 0.475, 0.375))
    paper = kit.plain("pages", (0.78, 0.74, 0.66), 0.9)
    z = 0.0
    for (w, d, h, turn), tone in zip(
        ((0.150, 0.205, 0.022, 8), (0.132, 0.185, 0.018, 17)), tones, strict=True
    ):
        cloth = kit.linen("book cloth", tone, 0.6)
        at = (-0.205, 0.150)
        kit.box(
            "pages", (w - 0.004, d - 0.008, h - 0.005), (*at, z + h / 2), paper, 0, (0, 0, turn)
        )
        for edge in (0.0014, h - 0.0014):
            kit.box("cover", (w, d, 0.0028), (*at, z + edge), cloth, 0.001, (0, 0, turn))
        a = math.radians(turn)
        spine = (at[0] - (w / 2) * math.cos(a), at[1] - (w / 2) * math.sin(a), z + h / 2)
        kit.box("spine", (0.004, d, h), spine, cloth, 0.0015, (0, 0, turn))
        z += h
    glaze = kit.ceramic("cup glaze", (0.76, 0.73, 0.68), 0.32, 0.5)
    cup = [
        (0.0, 0.002),
        (0.026, 0.002),
        (0.027, 0.0),
        (0.031, 0.0),
        (0.037, 0.014),
        (0.039, 0.068),
        (0.037, 0.068),
        (0.034, 0.016),
        (0.0, 0.012),
    ]
    kit.lathe("cup", cup, glaze, (-0.200, 0.155, z), 0.002, 96, wobble=0.006)

    vase = kit.ceramic("bud vase", (0.44, 0.47, 0.44), 0.4, 0.3)
    x, y = 0.172, 0.165
    bud = [
        (0.0, 0.0),
        (0.022, 0.0),
        (0.032, 0.014),
        (0.031, 0.036),
        (0.014, 0.060),
        (0.009, 0.078),
        (0.013, 0.088),
        (0.010, 0.088),
        (0.0, 0.07),
    ]
    kit.lathe("bud vase", bud, vase, (x, y, 0), 0.004, 80)
    green = kit.plain("stem", (0.20, 0.28, 0.12), 0.6)
    petals, g, shader = kit.material("petal", (0.86, 0.82, 0.76), 0.7)
    tone = g.add("ShaderNodeObjectInfo").outputs["Random"]
    g.set(
        shader.inputs["Base Color"], g.mix(tone, (0.86, 0.80, 0.72, 1), (0.92, 0.89, 0.85, 1))
    )
    petal = kit.leaf("petal", 0.016, 0.012, petals, -0.35)
    blade = kit.leaf("small leaf", 0.034, 0.013, green, 0.3)
    heart = kit.plain("flower heart", (0.62, 0.42, 0.10), 0.9)
    rng = random.Random(3)
    for dx, dy, high in (
        (-0.030, 0.0, 0.085),
        (0.032, 0.01, 0.070),
        (0.004, 0.03, 0.105),
        (0.055, 0.0, 0.10),
        (-0.052, 0.02, 0.055),
    ):
        points = [(x + dx * t**1.5, y + dy * t, 0.08 + high * t) for t in (0.0, 0.4, 0.75, 1.0)]
        kit.tube("flower stem", points, [0.0011, 0.001, 0.0009, 0.0008], green)
        top = points[-1]
        kit.ball("flower heart", 0.0042, heart, top)
        for ring, lift in ((9, -0.15), (7, -0.6)):
            for i in range(ring):
                kit.instance(
                    petal,
                    top,
                    (rng.gauss(0, 0.15), lift + rng.gauss(0, 0.1), 6.283 * i / ring + lift),
                    rng.uniform(0.9, 1.1),
                )
        for i in range(3):
            t = 0.35 + 0.2 * i
            kit.instance(
                blade,
                (x + dx * t**1.5, y + dy * t, 0.08 + high * t),
                (0, -0.4, rng.random() * 6.28),
                rng.uniform(0.7, 1.1),
            )


def curtain() -> None:
    """Thin linen by the window at the far right."""
    sheer = kit.linen("curtain linen", (0.80, 0.765, 0.71), 1.4)

    def shape(u: float, t: float) -> tuple[float, float, float]:
        swing = 0.026 * math.sin(u * 34 + 0.7 * math.sin(8 * u)) + 0.010 * math.sin(u * 83 + 2)
        return (
            0.56 + 0.60 * u + 0.008 * math.sin(5 * t + 20 * u),
            WALL_Y - 0.11 + swing,
            -0.8 + 2.4 * t,
        )

    kit.grid("curtain", 260, 10, shape, sheer)


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.5, focus_offset=0.03, px_per_cm=45)
    scene.view_settings.exposure = 0.02
    ash = kit.wood("table ash", (0.50, 0.365, 0.24), (0.72, 0.575, 0.42), 0.42, 8, "x", 1.0)
    for plank in kit.planks(ash, (-0.55, -0.36, -0.17, 0.03, 0.22, 0.40), 1.9, 0.03):
        kit.mask(plank, "g")
    wall = kit.plaster("wall paint", (0.79, 0.755, 0.705), relief=0.3, cloud=0.03)
    kit.mask(kit.sheet("wall", (-3, 3), WALL_Y, (-1, 3), wall), "r")
    bed()
    curtain()
    lamp(0.285, 0.285)
    books_and_flowers()

    az, el = -56, 30
    key = kit.sun(az, el, 6.0, 4000, angle_deg=2.4)
    kit.softbox(-75, 28, 1.8, (1.3, 1.3), 22, 5400, (0, 0.25, 0.05))
    kit.softbox(60, 30, 2.0, (1.6, 1.6), 7, 6000, (0, 0.25, 0.05))
    kit.world((0.95, 0.96, 1.0), (0.88, 0.81, 0.73), 0.50)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (0.0, 0.70, 0.12), 1.8)
    kit.gobo(kit.window_gobo(frame, dark, (0.34, 0.46), (4, 3), 0.045), key)
