"""A pale stone island in a bright kitchen: tiles, timber drawers and window light from the
right."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="bright-kitchen",
    title="Bright kitchen counter",
    family="kitchen",
    surface={"material": "marble", "gloss": 0.25},
    light={
        "from": "right",
        "azimuth_deg": 56,
        "elevation_deg": 36,
        "softness": 0.6,
        "temperature_k": 5300,
    },
    masks={"r": "wall", "g": "counter", "b": "backsplash"},
    tags=("kitchen", "daylight", "modern"),
    categories=("rice_cooker", "air_fryer", "electric_kettle", "coffee_maker"),
)

WALL_Y = 1.95
BACK_Y = 1.36


def tiles() -> None:
    """Hand-made glazed tiles, none quite in plane with the next, over a pale grout."""
    rng = random.Random(3)
    glaze, g, shader = kit.material("tile glaze", (0.74, 0.73, 0.70), 0.16)
    tone = g.add("ShaderNodeObjectInfo").outputs["Random"]
    g.set(
        shader.inputs["Base Color"], g.mix(tone, (0.66, 0.65, 0.62, 1), (0.79, 0.78, 0.75, 1))
    )
    g.set(shader.inputs["Normal"], g.bump(g.noise(g.coords(), 18, 2), 0.15, 0.004))
    grout = kit.plain("grout", (0.40, 0.39, 0.375), 0.9)
    kit.mask(kit.box("grout", (3.2, 0.01, 0.232), (0, WALL_Y - 0.002, 0.116), grout, 0), "b")
    pitch_x, pitch_z = 0.0775, 0.0775
    for row in range(3):
        for column in range(-18, 19):
            place = (column * pitch_x, WALL_Y - 0.011, (row + 0.5) * pitch_z)
            tilt = (rng.gauss(0, 0.9), 0, rng.gauss(0, 0.9))
            kit.mask(kit.box("tile", (0.0752, 0.009, 0.0752), place, glaze, 0.0016, tilt), "b")


def back_row() -> None:
    """Drawers, worktop and what stands on it, all out of focus."""
    oak = kit.wood("drawer oak", (0.40, 0.27, 0.165), (0.62, 0.46, 0.31), 0.5, 7, "x", 0.7)
    top = kit.plain("worktop", (0.76, 0.75, 0.73), 0.3)
    brass = kit.plain("brass", (0.72, 0.52, 0.28), 0.32, Metallic=1.0)
    shadow = kit.plain("drawer gap", (0.05, 0.04, 0.03), 0.9)
    kit.mask(
        kit.box(
            "worktop",
            (3.4, WALL_Y - BACK_Y, 0.03),
            (0, (WALL_Y + BACK_Y) / 2, -0.015),
            top,
            0.002,
        ),
        "g",
    )
    kit.box("carcass", (3.4, 0.5, 0.9), (0, BACK_Y + 0.275, -0.48), shadow, 0)
    for i in range(-2, 3):
        x = i * 0.60 + 0.10
        for z, high in ((-0.135, 0.20), (-0.385, 0.28)):
            kit.box("drawer", (0.594, 0.02, high), (x, BACK_Y + 0.018, z - 0.005), oak, 0.002)
            kit.tube(
                "pull",
                [(x - 0.07, BACK_Y - 0.012, z + 0.055), (x + 0.07, BACK_Y - 0.012, z + 0.055)],
                0.005,
                brass,
            )

    board = kit.wood("board", (0.33, 0.20, 0.11), (0.56, 0.38, 0.22), 0.5, 9, "z")
    pale = kit.wood("pale board", (0.55, 0.40, 0.26), (0.74, 0.60, 0.43), 0.5, 9, "z")
    circle = [
        (0.15 * math.cos(t), 0.15 + 0.15 * math.sin(t))
        for t in (2 * math.pi * i / 72 for i in range(72))
    ]
    kit.prism(
        "round board", circle, 0.018, board, (-0.60, WALL_Y - 0.075, 0.002), 0.005, (-11, 0, 0)
    )
    tall = [
        (-0.10, 0),
        (0.10, 0),
        (0.10, 0.30),
        (0.03, 0.335),
        (0.022, 0.40),
        (-0.022, 0.40),
        (-0.03, 0.335),
        (-0.10, 0.30),
    ]
    kit.prism(
        "long board", tall, 0.018, pale, (-0.435, WALL_Y - 0.11, 0.002), 0.006, (-10, 0, 3)
    )

    cream = kit.ceramic("crock glaze", (0.74, 0.70, 0.63), 0.35, 0.5)
    sand = kit.ceramic("canister glaze", (0.62, 0.55, 0.47), 0.45)
    crock = [
        (0, 0),
        (0.055, 0),
        (0.062, 0.02),
        (0.062, 0.14),
        (0.056, 0.14),
        (0.056, 0.03),
        (0, 0.03),
    ]
    kit.lathe("crock", crock, cream, (-0.245, WALL_Y - 0.20, 0), 0.006)
    rng = random.Random(5)
    for i in range(5):
        lean = (rng.uniform(-0.045, 0.045), rng.uniform(-0.04, 0.04))
        x, y = -0.245 + lean[0] * 0.6, WALL_Y - 0.20 + lean[1] * 0.6
        tip = (x + lean[0] * 1.2, y + lean[1] * 1.2, 0.26 + 0.02 * i)
        kit.tube(
            "spoon",
            [(x, y, 0.05), ((x + tip[0]) / 2, (y + tip[1]) / 2, 0.17), tip],
            [0.006, 0.006, 0.018],
            pale if i % 2 else board,
        )
    for x, r, h in ((0.43, 0.062, 0.15), (0.575, 0.054, 0.11)):
        jar = [(0, 0), (r, 0), (r * 1.02, 0.02), (r * 1.02, h), (0, h)]
        kit.lathe("canister", jar, sand if x < 0.5 else cream, (x, WALL_Y - 0.19, 0), 0.01)
        kit.lathe(
            "lid",
            [(0, h), (r, h), (r, h + 0.016), (0, h + 0.018)],
            pale,
            (x, WALL_Y - 0.19, 0.001),
            0.004,
        )
        kit.lathe(
            "knob",
            [(0, h + 0.016), (0.010, h + 0.016), (0.012, h + 0.036), (0, h + 0.038)],
            pale,
            (x, WALL_Y - 0.19, 0.001),
            0.004,
        )


def island_props() -> None:
    """Right: potted basil. Left: a board with a bowl of lemons and a folded cloth."""
    clay = kit.ceramic("pot", (0.72, 0.67, 0.61), 0.6, 0.4)
    soil = kit.plain("soil", (0.045, 0.03, 0.02), 0.95)
    green, g, shader = kit.material("basil", (0.10, 0.24, 0.045), 0.42, Subsurface_Weight=0.0)
    tone = g.add("ShaderNodeObjectInfo").outputs["Random"]
    g.set(
        shader.inputs["Base Color"], g.mix(tone, (0.055, 0.16, 0.03, 1), (0.20, 0.36, 0.07, 1))
    )
    pot = [
        (0, 0),
        (0.044, 0),
        (0.058, 0.095),
        (0.062, 0.095),
        (0.062, 0.112),
        (0.055, 0.112),
        (0.052, 0.090),
        (0, 0.090),
    ]
    kit.lathe("pot", pot, clay, (0.300, 0.285, 0), 0.003)
    kit.lathe("soil", [(0.0528, 0.097), (0, 0.099)], soil, (0.300, 0.285, 0), 0)
    kit.herb("basil", (0.300, 0.285, 0.105), 0.155, green, 170, 0.085, 4.4)

    walnut = kit.wood("serving board", (0.30, 0.18, 0.10), (0.52, 0.35, 0.20), 0.45, 8, "x")
    plate = [
        (0.145 * math.cos(t), 0.145 * math.sin(t))
        for t in (2 * math.pi * i / 96 for i in range(96))
    ]
    kit.prism(
        "serving board", plate, 0.016, walnut, (-0.325, 0.235, 0.008), 0.005, (-90, 0, 18)
    )
    glaze = kit.ceramic("bowl glaze", (0.78, 0.755, 0.71), 0.28, 0.55)
    kit.lathe(
        "bowl",
        kit.bowl_profile(0.090, 0.062, 0.040),
        glaze,
        (-0.335, 0.245, 0.0165),
        0.0015,
        wobble=0.006,
    )
    peel, g, shader = kit.material("lemon", (0.80, 0.56, 0.07), 0.38)
    g.set(shader.inputs["Normal"], g.bump(g.noise(g.coords(), 300, 1), 0.25, 0.0008))
    lemon = [
        (0.0, -0.040),
        (0.006, -0.038),
        (0.011, -0.033),
        (0.022, -0.024),
        (0.0275, -0.010),
        (0.0285, 0.004),
        (0.025, 0.019),
        (0.015, 0.030),
        (0.008, 0.035),
        (0.0, 0.037),
    ]
    for i, (x, y, z, turn) in enumerate(
        (
            (-0.040, 0.010, 0.054, 20),
            (0.030, 0.028, 0.055, 100),
            (0.022, -0.036, 0.054, -35),
            (-0.004, 0.0, 0.091, 60),
        )
    ):
        kit.lathe(
            f"lemon {i}",
            lemon,
            peel,
            (-0.335 + x, 0.245 + y, 0.0165 + z),
            0.006,
            48,
            (80 + 7 * i, 10 * i, turn),
        )


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.4, focus_offset=0.08)
    scene.view_settings.exposure = 0.02
    stone = kit.marble("counter stone", (0.79, 0.77, 0.74), (0.27, 0.255, 0.235), 0.20)
    kit.mask(kit.box("island", (3.0, 1.50, 0.04), (0, -0.33, -0.02), stone, 0.003), "g")
    wall = kit.plaster("wall paint", (0.82, 0.79, 0.74), relief=0.25, cloud=0.02)
    kit.mask(
        kit.mesh_object(
            "wall",
            [(-3, WALL_Y, -1), (3, WALL_Y, -1), (3, WALL_Y, 3), (-3, WALL_Y, 3)],
            [(0, 1, 2, 3)],
            wall,
        ),
        "r",
    )
    tiles()
    back_row()
    island_props()

    az, el = 56, 36
    key = kit.sun(az, el, 6.0, 4600, angle_deg=2.3)
    kit.softbox(74, 28, 2.4, (1.6, 1.8), 34, 5800, (0, 0.4, 0.1))
    kit.softbox(-55, 30, 2.6, (2.0, 2.0), 16, 6300, (0, 0.4, 0.1))
    kit.world((0.95, 0.97, 1.0), (0.88, 0.84, 0.79), 0.62)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (0.0, 0.95, 0.20), 2.6)
    kit.gobo(kit.window_gobo(frame, dark, (0.46, 0.56), (6, 4), 0.085), key)
