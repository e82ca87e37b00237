"""A flat stone that rises from still water at first light, ripples running out from it."""

from __future__ import annotations

import math
import random

import bpy
from mathutils import noise

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="water-stone",
    title="Stone slab in still water",
    family="nature",
    surface={"material": "natural stone", "gloss": 0.15},
    light={
        "from": "left",
        "azimuth_deg": -68,
        "elevation_deg": 27,
        "softness": 0.6,
        "temperature_k": 4800,
    },
    masks={"r": "sky", "g": "stone", "b": "water"},
    tags=("nature", "water", "stone", "calm", "fresh"),
    scale="free",
)

WATER = -0.055
SKY_Y = 9.0
HAZE = (0.98, 0.85, 0.72, 1)
GLOW = 1.0


def sky() -> None:
    """A gradient that is lightest at the horizon, lit by itself."""
    mat = kit.glow("sky", (1, 1, 1), 1.0)
    g = kit.Graph(mat.node_tree)
    z = g.add(
        "ShaderNodeSeparateXYZ", Vector=g.add("ShaderNodeTexCoord").outputs["Object"]
    ).outputs["Z"]
    low = g.mix(g.remap(z, 0.0, 1.9), HAZE, (0.86, 0.87, 0.86, 1))
    colour = g.mix(g.remap(z, 1.5, 5.0), low, (0.50, 0.66, 0.78, 1))
    emission = next(n for n in g.tree.nodes if n.type == "EMISSION")
    g.set(emission.inputs["Color"], colour)
    emission.inputs["Strength"].default_value = GLOW
    kit.mask(kit.sheet("sky", (-14, 14), SKY_Y, (-0.4, 9), mat), "r")


def water() -> None:
    """Clear, shallow-looking water: rings around the stone over a breath of wind, and haze
    before the horizon."""
    mat, g, shader = kit.material("water", (0.085, 0.135, 0.145), 0.03, IOR=1.9)
    v = g.add("ShaderNodeTexCoord").outputs["Object"]
    xyz = g.add("ShaderNodeSeparateXYZ", Vector=v)
    x = g.math("MULTIPLY", xyz.outputs["X"], 0.80)
    y = g.math("SUBTRACT", xyz.outputs["Y"], 0.16)
    r = g.math("SQRT", g.math("ADD", g.math("MULTIPLY", x, x), g.math("MULTIPLY", y, y)))
    uneven = g.math("MULTIPLY", g.noise(v, 2.2, 2), 2.6)
    rings = g.math("SINE", g.math("ADD", g.math("MULTIPLY", r, 72.0), uneven))
    fade = g.math(
        "MULTIPLY",
        g.remap(r, 0.30, 1.15, 1.0, 0.0),
        g.remap(g.noise(v, 1.7, 1), 0.3, 0.7, 0.25, 1.0),
    )
    stretched = g.add("ShaderNodeMapping", Vector=v, Scale=(2.2, 5.5, 1)).outputs[0]
    breeze = g.noise(stretched, 2.0, 3, 0.5, 0.4)
    height = g.math(
        "ADD",
        g.math("MULTIPLY", g.math("MULTIPLY", rings, fade), 0.17),
        g.math("MULTIPLY", breeze, 1.0),
    )
    g.set(shader.inputs["Normal"], g.bump(height, 0.8, 0.030))
    far = g.remap(g.add("ShaderNodeCameraData").outputs["View Z Depth"], 1.8, 8.5)
    haze = g.add("ShaderNodeEmission", Color=HAZE, Strength=GLOW)
    mixed = g.add("ShaderNodeMixShader", Fac=far)
    out = next(n for n in g.tree.nodes if n.type == "OUTPUT_MATERIAL")
    g.tree.links.new(shader.outputs[0], mixed.inputs[1])
    g.tree.links.new(haze.outputs[0], mixed.inputs[2])
    g.tree.links.new(mixed.outputs[0], out.inputs[0])
    kit.mask(kit.sheet("water", (-14, 14), (-1.0, SKY_Y), WATER, mat), "b")


