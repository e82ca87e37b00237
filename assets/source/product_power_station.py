"""Kampvolt, the demo power station: two-tone case, bow handle, lit display, sockets under
flaps so that it suits every market.

python product_power_station.py --help
"""

from __future__ import annotations

import math
import sys

import bpy
import numpy as np

import kit
import packshot as ps

WIDTH, DEPTH, HEIGHT = 0.330, 0.225, 0.252
BODY = 0.205  # height of the case without handle and feet
FOOT = 0.008
END = 0.026  # width of each dark end
MIDDLE = FOOT + BODY / 2
FACE_Y = -DEPTH / 2 + 0.0030
FACE = ps.flat(FACE_Y)


def across(
    name: str, steps: list[tuple[float, float]], outline: ps.Outline, mat: bpy.types.Material
) -> bpy.types.Object:
    """A body along x: the (y, z) outline at every x, drawn in by `inset`."""
    reach_y, reach_z = max(y for y, _ in outline), max(z for _, z in outline)
    lines = [
        [(x, y * (1 - inset / reach_y), MIDDLE + z * (1 - inset / reach_z)) for y, z in outline]
        for x, inset in steps
    ]
    return ps.skin(name, lines, mat, smooth_deg=40, caps=True)


def case(
    pale: bpy.types.Material, dark: bpy.types.Material, gap: bpy.types.Material
) -> list[bpy.types.Object]:
    """The pale middle between two dark ends, a shadow gap at each joint."""
    inner = WIDTH / 2 - END
    arc = np.linspace(0, math.pi / 2, 9)
    small = [(0.0015 * (1 - math.cos(t)), 0.0015 * (1 - math.sin(t))) for t in arc]
    left = [(x - inner, inset) for x, inset in small]
    slim = ps.rounded_rectangle(DEPTH - 0.006, BODY - 0.006, 0.026, 14)
    full = ps.rounded_rectangle(DEPTH, BODY, 0.030, 14)
    core = ps.rounded_rectangle(DEPTH - 0.012, BODY - 0.012, 0.024, 14)
    parts = [
        across("core", [(-inner - 0.01, 0.0), (inner + 0.01, 0.0)], core, gap),
        across("middle", [*left, *((-x, i) for x, i in reversed(left))], slim, pale),
    ]
    round_off = [(END - 0.014 + 0.014 * math.sin(t), 0.014 * (1 - math.cos(t))) for t in arc]
    steps = [(0.0014 + x, inset) for x, inset in small] + round_off
    for side in (-1, 1):
        placed = [(side * (inner + x), inset) for x, inset in steps]
        parts.append(across("end", placed, full, dark))
    return parts


def vents(dark: bpy.types.Material, gap: bpy.types.Material) -> list[bpy.types.Object]:
    """Louvres on both ends."""
    parts = []
    for side in (-1, 1):
        x = side * (WIDTH / 2 - 0.0004)
        for k in range(9):
            z = FOOT + 0.055 + k * 0.0115
            outline = ps.rounded_rectangle(0.120, 0.0055, 0.0027, 6)
            lines = [
                [(x + side * out, y * s, z + w * s) for y, w in outline]
                for s, out in ((1.0, 0.0008), (0.985, 0.0010), (0.001, 0.0010))
            ]
            parts.append(ps.skin("louvre", lines, gap))
            bar = ps.rounded_rectangle(0.116, 0.0018, 0.0008, 4)
            lines = [
                [(x + side * out, y * s, z + 0.0012 + w * s) for y, w in bar]
                for s, out in ((1.0, 0.0009), (0.98, 0.0016), (0.001, 0.0016))
            ]
            parts.append(ps.skin("louvre edge", lines, dark))
    return parts


