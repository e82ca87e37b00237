"""A really loaded (tiny) pipeline keeps the contract, caches, and can be stopped."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import Cancelled, PermanentError
from studio.imaging.diffusion_cache import PaintingCache
from studio.imaging.diffusion_model import DiffusionModel
from studio.imaging.diffusion_pipelines import Runtime
from studio.imaging.diffusion_presets import Checkpoint, Choice, Mode, Sampling
from studio.imaging.fidelity import check_fidelity
from studio.imaging.model import PictureRequest, Staged
from studio.imaging.staged_model import StagedModel
from studio.imaging.watch import watched_by
from tests.contracts.image_model import ImageModelContract
from tests.imaging.examples import a_placement

pytestmark = [
    pytest.mark.models,
    # What diffusers calls of its own and of others' old interfaces.
    pytest.mark.filterwarnings("ignore:The `local_dir_use_symlinks` argument:UserWarning"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

Requests = Callable[..., PictureRequest]
QUICK = Sampling(num_inference_steps=2, strength=1.0, native_px=64)
CPU = Runtime(device="cpu")


def a_model(
    folder: Path,
    sets_dir: Path,
    *,
    depth: Path | None = None,
    cache: PaintingCache | None = None,
    **changes: object,
) -> DiffusionModel:
    checkpoint = Checkpoint(model=str(folder), depth=str(depth or ""))
    choice = Choice(checkpoint=checkpoint, sampling=replace(QUICK, **changes))  # type: ignore[arg-type]
    return DiffusionModel(choice, sets_dir=sets_dir, runtime=CPU, cache=cache)


def pixels(staged: Staged) -> np.ndarray:
    return np.asarray(staged.image).astype(int)


@pytest.fixture(scope="module")
def painting_around(tiny: Callable[[str], Path], sets_dir: Path) -> DiffusionModel:
    return a_model(tiny("stable-diffusion"), sets_dir)


@pytest.fixture(scope="module")
def painting_over(tiny: Callable[[str], Path], sets_dir: Path) -> DiffusionModel:
    return a_model(tiny("stable-diffusion"), sets_dir, mode=Mode.IMAGE)


@pytest.fixture(scope="module")
def painting_from_words(
    tiny: Callable[[str], Path], tiny_depth: Callable[[str], Path], sets_dir: Path
) -> DiffusionModel:
    family = "stable-diffusion"
    return a_model(tiny(family), sets_dir, depth=tiny_depth(family), mode=Mode.TEXT)


class TestPaintingAround(ImageModelContract):
    @pytest.fixture
    def model(self, painting_around: DiffusionModel) -> DiffusionModel:
        return painting_around


class TestPaintingOver(ImageModelContract):
    @pytest.fixture
    def model(self, painting_over: DiffusionModel) -> DiffusionModel:
        return painting_over


def test_a_model_is_used_for_inpainting_where_it_can(painting_around: DiffusionModel) -> None:
    assert painting_around.painter.loaded.mode is Mode.INPAINT
    assert painting_around.painter.loaded.kind == "StableDiffusionInpaintPipeline"


def test_the_scene_is_the_pipelines_and_not_the_set(
    painting_around: DiffusionModel, requests: Requests, sets_dir: Path
) -> None:
    request = requests()
    painted, rendered = (
        pixels(model.stage(request)) for model in (painting_around, StagedModel(sets_dir))
    )
    assert np.abs(painted[:60] - rendered[:60]).mean() > 15


def test_the_depth_shapes_the_picture(
    painting_from_words: DiffusionModel,
    tiny: Callable[[str], Path],
    tiny_depth: Callable[[str], Path],
    requests: Requests,
    tmp_path: Path,
    sets_dir: Path,
) -> None:
    """The same words and noise on a set of another shape; equal depth gives equal pixels."""
    request = requests()
    one = pixels(painting_from_words.stage(request))
    turned = tmp_path / "sets"
    _copy_with_other_depth(sets_dir, turned)
    family = "stable-diffusion"
    model = a_model(tiny(family), turned, depth=tiny_depth(family), mode=Mode.TEXT)
    other = pixels(model.stage(request))
    assert np.abs(one - other)[:60].mean() > 0.1


def _copy_with_other_depth(sets_dir: Path, to: Path) -> None:
    """The set, deep at the right instead of at the top."""
    shutil.copytree(sets_dir, to)
    file = to / "plain" / "depth.png"
    with Image.open(file) as depth:
        turned = depth.transpose(Image.Transpose.ROTATE_90).resize(depth.size)
    turned.save(file)


def test_the_fingerprint_follows_model_sampling_and_depth(
    tiny: Callable[[str], Path],
    tiny_depth: Callable[[str], Path],
    requests: Requests,
    sets_dir: Path,
) -> None:
    folder, request = tiny("stable-diffusion"), requests()
    models = (
        a_model(folder, sets_dir),
        a_model(folder, sets_dir, num_inference_steps=3),
        a_model(folder, sets_dir, depth=tiny_depth("stable-diffusion")),
        a_model(tiny("flux"), sets_dir),
        StagedModel(sets_dir),
    )
    assert len({model.fingerprint(request) for model in models}) == 5


def test_the_fingerprint_ignores_where_the_model_lies_and_how_many_are_painted_at_once(
    tiny: Callable[[str], Path], requests: Requests, sets_dir: Path, tmp_path: Path
) -> None:
    moved = shutil.copytree(tiny("stable-diffusion"), tmp_path / "elsewhere")
    one = a_model(tiny("stable-diffusion"), sets_dir)
    other = a_model(moved, sets_dir, batch_size=2)
    assert one.fingerprint(requests()) == other.fingerprint(requests())


def test_changed_weights_change_the_fingerprint(
    tiny: Callable[[str], Path], requests: Requests, sets_dir: Path, tmp_path: Path
) -> None:
    moved = shutil.copytree(tiny("stable-diffusion"), tmp_path / "trained")
    before = a_model(moved, sets_dir).fingerprint(requests())
    weights = moved / "unet" / "diffusion_pytorch_model.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert a_model(moved, sets_dir).fingerprint(requests()) != before


def test_a_painting_is_made_once(
    tiny: Callable[[str], Path], requests: Requests, sets_dir: Path, tmp_path: Path
) -> None:
    """The second model never loads its pipeline, and the picture is the same to the bit."""
    first = a_model(tiny("stable-diffusion"), sets_dir, cache=PaintingCache(tmp_path))
    one = first.stage(requests())
    second = a_model(tiny("stable-diffusion"), sets_dir, cache=PaintingCache(tmp_path))
    other = second.stage(requests())
    assert np.array_equal(pixels(one), pixels(other))
    assert second.painter._loaded is None
    assert other.prompt_sha256 == one.prompt_sha256


def test_what_is_painted_ahead_in_batches_is_what_one_by_one_gives(
    tiny: Callable[[str], Path], requests: Requests, sets_dir: Path, tmp_path: Path
) -> None:
    """Three seeds in two sizes. A batch sums in another order, so last bits may differ."""
    wanted = [
        requests(seed=seed, placement=placement)
        for seed in (1, 2, 3)
        for placement in (a_placement(270, 270), a_placement(200, 300))
    ]
    calls: list[str] = []
    ahead = a_model(tiny("stable-diffusion"), sets_dir, cache=PaintingCache(tmp_path))
    with watched_by(calls.append):
        ahead.paint_ahead(wanted)
    assert {line.split(",")[0] for line in calls if "painting" in line} == {
        "painting 1–3 of 6",
        "painting 4–6 of 6",
    }
    alone = a_model(tiny("stable-diffusion"), sets_dir)
    calls.clear()
    with watched_by(calls.append):
        staged = [ahead.stage(request) for request in wanted]
    assert not calls
    for request, picture in zip(wanted, staged, strict=True):
        difference = np.abs(pixels(picture) - pixels(alone.stage(request)))
        assert difference.max() <= 4, "one grey level, enlarged with overshoot"


def test_what_cant_be_staged_is_left_for_stage_to_refuse(
    tiny: Callable[[str], Path], requests: Requests, sets_dir: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "gone.png"
    cache = PaintingCache(tmp_path / "cache")
    model = a_model(tiny("stable-diffusion"), sets_dir, cache=cache)
    model.paint_ahead([requests(photos=(gone, gone)), requests(set="moon"), requests()])
    assert cache.has(model.fingerprint(requests()))


def test_without_a_cache_nothing_is_painted_ahead(
    tiny: Callable[[str], Path], requests: Requests, sets_dir: Path
) -> None:
    model = a_model(tiny("stable-diffusion"), sets_dir)
    model.paint_ahead([requests()])
    assert model.painter._loaded is None


def test_steps_are_told_and_the_work_can_be_called_off(
    painting_around: DiffusionModel, requests: Requests
) -> None:
    told: list[str] = []

    def watcher(line: str) -> None:
        told.append(line)
        if line.endswith("step 1 of 2"):
            raise Cancelled("stopped by a test")

    assert painting_around.painter.loaded
    with watched_by(watcher), pytest.raises(Cancelled, match="stopped by a test"):
        painting_around.stage(requests())
    assert told == ["painting, step 1 of 2"]
    with watched_by(told.append):
        painting_around.stage(requests())
    assert told[-2:] == ["painting, step 1 of 2", "painting, step 2 of 2"]


def test_from_words_and_depth_the_product_is_whole(
    painting_from_words: DiffusionModel, requests: Requests
) -> None:
    request = requests()
    staged = painting_from_words.stage(request)
    assert painting_from_words.painter.loaded.kind == "StableDiffusionControlNetPipeline"
    assert check_fidelity(staged, request).holds


def test_a_model_that_is_neither_here_nor_reachable_is_named(
    requests: Requests, sets_dir: Path
) -> None:
    """The hub is switched off for all tests."""
    choice = Choice(checkpoint=Checkpoint(model="nobody/nothing-of-this-name"), sampling=QUICK)
    model = DiffusionModel(choice, sets_dir=sets_dir, runtime=CPU)
    with pytest.raises(
        PermanentError,
        match=r"diffusion:nobody/nothing-of-this-name is not on this computer.*HF_HUB_OFFLINE",
    ):
        model.stage(requests())


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    from diffusers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    yield
    logging.set_verbosity(before)
