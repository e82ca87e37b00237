"""A plaster plinth before an arch, with the soft shadow of a window and a branch of leaves."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="studio-arch",
    title="Plaster arch studio",
    family="studio",
    surface={"material": "plaster", "gloss": 0.05},
    light={
        "from": "left",
        "azimuth_deg": -52,
        "elevation_deg": 36,
        "softness": 0.6,
        "temperature_k": 5200,
    },
    masks={"r": "wall", "g": "podium", "b": "arch"},
    tags=("studio", "plaster", "daylight", "minimal"),
    scale="free",
)

FLOOR = -0.075


def cyclorama(mat: bpy.types.Material) -> bpy.types.Object:
    """Floor and wall in one sweep."""
    back, r = 1.25, 0.45
    path = [(-1.0, FLOOR), (back - r, FLOOR)]
    path += [
        (back - r + r * math.sin(t), FLOOR + r - r * math.cos(t))
        for t in (math.pi / 2 * i / 24 for i in range(25))
    ]
    path.append((back, 2.2))
    v = [(x, y, z) for y, z in path for x in (-2.6, 2.6)]
    f = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(path) - 1)]
    return kit.mask(kit.mesh_object("wall", v, f, mat), "r")


def branch(frame: kit.Matrix, mat: bpy.types.Material) -> list[bpy.types.Object]:
    """Leaves for the shadow, drawn flat in the gobo's plane."""
    rng = random.Random(11)
    mesh = kit.leaf("gobo leaf", 0.20, 0.055, mat, 0.0)
    out = []
    for stem in range(5):
        x, y, heading = -0.52 + 0.13 * stem, 0.75 - 0.05 * stem, -1.45 + 0.28 * stem
        for _ in range(9):
            x, y = x + 0.085 * math.cos(heading), y + 0.085 * math.sin(heading)
            heading += rng.uniform(-0.05, 0.10)
            for side in (-1, 1):
                obj = kit.instance(mesh, (0, 0, 0), (0, 0, 0))
                turn = heading + side * rng.uniform(0.6, 1.0)
                obj.matrix_world = (
                    frame
                    @ kit.Matrix.Translation((x, y, 0))
                    @ kit.Matrix.Rotation(turn, 4, "Z")
                )
                obj.scale = (rng.uniform(0.7, 1.0),) * 3
                out.append(obj)
    return out


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=3.2, focus_offset=0.08)
    scene.view_settings.exposure = 0.32
    cyclorama(kit.plaster("wall plaster", (0.74, 0.69, 0.635), relief=0.6, cloud=0.05))

    podium = kit.plaster("podium plaster", (0.80, 0.755, 0.71), relief=0.8, cloud=0.05)
    disc = [(0.0, 0.0), (0.285, 0.0), (0.285, FLOOR), (0.0, FLOOR)]
    kit.mask(kit.lathe("podium", disc, podium, (0, 0.135, 0), rounding=0.007, steps=160), "g")
    step = [(0.0, 0.0), (0.13, 0.0), (0.13, -0.16), (0.0, -0.16)]
    kit.mask(
        kit.lathe("step", step, podium, (-0.335, 0.50, 0.085), rounding=0.007, steps=128), "g"
    )

    arch = kit.plaster("arch plaster", (0.62, 0.53, 0.46), relief=0.7, cloud=0.05)
    kit.mask(
        kit.prism(
            "arch", kit.arch_outline(0.50, 0.435), 0.07, arch, (0.055, 0.58, FLOOR), 0.006
        ),
        "b",
    )
    kit.mask(
        kit.prism(
            "arch behind",
            kit.arch_outline(0.36, 0.30),
            0.07,
            podium,
            (0.38, 0.72, FLOOR),
            0.006,
        ),
        "g",
    )
    sphere = [
        (0.042 * math.sin(t), -0.042 * math.cos(t))
        for t in (math.pi * i / 40 for i in range(41))
    ]
    kit.mask(kit.lathe("ball", sphere, arch, (-0.335, 0.48, 0.127), rounding=0), "b")

    az, el = -52, 36
    key = kit.sun(az, el, 6.6, 5000, angle_deg=1.7)
    kit.softbox(-70, 40, 2.2, (1.6, 1.6), 26, 5600)
    kit.softbox(60, 30, 2.6, (2.0, 2.0), 15, 6500)
    kit.world((0.95, 0.97, 1.0), (0.80, 0.76, 0.72), 0.36)

    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (0.10, 0.75, 0.22), 2.2)
    blockers = kit.window_gobo(frame, dark, (0.36, 0.44), (3, 3), 0.035) + branch(frame, dark)
    kit.gobo(blockers, key)
