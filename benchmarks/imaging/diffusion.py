"""What the diffusion adapter costs beside the bare diffusers call, on random weights.

    python benchmarks/imaging/diffusion.py [--scale small|sdxl] [--pictures 4] [--rounds 3]

A Stable Diffusion XL inpainting pipeline with random weights paints the same pictures three
ways, round by round in turn, so that a busy machine shows in all of them:

- bare: the pipeline called with arguments made beforehand, one picture after another and in
  batches;
- painter: the adapter's `Painter` with the same jobs: signature, generators, steps told;
- ahead: `DiffusionModel.paint_ahead` from requests: sets, masks, depth, prompts, hashes and the
  cache as well.

Time is the clock's, and the processor time of the process besides, which other programs don't
change. On CUDA the memory is the peak that torch allocated, elsewhere the process's peak.
`sdxl` has the real network's size (2.6 billion weights in the UNet) and wants a GPU.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_OFFLINE"] = "1"
ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from studio.imaging.diffusion_cache import PaintingCache  # noqa: E402
from studio.imaging.diffusion_canvas import canvas_for  # noqa: E402
from studio.imaging.diffusion_model import DiffusionModel  # noqa: E402
from studio.imaging.diffusion_painter import (  # noqa: E402
    PaintJob,
    arguments_for,
    free_memory,
)
from studio.imaging.diffusion_pipelines import Runtime, part_bytes  # noqa: E402
from studio.imaging.diffusion_presets import Checkpoint, Choice, Sampling  # noqa: E402
from studio.imaging.model import PictureRequest  # noqa: E402
from studio.imaging.prompts import View  # noqa: E402
from tests.imaging.examples import FEED_1X1, a_packshot, a_request  # noqa: E402
from tests.imaging.tiny_pipeline import sdxl_pipeline  # noqa: E402

SETS = ROOT / "assets" / "sets"
SET = "bright-kitchen"
TABLE = ROOT / "benchmarks" / "imaging" / "diffusion.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large the network is and how it is run."""

    unet: Mapping[str, Any]
    vae: Mapping[str, Any]
    clip: Sequence[int]
    """Width of both text encoders."""
    native_px: int
    steps: int


SCALES = {
    "small": Scale(
        unet={
            "block_out_channels": (32, 64, 128),
            "layers_per_block": 2,
            "norm_num_groups": 32,
            "attention_head_dim": (1, 2, 4),
            "transformer_layers_per_block": (1, 1, 2),
        },
        vae={"block_out_channels": (16, 16, 32, 32), "norm_num_groups": 8},
        clip=(64, 64),
        native_px=384,
        steps=6,
    ),
    "sdxl": Scale(
        unet={
            "block_out_channels": (320, 640, 1280),
            "layers_per_block": 2,
            "norm_num_groups": 32,
            "attention_head_dim": (5, 10, 20),
            "transformer_layers_per_block": (1, 2, 10),
        },
        vae={"block_out_channels": (128, 256, 512, 512), "norm_num_groups": 32},
        clip=(768, 1280),
        native_px=1024,
        steps=30,
    ),
}


@dataclass(frozen=True, slots=True)
class Took:
    """One timed run."""

    clock_s: float
    processor_s: float


def main() -> None:
    """Measure and write the table."""
    options = _options()
    # Old interfaces that diffusers itself calls.
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        lines = measured(Path(folder), options)
    text = "\n".join(lines) + "\n"
    print(text)
    if options.write:
        TABLE.write_text(text, "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", choices=list(SCALES), default="")
    parser.add_argument("--pictures", type=int, default=4)
    parser.add_argument("--batch", type=int, default=0, help="0: 2 on processors, else 4")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--write", action="store_true", help="write diffusion.md")
    return parser.parse_args()


