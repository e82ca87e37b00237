"""Loads a diffusers pipeline for painting: its weights, its device and how it shares memory."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol, Self, cast

from PIL import Image

from studio.errors import InputError, PermanentError
from studio.imaging.diffusion_errors import ExtraMissing
from studio.imaging.diffusion_presets import Checkpoint, Mode

logger = logging.getLogger(__name__)

INDEX = "model_index.json"
PICKLES = (".bin", ".ckpt", ".pt", ".pth", ".pkl")
SAMPLED_BYTES = 1 << 20
"""Of a large file this much of both ends tells it from others."""
HEADROOM_BYTES = 3 << 30
"""Kept free beside the weights: what painting a few pictures takes."""
ORDER = (Mode.INPAINT, Mode.IMAGE, Mode.TEXT)
LIBRARIES = ("diffusers", "transformers")


class Painting(Protocol):
    """What a pipeline answers."""

    images: list[Image.Image]


class Pipeline(Protocol):
    """The part of a diffusers pipeline that is used here."""

    components: dict[str, Any]

    def __call__(self, **arguments: object) -> Painting:
        """Paint."""
        ...

    def to(self, device: str) -> Self:
        """Move to a device."""
        ...

    def set_progress_bar_config(self, *, disable: bool) -> None:
        """Silence the progress bar."""
        ...

    def enable_model_cpu_offload(self, *, device: str) -> None:
        """Let whole parts take turns on the device."""
        ...

    def enable_sequential_cpu_offload(self, *, device: str) -> None:
        """Let single layers take turns on the device; slow."""
        ...

    def remove_all_hooks(self) -> None:
        """Undo either."""
        ...

    def maybe_free_model_hooks(self) -> None:
        """Bring what an interrupted call left on the device back."""
        ...


class Residence(IntEnum):
    """What of a pipeline lies on the device at once, from most to least."""

    ALL = 0
    PARTS = 1
    LAYERS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """Where a pipeline runs. `auto` finds the best there is."""

    device: str = "auto"
    """`auto`, `cuda`, `cuda:1`, `mps` or `cpu`."""
    dtype: str = "auto"
    """`auto`, `bfloat16`, `float16` or `float32`."""

    def chosen_device(self) -> str:
        """The device by name; raises `InputError` where it isn't there."""
        torch = _torch()
        mps = getattr(torch.backends, "mps", None)
        there = {
            "cuda": bool(torch.cuda.is_available()),
            "mps": mps is not None and bool(mps.is_available()),
            "cpu": True,
        }
        if self.device == "auto":
            return next(name for name, is_there in there.items() if is_there)
        if not there.get(self.device.split(":")[0], False):
            found = ", ".join(name for name, is_there in there.items() if is_there)
            raise InputError(
                f"STUDIO_DEVICE: there is no {self.device!r} that torch can use here; found: "
                f"{found}. Write `auto` to take the best."
            )
        return self.device

    def chosen_dtype(self, device: str) -> Any:
        """The torch type of weights: 16 bits on accelerators, 32 on processors."""
        torch = _torch()
        if self.dtype != "auto":
            names = ("bfloat16", "float16", "float32")
            if self.dtype not in names:
                raise InputError(f"STUDIO_DTYPE: write auto, {', '.join(names)}.")
            return getattr(torch, self.dtype)
        if device == "cpu":
            return torch.float32
        if device.startswith("cuda") and not torch.cuda.is_bf16_supported():
            return torch.float16
        return torch.bfloat16


@dataclass(slots=True, eq=False)
class Loaded:
    """A pipeline in memory."""

    pipeline: Pipeline
    mode: Mode
    device: str
    residence: Residence = Residence.ALL
    parameters: frozenset[str] = field(default_factory=frozenset)
    """Names that a call takes."""

    @property
    def kind(self) -> str:
        """Name of the pipeline's class."""
        return type(self.pipeline).__name__

    @property
    def edits(self) -> bool:
        """Whether it follows an instruction on a picture, instead of moving away from it."""
        return self.mode is Mode.IMAGE and "strength" not in self.parameters

    def settle(self, residence: Residence) -> None:
        """Move to the device, or let parts take turns on it."""
        pipeline, self.residence = self.pipeline, residence
        if residence is Residence.ALL:
            pipeline.to(self.device)
            return
        pipeline.remove_all_hooks()
        pipeline.to("cpu")
        if residence is Residence.PARTS:
            pipeline.enable_model_cpu_offload(device=self.device)
        else:
            pipeline.enable_sequential_cpu_offload(device=self.device)

    def may_shrink(self) -> bool:
        """Whether less of it could lie on the device."""
        return self.device.startswith("cuda") and self.residence is not Residence.LAYERS