def handle(
    dark: bpy.types.Material, grip: bpy.types.Material, accent: bpy.types.Material
) -> list[bpy.types.Object]:
    """A fixed bow over the top with a soft grip."""
    top, base = HEIGHT - 0.017, FOOT + BODY - 0.020
    path: list[ps.Point] = []
    half, bend = WIDTH / 2 - 0.018, 0.034
    for z in np.linspace(base, top - bend, 6):
        path.append((-half, 0.0, float(z)))
    for t in np.linspace(0, math.pi / 2, 14)[1:]:
        path.append((-half + bend * (1 - math.cos(t)), 0.0, top - bend + bend * math.sin(t)))
    path += [(float(x), 0.0, top) for x in np.linspace(-half + bend, half - bend, 24)[1:-1]]
    path += [(-x, y, z) for x, y, z in reversed(path[:20])]
    parts = [
        ps.swept("bow", path, ps.rounded_rectangle(0.034, 0.015, 0.0055, 6), dark, (0, 1, 0))
    ]
    sleeve = [(float(x), 0.0, top) for x in np.linspace(-0.078, 0.078, 40)]
    parts.append(
        ps.swept("grip", sleeve, ps.rounded_rectangle(0.0375, 0.0185, 0.0072, 6), grip)
    )
    for x in np.linspace(-0.066, 0.066, 23):
        rib = [(float(x) - 0.0012, 0.0, top), (float(x) + 0.0012, 0.0, top)]
        section = ps.rounded_rectangle(0.0387, 0.0197, 0.0078, 6)
        parts.append(ps.swept("rib", rib, section, grip))
    for side in (-1, 1):
        collar = [(side * 0.0785, 0.0, top), (side * 0.0815, 0.0, top)]
        section = ps.rounded_rectangle(0.0385, 0.0195, 0.0076, 6)
        parts.append(ps.swept("collar", collar, section, accent))
    return parts


def display(at: tuple[float, float]) -> list[bpy.types.Object]:
    """Charge in a ring, watts in and out, time left."""
    glass = ps.gloss("glass", (0.004, 0.0045, 0.006))
    rim = kit.plain("display rim", (0.03, 0.03, 0.032), 0.35, 0.04)
    lit = kit.glow("figures", (0.90, 0.97, 1.0), 2.2)
    green = kit.glow("charge", (0.30, 0.95, 0.45), 1.9)
    dim = kit.glow("quiet", (0.55, 0.62, 0.68), 0.55)
    amber = kit.glow("output", (1.0, 0.52, 0.12), 1.7)
    x, z = at
    out = 0.0026
    parts = [
        ps.inlay(
            "rim", FACE, ps.rounded_rectangle(0.118, 0.066, 0.011), at, rim, 0.0019, 0.0004
        ),
        ps.inlay(
            "glass", FACE, ps.rounded_rectangle(0.113, 0.061, 0.009), at, glass, 0.0023, 0.0004
        ),
        ps.lettering(
            "charge", FACE, "86", 0.0200, (x - 0.0295, z + 0.0008), lit, out, "Medium"
        ),
        ps.lettering("percent", FACE, "%", 0.0074, (x - 0.0295, z - 0.0118), dim, out),
        ps.lettering("in", FACE, "240", 0.0115, (x + 0.0190, z + 0.0125), lit, out),
        ps.lettering("in watt", FACE, "W", 0.0070, (x + 0.0375, z + 0.0113), dim, out),
        ps.lettering("out", FACE, "128", 0.0115, (x + 0.0190, z - 0.0125), lit, out),
        ps.lettering("out watt", FACE, "W", 0.0070, (x + 0.0375, z - 0.0137), dim, out),
    ]
    for share, mat, start in ((0.86, green, 0.0), (0.125, dim, 0.868)):
        turns = math.pi / 2 - 2 * math.pi * np.linspace(start, start + share, 80)
        lines = [
            [FACE(x - 0.0295 + r * math.cos(t), z + r * math.sin(t), out) for t in turns]
            for r in (0.0245, 0.0215)
        ]
        parts.append(ps.skin("charge ring", lines, mat, closed=False))
    for dz, way, mat in ((0.0125, 1, green), (-0.0125, -1, amber)):
        tip = [(-0.0030 * way, 0.0034), (-0.0030 * way, -0.0034), (0.0030 * way, 0.0)]
        points = [FACE(x + 0.0005 + u, z + dz + w, out) for u, w in tip]
        parts.append(kit.mesh_object("arrow", points, [(0, 1, 2)], mat))
    line = ps.rounded_rectangle(0.047, 0.0006, 0.0002, 3)
    parts.append(ps.inlay("rule", FACE, line, (x + 0.022, z), dim, out, 0.0001, 3, depth=0))
    return parts


