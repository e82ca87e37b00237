"""Shared camera, light, material and shape helpers for the Blender scripts in this folder.

Scene convention, the same for every set and every product:

- one Blender unit is one metre; the surface's top is z = 0, the product anchor is the origin;
- the camera looks along +y, 8 degrees downward, 70 mm on a 64 mm sensor, so that the
  origin lands on `ANCHOR` of a 2880 x 2160 canvas at `PX_PER_CM` pixels per centimetre, or at
  what a set of other scale asks for: the camera then stands nearer or farther;
- a light's azimuth is measured around the anchor from the camera: 0 behind the camera,
  negative left.

An object tagged with `mask(obj, "r" | "g" | "b")` is white in that channel of the set's
mask picture.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import bpy
from bpy_extras.object_utils import world_to_camera_view
from mathutils import Euler, Matrix, Vector

SIZE_PX = (2880, 2160)
ANCHOR = (0.5, 0.68)
PX_PER_CM = 27.0
FOCAL_MM = 70.0
SENSOR_MM = 64.0
FOCAL_PX = FOCAL_MM / SENSOR_MM * SIZE_PX[0]
PITCH_DEG = 8.0

RGB = tuple[float, float, float]
Socket = bpy.types.NodeSocket
Value = float | tuple[float, ...] | Socket


# --------------------------------------------------------------------------- scene and camera


def reset() -> bpy.types.Scene:
    """Empty the file and return its scene with this folder's render settings."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.use_adaptive_sampling = True
    cycles.adaptive_threshold = 0.035
    cycles.adaptive_min_samples = 8
    cycles.use_fast_gi = True
    cycles.ao_bounces_render = 1
    cycles.use_light_tree = False
    cycles.use_denoising = True
    cycles.denoiser = "OPENIMAGEDENOISE"
    cycles.max_bounces = 6
    cycles.diffuse_bounces = 2
    cycles.glossy_bounces = 3
    cycles.transmission_bounces = 6
    cycles.transparent_max_bounces = 8
    cycles.caustics_reflective = False
    cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 6.0
    cycles.blur_glossy = 1.0
    cycles.seed = 7
    scene.render.use_persistent_data = False
    scene.render.dither_intensity = 1.0
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    return scene


def camera(
    scene: bpy.types.Scene,
    f_stop: float = 2.8,
    focus_offset: float = 0.05,
    px_per_cm: float = PX_PER_CM,
) -> bpy.types.Object:
    """Place the one camera of the convention; `f_stop` 0 switches depth of field off.

    f_stop: as it would be for a table top; nearer and farther sets blur alike.
    """
    data = bpy.data.cameras.new("camera")
    data.sensor_fit = "HORIZONTAL"
    data.sensor_width = SENSOR_MM
    data.lens = FOCAL_MM
    data.clip_start = 0.02
    obj = bpy.data.objects.new("camera", data)
    scene.collection.objects.link(obj)
    obj.rotation_euler = (math.radians(90.0 - PITCH_DEG), 0.0, 0.0)

    depth = FOCAL_PX / (px_per_cm * 100.0)
    below = (ANCHOR[1] - 0.5) * SIZE_PX[1] / FOCAL_PX
    ray = Vector((0.0, -below, -1.0)) * depth
    obj.location = -(Euler(obj.rotation_euler).to_matrix() @ ray)

    data.dof.use_dof = f_stop > 0
    data.dof.focus_distance = depth + focus_offset
    data.dof.aperture_fstop = (f_stop or 8.0) * px_per_cm / PX_PER_CM
    data.dof.aperture_blades = 0
    scene.camera = obj
    scene.render.resolution_x, scene.render.resolution_y = SIZE_PX
    return obj


@dataclass(frozen=True)
class Measured:
    """What the camera really shows, read back by projecting points."""

    anchor: tuple[float, float]
    px_per_cm: float
    horizon_y: float
    distance_cm: float
    """From the lens to the anchor, along the optical axis."""


def measure(scene: bpy.types.Scene) -> Measured:
    """Project the anchor, one centimetre at the anchor and the horizon to canvas fractions."""
    bpy.context.view_layer.update()
    cam = scene.camera

    def canvas(point: Vector) -> tuple[float, float]:
        seen = world_to_camera_view(scene, cam, point)
        return float(seen.x), float(1.0 - seen.y)

    left, right = canvas(Vector((-0.05, 0, 0))), canvas(Vector((0.05, 0, 0)))
    x, y = canvas(Vector((0, 0, 0)))
    far = canvas(cam.location + Vector((0, 1000.0, 0)))
    return Measured(
        anchor=(round(x, 4), round(y, 4)),
        px_per_cm=round((right[0] - left[0]) * SIZE_PX[0] / 10.0, 2),
        horizon_y=round(far[1], 4),
        distance_cm=round(FOCAL_PX / ((right[0] - left[0]) * SIZE_PX[0] / 10.0), 1),
    )


# --------------------------------------------------------------------------- light


def direction(azimuth_deg: float, elevation_deg: float) -> Vector:
    """Unit vector from the anchor towards a light."""
    a, e = math.radians(azimuth_deg), math.radians(elevation_deg)
    return Vector((math.sin(a) * math.cos(e), -math.cos(a) * math.cos(e), math.sin(e)))


def _aim(obj: bpy.types.Object, towards: Vector) -> None:
    obj.rotation_euler = (-towards).to_track_quat("-Z", "Y").to_euler()


def blackbody(kelvin: float) -> RGB:
    """Light colour relative to 6000 K, kept mild: a camera's white balance takes out most of
    it."""
    t = (kelvin - 6000.0) / 1000.0
    return (
        (1.0 - 0.045 * t, 1.0 - 0.006 * t, 1.0 + 0.075 * t)
        if t < 0
        else (1.0 - 0.03 * t, 1.0, 1.0 + 0.03 * t)
    )


