"""A really loaded (tiny) pipeline keeps the contract; models that can't be used say why."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from studio.errors import PermanentError
from studio.imaging.diffusion_model import DiffusionModel, Sampling, check_weights, working_size
from studio.imaging.model import PictureRequest
from studio.imaging.prompts import ImagePrompt
from studio.imaging.staged_model import StagedModel
from tests.contracts.image_model import ImageModelContract
from tests.imaging.tiny_pipeline import save_tiny_pipeline

QUICK = Sampling(num_inference_steps=2, strength=1.0, longest_edge_px=64)


@pytest.fixture(scope="module")
def pipeline_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    torch = pytest.importorskip("torch")
    pytest.importorskip("diffusers")
    threads = torch.get_num_threads()
    # So small a model runs slower on several threads.
    torch.set_num_threads(1)
    yield save_tiny_pipeline(tmp_path_factory.mktemp("pipeline"))
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def diffusion(pipeline_folder: Path, sets_dir: Path) -> DiffusionModel:
    return DiffusionModel(str(pipeline_folder), sets_dir=sets_dir, sampling=QUICK)


@pytest.mark.models
class TestDiffusionModel(ImageModelContract):
    @pytest.fixture
    def model(self, diffusion: DiffusionModel) -> DiffusionModel:
        return diffusion


@pytest.mark.models
def test_the_scene_is_the_pipelines_and_not_the_set(
    diffusion: DiffusionModel, requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    request = requests()
    painted, rendered = (
        np.asarray(model.stage(request).image).astype(int)
        for model in (diffusion, StagedModel(sets_dir))
    )
    assert np.abs(painted[:60] - rendered[:60]).mean() > 15


@pytest.mark.models
def test_the_fingerprint_follows_model_and_sampling(
    pipeline_folder: Path,
    diffusion: DiffusionModel,
    requests: Callable[..., PictureRequest],
    sets_dir: Path,
) -> None:
    other = DiffusionModel(
        str(pipeline_folder), sets_dir=sets_dir, sampling=Sampling(num_inference_steps=3)
    )
    request = requests()
    prints = {model.fingerprint(request) for model in (diffusion, other, StagedModel(sets_dir))}
    assert len(prints) == 3


@pytest.mark.models
def test_a_model_that_is_neither_here_nor_reachable_is_named(
    requests: Callable[..., PictureRequest], sets_dir: Path
) -> None:
    """The hub is switched off for all tests."""
    model = DiffusionModel("nobody/nothing-of-this-name", sets_dir=sets_dir, sampling=QUICK)
    with pytest.raises(PermanentError, match="diffusion:nobody/nothing-of-this-name can't be"):
        model.stage(requests())


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="model_index.json is missing"):
        check_weights(str(tmp_path))
    (tmp_path / "model_index.json").write_text("{}")
    with pytest.raises(PermanentError, match=r"holds no weights; .*safetensors"):
        check_weights(str(tmp_path))


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    (tmp_path / "model_index.json").write_text("{}")
    (tmp_path / "unet").mkdir()
    (tmp_path / "unet" / "diffusion_pytorch_model.bin").write_bytes(b"pickle")
    with pytest.raises(PermanentError, match=r"as pickles; .*safetensors"):
        check_weights(str(tmp_path))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PermanentError, match="There is no folder"):
        check_weights(str(tmp_path / "gone"))


def test_the_working_size_comes_in_steps_of_eight() -> None:
    """1080 × 1920 at 1024 at most: 576 × 1024."""
    assert working_size(1080, 1920, longest_px=1024) == (576, 1024)
    assert working_size(270, 270, longest_px=1024) == (272, 272)


@pytest.mark.models
def test_the_noise_is_the_seeds(diffusion: DiffusionModel) -> None:
    start = np.full((64, 64, 3), 180, np.uint8)
    prompt = ImagePrompt(positive="a soft light", negative="text")
    one, same, other = (diffusion.painted(start, prompt, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)
