"""Pictures by a diffusers pipeline: the set as a start, the product laid on top afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol, Self, cast

import numpy as np
from PIL import Image

from studio.domain.brief import Product
from studio.domain.creative import Ai
from studio.errors import PermanentError, TransientError
from studio.imaging.colour import Bytes
from studio.imaging.compose import composed, placed
from studio.imaging.cutout import cut_out
from studio.imaging.fidelity import require_fidelity
from studio.imaging.model import PictureRequest, SetCard, Staged
from studio.imaging.prompts import ImagePrompt, image_prompt
from studio.imaging.recolour import coloured_set
from studio.imaging.scene import set_ids
from studio.imaging.set_choice import sets_for
from studio.imaging.staging import (
    chosen_photo,
    crop_of,
    is_calm,
    request_fingerprint,
    scene_of,
)

VERSION = "1"
SIZE_STEP = 8
"""Pipelines want sides that are multiples of this."""
INSTALL = "install them with: pip install 'studio[models]'"


class Painting(Protocol):
    """What a pipeline answers."""

    images: list[Image.Image]


class Pipeline(Protocol):
    """The part of a diffusers pipeline that is used here."""

    def __call__(self, **arguments: object) -> Painting:
        """Paint."""
        ...

    def to(self, device: str) -> Self:
        """Move to a device."""
        ...

    def set_progress_bar_config(self, *, disable: bool) -> None:
        """Silence the progress bar."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How a pipeline is run; names as in diffusers."""

    num_inference_steps: int = 24
    strength: float = 0.45
    """How far the picture may move from the set, 0–1."""
    guidance_scale: float = 5.0
    longest_edge_px: int = 1024
    """The pipeline paints at this size; the result is enlarged to the placement's."""


class DiffusionModel:
    """An `ImageModel` over a Hugging Face model id or a local folder, safetensors only."""

    def __init__(
        self,
        model: str,
        *,
        sets_dir: Path,
        device: str = "cpu",
        sampling: Sampling | None = None,
        prompts_dir: Path | None = None,
    ) -> None:
        self.name = f"diffusion:{model}"
        self._model, self._device = model, device
        self._sets_dir, self._prompts_dir = sets_dir, prompts_dir
        self._sampling = sampling or Sampling()
        self._pipeline: Pipeline | None = None
        self._lock = Lock()

    def sets(self) -> tuple[str, ...]:
        """Ids of the sets it can start from."""
        return set_ids(self._sets_dir)

    def sets_for(self, product: Product) -> tuple[SetCard, ...]:
        """Those where the product belongs by kind and size, or nearly."""
        return sets_for(product, self._sets_dir)

    def stage(self, request: PictureRequest) -> Staged:
        """The product in a generated scene; its pixels are those of the photo."""
        scene = scene_of(request, self._sets_dir)
        crop = crop_of(request, scene)
        cut = cut_out(chosen_photo(request, scene.spec.light))
        product = placed(cut, scene, crop, width_cm=request.product.width_cm)
        start = coloured_set(scene, crop, request.palette, calm=is_calm(request))
        prompt = image_prompt(request, scene, folder=self._prompts_dir)
        picture = self.painted(start, prompt, seed=request.seed)
        staged = Staged(
            image=composed(picture, product, scene, crop),
            product_box=product.box(crop.width_px, crop.height_px),
            prompt_sha256=prompt.sha256,
            ai=Ai.EDITED,
            photoreal=True,
            tags=scene.spec.tags,
        )
        require_fidelity(staged, request)
        return staged

    def fingerprint(self, request: PictureRequest) -> str:
        """SHA-256 of everything that shapes the picture, the seed included."""
        scene = scene_of(request, self._sets_dir)
        prompt = image_prompt(request, scene, folder=self._prompts_dir)
        shaping = {
            "name": self.name,
            "version": VERSION,
            "prompt": prompt.sha256,
            "sampling": json.dumps(asdict(self._sampling), sort_keys=True),
        }
        return request_fingerprint(request, scene, shaping)

    def painted(self, start: Bytes, prompt: ImagePrompt, *, seed: int) -> Bytes:
        """The pipeline's picture at the size of `start`; one at a time, as memory is short."""
        import torch

        height, width = start.shape[:2]
        size = working_size(width, height, longest_px=self._sampling.longest_edge_px)
        with self._lock, self._failures():
            pipeline = self._loaded()
            # Noise drawn on the CPU means one picture per seed on every device.
            generator = torch.Generator("cpu").manual_seed(seed % 2**63)
            result = pipeline(
                **self._arguments(pipeline, start, size, prompt), generator=generator
            )
        return np.array(
            result.images[0].convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
        )

    def _arguments(
        self,
        pipeline: Pipeline,
        start: Bytes,
        size: tuple[int, int],
        prompt: ImagePrompt,
    ) -> dict[str, object]:
        """What this kind of pipeline is called with."""
        sampling = self._sampling
        arguments: dict[str, object] = {
            "prompt": prompt.positive,
            "negative_prompt": prompt.negative,
            "num_inference_steps": sampling.num_inference_steps,
            "guidance_scale": sampling.guidance_scale,
        }
        kind = type(pipeline).__name__
        if "Img2Img" in kind or "Inpaint" in kind:
            image = Image.fromarray(start).resize(size, Image.Resampling.LANCZOS)
            arguments |= {"image": image, "strength": sampling.strength}
        if "Inpaint" in kind:
            arguments["mask_image"] = Image.new("L", size, 255)
        if "Img2Img" not in kind:
            arguments |= {"width": size[0], "height": size[1]}
        return arguments

    def _loaded(self) -> Pipeline:
        if self._pipeline is None:
            check_weights(self._model)
            pipeline = load_pipeline(self._model)
            pipeline.set_progress_bar_config(disable=True)
            self._pipeline = pipeline.to(self._device)
        return self._pipeline

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """What torch and the hub raise, sorted by whether waiting helps."""
        import torch

        try:
            yield
        except torch.OutOfMemoryError as error:
            raise TransientError(
                f"{self.name} ran out of memory on {self._device}; it may work when other jobs "
                "have ended, or with a smaller longest_edge_px.",
                retry_after_s=60.0,
            ) from error
        except ConnectionError as error:
            raise TransientError(
                f"{self.name}: the model hub can't be reached; check the network, or give the "
                "folder of a downloaded model.",
                retry_after_s=30.0,
            ) from error
        except (OSError, ValueError, RuntimeError) as error:
            raise PermanentError(f"{self.name} can't be used: {_first_line(error)}") from error


