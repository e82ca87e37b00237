"""Arguments follow the signature; where memory ends, less is tried before anything fails."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from PIL import Image

from studio.errors import Cancelled, TransientError
from studio.imaging.diffusion_painter import Painter, PaintJob, arguments_for, steps_for
from studio.imaging.diffusion_pipelines import Loaded, Painting, Residence
from studio.imaging.diffusion_presets import Mode, Sampling
from studio.imaging.prompts import ImagePrompt
from studio.imaging.watch import watched_by

pytestmark = pytest.mark.models

SIZE = (32, 24)
EVERYTHING = frozenset(
    {
        "prompt",
        "negative_prompt",
        "image",
        "mask_image",
        "control_image",
        "strength",
        "width",
        "height",
        "guidance_scale",
        "num_inference_steps",
        "generator",
        "callback_on_step_end",
    }
)


@dataclass
class Vae:
    """Counts what is switched on."""

    slicing: bool = False
    tiling: bool = False

    def enable_slicing(self) -> None:
        self.slicing = True

    def enable_tiling(self) -> None:
        self.tiling = True


@dataclass
class Answer:
    images: list[Image.Image]


@dataclass
class ScriptedPipeline:
    """Paints a picture whose grey is its seed, as long as the memory is enough."""

    fits: Callable[[ScriptedPipeline, int], bool] = lambda _, __: True
    error: Callable[[], Exception] = MemoryError
    residence: str = "all"
    components: dict[str, Any] = field(default_factory=lambda: {"vae": Vae()})
    batches: list[int] = field(default_factory=list)
    freed: int = 0

    def __call__(self, **arguments: Any) -> Painting:
        prompts = arguments["prompt"]
        self.batches.append(len(prompts))
        if not self.fits(self, len(prompts)):
            raise self.error()
        for step in range(2):
            arguments["callback_on_step_end"](self, step, 0, {})
        greys = [each.initial_seed() % 256 for each in arguments["generator"]]
        return Answer([Image.new("RGB", SIZE, (grey,) * 3) for grey in greys])

    def to(self, device: str) -> ScriptedPipeline:
        self.residence = f"all on {device}"
        return self

    def set_progress_bar_config(self, *, disable: bool) -> None: ...

    def enable_model_cpu_offload(self, *, device: str) -> None:
        self.residence = f"parts on {device}"

    def enable_sequential_cpu_offload(self, *, device: str) -> None:
        self.residence = f"layers on {device}"

    def remove_all_hooks(self) -> None: ...

    def maybe_free_model_hooks(self) -> None:
        self.freed += 1


def loaded_with(pipeline: ScriptedPipeline, *, device: str = "cpu") -> Loaded:
    return Loaded(pipeline, Mode.INPAINT, device, parameters=EVERYTHING)


def a_painter(pipeline: ScriptedPipeline, *, device: str = "cpu", batch: int = 4) -> Painter:
    loaded = loaded_with(pipeline, device=device)
    return Painter("big/model", loader=lambda: loaded, sampling=Sampling(batch_size=batch))


def jobs(*seeds: int) -> list[PaintJob]:
    picture = Image.new("RGB", SIZE)
    return [
        PaintJob(
            prompt=ImagePrompt(positive=f"seed {seed}", negative="text"),
            start=picture,
            mask=picture.convert("L"),
            depth=picture,
            seed=seed,
        )
        for seed in seeds
    ]


def greys(painted: list[np.ndarray]) -> list[int]:
    return [int(picture[0, 0, 0]) for picture in painted]


def test_jobs_are_painted_in_batches_and_come_back_in_order() -> None:
    pipeline = ScriptedPipeline()
    painted = a_painter(pipeline).paint(jobs(*range(1, 11)))
    assert pipeline.batches == [4, 4, 2]
    assert greys(painted) == list(range(1, 11))
    assert painted[0].shape == (24, 32, 3)


def test_a_batch_too_large_is_halved_and_stays_so() -> None:
    pipeline = ScriptedPipeline(fits=lambda _, count: count <= 2)
    painter = a_painter(pipeline)
    assert greys(painter.paint(jobs(1, 2, 3, 4))) == [1, 2, 3, 4]
    assert pipeline.batches == [4, 2, 2]
    assert pipeline.freed == 1
    assert painter.batch_size == 2
    painter.paint(jobs(5, 6, 7))
    assert pipeline.batches[3:] == [2, 1]


def test_one_picture_too_large_is_decoded_in_tiles() -> None:
    pipeline = ScriptedPipeline(fits=lambda self, _: self.components["vae"].tiling)
    assert greys(a_painter(pipeline).paint(jobs(9))) == [9]
    assert pipeline.components["vae"].slicing
    assert pipeline.batches == [1, 1]


def test_on_a_card_parts_and_then_layers_take_turns() -> None:
    """A scripted pipeline stands for one on a card; the ladder is walked to its last rung."""
    import torch

    pipeline = ScriptedPipeline(
        fits=lambda self, _: self.residence.startswith("layers"),
        error=lambda: torch.OutOfMemoryError("CUDA out of memory."),
    )
    loaded = loaded_with(pipeline, device="cuda")
    painter = Painter("big/model", loader=lambda: loaded, sampling=Sampling())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("torch.random.fork_rng", lambda _: nullcontext())
        assert greys(painter.paint(jobs(3))) == [3]
    assert loaded.residence is Residence.LAYERS
    assert pipeline.residence == "layers on cuda"
    assert pipeline.batches == [1, 1, 1, 1]


@pytest.mark.parametrize(
    "error",
    [
        MemoryError,
        lambda: RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried 9 bytes"),
        lambda: RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"),
    ],
)
def test_when_nothing_less_is_left_the_error_says_what_to_do(
    error: Callable[[], Exception],
) -> None:
    pipeline = ScriptedPipeline(fits=lambda _, __: False, error=error)
    with pytest.raises(
        TransientError, match=r"big/model needs more memory than cpu has free.*studio models"
    ):
        a_painter(pipeline).paint(jobs(1, 2))
    assert pipeline.batches == [2, 1, 1]


def test_another_failure_is_not_tried_again() -> None:
    pipeline = ScriptedPipeline(
        fits=lambda _, __: False, error=lambda: RuntimeError("shapes differ")
    )
    with pytest.raises(Exception, match="big/model can't be used: shapes differ"):
        a_painter(pipeline).paint(jobs(1))
    assert pipeline.batches == [1]


def test_a_bug_of_ours_surfaces_as_it_is() -> None:
    pipeline = ScriptedPipeline(fits=lambda _, __: False, error=lambda: KeyError("oops"))
    with pytest.raises(KeyError, match="oops"):
        a_painter(pipeline).paint(jobs(1))


def test_work_that_is_called_off_frees_the_card() -> None:
    pipeline = ScriptedPipeline()

    def stop(line: str) -> None:
        if "step 2" in line:
            raise Cancelled("enough")

    with watched_by(stop), pytest.raises(Cancelled):
        a_painter(pipeline).paint(jobs(1))
    assert pipeline.freed == 1


def test_a_pipeline_gets_what_its_signature_names_and_no_more() -> None:
    loaded = Loaded(
        ScriptedPipeline(),
        Mode.IMAGE,
        "cpu",
        parameters=frozenset({"prompt", "image", "strength", "num_inference_steps"}),
    )
    arguments = arguments_for(loaded, jobs(1, 2), Sampling(strength=0.5))
    assert set(arguments) == {"prompt", "image", "strength", "num_inference_steps"}
    assert arguments["prompt"] == ["seed 1", "seed 2"]
    assert arguments["strength"] == 0.5
    assert len(arguments["image"]) == 2  # type: ignore[arg-type]


def test_what_a_preset_leaves_to_the_pipeline_is_left_out() -> None:
    loaded = loaded_with(ScriptedPipeline())
    assert "guidance_scale" in arguments_for(loaded, jobs(1), Sampling(guidance_scale=0.0))
    assert "guidance_scale" not in arguments_for(loaded, jobs(1), Sampling(guidance_scale=None))


def test_few_steps_are_stretched_so_that_some_are_taken() -> None:
    """2 steps at strength 0.6 would be 1; 4 are asked for, of which 2 are taken."""
    loaded = loaded_with(ScriptedPipeline())
    assert steps_for(loaded, Sampling(num_inference_steps=2, strength=0.6)) == 4
    assert steps_for(loaded, Sampling(num_inference_steps=28, strength=0.8)) == 28
    assert steps_for(loaded, Sampling(num_inference_steps=28, strength=0.1)) == 40
    words = Loaded(ScriptedPipeline(), Mode.TEXT, "cpu", parameters=frozenset({"prompt"}))
    assert steps_for(words, Sampling(num_inference_steps=2, strength=0.1)) == 2
