"""Every family's pipelines load as safetensors, take batches, and one seed is one picture."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import InputError, PermanentError
from studio.imaging.diffusion_painter import Painter, PaintJob
from studio.imaging.diffusion_pipelines import (
    HEADROOM_BYTES,
    Loaded,
    Residence,
    Runtime,
    check_weights,
    load,
    part_bytes,
    plan_for,
    residence_for,
)
from studio.imaging.diffusion_presets import Checkpoint, Mode, Proof, Sampling, presets
from studio.imaging.prompts import ImagePrompt
from tests.imaging.tiny_pipeline import DEPTHS, FAMILIES

pytestmark = [
    # What diffusers calls of its own and of others' old interfaces.
    pytest.mark.filterwarnings("ignore:`FluxPosEmbed` is deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

QUICK = Sampling(num_inference_steps=2, strength=1.0, max_sequence_length=48, native_px=64)
CPU = Runtime(device="cpu")

EXPECTED = {
    ("stable-diffusion", False): "StableDiffusionInpaintPipeline",
    ("stable-diffusion", True): "StableDiffusionControlNetInpaintPipeline",
    ("stable-diffusion-xl", False): "StableDiffusionXLInpaintPipeline",
    ("stable-diffusion-xl", True): "StableDiffusionXLControlNetInpaintPipeline",
    ("stable-diffusion-3", False): "StableDiffusion3InpaintPipeline",
    ("stable-diffusion-3", True): "StableDiffusion3ControlNetPipeline",
    ("flux", False): "FluxInpaintPipeline",
    ("flux", True): "FluxControlNetInpaintPipeline",
    ("flux2-klein", False): "Flux2KleinPipeline",
    ("z-image", False): "ZImageInpaintPipeline",
    ("qwenimage", False): "QwenImageInpaintPipeline",
    ("pixart-sigma", False): "PixArtSigmaPipeline",
}
"""What `auto` comes to, by family and by whether there is a depth network."""

MODES = [
    ("stable-diffusion", Mode.TEXT, False),
    ("stable-diffusion", Mode.IMAGE, True),
    ("stable-diffusion-xl", Mode.TEXT, True),
    ("stable-diffusion-xl", Mode.IMAGE, False),
    ("stable-diffusion-3", Mode.IMAGE, False),
    ("flux", Mode.TEXT, True),
    ("flux", Mode.IMAGE, True),
    ("z-image", Mode.IMAGE, False),
    ("qwenimage", Mode.IMAGE, False),
]


def a_job(
    seed: int = 1, words: str = "a soft light", size: tuple[int, int] = (80, 64)
) -> PaintJob:
    noise = np.random.default_rng(5).integers(0, 255, (size[1], size[0], 3), np.uint8)
    picture = Image.fromarray(noise)
    mask = Image.new("L", size, 255)
    mask.paste(0, (20, 20, 50, 50))
    return PaintJob(
        prompt=ImagePrompt(positive=words, negative="text"),
        start=picture,
        mask=mask,
        depth=picture.convert("L").convert("RGB"),
        seed=seed,
    )


def painter_of(loaded: Loaded, sampling: Sampling = QUICK) -> Painter:
    return Painter("tiny", loader=lambda: loaded, sampling=sampling)


def same_picture_in_any_company(loaded: Loaded) -> None:
    """A batch gives, up to rounding, what each of its jobs gives alone, twice the same."""
    painter = painter_of(loaded)
    (one,) = painter.paint([a_job(1)])
    (again,) = painter.paint([a_job(1)])
    assert one.shape == (64, 80, 3)
    assert np.array_equal(one, again)
    other, batched = painter.paint([a_job(2, "blue"), a_job(1)])
    assert np.abs(batched.astype(int) - one).max() <= 2
    assert np.abs(other.astype(int) - one).max() > 2


@pytest.mark.models
@pytest.mark.parametrize(("family", "with_depth"), list(EXPECTED), ids=str)
def test_one_seed_is_one_picture_in_every_family(
    family: str,
    with_depth: bool,  # noqa: FBT001 - a parameter of the test
    tiny: Callable[[str], Path],
    tiny_depth: Callable[[str], Path],
) -> None:
    depth = str(tiny_depth(family)) if with_depth else ""
    checkpoint = Checkpoint(model=str(tiny(family)), depth=depth)
    loaded = load(checkpoint, mode=Mode.AUTO, runtime=CPU)
    assert loaded.kind == EXPECTED[family, with_depth]
    same_picture_in_any_company(loaded)


@pytest.mark.models
@pytest.mark.parametrize(("family", "mode", "with_depth"), MODES, ids=str)
def test_every_mode_that_a_family_has_can_be_asked_for(
    family: str,
    mode: Mode,
    with_depth: bool,  # noqa: FBT001 - a parameter of the test
    tiny: Callable[[str], Path],
    tiny_depth: Callable[[str], Path],
) -> None:
    depth = str(tiny_depth(family)) if with_depth else ""
    checkpoint = Checkpoint(model=str(tiny(family)), depth=depth)
    loaded = load(checkpoint, mode=mode, runtime=CPU)
    assert loaded.mode is mode
    same_picture_in_any_company(loaded)


@pytest.mark.models
def test_the_mask_keeps_what_is_black(tiny: Callable[[str], Path]) -> None:
    """Latents under the mask's black are the start's: with the same noise, they stay equal."""
    checkpoint = Checkpoint(model=str(tiny("stable-diffusion")))
    painter = painter_of(load(checkpoint, mode=Mode.INPAINT, runtime=CPU))
    (one,) = painter.paint([a_job(1)])
    (other,) = painter.paint([a_job(9)])
    apart = np.abs(one.astype(int) - other).mean(axis=2)
    assert apart[28:42, 28:42].mean() < apart[:12].mean() / 2


@pytest.mark.models
def test_an_editing_pipeline_paints_one_at_a_time(tiny: Callable[[str], Path]) -> None:
    """It would take a list of pictures as several views of one thing."""
    checkpoint = Checkpoint(model=str(tiny("flux2-klein")))
    loaded = load(checkpoint, mode=Mode.AUTO, runtime=CPU)
    assert loaded.edits
    assert painter_of(loaded).batch_size == 1


@pytest.mark.models
def test_a_mode_that_a_family_lacks_gives_the_nearest(one_torch_thread: None) -> None:
    assert (
        plan_for("PixArtSigmaPipeline", mode=Mode.INPAINT, with_depth=False).mode is Mode.TEXT
    )
    assert (
        plan_for("Flux2KleinPipeline", mode=Mode.INPAINT, with_depth=False).mode is Mode.IMAGE
    )
    asked = plan_for("QwenImagePipeline", mode=Mode.INPAINT, with_depth=True)
    assert (asked.mode, asked.takes_depth) == (Mode.INPAINT, False)
    asked = plan_for("QwenImagePipeline", mode=Mode.TEXT, with_depth=True)
    assert (asked.mode, asked.takes_depth) == (Mode.TEXT, True)


@pytest.mark.models
def test_a_pipeline_that_paints_no_pictures_is_refused(one_torch_thread: None) -> None:
    with pytest.raises(PermanentError, match="AudioLDM2Pipeline is no pipeline that paints"):
        plan_for("AudioLDM2Pipeline", mode=Mode.AUTO, with_depth=False)


@pytest.mark.models
def test_presets_tested_here_are_of_families_tested_here(one_torch_thread: None) -> None:
    for name, preset in presets().items():
        assert (preset.tested is Proof.ARCHITECTURE) == (preset.family in FAMILIES), name
        if preset.tested is Proof.ARCHITECTURE and preset.depth:
            assert preset.family in DEPTHS or preset.sampling.mode is Mode.INPAINT, name


@pytest.mark.models
def test_weights_lie_in_memory_as_asked(tiny: Callable[[str], Path]) -> None:
    checkpoint = Checkpoint(model=str(tiny("stable-diffusion")))
    whole = load(checkpoint, mode=Mode.TEXT, runtime=CPU)
    half = load(checkpoint, mode=Mode.TEXT, runtime=Runtime(device="cpu", dtype="bfloat16"))
    assert sum(part_bytes(whole.pipeline)) == 2 * sum(part_bytes(half.pipeline)) > 0
    (painted,) = painter_of(half).paint([a_job()])
    assert painted.std() > 0


def test_as_much_lies_on_the_device_as_fits() -> None:
    """12 GB in all, 8 GB of them in one part, and 3 GiB to paint with."""
    total, largest, room = 12 << 30, 8 << 30, HEADROOM_BYTES
    assert residence_for(total, largest, free_bytes=total + room) is Residence.ALL
    assert residence_for(total, largest, free_bytes=total + room - 1) is Residence.PARTS
    assert residence_for(total, largest, free_bytes=largest + room) is Residence.PARTS
    assert residence_for(total, largest, free_bytes=largest + room - 1) is Residence.LAYERS


@pytest.mark.models
def test_a_device_that_isnt_there_is_named(one_torch_thread: None) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    with pytest.raises(InputError, match=r"STUDIO_DEVICE: there is no 'cuda:1'.*found: .*cpu"):
        Runtime(device="cuda:1").chosen_device()
    with pytest.raises(InputError, match="STUDIO_DTYPE"):
        Runtime(dtype="int3").chosen_dtype("cpu")
    assert Runtime(dtype="auto").chosen_dtype("cpu") is torch.float32


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match=r"model_index\.json is missing"):
        check_weights(str(tmp_path))
    (tmp_path / "model_index.json").write_text("{}")
    with pytest.raises(PermanentError, match=r"holds no weights; .*safetensors"):
        check_weights(str(tmp_path))


@pytest.mark.parametrize("name", ["diffusion_pytorch_model.bin", "model.ckpt", "model.pth"])
def test_pickled_weights_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "model_index.json").write_text("{}")
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / name).write_bytes(b"pickle")
    with pytest.raises(PermanentError, match=r"as pickles; .*safetensors"):
        check_weights(str(tmp_path))


def test_one_pickled_part_among_good_ones_is_named(tmp_path: Path) -> None:
    (tmp_path / "model_index.json").write_text("{}")
    for part, name in (("unet", "model.safetensors"), ("vae", "model.bin")):
        (tmp_path / part).mkdir()
        (tmp_path / part / name).write_bytes(b"")
    with pytest.raises(PermanentError, match=r"part vae, holds its weights as pickles"):
        check_weights(str(tmp_path))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="There is no folder"):
        check_weights(str(tmp_path / "gone"))


def test_a_single_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.ckpt"
    file.write_bytes(b"")
    with pytest.raises(PermanentError, match=r"model\.ckpt is a single file; give a folder"):
        check_weights(str(file))


@pytest.mark.models
@pytest.mark.parametrize(
    "changes",
    [{"unet": ["my_unet", "MyUNet"]}, {"_class_name": ["pipeline", "MyPipeline"]}],
    ids=["part", "pipeline"],
)
def test_a_model_that_brings_code_is_refused(
    changes: dict[str, object], tiny: Callable[[str], Path], tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny("stable-diffusion"), folder)
    index = json.loads((folder / "model_index.json").read_text())
    (folder / "model_index.json").write_text(json.dumps(index | changes))
    (folder / "pipeline.py").write_text("raise SystemExit('this code must not run')")
    with pytest.raises(PermanentError, match=r"brings its own code \((unet|_class_name)\)"):
        load(Checkpoint(model=str(folder)), mode=Mode.AUTO, runtime=CPU)


@pytest.mark.models
def test_a_cut_off_weights_file_is_named(tiny: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny("stable-diffusion"), folder)
    weights = folder / "unet" / "diffusion_pytorch_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    loader = lambda: load(Checkpoint(model=str(folder)), mode=Mode.AUTO, runtime=CPU)  # noqa: E731
    painter = Painter(str(folder), loader=loader, sampling=QUICK)
    with pytest.raises(PermanentError, match=r"weights file is damaged or cut off"):
        painter.paint([a_job()])


@pytest.mark.models
def test_a_part_without_its_file_is_named(tiny: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny("stable-diffusion"), folder)
    (folder / "vae" / "diffusion_pytorch_model.safetensors").unlink()
    painter = Painter(
        str(folder),
        loader=lambda: load(Checkpoint(model=str(folder)), mode=Mode.AUTO, runtime=CPU),
        sampling=replace(QUICK, batch_size=1),
    )
    with pytest.raises(PermanentError, match=r"no weights as \*\.safetensors"):
        painter.paint([a_job()])


@pytest.fixture(autouse=True)
def _quiet(request: pytest.FixtureRequest) -> Iterator[None]:
    if request.node.get_closest_marker("models") is None:
        yield
        return
    from diffusers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    yield
    logging.set_verbosity(before)
