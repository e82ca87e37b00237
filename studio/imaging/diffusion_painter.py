"""Calls a pipeline: arguments by its signature, batches, steps told, less where memory ends.

One seed is one picture: noise is drawn on the processor, by one generator per picture, so that
neither the device nor the other pictures of a batch change it.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from PIL import Image

from studio.imaging.colour import Bytes
from studio.imaging.diffusion_errors import OutOfMemory, explained
from studio.imaging.diffusion_pipelines import Loaded, Residence
from studio.imaging.diffusion_presets import Mode, Sampling
from studio.imaging.prompts import ImagePrompt
from studio.imaging.watch import tell

logger = logging.getLogger(__name__)

FEWEST_STEPS = 4
"""Steps that are really taken, however little the picture may move from the set."""
ONE_AT_A_TIME = (
    # Draws the noise of its control picture from the global stream, picture after picture.
    "StableDiffusion3ControlNetPipeline",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PaintJob:
    """One picture to paint; all of its pictures have the size that is painted."""

    prompt: ImagePrompt
    start: Image.Image
    """The set in the market's colours, RGB; with the product where that is kept."""
    mask: Image.Image
    """White where the model paints, black where the product stands."""
    depth: Image.Image
    """The set's depth, near is white, RGB."""
    seed: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.start.size


class Painter:
    """A pipeline that is loaded when it is first needed and paints one batch at a time."""

    def __init__(
        self, name: str, *, loader: Callable[[], Loaded], sampling: Sampling, device: str = ""
    ) -> None:
        self._name, self._loader, self._sampling = name, loader, sampling
        self._device = device
        self._loaded: Loaded | None = None
        self._lock = Lock()
        self._largest_batch = sampling.batch_size
        self._saves_decoding = False

    @property
    def loaded(self) -> Loaded:
        """The pipeline; the first call loads it."""
        with self._lock:
            return self._ready()

    @property
    def batch_size(self) -> int:
        """Most pictures of one call, as far as memory has shown."""
        loaded = self.loaded
        single = loaded.edits or loaded.kind in ONE_AT_A_TIME
        return 1 if single else self._largest_batch

    def paint(self, jobs: Sequence[PaintJob], *, label: str = "painting") -> list[Bytes]:
        """The pictures of jobs of one size, (height, width, 3) each.

        Raises `TransientError` where even the least that can be tried is too much for the
        memory, and `Cancelled` where nobody waits any more.
        """
        size = self.batch_size
        with self._lock:
            painted: list[Bytes] = []
            for first in range(0, len(jobs), size):
                painted += self._within_memory(list(jobs[first : first + size]), label)
            return painted

    def _ready(self) -> Loaded:
        if self._loaded is None:
            tell("loading the image model")
            with explained(self._name, device=self._device):
                self._loaded = self._loader()
            logger.info(
                "image model loaded",
                extra={
                    "pipeline": self._loaded.kind,
                    "mode": self._loaded.mode.value,
                    "device": self._loaded.device,
                    "residence": self._loaded.residence.name,
                },
            )
        return self._loaded

    def _within_memory(self, jobs: list[PaintJob], label: str) -> list[Bytes]:
        """Paint; where memory runs out, try again with less at once."""
        loaded = self._ready()
        painted = self._attempt(loaded, jobs, label)
        if painted is not None:
            return painted
        logger.warning("out of memory, trying less", extra={"pictures": len(jobs)})
        # After the handler of the failure, so that its tensors are gone.
        free_memory(loaded.device)
        if len(jobs) > 1:
            half = len(jobs) // 2
            self._largest_batch = half
            first = self._within_memory(jobs[:half], label)
            return first + self._within_memory(jobs[half:], label)
        if not self._spare(loaded):
            raise OutOfMemory(self._name, device=loaded.device)
        return self._within_memory(jobs, label)

    def _attempt(
        self, loaded: Loaded, jobs: Sequence[PaintJob], label: str
    ) -> list[Bytes] | None:
        """One call; None: memory ran out. Whatever ends it early leaves no part behind."""
        try:
            with explained(self._name, device=loaded.device):
                return self._called(loaded, jobs, label)
        except BaseException as error:
            loaded.pipeline.maybe_free_model_hooks()
            if isinstance(error, OutOfMemory):
                return None
            raise

    def _spare(self, loaded: Loaded) -> bool:
        """Take the next measure that saves memory. False: there is none left."""
        if not self._saves_decoding:
            self._saves_decoding = True
            return save_on_decoding(loaded) or self._spare(loaded)
        if not loaded.may_shrink():
            return False
        with explained(self._name, device=loaded.device):
            loaded.settle(Residence(loaded.residence + 1))
        return True

    def _called(self, loaded: Loaded, jobs: Sequence[PaintJob], label: str) -> list[Bytes]:
        import torch

        arguments = arguments_for(loaded, jobs, self._sampling)
        arguments |= _callback(loaded, label)
        arguments["generator"] = [
            torch.Generator("cpu").manual_seed(job.seed % 2**63) for job in jobs
        ]
        devices = [loaded.device] if loaded.device.startswith("cuda") else []
        with torch.random.fork_rng(devices):
            # Some pipelines draw from the global stream besides.
            torch.manual_seed(jobs[0].seed % 2**63)
            images = loaded.pipeline(**arguments).images
        return [np.array(image.convert("RGB")) for image in images]