def sun(
    azimuth_deg: float,
    elevation_deg: float,
    strength: float,
    kelvin: float = 5500,
    angle_deg: float = 2.5,
) -> bpy.types.Object:
    """A window's direct light; `angle_deg` is the width of the penumbra."""
    data = bpy.data.lights.new("sun", "SUN")
    data.energy = strength
    data.angle = math.radians(angle_deg)
    data.color = blackbody(kelvin)
    obj = bpy.data.objects.new("sun", data)
    bpy.context.scene.collection.objects.link(obj)
    _aim(obj, direction(azimuth_deg, elevation_deg))
    return obj


def softbox(
    azimuth_deg: float,
    elevation_deg: float,
    distance: float,
    size: tuple[float, float],
    watts: float,
    kelvin: float = 6000,
    target: Sequence[float] = (0.0, 0.1, 0.1),
    visible: bool = True,
) -> bpy.types.Object:
    """A rectangular area light aimed at `target`; `visible` lets glossy materials reflect
    it."""
    data = bpy.data.lights.new("softbox", "AREA")
    data.shape = "RECTANGLE"
    data.size, data.size_y = size
    data.energy = watts
    data.color = blackbody(kelvin)
    obj = bpy.data.objects.new("softbox", data)
    bpy.context.scene.collection.objects.link(obj)
    towards = direction(azimuth_deg, elevation_deg)
    obj.location = Vector(target) + towards * distance
    _aim(obj, towards)
    obj.visible_camera = False
    obj.visible_glossy = visible
    return obj


def world(top: RGB, bottom: RGB, strength: float) -> None:
    """A smooth room: `top` overhead fading to `bottom` underfoot."""
    w = bpy.data.worlds.new("room")
    bpy.context.scene.world = w
    w.use_nodes = True
    w.cycles.sampling_method = "NONE"
    tree = w.node_tree
    tree.nodes.clear()
    g = Graph(tree)
    coords = g.add("ShaderNodeTexCoord").outputs["Generated"]
    z = g.add("ShaderNodeSeparateXYZ", Vector=coords).outputs["Z"]
    colour = g.mix(g.remap(z, -0.6, 0.8), (*bottom, 1), (*top, 1))
    background = g.add("ShaderNodeBackground", Color=colour, Strength=strength)
    out = g.add("ShaderNodeOutputWorld")
    tree.links.new(background.outputs[0], out.inputs[0])


def gobo(objects: Iterable[bpy.types.Object], lit_by: bpy.types.Object) -> None:
    """Make `objects` cast shadows from `lit_by` alone and stay unseen otherwise."""
    objects = list(objects)
    for obj in objects:
        obj.visible_camera = False
        obj.visible_diffuse = False
        obj.visible_glossy = False
        obj.visible_transmission = False
    for light in [
        o for o in bpy.context.scene.objects if o.type == "LIGHT" and o is not lit_by
    ]:
        spared = bpy.data.collections.new("not shadowed by gobo")
        for obj in objects:
            spared.objects.link(obj)
        for member in spared.collection_objects:
            member.light_linking.link_state = "EXCLUDE"
        light.light_linking.blocker_collection = spared


def gobo_frame(
    azimuth_deg: float, elevation_deg: float, target: Sequence[float], distance: float
) -> Matrix:
    """Matrix that places a gobo drawn in its own x-y plane square across the light, `distance`
    before `target`."""
    towards = direction(azimuth_deg, elevation_deg)
    rotation = towards.to_track_quat("Z", "Y").to_matrix().to_4x4()
    return Matrix.Translation(Vector(target) + towards * distance) @ rotation


# --------------------------------------------------------------------------- materials


class Graph:
    """Shader nodes in one line each."""

    def __init__(self, tree: bpy.types.NodeTree) -> None:
        self.tree = tree

    def add(
        self, kind: str, props: dict[str, object] | None = None, **inputs: Value
    ) -> bpy.types.Node:
        """Add a node; keyword arguments are inputs (underscores stand for spaces), values or
        sockets."""
        node = self.tree.nodes.new(kind)
        for key, value in (props or {}).items():
            setattr(node, key, value)
        for key, value in inputs.items():
            self.set(node.inputs[key.replace("_", " ")], value)
        return node

    def set(self, socket: Socket, value: Value) -> None:
        """Give an input a constant or a link."""
        if isinstance(value, bpy.types.NodeSocket):
            self.tree.links.new(value, socket)
        else:
            socket.default_value = value

    def math(self, operation: str, a: Value, b: Value = 0.0, c: Value = 0.0) -> Socket:
        """One arithmetic step."""
        node = self.add("ShaderNodeMath", {"operation": operation})
        for socket, value in zip(node.inputs, (a, b, c), strict=False):
            self.set(socket, value)
        return node.outputs[0]

    def remap(
        self, value: Value, low: float, high: float, to_low: float = 0.0, to_high: float = 1.0
    ) -> Socket:
        """Smoothly map `low`..`high` to `to_low`..`to_high`."""
        node = self.add("ShaderNodeMapRange", {"interpolation_type": "SMOOTHSTEP"}, Value=value)
        for name, number in zip(
            ("From Min", "From Max", "To Min", "To Max"),
            (low, high, to_low, to_high),
            strict=True,
        ):
            node.inputs[name].default_value = number
        return node.outputs[0]

    def mix(self, factor: Value, a: Value, b: Value, blend: str = "MIX") -> Socket:
        """Mix two colours."""
        node = self.add("ShaderNodeMix", {"data_type": "RGBA", "blend_type": blend})
        for index, value in ((0, factor), (6, a), (7, b)):
            self.set(node.inputs[index], value)
        return node.outputs[2]

    def coords(
        self, scale: tuple[float, float, float] = (1, 1, 1), vary: bool = True
    ) -> Socket:
        """Object coordinates in metres, shifted at random per object so that no two look
        alike."""
        source = self.add("ShaderNodeTexCoord").outputs["Object"]
        mapping = self.add("ShaderNodeMapping", Vector=source, Scale=scale)
        if vary:
            seed = self.math(
                "MULTIPLY", self.add("ShaderNodeObjectInfo").outputs["Random"], 37.0
            )
            self.set(mapping.inputs["Location"], seed)
        return mapping.outputs[0]

    def noise(
        self,
        vector: Socket,
        scale: float,
        detail: float = 4,
        rough: float = 0.5,
        warp: float = 0,
    ) -> Socket:
        """Noise around 0.5."""
        node = self.add(
            "ShaderNodeTexNoise", Vector=vector, Scale=scale, Detail=detail, Roughness=rough
        )
        node.inputs["Distortion"].default_value = warp
        return node.outputs[0]

    def bump(
        self, height: Socket, strength: float, distance: float, after: Socket | None = None
    ) -> Socket:
        """A bump normal; `distance` in metres."""
        node = self.add("ShaderNodeBump", Height=height, Strength=strength, Distance=distance)
        if after is not None:
            self.set(node.inputs["Normal"], after)
        return node.outputs[0]


