"""What the packshots of all products share: camera, light, crop, product.yaml, shapes.

A product script models its product in metres, feet on z = 0 and front towards -y, and hands a
`Product` to `run`. The stage is normalised: whatever is 25 cm large on it is seen by the sets'
camera from the sets' distance, so a product of another size is scaled to 25 cm for the shot.
A packshot therefore has the perspective that its product has in a set made for its size.
"""

from __future__ import annotations

import argparse
import functools
import math
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
import yaml
from fontpkg_inter import __file__ as inter_package
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import OverlapMode, instantiateVariableFont
from mathutils import Euler, Matrix, Vector
from PIL import Image

import kit
import passes

PRODUCTS = Path(__file__).resolve().parent.parent / "products"
MARGIN = 0.02
LONG_SIDE = 1280
STAGE_M = 0.25
"""Size that every product has on the stage."""
DISTANCE_M = 7 / 6
"""From the lens to the anchor along the optical axis, as in a set of 27 px/cm."""
BELOW = 0.18 * 2160 / 3150
"""How far below the optical axis the anchor lies, as a tangent: 0.68 of a set's canvas."""
WEIGHTS = {"Light": 300, "Regular": 400, "Medium": 500, "SemiBold": 600}

Point = tuple[float, float, float]
Ring = tuple[float, float, float, float]
"""Height, half width, half depth and squareness of a superellipse."""
Outline = Sequence[tuple[float, float]]
Surface = Callable[[float, float, float], Point]
"""Point of a product's face over (x, z), lifted by the third argument in metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product and how it is photographed."""

    id: str
    name: str
    category: str
    """A key of the benefit catalogue."""
    size_cm: Point
    """Width, height and depth without loose parts."""
    view_cm: float
    """What stands for 25 cm on the stage; as a rule the longer of width and height."""
    turn_deg: float
    build: Callable[[], list[bpy.types.Object]]
    exposure: float = 0.22
    key: float = 1.0
    """Strength of the main light."""


# --------------------------------------------------------------------------- stage


def stand(product: Product, parts: Sequence[bpy.types.Object]) -> bpy.types.Object:
    """Turn and scale the model for the stage, its front foot on the anchor."""
    root = bpy.data.objects.new("product", None)
    bpy.context.scene.collection.objects.link(root)
    for part in parts:
        if part.parent is None:
            part.parent = root
    root.scale = (STAGE_M * 100 / product.view_cm,) * 3
    root.rotation_euler = (0, 0, math.radians(product.turn_deg))
    seen = world_points(parts)
    low = float(seen[:, 2].min())
    foot = seen[seen[:, 2] < low + 0.0015]
    root.location = (0, -float(foot[:, 1].min()), -low)
    bpy.context.view_layer.update()
    return root


def world_points(parts: Iterable[bpy.types.Object]) -> np.ndarray:
    """Every vertex of the finished meshes, (n, 3), in metres on the stage."""
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    found = []
    for part in parts:
        if part.type not in {"MESH", "CURVE", "FONT"}:
            continue
        mesh = part.evaluated_get(graph).to_mesh()
        points = np.empty(len(mesh.vertices) * 3)
        mesh.vertices.foreach_get("co", points)
        matrix = np.array(part.matrix_world)
        found.append(points.reshape(-1, 3) @ matrix[:3, :3].T + matrix[:3, 3])
    return np.concatenate(found)


def camera() -> bpy.types.Object:
    """The sets' camera: looks along +y, 8° down, the anchor below the middle."""
    obj = bpy.data.objects.new("camera", bpy.data.cameras.new("camera"))
    scene = bpy.context.scene
    scene.collection.objects.link(obj)
    obj.rotation_euler = (math.radians(90.0 - kit.PITCH_DEG), 0.0, 0.0)
    ray = Vector((0.0, -BELOW, -1.0)) * DISTANCE_M
    obj.location = -(Euler(obj.rotation_euler).to_matrix() @ ray)
    obj.data.sensor_fit = "HORIZONTAL"
    obj.data.clip_start = 0.02
    scene.camera = obj
    return obj


