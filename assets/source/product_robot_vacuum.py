"""Rundo, the demo robot vacuum, backing into its emptying station.

python product_robot_vacuum.py --help
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable

import bpy
import numpy as np

import kit
import packshot as ps

RADIUS, TOP = 0.172, 0.0780
ROBOT_Y = -0.135  # the robot's middle before the station's front
STATION = (0.300, 0.200, 0.420)
Materials = dict[str, bpy.types.Material]


def materials() -> Materials:
    """Everything the two are made of."""
    return {
        "white": ps.shell("white", (0.86, 0.85, 0.83), 0.38),
        "lacquer": ps.gloss("lacquer", (0.84, 0.83, 0.81), 0.14),
        "hollow": kit.material("hollow", (0.0025, 0.0025, 0.0025), 1.0)[0],
        "clay": ps.gloss("clay", (0.50, 0.455, 0.40), 0.20),
        "sign": kit.plain("sign", (0.16, 0.15, 0.14), 0.4),
        "sand": ps.shell("sand", (0.66, 0.60, 0.52), 0.46),
        "dark": kit.plain("dark", (0.028, 0.028, 0.030), 0.5, 0.05),
        "gap": kit.plain("gap", (0.010, 0.010, 0.010), 0.75),
        "glass": ps.gloss("glass", (0.004, 0.0045, 0.006), 0.09),
        "copper": ps.satin("copper", (0.88, 0.68, 0.52)),
        "steel": ps.satin("steel"),
        "lit": kit.glow("lit", (0.75, 0.93, 1.0), 2.4),
        "bristle": kit.plain("bristle", (0.09, 0.09, 0.095), 0.7),
    }


# --------------------------------------------------------------------------- robot


def girth(z: float) -> float:
    """Radius of the bumper at a height."""
    levels = (0.012, 0.016, 0.024, 0.060, 0.068)
    return float(np.interp(z, levels, (0.1690, 0.1720, 0.1735, 0.1735, 0.1720)))


def arc_band(
    name: str,
    mat: bpy.types.Material,
    half_deg: float,
    levels: list[tuple[float, float]],
    steps: int = 128,
) -> bpy.types.Object:
    """A part of a ring around the front: (radius, height) levels, open towards the back."""
    turns = np.radians(np.linspace(-half_deg, half_deg, steps))
    lines = [[(r * math.sin(t), -r * math.cos(t), z) for t in turns] for r, z in levels]
    return ps.skin(name, lines, mat, smooth_deg=50, closed=False)


def hull(m: Materials) -> list[bpy.types.Object]:
    """Body, bumper, top plate and the seams between them."""
    body = [
        (0.0, 0.0100),
        (0.150, 0.0100),
        (0.166, 0.0130),
        (0.1705, 0.0200),
        (0.1715, 0.0600),
        (0.1705, 0.0700),
        (0.1660, 0.0752),
        (0.1600, 0.0768),
        (0.1545, 0.0770),
        (0.1540, 0.0735),
        (0.0, 0.0735),
    ]
    plate = [(0.0, 0.0772), (0.1460, 0.0772), (0.1522, 0.0766), (0.1530, 0.0735)]
    bumper = [(0.1640, 0.0120), (0.1690, 0.0126), (0.1728, 0.0170), (0.1738, 0.0240)]
    bumper += [(0.1740, 0.0600), (0.1733, 0.0655), (0.1715, 0.0678), (0.1690, 0.0682)]
    line = [(0.1522, 0.0766), (0.1528, 0.0778), (0.1538, 0.0778), (0.1544, 0.0766)]
    parts = [
        kit.lathe("body", body, m["white"], (0, 0, 0), 0.002, 256),
        kit.lathe("plate", plate, m["clay"], (0, 0, 0), 0.0012, 256),
        kit.lathe("plate ring", line, m["copper"], (0, 0, 0), 0, 256),
        arc_band("bumper", m["white"], 96, bumper),
        arc_band("bumper seam", m["gap"], 97, [(0.1718, 0.0676), (0.1716, 0.0704)]),
    ]
    for side in (-1, 1):
        t = math.radians(96.6 * side)
        seam = [(0.1727 * math.sin(t), -0.1727 * math.cos(t), z) for z in (0.0130, 0.0680)]
        parts.append(ps.swept("seam", seam, ps.circle(0.0011, 10), m["gap"], (1, 0, 0)))
    return parts


def windows(m: Materials) -> list[bpy.types.Object]:
    """Dark sensor glass in the bumper, with two lenses and a charging contact below."""
    face = ps.turned(girth)
    band = ps.rounded_rectangle(0.190, 0.0230, 0.0110)
    at = (0.0, 0.0420)
    parts = [
        ps.inlay(
            "window rim",
            face,
            ps.rounded_rectangle(0.1925, 0.0255, 0.0122),
            at,
            m["gap"],
            0.0007,
            0.0003,
        ),
        ps.inlay("window", face, band, at, m["glass"], 0.0011, 0.0005),
    ]
    for x in (-0.022, 0.022):
        parts += [
            ps.inlay(
                "lens ring", face, ps.circle(0.0066, 48), (x, 0.042), m["steel"], 0.0016, 0.0004
            ),
            ps.inlay(
                "lens", face, ps.circle(0.0056, 48), (x, 0.042), m["glass"], 0.0020, 0.0006
            ),
        ]
    pill = ps.rounded_rectangle(0.0120, 0.0018, 0.0008, 4)
    parts.append(ps.inlay("lamp", face, pill, (0.056, 0.042), m["lit"], 0.0014, 0.0001, 3))
    return parts


def turret(m: Materials) -> list[bpy.types.Object]:
    """The laser tower: a dark slotted drum under a lacquered cap."""
    at = (0.0, 0.012, 0.0)
    foot = [(0.0560, 0.0772), (0.0552, 0.0788), (0.0500, 0.0792)]
    drum = [(0.0455, 0.0780), (0.0455, 0.0890)]
    cap = [
        (0.0, 0.0975),
        (0.0450, 0.0973),
        (0.0482, 0.0958),
        (0.0488, 0.0905),
        (0.0470, 0.0893),
    ]
    ring = [(0.0489, 0.0925), (0.0494, 0.0930), (0.0494, 0.0942), (0.0488, 0.0947)]
    parts = [
        kit.lathe("turret foot", foot, m["clay"], at, 0.0008, 128),
        kit.lathe("drum", drum, m["glass"], at, 0, 128),
        kit.lathe("cap", cap, m["lacquer"], at, 0.0014, 160),
        kit.lathe("cap ring", ring, m["copper"], at, 0, 160),
    ]
    for k in range(16):
        t = math.radians(22.5 * k + 6)
        post = [
            (0.0462 * math.sin(t), 0.012 - 0.0462 * math.cos(t), z) for z in (0.078, 0.0905)
        ]
        parts.append(ps.swept("post", post, ps.circle(0.0014, 8), m["dark"], (1, 0, 0)))
    return parts


def keys(m: Materials) -> list[bpy.types.Object]:
    """Two touch keys before the turret: start and home."""

    def deck(x: float, v: float, out: float) -> ps.Point:
        return (x, v, 0.0772 + out)

    parts = []
    for x in (-0.020, 0.020):
        parts.append(
            ps.hoop("key", deck, ps.circle(0.0120, 48), (x, -0.100), m["sign"], 0.0003, 0.0012)
        )
    bolt = [(-0.0032, 0.0050), (-0.0032, -0.0050), (0.0052, 0.0)]
    home = [(0.0, 0.0060), (-0.0060, 0.0008), (-0.0042, 0.0008), (-0.0042, -0.0050)]
    home += [(0.0042, -0.0050), (0.0042, 0.0008), (0.0060, 0.0008)]
    for x, outline in ((-0.020, bolt), (0.020, home)):
        points = [deck(x + u, -0.100 + v, 0.0003) for u, v in outline]
        parts.append(kit.mesh_object("sign", points, [tuple(range(len(points)))], m["sign"]))
    return parts


def brush(m: Materials) -> list[bpy.types.Object]:
    """The side brush, whose arms reach past the bumper."""
    at = (0.118, -0.112)
    hub = [(0.0, 0.004), (0.010, 0.005), (0.011, 0.012), (0.0, 0.013)]
    parts = [kit.lathe("brush hub", hub, m["dark"], (*at, 0.0), 0.001, 40)]
    for k in range(3):
        for strand in np.linspace(-7, 7, 9):
            t = math.radians(120 * k - 32 + strand)
            reach = 0.063 - 0.0010 * abs(strand)
            path = [
                (
                    at[0] + r * math.cos(t),
                    at[1] + r * math.sin(t),
                    0.0075 - 0.006 * (r / 0.063) ** 2,
                )
                for r in np.linspace(0.008, reach, 7)
            ]
            parts.append(ps.swept("bristle", path, ps.circle(0.0006, 5), m["bristle"]))
    return parts


def robot(m: Materials) -> list[bpy.types.Object]:
    """The robot around the origin, front towards the camera."""
    parts = [*hull(m), *windows(m), *turret(m), *keys(m), *brush(m)]
    for side in (-1, 1):
        tyre = [(0.0, -0.012), (0.030, -0.012), (0.034, -0.009), (0.034, 0.009), (0.030, 0.012)]
        at = (side * 0.112, 0.0, 0.034)
        parts.append(kit.lathe("wheel", tyre, m["dark"], at, 0.002, 64, (0, 90, 0)))
    caster = [(0.0, -0.008), (0.012, -0.008), (0.012, 0.008), (0.0, 0.008)]
    at = (0.0, -0.120, 0.012)
    parts.append(kit.lathe("caster", caster, m["dark"], at, 0.003, 40, (0, 90, 0)))
    return parts


# --------------------------------------------------------------------------- station


def ribs(face: Callable[[float, float, float], ps.Point], m: Materials) -> bpy.types.Object:
    """A fluted door, framed by its own flat edge."""
    width, low, high = 0.226, 0.150, 0.345
    pitch = width / 26
    xs = np.linspace(-width / 2, width / 2, 26 * 12 + 1)
    lines = []
    for z, share in ((low, 0.0), (low + 0.003, 1.0), (high - 0.003, 1.0), (high, 0.0)):
        lines.append(
            [
                face(
                    float(x),
                    z,
                    0.0006 + 0.0024 * share * abs(math.sin(math.pi * x / pitch)) ** 0.7,
                )
                for x in xs
            ]
        )
    return ps.skin("door ribs", lines, m["sand"], smooth_deg=60, closed=False)


def station(m: Materials) -> list[bpy.types.Object]:
    """The tower: an arch for the robot, a fluted door, a lid, a ramp."""
    width, depth, height = STATION
    face = ps.flat(0.0)
    tower = ps.block(
        "tower", STATION, m["white"], (0, depth / 2, 0), corner=0.046, edge=0.016, steps=24
    )
    arch = [(-0.125, 0.004), (0.125, 0.004)]
    arch += [
        (0.125 - 0.030 * (1 - math.cos(t)), 0.092 + 0.030 * math.sin(t))
        for t in np.linspace(0, math.pi / 2, 16)
    ]
    arch += [(-x, z) for x, z in reversed(arch[2:])]
    hollow = [face(x, z, 0.0004) for x, z in arch]
    lip = [face(x, z, 0) for x, z in [*arch[1:], arch[0]]]
    section = ps.rounded_rectangle(0.0034, 0.0050, 0.0012, 4)
    parts = [
        tower,
        kit.mesh_object("hollow", hollow, [tuple(range(len(hollow)))], m["hollow"]),
        ps.swept("arch lip", lip, section, m["copper"], (0, 1, 0)),
    ]
    door = ps.rounded_rectangle(0.238, 0.207, 0.010)
    gap = ps.rounded_rectangle(0.2405, 0.2095, 0.0112)
    parts += [
        ps.inlay("door gap", face, gap, (0, 0.2475), m["gap"], 0.0003, 0.0002),
        ps.inlay("door", face, door, (0, 0.2475), m["sand"], 0.0014, 0.0008),
        ribs(ps.flat(-0.0008), m),
    ]
    seam = ps.rounded_rectangle(width + 0.0006, depth + 0.0006, 0.0463, 24)
    lines = [[(x, depth / 2 + y, z) for x, y in seam] for z in (0.3625, 0.3640)]
    parts.append(ps.skin("lid seam", lines, m["gap"]))
    pill = ps.rounded_rectangle(0.0260, 0.0030, 0.0014, 6)
    parts.append(ps.inlay("lamp", face, pill, (0, 0.3870), m["lit"], 0.0005, 0.0002, 4))
    parts.append(ramp(m))
    return parts


def ramp(m: Materials) -> bpy.types.Object:
    """The plate that the robot climbs."""
    outline = ps.rounded_rectangle(0.292, 0.150, 0.030, 10)
    lines = []
    for inset, lift in ((0.0, 0.0), (0.0, 0.0030), (0.0025, 0.0045), (0.140, 0.0060)):
        k = 1 - inset / 0.146
        lines.append([(x * k, -0.030 + y * k, lift) for x, y in outline])
    return ps.skin("ramp", lines, m["dark"], smooth_deg=50)


def build() -> list[bpy.types.Object]:
    """Robot and station."""
    m = materials()
    return [*ps.placed(robot(m), (0.0, ROBOT_Y, 0.0)), *station(m)]


PRODUCT = ps.Product(
    id="rundo-robot-vacuum",
    name="Rundo robot vacuum with emptying station",
    category="robot_vacuum",
    size_cm=(34.8, 42.0, 50.9),
    view_cm=46.0,
    turn_deg=20.0,
    build=build,
)

if __name__ == "__main__":
    sys.exit(ps.run(PRODUCT))
