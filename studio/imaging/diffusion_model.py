"""Pictures by a diffusers pipeline: guided by the set, the product's own pixels laid on top."""

from __future__ import annotations

import json
import logging
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from studio.domain.brief import Product
from studio.domain.creative import Ai
from studio.errors import InputError
from studio.imaging.diffusion_cache import Painting, PaintingCache
from studio.imaging.diffusion_canvas import (
    Canvas,
    canvas_for,
    hard_mask,
    resized,
    window_for,
    working_size,
)
from studio.imaging.diffusion_painter import Painter, PaintJob
from studio.imaging.diffusion_pipelines import Loaded, Runtime, identity, load
from studio.imaging.diffusion_presets import Choice, Mode
from studio.imaging.fidelity import require_fidelity
from studio.imaging.model import PictureRequest, SetCard, Staged
from studio.imaging.prompts import ImagePrompt, View, image_prompt
from studio.imaging.scene import set_ids
from studio.imaging.set_choice import sets_for
from studio.imaging.staging import crop_of, request_fingerprint, scene_of

logger = logging.getLogger(__name__)

VERSION = "2"
"""Goes up when the same request gives another picture."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Order:
    """A request whose painting isn't there yet."""

    request: PictureRequest
    key: str
    size: tuple[int, int]


class DiffusionModel:
    """An `ImageModel` over a Hugging Face model id or a local folder, safetensors only."""

    def __init__(
        self,
        choice: Choice,
        *,
        sets_dir: Path,
        runtime: Runtime | None = None,
        prompts_dir: Path | None = None,
        cache: PaintingCache | None = None,
    ) -> None:
        self.name = f"diffusion:{choice.checkpoint.model}"
        self._choice, self._sampling = choice, choice.sampling
        self._sets_dir, self._prompts_dir = sets_dir, prompts_dir
        self._cache = cache
        self._runtime = runtime or Runtime()
        self.painter = Painter(
            choice.checkpoint.model,
            loader=self._load,
            sampling=choice.sampling,
            device=self._runtime.device,
        )

    def _load(self) -> Loaded:
        return load(self._choice.checkpoint, mode=self._sampling.mode, runtime=self._runtime)

    def sets(self) -> tuple[str, ...]:
        """Ids of the sets it can be guided by."""
        return set_ids(self._sets_dir)

    def sets_for(self, product: Product) -> tuple[SetCard, ...]:
        """Those where the product belongs by kind and size, or nearly."""
        return sets_for(product, self._sets_dir)

    def stage(self, request: PictureRequest) -> Staged:
        """The product in a generated scene; its pixels are those of the photo."""
        canvas = canvas_for(request, self._sets_dir)
        return self._staged(request, canvas, self._painting(request, canvas))

    def paint_ahead(self, requests: Sequence[PictureRequest]) -> None:
        """Paint what these requests need in batches of one size, and keep it for `stage`.

        Requests that can't be staged are left for `stage` to refuse. Without a cache there is
        nowhere to keep paintings, and nothing happens.
        """
        if self._cache is None:
            return
        orders = tuple(self._orders(requests, self._cache))
        if orders:
            self._paint_batches(orders, self._cache)

    def _paint_batches(self, orders: Sequence[_Order], cache: PaintingCache) -> None:
        """While one batch is painted, the next is prepared and the last is written."""
        view, batches = self._view(), _batches(orders, self.painter.batch_size)
        done = 0
        with ThreadPoolExecutor(1, thread_name_prefix="canvas") as aside:
            upcoming = aside.submit(self._jobs, batches[0], view)
            for index, batch in enumerate(batches):
                jobs = upcoming.result()
                if index + 1 < len(batches):
                    upcoming = aside.submit(self._jobs, batches[index + 1], view)
                label = f"painting {_count(done, len(batch))} of {len(orders)}"
                painted = self.painter.paint(list(jobs.values()), label=label) if jobs else []
                for key, pixels in zip(jobs, painted, strict=True):
                    aside.submit(cache.put, key, Painting(pixels, view))
                done += len(batch)

    def fingerprint(self, request: PictureRequest) -> str:
        """SHA-256 of everything that shapes the picture, the seed included."""
        scene = scene_of(request, self._sets_dir)
        prompts = [self._prompt(request, view).sha256 for view in View]
        checkpoint = self._choice.checkpoint
        shaping = {
            "name": self.name if not Path(checkpoint.model).is_dir() else "diffusion",
            "weights": identity(checkpoint.model),
            "depth": identity(checkpoint.depth) if checkpoint.depth else "",
            "variant": checkpoint.variant,
            "version": VERSION,
            "prompts": "".join(prompts),
            "sampling": json.dumps(_shaping(asdict(self._sampling)), sort_keys=True),
        }
        return request_fingerprint(request, scene, shaping)

    def _painting(self, request: PictureRequest, canvas: Canvas) -> Painting:
        key = self.fingerprint(request)
        kept = self._cache.get(key) if self._cache else None
        if kept is not None:
            return kept
        view = self._view()
        (pixels,) = self.painter.paint([self._job(request, canvas, view)])
        painting = Painting(pixels, view)
        if self._cache:
            self._cache.put(key, painting)
        return painting

    def _staged(self, request: PictureRequest, canvas: Canvas, painting: Painting) -> Staged:
        view, crop = View(painting.view), canvas.crop
        staged = Staged(
            image=canvas.finished(painting.pixels, has_product=view is View.AROUND),
            product_box=canvas.product.box(crop.width_px, crop.height_px),
            prompt_sha256=self._prompt(request, view).sha256,
            ai=Ai.EDITED,
            photoreal=True,
            tags=canvas.scene.spec.tags,
            family=canvas.scene.spec.family,
        )
        require_fidelity(staged, request)
        return staged

    def _orders(
        self, requests: Sequence[PictureRequest], cache: PaintingCache
    ) -> Iterator[_Order]:
        seen: set[str] = set()
        for request in requests:
            try:
                key = self.fingerprint(request)
                size = self._size_of(request)
            except InputError:
                continue
            if key not in seen and not cache.has(key):
                seen.add(key)
                yield _Order(request=request, key=key, size=size)

    def _size_of(self, request: PictureRequest) -> tuple[int, int]:
        scene = scene_of(request, self._sets_dir)
        window, _ = window_for(crop_of(request, scene), scene.spec.size_px)
        return self._working_size(window.width_px, window.height_px)

    def _jobs(self, orders: Sequence[_Order], view: View) -> dict[str, PaintJob]:
        """What the pipeline is given for each order that can be staged, by its key."""
        jobs: dict[str, PaintJob] = {}
        for order in orders:
            try:
                canvas = canvas_for(order.request, self._sets_dir)
            except InputError as error:
                logger.info("not painted ahead", extra={"why": str(error)})
            else:
                jobs[order.key] = self._job(order.request, canvas, view)
        return jobs

    def _job(self, request: PictureRequest, canvas: Canvas, view: View) -> PaintJob:
        """What the pipeline is given, at the size it paints."""
        around = view is View.AROUND
        size = self._working_size(canvas.window.width_px, canvas.window.height_px)
        start = canvas.start(request, with_product=around)
        depth = canvas.depth(with_product=around)
        return PaintJob(
            prompt=self._prompt(request, view),
            start=Image.fromarray(resized(np.asarray(start), size)),
            mask=hard_mask(canvas.mask(), size),
            depth=depth.resize(size, Image.Resampling.BILINEAR),
            seed=request.seed,
        )

    def _view(self) -> View:
        """What this pipeline is shown; the first call loads it."""
        loaded = self.painter.loaded
        if loaded.mode is Mode.INPAINT:
            return View.AROUND
        return View.EDIT if loaded.edits else View.EMPTY

    def _prompt(self, request: PictureRequest, view: View) -> ImagePrompt:
        return image_prompt(
            request,
            scene_of(request, self._sets_dir),
            folder=self._prompts_dir,
            view=view,
            words=self._sampling.prompt_words,
        )

    def _working_size(self, width_px: int, height_px: int) -> tuple[int, int]:
        sampling = self._sampling
        return working_size(
            width_px, height_px, native_px=sampling.native_px, step=sampling.size_step
        )


def _shaping(sampling: dict[str, object]) -> dict[str, object]:
    """What of the sampling shapes a picture; how many are painted at once doesn't."""
    return {name: value for name, value in sampling.items() if name != "batch_size"}


def _batches(orders: Sequence[_Order], most: int) -> list[list[_Order]]:
    """Orders of one size together, at most so many at once."""
    groups: dict[tuple[int, int], list[_Order]] = defaultdict(list)
    for order in orders:
        groups[order.size].append(order)
    return [
        same[first : first + most]
        for same in groups.values()
        for first in range(0, len(same), most)
    ]


def _count(done: int, more: int) -> str:
    return f"{done + 1}–{done + more}" if more > 1 else str(done + 1)