def material(
    name: str, colour: RGB, rough: float = 0.5, **inputs: Value
) -> tuple[bpy.types.Material, Graph, bpy.types.Node]:
    """A Principled material with its graph, ready for more nodes."""
    mat = bpy.data.materials.new(name)
    mat.use_nodes = True
    tree = mat.node_tree
    tree.nodes.clear()
    g = Graph(tree)
    shader = g.add(
        "ShaderNodeBsdfPrincipled", Base_Color=(*colour, 1), Roughness=rough, **inputs
    )
    out = g.add("ShaderNodeOutputMaterial")
    tree.links.new(shader.outputs[0], out.inputs[0])
    return mat, g, shader


def simplify_bounces() -> None:
    """Let light that bounces off an opaque, non-metallic material see its plain colour only.

    Grain, veins and relief matter to the eye, not to a room's bounced light; this halves the
    render time.
    """
    for mat in bpy.data.materials:
        tree = mat.node_tree
        shader = (
            next((n for n in tree.nodes if n.type == "BSDF_PRINCIPLED"), None) if tree else None
        )
        if (
            shader is None
            or not shader.outputs[0].is_linked
            or not shader.inputs["Base Color"].is_linked
        ):
            continue
        if (
            shader.inputs["Metallic"].default_value > 0
            or shader.inputs["Transmission Weight"].default_value > 0
        ):
            continue
        target = shader.outputs[0].links[0].to_socket
        g = Graph(tree)
        seen = g.add("ShaderNodeLightPath").outputs["Is Camera Ray"]
        flat = g.add(
            "ShaderNodeBsdfDiffuse", Color=tuple(shader.inputs["Base Color"].default_value)
        )
        mixed = g.add("ShaderNodeMixShader", Fac=seen)
        tree.links.new(flat.outputs[0], mixed.inputs[1])
        tree.links.new(shader.outputs[0], mixed.inputs[2])
        tree.links.new(mixed.outputs[0], target)


def plain(
    name: str, colour: RGB, rough: float = 0.5, uneven: float = 0.08, **inputs: Value
) -> bpy.types.Material:
    """Paint, ceramic, plastic or metal, with roughness and tone that vary a little."""
    mat, g, shader = material(name, colour, rough, **inputs)
    n = g.noise(g.coords(), 9.0, 5)
    g.set(
        shader.inputs["Roughness"],
        g.remap(n, 0.25, 0.75, max(0.02, rough - uneven), min(1, rough + uneven)),
    )
    dark = tuple(c * 0.94 for c in colour)
    g.set(shader.inputs["Base Color"], g.mix(g.remap(n, 0.3, 0.7), (*dark, 1), (*colour, 1)))
    return mat


def plaster(
    name: str, colour: RGB, relief: float = 1.0, cloud: float = 0.10
) -> bpy.types.Material:
    """Hand-trowelled lime plaster: clouds of tone, shallow trowel marks, fine grain."""
    mat, g, shader = material(name, colour, 0.88)
    v = g.coords()
    clouds = g.noise(v, 2.6, 3, 0.55)
    trowel = g.noise(g.coords((9, 9, 16)), 1.0, 2, 0.5, 0.6)
    dark = tuple(c * (1 - 1.2 * cloud) for c in colour)
    light = tuple(min(1.0, c * (1 + 0.5 * cloud)) for c in colour)
    tone = g.mix(g.remap(clouds, 0.3, 0.7), (*dark, 1), (*light, 1))
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.remap(trowel, 0.35, 0.65, 0, 0.16), tone, (*dark, 1)),
    )
    first = g.bump(trowel, 0.20 * relief, 0.004)
    g.set(shader.inputs["Normal"], g.bump(g.noise(v, 260.0, 1), 0.22 * relief, 0.0006, first))
    g.set(shader.inputs["Roughness"], g.remap(clouds, 0.3, 0.7, 0.74, 0.95))
    return mat


