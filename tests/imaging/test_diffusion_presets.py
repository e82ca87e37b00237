"""Presets are complete data, and settings lead to what they say."""

from __future__ import annotations

import re

import pytest

from studio.errors import InputError
from studio.imaging.diffusion_presets import (
    Answer,
    Checkpoint,
    Mode,
    Proof,
    Sampling,
    choose,
    preset_file,
    presets,
)


def test_every_preset_says_where_it_is_from_and_what_it_needs() -> None:
    assert re.fullmatch(r"20\d\d-\d\d-\d\d", preset_file().checked_on)
    for name, preset in presets().items():
        assert re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name)
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", preset.model), name
        assert preset.source.startswith("https://"), name
        assert 0 < preset.least_memory_gb <= preset.memory_gb, name
        assert preset.tested is not Proof.WEIGHTS, "say so only after a run with real weights"
        assert bool(preset.depth) == bool(preset.depth_licence), name


def test_models_whose_licence_forbids_ads_say_so() -> None:
    for name in ("flux-1-dev", "sdxl-turbo"):
        assert presets()[name].commercial is Answer.NO
        assert presets()[name].checkpoint.needs_licence
    assert not presets()["flux-1-schnell"].checkpoint.needs_licence


def test_memory_is_the_weights_and_a_quarter() -> None:
    """FLUX.1: 23.8 + 9.8 + 0.17 = 33.77 GB, of which 23.8 in one part."""
    preset = presets()["flux-1-schnell"]
    assert preset.memory_gb == pytest.approx(42.2, abs=0.05)
    assert preset.least_memory_gb == pytest.approx(29.75, abs=0.05)


def test_a_name_and_its_hub_id_lead_to_the_same() -> None:
    assert choose("sdxl") == choose("stabilityai/stable-diffusion-xl-base-1.0")
    assert choose("sdxl").checkpoint.depth == "diffusers/controlnet-depth-sdxl-1.0"


def test_a_folder_is_run_like_the_preset_it_is_told() -> None:
    choice = choose("/models/mine", like="flux-1-schnell")
    assert choice.checkpoint == Checkpoint(model="/models/mine")
    assert choice.sampling == presets()["flux-1-schnell"].sampling
    assert choose("/models/mine").sampling == Sampling()


def test_settings_win_over_the_preset() -> None:
    choice = choose("sdxl", like="sdxl-turbo", depth="me/my-depth", mode=Mode.IMAGE)
    assert choice.checkpoint.model == presets()["sdxl"].model
    assert choice.checkpoint.depth == "me/my-depth"
    assert choice.sampling.num_inference_steps == 2
    assert choice.sampling.mode is Mode.IMAGE
    assert choose("sdxl", depth="none").checkpoint.depth == ""


def test_an_unknown_preset_is_named() -> None:
    with pytest.raises(
        InputError, match=r"STUDIO_IMAGE_PRESET: there is no preset 'moon'; .*sdxl"
    ):
        choose("/models/mine", like="moon")


@pytest.mark.parametrize(
    "wrong", [{"strength": 0.0}, {"strength": 1.1}, {"batch_size": 0}, {"native_px": 8}]
)
def test_sampling_that_no_pipeline_can_run_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(InputError):
        Sampling(**wrong)  # type: ignore[arg-type]