def socket(
    outline: ps.Outline,
    at: tuple[float, float],
    rim: bpy.types.Material,
    hole: bpy.types.Material,
    tongue: tuple[float, float],
    metal: bpy.types.Material,
) -> list[bpy.types.Object]:
    """A port: a raised rim, a dark hole and the contact tongue in it."""
    wide = [(u * 1.0, w * 1.0) for u, w in outline]
    reach_u = max(u for u, _ in wide)
    reach_w = max(w for _, w in wide)
    grown = [(u * (1 + 0.0014 / reach_u), w * (1 + 0.0014 / reach_w)) for u, w in wide]
    bar = ps.rounded_rectangle(*tongue, min(tongue) / 3, 4)
    shift = 0.0 if min(tongue) < 0.001 else 0.0012
    return [
        ps.inlay("port rim", FACE, grown, at, rim, 0.0016, 0.0005),
        ps.inlay("port", FACE, wide, at, hole, 0.0017, 0.0001, 3),
        ps.inlay("tongue", FACE, bar, (at[0], at[1] + shift), metal, 0.0018, 0.0001, 3),
    ]


def key(
    at: tuple[float, float], mats: tuple[bpy.types.Material, ...], radius: float = 0.0068
) -> list[bpy.types.Object]:
    """A round push button with a power sign."""
    gap, cap, lit = mats
    x, z = at
    turns = np.linspace(math.radians(130), math.radians(410), 40)
    r = radius * 0.40
    lines = [
        [FACE(x + k * math.cos(t), z + k * math.sin(t), 0.0032) for t in turns]
        for k in (r, r * 0.74)
    ]
    stroke = ps.rounded_rectangle(r * 0.26, r * 0.85, r * 0.12, 4)
    return [
        ps.inlay("key gap", FACE, ps.circle(radius + 0.0009), at, gap, 0.0012, 0.0002, 4),
        ps.inlay("key", FACE, ps.circle(radius), at, cap, 0.0030, 0.0010),
        ps.skin("power sign", lines, lit, closed=False),
        ps.inlay("stroke", FACE, stroke, (x, z + r * 0.75), lit, 0.0032, 0.0001, 3, depth=0),
    ]


def flap(
    at: tuple[float, float], size: tuple[float, float], mats: tuple[bpy.types.Material, ...]
) -> list[bpy.types.Object]:
    """A rubber cover over a mains socket, with hinge, pull tab and an embossed plug."""
    gap, rubber = mats
    x, z = at
    w, h = size
    face = ps.rounded_rectangle(w, h, 0.008)
    tab = ps.rounded_rectangle(0.017, 0.0060, 0.0029, 6)
    parts = [
        ps.inlay(
            "flap gap",
            FACE,
            ps.rounded_rectangle(w + 0.002, h + 0.002, 0.009),
            at,
            gap,
            0.0008,
            0.0003,
        ),
        ps.inlay("flap", FACE, face, at, rubber, 0.0030, 0.0012),
        ps.hoop(
            "flap bead",
            FACE,
            ps.rounded_rectangle(w - 0.008, h - 0.008, 0.005),
            at,
            gap,
            0.0031,
            0.0007,
        ),
        ps.inlay("tab", FACE, tab, (x, z - h / 2 - 0.0010), rubber, 0.0042, 0.0012),
    ]
    wave = [(-0.0105 + 0.021 * k / 40) for k in range(41)]
    lines = [
        [FACE(x + u, z + 0.0038 * math.sin(u / 0.0105 * math.pi) + d, 0.0033) for u in wave]
        for d in (-0.0006, 0.0006)
    ]
    parts.append(ps.skin("alternating sign", lines, gap, closed=False))
    return parts


def lamp(at: tuple[float, float]) -> list[bpy.types.Object]:
    """A diffused light bar, off, in a bright bezel."""
    bezel = ps.satin("lamp bezel", (0.62, 0.61, 0.60))
    milk = ps.gloss("lamp", (0.88, 0.88, 0.84), 0.25)
    outer = ps.rounded_rectangle(0.118, 0.0130, 0.0060)
    inner = ps.rounded_rectangle(0.115, 0.0100, 0.0049)
    return [
        ps.inlay("lamp bezel", FACE, outer, at, bezel, 0.0018, 0.0006),
        ps.inlay("lamp", FACE, inner, at, milk, 0.0024, 0.0010),
    ]


Materials = dict[str, bpy.types.Material]