def wood(
    name: str,
    dark: RGB,
    light: RGB,
    rough: float = 0.42,
    rings: float = 9.0,
    axis: str = "x",
    contrast: float = 1.0,
) -> bpy.types.Material:
    """Plain-sawn timber along `axis`: ring contours of a stretched noise field, pores and a
    satin finish."""
    mat, g, shader = material(name, light, rough)

    def along(length: float, across: float) -> Socket:
        scales = {
            "x": (length, across, across),
            "y": (across, length, across),
            "z": (across, across, length),
        }
        return g.coords(scales[axis])

    field = g.noise(along(0.9, 7.0), 1.0, 2.5, 0.45, 0.25)
    wave = g.math("SINE", g.math("MULTIPLY", field, rings * 6.283))
    ring = g.remap(wave, -1.0, 1.0)
    fibre = g.noise(along(14.0, 420.0), 1.0, 3, 0.6)
    pores = g.remap(g.noise(along(26.0, 900.0), 1.0, 2, 0.5), 0.60, 0.70)
    patch = g.noise(along(0.8, 3.0), 1.0, 3)
    amount = g.math(
        "ADD",
        g.math("MULTIPLY", ring, 0.42 * contrast),
        g.math("MULTIPLY", g.remap(fibre, 0.3, 0.7), 0.34 * contrast),
    )
    amount = g.math(
        "ADD", amount, g.math("MULTIPLY", g.remap(patch, 0.3, 0.7), 0.30 * contrast)
    )
    tone = g.mix(g.math("MINIMUM", amount, 1.0), (*light, 1), (*dark, 1))
    deep = tuple(c * 0.62 for c in dark)
    g.set(
        shader.inputs["Base Color"],
        g.mix(g.math("MULTIPLY", pores, 0.35 * contrast), tone, (*deep, 1)),
    )
    g.set(shader.inputs["Roughness"], g.remap(fibre, 0.3, 0.7, rough - 0.07, rough + 0.10))
    g.set(shader.inputs["Normal"], g.bump(fibre, 0.10, 0.0006))
    return mat


def marble(name: str, base: RGB, vein: RGB, rough: float = 0.22) -> bpy.types.Material:
    """Honed stone: two families of thin veins in a cloudy ground."""
    mat, g, shader = material(name, base, rough)
    v = g.coords((1, 1.5, 1), vary=False)

    def veins(scale: float, width: float, warp: float) -> Socket:
        distance = g.math("ABSOLUTE", g.math("SUBTRACT", g.noise(v, scale, 7, 0.55, warp), 0.5))
        return g.remap(distance, 0.0, width, 1.0, 0.0)

    where = g.remap(g.noise(v, 2.2, 2), 0.40, 0.66)
    strong = g.math("MULTIPLY", veins(2.0, 0.030, 0.9), where)
    fine = g.math(
        "MULTIPLY", veins(6.0, 0.016, 0.7), g.remap(g.noise(v, 3.1, 2), 0.45, 0.7, 0, 0.6)
    )
    cloud = g.remap(g.noise(v, 3.4, 6, 0.6), 0.30, 0.72, 0, 0.22)
    tone = g.mix(cloud, (*base, 1), (*vein, 1))
    tone = g.mix(g.math("MULTIPLY", strong, 0.50), tone, (*vein, 1))
    g.set(shader.inputs["Base Color"], g.mix(g.math("MULTIPLY", fine, 0.5), tone, (*vein, 1)))
    g.set(
        shader.inputs["Roughness"],
        g.remap(g.noise(v, 24, 4), 0.3, 0.7, rough - 0.05, rough + 0.07),
    )
    return mat


def linen(
    name: str, colour: RGB, thread_mm: float = 1.1, translucent: float = 0.0
) -> bpy.types.Material:
    """Woven cloth: crossed threads of uneven thickness."""
    mat, g, shader = material(name, colour, 0.92, Sheen_Weight=0.25)
    v = g.coords(vary=False)
    per_metre = 1000.0 / thread_mm / 2
    xyz = g.add("ShaderNodeSeparateXYZ", Vector=v)
    wobble = g.math("MULTIPLY", g.noise(v, 40, 3), 5.0)
    warp = g.math(
        "SINE", g.math("ADD", g.math("MULTIPLY", xyz.outputs["X"], per_metre * 6.283), wobble)
    )
    weft = g.math(
        "SINE", g.math("ADD", g.math("MULTIPLY", xyz.outputs["Z"], per_metre * 6.283), wobble)
    )
    slub = g.noise(g.coords((30, 30, 2)), 3.0, 3)
    height = g.math("MULTIPLY", warp, weft)
    dark = tuple(c * 0.86 for c in colour)
    g.set(
        shader.inputs["Base Color"], g.mix(g.remap(slub, 0.35, 0.65), (*dark, 1), (*colour, 1))
    )
    g.set(shader.inputs["Normal"], g.bump(height, 0.25, 0.0004))
    if translucent:
        see = g.add("ShaderNodeBsdfTranslucent", Color=(*colour, 1))
        mixed = g.add("ShaderNodeMixShader", Fac=translucent)
        g.tree.links.new(shader.outputs[0], mixed.inputs[1])
        g.tree.links.new(see.outputs[0], mixed.inputs[2])
        out = next(n for n in g.tree.nodes if n.type == "OUTPUT_MATERIAL")
        g.tree.links.new(mixed.outputs[0], out.inputs[0])
    return mat


def ceramic(
    name: str,
    colour: RGB,
    rough: float = 0.3,
    speckle: float = 0.0,
    fleck: RGB = (0.15, 0.11, 0.08),
) -> bpy.types.Material:
    """Glazed stoneware, with iron flecks when `speckle` is above 0."""
    mat, g, shader = material(name, colour, rough, Coat_Weight=0.25, Coat_Roughness=0.15)
    v = g.coords()
    tone = g.mix(
        g.remap(g.noise(v, 18, 4), 0.3, 0.7), (*(c * 0.93 for c in colour), 1), (*colour, 1)
    )
    if speckle:
        spots = g.remap(g.noise(v, 420, 2), 0.66, 0.72, 0, speckle)
        tone = g.mix(spots, tone, (*fleck, 1))
    g.set(shader.inputs["Base Color"], tone)
    g.set(shader.inputs["Normal"], g.bump(g.noise(v, 30, 3), 0.06, 0.002))
    return mat


def glow(name: str, colour: RGB, strength: float) -> bpy.types.Material:
    """A lit surface."""
    mat = bpy.data.materials.new(name)
    mat.use_nodes = True
    tree = mat.node_tree
    tree.nodes.clear()
    g = Graph(tree)
    emission = g.add("ShaderNodeEmission", Color=(*colour, 1), Strength=strength)
    out = g.add("ShaderNodeOutputMaterial")
    tree.links.new(emission.outputs[0], out.inputs[0])
    return mat


