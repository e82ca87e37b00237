"""A stone bathroom shelf before glazed tiles: folded towels, a glass bottle and eucalyptus in
soft morning light."""

from __future__ import annotations

import math
import random

import bpy

import kit
from passes import SetSpec

SPEC = SetSpec(
    id="bathroom-shelf",
    title="Stone bathroom shelf with glazed tiles",
    family="bathroom",
    surface={"material": "honed limestone", "gloss": 0.2},
    light={
        "from": "left",
        "azimuth_deg": -55,
        "elevation_deg": 38,
        "softness": 0.65,
        "temperature_k": 5400,
    },
    masks={"r": "tiles", "g": "shelf", "b": "towels"},
    tags=("bathroom", "daylight", "calm", "stone", "care"),
    product_cm=(8.0, 35.0),
    categories=("hair_dryer", "smart_speaker"),
)

WALL_Y = 0.62


def limestone() -> bpy.types.Material:
    """Fine-grained pale stone with soft clouds and small shell marks."""
    mat, g, shader = kit.material("limestone", (0.74, 0.71, 0.66), 0.30)
    v = g.coords(vary=False)
    clouds = g.noise(v, 5, 5, 0.6, 0.4)
    marks = g.remap(g.noise(g.coords((150, 260, 90), vary=False), 1.0, 2), 0.66, 0.72)
    tone = g.mix(g.remap(clouds, 0.3, 0.7), (0.62, 0.575, 0.505, 1), (0.76, 0.72, 0.655, 1))
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.math("MULTIPLY", marks, 0.4), tone, (0.48, 0.44, 0.385, 1)),
    )
    g.set(shader.inputs["Roughness"], g.remap(clouds, 0.3, 0.7, 0.24, 0.38))
    return mat


def tiles() -> None:
    """Upright hand-glazed tiles in a stack bond, a dado below a plastered wall."""
    glaze = kit.varied("glaze", (0.58, 0.60, 0.57), (0.76, 0.765, 0.735), 0.13)
    shader = next(n for n in glaze.node_tree.nodes if n.type == "BSDF_PRINCIPLED")
    g = kit.Graph(glaze.node_tree)
    g.set(shader.inputs["Normal"], g.bump(g.noise(g.coords(), 26, 2), 0.2, 0.004))
    grout = kit.plain("grout", (0.60, 0.58, 0.55), 0.9)
    kit.mask(kit.sheet("grout", (-1.2, 1.2), WALL_Y, (-0.4, 1.0), grout), "r")
    rng = random.Random(4)
    wide, high = 0.062, 0.186
    first = kit.box("tile", (wide - 0.0022, 0.010, high - 0.0022), (0, 0, 0), glaze, 0.0024)
    for row in range(-1, 4):
        for column in range(-15, 16):
            tile = first.copy()
            bpy.context.scene.collection.objects.link(tile)
            tile.location = (column * wide, WALL_Y - 0.005, row * high + 0.075)
            tilt = rng.gauss(0, 0.010), rng.gauss(0, 0.002), rng.gauss(0, 0.010)
            tile.rotation_euler = tilt
            kit.mask(tile, "r")
    bpy.data.objects.remove(first)


def towels(x: float, y: float) -> None:
    """A stack of folded terry towels, the top one rolled."""
    terry, g, shader = kit.material("terry", (0.66, 0.60, 0.53), 0.95, Sheen_Weight=0.5)
    loops = g.noise(g.coords(), 520, 2)
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.remap(loops, 0.3, 0.7), (0.58, 0.52, 0.45, 1), (0.72, 0.665, 0.595, 1)),
    )
    g.set(shader.inputs["Normal"], g.bump(loops, 0.8, 0.003))
    rng = random.Random(6)
    for i, high in enumerate((0.030, 0.029, 0.030)):
        z = sum((0.030, 0.029, 0.030)[:i])
        turn = (0, 0, 7 + rng.uniform(-2.5, 2.5))
        for half in (0, 1):
            place = (x + rng.uniform(-0.003, 0.003), y, z + high * (0.26 + 0.48 * half))
            layer = kit.box("towel", (0.22, 0.15, high * 0.54), place, terry, 0.007, turn)
            kit.mask(layer, "b")
        fold = [(x - 0.112, y, z + high * 0.5)]
        hem = kit.lathe(
            "towel fold",
            [(0, -0.072), (high * 0.48, -0.068), (high * 0.48, 0.068), (0, 0.072)],
            terry,
            fold[0],
            0.006,
            24,
            (90, 0, turn[2]),
        )
        kit.mask(hem, "b")

    turns = 3.2

    def roll(u: float, t: float) -> tuple[float, float, float]:
        angle = turns * 2 * math.pi * u
        r = 0.010 + 0.028 * u
        bulge = 1 - 0.10 * (2 * t - 1) ** 6
        return (r * bulge * math.cos(angle), 0.19 * (t - 0.5), r * bulge * math.sin(angle))

    rolled = kit.grid("rolled towel", 160, 20, roll, terry, (x + 0.01, y + 0.005, 0.128))
    rolled.rotation_euler = (0, 0, math.radians(80))
    thick = rolled.modifiers.new("thick", "SOLIDIFY")
    thick.thickness = 0.0065
    kit.mask(rolled, "b")


