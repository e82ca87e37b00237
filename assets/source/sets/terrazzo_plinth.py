"""A terrazzo block before a curved plaster wall, dry grasses, warm sun from the right."""

from __future__ import annotations

import math

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="terrazzo-plinth",
    title="Terrazzo plinth and curved plaster wall",
    family="studio",
    surface={"material": "terrazzo", "gloss": 0.3},
    light={
        "from": "right",
        "azimuth_deg": 58,
        "elevation_deg": 33,
        "softness": 0.5,
        "temperature_k": 4600,
    },
    masks={"r": "wall", "g": "plinth", "b": "curved wall"},
    tags=("studio", "terrazzo", "warm", "daylight", "natural"),
    text_areas=((0.03, 0.04, 0.97, 0.22), (0.28, 0.04, 0.78, 0.38)),
    scale="free",
)

FLOOR = -0.13


def terrazzo() -> bpy.types.Material:
    """Stone chips of three sizes and four tones in pale cement, ground flat."""
    base = (0.77, 0.74, 0.70)
    mat, g, shader = kit.material("terrazzo", base, 0.26)
    v = g.coords(vary=False)
    warp = g.add("ShaderNodeTexNoise", Vector=v, Scale=90.0, Detail=2.0).outputs["Color"]
    bent = g.add("ShaderNodeVectorMath", {"operation": "MULTIPLY_ADD"}).outputs[0]
    node = bent.node
    g.set(node.inputs[0], warp)
    g.set(node.inputs[1], (0.006, 0.006, 0.006))
    g.set(node.inputs[2], v)
    cement = g.noise(v, 14, 4)
    tone = g.mix(g.remap(cement, 0.3, 0.7), (0.72, 0.69, 0.65, 1), (0.80, 0.775, 0.735, 1))
    chips = (
        (62.0, 0.0040, ((0.42, 0.39, 0.36), (0.62, 0.50, 0.41), (0.86, 0.85, 0.83))),
        (130.0, 0.0020, ((0.30, 0.29, 0.28), (0.70, 0.62, 0.53), (0.56, 0.42, 0.34))),
        (290.0, 0.0009, ((0.36, 0.34, 0.32), (0.88, 0.87, 0.85), (0.60, 0.55, 0.49))),
    )
    for scale, gap, tones in chips:
        edge = g.add(
            "ShaderNodeTexVoronoi", {"feature": "DISTANCE_TO_EDGE"}, Vector=bent, Scale=scale
        ).outputs["Distance"]
        cell = g.add("ShaderNodeTexVoronoi", Vector=bent, Scale=scale).outputs["Color"]
        pick = g.add("ShaderNodeSeparateColor", Color=cell)
        hue, there = pick.outputs[0], pick.outputs[1]
        chip = g.mix(g.math("GREATER_THAN", hue, 0.38), (*tones[0], 1), (*tones[1], 1))
        chip = g.mix(g.math("GREATER_THAN", hue, 0.70), chip, (*tones[2], 1))
        inside = g.remap(edge, gap * scale * 0.9, gap * scale * 1.3)
        shown = g.math("MULTIPLY", inside, g.math("GREATER_THAN", there, 0.62))
        tone = g.mix(shown, tone, chip)
    g.set(shader.inputs["Base Color"], tone)
    g.set(shader.inputs["Roughness"], g.remap(g.noise(v, 30, 3), 0.3, 0.7, 0.20, 0.34))
    return mat


def curved_wall(
    name: str,
    centre: tuple[float, float],
    radius: float,
    span: tuple[float, float],
    top: float,
    mat: bpy.types.Material,
) -> bpy.types.Object:
    """A free-standing screen bent round `centre`, 6 cm thick; `span` in degrees from +x."""
    steps, thick = 72, 0.06
    arc = [math.radians(span[0] + (span[1] - span[0]) * i / steps) for i in range(steps + 1)]
    outer = [(radius * math.cos(t), radius * math.sin(t)) for t in arc]
    inner = [((radius - thick) * math.cos(t), (radius - thick) * math.sin(t)) for t in arc]
    outline = [*outer, *reversed(inner)]
    return kit.prism(
        name,
        outline,
        top - FLOOR,
        mat,
        (*centre, (top + FLOOR) / 2),
        0.006,
        (-90, 0, 0),
    )


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.9, focus_offset=0.08)
    scene.view_settings.exposure = 0.20
    wall = kit.plaster("wall plaster", (0.74, 0.675, 0.60), relief=0.7, cloud=0.06)
    kit.mask(kit.cyclorama(wall, FLOOR, 1.75, 0.45), "r")
    curve = kit.plaster("curved plaster", (0.69, 0.585, 0.495), relief=0.8, cloud=0.07)
    kit.mask(curved_wall("curve", (0.26, 0.36), 0.84, (50, 152), 0.16, curve), "b")
    kit.mask(curved_wall("low curve", (0.66, 0.62), 0.34, (15, 200), 0.03, curve), "b")

    stone = terrazzo()
    kit.mask(kit.box("plinth", (0.60, 0.44, -FLOOR), (0.0, 0.10, FLOOR / 2), stone, 0.004), "g")
    kit.mask(
        kit.box(
            "block", (0.17, 0.17, 0.12), (0.405, 0.335, FLOOR + 0.06), stone, 0.004, (0, 0, 28)
        ),
        "g",
    )
    column = [(0.0, 0.03), (0.075, 0.03), (0.075, FLOOR), (0.0, FLOOR)]
    kit.mask(kit.lathe("column", column, stone, (-0.425, 0.36, 0), 0.004, 128), "g")
    clay = kit.ceramic("vase", (0.48, 0.37, 0.28), 0.65, 0.3)
    vase = [
        (0.0, 0.0),
        (0.034, 0.0),
        (0.056, 0.030),
        (0.058, 0.060),
        (0.038, 0.092),
        (0.018, 0.108),
        (0.017, 0.124),
        (0.023, 0.132),
        (0.018, 0.132),
        (0.0, 0.11),
    ]
    kit.lathe("vase", vase, clay, (-0.425, 0.36, 0.03), 0.006, 96, wobble=0.01)
    straw = kit.plain("straw", (0.74, 0.60, 0.42), 0.85)
    kit.stalks("grass", (-0.425, 0.36, 0.15), 0.21, straw, 13, 0.13, (0.085, 0.016), 0.02)
    kit.mask(kit.ball("ball", 0.042, curve, (0.405, 0.335, FLOOR + 0.162)), "b")
    kit.stalks("floor grass", (0.56, 0.55, FLOOR), 0.36, straw, 15, 0.15, (0.09, 0.017), 0.02)

    az, el = 58, 33
    key = kit.sun(az, el, 6.4, 4100, angle_deg=1.6)
    kit.softbox(74, 35, 2.2, (1.5, 1.5), 20, 5000)
    kit.softbox(-60, 32, 2.6, (2.0, 2.0), 13, 6000)
    kit.world((0.96, 0.95, 0.95), (0.86, 0.76, 0.66), 0.36)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (-0.06, 0.42, 0.06), 2.2)
    kit.gobo(kit.window_gobo(frame, dark, (0.52, 0.86), (3, 1), 0.045), key)