def frame_on(parts: Sequence[bpy.types.Object], long_side: int) -> float:
    """Shift and magnify the view until the model fills it; returns the focal length in
    pixels."""
    view = bpy.context.scene.camera
    bpy.context.view_layer.update()
    world = world_points(parts)
    inverse = np.array(view.matrix_world.inverted())
    seen = world @ inverse[:3, :3].T + inverse[:3, 3]
    x, y = seen[:, 0] / -seen[:, 2], seen[:, 1] / -seen[:, 2]
    width, height = float(np.ptp(x)), float(np.ptp(y))
    focal_px = long_side * (1 - 2 * MARGIN) / max(width, height)
    pad = 0.02 * max(width, height)
    render, data = bpy.context.scene.render, view.data
    render.resolution_x = math.ceil((width + pad) * focal_px)
    render.resolution_y = math.ceil((height + pad) * focal_px)
    render.resolution_percentage = 100
    data.lens = data.sensor_width * focal_px / render.resolution_x
    data.shift_x = float(x.min() + x.max()) / 2 * focal_px / render.resolution_x
    data.shift_y = float(y.min() + y.max()) / 2 * focal_px / render.resolution_x
    return focal_px


def light(side: str, key: float = 1.0) -> None:
    """A soft key from one side, a strip for the edge of the other, a room to reflect and a pale
    table."""
    sign = -1 if side == "left" else 1
    kit.softbox(sign * 50, 45, 1.5, (0.8, 1.0), 47 * key, 5400, (0, 0.12, 0.12))
    kit.softbox(sign * 95, 25, 1.2, (0.35, 1.2), 7, 5300, (0, 0.12, 0.12))
    kit.softbox(-sign * 70, 20, 1.6, (0.8, 1.4), 5, 6300, (0, 0.12, 0.12))
    kit.softbox(sign * 18, 8, 1.9, (1.6, 0.7), 13, 5600, (0, 0.12, 0.08))
    kit.softbox(-sign * 150, 35, 1.5, (0.5, 1.2), 15, 6000, (0, 0.12, 0.16))
    kit.softbox(0, 88, 1.3, (0.8, 0.9), 8, 6000, (0, 0.20, 0.12))
    kit.world((0.95, 0.96, 1.0), (0.62, 0.60, 0.57), 0.30)
    table = kit.plain("table", (0.55, 0.53, 0.50), 0.6)
    corners = [(-2, -2, 0), (2, -2, 0), (2, 3, 0), (-2, 3, 0)]
    kit.mesh_object("table", corners, [(0, 1, 2, 3)], table).visible_camera = False


def cropped(image: Image.Image) -> tuple[Image.Image, tuple[int, int]]:
    """Cut to the alpha box plus the margin; returns the picture and the box's size in
    pixels."""
    pixels = np.asarray(image.convert("RGBA")).copy()
    pixels[pixels[:, :, 3] < 2] = 0
    ys, xs = np.nonzero(pixels[:, :, 3] > 8)
    x0, x1, y0, y1 = int(xs.min()), int(xs.max()) + 1, int(ys.min()), int(ys.max()) + 1
    width, height = x1 - x0, y1 - y0
    margin = round(MARGIN * max(width, height))
    out = np.zeros((height + 2 * margin, width + 2 * margin, 4), np.uint8)
    out[margin : margin + height, margin : margin + width] = pixels[y0:y1, x0:x1]
    return Image.fromarray(out, "RGBA"), (width, height)


def shoot(
    product: Product, side: str, samples: int, long_side: int
) -> tuple[Image.Image, tuple[float, float]]:
    """One packshot and the size of its alpha box in centimetres at the anchor."""
    scene = kit.reset()
    scene.render.film_transparent = True
    scene.view_settings.exposure = product.exposure
    camera()
    parts = product.build()
    stand(product, parts)
    light(side, product.key)
    kit.simplify_bounces()
    focal_px = frame_on(parts, long_side)
    picture, box = cropped(passes.beauty(samples))
    cm_per_px = DISTANCE_M / focal_px * product.view_cm / STAGE_M
    return picture, (box[0] * cm_per_px, box[1] * cm_per_px)