def materials() -> Materials:
    """Everything the station is made of."""
    return {
        "pale": ps.shell("pale case", (0.82, 0.80, 0.765), 0.42),
        "dark": ps.shell("dark ends", (0.030, 0.032, 0.036), 0.50),
        "panel": ps.shell("panel", (0.017, 0.018, 0.020), 0.46),
        "rubber": kit.plain("rubber", (0.034, 0.035, 0.038), 0.74, 0.05),
        "gap": kit.plain("gap", (0.010, 0.010, 0.010), 0.7),
        "accent": ps.shell("accent", (0.92, 0.30, 0.045), 0.40),
        "steel": ps.satin("port steel", (0.62, 0.61, 0.60)),
        "sign": kit.glow("sign", (0.85, 0.92, 0.95), 0.9),
        "on": kit.glow("on", (0.35, 0.95, 0.5), 1.6),
    }


def panel(m: Materials) -> list[bpy.types.Object]:
    """The dark front plate in its shadow gap."""
    gap = ps.rounded_rectangle(0.264, 0.168, 0.015)
    plate = ps.rounded_rectangle(0.262, 0.166, 0.014)
    return [
        ps.inlay("panel gap", FACE, gap, (0, MIDDLE), m["gap"], 0.0002, 0.0001),
        ps.inlay("panel", FACE, plate, (0, MIDDLE), m["panel"], 0.0012, 0.0008, 6),
    ]


def ports(m: Materials) -> list[bpy.types.Object]:
    """Two USB-C, two USB-A, two barrel sockets and a capped car socket."""
    usb_c = ps.rounded_rectangle(0.0092, 0.0034, 0.00168, 8)
    usb_a = ps.rounded_rectangle(0.0132, 0.0058, 0.0006, 4)
    row, low = MIDDLE - 0.0150, MIDDLE - 0.0425
    gap, steel, rubber = m["gap"], m["steel"], m["rubber"]
    parts = []
    for x in (-0.104, -0.080):
        parts += socket(usb_c, (x, row), steel, gap, (0.0066, 0.0007), steel)
        parts += [
            ps.inlay("dc rim", FACE, ps.circle(0.0060), (x, low), steel, 0.0022, 0.0005),
            ps.inlay("dc", FACE, ps.circle(0.0046), (x, low), gap, 0.0023, 0.0001, 3),
            ps.inlay("dc pin", FACE, ps.circle(0.0013, 24), (x, low), steel, 0.0025, 0.0003, 3),
        ]
    for x in (-0.053, -0.028):
        parts += socket(usb_a, (x, row), steel, gap, (0.0112, 0.0020), rubber)
    car = (-0.040, low)
    return [
        *parts,
        ps.inlay("car rim", FACE, ps.circle(0.0145), car, rubber, 0.0030, 0.0010),
        ps.inlay("car cap", FACE, ps.circle(0.0120), car, rubber, 0.0040, 0.0010),
        ps.hoop("car bead", FACE, ps.circle(0.0095), car, gap, 0.0042, 0.0008),
    ]


def mains(m: Materials) -> list[bpy.types.Object]:
    """Two covered mains sockets with their keys, one of them on."""
    parts = []
    for z, sign in ((0.0430, m["on"]), (-0.0300, m["sign"])):
        parts += flap((0.052, MIDDLE + z), (0.056, 0.056), (m["gap"], m["rubber"]))
        parts += key((0.106, MIDDLE + z), (m["gap"], m["dark"], sign), 0.0085)
    return parts


def feet(m: Materials) -> list[bpy.types.Object]:
    """Four rubber feet."""
    pad = [(0, 0), (0.0130, 0), (0.0140, FOOT + 0.004), (0, FOOT + 0.004)]
    places = [(x, y, 0) for x in (-0.125, 0.125) for y in (-0.080, 0.080)]
    return [kit.lathe("foot", pad, m["rubber"], at, 0.001, 40) for at in places]


def build() -> list[bpy.types.Object]:
    """The power station."""
    m = materials()
    return [
        *case(m["pale"], m["dark"], m["gap"]),
        *vents(m["dark"], m["gap"]),
        *handle(m["dark"], m["rubber"], m["accent"]),
        *panel(m),
        *display((-0.063, MIDDLE + 0.040)),
        *lamp((-0.063, MIDDLE - 0.0700)),
        *ports(m),
        *mains(m),
        *feet(m),
    ]


PRODUCT = ps.Product(
    id="kampvolt-power-station",
    name="Kampvolt power station",
    category="power_station",
    size_cm=(33.0, 25.2, 22.5),
    view_cm=33.0,
    turn_deg=20.0,
    build=build,
)

if __name__ == "__main__":
    sys.exit(ps.run(PRODUCT))
