"""A dark slate slab with moss, fern and dew, before a blurred wood in soft light."""

from __future__ import annotations

import math
import random

import bpy
from mathutils import Vector, noise

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="stone-moss",
    title="Slate slab with moss and fern",
    family="nature",
    surface={"material": "slate", "gloss": 0.2},
    light={
        "from": "left",
        "azimuth_deg": -70,
        "elevation_deg": 44,
        "softness": 0.8,
        "temperature_k": 5600,
    },
    masks={"r": "wood behind", "g": "slate", "b": "none"},
    tags=("nature", "stone", "moss", "green", "fresh", "calm"),
    text_areas=((0.03, 0.04, 0.97, 0.30), (0.24, 0.04, 0.76, 0.38)),
    scale="free",
)

BACK = 2.6
GROUND = -0.085


def wood_behind() -> None:
    """Misty green light between trunks, and the discs that leaves against the sky blur to."""
    mat = kit.glow("wood behind", (1, 1, 1), 0.85)
    g = kit.Graph(mat.node_tree)
    v = g.add("ShaderNodeTexCoord").outputs["Object"]
    z = g.add("ShaderNodeSeparateXYZ", Vector=v).outputs["Z"]
    tone = g.mix(g.remap(z, -0.35, 0.75), (0.105, 0.145, 0.075, 1), (0.36, 0.43, 0.29, 1))
    leaves = g.noise(
        g.add("ShaderNodeMapping", Vector=v, Scale=(1.3, 1, 1.6)).outputs[0], 1.0, 1
    )
    tone = g.mix(g.remap(leaves, 0.36, 0.68, 0.0, 0.6), tone, (0.13, 0.19, 0.10, 1))
    emission = next(n for n in g.tree.nodes if n.type == "EMISSION")
    g.set(emission.inputs["Color"], tone)
    kit.mask(kit.sheet("wood behind", (-4, 4), BACK, (-0.6, 2.6), mat), "r")
    rng = random.Random(5)
    for x, y, r in (
        (-1.16, 2.30, 0.105),
        (-0.80, 2.50, 0.045),
        (-0.47, 2.46, 0.030),
        (0.66, 2.48, 0.040),
        (0.93, 2.25, 0.085),
        (1.32, 2.40, 0.060),
    ):
        shade = rng.uniform(0.10, 0.17)
        bark = kit.glow("trunk", (shade, shade * 1.20, shade * 0.80), 1.0)
        lean = rng.uniform(-0.11, 0.11)
        trunk = kit.tube(
            "trunk", [(x, y, -0.5), (x + lean, y, 0.6), (x + 2.4 * lean, y, 2.0)], r, bark
        )
        kit.mask(trunk, "r")
    lights = (
        ((0.80, 0.90, 0.50), 0.16),
        ((0.95, 0.95, 0.70), 0.13),
        ((0.60, 0.80, 0.45), 0.12),
    )
    for disc in kit.bokeh(
        "leaf light", lights, 26, (-1.5, 1.5), BACK - 0.02, (0.02, 1.15), 0.062
    ):
        kit.mask(disc, "r")


def slate() -> bpy.types.Material:
    """Riven slate: cleft layers, mineral drift, damp sheen."""
    mat, g, shader = kit.material("slate", (0.17, 0.18, 0.185), 0.42)
    v = g.coords(vary=False)
    cloud = g.noise(v, 6.0, 5, 0.6, 0.4)
    grain = g.noise(v, 120, 4, 0.65)
    strata = g.noise(g.add("ShaderNodeMapping", Vector=v, Scale=(4, 4, 130)).outputs[0], 1.0, 3)
    tone = g.mix(g.remap(cloud, 0.3, 0.7), (0.070, 0.076, 0.080, 1), (0.165, 0.17, 0.168, 1))
    tone = g.mix(g.remap(grain, 0.55, 0.75, 0, 0.35), tone, (0.27, 0.27, 0.26, 1))
    g.set(shader.inputs["Base Color"], tone)
    g.set(shader.inputs["Roughness"], g.remap(cloud, 0.35, 0.65, 0.38, 0.66))
    height = g.math("ADD", g.math("MULTIPLY", cloud, 0.6), g.math("MULTIPLY", grain, 0.12))
    height = g.math("ADD", height, g.math("MULTIPLY", strata, 0.30))
    g.set(shader.inputs["Normal"], g.bump(height, 0.8, 0.010))
    return mat


