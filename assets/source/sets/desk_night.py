"""A walnut desk in the evening: the glow of a screen behind, a lamp and city lights far out of
focus."""

from __future__ import annotations

import math

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="desk-night",
    title="Desk in the evening with a soft screen glow",
    family="desk",
    surface={"material": "dark walnut", "gloss": 0.3},
    light={
        "from": "right",
        "azimuth_deg": 78,
        "elevation_deg": 32,
        "softness": 0.75,
        "temperature_k": 3200,
    },
    masks={"r": "wall", "g": "desk", "b": "screen"},
    tags=("desk", "evening", "dark", "technology", "warm"),
    text_areas=((0.03, 0.03, 0.97, 0.11), (0.10, 0.14, 0.46, 0.38)),
    product_cm=(4.0, 16.0),
    categories=("earbuds", "smart_watch", "ar_glasses", "smart_speaker"),
)

WALL_Y = 2.2


def monitor() -> None:
    """A wide screen that shows no content, only a soft gradient, on a slim stand."""
    mat = kit.glow("screen", (1, 1, 1), 1.0)
    g = kit.Graph(mat.node_tree)
    v = g.add("ShaderNodeTexCoord").outputs["Object"]
    xyz = g.add("ShaderNodeSeparateXYZ", Vector=v)
    drift = g.math("ADD", xyz.outputs["X"], g.math("MULTIPLY", xyz.outputs["Z"], 0.8))
    tone = g.mix(g.remap(drift, -0.30, 0.05), (0.05, 0.16, 0.42, 1), (0.20, 0.22, 0.56, 1))
    tone = g.mix(g.remap(drift, 0.05, 0.45), tone, (0.60, 0.26, 0.34, 1))
    emission = next(n for n in g.tree.nodes if n.type == "EMISSION")
    g.set(emission.inputs["Color"], tone)
    emission.inputs["Strength"].default_value = 0.42
    x, y, z0, z1 = -0.33, 0.95, 0.030, 0.300
    case = kit.plain("screen case", (0.030, 0.030, 0.033), 0.4)
    w = 0.64
    kit.box(
        "case", (w + 0.012, 0.016, z1 - z0 + 0.012), (x, y + 0.010, (z0 + z1) / 2), case, 0.004
    )
    screen = kit.mesh_object(
        "screen",
        [(-w / 2, 0, z0), (w / 2, 0, z0), (w / 2, 0, z1), (-w / 2, 0, z1)],
        [(0, 1, 2, 3)],
        mat,
        (x, y, 0),
    )
    kit.mask(screen, "b")
    metal = kit.plain("stand", (0.30, 0.30, 0.31), 0.35, 0.05, Metallic=1.0)
    kit.box("neck", (0.05, 0.012, 0.12), (x, y + 0.025, 0.06), metal, 0.003)
    kit.box("base", (0.17, 0.13, 0.006), (x, y + 0.01, 0.003), metal, 0.0025)


def lamp(x: float, y: float) -> None:
    """A mushroom lamp of opal glass, lit."""
    brass = kit.plain("lamp brass", (0.62, 0.44, 0.23), 0.3, 0.05, Metallic=1.0)
    glass = kit.glow("opal glass", (1.0, 0.52, 0.20), 1.0)
    g = kit.Graph(glass.node_tree)
    v = g.add("ShaderNodeTexCoord").outputs["Object"]
    z = g.add("ShaderNodeSeparateXYZ", Vector=v).outputs["Z"]
    emission = next(n for n in g.tree.nodes if n.type == "EMISSION")
    g.set(emission.inputs["Strength"], g.remap(z, 0.11, 0.19, 1.9, 0.55))
    foot = [
        (0, 0),
        (0.045, 0),
        (0.046, 0.006),
        (0.014, 0.012),
        (0.0085, 0.03),
        (0.0085, 0.13),
        (0, 0.13),
    ]
    kit.lathe("lamp foot", foot, brass, (x, y, 0), 0.003)
    shade = [
        (0.0, 0.112),
        (0.070, 0.116),
        (0.088, 0.128),
        (0.086, 0.148),
        (0.066, 0.170),
        (0.036, 0.184),
        (0.0, 0.189),
    ]
    kit.lathe("lamp shade", shade, glass, (x, y, 0), 0.010, 96)
    light = bpy.data.lights.new("lamp", "POINT")
    light.energy = 2.6
    light.shadow_soft_size = 0.07
    light.color = (1.0, 0.66, 0.38)
    obj = bpy.data.objects.new("lamp", light)
    obj.location = (x, y - 0.01, 0.098)
    bpy.context.scene.collection.objects.link(obj)


def window() -> None:
    """The town at night behind a window to the right."""
    glass = kit.plain("night", (0.020, 0.028, 0.048), 0.6)
    kit.sheet("night", (0.10, 3.0), WALL_Y - 0.004, (-0.8, 1.4), glass)
    frame = kit.plain("window frame", (0.06, 0.058, 0.056), 0.5)
    for x in (0.10, 1.05):
        kit.box("window frame", (0.035, 0.05, 2.6), (x, WALL_Y - 0.02, 0.2), frame, 0.003)
    lights = (
        ((1.0, 0.48, 0.16), 0.50),
        ((1.0, 0.62, 0.30), 0.34),
        ((0.50, 0.66, 1.0), 0.24),
        ((1.0, 0.36, 0.18), 0.32),
    )
    kit.bokeh("town light", lights, 34, (0.20, 1.35), WALL_Y - 0.03, (-0.055, 0.26), 0.034)