def record(product: Product, visible_cm: tuple[float, float]) -> dict[str, object]:
    """What product.yaml says."""
    width, height, depth = product.size_cm
    return {
        "schema": 1,
        "id": product.id,
        "name": product.name,
        "category": product.category,
        "width_cm": width,
        "height_cm": height,
        "depth_cm": depth,
        "visible_width_cm": round(visible_cm[0], 2),
        "visible_height_cm": round(visible_cm[1], 2),
        "margin": MARGIN,
        "packshots": {"left": "packshot-left.png", "right": "packshot-right.png"},
        "licence": "Apache-2.0",
    }


def run(product: Product) -> int:
    """The command line of a product script: render its packshots, write product.yaml."""
    parser = argparse.ArgumentParser(description=f"Render the packshots of {product.name}.")
    parser.add_argument("--samples", type=int, default=20)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--side", choices=("left", "right", "both"), default="both")
    parser.add_argument("--out", type=Path, default=PRODUCTS / product.id)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for side in ("left", "right") if args.side == "both" else (args.side,):
        started = time.monotonic()
        picture, visible = shoot(product, side, args.samples, round(LONG_SIDE * args.scale))
        picture.save(args.out / f"packshot-{side}.png", optimize=True)
        print(f"{product.id} {side}: {picture.size}, {time.monotonic() - started:.0f} s")
    text = yaml.safe_dump(record(product, visible), sort_keys=False, width=110)
    (args.out / "product.yaml").write_text(text, encoding="utf-8")
    return 0


# --------------------------------------------------------------------------- shapes


def smooth_rings(rings: Sequence[Ring], times: int = 2) -> list[Ring]:
    """Refine a stack of rings with a curve through them (Catmull-Rom)."""
    for _ in range(times):
        out: list[Ring] = []
        for i in range(len(rings) - 1):
            a, b = rings[max(0, i - 1)], rings[i]
            c, d = rings[i + 1], rings[min(len(rings) - 1, i + 2)]
            middle = tuple(
                (9 * (q + r) - p - s) / 16 for p, q, r, s in zip(a, b, c, d, strict=True)
            )
            out += [b, middle]  # type: ignore[list-item]
        rings = [*out, rings[-1]]
    return list(rings)


def ring_points(
    half_width: float, half_depth: float, square: float, z: float, steps: int
) -> list[Point]:
    """A superellipse."""
    points = []
    for i in range(steps):
        t = 2 * math.pi * i / steps
        c, s = math.cos(t), math.sin(t)
        x = half_width * math.copysign(abs(c) ** (2 / square), c)
        y = half_depth * math.copysign(abs(s) ** (2 / square), s)
        points.append((x, y, z))
    return points


def even(points: list[Point]) -> list[Point]:
    """The same closed line with evenly spaced points."""
    line = np.array([*points, points[0]])
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(line, axis=0), axis=1))])
    at = np.linspace(0, lengths[-1], len(points), endpoint=False)
    return [tuple(float(np.interp(d, lengths, line[:, k])) for k in range(3)) for d in at]  # type: ignore[misc]


def skin_faces(
    rings: int, steps: int, *, closed: bool = True, caps: bool = False
) -> list[tuple[int, ...]]:
    """Faces between consecutive rings of `steps` points; `caps` closes both ends."""
    last = steps if closed else steps - 1
    faces: list[tuple[int, ...]] = [
        (
            r * steps + i,
            r * steps + (i + 1) % steps,
            (r + 1) * steps + (i + 1) % steps,
            (r + 1) * steps + i,
        )
        for r in range(rings - 1)
        for i in range(last)
    ]
    if caps:
        faces.append(tuple(reversed(range(steps))))
        faces.append(tuple(range((rings - 1) * steps, rings * steps)))
    return faces


def skin(
    name: str,
    lines: Sequence[Sequence[Point]],
    mat: bpy.types.Material,
    *,
    smooth_deg: float = 50,
    closed: bool = True,
    caps: bool = False,
) -> bpy.types.Object:
    """A surface over lines of equally many points."""
    vertices = [p for line in lines for p in line]
    faces = skin_faces(len(lines), len(lines[0]), closed=closed, caps=caps)
    return kit.mesh_object(name, vertices, faces, mat, smooth_deg=smooth_deg)