def eucalyptus(x: float, y: float, z: float) -> None:
    """Branches of silver dollar leaves from a vase."""
    bark = kit.plain("twig", (0.30, 0.20, 0.15), 0.7)
    green = kit.varied("eucalyptus", (0.24, 0.33, 0.26), (0.44, 0.51, 0.42), 0.6)
    mesh = kit.leaf("eucalyptus", 0.042, 0.040, green, 0.12)
    rng = random.Random(21)
    for i in range(7):
        turn = -1.9 + 0.72 * i + rng.uniform(-0.2, 0.2)
        reach, high = rng.uniform(0.05, 0.13), rng.uniform(0.16, 0.28)
        path = []
        for k in range(6):
            t = k / 5
            bend = reach * t**1.5
            path.append(
                (
                    x + bend * math.sin(turn),
                    y - 0.5 * bend * math.cos(turn),
                    z + high * (t - 0.22 * t**3),
                )
            )
        kit.tube("twig", path, [0.0022, 0.002, 0.0018, 0.0015, 0.0012, 0.001], bark)
        for k in range(1, 11):
            t = 0.25 + 0.75 * k / 10
            a, b = path[min(4, int(t * 5))], path[min(5, int(t * 5) + 1)]
            s = t * 5 - min(4, int(t * 5))
            at = [p + (q - p) * s for p, q in zip(a, b, strict=True)]
            for side in (0, math.pi):
                pose = (rng.uniform(-0.8, 0.8), rng.uniform(-0.8, 0.1), side + k * 1.3 + turn)
                kit.instance(mesh, at, pose, rng.uniform(0.7, 1.05) * (1.15 - 0.55 * t))


def right_side() -> None:
    """An amber bottle with a pump, a vase with eucalyptus and a dish with soap."""
    clay = kit.ceramic("vase", (0.72, 0.69, 0.64), 0.55, 0.25)
    x, y = 0.268, 0.335
    vase = [
        (0, 0),
        (0.034, 0),
        (0.050, 0.040),
        (0.047, 0.082),
        (0.020, 0.118),
        (0.021, 0.132),
        (0.016, 0.132),
        (0.015, 0.11),
        (0, 0.10),
    ]
    kit.lathe("vase", vase, clay, (x, y, 0), 0.010, wobble=0.006)
    eucalyptus(x, y, 0.115)

    amber, g, shader = kit.material(
        "amber glass", (0.42, 0.16, 0.035), 0.06, Transmission_Weight=0.82, IOR=1.47
    )
    x, y = 0.395, 0.255
    bottle = [
        (0, 0),
        (0.033, 0),
        (0.036, 0.006),
        (0.036, 0.115),
        (0.017, 0.138),
        (0.015, 0.150),
    ]
    kit.lathe("bottle", [*bottle, (0, 0.150)], amber, (x, y, 0), 0.006, 64)
    black = kit.plain("pump", (0.028, 0.026, 0.025), 0.35)
    collar = [(0, 0.150), (0.018, 0.150), (0.018, 0.166), (0.006, 0.168), (0.006, 0.186)]
    kit.lathe("pump", [*collar, (0, 0.186)], black, (x, y, 0), 0.002, 48)
    spout = [(0.012, 0, 0.188), (-0.008, 0, 0.190), (-0.034, 0, 0.189), (-0.044, 0, 0.181)]
    kit.tube("spout", spout, [0.0075, 0.0075, 0.005, 0.004], black, (x, y, 0), (0, 0, 24))

    dish = kit.ceramic("dish", (0.74, 0.72, 0.68), 0.5, 0.3)
    x, y = 0.318, 0.128
    shape = [(0, 0.003), (0.030, 0.003), (0.034, 0), (0.052, 0.010), (0.050, 0.013), (0, 0.007)]
    kit.lathe("dish", shape, dish, (x, y, 0), 0.002, wobble=0.02)
    soap = kit.plain("soap", (0.70, 0.60, 0.46), 0.45, Subsurface_Weight=0.0)
    kit.box("soap", (0.062, 0.042, 0.022), (x, y, 0.019), soap, 0.010, (0, 0, -24))


def build(scene: bpy.types.Scene) -> None:
    """Build the set."""
    kit.camera(scene, f_stop=2.2, focus_offset=0.05)
    scene.view_settings.exposure = 0.0
    kit.mask(
        kit.box("shelf", (2.4, 1.45, 0.045), (0, WALL_Y - 0.725, -0.0225), limestone(), 0.004),
        "g",
    )
    tiles()
    towels(-0.33, 0.245)
    right_side()

    az, el = -55, 38
    key = kit.sun(az, el, 5.6, 4700, angle_deg=2.6)
    kit.softbox(-72, 30, 2.2, (1.4, 1.6), 30, 5700, (0, 0.3, 0.1))
    kit.softbox(58, 30, 2.4, (1.8, 1.8), 13, 6300, (0, 0.3, 0.1))
    kit.world((0.95, 0.97, 1.0), (0.88, 0.86, 0.82), 0.55)
    dark = kit.plain("gobo", (0.02, 0.02, 0.02))
    frame = kit.gobo_frame(az, el, (0.05, 0.55, 0.16), 2.0)
    kit.gobo(kit.window_gobo(frame, dark, (0.34, 0.44), (5, 4), 0.05), key)