# --------------------------------------------------------------------------- shapes


def mesh_object(
    name: str,
    vertices: Sequence[Sequence[float]],
    faces: Sequence[Sequence[int]],
    mat: bpy.types.Material | None = None,
    location: Sequence[float] = (0, 0, 0),
    rotation_deg: Sequence[float] = (0, 0, 0),
    smooth_deg: float = 180.0,
) -> bpy.types.Object:
    """Make a mesh object; edges sharper than `smooth_deg` stay hard."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(v) for v in vertices], [], [tuple(f) for f in faces])
    mesh.validate()
    mesh.shade_smooth()
    if smooth_deg < 180:
        mesh.set_sharp_from_angle(angle=math.radians(smooth_deg))
    if mat:
        mesh.materials.append(mat)
    obj = bpy.data.objects.new(name, mesh)
    obj.location = location
    obj.rotation_euler = [math.radians(a) for a in rotation_deg]
    bpy.context.scene.collection.objects.link(obj)
    return obj


def mask(obj: bpy.types.Object, channel: str) -> bpy.types.Object:
    """Tag an object for the mask picture."""
    obj["mask"] = channel
    return obj


def bevel(
    obj: bpy.types.Object, width: float, segments: int = 4, angle_deg: float = 35
) -> bpy.types.Object:
    """Round every edge sharper than `angle_deg`."""
    modifier = obj.modifiers.new("bevel", "BEVEL")
    modifier.width = width
    modifier.segments = segments
    modifier.limit_method = "ANGLE"
    modifier.angle_limit = math.radians(angle_deg)
    modifier.harden_normals = True
    return obj


def box(
    name: str,
    size: tuple[float, float, float],
    location: Sequence[float],
    mat: bpy.types.Material,
    rounding: float = 0.002,
    rotation_deg: Sequence[float] = (0, 0, 0),
) -> bpy.types.Object:
    """A box by its size and centre, with rounded edges."""
    x, y, z = (s / 2 for s in size)
    v = [
        (-x, -y, -z),
        (x, -y, -z),
        (x, y, -z),
        (-x, y, -z),
        (-x, -y, z),
        (x, -y, z),
        (x, y, z),
        (-x, y, z),
    ]
    f = [(0, 3, 2, 1), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
    obj = mesh_object(name, v, f, mat, location, rotation_deg)
    return bevel(obj, rounding) if rounding else obj


def prism(
    name: str,
    outline: Sequence[tuple[float, float]],
    depth: float,
    mat: bpy.types.Material,
    location: Sequence[float],
    rounding: float = 0.003,
    rotation_deg: Sequence[float] = (0, 0, 0),
) -> bpy.types.Object:
    """An x-z outline (counter-clockwise seen from the camera) made `depth` thick along y."""
    n = len(outline)
    v = [(x, -depth / 2, z) for x, z in outline] + [(x, depth / 2, z) for x, z in outline]
    f: list[tuple[int, ...]] = [tuple(range(n)), tuple(range(2 * n - 1, n - 1, -1))]
    f += [(i, i + n, (i + 1) % n + n, (i + 1) % n) for i in range(n)]
    obj = mesh_object(name, v, f, mat, location, rotation_deg, smooth_deg=40)
    return bevel(obj, rounding, angle_deg=50) if rounding else obj


def arch_outline(width: float, height: float, steps: int = 48) -> list[tuple[float, float]]:
    """A door with a round head, standing on z = 0."""
    r = width / 2
    head = [
        (r * math.cos(t), height - r + r * math.sin(t))
        for t in (math.pi * i / steps for i in range(steps + 1))
    ]
    return [(-r, 0.0), (r, 0.0), *head]


def wall_with_arch(
    name: str,
    width: float,
    height: float,
    opening: tuple[float, float],
    at_x: float,
    depth: float,
    mat: bpy.types.Material,
    location: Sequence[float],
    steps: int = 48,
) -> bpy.types.Object:
    """A wall standing on z = 0 with a round-headed opening of (width, height) at `at_x`, and
    its reveal."""
    r, top = opening[0] / 2, opening[1]
    head = [
        (at_x - r * math.cos(t), top - r + r * math.sin(t))
        for t in (math.pi * i / steps for i in range(steps + 1))
    ]
    inner = [(at_x - r, 0.0), *head, (at_x + r, 0.0)]
    n = len(inner)
    v: list[tuple[float, float, float]] = [(x, 0, z) for x, z in inner] + [
        (x, depth, z) for x, z in inner
    ]
    f: list[tuple[int, ...]] = [(i, i + 1, i + 1 + n, i + n) for i in range(n - 1)]
    base = len(v)
    v += [(x, 0, height) for x, _ in inner] + [
        (-width / 2, 0, 0),
        (-width / 2, 0, height),
        (width / 2, 0, 0),
        (width / 2, 0, height),
    ]
    f += [
        (i, base + i, base + i + 1, i + 1)
        for i in range(n - 1)
        if inner[i][0] != inner[i + 1][0]
    ]
    left, right = base + n, base + n + 2
    f += [(left, 0, base, left + 1), (n - 1, right, right + 1, base + n - 1)]
    return mesh_object(name, v, f, mat, location, smooth_deg=30)


def rounded_profile(
    points: Sequence[tuple[float, float]], radius: float, steps: int = 5
) -> list[tuple[float, float]]:
    """Replace every inner corner of a polyline by a small arc."""
    out = [points[0]]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        c = Vector(corner)
        a, b = Vector(before) - c, Vector(after) - c
        cut = min(radius, 0.45 * a.length, 0.45 * b.length)
        start, end = c + a.normalized() * cut, c + b.normalized() * cut
        for i in range(steps + 1):
            t = i / steps
            p = start * (1 - t) ** 2 + c * 2 * t * (1 - t) + end * t**2
            out.append((p.x, p.y))
    return [*out, points[-1]]


def lathe(
    name: str,
    profile: Sequence[tuple[float, float]],
    mat: bpy.types.Material,
    location: Sequence[float],
    rounding: float = 0.002,
    steps: int = 96,
    rotation_deg: Sequence[float] = (0, 0, 0),
    wobble: float = 0.0,
) -> bpy.types.Object:
    """Turn a (radius, height) profile around z; corners are rounded, `wobble` makes it
    hand-thrown."""
    profile = rounded_profile(profile, rounding) if rounding else list(profile)
    rng = random.Random(name)
    phase = rng.random() * 6.283
    v: list[tuple[float, float, float]] = []
    for r, z in profile:
        for i in range(steps):
            t = 2 * math.pi * i / steps
            k = 1 + wobble * math.sin(2 * t + phase + z * 20)
            v.append((r * k * math.cos(t), r * k * math.sin(t), z))
    f = []
    for ring in range(len(profile) - 1):
        for i in range(steps):
            a, b = ring * steps + i, ring * steps + (i + 1) % steps
            f.append((a, b, b + steps, a + steps))
    return mesh_object(name, v, f, mat, location, rotation_deg, smooth_deg=60)


def bowl_profile(
    radius: float, height: float, foot: float, wall: float = 0.004, depth: float = 0.9
) -> list[tuple[float, float]]:
    """An open bowl: foot, curved outside, lip, curved inside."""
    outside = [
        (foot + (radius - foot) * math.sin(t), 0.006 + (height - 0.006) * (1 - math.cos(t)))
        for t in (math.pi / 2 * i / 14 for i in range(15))
    ]
    inside = [
        (max(0.0, r - wall), max(z, height * (1 - depth) + 0.004)) for r, z in reversed(outside)
    ]
    return [
        (0.0, 0.002),
        (foot * 0.8, 0.002),
        (foot * 0.85, 0.0),
        (foot, 0.0),
        *outside,
        *inside,
        (0.0, inside[-1][1]),
    ]


def tube(
    name: str,
    points: Sequence[Sequence[float]],
    radius: float | Sequence[float],
    mat: bpy.types.Material,
    location: Sequence[float] = (0, 0, 0),
    rotation_deg: Sequence[float] = (0, 0, 0),
) -> bpy.types.Object:
    """A smooth tube through `points`; `radius` may vary along it."""
    data = bpy.data.curves.new(name, "CURVE")
    data.dimensions = "3D"
    data.bevel_depth = 1.0
    data.bevel_resolution = 5
    data.use_fill_caps = True
    data.resolution_u = 10
    spline = data.splines.new("NURBS")
    spline.points.add(len(points) - 1)
    radii = [radius] * len(points) if isinstance(radius, float | int) else list(radius)
    for point, p, r in zip(spline.points, points, radii, strict=True):
        point.co = (*p, 1)
        point.radius = r
    spline.use_endpoint_u = True
    spline.order_u = min(4, len(points))
    data.materials.append(mat)
    obj = bpy.data.objects.new(name, data)
    obj.location = location
    obj.rotation_euler = [math.radians(a) for a in rotation_deg]
    bpy.context.scene.collection.objects.link(obj)
    return obj


def grid(
    name: str,
    nu: int,
    nv: int,
    shape: Callable[[float, float], tuple[float, float, float]],
    mat: bpy.types.Material,
    location: Sequence[float] = (0, 0, 0),
    rotation_deg: Sequence[float] = (0, 0, 0),
    smooth_deg: float = 180,
) -> bpy.types.Object:
    """A sheet over u, v in 0..1."""
    v = [shape(i / nu, j / nv) for j in range(nv + 1) for i in range(nu + 1)]
    f = [
        (
            j * (nu + 1) + i,
            j * (nu + 1) + i + 1,
            (j + 1) * (nu + 1) + i + 1,
            (j + 1) * (nu + 1) + i,
        )
        for j in range(nv)
        for i in range(nu)
    ]
    return mesh_object(name, v, f, mat, location, rotation_deg, smooth_deg)


def cushion(
    name: str,
    size: tuple[float, float, float],
    mat: bpy.types.Material,
    location: Sequence[float],
    rotation_deg: Sequence[float] = (0, 0, 0),
    square: float = 0.35,
) -> bpy.types.Object:
    """A filled cushion: width, thickness, height, with soft dents."""
    rng = random.Random(name)
    a, b, c = rng.random() * 6, rng.random() * 6, rng.random() * 6
    w, d, h = (s / 2 for s in size)
    nu, nv = 48, 32

    def power(x: float, p: float) -> float:
        return math.copysign(abs(x) ** p, x)

    def shape(u: float, t: float) -> tuple[float, float, float]:
        lon, lat = 2 * math.pi * u, math.pi * (t - 0.5)
        x = power(math.cos(lon), square) * power(math.cos(lat), 0.75)
        z = power(math.sin(lon), square) * power(math.cos(lat), 0.75)
        y = math.sin(lat) * (1 - 0.35 * max(abs(x), abs(z)) ** 3)
        dent = (
            1
            + 0.05 * math.sin(3 * x + a) * math.sin(2.5 * z + b)
            + 0.03 * math.sin(6 * x + 4 * z + c)
        )
        return (x * w, y * d * dent, z * h)

    return grid(name, nu, nv, shape, mat, location, rotation_deg)


def leaf(
    name: str, length: float, width: float, mat: bpy.types.Material, curl: float = 0.3
) -> bpy.types.Mesh:
    """Mesh of one leaf along +x, its tip drooping."""

    def shape(u: float, t: float) -> tuple[float, float, float]:
        half = width / 2 * math.sin(math.pi * min(1, u**0.75)) ** 0.85
        s = 2 * t - 1
        return (u * length, s * half, -curl * length * u * u + 0.25 * half * abs(s))

    obj = grid(name, 10, 6, shape, mat)
    mesh = obj.data
    bpy.data.objects.remove(obj)
    return mesh


def instance(
    mesh: bpy.types.Mesh,
    location: Sequence[float],
    rotation: Sequence[float],
    scale: float = 1.0,
) -> bpy.types.Object:
    """One more object of a mesh; rotation in radians."""
    obj = bpy.data.objects.new(mesh.name, mesh)
    obj.location, obj.rotation_euler, obj.scale = location, rotation, (scale,) * 3
    bpy.context.scene.collection.objects.link(obj)
    return obj


def herb(
    name: str,
    location: Sequence[float],
    height: float,
    mat: bpy.types.Material,
    leaves: int = 150,
    spread: float = 0.07,
    leaf_cm: float = 3.2,
) -> None:
    """A bushy potted herb."""
    rng = random.Random(name)
    mesh = leaf(name + " leaf", leaf_cm / 100, leaf_cm / 160, mat, 0.35)
    x0, y0, z0 = location
    for _ in range(leaves):
        angle, r, up = (
            rng.random() * 6.283,
            spread * math.sqrt(rng.random()),
            rng.random() ** 0.8,
        )
        reach = r * (0.45 + 0.75 * up)
        place = (
            x0 + reach * math.cos(angle),
            y0 + reach * math.sin(angle),
            z0 + up * height * (1 - 2.5 * r),
        )
        instance(
            mesh,
            place,
            (rng.uniform(-0.5, 0.5), rng.uniform(-0.7, 0.2), angle + rng.uniform(-0.8, 0.8)),
            rng.uniform(0.6, 1.15),
        )


def window_gobo(
    frame: Matrix,
    mat: bpy.types.Material,
    pane: tuple[float, float],
    bars: tuple[int, int],
    bar: float = 0.035,
) -> list[bpy.types.Object]:
    """A window cut out of a dark flat: panes across and up, opaque all around."""
    w, h = pane[0] * bars[0], pane[1] * bars[1]
    reach = 6.0
    rects = [
        (-reach, -w / 2, -reach, reach),
        (w / 2, reach, -reach, reach),
        (-w / 2, w / 2, h / 2, reach),
        (-w / 2, w / 2, -reach, -h / 2),
    ]
    rects += [
        (-w / 2 + pane[0] * i - bar / 2, -w / 2 + pane[0] * i + bar / 2, -h / 2, h / 2)
        for i in range(1, bars[0])
    ]
    rects += [
        (-w / 2, w / 2, -h / 2 + pane[1] * j - bar / 2, -h / 2 + pane[1] * j + bar / 2)
        for j in range(1, bars[1])
    ]
    out = []
    for x0, x1, y0, y1 in rects:
        obj = mesh_object(
            "gobo", [(x0, y0, 0), (x1, y0, 0), (x1, y1, 0), (x0, y1, 0)], [(0, 1, 2, 3)], mat
        )
        obj.matrix_world = frame
        out.append(obj)
    return out


# --------------------------------------------------------------------------- rooms, planting


def sheet(
    name: str,
    x: tuple[float, float],
    y: tuple[float, float] | float,
    z: tuple[float, float] | float,
    mat: bpy.types.Material,
) -> bpy.types.Object:
    """An upright (`y` one number) or level (`z` one number) rectangle."""
    if isinstance(y, tuple):
        v = [(x[0], y[0], z), (x[1], y[0], z), (x[1], y[1], z), (x[0], y[1], z)]
    else:
        v = [(x[0], y, z[0]), (x[1], y, z[0]), (x[1], y, z[1]), (x[0], y, z[1])]
    return mesh_object(name, v, [(0, 1, 2, 3)], mat)


def cyclorama(
    mat: bpy.types.Material, floor: float, back: float, radius: float, half: float = 3.0
) -> bpy.types.Object:
    """Floor and wall in one sweep."""
    path = [(-1.2, floor), (back - radius, floor)]
    path += [
        (back - radius + radius * math.sin(t), floor + radius - radius * math.cos(t))
        for t in (math.pi / 2 * i / 24 for i in range(25))
    ]
    path.append((back, 2.6))
    v = [(x, y, z) for y, z in path for x in (-half, half)]
    f = [(2 * i, 2 * i + 1, 2 * i + 3, 2 * i + 2) for i in range(len(path) - 1)]
    return mesh_object("cyclorama", v, f, mat)


def ball(
    name: str, radius: float, mat: bpy.types.Material, location: Sequence[float]
) -> bpy.types.Object:
    """A sphere about `location`."""
    profile = [
        (radius * math.sin(t), -radius * math.cos(t))
        for t in (math.pi * i / 32 for i in range(33))
    ]
    return lathe(name, profile, mat, location, rounding=0, steps=64)


def planks(
    mat: bpy.types.Material, edges: Sequence[float], width: float, thickness: float
) -> list[bpy.types.Object]:
    """Boards along x between successive `edges` in y, their tops on z = 0, fine joints
    between."""
    return [
        box(
            f"plank {i}",
            (width, far - near - 0.0005, thickness),
            (0.13 * ((i * 7) % 5 - 2), (near + far) / 2, -thickness / 2),
            mat,
            0.0009,
        )
        for i, (near, far) in enumerate(zip(edges, edges[1:], strict=False))
    ]


def stalks(
    name: str,
    foot: Sequence[float],
    height: float,
    mat: bpy.types.Material,
    count: int = 9,
    spread: float = 0.10,
    head: tuple[float, float] = (0.05, 0.009),
    lean: float = 0.0,
) -> None:
    """Dry grasses from one point: bending stems with feathery heads (length, radius)."""
    rng = random.Random(name)
    hair = leaf(name + " hair", head[1] * 2.4, head[1] * 0.13, mat, 0.15)
    x, y, z = foot
    for _ in range(count):
        a, reach = rng.random() * 6.283, spread * math.sqrt(rng.random())
        dx, dy = reach * math.cos(a) + lean, reach * math.sin(a)
        h = height * rng.uniform(0.72, 1.0)
        points = [
            (x + dx * t**1.7, y + dy * t**1.7, z + h * (t - 0.10 * t**3))
            for t in (0.0, 0.35, 0.7, 1.0)
        ]
        tube(name, points, [0.0011, 0.001, 0.0009, 0.0005], mat)
        tip, before = Vector(points[3]), Vector(points[2])
        along = (tip - before).normalized()
        for i in range(70):
            t = i / 70
            girth = math.sin(math.pi * min(1.0, 0.12 + t * 0.9)) ** 0.7
            turn = along * 0.75 + Vector((rng.gauss(0, 1), rng.gauss(0, 1), 0)) * 0.45 * girth
            instance(
                hair,
                tip - along * head[0] * (1 - t),
                turn.to_track_quat("X", "Z").to_euler(),
                0.35 + 0.75 * girth,
            )


# --------------------------------------------------------------------------- plants, flames


def detached(obj: bpy.types.Object) -> bpy.types.Mesh:
    """An object's mesh, to be placed many times by `instance`; the object goes."""
    mesh = obj.data
    bpy.data.objects.remove(obj)
    return mesh


