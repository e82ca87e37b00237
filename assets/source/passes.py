"""Render one built scene into the pictures a set is made of: beauty, masks, depth and
occlusion."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from PIL import Image

from kit import SIZE_PX, Graph

MASK_CHANNELS = {"r": (1.0, 0.0, 0.0), "g": (0.0, 1.0, 0.0), "b": (0.0, 0.0, 1.0)}


@dataclass(frozen=True)
class SetSpec:
    """What set.yaml says beyond what the camera measures."""

    id: str
    title: str
    family: str
    surface: dict[str, object]
    light: dict[str, object]
    masks: dict[str, str]
    tags: tuple[str, ...]
    text_areas: tuple[tuple[float, float, float, float], ...] = ((0.03, 0.05, 0.97, 0.40),)
    scale: str = "true"
    """`free` for a stage that may be of any size."""
    product_cm: tuple[float, float] = (12.0, 40.0)
    categories: tuple[str, ...] = ()
    season: str = ""


def resolution(scale: float) -> None:
    """Render the whole canvas at `scale`."""
    render = bpy.context.scene.render
    render.resolution_x, render.resolution_y = (round(s * scale) for s in SIZE_PX)
    render.resolution_percentage = 100


def beauty(samples: int) -> Image.Image:
    """The photograph, display-referred, 8 bit with dither."""
    scene = bpy.context.scene
    scene.cycles.samples = samples
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGBA" if scene.render.film_transparent else "RGB"
    scene.render.image_settings.color_depth = "8"
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = str(Path(folder) / "beauty.png")
        bpy.ops.render.render(write_still=True)
        with Image.open(scene.render.filepath) as image:
            return image.copy()


def data_pass(
    samples: int, shader: Callable[[Graph, str], bpy.types.Node], *, blur: bool, denoise: bool
) -> np.ndarray:
    """Render with every material replaced by `shader(graph, mask channel)` and no lights;
    returns linear RGB."""
    scene = bpy.context.scene
    view = scene.camera.data
    kept = (
        view.dof.use_dof,
        scene.cycles.use_denoising,
        scene.world,
        scene.cycles.use_adaptive_sampling,
    )
    view.dof.use_dof = blur and kept[0]
    scene.cycles.use_denoising = denoise
    scene.cycles.use_adaptive_sampling = False
    scene.cycles.samples = samples
    scene.world = bpy.data.worlds.new("black")
    scene.world.use_nodes = True
    scene.world.node_tree.nodes["Background"].inputs[0].default_value = (0, 0, 0, 1)

    flat: dict[str, bpy.types.Material] = {}
    slots = []
    lights = [o for o in scene.objects if o.type == "LIGHT" and not o.hide_render]
    for light in lights:
        light.hide_render = True
    for obj in scene.objects:
        if obj.type not in {"MESH", "CURVE"}:
            continue
        channel = obj.get("mask", "")
        if channel not in flat:
            mat = flat[channel] = bpy.data.materials.new(f"pass {channel}")
            mat.use_nodes = True
            mat.node_tree.nodes.clear()
            g = Graph(mat.node_tree)
            out = g.add("ShaderNodeOutputMaterial")
            g.tree.links.new(shader(g, channel).outputs[0], out.inputs[0])
        for slot in obj.material_slots:
            slots.append((slot, slot.link, slot.material))
            slot.link = "OBJECT"
            slot.material = flat[channel]
    scene.render.image_settings.file_format = "OPEN_EXR"
    scene.render.image_settings.color_mode = "RGB"
    scene.render.image_settings.color_depth = "32"
    with tempfile.TemporaryDirectory() as folder:
        scene.render.filepath = str(Path(folder) / "pass.exr")
        bpy.ops.render.render(write_still=True)
        image = bpy.data.images.load(scene.render.filepath)
        image.colorspace_settings.name = "Non-Color"
        width, height = image.size
        pixels = np.empty(width * height * image.channels, np.float32)
        image.pixels.foreach_get(pixels)
        array = pixels.reshape(height, width, image.channels)[::-1, :, :3].copy()
        bpy.data.images.remove(image)

    for slot, link, mat in slots:
        slot.material = None
        slot.link = link
        slot.material = mat
    for light in lights:
        light.hide_render = False
    (
        view.dof.use_dof,
        scene.cycles.use_denoising,
        scene.world,
        scene.cycles.use_adaptive_sampling,
    ) = kept
    return array


def masks(samples: int = 10) -> Image.Image:
    """Coverage of the tagged objects, with the beauty's depth of field."""

    def shader(g: Graph, channel: str) -> bpy.types.Node:
        return g.add(
            "ShaderNodeEmission",
            Color=(*MASK_CHANNELS.get(channel, (0.0, 0.0, 0.0)), 1),
            Strength=1.0,
        )

    array = data_pass(samples, shader, blur=True, denoise=True)
    return Image.fromarray((np.clip(array, 0, 1) * 255 + 0.5).astype(np.uint8), "RGB")


def depth() -> Image.Image:
    """Inverse distance, near white, over the visible range."""

    def shader(g: Graph, channel: str) -> bpy.types.Node:
        z = g.add("ShaderNodeCameraData").outputs["View Z Depth"]
        return g.add(
            "ShaderNodeEmission", Color=(1, 1, 1, 1), Strength=g.math("DIVIDE", 1.0, z)
        )

    inverse = data_pass(4, shader, blur=False, denoise=False)[:, :, 0]
    seen = inverse[inverse > 1e-3]
    low, high = float(seen.min()), float(seen.max())
    grey = np.clip((inverse - low) / max(high - low, 1e-6), 0, 1)
    return Image.fromarray((grey * 255 + 0.5).astype(np.uint8), "L")


def occlusion(samples: int = 10, reach: float = 0.20) -> Image.Image:
    """Ambient occlusion within `reach` metres, open white."""

    def shader(g: Graph, channel: str) -> bpy.types.Node:
        ao = g.add("ShaderNodeAmbientOcclusion", {"samples": 4}, Distance=reach).outputs["AO"]
        return g.add("ShaderNodeEmission", Color=(1, 1, 1, 1), Strength=ao)

    array = data_pass(samples, shader, blur=True, denoise=True)[:, :, 0]
    return Image.fromarray((np.clip(array, 0, 1) * 255 + 0.5).astype(np.uint8), "L")