def slab(mat: bpy.types.Material) -> None:
    """Split stone: a broken outline in layers, the top almost flat."""
    nu = 220
    layers = (
        (0.0, 1.0),
        (-0.022, 1.015),
        (-0.024, 0.985),
        (-0.048, 1.03),
        (-0.051, 1.0),
        (-0.10, 1.04),
    )
    path = [(0.0, 0.0), (0.35, 0.0), (0.7, 0.0), (0.9, 0.0), (0.975, -0.0006), (0.992, -0.003)]
    path += [(k, z - 0.002 if i else z - 0.006) for i, (z, k) in enumerate(layers)]

    def shape(u: float, t: float) -> tuple[float, float, float]:
        i = min(len(path) - 1, round(t * (len(path) - 1)))
        k, z = path[i]
        a = 2 * math.pi * u
        c, s = math.cos(a), math.sin(a)
        square = (abs(c) ** 3.2 + abs(s) ** 3.2) ** (-1 / 3.2)
        chip = 0.045 * noise.noise((2.2 * c + 7, 2.2 * s, 0)) + 0.022 * noise.noise(
            (7 * c, 7 * s, 3)
        )
        if i > 5:
            chip += 0.006 * noise.noise((13 * c, 13 * s, 4 * i)) + 0.02 * noise.noise(
                (3 * c, 3 * s, 5 * i)
            )
        r = k * square * (1 + chip)
        lift = 0.0014 * noise.noise((r * c * 9, r * s * 9, 2)) if i < 6 else 0.0
        return (0.42 * r * c, 0.29 * r * s, z + lift * min(1.0, r * 2))

    kit.mask(
        kit.grid("slab", nu, len(path) - 1, shape, mat, (0.0, 0.10, 0), smooth_deg=38), "g"
    )


def moss_material() -> bpy.types.Material:
    """Deep green below, yellow-green in patches."""
    mat, g, shader = kit.material("moss", (0.14, 0.22, 0.05), 0.85, Sheen_Weight=0.3)
    tone = g.remap(g.noise(g.coords(), 160, 2), 0.3, 0.7)
    g.set(
        shader.inputs["Base Color"],
        g.mix(tone, (0.075, 0.145, 0.022, 1), (0.26, 0.36, 0.075, 1)),
    )
    return mat


def tuft(rng: random.Random, foot: Vector, normal: Vector, size: float) -> list[Vector]:
    """Three corners for each of a star of tiny blades."""
    turn = normal.to_track_quat("Z", "Y").to_matrix() * size
    corners = []
    for i in range(8):
        a = 6.283 * (i + rng.random()) / 8
        out, up = rng.uniform(0.0022, 0.0044), rng.uniform(0.0020, 0.0052)
        c, s, w = math.cos(a), math.sin(a), 0.0007
        for blade in ((-s * w, c * w, 0), (s * w, -c * w, 0), (c * out, s * out, up)):
            corners.append(foot + turn @ Vector(blade))
    return corners