def stone_material() -> bpy.types.Material:
    """Weathered sandstone: layered edge, fine pits, darker and wet at the waterline."""
    mat, g, shader = kit.material("stone", (0.45, 0.42, 0.39), 0.62)
    v = g.coords(vary=False)
    cloud = g.noise(v, 5.5, 5, 0.6, 0.5)
    grain = g.noise(v, 70, 4, 0.6)
    layers = g.noise(g.add("ShaderNodeMapping", Vector=v, Scale=(3, 3, 60)).outputs[0], 1.0, 3)
    tone = g.mix(g.remap(cloud, 0.3, 0.7), (0.33, 0.31, 0.285, 1), (0.53, 0.50, 0.46, 1))
    tone = g.mix(g.remap(grain, 0.50, 0.70, 0, 0.6), tone, (0.20, 0.185, 0.17, 1))
    z = g.add(
        "ShaderNodeSeparateXYZ", Vector=g.add("ShaderNodeNewGeometry").outputs["Position"]
    ).outputs["Z"]
    wet = g.remap(z, WATER + 0.004, WATER + 0.022, 1.0, 0.0)
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.math("MULTIPLY", wet, 0.72), tone, (0.16, 0.15, 0.14, 1)),
    )
    g.set(shader.inputs["Roughness"], g.mix(wet, (0.66,) * 3 + (1,), (0.16,) * 3 + (1,)))
    height = g.math(
        "ADD",
        g.math("MULTIPLY", cloud, 0.5),
        g.math("ADD", g.math("MULTIPLY", grain, 0.30), g.math("MULTIPLY", layers, 0.35)),
    )
    g.set(shader.inputs["Normal"], g.bump(height, 0.9, 0.012))
    return mat


def slab(
    name: str,
    radii: tuple[float, float],
    top: float,
    mat: bpy.types.Material,
    at: tuple[float, float],
    flat: float = 1.0,
) -> bpy.types.Object:
    """A worn stone: an uneven outline, a flat top (or a dome when `flat` is small), sides that
    run under water."""
    seed = random.Random(name).random() * 50
    nu, nv = 160, 40

    def shape(u: float, t: float) -> tuple[float, float, float]:
        a = 2 * math.pi * u
        c, s = math.cos(a), math.sin(a)
        edge = (
            1
            + 0.10 * noise.noise((1.3 * c + seed, 1.3 * s, 0))
            + 0.035 * noise.noise((5 * c, 5 * s + seed, 1))
        )
        if t < 0.6:
            r = t / 0.6 * 0.93
            z = top + (1 - flat) * 0.10 * (math.cos(r * 1.45) - 1)
        else:
            k = (t - 0.6) / 0.4
            r = 0.93 + 0.07 * math.sin(min(1, k * 2.2) * math.pi / 2) + 0.04 * k
            z = (
                top
                + (1 - flat) * 0.10 * (math.cos(0.93 * 1.45) - 1)
                - 0.012 * (1 - math.cos(min(1, k * 2.2) * math.pi / 2))
                - 0.20 * max(0, k - 0.3)
            )
            z += 0.006 * noise.noise((9 * c, 9 * s, 30 * z + seed)) * min(1, k * 3)
            r += 0.020 * noise.noise((4 * c, 4 * s, 60 * z + seed)) * min(1, k * 3)
        x, y = radii[0] * r * edge * c, radii[1] * r * edge * s
        z += 0.0030 * noise.noise((x * 16 + seed, y * 16, 0)) * min(1.0, max(0.0, t * 3 - 0.7))
        lump = (1 - flat) * 0.022 * noise.noise((x * 11 + seed, y * 11, z * 11))
        return (x * (1 + 8 * lump), y, z + lump)

    return kit.grid(name, nu, nv, shape, mat, (*at, 0))


def hill(name: str, tone: kit.RGB, lift: float) -> bpy.types.Material:
    """A distant slope whose foot is lost in the haze."""
    mat = kit.glow(name, tone, GLOW)
    g = kit.Graph(mat.node_tree)
    v = g.add("ShaderNodeTexCoord").outputs["Object"]
    z = g.add("ShaderNodeSeparateXYZ", Vector=v).outputs["Z"]
    emission = next(n for n in g.tree.nodes if n.type == "EMISSION")
    g.set(emission.inputs["Color"], g.mix(g.remap(z, 0.0, lift * 0.9), HAZE, (*tone, 1)))
    return mat