def arguments_for(
    loaded: Loaded, jobs: Sequence[PaintJob], sampling: Sampling
) -> dict[str, object]:
    """What this pipeline is called with; generators and the callback come on top."""
    width, height = jobs[0].size
    offered: dict[str, object] = {
        "prompt": [job.prompt.positive for job in jobs],
        "negative_prompt": [job.prompt.negative for job in jobs],
        "num_inference_steps": steps_for(loaded, sampling),
        "guidance_scale": sampling.guidance_scale,
        "true_cfg_scale": sampling.true_cfg_scale,
        "max_sequence_length": sampling.max_sequence_length,
        "controlnet_conditioning_scale": sampling.controlnet_conditioning_scale,
        "width": width,
        "height": height,
        **_pictures(loaded, jobs, sampling),
    }
    return {
        name: value
        for name, value in offered.items()
        if name in loaded.parameters and value is not None
    }


def _pictures(
    loaded: Loaded, jobs: Sequence[PaintJob], sampling: Sampling
) -> dict[str, object]:
    starts, depths = [job.start for job in jobs], [job.depth for job in jobs]
    if loaded.mode is Mode.TEXT:
        if "control_image" in loaded.parameters:
            return {"control_image": depths}
        return {"image": depths} if "ControlNet" in loaded.kind else {}
    pictures: dict[str, object] = {
        "image": starts[0] if loaded.edits else starts,
        "strength": sampling.strength,
        "control_image": depths,
    }
    if loaded.mode is Mode.INPAINT:
        pictures["mask_image"] = [job.mask for job in jobs]
    return pictures


def steps_for(loaded: Loaded, sampling: Sampling) -> int:
    """Steps to ask for, so that at least a few are taken.

    A pipeline that starts from a picture takes only `strength` of the steps asked for.
    """
    steps = sampling.num_inference_steps
    if "strength" not in loaded.parameters:
        return steps
    fewest = min(steps, FEWEST_STEPS)
    return max(steps, math.ceil(fewest / sampling.strength))


def _callback(loaded: Loaded, label: str) -> dict[str, object]:
    def told(step: int) -> None:
        total = getattr(loaded.pipeline, "num_timesteps", 0)
        tell(f"{label}, step {step + 1}" + (f" of {total}" if total else ""))

    def at_step_end(_: Any, step: int, __: Any, ___: Any) -> dict[str, object]:
        told(step)
        return {}

    def after_step(step: int, _: Any, __: Any) -> None:
        told(step)

    if "callback_on_step_end" in loaded.parameters:
        return {"callback_on_step_end": at_step_end}
    if "callback" in loaded.parameters:
        return {"callback": after_step, "callback_steps": 1}
    return {}


def save_on_decoding(loaded: Loaded) -> bool:
    """Decode pictures one by one and in tiles. False: the pipeline can't."""
    vae = loaded.pipeline.components.get("vae")
    able = [name for name in ("enable_slicing", "enable_tiling") if hasattr(vae, name)]
    for name in able:
        getattr(vae, name)()
    return bool(able)


def free_memory(device: str) -> None:
    """Give back what torch keeps for reuse."""
    import gc

    import torch

    gc.collect()
    if device.startswith("cuda"):
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()
