"""A dark wooden sill at a window high above a night city, its lights far out of focus."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="city-night",
    title="Dark wooden bar at a window over a city at night",
    family="city",
    surface={"material": "dark walnut", "gloss": 0.4},
    light={
        "from": "left",
        "azimuth_deg": -58,
        "elevation_deg": 42,
        "softness": 0.8,
        "temperature_k": 5200,
    },
    masks={"r": "none", "g": "none", "b": "notebook"},
    tags=("city", "night", "lights", "dark", "technology"),
    text_areas=((0.03, 0.04, 0.97, 0.24),),
    product_cm=(4.0, 24.0),
    categories=("earbuds", "smart_watch", "ar_glasses", "smart_speaker", "camera_drone"),
)

CITY_Y = 6.0
HUES = (
    (1.0, 0.40, 0.07),
    (1.0, 0.50, 0.14),
    (1.0, 0.62, 0.28),
    (1.0, 0.78, 0.52),
    (0.46, 0.72, 1.0),
    (0.20, 0.46, 1.0),
    (1.0, 0.20, 0.07),
    (0.12, 0.66, 0.58),
)


def disc_light(name: str, colour: kit.RGB, strength: float) -> bpy.types.Material:
    """A blurred lamp: added to what lies behind it, a little brighter at its edge."""
    mat = bpy.data.materials.new(name)
    mat.use_nodes = True
    mat.node_tree.nodes.clear()
    g = kit.Graph(mat.node_tree)
    place = g.add("ShaderNodeTexCoord").outputs["Object"]
    radius = g.add("ShaderNodeVectorMath", {"operation": "LENGTH"})
    g.set(radius.inputs[0], place)
    ring = g.remap(radius.outputs["Value"], 0.55, 0.97, 0.80, 1.12)
    each = g.remap(g.add("ShaderNodeObjectInfo").outputs["Random"], 0.0, 1.0, 0.35, 1.15)
    level = g.math("MULTIPLY", g.math("MULTIPLY", ring, each), strength)
    emission = g.add("ShaderNodeEmission", Color=(*colour, 1), Strength=level)
    clear = g.add("ShaderNodeBsdfTransparent")
    both = g.add("ShaderNodeAddShader")
    g.tree.links.new(emission.outputs[0], both.inputs[0])
    g.tree.links.new(clear.outputs[0], both.inputs[1])
    out = g.add("ShaderNodeOutputMaterial")
    g.tree.links.new(both.outputs[0], out.inputs[0])
    return mat


def city() -> None:
    """Dusk glow over dark towers; lamps as discs, dense along the streets and thin above."""
    mat = bpy.data.materials.new("night")
    mat.use_nodes = True
    mat.node_tree.nodes.clear()
    g = kit.Graph(mat.node_tree)
    z = g.add(
        "ShaderNodeSeparateXYZ", Vector=g.add("ShaderNodeTexCoord").outputs["Object"]
    ).outputs["Z"]
    low = g.mix(g.remap(z, -1.6, 0.6), (0.020, 0.022, 0.034, 1), (0.085, 0.075, 0.105, 1))
    colour = g.mix(g.remap(z, 0.3, 2.2), low, (0.016, 0.026, 0.056, 1))
    emission = g.add("ShaderNodeEmission", Color=colour, Strength=0.85)
    out = g.add("ShaderNodeOutputMaterial")
    mat.node_tree.links.new(emission.outputs[0], out.inputs[0])
    kit.sheet("night", (-9, 9), CITY_Y + 2, (-5, 6), mat)

    rng = random.Random(12)
    for i in range(17):
        x = -4.2 + 0.52 * i + rng.uniform(-0.16, 0.16)
        wide, top = rng.uniform(0.30, 0.62), rng.uniform(0.05, 0.95)
        top *= 0.55 + 0.13 * abs(x)
        shade = rng.uniform(0.010, 0.026)
        tower = kit.glow("tower", (shade, shade * 1.1, shade * 1.6), 1.0)
        kit.sheet("tower", (x, x + wide), CITY_Y + 1.2 + 0.02 * i, (-4, top), tower)

    outline = [
        (math.cos(t), 0.0, math.sin(t)) for t in (2 * math.pi * k / 40 for k in range(40))
    ]
    mats = [disc_light(f"lamp {i}", hue, 0.66) for i, hue in enumerate(HUES)]
    meshes = []
    for mat in mats:
        disc = kit.mesh_object("city lamp", outline, [tuple(range(40))], mat)
        meshes.append(kit.detached(disc))
    chances = (5, 6, 6, 4, 3, 2, 2, 1)
    for i in range(210):
        x = rng.uniform(-3.4, 3.4)
        height = rng.random() ** 1.5
        z = -0.80 + 1.40 * height * (0.70 + 0.17 * abs(x))
        mesh = rng.choices(meshes, chances)[0]
        size = rng.uniform(0.050, 0.125) * (1.15 - 0.25 * height)
        kit.instance(mesh, (x, CITY_Y - 0.004 * i, z), (0, 0, 0), size)


def window() -> None:
    """Slim dark mullions outside the middle, and a faint reflection of the room."""
    metal = kit.plain("mullion", (0.020, 0.021, 0.024), 0.4)
    for x in (-0.56, 0.56):
        kit.box("mullion", (0.030, 0.045, 2.4), (x, 0.62, 0.6), metal, 0.003)
    kit.box("frame", (3.2, 0.05, 0.030), (0, 0.62, 0.012), metal, 0.003)


def props() -> None:
    """Left: a notebook with a pen. Right: a cup of coffee and a low candle glass."""
    cover = kit.linen("notebook cloth", (0.30, 0.275, 0.25), 0.6)
    pages = kit.plain("pages", (0.52, 0.48, 0.42), 0.8)
    x, y, turn = -0.205, 0.150, (0, 0, 16)
    kit.box("pages", (0.136, 0.186, 0.010), (x + 0.002, y, 0.0072), pages, 0.001, turn)
    for z in (0.0012, 0.0134):
        kit.mask(kit.box("cover", (0.144, 0.194, 0.0022), (x, y, z), cover, 0.001, turn), "b")
    metal = kit.plain("pen", (0.30, 0.29, 0.28), 0.28, Metallic=1.0)
    kit.tube(
        "pen",
        [(x - 0.045, y - 0.06, 0.0185), (x + 0.062, y + 0.015, 0.0185)],
        [0.0038, 0.0042],
        metal,
    )

    glaze = kit.ceramic("cup", (0.115, 0.112, 0.110), 0.38, 0.3, (0.3, 0.26, 0.2))
    x, y = 0.190, 0.165
    saucer = [
        (0, 0.003),
        (0.030, 0.003),
        (0.034, 0),
        (0.064, 0.011),
        (0.063, 0.0135),
        (0, 0.007),
    ]
    kit.lathe("saucer", saucer, glaze, (x, y, 0), 0.002)
    cup = [(0, 0.008), (0.024, 0.008), (0.036, 0.022), (0.040, 0.058), (0.0375, 0.058)]
    kit.lathe("cup", [*cup, (0.033, 0.024), (0, 0.014)], glaze, (x, y, 0), 0.003, wobble=0.006)
    coffee = kit.plain("coffee", (0.05, 0.022, 0.010), 0.08, 0.01)
    kit.lathe("coffee", [(0.0372, 0.050), (0, 0.050)], coffee, (x, y, 0), 0)
    grip = [(0.038, 0, 0.050), (0.060, 0, 0.048), (0.060, 0, 0.026), (0.035, 0, 0.022)]
    kit.tube("grip", grip, 0.0042, glaze, (x, y, 0), (0, 0, -30))

    amber = kit.glow("candle glass", (1.0, 0.36, 0.08), 0.60)
    dark = kit.plain("candle rim", (0.20, 0.09, 0.035), 0.25)
    x, y = 0.285, 0.36
    kit.lathe(
        "candle glass",
        [(0, 0.001), (0.032, 0.001), (0.034, 0.040), (0, 0.040)],
        amber,
        (x, y, 0),
    )
    kit.lathe(
        "candle rim", [(0.034, 0.038), (0.0355, 0.062), (0.034, 0.062)], dark, (x, y, 0), 0
    )
    kit.flame((x, y, 0.043), 0.018, 14)


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.4, focus_offset=0.05, px_per_cm=45.0)
    scene.view_settings.exposure = 0.1
    walnut = kit.wood(
        "bar walnut", (0.060, 0.036, 0.024), (0.135, 0.084, 0.054), 0.19, 9, "x", 1.1
    )
    kit.planks(walnut, (-0.62, -0.45, -0.27, -0.08, 0.11, 0.31, 0.64), 2.2, 0.03)
    city()
    window()
    props()
    kit.softbox(-58, 42, 1.5, (0.9, 0.9), 13, 5200, (0, 0.1, 0.05))
    kit.softbox(125, 30, 1.5, (0.4, 1.1), 11, 3200, (0, 0.1, 0.05))
    kit.softbox(-128, 26, 1.6, (0.3, 1.0), 9, 8000, (0, 0.1, 0.05))
    kit.world((0.30, 0.34, 0.46), (0.12, 0.12, 0.15), 0.22)
