"""A row of plaster arches in southern sun, seen from a low wall."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="studio-arcade",
    title="Sunlit arcade of plaster arches",
    family="studio",
    surface={"material": "lime plaster", "gloss": 0.08},
    light={
        "from": "right",
        "azimuth_deg": 50,
        "elevation_deg": 37,
        "softness": 0.45,
        "temperature_k": 4700,
    },
    masks={"r": "arcade", "g": "plinth and floor", "b": "wall behind"},
    tags=("studio", "arches", "mediterranean", "sun", "warm"),
    text_areas=((0.03, 0.04, 0.97, 0.18), (0.03, 0.04, 0.74, 0.27)),
    scale="free",
)

FLOOR = -0.15
FRONT, BACK = 0.72, 1.45


def arcade(mat: bpy.types.Material) -> None:
    """A wall with a row of round arches, as thick as a hand is long, in one piece so that its
    plaster runs through."""
    pitch, width, top, thick, head = 0.47, 0.35, 0.30, 0.16, 1.9
    v: list[tuple[float, float, float]] = []
    f: list[tuple[int, ...]] = []
    for i in range(-4, 5):
        opening = (width, top - FLOOR)
        bay = kit.wall_with_arch("bay", pitch, head, opening, 0.0, thick, mat, (0, 0, 0), 64)
        start = len(v)
        v += [(p.co.x + i * pitch, p.co.y, p.co.z) for p in bay.data.vertices]
        f += [tuple(start + k for k in face.vertices) for face in bay.data.polygons]
        bpy.data.objects.remove(bay)
    kit.mask(kit.mesh_object("arcade", v, f, mat, (0, FRONT, FLOOR), smooth_deg=30), "r")


def olive(at: tuple[float, float, float]) -> None:
    """A young olive tree in a clay pot."""
    clay = kit.ceramic("pot clay", (0.60, 0.40, 0.27), 0.75, 0.35, (0.42, 0.28, 0.19))
    pot = [
        (0.0, 0.0),
        (0.070, 0.0),
        (0.098, 0.060),
        (0.105, 0.125),
        (0.100, 0.150),
        (0.112, 0.155),
        (0.112, 0.172),
        (0.098, 0.172),
        (0.094, 0.150),
        (0.0, 0.150),
    ]
    kit.lathe("pot", pot, clay, at, 0.006, 96, wobble=0.008)
    soil = kit.plain("soil", (0.05, 0.036, 0.025), 0.95)
    kit.lathe("soil", [(0.096, 0.150), (0.0, 0.156)], soil, at, 0)
    bark = kit.plain("bark", (0.22, 0.18, 0.14), 0.9)
    leafage, g, shader = kit.material("olive leaf", (0.20, 0.25, 0.15), 0.5)
    tone = g.add("ShaderNodeObjectInfo").outputs["Random"]
    g.set(
        shader.inputs["Base Color"], g.mix(tone, (0.12, 0.17, 0.085, 1), (0.33, 0.37, 0.26, 1))
    )
    mesh = kit.leaf("olive leaf", 0.040, 0.0095, leafage, 0.12)
    x, y, z = at
    fork = (x + 0.012, y, z + 0.30)
    kit.tube(
        "olive trunk",
        [(x, y, z + 0.14), (x - 0.012, y, z + 0.22), fork],
        [0.010, 0.0085, 0.007],
        bark,
    )
    rng = random.Random(8)
    for k in range(15):
        a, reach, rise = k * 2.4, rng.uniform(0.06, 0.17), rng.uniform(0.05, 0.19)
        ends = [
            (
                fork[0] + reach * t * math.cos(a),
                fork[1] + reach * t * math.sin(a),
                fork[2] - 0.05 + rise * t**0.8 + 0.04 * t,
            )
            for t in (0.0, 0.4, 0.75, 1.0)
        ]
        kit.tube("olive branch", ends, [0.004, 0.003, 0.002, 0.001], bark)
        for _ in range(24):
            t = rng.uniform(0.25, 1.0)
            j = min(2, int(t * 3))
            f = t * 3 - j
            place = tuple(p + (q - p) * f for p, q in zip(ends[j], ends[j + 1], strict=True))
            kit.instance(
                mesh,
                place,
                (rng.uniform(-0.8, 0.8), rng.uniform(-0.9, 0.5), rng.random() * 6.283),
                rng.uniform(0.7, 1.15),
            )


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.9, focus_offset=0.08)
    scene.view_settings.exposure = 0.04
    white = kit.plaster("arcade plaster", (0.79, 0.74, 0.675), relief=1.0, cloud=0.06)
    arcade(white)
    warm = kit.plaster("back plaster", (0.72, 0.59, 0.48), relief=0.8, cloud=0.07)
    kit.mask(kit.sheet("wall behind", (-5, 5), BACK, (FLOOR, 3.0), warm), "b")
    ground = kit.plaster("floor plaster", (0.74, 0.68, 0.605), relief=0.6, cloud=0.05)
    kit.mask(kit.sheet("floor", (-5, 5), (-1.3, BACK), FLOOR, ground), "g")
    plinth = kit.plaster("plinth plaster", (0.74, 0.675, 0.60), relief=0.9, cloud=0.05)
    kit.mask(
        kit.box("plinth", (0.62, 0.46, -FLOOR), (0.0, 0.10, FLOOR / 2), plinth, 0.010), "g"
    )
    kit.mask(kit.box("step", (0.98, 0.80, 0.06), (0.0, 0.10, FLOOR + 0.03), plinth, 0.010), "g")
    olive((0.445, 0.40, FLOOR))
    clay = kit.ceramic("jar clay", (0.66, 0.50, 0.37), 0.7, 0.3, (0.45, 0.33, 0.24))
    jar = [
        (0.0, 0.0),
        (0.038, 0.0),
        (0.078, 0.060),
        (0.086, 0.120),
        (0.066, 0.185),
        (0.034, 0.215),
        (0.031, 0.240),
        (0.042, 0.255),
        (0.034, 0.255),
        (0.0, 0.23),
    ]
    kit.lathe("jar", jar, clay, (-0.435, 0.36, FLOOR), 0.012, 96, wobble=0.01)

    az, el = 50, 37
    key = kit.sun(az, el, 6.2, 4300, angle_deg=1.2)
    kit.softbox(70, 40, 2.4, (1.8, 1.8), 18, 5200, (0, 0.2, 0.05))
    kit.softbox(-58, 32, 2.6, (2.0, 2.0), 13, 6200, (0, 0.2, 0.05))
    kit.softbox(0, 82, 0.75, (5.0, 0.30), 42, 4800, (0.0, 1.20, 0.0), visible=False)
    kit.world((0.88, 0.94, 1.0), (0.88, 0.79, 0.69), 0.40)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (0.0, 0.60, 0.15), 2.0)
    eaves = kit.mesh_object(
        "gobo eaves", [(-6, 0.52, 0), (6, 0.08, 0), (6, 6, 0), (-6, 6, 0)], [(0, 1, 2, 3)], dark
    )
    eaves.matrix_world = frame
    kit.gobo([eaves], key)
