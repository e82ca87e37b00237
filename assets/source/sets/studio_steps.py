"""Round podiums and a quarter of a stair before a large disc, in a pool of afternoon sun."""

from __future__ import annotations

import math

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="studio-steps",
    title="Studio with round podiums and steps",
    family="studio",
    surface={"material": "matt paint", "gloss": 0.08},
    light={
        "from": "right",
        "azimuth_deg": 50,
        "elevation_deg": 38,
        "softness": 0.5,
        "temperature_k": 5200,
    },
    masks={"r": "wall", "g": "podiums", "b": "disc"},
    tags=("studio", "podium", "pastel", "daylight", "minimal"),
    text_areas=((0.03, 0.04, 0.97, 0.15), (0.36, 0.17, 0.64, 0.38), (0.72, 0.04, 0.97, 0.38)),
    scale="free",
)

FLOOR = -0.11


def drum(
    name: str, x: float, y: float, radius: float, top: float, mat: bpy.types.Material
) -> bpy.types.Object:
    """A cylinder that stands on the floor."""
    profile = [(0.0, top), (radius, top), (radius, FLOOR), (0.0, FLOOR)]
    return kit.lathe(name, profile, mat, (x, y, 0), rounding=0.006, steps=160)


def stair(x: float, y: float, mat: bpy.types.Material) -> None:
    """Half-round steps that climb towards the back."""
    for i, (radius, top) in enumerate(((0.30, -0.050), (0.225, 0.010), (0.15, 0.070))):
        steps = 72
        arc = [
            (radius * math.cos(t), -radius * math.sin(t))
            for t in (math.pi * k / steps for k in range(steps + 1))
        ]
        outline = [(px, pz) for px, pz in reversed(arc)]
        step = kit.prism(
            f"step {i}",
            outline,
            top - FLOOR,
            mat,
            (x, y, (top + FLOOR) / 2),
            0.005,
            (-90, 0, 0),
        )
        kit.mask(step, "g")


def disc_of_light(frame: kit.Matrix, mat: bpy.types.Material) -> list[bpy.types.Object]:
    """A dark flat with one round hole."""
    steps, reach, hole = 96, 6.0, 0.74
    ring = [(math.cos(t), math.sin(t)) for t in (2 * math.pi * i / steps for i in range(steps))]
    v = [(hole * c, hole * s, 0) for c, s in ring] + [
        (reach * c, reach * s, 0) for c, s in ring
    ]
    f = [(i, (i + 1) % steps, steps + (i + 1) % steps, steps + i) for i in range(steps)]
    flat = kit.mesh_object("gobo", v, f, mat)
    flat.matrix_world = frame
    return [flat]


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=3.4, focus_offset=0.09)
    scene.view_settings.exposure = 0.16
    wall = kit.plaster("wall paint", (0.73, 0.665, 0.61), relief=0.35, cloud=0.03)
    kit.mask(kit.cyclorama(wall, FLOOR, 1.35, 0.40), "r")
    podium = kit.plaster("podium paint", (0.76, 0.70, 0.645), relief=0.35, cloud=0.03)
    accent = kit.plaster("disc paint", (0.63, 0.49, 0.41), relief=0.35, cloud=0.04)

    kit.mask(drum("podium", 0.0, 0.12, 0.262, 0.0, podium), "g")
    kit.mask(drum("foot", 0.0, 0.12, 0.345, -0.055, podium), "g")
    kit.mask(drum("tall", -0.405, 0.47, 0.115, 0.165, podium), "g")
    kit.mask(drum("middle", -0.555, 0.30, 0.098, 0.035, accent), "b")
    stair(0.47, 0.72, podium)

    disc = [(0.0, 0.03), (0.35, 0.03), (0.35, -0.03), (0.0, -0.03)]
    kit.mask(kit.lathe("disc", disc, accent, (0.0, 0.86, 0.155), 0.006, 192, (90, 0, 0)), "b")
    kit.mask(kit.ball("ball", 0.050, accent, (0.47, 0.60, 0.120)), "b")
    brass = kit.plain("brass", (0.80, 0.62, 0.38), 0.22, 0.04, Metallic=1.0)
    kit.ball("small ball", 0.021, brass, (0.375, -0.075, FLOOR + 0.021))
    vase = kit.ceramic("vase glaze", (0.70, 0.66, 0.60), 0.5, 0.2)
    kit.lathe(
        "vase",
        [
            (0.0, 0.0),
            (0.026, 0.0),
            (0.040, 0.020),
            (0.041, 0.040),
            (0.020, 0.066),
            (0.010, 0.080),
            (0.013, 0.090),
            (0.009, 0.090),
            (0.0, 0.08),
        ],
        vase,
        (-0.415, 0.455, 0.165),
        0.004,
    )
    straw = kit.plain("dry grass", (0.80, 0.68, 0.52), 0.85)
    kit.stalks(
        "dry grass", (-0.415, 0.455, 0.245), 0.19, straw, 11, 0.10, (0.075, 0.015), -0.03
    )

    az, el = 50, 38
    key = kit.sun(az, el, 6.4, 4900, angle_deg=1.5)
    kit.softbox(70, 40, 2.2, (1.6, 1.6), 20, 5600)
    kit.softbox(-60, 30, 2.6, (2.0, 2.0), 17, 6300)
    kit.world((0.95, 0.97, 1.0), (0.84, 0.79, 0.74), 0.38)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    kit.gobo(disc_of_light(kit.gobo_frame(az, el, (0.02, 0.40, 0.10), 2.2), dark), key)