def varied(
    name: str, one: RGB, other: RGB, rough: float = 0.45, **inputs: Value
) -> bpy.types.Material:
    """Leaves, fruit or petals: each object has a tone of its own between two colours."""
    between: RGB = tuple((a + b) / 2 for a, b in zip(one, other, strict=True))
    mat, g, shader = material(name, between, rough, **inputs)
    tone = g.add("ShaderNodeObjectInfo").outputs["Random"]
    g.set(shader.inputs["Base Color"], g.mix(tone, (*one, 1), (*other, 1)))
    return mat


def sprig(
    mesh: bpy.types.Mesh,
    path: Sequence[Sequence[float]],
    count: int,
    rng: random.Random,
    droop: tuple[float, float] = (-0.9, 0.3),
    size: tuple[float, float] = (0.7, 1.15),
) -> None:
    """Leaves of one mesh at random along a polyline, in all directions around it."""
    legs = list(zip(path, path[1:], strict=False))
    for _ in range(count):
        (a, b), t = rng.choice(legs), rng.random()
        place = [p + (q - p) * t for p, q in zip(a, b, strict=True)]
        turn = (rng.uniform(-0.6, 0.6), rng.uniform(*droop), rng.random() * 6.283)
        instance(mesh, place, turn, rng.uniform(*size))


