"""A camp site at dusk: a lit tent, a string of warm bulbs, an enamel mug on a low wooden table,
blue hills."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="camp-dusk",
    title="Camp site at dusk with a lit tent",
    family="outdoor",
    surface={"material": "weathered wood", "gloss": 0.1},
    light={
        "from": "right",
        "azimuth_deg": 58,
        "elevation_deg": 30,
        "softness": 0.8,
        "temperature_k": 4300,
    },
    masks={"r": "none", "g": "none", "b": "blanket"},
    tags=("outdoor", "camping", "dusk", "evening", "lights"),
    text_areas=((0.03, 0.04, 0.97, 0.19),),
    product_cm=(12.0, 45.0),
    categories=(
        "power_station",
        "camera_drone",
        "smart_speaker",
        "electric_kettle",
        "coffee_maker",
    ),
)

GROUND = -0.42


def sky() -> None:
    """The last light behind layers of hills."""
    mat = bpy.data.materials.new("sky")
    mat.use_nodes = True
    mat.node_tree.nodes.clear()
    g = kit.Graph(mat.node_tree)
    z = g.add(
        "ShaderNodeSeparateXYZ", Vector=g.add("ShaderNodeTexCoord").outputs["Object"]
    ).outputs["Z"]
    low = g.mix(g.remap(z, 1.0, 5.5), (0.92, 0.50, 0.30, 1), (0.42, 0.40, 0.50, 1))
    colour = g.mix(g.remap(z, 4.0, 14.0), low, (0.085, 0.14, 0.27, 1))
    emission = g.add("ShaderNodeEmission", Color=colour, Strength=0.62)
    out = g.add("ShaderNodeOutputMaterial")
    mat.node_tree.links.new(emission.outputs[0], out.inputs[0])
    kit.sheet("sky", (-40, 40), 44, (-4, 26), mat)

    for name, y, base, rise, colour, seed in (
        ("far hills", 40, 2.3, 2.6, (0.23, 0.24, 0.36), 0.4),
        ("hills", 32, 1.2, 2.2, (0.115, 0.145, 0.235), 2.1),
        ("near hills", 24, 0.3, 1.5, (0.050, 0.075, 0.125), 4.4),
    ):
        outline = []
        for i in range(161):
            x = -30 + 60 * i / 160
            high = base + rise * (
                0.5 * math.sin(x * 0.13 + seed)
                + 0.28 * math.sin(x * 0.31 + 2.3 * seed)
                + 0.10 * math.sin(x * 0.93 + seed)
            )
            outline.append((x, y, high))
        v = outline + [(x, y, -4.0) for x, _, _ in outline]
        f = [(i, i + 1, i + 162, i + 161) for i in range(160)]
        kit.mesh_object(name, v, f, kit.glow(name, colour, 0.55))


def trees() -> None:
    """A dark edge of firs on both sides."""
    dark = kit.plain("fir", (0.034, 0.055, 0.055), 0.9)
    rng = random.Random(5)
    profile = [(0.0, 0.0)]
    for k in range(9):
        t = k / 9
        profile += [(0.17 * (1 - t) + 0.012, 0.10 + 0.9 * t), (0.09 * (1 - t), 0.16 + 0.9 * t)]
    mesh = kit.detached(kit.lathe("fir", [*profile, (0, 1.08)], dark, (0, 0, 0), 0, 11))
    for _ in range(46):
        side = rng.choice((-1, 1))
        x, y = side * rng.uniform(2.6, 9.5), rng.uniform(11, 19)
        high = rng.uniform(2.0, 3.6) * (0.65 + 0.07 * abs(x))
        kit.instance(mesh, (x, y, GROUND), (0, 0, rng.random() * 6), high)


def tent(x: float, y: float) -> None:
    """A cotton bell tent lit from inside, its door open towards the table."""
    cloth, g, shader = kit.material("tent cotton", (0.46, 0.36, 0.25), 0.9)
    z = g.add(
        "ShaderNodeSeparateXYZ", Vector=g.add("ShaderNodeTexCoord").outputs["Object"]
    ).outputs["Z"]
    folds = g.noise(g.coords((3, 3, 0.5)), 1.0, 2)
    warm = g.mix(g.remap(z, 0.1, 2.2), (1.0, 0.47, 0.15, 1), (0.62, 0.19, 0.05, 1))
    g.set(shader.inputs["Emission Color"], warm)
    lit = g.math(
        "MULTIPLY", g.remap(z, 0.0, 2.3, 1.25, 0.30), g.remap(folds, 0.2, 0.8, 0.75, 1.2)
    )
    g.set(shader.inputs["Emission Strength"], lit)
    sides, radius, wall, top = 12, 1.75, 0.55, 2.45
    ring = [2 * math.pi * (i + 0.5) / sides for i in range(sides)]
    for i, (a, b) in enumerate(zip(ring, [*ring[1:], ring[0] + 2 * math.pi], strict=True)):

        def panel(u: float, t: float, a: float = a, b: float = b) -> tuple[float, float, float]:
            angle = a + (b - a) * u
            sag = 0.05 * math.sin(math.pi * u)
            if t < 0.25:
                r, z = radius - sag, wall * t * 4
            else:
                s = (t - 0.25) / 0.75
                r = (radius - sag * (1 - s)) * (1 - s) - 0.14 * math.sin(math.pi * s)
                z = wall + (top - wall) * s
            return (max(r, 0.0) * math.cos(angle), max(r, 0.0) * math.sin(angle), z)

        if i == 8:
            continue
        kit.grid("tent", 10, 24, panel, cloth, (x, y, GROUND), (0, 0, -12), 80)
    inside = kit.glow("tent inside", (1.0, 0.66, 0.34), 1.5)
    kit.lathe(
        "tent inside",
        [(0, 0.02), (1.2, 0.02), (1.1, 0.5), (0.0, 2.0)],
        inside,
        (x, y + 0.15, GROUND),
        0,
        24,
    )
    pole = kit.plain("pole", (0.10, 0.075, 0.05), 0.7)
    kit.tube("pole", [(x, y, GROUND + 2.3), (x, y, GROUND + 2.62)], 0.02, pole)
    rope = kit.plain("rope", (0.24, 0.20, 0.16), 0.9)
    for dx, dy in ((-2.5, -0.6), (-2.1, -1.7), (2.3, -1.2)):
        kit.tube(
            "rope",
            [
                (x + dx * 0.69, y + dy * 0.69, GROUND + wall),
                (x + dx, y + dy, GROUND + 0.02),
            ],
            0.008,
            rope,
        )
    kit.lamp((x - 0.2, y - 2.0, GROUND + 0.7), 60, 0.4, 2200)


def bulbs() -> None:
    """Two swags of warm bulbs across the picture, well out of focus."""
    wire = kit.plain("wire", (0.015, 0.014, 0.013), 0.7)
    lit = kit.glow("bulb", (1.0, 0.50, 0.16), 9.0)
    socket = kit.plain("socket", (0.02, 0.02, 0.02), 0.6)
    glass = [(0, -0.052), (0.022, -0.046), (0.030, -0.028), (0.024, -0.008), (0.012, 0), (0, 0)]
    bulb = kit.detached(kit.lathe("bulb", glass, lit, (0, 0, 0), 0.004, 20))
    for start, end, sag, count in (
        ((-2.6, 3.1, 0.86), (0.95, 4.0, 0.94), 0.26, 13),
        ((0.95, 4.0, 0.94), (3.2, 3.0, 0.80), 0.20, 9),
    ):
        points = []
        for i in range(33):
            t = i / 32
            p = [a + (b - a) * t for a, b in zip(start, end, strict=True)]
            points.append((p[0], p[1], p[2] - sag * 4 * t * (1 - t)))
        kit.tube("wire", points, 0.006, wire)
        for i in range(count):
            at = points[round((i + 0.5) * 32 / count)]
            kit.instance(bulb, (at[0], at[1], at[2] - 0.05), (0, 0, 0))
            kit.lathe(
                "socket", [(0, -0.05), (0.016, -0.05), (0.013, 0), (0, 0)], socket, at, 0, 12
            )


def ground() -> None:
    """Meadow in the dusk, tufts of grass behind the table."""
    soil, g, shader = kit.material("meadow", (0.06, 0.08, 0.05), 0.95)
    patch = g.noise(g.coords(vary=False), 1.4, 4)
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.remap(patch, 0.35, 0.65), (0.045, 0.065, 0.042, 1), (0.11, 0.115, 0.06, 1)),
    )
    kit.sheet("meadow", (-30, 30), (-1, 26), GROUND, soil)
    blades = kit.varied("grass", (0.05, 0.075, 0.03), (0.13, 0.13, 0.06), 0.7)
    blade = kit.leaf("grass", 0.22, 0.012, blades, 0.35)
    rng = random.Random(11)
    for _ in range(620):
        x, y = rng.uniform(-3.4, 3.4), 1.3 + 4.2 * rng.random() ** 1.4
        turn = (rng.uniform(-0.3, 0.3), -rng.uniform(0.7, 1.5), rng.random() * 6.283)
        kit.instance(blade, (x, y, GROUND), turn, rng.uniform(0.6, 1.3))


def props() -> None:
    """Left: an enamel mug and a lantern. Right: a folded blanket, split wood."""
    enamel = kit.plain("enamel", (0.70, 0.68, 0.63), 0.22, 0.04, Coat_Weight=0.4)
    rim = kit.plain("enamel rim", (0.035, 0.05, 0.075), 0.3)
    x, y = -0.36, 0.16
    mug = [(0, 0), (0.040, 0), (0.043, 0.006), (0.043, 0.080), (0.0405, 0.080), (0.040, 0.01)]
    kit.lathe("mug", [*mug, (0, 0.008)], enamel, (x, y, 0), 0.003)
    kit.lathe(
        "mug rim",
        [(0.0400, 0.079), (0.0418, 0.0825), (0.0442, 0.0815), (0.0440, 0.078)],
        rim,
        (x, y, 0),
        0.001,
    )
    coffee = kit.plain("coffee", (0.045, 0.022, 0.012), 0.06, 0.01)
    kit.lathe("coffee", [(0.0404, 0.064), (0, 0.064)], coffee, (x, y, 0), 0)
    grip = [(-0.042, 0, 0.066), (-0.068, 0, 0.064), (-0.072, 0, 0.038), (-0.042, 0, 0.018)]
    kit.tube("mug handle", grip, 0.0048, enamel, (x, y, 0), (0, 0, 28))

    brass = kit.plain("lantern brass", (0.55, 0.38, 0.19), 0.32, Metallic=1.0)
    x, y = -0.52, 0.42
    base = [(0, 0), (0.075, 0), (0.08, 0.012), (0.072, 0.045), (0.045, 0.06), (0.045, 0.07)]
    kit.lathe("lantern base", [*base, (0, 0.07)], brass, (x, y, 0), 0.004, 64)
    warm = kit.glow("mantle", (1.0, 0.60, 0.26), 9.0)
    kit.lathe(
        "mantle",
        [(0, 0.075), (0.018, 0.08), (0.026, 0.11), (0.020, 0.15), (0, 0.165)],
        warm,
        (x, y, 0),
        0.006,
        32,
    )
    head = [
        (0, 0.205),
        (0.052, 0.205),
        (0.056, 0.214),
        (0.03, 0.245),
        (0.012, 0.255),
        (0, 0.256),
    ]
    kit.lathe("lantern head", head, brass, (x, y, 0), 0.004, 64)
    for i in range(4):
        a = math.pi / 4 + i * math.pi / 2
        c, s = math.cos(a), math.sin(a)
        kit.tube(
            "lantern bar",
            [
                (x + 0.05 * c, y + 0.05 * s, 0.06),
                (x + 0.062 * c, y + 0.062 * s, 0.135),
                (x + 0.05 * c, y + 0.05 * s, 0.207),
            ],
            0.0028,
            brass,
        )
    bail = [
        (-0.055, 0, 0.20),
        (-0.07, 0, 0.28),
        (0, 0, 0.325),
        (0.07, 0, 0.28),
        (0.055, 0, 0.20),
    ]
    kit.tube("bail", bail, 0.0026, brass, (x, y, 0), (0, 0, 25))
    kit.lamp((x, y, 0.12), 1.6, 0.03, 2300)

    wool = kit.linen("blanket wool", (0.52, 0.43, 0.36), 3.2)
    for i, (wide, deep) in enumerate(((0.36, 0.27), (0.35, 0.265), (0.355, 0.26))):
        place = (0.475 + 0.005 * (-1) ** i, 0.33, 0.024 + 0.045 * i)
        turn = (0, 0, -16 + 2.5 * i)
        kit.mask(kit.box("blanket", (wide, deep, 0.050), place, wool, 0.024, turn), "b")


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.4, focus_offset=0.08, px_per_cm=16.0)
    scene.view_settings.exposure = 0.15
    pine = kit.wood("table pine", (0.20, 0.125, 0.075), (0.36, 0.245, 0.155), 0.5, 9, "x", 1.2)
    edges = (-1.30, -1.05, -0.84, -0.64, -0.43, -0.22, -0.01, 0.20, 0.41, 0.62)
    kit.planks(pine, edges, 3.4, 0.034)
    sky()
    trees()
    ground()
    tent(-2.75, 8.8)
    bulbs()
    props()

    kit.softbox(58, 30, 2.2, (1.2, 1.2), 34, 3200, (0, 0.2, 0.1))
    kit.softbox(-120, 28, 2.6, (0.9, 1.4), 22, 2600, (0, 0.2, 0.1))
    kit.softbox(-50, 40, 3.4, (3.0, 3.0), 22, 8500, (0, 0.3, 0.1))
    kit.world((0.30, 0.40, 0.62), (0.16, 0.17, 0.22), 0.42)
