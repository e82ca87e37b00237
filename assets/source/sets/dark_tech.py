"""A dark technology stage: a satin disc, slatted wall and cool rims of light."""

from __future__ import annotations

import math

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="dark-tech",
    title="Dark technology stage",
    family="studio",
    surface={"material": "satin composite", "gloss": 0.45},
    light={
        "from": "left",
        "azimuth_deg": -60,
        "elevation_deg": 40,
        "softness": 0.7,
        "temperature_k": 6400,
    },
    masks={"r": "wall", "g": "stage", "b": "light line"},
    tags=("studio", "dark", "technology", "rim light"),
    text_areas=((0.04, 0.04, 0.96, 0.16), (0.37, 0.21, 0.63, 0.38)),
    scale="free",
)

FLOOR = -0.06


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.6, focus_offset=0.08)
    wall = kit.plaster("wall", (0.075, 0.078, 0.086), relief=0.3, cloud=0.10)
    back = 1.45
    kit.mask(
        kit.mesh_object(
            "wall",
            [(-4, back, -1), (4, back, -1), (4, back, 3), (-4, back, 3)],
            [(0, 1, 2, 3)],
            wall,
        ),
        "r",
    )
    slat = kit.plain("slat", (0.060, 0.062, 0.070), 0.45, 0.05)
    for side in (-1, 1):
        for i in range(12):
            kit.mask(
                kit.box(
                    "slat",
                    (0.030, 0.030, 3.0),
                    (side * (0.50 + 0.055 * i), back - 0.02, 0.5),
                    slat,
                    0.005,
                ),
                "r",
            )

    floor = kit.plain("floor", (0.045, 0.047, 0.052), 0.34, 0.015)
    kit.mask(
        kit.mesh_object(
            "floor",
            [(-4, -1, FLOOR), (4, -1, FLOOR), (4, back, FLOOR), (-4, back, FLOOR)],
            [(0, 1, 2, 3)],
            floor,
        ),
        "g",
    )
    stage = kit.plain("stage", (0.085, 0.088, 0.095), 0.30, 0.012)
    at = (0, 0.135, 0)
    disc = [
        (0.0, 0.0),
        (0.285, 0.0),
        (0.285, -0.026),
        (0.272, -0.030),
        (0.272, -0.040),
        (0.285, -0.044),
        (0.285, FLOOR),
        (0.0, FLOOR),
    ]
    kit.mask(kit.lathe("stage", disc, stage, at, 0.003, 192), "g")
    line = kit.glow("light line", (0.62, 0.82, 1.0), 5.0)
    kit.mask(
        kit.lathe(
            "light line",
            [(0.2735, -0.032), (0.2745, -0.035), (0.2735, -0.038)],
            line,
            at,
            0,
            192,
        ),
        "b",
    )

    ring = [
        (0.36 * math.cos(t), 0.36 * math.sin(t))
        for t in (2 * math.pi * i / 128 for i in range(129))
    ]
    halo = kit.tube(
        "halo",
        [(x, back - 0.14, 0.13 + z) for x, z in ring],
        0.0065,
        kit.glow("halo", (0.66, 0.84, 1.0), 3.2),
    )
    kit.mask(halo, "b")

    kit.softbox(-60, 40, 1.8, (0.9, 1.1), 17, 6400)
    kit.softbox(115, 30, 1.7, (0.4, 1.4), 26, 7200)
    kit.softbox(-125, 35, 1.7, (0.4, 1.4), 26, 7200)
    kit.softbox(0, 75, 1.9, (1.4, 0.8), 9, 6600, (0, 1.0, 0.2))
    kit.world((0.55, 0.62, 0.75), (0.30, 0.33, 0.40), 0.10)