def keyboard_and_cup() -> None:
    """Left: a low keyboard without legends. Right: a mug on felt and a notebook."""
    dark = kit.plain("key", (0.055, 0.056, 0.060), 0.5, 0.05)
    plate = kit.plain("keyboard plate", (0.17, 0.17, 0.18), 0.4, 0.05, Metallic=0.8)
    cx, cy, turn = -0.235, 0.105, 9.0
    a = math.radians(turn)

    def at(u: float, v: float, z: float) -> tuple[float, float, float]:
        return (
            cx + u * math.cos(a) - v * math.sin(a),
            cy + u * math.sin(a) + v * math.cos(a),
            z,
        )

    kit.box("keyboard", (0.285, 0.112, 0.007), at(0, 0, 0.0035), plate, 0.003, (0, 0, turn))
    first = kit.box("key", (0.0165, 0.0165, 0.0035), at(0, 0, 0), dark, 0.0012)
    mesh = first.data
    for row in range(5):
        for column in range(14):
            key = bpy.data.objects.new("key", mesh)
            bpy.context.scene.collection.objects.link(key)
            u = -0.1335 + 0.019 * column + 0.0095
            key.location = at(u, -0.041 + 0.0198 * row, 0.0082)
            key.rotation_euler = (0, 0, a)
            kit.bevel(key, 0.0012, 2)
    bpy.data.objects.remove(first)

    glaze = kit.ceramic("mug glaze", (0.19, 0.20, 0.21), 0.42, 0.3, (0.5, 0.45, 0.38))
    x, y = 0.150, 0.135
    mug = [
        (0.0, 0.002),
        (0.030, 0.002),
        (0.032, 0.0),
        (0.036, 0.0),
        (0.0395, 0.010),
        (0.0400, 0.082),
        (0.0375, 0.082),
        (0.0365, 0.012),
        (0.0, 0.008),
    ]
    kit.lathe("mug", mug, glaze, (x, y, 0), 0.0022, 128, wobble=0.004)
    tea = kit.plain("tea", (0.16, 0.055, 0.012), 0.05, 0.0)
    kit.lathe("tea", [(0.0372, 0.070), (0.0, 0.070)], tea, (x, y, 0), 0)
    kit.tube(
        "mug handle",
        [
            (0.037, 0, 0.070),
            (0.058, 0, 0.072),
            (0.068, 0, 0.050),
            (0.058, 0, 0.024),
            (0.036, 0, 0.018),
        ],
        [0.0048, 0.0050, 0.0052, 0.0048, 0.0046],
        glaze,
        (x, y, 0),
        (0, 0, 24),
    )
    mat = kit.linen("coaster felt", (0.16, 0.15, 0.145), 1.2)
    kit.lathe(
        "coaster",
        [(0, 0.003), (0.052, 0.003), (0.052, 0.0), (0, 0)],
        mat,
        (x, y, -0.0002),
        0.001,
    )
    cover = kit.linen("notebook cloth", (0.20, 0.155, 0.125), 0.6)
    paper = kit.plain("pages", (0.52, 0.48, 0.42), 0.9)
    kit.box("pages", (0.122, 0.172, 0.010), (0.262, 0.020, 0.0065), paper, 0, (0, 0, -21))
    for z in (0.0012, 0.0118):
        kit.box("cover", (0.126, 0.178, 0.0022), (0.262, 0.020, z), cover, 0.0009, (0, 0, -21))


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=1.7, focus_offset=0.02, px_per_cm=60)
    scene.view_settings.exposure = 0.70
    walnut = kit.wood(
        "desk walnut", (0.105, 0.062, 0.040), (0.215, 0.135, 0.088), 0.32, 8, "x", 1.0
    )
    for plank in kit.planks(
        walnut, (-0.42, -0.25, -0.09, 0.085, 0.26, 0.45, 0.66, 0.88, 1.10), 2.4, 0.03
    ):
        kit.mask(plank, "g")
    wall = kit.plaster("wall paint", (0.17, 0.175, 0.19), relief=0.3, cloud=0.06)
    kit.mask(kit.sheet("wall", (-3, 3), WALL_Y, (-1, 3), wall), "r")
    window()
    monitor()
    lamp(0.345, 0.66)
    keyboard_and_cup()

    kit.softbox(78, 32, 0.9, (0.5, 0.5), 3.6, 3000, (0, 0.05, 0.04), visible=False)
    kit.softbox(-50, 40, 1.0, (0.9, 0.6), 3.6, 7500, (0, 0.05, 0.04), visible=False)
    halo = kit.softbox(
        0, 0, 0.55, (0.75, 0.35), 7.0, 8000, (-0.33, WALL_Y, 0.17), visible=False
    )
    halo.data.color = (0.42, 0.52, 1.0)
    kit.world((0.34, 0.42, 0.60), (0.20, 0.18, 0.18), 0.14)