def cushion(
    name: str,
    at: tuple[float, float, float],
    size: tuple[float, float, float],
    n: int,
    mat: bpy.types.Material,
    base: bpy.types.Material,
) -> None:
    """A pillow of moss: a lumpy dome set with `n` tufts, all in one mesh."""
    rng = random.Random(name)
    seed = rng.random() * 40

    def point(u: float, t: float) -> tuple[float, float, float]:
        a, r = 2 * math.pi * u, t
        c, s = math.cos(a), math.sin(a)
        edge = (
            1
            + 0.22 * noise.noise((1.4 * c + seed, 1.4 * s, 0))
            + 0.08 * noise.noise((5 * c, 5 * s, seed))
        )
        x, y = size[0] * r * edge * c, size[1] * r * edge * s
        dome = max(0.0, 1 - r * r) ** 0.55
        lump = 0.75 + 0.45 * noise.noise((x * 34 + seed, y * 34, 1))
        return (x, y, size[2] * dome * lump - 0.004 * r)

    kit.grid(name, 48, 14, point, base, at)
    v: list[Vector] = []
    for _ in range(n):
        u, t = rng.random(), math.sqrt(rng.random()) * 0.99
        p, q = Vector(point(u, t)), Vector(point(u, min(1.0, t + 0.02)))
        slope = (q - p).normalized() if (q - p).length > 1e-6 else Vector((1, 0, 0))
        fall = max(0.0, -slope.z) * 1.3
        normal = Vector((slope.x * fall, slope.y * fall, 1)).normalized()
        v += tuft(rng, p, normal, rng.uniform(0.7, 1.5))
    kit.mesh_object(name, v, [(i, i + 1, i + 2) for i in range(0, len(v), 3)], mat, at)


def fern(
    at: tuple[float, float, float], fronds: int, length: float, facing: float, name: str
) -> None:
    """Arching fronds with paired leaflets."""
    green, g, shader = kit.material("fern", (0.12, 0.22, 0.05), 0.5)
    tone = g.add("ShaderNodeObjectInfo").outputs["Random"]
    g.set(
        shader.inputs["Base Color"],
        g.mix(tone, (0.070, 0.165, 0.030, 1), (0.20, 0.33, 0.075, 1)),
    )
    mesh = kit.leaf(name, length * 0.20, length * 0.030, green, 0.20)
    rng = random.Random(name)
    for k in range(fronds):
        heading = facing + (k - (fronds - 1) / 2) * 0.55 + rng.gauss(0, 0.10)
        reach, rise = length * rng.uniform(0.75, 1.05), length * rng.uniform(0.42, 0.75)

        def spine(
            t: float, heading: float = heading, reach: float = reach, rise: float = rise
        ) -> Vector:
            out = reach * (0.25 * t + 0.75 * t**1.5)
            return Vector(
                (
                    at[0] + out * math.cos(heading),
                    at[1] + out * math.sin(heading),
                    at[2] + rise * (1.9 * t - 1.25 * t * t),
                )
            )

        kit.tube(
            "fern stem",
            [spine(t / 5) for t in range(6)],
            [0.0016, 0.0015, 0.0013, 0.001, 0.0007, 0.0003],
            green,
        )
        for i in range(26):
            t = 0.12 + 0.87 * i / 25
            along = (spine(t + 0.01) - spine(t)).normalized()
            across = along.cross(Vector((0, 0, 1))).normalized()
            for side in (-1, 1):
                x = (across * side * 0.9 + along * 0.42).normalized()
                up = across.cross(along).normalized()
                y = up.cross(x).normalized()
                turn = kit.Matrix((x, y, x.cross(y))).transposed().to_euler()
                size = (
                    math.sin(math.pi * min(1.0, 0.22 + 0.80 * t)) ** 0.8 + 0.05
                ) * rng.uniform(0.9, 1.08)
                kit.instance(mesh, spine(t), turn, size)