def measured(folder: Path, options: argparse.Namespace) -> list[str]:
    """The report's lines."""
    runtime = Runtime()
    device = runtime.chosen_device()
    name = options.scale or ("sdxl" if device.startswith("cuda") else "small")
    scale = SCALES[name]
    batch = options.batch or (4 if device.startswith("cuda") else 2)
    model = _model(folder, scale, runtime, batch)
    requests = _requests(folder, options.pictures)
    jobs = _jobs(model, requests)
    bare = Bare(model, jobs, device)
    ways: dict[str, Callable[[], None]] = {
        "bare, one by one": lambda: bare.paint(1),
        f"bare, batches of {batch}": lambda: bare.paint(batch),
        f"painter, batches of {batch}": lambda: _discard(model.painter.paint(jobs)),
        f"ahead, batches of {batch}": lambda: _ahead(model, requests, folder),
    }
    bare.paint(1)
    took: dict[str, list[Took]] = {way: [] for way in ways}
    memory: dict[str, float] = {}
    for _ in range(options.rounds):
        for way, paint in ways.items():
            took[way].append(timed(paint, device))
            memory[way] = max(memory.get(way, 0.0), _peak_gb(device))
    weights = sum(part_bytes(model.painter.loaded.pipeline)) / 1e9
    return [
        *_heading(device, name, model, jobs[0], weights, options),
        *_rows(took, memory, len(jobs), base=f"bare, batches of {batch}"),
        "",
        *_beside(model, requests),
        "",
        *_outside(model, jobs, device),
    ]


class Bare:
    """The pipeline as diffusers' documentation calls it, with the adapter's arguments."""

    def __init__(self, model: DiffusionModel, jobs: list[PaintJob], device: str) -> None:
        self._loaded, self._jobs, self._device = model.painter.loaded, jobs, device
        self._sampling = model._sampling

    def paint(self, batch: int) -> None:
        """All jobs, so many at once."""
        import torch

        for first in range(0, len(self._jobs), batch):
            some = self._jobs[first : first + batch]
            arguments = arguments_for(self._loaded, some, self._sampling)
            generators = [torch.Generator("cpu").manual_seed(job.seed) for job in some]
            self._loaded.pipeline(**arguments, generator=generators)


def timed(paint: Callable[[], None], device: str) -> Took:
    """One run, with everything on the device finished before and after."""
    import torch

    free_memory(device)
    if device.startswith("cuda"):
        torch.cuda.reset_peak_memory_stats()
    _finish(device)
    clock, processor = time.perf_counter(), time.process_time()
    paint()
    _finish(device)
    return Took(time.perf_counter() - clock, time.process_time() - processor)


def _finish(device: str) -> None:
    """Wait for what was sent to the device."""
    import torch

    if device.startswith("cuda"):
        torch.cuda.synchronize()


def _model(folder: Path, scale: Scale, runtime: Runtime, batch: int) -> DiffusionModel:
    import torch

    torch.manual_seed(3)
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    pipeline = sdxl_pipeline(folder, unet=scale.unet, vae=scale.vae, clip=tuple(scale.clip))
    pipeline.save_pretrained(folder / "model", safe_serialization=True)
    del pipeline
    sampling = Sampling(
        num_inference_steps=scale.steps,
        strength=1.0,
        guidance_scale=6.0,
        native_px=scale.native_px,
        size_step=64,
        batch_size=batch,
    )
    choice = Choice(checkpoint=Checkpoint(model=str(folder / "model")), sampling=sampling)
    return DiffusionModel(choice, sets_dir=SETS, runtime=runtime)


def _requests(folder: Path, count: int) -> list[PictureRequest]:
    for name, mirrored in (("left.png", False), ("right.png", True)):
        a_packshot(folder / name, width=900, mirrored=mirrored)
    return [
        a_request(folder, set=SET, placement=FEED_1X1, seed=seed)
        for seed in range(1, count + 1)
    ]


def _jobs(model: DiffusionModel, requests: Sequence[PictureRequest]) -> list[PaintJob]:
    view = model._view()
    return [model._job(each, canvas_for(each, SETS), view) for each in requests]


def _ahead(model: DiffusionModel, requests: list[PictureRequest], folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir=folder) as cache:
        model._cache = PaintingCache(Path(cache))
        model.paint_ahead(requests)
        model._cache = None


