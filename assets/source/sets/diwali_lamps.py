"""A terrace table at Diwali: rows of clay oil lamps, marigold garlands, a brass bowl, dusk."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="diwali-lamps",
    title="Table with rows of clay oil lamps, marigolds and a brass bowl at dusk",
    family="festive",
    surface={"material": "dark stone", "gloss": 0.35},
    light={
        "from": "left",
        "azimuth_deg": -58,
        "elevation_deg": 34,
        "softness": 0.75,
        "temperature_k": 3900,
    },
    masks={"r": "none", "g": "none", "b": "none"},
    tags=("festive", "evening", "oil lamps", "marigolds", "warm"),
    text_areas=((0.30, 0.10, 0.70, 0.40),),
    season="Diwali",
)

WALL_Y = 2.2


def clay() -> bpy.types.Material:
    """Unglazed terracotta, a little sooty."""
    mat, g, shader = kit.material("terracotta", (0.42, 0.17, 0.085), 0.82)
    v = g.coords()
    tone = g.mix(
        g.remap(g.noise(v, 40, 4), 0.3, 0.7), (0.34, 0.125, 0.06, 1), (0.50, 0.22, 0.115, 1)
    )
    g.set(shader.inputs["Base Color"], tone)
    g.set(shader.inputs["Normal"], g.bump(g.noise(v, 190, 2), 0.3, 0.0008))
    return mat


class Lamps:
    """Clay lamps that share their meshes: a pinched saucer of oil with a wick and a flame."""

    def __init__(self) -> None:
        rim, high, steps, rings = 0.034, 0.020, 48, 16

        def bowl(u: float, t: float) -> tuple[float, float, float]:
            a = 2 * math.pi * u
            inside = t > 0.55
            s = (1 - (t - 0.55) / 0.45) if inside else t / 0.55
            pinch = 1 + 0.30 * math.exp(-((min(a, 2 * math.pi - a) / 0.36) ** 2)) * s
            r = (0.014 + (rim - 0.014) * s**0.7) if s > 0.12 else 0.014 * s / 0.12
            z = high * s**1.6
            if inside:
                r, z = max(0.0, r - 0.0035 * min(1, s * 4)), max(z, 0.007)
            return (r * pinch * math.cos(a), r * math.sin(a), z)

        self.bowl = kit.detached(kit.grid("lamp bowl", steps, rings, bowl, clay()))
        oil = kit.plain("oil", (0.30, 0.17, 0.035), 0.05, 0.01)
        self.oil = kit.detached(
            kit.lathe("oil", [(0.0285, 0.0148), (0, 0.0148)], oil, (0, 0, 0), 0, 32)
        )
        wick = kit.plain("wick", (0.30, 0.24, 0.17), 0.9)
        self.wick = kit.detached(
            kit.lathe(
                "wick", [(0.0026, 0), (0.0022, 0.011), (0, 0.0115)], wick, (0, 0, 0), 0, 10
            )
        )
        lit = kit.glow("flame", (1.0, 0.46, 0.12), 8.0)
        shape = [(0, 0), (0.0040, 0.003), (0.0056, 0.009), (0.0034, 0.019), (0.0010, 0.027)]
        self.flame = kit.detached(
            kit.lathe("flame", [*shape, (0, 0.030)], lit, (0, 0, 0), 0.002, 16)
        )

    def place(
        self, x: float, y: float, turn: float, size: float = 1.0, watts: float = 0.0
    ) -> None:
        """One lamp; its spout points along `turn` (radians); only some light the room."""
        for mesh in (self.bowl, self.oil):
            kit.instance(mesh, (x, y, 0), (0, 0, turn), size)
        out = 0.036 * size
        tip = (x + out * math.cos(turn), y + out * math.sin(turn), 0.019 * size)
        kit.instance(self.wick, (tip[0], tip[1], tip[2] - 0.003 * size), (0, 0.5, turn), size)
        flame = (tip[0] + 0.004 * math.cos(turn), tip[1], tip[2] + 0.005 * size)
        kit.instance(self.flame, flame, (0, 0, turn), size)
        if watts:
            kit.lamp((flame[0], flame[1], flame[2] + 0.022), watts, 0.008, 2100)


def marigold() -> tuple[list[bpy.types.Mesh], list[bpy.types.Mesh]]:
    """Meshes of whole heads, ruffled balls of petals, and of single petals, in two hues."""
    heads, petals = [], []
    for name, one, other in (
        ("orange", (0.88, 0.20, 0.008), (0.95, 0.32, 0.015)),
        ("yellow", (0.92, 0.46, 0.018), (0.97, 0.62, 0.04)),
    ):
        mat = kit.varied(f"marigold {name}", one, other, 0.7)
        shader = next(n for n in mat.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
        g = kit.Graph(mat.node_tree)
        g.set(shader.inputs["Normal"], g.bump(g.noise(g.coords(), 420, 2), 0.4, 0.002))
        shader.inputs["Emission Color"].default_value = (*one, 1)
        shader.inputs["Emission Strength"].default_value = 0.12
        rng = random.Random(name)
        v: list[tuple[float, float, float]] = []
        f: list[tuple[int, ...]] = []
        for k in range(170):
            up = 1 - 1.55 * (k + 0.5) / 170
            a, flat = k * 2.39996, math.sqrt(1 - up * up)
            n = kit.Vector((flat * math.cos(a), flat * math.sin(a), up))
            side = n.cross(kit.Vector((0.3, 0.2, 1))).normalized()
            lift = n.cross(side) * rng.uniform(-0.25, 0.25)
            start = len(v)
            for s, r in ((-0.3, 0.6), (0.3, 0.6), (0.40, 0.95), (0.0, 1.06), (-0.40, 0.95)):
                curl = rng.uniform(0.9, 1.08)
                p = (n * r * curl + side * s + lift * (r - 0.5)) * 0.021
                v.append((p.x, p.y, p.z * 0.82))
            f.append(tuple(range(start, start + 5)))
        heads.append(kit.detached(kit.mesh_object(f"marigold {name}", v, f, mat)))
        petals.append(kit.leaf(f"petal {name}", 0.017, 0.011, mat, 0.3))
    return heads, petals


def garlands(heads: list[bpy.types.Mesh]) -> None:
    """Marigold strings that hang in swags along the top of the wall and down its sides."""
    rng = random.Random(5)
    swags = [(-1.30, -0.62, 0.20), (-0.62, 0.0, 0.10), (0.0, 0.62, 0.10), (0.62, 1.30, 0.20)]
    for x0, x1, sag in swags:
        for i in range(26):
            t = i / 25
            z = 0.92 - sag * 4 * t * (1 - t) * (0.9 if sag < 0.15 else 1)
            kit.instance(
                heads[0 if (i // 3) % 3 else 1],
                (x0 + (x1 - x0) * t, WALL_Y - 0.10, z),
                (rng.random() * 6, rng.random() * 6, rng.random() * 6),
                1.6,
            )
    for x, long in ((-1.30, 30), (-0.62, 21), (0.62, 21), (1.30, 30), (-0.96, 26), (0.96, 26)):
        for i in range(long):
            kit.instance(
                heads[1 if i > long - 4 else 0],
                (x + rng.uniform(-0.006, 0.006), WALL_Y - 0.13, 0.93 - 0.031 * i),
                (rng.random() * 6, rng.random() * 6, rng.random() * 6),
                1.45,
            )


def table(heads: list[bpy.types.Mesh], petals: list[bpy.types.Mesh]) -> None:
    """Lamps in two rows behind and beside the middle, a brass bowl with flowers, petals."""
    lamps, rng = Lamps(), random.Random(9)
    for i in range(15):
        x = -0.98 + 0.14 * i
        lamps.place(
            x + rng.uniform(-0.01, 0.01),
            0.66 + 0.05 * math.cos(2.2 * x) + rng.uniform(-0.01, 0.01),
            -1.2 + rng.uniform(-0.5, 0.5),
            1.0,
            0.22 if i % 2 == 0 else 0.0,
        )
    for x, y, turn in (
        (-0.225, 0.16, -1.0),
        (-0.345, 0.075, -0.9),
        (-0.47, 0.20, -1.3),
        (-0.60, 0.10, -1.1),
        (0.245, 0.075, -2.2),
        (0.455, 0.06, -2.0),
        (0.60, 0.20, -1.9),
    ):
        lamps.place(x, y, turn + rng.uniform(-0.2, 0.2), 1.08, 0.16)

    brass = kit.plain("bowl brass", (0.66, 0.45, 0.19), 0.24, Metallic=1.0)
    x, y = 0.345, 0.27
    foot = [(0, 0), (0.046, 0), (0.048, 0.006), (0.032, 0.014), (0.030, 0.022), (0, 0.022)]
    kit.lathe("bowl foot", foot, brass, (x, y, 0), 0.002, 64)
    kit.lathe(
        "bowl", kit.bowl_profile(0.100, 0.060, 0.036, 0.003), brass, (x, y, 0.020), 0.0015
    )
    for count, ring, z in ((11, 0.070, 0.070), (7, 0.040, 0.082), (3, 0.016, 0.096)):
        for i in range(count):
            a = 6.283 * i / count + z * 40
            pose = (rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.5), rng.random() * 6)
            at = (x + ring * math.cos(a), y + ring * math.sin(a), z)
            kit.instance(heads[rng.random() < 0.35], at, pose, rng.uniform(0.95, 1.2))

    for i in range(8):
        pose = (rng.uniform(-0.3, 0.3), rng.uniform(-0.3, 0.3), rng.random() * 6)
        a = 0.35 * i
        at = (-0.52 + 0.045 * i, 0.335 + 0.022 * math.sin(2 * a), 0.0165)
        kit.instance(heads[i % 3 == 1], at, pose, rng.uniform(0.95, 1.15))
    for _ in range(130):
        side = rng.choice((-1, 1))
        x = side * (0.19 + abs(rng.gauss(0, 0.20)))
        pose = (rng.uniform(-0.5, 0.5), rng.uniform(-0.5, 0.2), rng.random() * 6.283)
        at = (x, rng.uniform(-0.10, 0.50), 0.004)
        kit.instance(petals[rng.random() < 0.4], at, pose, rng.uniform(0.8, 1.2))


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.4, focus_offset=0.08)
    scene.view_settings.exposure = 0.2
    stone, g, shader = kit.material("table stone", (0.115, 0.088, 0.080), 0.26)
    clouds = g.noise(g.coords(vary=False), 7, 5, 0.6)
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.remap(clouds, 0.3, 0.7), (0.112, 0.086, 0.078, 1), (0.126, 0.096, 0.086, 1)),
    )
    g.set(shader.inputs["Roughness"], g.remap(clouds, 0.3, 0.7, 0.24, 0.29))
    kit.box("table", (2.8, 1.75, 0.04), (0, 0.0, -0.02), stone, 0.004)
    wall = kit.plaster("wall plaster", (0.150, 0.105, 0.150), relief=0.8, cloud=0.10)
    kit.sheet("wall", (-4, 4), WALL_Y, (-1, 3), wall)
    heads, petals = marigold()
    garlands(heads)
    table(heads, petals)

    lit = kit.glow("far lamp", (1.0, 0.50, 0.16), 6.0)
    rng = random.Random(2)
    far = kit.detached(
        kit.lathe("far lamp", [(0, -0.02), (0.013, 0), (0, 0.03)], lit, (0, 0, 0), 0.005, 16)
    )
    for i in range(17):
        kit.instance(
            far, (-1.28 + 0.16 * i, WALL_Y - 0.35, -0.03 + rng.uniform(0, 0.01)), (0, 0, 0)
        )
    ledge = kit.plain("ledge", (0.10, 0.072, 0.085), 0.7)
    kit.box("ledge", (6, 0.5, 0.2), (0, WALL_Y - 0.25, -0.16), ledge, 0.01)
    for x in (-1.0, -0.33, 0.33, 1.0):
        kit.lamp((x, WALL_Y - 0.35, 0.06), 3.4, 0.08, 2200)

    kit.softbox(-58, 34, 1.9, (1.0, 1.1), 36, 3500, (0, 0.15, 0.1))
    kit.softbox(60, 32, 2.4, (1.4, 1.4), 8, 6800, (0, 0.3, 0.1), False)
    kit.softbox(130, 30, 1.8, (0.4, 1.2), 11, 2900, (0, 0.2, 0.1), False)
    kit.world((0.34, 0.36, 0.58), (0.26, 0.20, 0.24), 0.34)