def loft(
    name: str,
    rings: Sequence[Ring],
    mat: bpy.types.Material,
    steps: int = 192,
    smooth_deg: float = 50,
    *,
    caps: bool = False,
) -> bpy.types.Object:
    """Skin over a stack of superellipses."""
    lines = [even(ring_points(w, d, n, z, steps * 4))[::4] for z, w, d, n in rings]
    return skin(name, lines, mat, smooth_deg=smooth_deg, caps=caps)


def rounded_rectangle(
    width: float, height: float, radius: float, steps: int = 12
) -> list[tuple[float, float]]:
    """Outline around the origin, counter-clockwise."""
    out = []
    for cx, cy, start in ((1, 1, 0), (-1, 1, 90), (-1, -1, 180), (1, -1, 270)):
        for i in range(steps + 1):
            t = math.radians(start + 90 * i / steps)
            x = cx * (width / 2 - radius) + radius * math.cos(t)
            y = cy * (height / 2 - radius) + radius * math.sin(t)
            out.append((x, y))
    return out


def circle(radius: float, steps: int = 72) -> list[tuple[float, float]]:
    """Outline around the origin, counter-clockwise."""
    turns = (2 * math.pi * i / steps for i in range(steps))
    return [(radius * math.cos(t), radius * math.sin(t)) for t in turns]


def block(
    name: str,
    size: Point,
    mat: bpy.types.Material,
    at: Point = (0, 0, 0),
    *,
    corner: float = 0.02,
    edge: float = 0.006,
    steps: int = 14,
) -> bpy.types.Object:
    """A box standing on `at`, with upright corners of radius `corner` and edges of radius
    `edge`."""
    width, depth, height = size
    turns = [math.pi / 2 * i / 8 for i in range(9)]
    levels = [(edge * (1 - math.sin(t)), edge * (1 - math.cos(t))) for t in turns]
    levels += [(edge * (1 - math.cos(t)), height - edge * (1 - math.sin(t))) for t in turns]
    lines = []
    for inset, z in levels:
        outline = rounded_rectangle(
            width - 2 * inset, depth - 2 * inset, max(corner - inset, 1e-4), steps
        )
        lines.append([(at[0] + x, at[1] + y, at[2] + z) for x, y in outline])
    return skin(name, lines, mat, smooth_deg=40, caps=True)


def finely(outline: Outline, step: float = 0.0025) -> list[tuple[float, float]]:
    """The same closed outline without any edge longer than `step`."""
    out: list[tuple[float, float]] = []
    for (x0, y0), (x1, y1) in zip(outline, [*outline[1:], outline[0]], strict=True):
        pieces = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / step))
        out += [
            (x0 + (x1 - x0) * i / pieces, y0 + (y1 - y0) * i / pieces) for i in range(pieces)
        ]
    return out