def _discard(_: object) -> None:
    return None


def _peak_gb(device: str) -> float:
    import torch

    if device.startswith("cuda"):
        return float(torch.cuda.max_memory_allocated()) / 1e9
    kibibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kibibytes * 1024 / 1e9


def _rows(
    took: Mapping[str, list[Took]], memory: Mapping[str, float], pictures: int, *, base: str
) -> list[str]:
    def each(way: str, name: str) -> float:
        return median(getattr(run, name) for run in took[way]) / pictures

    rows = [
        "| way | seconds a picture | beside bare batches | processor seconds | beside bare "
        "batches | peak memory |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for way in took:
        clock, processor = each(way, "clock_s"), each(way, "processor_s")
        rows.append(
            f"| {way} | {clock:.3f} | {clock / each(base, 'clock_s') - 1:+.1%} | "
            f"{processor:.3f} | {processor / each(base, 'processor_s') - 1:+.1%} | "
            f"{memory[way]:.2f} GB |"
        )
    return rows


def _beside(model: DiffusionModel, requests: Sequence[PictureRequest]) -> list[str]:
    """What the adapter does for one picture outside the pipeline, in processor time."""
    request = replace(requests[0], seed=977)
    started = time.process_time()
    canvas = canvas_for(request, SETS)
    job = model._job(request, canvas, View.AROUND)
    prepared = time.process_time()
    import numpy as np

    canvas.finished(np.asarray(job.start), has_product=True)
    finished = time.process_time()
    return [
        f"Preparing one picture takes {1000 * (prepared - started):.0f} ms of processor time "
        f"and laying the product on it {1000 * (finished - prepared):.0f} ms. The first runs "
        "beside the painting of the batch before; the second the built-in model does, too.",
    ]


class Timed:
    """A pipeline that keeps the time of its calls."""

    def __init__(self, pipeline: Any, device: str) -> None:
        self._pipeline, self._device = pipeline, device
        self.processor_s = 0.0

    def __call__(self, **arguments: object) -> Any:
        """Paint, and add up."""
        started = time.process_time()
        answer = self._pipeline(**arguments)
        _finish(self._device)
        self.processor_s += time.process_time() - started
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pipeline, name)


def _outside(model: DiffusionModel, jobs: list[PaintJob], device: str) -> list[str]:
    """The painter's own time in one run, which a busy machine can't hide or invent."""
    loaded = model.painter.loaded
    inner = Timed(loaded.pipeline, device)
    loaded.pipeline = inner
    whole = timed(lambda: _discard(model.painter.paint(jobs)), device)
    loaded.pipeline = inner._pipeline
    own = whole.processor_s - inner.processor_s
    return [
        f"In a run of {len(jobs)} pictures the painter itself, outside the pipeline's calls, "
        f"takes {1000 * own / len(jobs):.1f} ms of processor time a picture: "
        f"{own / inner.processor_s:.2%} of the pipeline's. That a network is small or large "
        "doesn't change those milliseconds.",
    ]


def _heading(
    device: str,
    name: str,
    model: DiffusionModel,
    job: PaintJob,
    weights_gb: float,
    options: argparse.Namespace,
) -> list[str]:
    import diffusers
    import torch

    chip = (
        torch.cuda.get_device_name()
        if device.startswith("cuda")
        else f"{os.environ['OMP_NUM_THREADS']} thread of {platform.machine()}"
    )
    width, height = job.size
    return [
        "# The diffusion adapter beside bare diffusers",
        "",
        f"`python benchmarks/imaging/diffusion.py --scale {name}` on {device} ({chip}), torch "
        f"{torch.__version__}, diffusers {diffusers.__version__}; {model.painter.loaded.kind}, "
        f"random weights ({weights_gb:.2f} GB), {width} × {height} px, "
        f"{model._sampling.num_inference_steps} steps with guidance, {options.pictures} "
        f"pictures, median of {options.rounds} rounds in turn.",
        "",
    ]


if __name__ == "__main__":
    main()
