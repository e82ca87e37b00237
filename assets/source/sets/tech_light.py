"""A bright technology stage: frosted panels, thin lines of light and a glossy floor."""

from __future__ import annotations

import math

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="tech-light",
    title="Bright technology stage",
    family="tech",
    surface={"material": "gloss acrylic", "gloss": 0.6},
    light={
        "from": "left",
        "azimuth_deg": -48,
        "elevation_deg": 48,
        "softness": 0.85,
        "temperature_k": 6200,
    },
    masks={"r": "wall", "g": "stage", "b": "frosted panels"},
    tags=("technology", "bright", "white", "clean", "futuristic"),
    text_areas=((0.03, 0.03, 0.97, 0.09), (0.30, 0.04, 0.72, 0.37)),
    scale="free",
)

FLOOR = -0.07
BACK = 1.75


def frosted(name: str, low: kit.RGB, high: kit.RGB, strength: float) -> bpy.types.Material:
    """An acrylic sheet lit through its foot: what stands behind shows faintly."""
    mat, g, shader = kit.material(name, (0.66, 0.72, 0.80), 0.28)
    v = g.add("ShaderNodeTexCoord").outputs["Object"]
    z = g.add("ShaderNodeSeparateXYZ", Vector=v).outputs["Z"]
    cloud = g.remap(g.noise(g.coords(), 2.2, 2), 0.3, 0.7, 0.85, 1.0)
    g.set(shader.inputs["Emission Color"], g.mix(g.remap(z, 0.0, 0.5), (*low, 1), (*high, 1)))
    fade = g.math("MULTIPLY", g.remap(z, -0.05, 0.60, strength, strength * 0.12), cloud)
    g.set(shader.inputs["Emission Strength"], fade)
    clear = g.add("ShaderNodeBsdfTransparent", Color=(0.93, 0.96, 1.0, 1))
    mixed = g.add("ShaderNodeMixShader", Fac=g.remap(z, 0.0, 0.7, 0.10, 0.50))
    out = next(n for n in g.tree.nodes if n.type == "OUTPUT_MATERIAL")
    g.tree.links.new(shader.outputs[0], mixed.inputs[1])
    g.tree.links.new(clear.outputs[0], mixed.inputs[2])
    g.tree.links.new(mixed.outputs[0], out.inputs[0])
    return mat


def panel(
    x: float,
    y: float,
    width: float,
    height: float,
    turn: float,
    mat: bpy.types.Material,
    edge: bpy.types.Material,
) -> None:
    """One upright sheet with a bright edge towards the middle and along its head."""
    w, r = width / 2, 0.03
    corner = [
        (w - r + r * math.cos(t), height - r + r * math.sin(t))
        for t in (math.pi / 2 * i / 10 for i in range(11))
    ]
    left = [(-px, pz) for px, pz in reversed(corner)]
    outline = [(-w, 0.0), (w, 0.0), *corner, *left]
    sheet = kit.prism("panel", outline, 0.012, mat, (x, y, FLOOR), 0.002, (0, 0, turn))
    kit.mask(sheet, "b")
    rim = [(w, 0.0), (w, height * 0.5), *corner, (0.0, height), *left[:4]]
    if x > 0:
        rim = [(-px, pz) for px, pz in rim]
    points = [(px, -0.005, pz) for px, pz in rim]
    radii = [0.0022] * (len(points) - 5) + [0.0018, 0.0012, 0.0008, 0.0005, 0.0002]
    kit.tube("panel edge", points, radii, edge, (x, y, FLOOR), (0, 0, turn))


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.8, focus_offset=0.08)
    scene.view_settings.exposure = 0.45
    wall = kit.plain("wall", (0.76, 0.78, 0.80), 0.55, 0.05)
    kit.mask(kit.sheet("wall", (-5, 5), BACK, (-0.5, 3.5), wall), "r")
    floor = kit.plain("floor", (0.70, 0.72, 0.745), 0.13, 0.03, Coat_Weight=0.4)
    kit.mask(kit.sheet("floor", (-5, 5), (-1.2, BACK), FLOOR, floor), "g")

    stage = kit.plain("stage", (0.80, 0.815, 0.83), 0.16, 0.03, Coat_Weight=0.4)
    side = kit.plain("stage side", (0.60, 0.63, 0.66), 0.35, 0.05)
    at = (0.0, 0.135, 0.0)
    top = [(0.0, 0.0), (0.285, 0.0), (0.285, -0.022), (0.0, -0.022)]
    foot = [(0.0, -0.022), (0.268, -0.022), (0.268, FLOOR), (0.0, FLOOR)]
    kit.mask(kit.lathe("stage", top, stage, at, 0.004, 192), "g")
    kit.mask(kit.lathe("foot", foot, side, at, 0.002, 192), "g")
    white = kit.glow("light line", (0.80, 0.92, 1.0), 4.0)
    ring = [(0.2683, -0.0245), (0.2700, -0.0275), (0.2683, -0.0305)]
    kit.lathe("light ring", ring, white, at, 0, 192)

    cool = frosted("cool panel", (0.42, 0.72, 1.0), (0.80, 0.90, 1.0), 1.15)
    violet = frosted("violet panel", (0.60, 0.58, 1.0), (0.88, 0.90, 1.0), 1.05)
    edge = kit.glow("panel edge", (0.88, 0.96, 1.0), 2.6)
    for x, y, width, height, turn, mat in (
        (-0.40, 0.60, 0.24, 0.31, 10, cool),
        (-0.585, 0.84, 0.34, 0.47, 14, violet),
        (-0.90, 1.10, 0.46, 0.66, 18, cool),
        (0.43, 0.56, 0.20, 0.22, -10, violet),
        (0.585, 0.80, 0.34, 0.38, -14, cool),
        (0.92, 1.06, 0.46, 0.58, -18, violet),
    ):
        panel(x, y, width, height, turn, mat, edge)

    thin = kit.glow("floor line", (0.88, 0.95, 1.0), 3.0)
    z = FLOOR + 0.010
    kit.tube("floor line", [(-4, BACK - 0.03, z), (4, BACK - 0.03, z)], 0.0040, thin)
    for reach in (0.47, 0.60):
        circle = [
            (reach, FLOOR + 0.0002),
            (reach + 0.0016, FLOOR + 0.001),
            (reach + 0.0032, FLOOR + 0.0002),
        ]
        kit.lathe("floor ring", circle, thin, (0, 0.135, 0), 0, 192)
    chrome = kit.plain("chrome", (0.86, 0.88, 0.90), 0.10, 0.03, Metallic=1.0)
    kit.ball("chrome ball", 0.026, chrome, (-0.355, 0.125, FLOOR + 0.026))
    kit.ball("chrome ball", 0.042, chrome, (0.395, 0.300, FLOOR + 0.042))

    kit.softbox(-48, 48, 2.0, (1.5, 1.2), 30, 6000, (0, 0.15, 0.05))
    kit.softbox(70, 35, 2.4, (0.5, 1.8), 16, 6600, (0, 0.15, 0.1))
    wash = kit.softbox(0, -38, 0.34, (5.0, 0.10), 30, 7600, (0.0, BACK, 0.20))
    wash.visible_glossy = False
    kit.world((0.92, 0.96, 1.0), (0.80, 0.83, 0.88), 0.30)
