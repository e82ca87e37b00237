"""A dark stage before frosted glass, bars of light drifting from blue to violet behind it."""

from __future__ import annotations

import math

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="tech-grid",
    title="Dark stage with light bars behind frosted glass",
    family="tech",
    surface={"material": "dark glass", "gloss": 0.7},
    light={
        "from": "right",
        "azimuth_deg": 62,
        "elevation_deg": 42,
        "softness": 0.7,
        "temperature_k": 6800,
    },
    masks={"r": "wall", "g": "stage", "b": "light bars"},
    tags=("technology", "dark", "neon", "gradient", "night"),
    text_areas=((0.37, 0.04, 0.63, 0.29), (0.14, 0.03, 0.86, 0.10)),
    scale="free",
)

FLOOR = -0.075
BACK = 1.30


def frosted_bars() -> None:
    """The glass with the bars' glow painted on it: soft to the sides, fading upwards, drifting
    in tone across the width."""
    mat = kit.glow("frosted bars", (1, 1, 1), 1.0)
    g = kit.Graph(mat.node_tree)
    v = g.add("ShaderNodeTexCoord").outputs["Object"]
    xyz = g.add("ShaderNodeSeparateXYZ", Vector=v)
    x, z = xyz.outputs["X"], xyz.outputs["Z"]
    pitch = 0.155
    phase = g.math("FRACT", g.math("ADD", g.math("DIVIDE", x, pitch), 0.5))
    away = g.math("ABSOLUTE", g.math("SUBTRACT", phase, 0.5))
    core = g.remap(away, 0.0, 0.11, 1.0, 0.0)
    halo = g.remap(away, 0.0, 0.50, 0.34, 0.0)
    bar = g.math("ADD", core, halo)
    number = g.math("FLOOR", g.math("ADD", g.math("DIVIDE", x, pitch), 0.5))
    lifted = g.math("SINE", g.math("MULTIPLY", number, 1.9))
    # Bars stand tall at the sides and low behind the product, where words may come.
    top = g.math(
        "ADD",
        g.remap(g.math("ABSOLUTE", x), 0.10, 1.0, 0.16, 0.62),
        g.math("MULTIPLY", lifted, 0.05),
    )
    rise = g.math("SUBTRACT", z, top)
    fade = g.remap(rise, -0.34, 0.10, 1.0, 0.0)
    foot = g.remap(z, FLOOR, FLOOR + 0.10, 0.55, 1.0)
    amount = g.math("MULTIPLY", g.math("MULTIPLY", bar, fade), foot)
    hue = g.remap(g.math("ADD", x, g.math("MULTIPLY", z, 0.35)), -0.9, 0.0)
    tone = g.mix(hue, (0.06, 0.46, 0.95, 1), (0.20, 0.20, 0.95, 1))
    tone = g.mix(g.remap(x, 0.0, 0.9), tone, (0.72, 0.16, 0.80, 1))
    tone = g.mix(
        g.math("MULTIPLY", g.math("MULTIPLY", core, fade), 0.38), tone, (0.9, 0.92, 1.0, 1)
    )
    emission = next(n for n in g.tree.nodes if n.type == "EMISSION")
    g.set(emission.inputs["Color"], tone)
    g.set(emission.inputs["Strength"], g.math("ADD", g.math("MULTIPLY", amount, 1.15), 0.010))
    kit.mask(kit.sheet("frosted bars", (-3, 3), BACK, (FLOOR, 0.75), mat), "b")


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.8, focus_offset=0.08)
    scene.view_settings.exposure = 0.45
    frosted_bars()
    wall = kit.plain("wall", (0.045, 0.046, 0.052), 0.5, 0.05)
    kit.mask(kit.sheet("wall", (-4, 4), BACK + 0.01, (0.70, 3.0), wall), "r")
    floor = kit.plain("floor", (0.022, 0.023, 0.027), 0.17, 0.03)
    kit.mask(kit.sheet("floor", (-4, 4), (-1.2, BACK), FLOOR, floor), "g")

    glass = kit.plain("mullion", (0.030, 0.031, 0.036), 0.30, 0.05)
    for x in (-1.24, -0.775, -0.31, 0.31, 0.775, 1.24):
        kit.mask(
            kit.box("mullion", (0.012, 0.03, 1.2), (x, BACK - 0.03, 0.45), glass, 0.002), "r"
        )

    stage = kit.plain("stage", (0.050, 0.051, 0.058), 0.22, 0.03)
    w, d, r = 0.31, 0.235, 0.06
    corner = [
        (w - r + r * math.cos(t), d - r + r * math.sin(t))
        for t in (math.pi / 2 * i / 16 for i in range(17))
    ]
    half = [*corner, *[(-x, y) for x, y in reversed(corner)]]
    outline = [*half, *[(-x, -y) for x, y in half]]

    def tier(
        name: str, grow: float, top: float, low: float, mat: bpy.types.Material
    ) -> bpy.types.Object:
        shape = [(x * grow, y * grow) for x, y in outline]
        return kit.prism(
            name, shape, top - low, mat, (0, 0.13, (top + low) / 2), 0.003, (-90, 0, 0)
        )

    kit.mask(tier("stage", 1.0, 0.0, -0.026, stage), "g")
    kit.mask(tier("line", 0.966, -0.026, -0.031, kit.glow("line", (0.45, 0.55, 1.0), 2.2)), "b")
    kit.mask(tier("foot", 0.955, -0.031, FLOOR, stage), "g")
    kit.mask(tier("base", 1.26, FLOOR + 0.018, FLOOR, stage), "g")
    for x, y, high in (
        (-0.47, 0.42, 0.15),
        (-0.58, 0.30, 0.07),
        (0.49, 0.40, 0.11),
        (0.60, 0.52, 0.22),
    ):
        kit.mask(
            kit.box(
                "block",
                (0.11, 0.11, high),
                (x, y, FLOOR + high / 2),
                stage,
                0.005,
                (0, 0, 12 if x < 0 else -12),
            ),
            "g",
        )
    steel = kit.plain("steel ball", (0.55, 0.56, 0.60), 0.12, 0.03, Metallic=1.0)
    kit.ball("steel ball", 0.036, steel, (-0.575, 0.295, FLOOR + 0.070 + 0.036))
    kit.ball("steel ball", 0.024, steel, (0.455, 0.130, FLOOR + 0.024))

    kit.softbox(62, 42, 1.8, (0.8, 1.1), 15, 6800)
    kit.softbox(-112, 30, 1.7, (0.35, 1.4), 24, 8000).data.color = (0.30, 0.55, 1.0)
    kit.softbox(118, 30, 1.7, (0.35, 1.4), 22, 8000).data.color = (0.72, 0.36, 1.0)
    kit.world((0.42, 0.46, 0.66), (0.25, 0.24, 0.32), 0.09)
