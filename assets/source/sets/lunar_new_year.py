"""A table at the Lunar New Year: red paper lanterns, mandarins on a plate, plum blossom and red
envelopes."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="lunar-new-year",
    title="Table with red paper lanterns, mandarins and plum blossom",
    family="festive",
    surface={"material": "dark lacquered wood", "gloss": 0.3},
    light={
        "from": "left",
        "azimuth_deg": -56,
        "elevation_deg": 33,
        "softness": 0.7,
        "temperature_k": 4400,
    },
    masks={"r": "wall", "g": "none", "b": "none"},
    tags=("festive", "lantern", "mandarins", "blossom", "warm"),
    text_areas=((0.03, 0.04, 0.97, 0.16), (0.24, 0.04, 0.76, 0.36)),
    categories=(
        "rice_cooker",
        "air_fryer",
        "electric_kettle",
        "coffee_maker",
        "smart_speaker",
        "air_purifier",
        "robot_vacuum",
    ),
    season="Lunar New Year",
)

WALL_Y = 1.55


def lantern(x: float, y: float, z: float, size: float) -> None:
    """A ribbed paper globe, lit from inside, with brass caps and a tassel."""
    paper, g, shader = kit.material("lantern paper", (0.40, 0.016, 0.012), 0.8)
    height = g.add(
        "ShaderNodeSeparateXYZ", Vector=g.add("ShaderNodeTexCoord").outputs["Object"]
    ).outputs["Z"]
    glow = g.remap(height, -size * 0.8, size * 0.6, 0.42, 0.05)
    g.set(shader.inputs["Emission Color"], (1.0, 0.06, 0.02, 1))
    g.set(shader.inputs["Emission Strength"], glow)

    def globe(u: float, t: float) -> tuple[float, float, float]:
        lat = math.pi * (0.09 + 0.82 * t)
        rib = 1 - 0.035 * abs(math.sin(math.pi * 14 * u)) ** 0.6
        r = size * 1.14 * math.sin(lat) ** 0.85 * rib
        a = 2 * math.pi * u
        return (r * math.cos(a), r * math.sin(a), -size * 0.86 * math.cos(lat))

    kit.grid("lantern", 168, 22, globe, paper, (x, y, z))
    brass = kit.plain("lantern brass", (0.66, 0.45, 0.20), 0.3, Metallic=1.0)
    for side in (-1, 1):
        r, h = size * 0.42, side * size * 0.80
        cap = [(0, h), (r, h), (r, h + side * size * 0.12), (0, h + side * size * 0.12)]
        kit.lathe("lantern cap", cap, brass, (x, y, z), 0.003, 48)
    cord = kit.plain("cord", (0.40, 0.03, 0.022), 0.8)
    kit.tube("cord", [(x, y, z + size * 0.9), (x, y, z + 2.5)], 0.0025, cord)
    kit.lathe(
        "knot",
        [(0, -0.012), (0.011, -0.006), (0.011, 0.006), (0, 0.012)],
        brass,
        (x, y, z - size * 1.06),
        0.003,
        24,
    )
    tassel = [(0, 0), (size * 0.10, -0.01), (size * 0.15, -size * 0.62), (0, -size * 0.62)]
    kit.lathe("tassel", tassel, cord, (x, y, z - size * 1.10), 0.004, 32)
    kit.lamp((x, y - size * 1.3, z - 0.05), 1.8, 0.08, 2300)


def mandarins(x: float, y: float) -> None:
    """A footed plate with mandarins, some with stalk and leaves."""
    glaze = kit.ceramic("plate", (0.70, 0.72, 0.70), 0.22, 0.0)
    plate = [
        (0, 0.030),
        (0.030, 0.030),
        (0.034, 0.006),
        (0.048, 0.0),
        (0.050, 0.003),
        (0.042, 0.012),
        (0.040, 0.030),
        (0.085, 0.036),
        (0.116, 0.052),
        (0.114, 0.0545),
        (0.080, 0.042),
        (0, 0.038),
    ]
    kit.lathe("plate", plate, glaze, (x, y, 0), 0.002, 96)
    peel = kit.varied("mandarin", (0.82, 0.24, 0.018), (0.90, 0.36, 0.035), 0.36)
    shader = next(n for n in peel.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
    g = kit.Graph(peel.node_tree)
    g.set(shader.inputs["Normal"], g.bump(g.noise(g.coords(), 330, 1), 0.35, 0.0011))
    r = 0.0335
    profile = [(0, -0.026), (0.010, -0.0268), (0.020, -0.024)]
    profile += [
        (r * math.cos(t) ** 0.9, 0.027 * math.sin(t))
        for t in (math.pi * (-0.3 + 0.7 * i / 14) for i in range(15))
    ]
    profile += [(0.007, 0.0272), (0.004, 0.0255), (0, 0.025)]
    mesh = kit.detached(kit.lathe("mandarin", profile, peel, (0, 0, 0), 0.002, 48))
    green = kit.varied("mandarin leaf", (0.035, 0.12, 0.025), (0.085, 0.20, 0.04), 0.3)
    leaf = kit.leaf("mandarin leaf", 0.056, 0.024, green, 0.25)
    bark = kit.plain("stalk", (0.10, 0.13, 0.045), 0.7)
    rng = random.Random(3)
    places = [
        (0.066 * math.cos(a), 0.066 * math.sin(a), 0.066)
        for a in (0.35 + 2 * math.pi * k / 6 for k in range(6))
    ]
    places += [(0, 0, 0.070)]
    places += [
        (0.038 * math.cos(a), 0.038 * math.sin(a), 0.112)
        for a in (0.9 + 2 * math.pi * k / 3 for k in range(3))
    ]
    places += [(0.002, 0.0, 0.157)]
    for i, (dx, dy, z) in enumerate(places):
        tilt = (rng.uniform(-0.4, 0.4), rng.uniform(-0.4, 0.4), rng.random() * 6.283)
        at = (x + dx, y + dy, z)
        kit.instance(mesh, at, tilt if i < 10 else (0.1, -0.1, 0), rng.uniform(0.96, 1.06))
        if i in (1, 4, 8, 10):
            top = (at[0] + 0.002, at[1] - 0.004, z + 0.024)
            kit.tube("stalk", [top, (top[0] + 0.003, top[1], top[2] + 0.012)], 0.0016, bark)
            for k in range(2 if i < 10 else 3):
                turn = (rng.uniform(-0.3, 0.3), rng.uniform(-0.5, 0.0), k * 2.3 + i - 0.6)
                kit.instance(
                    leaf, (top[0], top[1], top[2] + 0.006), turn, rng.uniform(0.8, 1.1)
                )


def blossom(x: float, y: float) -> None:
    """A bare branch of plum in flower, in a dark vase."""
    glaze = kit.ceramic("vase", (0.075, 0.070, 0.068), 0.34, 0.25, (0.3, 0.25, 0.2))
    vase = [
        (0, 0),
        (0.040, 0),
        (0.060, 0.045),
        (0.072, 0.115),
        (0.060, 0.170),
        (0.024, 0.200),
        (0.022, 0.225),
        (0.028, 0.240),
        (0.022, 0.240),
        (0.018, 0.2),
        (0, 0.19),
    ]
    kit.lathe("vase", vase, glaze, (x, y, 0), 0.012)
    bark = kit.plain("plum bark", (0.085, 0.050, 0.036), 0.8)
    petal = kit.varied("plum petal", (0.88, 0.42, 0.47), (0.95, 0.72, 0.72), 0.6)
    v: list[tuple[float, float, float]] = [(0, 0, 0)]
    f: list[tuple[int, ...]] = []
    for k in range(5):
        start = len(v)
        for j in range(9):
            s = 2 * j / 8 - 1
            a = 2 * math.pi * k / 5 + s * 0.58
            r = 0.0185 * (1 - 0.30 * s * s)
            v.append((r * math.cos(a), r * math.sin(a), 0.0045 + 0.001 * k % 2 - 0.002 * s * s))
        f += [(0, start + j, start + j + 1) for j in range(8)]
    flower = kit.detached(kit.mesh_object("plum flower", v, f, petal))
    gold = kit.plain("stamen", (0.80, 0.50, 0.10), 0.6)
    heart = kit.detached(
        kit.lathe("stamen", [(0, 0.008), (0.005, 0.007), (0, 0.002)], gold, (0, 0, 0), 0, 10)
    )
    bud_shape = [(0, -0.006), (0.0046, -0.002), (0.0046, 0.003), (0, 0.007)]
    bud = kit.detached(kit.lathe("bud", bud_shape, petal, (0, 0, 0), 0.002, 12))
    rng = random.Random(18)

    def branch(path: list[tuple[float, float, float]], thick: float, flowers: int) -> None:
        points = [(x + px, y + py, 0.2 + pz) for px, py, pz in path]
        n = len(points)
        kit.tube("branch", points, [thick * (1 - 0.7 * i / (n - 1)) for i in range(n)], bark)
        for _ in range(flowers):
            i = rng.randrange(1 if n > 3 else 0, n - 1)
            t = rng.random()
            at = [p + (q - p) * t for p, q in zip(points[i], points[i + 1], strict=True)]
            at = [c + rng.uniform(-0.007, 0.007) for c in at]
            pose = (rng.uniform(0.3, 2.1), rng.uniform(-0.7, 0.7), rng.random() * 6.283)
            if rng.random() < 0.3:
                kit.instance(bud, at, pose, rng.uniform(0.8, 1.2))
                continue
            size = rng.uniform(0.85, 1.25)
            kit.instance(flower, at, pose, size)
            kit.instance(heart, at, pose, size)

    branch(
        [
            (0, 0, -0.1),
            (-0.015, 0, 0.05),
            (0.03, -0.01, 0.13),
            (0.02, 0, 0.20),
            (0.09, 0, 0.29),
        ],
        0.0065,
        34,
    )
    branch(
        [(0.025, 0, 0.12), (0.09, -0.02, 0.16), (0.17, -0.03, 0.165), (0.25, -0.03, 0.21)],
        0.0045,
        32,
    )
    branch(
        [(-0.01, 0, 0.05), (-0.075, 0.01, 0.11), (-0.10, 0.02, 0.19), (-0.17, 0, 0.25)],
        0.0045,
        32,
    )
    branch([(-0.09, 0.015, 0.16), (-0.06, 0.01, 0.22), (-0.07, 0, 0.29)], 0.003, 18)
    branch([(0.10, -0.02, 0.16), (0.14, -0.01, 0.22), (0.15, 0, 0.28)], 0.003, 18)


def envelopes(x: float, y: float) -> None:
    """Red envelopes in a fan, with a plain gold edge."""
    red = kit.plain("envelope", (0.50, 0.030, 0.026), 0.55)
    gold = kit.plain("envelope edge", (0.70, 0.48, 0.20), 0.35, Metallic=1.0)
    for i, turn in enumerate((34, 16, -3)):
        z = 0.0016 + 0.0034 * i
        place = (x + 0.014 * i, y - 0.006 * i, z)
        kit.box("envelope", (0.085, 0.165, 0.0028), place, red, 0.0008, (0, 0, turn))
        a = math.radians(turn)
        for dy in (0.070,):
            edge = (place[0] - dy * math.sin(a), place[1] + dy * math.cos(a), z + 0.0013)
            kit.box("envelope edge", (0.0852, 0.004, 0.0006), edge, gold, 0.0002, (0, 0, turn))


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.4, focus_offset=0.08)
    scene.view_settings.exposure = 0.1
    lacquer = kit.wood("table", (0.095, 0.045, 0.030), (0.180, 0.098, 0.064), 0.26, 8, "x", 0.9)
    kit.planks(lacquer, (-0.85, -0.61, -0.37, -0.12, 0.13, 0.39, 0.62), 2.6, 0.036)
    wall = kit.plaster("wall plaster", (0.72, 0.58, 0.49), relief=0.5, cloud=0.05)
    kit.mask(kit.sheet("wall", (-3, 3), WALL_Y, (-1, 3), wall), "r")
    lantern(-0.76, 1.10, 0.50, 0.150)
    lantern(-0.50, 1.28, 0.36, 0.105)
    lantern(0.86, 1.22, 0.48, 0.130)
    blossom(0.42, 0.60)
    mandarins(-0.290, 0.28)
    envelopes(0.255, 0.13)

    az, el = -56, 33
    key = kit.sun(az, el, 4.6, 3700, angle_deg=2.4)
    kit.softbox(-72, 28, 2.3, (1.4, 1.6), 26, 4500, (0, 0.4, 0.1))
    kit.softbox(60, 30, 2.6, (2.0, 2.0), 9, 5200, (0, 0.4, 0.1), False)
    kit.world((0.95, 0.93, 0.92), (0.80, 0.66, 0.56), 0.34)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (0.05, 0.85, 0.22), 2.1)
    kit.gobo(kit.window_gobo(frame, dark, (0.26, 0.36), (6, 4), 0.055), key)