def far_stones(mat: bpy.types.Material) -> None:
    """Rounded boulders beside and behind, and hills lost in the haze."""
    for name, radii, top, at, flat in (
        ("low stone", (0.115, 0.085), -0.030, (-0.405, 0.30), 0.55),
        ("pebble", (0.050, 0.040), -0.040, (-0.275, 0.44), 0.3),
        ("boulder", (0.165, 0.13), 0.045, (0.52, 0.62), 0.0),
        ("boulder beside", (0.085, 0.07), -0.015, (0.335, 0.52), 0.2),
        ("far boulder", (0.23, 0.17), 0.050, (-0.95, 1.75), 0.0),
    ):
        kit.mask(slab(name, radii, top, mat, at, flat), "g")
    for name, y, lift, tone in (
        ("far hills", 8.4, 0.62, (0.74, 0.745, 0.75)),
        ("hills", 7.4, 0.36, (0.56, 0.61, 0.635)),
    ):
        rng = random.Random(name)
        p = rng.random() * 9
        sign = 1 if name == "hills" else -1

        def height(x: float, p: float = p, lift: float = lift, sign: int = sign) -> float:
            side = 0.35 + 0.65 / (1 + math.exp(-sign * x * 0.8))
            return (
                lift
                * side
                * (0.62 + 0.25 * math.sin(0.7 * x + p) + 0.13 * math.sin(2.1 * x + 2 * p))
            )

        xs = [-9 + 0.15 * i for i in range(121)]
        v = [(x, y, WATER - 0.02) for x in xs] + [(x, y, WATER + height(x)) for x in xs]
        n = len(xs)
        f = [(i, i + 1, i + 1 + n, i + n) for i in range(n - 1)]
        kit.mask(kit.mesh_object(name, v, f, hill(name, tone, lift)), "r")


def reeds() -> None:
    """Grass at the boulder's foot."""
    green, g, shader = kit.material("reed", (0.25, 0.30, 0.13), 0.6)
    tone = g.add("ShaderNodeObjectInfo").outputs["Random"]
    g.set(
        shader.inputs["Base Color"], g.mix(tone, (0.15, 0.21, 0.07, 1), (0.40, 0.40, 0.20, 1))
    )
    rng = random.Random(4)
    for x0, y0, n, high in ((0.425, 0.44, 26, 0.20), (-0.47, 0.40, 20, 0.17)):
        for _ in range(n):
            a, r = rng.random() * 6.283, 0.035 * math.sqrt(rng.random())
            x, y = x0 + r * math.cos(a), y0 + r * math.sin(a)
            h = high * rng.uniform(0.5, 1.0)
            dx, dy = rng.gauss(0, 0.045), rng.gauss(0, 0.03)
            kit.tube(
                "reed",
                [
                    (x + dx * t**2, y + dy * t**2, WATER - 0.01 + h * t)
                    for t in (0, 0.4, 0.75, 1)
                ],
                [0.0016, 0.0015, 0.0010, 0.0003],
                green,
            )


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.8, focus_offset=0.06)
    scene.view_settings.exposure = 0.18
    stone = stone_material()
    sky()
    water()
    kit.mask(slab("slab", (0.345, 0.235), 0.0, stone, (0.0, 0.10)), "g")
    far_stones(stone)
    reeds()

    az, el = -68, 27
    key = kit.sun(az, el, 5.2, 4300, angle_deg=1.6)
    kit.softbox(-80, 35, 2.4, (1.8, 1.8), 14, 5200, visible=False)
    kit.softbox(60, 40, 2.6, (2.0, 2.0), 8, 6500, visible=False)
    kit.world((0.62, 0.72, 0.82), (0.72, 0.70, 0.66), 0.55)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    kit.gobo(palm(kit.gobo_frame(az, el, (0.02, 0.16, 0.0), 1.5), dark), key)


def palm(frame: kit.Matrix, mat: bpy.types.Material) -> list[bpy.types.Object]:
    """Two palm fronds for the shadow."""
    rng = random.Random(3)
    mesh = kit.leaf("gobo blade", 0.30, 0.030, mat, 0.0)
    out = []
    for x, y, heading, n in ((-0.50, -0.20, 0.30, 15), (0.60, 0.02, 2.75, 13)):
        for i in range(n):
            px, py = x + 0.030 * i * math.cos(heading), y + 0.030 * i * math.sin(heading)
            for side in (-1, 1):
                obj = kit.instance(mesh, (0, 0, 0), (0, 0, 0))
                turn = heading + side * (1.15 - 0.055 * i + rng.gauss(0, 0.05))
                obj.matrix_world = (
                    frame
                    @ kit.Matrix.Translation((px, py, 0))
                    @ kit.Matrix.Rotation(turn, 4, "Z")
                )
                obj.scale = (rng.uniform(0.85, 1.0) * (1 - 0.035 * i),) * 3
                out.append(obj)
    return out