def inset(outline: Outline, by: float) -> list[tuple[float, float]]:
    """The outline moved inwards, square to itself."""
    line = np.array(outline)
    along = np.roll(line, -1, axis=0) - np.roll(line, 1, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    moved = line + by * np.stack([-along[:, 1], along[:, 0]], axis=1)
    return [(float(x), float(z)) for x, z in moved]


def flat(y: float) -> Surface:
    """An upright plane at depth `y`, facing the camera."""
    return lambda x, z, out: (x, y - out, z)


def turned(radius: Callable[[float], float]) -> Surface:
    """An upright body of revolution; x is measured along its girth."""

    def at(x: float, z: float, out: float) -> Point:
        r = radius(z)
        return ((r + out) * math.sin(x / r), -(r + out) * math.cos(x / r), z)

    return at


def inlay(
    name: str,
    face: Surface,
    outline: Outline,
    at: tuple[float, float],
    mat: bpy.types.Material,
    out: float,
    edge: float = 0.0008,
    rings: int = 10,
    *,
    depth: float = 0.002,
) -> bpy.types.Object:
    """A panel that follows a face: concentric copies of a star-shaped outline, with a rounded
    edge; a negative `out` sinks it."""
    outline = finely(outline)
    turns = np.linspace(0, math.pi / 2, 5)
    edges = [(edge * (1 - math.cos(t)), out - edge * (1 - math.sin(t))) for t in turns]
    copies = [(outline, -depth)] + [(inset(outline, by), lift) for by, lift in edges]
    inner = copies[-1][0]
    copies += [
        ([(x * k, z * k) for x, z in inner], out) for k in np.linspace(0.97, 0.0005, rings)
    ]
    lines = [[face(at[0] + x, at[1] + z, lift) for x, z in line] for line, lift in copies]
    return skin(name, lines, mat, smooth_deg=40)


def hoop(
    name: str,
    face: Surface,
    outline: Outline,
    at: tuple[float, float],
    mat: bpy.types.Material,
    out: float,
    width: float,
) -> bpy.types.Object:
    """A flat band of the given width along the inside of an outline, lifted off a face."""
    outline = finely(outline)
    lines = [
        [face(at[0] + x, at[1] + z, out) for x, z in line]
        for line in (outline, inset(outline, width))
    ]
    return skin(name, lines, mat)


def lettering(
    name: str,
    face: Surface,
    text: str,
    size: float,
    at: tuple[float, float],
    mat: bpy.types.Material,
    out: float,
    weight: str = "Medium",
    spacing: float = 1.0,
) -> bpy.types.Object:
    """Letters laid on a face, centred on `at`."""
    data = bpy.data.curves.new(name, "FONT")
    data.body, data.size, data.space_character = text, size, spacing
    data.align_x = data.align_y = "CENTER"
    data.resolution_u = 6
    data.font = bpy.data.fonts.load(str(font_file(weight)))
    obj = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(obj)
    bpy.context.view_layer.update()
    graph = bpy.context.evaluated_depsgraph_get()
    mesh = bpy.data.meshes.new_from_object(obj.evaluated_get(graph))
    bpy.data.objects.remove(obj)
    for vertex in mesh.vertices:
        vertex.co = face(at[0] + vertex.co.x, at[1] + vertex.co.y, out)
    mesh.materials.clear()
    mesh.materials.append(mat)
    result = bpy.data.objects.new(name, mesh)
    bpy.context.scene.collection.objects.link(result)
    return result


@functools.cache
def font_file(weight: str) -> Path:
    """A static cut of the variable font Inter from its PyPI package."""
    source = Path(inter_package).parent / "files" / "Inter[opsz,wght].ttf"
    font = instantiateVariableFont(
        TTFont(source), {"wght": WEIGHTS[weight], "opsz": 32}, overlap=OverlapMode.REMOVE
    )
    path = Path(tempfile.mkdtemp(prefix="inter-")) / f"Inter-{weight}.ttf"
    font.save(path)
    return path


def swept(
    name: str,
    path: Sequence[Point],
    section: Outline,
    mat: bpy.types.Material,
    up: Point = (0, 0, 1),
    *,
    smooth_deg: float = 60,
) -> bpy.types.Object:
    """A section (across, up) drawn along a path, closed at both ends."""
    lines = []
    for i, p in enumerate(path):
        along = Vector(path[min(len(path) - 1, i + 1)]) - Vector(path[max(0, i - 1)])
        side = along.normalized().cross(Vector(up)).normalized()
        above = side.cross(along.normalized()).normalized()
        lines.append([tuple(Vector(p) + side * u + above * w) for u, w in section])
    return skin(name, lines, mat, smooth_deg=smooth_deg, caps=True)  # type: ignore[arg-type]


def warped(
    obj: bpy.types.Object, change: Callable[[float, float, float], Point]
) -> bpy.types.Object:
    """Move every vertex of a mesh."""
    for vertex in obj.data.vertices:
        vertex.co = change(*vertex.co)
    return obj


def placed(
    parts: Iterable[bpy.types.Object], at: Point, rotation_deg: Point = (0, 0, 0)
) -> list[bpy.types.Object]:
    """Move a group of parts that were modelled around the origin."""
    angles = Euler([math.radians(a) for a in rotation_deg])
    move = Matrix.Translation(at) @ angles.to_matrix().to_4x4()
    bpy.context.view_layer.update()
    group = list(parts)
    for part in group:
        part.matrix_basis = move @ part.matrix_basis
    return group


# --------------------------------------------------------------------------- materials


def shell(name: str, colour: kit.RGB, rough: float = 0.36) -> bpy.types.Material:
    """Moulded plastic with the finest of grains."""
    mat, g, shader = kit.material(name, colour, rough)
    grain = g.noise(g.coords(), 900.0, 1)
    g.set(shader.inputs["Normal"], g.bump(grain, 0.05, 0.0003))
    return mat


def brushed(
    name: str, colour: kit.RGB = (0.72, 0.70, 0.67), along: Point = (6, 6, 4200)
) -> bpy.types.Material:
    """Brushed metal; `along` is the noise's frequency on each axis, low along the lines."""
    mat, g, shader = kit.material(name, colour, 0.30, Metallic=1.0)
    lines = g.noise(g.coords(along), 1.0, 2)
    g.set(shader.inputs["Roughness"], g.remap(lines, 0.3, 0.7, 0.22, 0.38))
    g.set(shader.inputs["Normal"], g.bump(lines, 0.06, 0.0003))
    return mat


def satin(name: str, colour: kit.RGB = (0.80, 0.79, 0.77)) -> bpy.types.Material:
    """Satin metal without a direction."""
    mat, g, shader = kit.material(name, colour, 0.22, Metallic=1.0)
    fine = g.noise(g.coords((1200, 1200, 1200)), 1.0, 2)
    g.set(shader.inputs["Roughness"], g.remap(fine, 0.3, 0.7, 0.17, 0.27))
    return mat


def gloss(name: str, colour: kit.RGB, rough: float = 0.08) -> bpy.types.Material:
    """Glass over a coloured ground, or piano lacquer."""
    return kit.material(name, colour, rough)[0]


def knit(
    name: str, light_tone: kit.RGB, dark_tone: kit.RGB, radius: float, thread: float
) -> bpy.types.Material:
    """Plain-woven cloth around an upright cylinder of this radius; two tones of thread."""
    mat, g, shader = kit.material(name, light_tone, 0.88, Sheen_Weight=0.18)
    xyz = g.add("ShaderNodeSeparateXYZ", Vector=g.coords(vary=False))
    angle = g.math("ARCTAN2", xyz.outputs["Y"], xyz.outputs["X"])
    around = round(2 * math.pi * radius / thread / 2) * 2 / (2 * math.pi)
    u = g.math("MULTIPLY", angle, around)
    v = g.math("MULTIPLY", xyz.outputs["Z"], 1 / thread)
    odd = g.math("PINGPONG", g.math("ADD", g.math("FLOOR", u), g.math("FLOOR", v)), 1.0)
    across = g.math("ABSOLUTE", g.math("SINE", g.math("MULTIPLY", u, math.pi)))
    along = g.math("ABSOLUTE", g.math("SINE", g.math("MULTIPLY", v, math.pi)))
    crown = g.math("MULTIPLY", across, along)
    lean = g.math("SUBTRACT", across, along)
    height = g.math("ADD", crown, g.math("MULTIPLY", g.math("MULTIPLY", lean, odd), 0.35))
    yarn = g.noise(g.coords((420, 420, 420), vary=False), 1.0, 2)
    slub = g.noise(g.coords((60, 60, 900), vary=False), 1.0, 2)
    mixed = g.remap(g.math("ADD", g.math("MULTIPLY", odd, 0.16), slub), 0.42, 0.72)
    tone = g.mix(mixed, (*light_tone, 1), (*dark_tone, 1))
    pit = g.remap(crown, 0.0, 0.45, 0.55, 1.0)
    fuzzy = g.math("MULTIPLY", pit, g.remap(yarn, 0.2, 0.8, 0.86, 1.08))
    shade = g.add("ShaderNodeCombineColor", Red=fuzzy, Green=fuzzy, Blue=fuzzy)
    g.set(shader.inputs["Base Color"], g.mix(1.0, tone, shade.outputs[0], "MULTIPLY"))
    g.set(shader.inputs["Normal"], g.bump(height, 0.7, 0.0009))
    return mat