def dew(n: int) -> None:
    """Drops on the slate."""
    water, _, _ = kit.material(
        "dew", (0.9, 0.95, 0.95), 0.02, Transmission_Weight=1.0, IOR=1.33
    )
    rng = random.Random(6)
    first = kit.lathe(
        "dew",
        [
            (0.001 * math.sin(t), 0.00062 * max(0.0, math.cos(t)))
            for t in (math.pi / 2 * i / 8 for i in range(9))
        ],
        water,
        (0, 0, 0),
        0,
        20,
    )
    mesh = first.data
    bpy.data.objects.remove(first)
    for _ in range(n):
        x, y = rng.uniform(-0.36, 0.36), rng.uniform(-0.14, 0.30)
        if math.hypot(x, y - 0.06) < 0.17:
            continue
        drop = kit.instance(mesh, (x, y, 0.0006), (0, 0, 0), 0.8 + 3.2 * rng.random() ** 3)
        kit.mask(drop, "g")


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.1, focus_offset=0.06)
    scene.view_settings.exposure = 0.30
    wood_behind()
    earth, g, shader = kit.material("earth", (0.055, 0.065, 0.030), 0.95)
    v = g.coords(vary=False)
    patch, crumbs = g.noise(v, 5.0, 4, 0.6), g.noise(v, 60, 4, 0.7)
    tone = g.mix(g.remap(patch, 0.42, 0.58), (0.030, 0.024, 0.015, 1), (0.060, 0.095, 0.022, 1))
    tone = g.mix(g.remap(crumbs, 0.45, 0.7, 0, 0.7), tone, (0.105, 0.130, 0.040, 1))
    g.set(shader.inputs["Base Color"], tone)
    g.set(shader.inputs["Normal"], g.bump(crumbs, 1.0, 0.02))
    kit.sheet("earth", (-3, 3), (-1.2, BACK), GROUND, earth)
    slab(slate())
    moss = moss_material()
    base = kit.plain("moss base", (0.055, 0.095, 0.020), 0.95)
    for name, at, size, n in (
        ("moss left", (-0.345, 0.225, -0.012), (0.105, 0.085, 0.034), 2600),
        ("moss corner", (-0.255, 0.325, -0.006), (0.060, 0.045, 0.020), 900),
        ("moss right", (0.375, 0.295, -0.030), (0.105, 0.080, 0.050), 2600),
        ("moss front", (0.405, 0.035, -0.060), (0.075, 0.085, 0.036), 1500),
        ("moss low", (-0.47, 0.00, GROUND), (0.16, 0.16, 0.050), 2200),
        ("moss back", (0.03, 0.56, GROUND), (0.46, 0.16, 0.070), 2200),
        ("moss far right", (0.68, 0.42, GROUND), (0.24, 0.22, 0.085), 1800),
        ("moss far left", (-0.74, 0.50, GROUND), (0.26, 0.22, 0.075), 1800),
        ("moss bank", (-0.35, 1.15, GROUND), (0.75, 0.34, 0.080), 1500),
        ("moss bank right", (0.75, 1.30, GROUND), (0.70, 0.30, 0.085), 1200),
        ("moss fore", (-0.20, -0.43, GROUND), (0.20, 0.10, 0.022), 1500),
        ("moss fore right", (0.30, -0.40, GROUND), (0.17, 0.09, 0.020), 1300),
        ("moss near", (0.62, -0.12, GROUND), (0.20, 0.16, 0.030), 1800),
        ("moss near left", (-0.60, -0.28, GROUND), (0.18, 0.12, 0.025), 1600),
    ):
        cushion(name, at, size, n, moss, base)
    fern((-0.415, 0.36, -0.05), 6, 0.30, 1.9, "fern left")
    fern((0.50, 0.42, -0.05), 6, 0.32, 1.1, "fern right")
    fern((-0.95, 0.95, GROUND), 7, 0.50, 1.2, "fern far")
    fern((0.98, 1.15, GROUND), 7, 0.55, 1.8, "fern farther")
    dew(260)

    az, el = -70, 44
    kit.softbox(az, el, 1.9, (1.1, 1.1), 46, 5300, (0, 0.15, 0.0))
    kit.softbox(120, 40, 2.2, (1.2, 1.2), 26, 6200, (0, 0.2, 0.0))
    kit.sun(-125, 40, 1.8, 4800, angle_deg=5)
    kit.world((0.86, 0.96, 0.86), (0.20, 0.24, 0.15), 0.30)
