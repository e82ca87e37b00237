"""Diffusion models that are known by name: how to run them, and what their licence allows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from pydantic import TypeAdapter
from ruamel.yaml import YAML

from studio.errors import InputError

FILE = Path(__file__).with_name("diffusion_presets.yaml")
RESIDENT_SHARE = 1.25
"""Memory that painting at the native size takes in all, per byte of weights: an estimate."""


class Mode(StrEnum):
    """What a pipeline starts from."""

    AUTO = "auto"
    """The first of those below that the model has, guided by depth where it can be."""
    INPAINT = "inpaint"
    """The set with the product in it; the model paints everything but the product."""
    IMAGE = "image"
    """The empty set, repainted as a whole."""
    TEXT = "text"
    """Words, and the set's depth where the model has a network for it."""


class Answer(StrEnum):
    """An answer that a source gives, or doesn't."""

    YES = "yes"
    CONDITIONS = "conditions"
    NO = "no"
    UNKNOWN = "unknown"


class Proof(StrEnum):
    """What the test suite has run of a preset."""

    WEIGHTS = "weights"
    ARCHITECTURE = "architecture"
    """The pipeline class, on random weights."""
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a pipeline is run; names as in diffusers where it has them."""

    mode: Mode = Mode.AUTO
    num_inference_steps: int = 28
    strength: float = 0.75
    """How far the picture may move from the set, above 0 to 1."""
    guidance_scale: float | None = 5.0
    true_cfg_scale: float | None = None
    controlnet_conditioning_scale: float = 0.6
    max_sequence_length: int | None = None
    native_px: int = 1024
    """Side of the square that the model was trained on; as much area is painted."""
    size_step: int = 16
    """Sides are multiples of this."""
    prompt_words: int = 55
    """Words of a prompt that the model takes in."""
    batch_size: int = 4
    """Most pictures painted at once."""

    def __post_init__(self) -> None:
        """Refuse what no pipeline can run."""
        if not 0 < self.strength <= 1:
            raise InputError(f"strength is {self.strength}; it goes from above 0 to 1.")
        if min(self.num_inference_steps, self.batch_size, self.size_step) < 1:
            raise InputError("num_inference_steps, batch_size and size_step are 1 or more.")
        if self.native_px < self.size_step:
            raise InputError(f"native_px is {self.native_px}, less than {self.size_step}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """Which weights: a hub id or a local folder, in diffusers' layout."""

    model: str
    variant: str = ""
    """Infix of the weight files' names, such as `fp16`."""
    depth: str = ""
    """Hub id or folder of a ControlNet for depth."""
    depth_variant: str = ""
    needs_licence: bool = False
    """Whether advertising with it takes a licence that the download doesn't give."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A model that is known by name."""

    model: str
    family: str
    """As diffusers' Auto pipelines call it."""
    licence: str
    commercial: Answer
    """Whether its licence allows advertising."""
    gated: Answer
    """Whether the hub asks for a sign-in and for consent first."""
    parts_gb: Mapping[str, float]
    tested: Proof
    source: str
    note: str = ""
    variant: str = ""
    depth: str = ""
    depth_licence: str = ""
    depth_gb: float | None = None
    depth_variant: str = ""
    sampling: Sampling = field(default_factory=Sampling)

    @property
    def memory_gb(self) -> float:
        """Needed with everything on the device."""
        return (sum(self.parts_gb.values()) + (self.depth_gb or 0.0)) * RESIDENT_SHARE

    @property
    def least_memory_gb(self) -> float:
        """Needed when the parts take turns on the device."""
        return (max(self.parts_gb.values()) + (self.depth_gb or 0.0)) * RESIDENT_SHARE

    @property
    def checkpoint(self) -> Checkpoint:
        """The weights it names."""
        return Checkpoint(
            model=self.model,
            variant=self.variant,
            depth=self.depth,
            depth_variant=self.depth_variant,
            needs_licence=self.commercial is Answer.NO,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The weights to load and how to run them."""

    checkpoint: Checkpoint
    sampling: Sampling = field(default_factory=Sampling)


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetFile:
    """`diffusion_presets.yaml`."""

    checked_on: str
    presets: Mapping[str, Preset]


def presets() -> Mapping[str, Preset]:
    """All presets by name, the ones to try first in front."""
    return preset_file().presets


@lru_cache(maxsize=1)
def preset_file() -> PresetFile:
    """The file as data."""
    with FILE.open(encoding="utf-8") as file:
        stored = YAML(typ="safe").load(file)
    return TypeAdapter(PresetFile).validate_python(stored)


def choose(model: str, *, like: str = "", depth: str = "", mode: Mode = Mode.AUTO) -> Choice:
    """What a user's settings lead to.

    model: a preset's name, a hub id or a folder. like: the preset whose sampling a folder or
    another id runs with. depth: id or folder of a depth ControlNet, or `none`.
    """
    own, sampled = _known(model), _named(like) if like else _known(model)
    choice = Choice(
        checkpoint=own.checkpoint if own else Checkpoint(model=model),
        sampling=sampled.sampling if sampled else Sampling(),
    )
    if depth:
        wanted = "" if depth == "none" else depth
        checkpoint = replace(choice.checkpoint, depth=wanted, depth_variant="")
        choice = replace(choice, checkpoint=checkpoint)
    if mode is not Mode.AUTO:
        choice = replace(choice, sampling=replace(choice.sampling, mode=mode))
    return choice


def _known(model: str) -> Preset | None:
    """The preset of that name or hub id."""
    return presets().get(model) or next(
        (preset for preset in presets().values() if preset.model == model), None
    )


def _named(name: str) -> Preset:
    if name not in presets():
        raise InputError(
            f"STUDIO_IMAGE_PRESET: there is no preset {name!r}; choose one of "
            f"{', '.join(presets())}."
        )
    return presets()[name]