def load(checkpoint: Checkpoint, *, mode: Mode, runtime: Runtime) -> Loaded:
    """The pipeline for painting in that mode, or the nearest that the model offers."""
    check_weights(checkpoint.model)
    if checkpoint.depth:
        check_weights(checkpoint.depth, part=True)
    _silence(_diffusers())
    device = runtime.chosen_device()
    dtype = runtime.chosen_dtype(device)
    warn_of_licence(checkpoint)
    plan = plan_for(class_name(checkpoint.model), mode=mode, with_depth=bool(checkpoint.depth))
    pipeline = _pipeline(checkpoint, plan, dtype)
    pipeline.set_progress_bar_config(disable=True)
    loaded = Loaded(pipeline, plan.mode, device, parameters=plan.parameters)
    loaded.settle(_residence(pipeline, device))
    return loaded


def warn_of_licence(checkpoint: Checkpoint) -> None:
    """Say in the log that a model mustn't be advertised with as it is."""
    if checkpoint.needs_licence:
        logger.warning(
            "this model's licence doesn't allow advertising", extra={"model": checkpoint.model}
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which of a family's pipelines is used."""

    mode: Mode
    takes_depth: bool
    parameters: frozenset[str]


def plan_for(name: str, *, mode: Mode, with_depth: bool) -> Plan:
    """The best pipeline of the family that a class belongs to.

    name: class in model_index.json. Depth comes before mode: a pipeline that takes it paints
    what stands where it stands, at any strength. Where a mode is asked for, it comes first.
    """
    modes = ORDER if mode is Mode.AUTO else (mode, *(each for each in ORDER if each != mode))
    depths = (True, False) if with_depth else (False,)
    pairs = [(each, depth) for depth in depths for each in modes]
    if mode is not Mode.AUTO:
        pairs.sort(key=lambda pair: modes.index(pair[0]))
    for each, depth in pairs:
        found = _class_for(name, each, with_depth=depth)
        if found is not None and (plan := _plan(found, each, takes_depth=depth)):
            return plan
    raise PermanentError(
        f"{name} is no pipeline that paints pictures from words, pictures or masks; choose "
        "another model: studio models list."
    )


def _plan(pipeline_class: Any, mode: Mode, *, takes_depth: bool) -> Plan | None:
    """None: it isn't called with pictures in the way that we call it."""
    parameters = frozenset(inspect.signature(pipeline_class.__call__).parameters)
    needed = {Mode.INPAINT: {"image", "mask_image"}, Mode.IMAGE: {"image"}, Mode.TEXT: set()}
    if not needed[mode] <= parameters:
        return None
    has_depth = takes_depth or "control_image" in parameters
    return Plan(mode=mode, takes_depth=has_depth, parameters=parameters)


def _class_for(name: str, mode: Mode, *, with_depth: bool) -> Any | None:
    """The class that an Auto pipeline would load, or None."""
    auto = _diffusers().pipelines.auto_pipeline
    mappings = {
        Mode.TEXT: auto.AUTO_TEXT2IMAGE_PIPELINES_MAPPING,
        Mode.IMAGE: auto.AUTO_IMAGE2IMAGE_PIPELINES_MAPPING,
        Mode.INPAINT: auto.AUTO_INPAINT_PIPELINES_MAPPING,
    }
    family = next(
        (
            key
            for mapping in mappings.values()
            for key, found in mapping.items()
            if found.__name__ == name
        ),
        "",
    )
    suffix = "-controlnet" if with_depth else ""
    return mappings[mode].get(family + suffix)


def _pipeline(checkpoint: Checkpoint, plan: Plan, dtype: Any) -> Pipeline:
    diffusers = _diffusers()
    auto = {
        Mode.TEXT: diffusers.AutoPipelineForText2Image,
        Mode.IMAGE: diffusers.AutoPipelineForImage2Image,
        Mode.INPAINT: diffusers.AutoPipelineForInpainting,
    }[plan.mode]
    arguments: dict[str, object] = {"use_safetensors": True, "dtype": dtype}
    if checkpoint.variant:
        arguments["variant"] = checkpoint.variant
    if plan.takes_depth and checkpoint.depth:
        arguments["controlnet"] = _depth_network(checkpoint, dtype)
    return cast(Pipeline, auto.from_pretrained(checkpoint.model, **arguments))


def _depth_network(checkpoint: Checkpoint, dtype: Any) -> object:
    arguments: dict[str, object] = {"use_safetensors": True, "dtype": dtype}
    if checkpoint.depth_variant:
        arguments["variant"] = checkpoint.depth_variant
    load_model = cast(Callable[..., object], _diffusers().AutoModel.from_pretrained)
    return load_model(checkpoint.depth, **arguments)


def class_name(model: str) -> str:
    """The pipeline's class as model_index.json gives it; a hub id is looked up first."""
    config = cast(
        Callable[[str], Mapping[str, Any]], _diffusers().DiffusionPipeline.load_config
    )(model)
    refuse_code(model, config)
    return str(config.get("_class_name", ""))


def refuse_code(model: str, config: Mapping[str, Any]) -> None:
    """Refuse a pipeline that brings its own Python code; only libraries' classes are run."""
    brought = [
        name
        for name, value in config.items()
        if isinstance(value, list | tuple)
        and len(value) == 2
        and isinstance(value[0], str)
        and (name == "_class_name" or value[0].split(".")[0] not in LIBRARIES)
        and not _is_pipeline_module(value[0])
    ]
    if brought:
        raise PermanentError(
            f"diffusion:{model} brings its own code ({', '.join(brought)}), which is not run "
            "here; choose a model whose parts are classes of diffusers and transformers."
        )


def _is_pipeline_module(name: str) -> bool:
    """diffusers names modules of its own pipelines without a library, as `stable_diffusion`."""
    return hasattr(_diffusers().pipelines, name)


def check_weights(model: str, *, part: bool = False) -> None:
    """Refuse what isn't a folder of safetensors; pickles can run code when they are loaded.

    part: the folder of a single network, not of a pipeline. Hub ids pass.
    """
    path = Path(model)
    if path.is_file():
        raise PermanentError(
            f"{model} is a single file; give a folder in diffusers' layout, with its weights "
            "as *.safetensors, or a hub id."
        )
    if not path.is_dir():
        if path.is_absolute() or model.startswith((".", "~")):
            raise PermanentError(f"There is no folder {model}; give a model id or a folder.")
        return
    described = "config.json" if part else INDEX
    if not (path / described).is_file():
        raise PermanentError(f"{model} is no diffusers model: {described} is missing.")
    if not any(path.rglob("*.safetensors")):
        _refuse_weights(model, _pickles(path))
    for folder in (each for each in path.iterdir() if each.is_dir()):
        if (pickles := _pickles(folder)) and not any(folder.rglob("*.safetensors")):
            _refuse_weights(f"{model}, part {folder.name},", pickles)


def _refuse_weights(what: str, pickles: tuple[Path, ...]) -> None:
    why = "holds its weights as pickles" if pickles else "holds no weights"
    raise PermanentError(
        f"{what} {why}; download or convert the model to *.safetensors and try again."
    )


def _pickles(folder: Path) -> tuple[Path, ...]:
    return tuple(path for path in folder.rglob("*") if path.suffix in PICKLES)


def identity(model: str) -> str:
    """What tells one model's weights from another's: a hub id, or a folder's content.

    Large files count by size and by their ends, so that it takes no minute to find out.
    """
    folder = Path(model)
    if not folder.is_dir():
        return model
    stamps = []
    for path in sorted(_model_files(folder)):
        stat = path.stat()
        stamps.append((path, stat.st_size, stat.st_mtime_ns))
    return _digest(folder, tuple(stamps))


@lru_cache(maxsize=8)
def _digest(folder: Path, stamps: tuple[tuple[Path, int, int], ...]) -> str:
    digest = sha256()
    for path, size, _ in stamps:
        digest.update(f"{path.relative_to(folder).as_posix()} {size}\n".encode())
        digest.update(_sampled(path, size))
    return digest.hexdigest()


def _model_files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.suffix in (".json", ".safetensors", ".txt", ".model") and path.is_file():
            yield path


def _sampled(path: Path, size: int) -> bytes:
    with path.open("rb") as file:
        start = file.read(SAMPLED_BYTES)
        file.seek(max(SAMPLED_BYTES, size - SAMPLED_BYTES))
        return start + file.read(SAMPLED_BYTES)


def _residence(pipeline: Pipeline, device: str) -> Residence:
    """As much on the device as fits beside what painting takes."""
    if not device.startswith("cuda"):
        return Residence.ALL
    sizes = part_bytes(pipeline)
    free, _ = _torch().cuda.mem_get_info(device)
    return residence_for(sum(sizes), max(sizes, default=0), free_bytes=int(free))


def residence_for(total_bytes: int, largest_bytes: int, *, free_bytes: int) -> Residence:
    """What may lie on the device at once, so that `HEADROOM_BYTES` stay free."""
    if total_bytes + HEADROOM_BYTES <= free_bytes:
        return Residence.ALL
    if largest_bytes + HEADROOM_BYTES <= free_bytes:
        return Residence.PARTS
    return Residence.LAYERS


def part_bytes(pipeline: Pipeline) -> tuple[int, ...]:
    """Memory of each part's weights."""
    torch = _torch()
    return tuple(
        sum(each.numel() * each.element_size() for each in part.parameters())
        for part in pipeline.components.values()
        if isinstance(part, torch.nn.Module)
    )


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise ExtraMissing from error
    return torch


def _silence(diffusers: Any) -> None:
    """Loading bars of the libraries would run through ours; downloads keep theirs."""
    import transformers

    for library in (diffusers, transformers):
        library.utils.logging.disable_progress_bar()


def _diffusers() -> Any:
    """The library, with its pipelines imported."""
    try:
        import diffusers
        import diffusers.pipelines.auto_pipeline
    except ImportError as error:
        raise ExtraMissing from error
    return diffusers