def working_size(width: int, height: int, *, longest_px: int) -> tuple[int, int]:
    """The size to paint at: no longer than `longest_px`, sides in steps of 8."""
    scale = min(1.0, longest_px / max(width, height))
    sides = (
        max(SIZE_STEP, round(side * scale / SIZE_STEP) * SIZE_STEP) for side in (width, height)
    )
    first, second = sides
    return first, second


def check_weights(model: str) -> None:
    """Refuse a local folder without safetensors; pickles can run code when they are loaded."""
    folder = Path(model)
    if not folder.is_dir():
        if folder.is_absolute() or model.startswith("."):
            raise PermanentError(f"There is no folder {model}; give a model id or a folder.")
        return
    if not (folder / "model_index.json").is_file():
        raise PermanentError(f"{model} is no diffusers pipeline: model_index.json is missing.")
    if not any(folder.rglob("*.safetensors")):
        pickled = any(folder.rglob("*.bin")) or any(folder.rglob("*.ckpt"))
        why = "holds its weights as pickles" if pickled else "holds no weights"
        raise PermanentError(
            f"{model} {why}; download or convert the model to *.safetensors and try again."
        )


def load_pipeline(model: str) -> Pipeline:
    """The pipeline for painting over a picture, or the nearest thing the model offers."""
    try:
        from diffusers import (
            AutoPipelineForImage2Image,
            AutoPipelineForInpainting,
            DiffusionPipeline,
        )
    except ImportError as error:
        raise PermanentError(f"diffusion models need diffusers and torch; {INSTALL}") from error
    load = cast(Callable[..., object], DiffusionPipeline.from_pretrained)
    base = load(model, use_safetensors=True)
    for kind in (AutoPipelineForImage2Image, AutoPipelineForInpainting):
        try:
            return cast(Pipeline, kind.from_pipe(base))
        except ValueError:
            continue
    return cast(Pipeline, base)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