def flame(location: Sequence[float], height: float = 0.022, strength: float = 26.0) -> None:
    """A candle's flame above `location`, and the light it gives."""
    wide = height * 0.19
    shape = [(0, 0), (wide * 0.7, height * 0.10), (wide, height * 0.30)]
    shape += [(wide * 0.62, height * 0.62), (wide * 0.2, height * 0.88), (0, height)]
    lit = glow("flame", (1.0, 0.48, 0.13), strength * 0.75)
    lathe("flame", shape, lit, location, 0.003, 20)
    lamp(Vector(location) + Vector((0, 0, height * 0.6)), strength * height * 1.2, 0.006)


def lamp(
    location: Sequence[float], watts: float, radius: float = 0.02, kelvin: float = 2300
) -> bpy.types.Object:
    """A small bulb or flame as a light; it isn't seen itself."""
    data = bpy.data.lights.new("lamp", "POINT")
    data.energy, data.shadow_soft_size, data.color = watts, radius, blackbody(kelvin)
    obj = bpy.data.objects.new("lamp", data)
    obj.location = location
    bpy.context.scene.collection.objects.link(obj)
    obj.visible_camera = obj.visible_glossy = False
    return obj


def bokeh(
    name: str,
    colours: Sequence[tuple[RGB, float]],
    count: int,
    x: tuple[float, float],
    y: float,
    z: tuple[float, float],
    radius: float,
) -> list[bpy.types.Object]:
    """Lights far beyond the focus, modelled as the discs that a lens would make of them: a few
    samples could not find the points. `colours` are (colour, strength); few discs touch."""
    rng = random.Random(name)
    mats = []
    for colour, strength in colours:
        mat = glow(name, colour, strength)
        g = Graph(mat.node_tree)
        by_type = {node.type: node for node in g.tree.nodes}
        both = g.add("ShaderNodeAddShader")
        clear = g.add("ShaderNodeBsdfTransparent")
        g.tree.links.new(by_type["EMISSION"].outputs[0], both.inputs[0])
        g.tree.links.new(clear.outputs[0], both.inputs[1])
        g.tree.links.new(both.outputs[0], by_type["OUTPUT_MATERIAL"].inputs[0])
        mats.append(mat)
    placed: list[tuple[float, float, float]] = []
    discs = []
    for _ in range(40 * count):
        r = radius * rng.uniform(0.55, 1.15)
        cx, cz = rng.uniform(*x), z[0] + (z[1] - z[0]) * rng.random() ** 1.5
        if len(placed) == count:
            break
        if any(math.hypot(cx - px, cz - pz) < 1.05 * (r + pr) for px, pz, pr in placed):
            continue
        ring = [
            (r * math.cos(t), r * math.sin(t)) for t in (math.pi * i / 20 for i in range(40))
        ]
        v = [(cx + dx, y - 0.001 * len(placed), cz + dz) for dx, dz in ring]
        disc = mesh_object(name, v, [tuple(range(40))], rng.choice(mats))
        disc.visible_shadow = False
        disc.visible_diffuse = False
        placed.append((cx, cz, r))
        discs.append(disc)
    return discs
